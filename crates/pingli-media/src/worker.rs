//! The worker process: reads a job from its input, decodes, writes the answer to its output, and
//! ends when its input ends. It opens nothing by itself.

use crate::{
    decode::{Decoded, decode, encode, fit, turn},
    exif::read_exif,
    facts::{Damage, MediaFacts, RenderRequest, Turn},
    frame::{Answer, Job, PictureHeader, read_frame, write_frame},
    hash::difference_hash,
    sandbox,
    sniff::sniff,
};
use std::{io, process::ExitCode};

/// The argument that turns a program into a media worker.
pub const WORKER_ARGUMENT: &str = "--media-worker";

/// The most bytes a job may have; the pool's own limit is lower.
const MAX_INPUT: u32 = 256 << 20;

/// The longer side of the picture that a hash is taken of.
const HASH_SIDE: u32 = 256;

/// Becomes a media worker, and does not return, when the program's only argument is
/// [`WORKER_ARGUMENT`]. Call it first thing in `main`, before any thread or file is opened.
pub fn run_worker_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == WORKER_ARGUMENT) && arguments.next().is_none() {
        std::process::exit(i32::from(worker_main() != ExitCode::SUCCESS));
    }
}

/// Serves jobs from standard input until it ends.
#[must_use]
pub fn worker_main() -> ExitCode {
    // A panic over hostile bytes ends the worker quietly; the pool starts another.
    std::panic::set_hook(Box::new(|_| std::process::exit(101)));
    sandbox::shed_files();
    let inherited = sandbox::enter();
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    // The pool waits for this before it hands over the first job.
    if write_frame(&mut output, &Answer::default(), &[]).is_err() {
        return ExitCode::FAILURE;
    }
    loop {
        let Ok((job, bytes)) = read_frame(&mut input, MAX_INPUT) else { return ExitCode::SUCCESS };
        sandbox::allow_job_time();
        let (answer, jpeg) = run(job, &bytes, inherited);
        if write_frame(&mut output, &answer, &jpeg).is_err() {
            return ExitCode::FAILURE;
        }
    }
}

fn run(job: Job, bytes: &[u8], inherited: usize) -> (Answer, Vec<u8>) {
    match job {
        Job::Inspect => {
            let request = RenderRequest { max_side: HASH_SIDE, ..RenderRequest::default() };
            let (facts, _) = look(bytes, &request);
            (Answer { facts: Some(facts), ..Answer::default() }, Vec::new())
        }
        Job::Render(request) => {
            let (_, decoded) = look(bytes, &request);
            picture(decoded, &request)
        }
        Job::Intake(request) => {
            let (facts, decoded) = look(bytes, &request);
            let (mut answer, jpeg) = picture(decoded, &request);
            answer.facts = Some(facts);
            (answer, jpeg)
        }
        Job::Walls => (Answer { walls: Some(sandbox::walls(inherited)), ..Answer::default() }, Vec::new()),
    }
}

/// Finds out what there is to know, and decodes.
fn look(bytes: &[u8], request: &RenderRequest) -> (MediaFacts, Result<Decoded, Damage>) {
    let media_type = sniff(bytes);
    let exif = read_exif(bytes);
    let orientation = exif.as_ref().and_then(|exif| exif.orientation).unwrap_or(1);
    let decoded = decode(bytes, media_type, orientation, request);
    let mut facts = MediaFacts { media_type: media_type.to_owned(), exif, ..MediaFacts::default() };
    match &decoded {
        Ok(decoded) => {
            (facts.width, facts.height) = decoded.full;
            facts.pages = decoded.pages;
            facts.perceptual_hash = difference_hash(&decoded.pixels);
            facts.damage = decoded.partial.then_some(Damage::Partial);
        }
        Err(damage) => facts.damage = Some(*damage),
    }
    (facts, decoded)
}

fn picture(decoded: Result<Decoded, Damage>, request: &RenderRequest) -> (Answer, Vec<u8>) {
    let made = decoded.and_then(|decoded| {
        let fitted = fit(decoded.pixels, request.max_side).ok_or(Damage::TooLarge)?;
        let turned = if request.turn == Turn::None { fitted } else { turn(fitted, request.turn) };
        let damage = decoded.partial.then_some(Damage::Partial);
        let jpeg = encode(&turned, request.quality)?;
        Ok((PictureHeader { width: turned.width, height: turned.height, damage }, jpeg))
    });
    match made {
        Ok((header, jpeg)) => (Answer { picture: Some(header), ..Answer::default() }, jpeg),
        Err(damage) => (Answer { damage: Some(damage), ..Answer::default() }, Vec::new()),
    }
}
