//! The worker process: reads a job from its input, decodes, writes the answer to its output, and
//! ends when its input ends. It opens nothing by itself.

use crate::{
    decode::{Decoded, Pixels, decode, encode, fit, has_less, is_slow, turn},
    exif::read_exif,
    facts::{Damage, ExifFacts, MediaFacts, RenderRequest, Strain, Turn},
    frame::{Answer, Effort, Job, PictureHeader, read_frame, write_frame},
    hash::difference_hash,
    sandbox,
    sniff::sniff,
};
use pingli_credentials::read_credentials;
use std::{io, process::ExitCode};

/// The argument that turns a program into a media worker.
pub const WORKER_ARGUMENT: &str = "--media-worker";

/// The most bytes a job may have; the pool's own limit is lower.
const MAX_INPUT: u32 = 256 << 20;

/// The longer side of the picture that a hash is taken of.
const HASH_SIDE: u32 = 256;

/// JPEG quality of the full size, which stands in for the original.
const FULL_QUALITY: u8 = 92;

/// The most decoded bytes of a picture that is also encoded in full size: 50 million pixels.
const MAX_FULL_BYTES: usize = 150_000_000;

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
    // The pool waits for this before it hands over the first job, and says where a wall is missing.
    let ready = Answer { walls: Some(sandbox::walls(inherited)), ..Answer::default() };
    if write_frame(&mut output, &ready, &[]).is_err() {
        return ExitCode::FAILURE;
    }
    loop {
        let Ok((job, bytes)) = read_frame(&mut input, MAX_INPUT) else { return ExitCode::SUCCESS };
        sandbox::allow_job_time();
        let (answer, jpeg) = run(job, &bytes);
        if write_frame(&mut output, &answer, &jpeg).is_err() {
            return ExitCode::FAILURE;
        }
    }
}

fn run(job: Job, bytes: &[u8]) -> (Answer, Vec<u8>) {
    match job {
        Job::Inspect => {
            let request = RenderRequest { max_side: HASH_SIDE, ..RenderRequest::default() };
            let file = File::look(bytes);
            let decoded = file.decode(&request, u32::MAX);
            let facts = file.facts(&decoded);
            (Answer { facts: Some(facts), ..Answer::default() }, Vec::new())
        }
        Job::Render(request) => {
            let decoded = File::look(bytes).decode(&request, request.max_side);
            let (mut answer, mut jpegs) = (Answer::default(), Vec::new());
            match decoded.and_then(|decoded| picture(decoded, &request, &mut jpegs)) {
                Ok(header) => answer.picture = Some(header),
                Err(damage) => answer.damage = Some(damage),
            }
            (answer, jpegs)
        }
        Job::Intake(request, Effort::Whole) => intake(&File::look(bytes), &request),
        Job::Intake(request, Effort::Least) => least(&File::look(bytes), &request),
        Job::Credentials(trust) => {
            let credentials = read_credentials(bytes, sniff(bytes), &trust);
            (Answer { credentials, ..Answer::default() }, Vec::new())
        }
        Job::Strain(strain) => {
            take(strain);
            (Answer::default(), Vec::new())
        }
    }
}

/// Takes memory or time; comes back only where that is allowed.
fn take(strain: Strain) {
    match strain {
        Strain::Memory(bytes) => {
            let taken = vec![1_u8; usize::try_from(bytes).unwrap_or(usize::MAX)];
            std::hint::black_box(&taken);
        }
        Strain::Seconds(seconds) => {
            let used = || sandbox::processor_time();
            let began = used();
            while used().saturating_sub(began) < std::time::Duration::from_secs(seconds) {
                std::hint::spin_loop();
            }
        }
    }
}

/// Facts, the rendition that was asked for, and the full size where decoding takes long.
fn intake(file: &File<'_>, request: &RenderRequest) -> (Answer, Vec<u8>) {
    let (mut answer, mut jpegs, mut full) = (Answer::default(), Vec::new(), Vec::new());
    let slow = is_slow(file.media_type);
    let whole = RenderRequest { max_side: if slow { u32::MAX } else { request.max_side }, ..*request };
    let mut decoded = file.decode(&whole, u32::MAX);
    if matches!(decoded, Err(Damage::TooLarge)) && has_less(file.media_type) {
        return least(file, request);
    }
    if slow && let Ok(decoded) = &mut decoded {
        // Without the full size a part is decoded from the original, which takes long but works.
        if decoded.pixels.rgb.len() <= MAX_FULL_BYTES {
            answer.full = write(&decoded.pixels, decoded.partial, FULL_QUALITY, &mut full).ok();
        }
        let pixels = std::mem::replace(&mut decoded.pixels, Pixels { width: 0, height: 0, rgb: Vec::new() });
        match fit(pixels, request.max_side) {
            Some(pixels) => decoded.pixels = pixels,
            None => return least(file, request),
        }
    }
    answer.facts = Some(file.facts(&decoded));
    match decoded.and_then(|decoded| picture(decoded, request, &mut jpegs)) {
        Ok(header) => answer.picture = Some(header),
        Err(damage) => answer.damage = Some(damage),
    }
    jpegs.append(&mut full);
    (answer, jpegs)
}

/// Facts and whatever picture there is, from the least work.
fn least(file: &File<'_>, request: &RenderRequest) -> (Answer, Vec<u8>) {
    let (mut answer, mut jpegs) = (Answer::default(), Vec::new());
    let decoded = file.decode(request, 1);
    answer.facts = Some(file.facts(&decoded));
    match decoded.and_then(|decoded| picture(decoded, request, &mut jpegs)) {
        Ok(header) => answer.picture = Some(header),
        Err(damage) => answer.damage = Some(damage),
    }
    (answer, jpegs)
}

/// A file and what is known of it before any pixel is decoded.
struct File<'a> {
    bytes: &'a [u8],
    media_type: &'static str,
    exif: Option<ExifFacts>,
}

impl<'a> File<'a> {
    fn look(bytes: &'a [u8]) -> Self {
        Self { bytes, media_type: sniff(bytes), exif: read_exif(bytes) }
    }

    fn decode(&self, request: &RenderRequest, enough: u32) -> Result<Decoded, Damage> {
        let orientation = self.exif.as_ref().and_then(|exif| exif.orientation).unwrap_or(1);
        decode(self.bytes, self.media_type, orientation, request, enough)
    }

    fn facts(&self, decoded: &Result<Decoded, Damage>) -> MediaFacts {
        let media_type = self.media_type.to_owned();
        let mut facts = MediaFacts { media_type, exif: self.exif.clone(), ..MediaFacts::default() };
        match decoded {
            Ok(decoded) => {
                (facts.width, facts.height) = decoded.full;
                facts.pages = decoded.pages;
                // A small picture beside the large one may show something else.
                facts.perceptual_hash = if decoded.embedded { None } else { difference_hash(&decoded.pixels) };
                facts.damage = decoded.partial.then_some(Damage::Partial);
            }
            Err(damage) => facts.damage = Some(*damage),
        }
        facts
    }
}

/// Encodes the rendition that was asked for.
fn picture(decoded: Decoded, request: &RenderRequest, jpegs: &mut Vec<u8>) -> Result<PictureHeader, Damage> {
    let fitted = match request.region {
        Some(_) => decoded.pixels,
        None => fit(decoded.pixels, request.max_side).ok_or(Damage::TooLarge)?,
    };
    let turned = if request.turn == Turn::None { fitted } else { turn(fitted, request.turn) };
    write(&turned, decoded.partial, request.quality, jpegs)
}

fn write(pixels: &Pixels, partial: bool, quality: u8, jpegs: &mut Vec<u8>) -> Result<PictureHeader, Damage> {
    let mut jpeg = encode(pixels, quality)?;
    let damage = partial.then_some(Damage::Partial);
    let header = PictureHeader { width: pixels.width, height: pixels.height, bytes: jpeg.len(), damage };
    jpegs.append(&mut jpeg);
    Ok(header)
}
