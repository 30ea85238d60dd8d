//! What grid previews cost: processor seconds for previews of 320 pixels, made as the program makes
//! them, by a worker process. Prints JSON; the photos are left in the folder, so that another library
//! can be measured with the same ones.
//!
//! `previews DIR KIND…`: of the kinds `jpeg` and `progressive` it makes 12-megapixel photos in DIR where
//! they are not there yet; `heic` photos must be there.

use pingli_media::{RenderRequest, WorkerCommand, WorkerPool, sniff};
use std::{
    error::Error,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::Instant,
};

/// Previews of each kind.
const PREVIEWS: usize = 60;
/// Different photos of each kind.
const PHOTOS: usize = 6;

fn main() -> Result<(), Box<dyn Error>> {
    pingli_media::run_worker_if_asked();
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or("previews DIR KIND…")?;
    fs::create_dir_all(&folder)?;
    let mut kinds = Vec::new();
    for kind in arguments {
        let kind = kind.to_string_lossy().into_owned();
        let paths = match kind.as_str() {
            "jpeg" => photos(&folder, &kind, Coding::Baseline)?,
            "progressive" => photos(&folder, &kind, Coding::Progressive)?,
            "heic" => heic_photos(&folder)?,
            _ => return Err("the kinds are jpeg, progressive and heic".into()),
        };
        if paths.is_empty() {
            return Err(format!("there are no photos: {kind}").into());
        }
        kinds.push((kind, paths));
    }
    // A worker's start is no part of a preview.
    let start = measure(&[], 0)?;
    let mut rows = Vec::new();
    for (kind, paths) in &kinds {
        let began = Instant::now();
        let seconds = (measure(paths, PREVIEWS)? - start).max(0.0);
        rows.push(serde_json::json!({
            "kind": kind,
            "photos": paths,
            "previews": PREVIEWS,
            "cpu_seconds": seconds,
            "cpu_seconds_each": seconds / PREVIEWS as f64,
            "wall_seconds": began.elapsed().as_secs_f64(),
        }));
    }
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&rows)?)?;
    Ok(())
}

/// Processor seconds of this program and its worker for so many previews.
fn measure(paths: &[PathBuf], previews: usize) -> Result<f64, Box<dyn Error>> {
    let files = paths.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
    let before = cpu_seconds()?;
    let pool = WorkerPool::new(WorkerCommand::this_program()?, 1);
    pool.inspect(b"")?;
    let request = RenderRequest { max_side: 320, quality: 80, ..RenderRequest::default() };
    for bytes in files.iter().cycle().take(previews) {
        let picture = pool.render(bytes, &request)?;
        if picture.width.max(picture.height) != 320 && sniff(bytes) == "image/jpeg" {
            return Err("a preview has another size".into());
        }
    }
    // The worker's time counts once it has ended.
    drop(pool);
    Ok(cpu_seconds()? - before)
}

/// User and system time of this process and of its children that have ended, in seconds.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name stands in brackets and may hold anything; utime is the 14th field, the third is first here.
    let fields = stat.rsplit_once(')').ok_or("no such system")?.1.split_whitespace();
    let ticks = fields.skip(11).take(4).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(ticks as f64 / 100.0)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    Baseline,
    Progressive,
}

fn photos(folder: &Path, name: &str, coding: Coding) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths = Vec::new();
    for number in 0..PHOTOS {
        let path = folder.join(format!("{name}-{number}.jpg"));
        if !path.exists() {
            fs::write(&path, photo(number as u32, coding)?)?;
        }
        paths.push(path);
    }
    Ok(paths)
}

/// A photo of 4,000×3,000 with the detail of a camera's: shapes, texture, noise.
fn photo(number: u32, coding: Coding) -> Result<Vec<u8>, Box<dyn Error>> {
    let (width, height) = (4000_usize, 3000_usize);
    let mut rgb = Vec::with_capacity(width * height * 3);
    let mut noise = number.wrapping_mul(747_796_405) | 1;
    let turn = 1.0 + number as f32 * 0.13;
    for y in 0..height {
        for x in 0..width {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (x, y) = (x as f32, y as f32);
            let light = 110.0 + 60.0 * (x / 700.0 * turn).sin() + 40.0 * (y / 430.0).cos();
            let texture = 18.0 * ((x * turn + y) / 9.0).sin() * (y / 260.0).sin();
            let grain = (noise >> 24) as f32 / 16.0 - 8.0;
            let level = light + texture + grain;
            rgb.extend([level, level * 0.9 + 10.0, level * 0.7 + 30.0 * (x / 900.0).cos()].map(|level| level as u8));
        }
    }
    let mut encoder = turbojpeg::Compressor::new()?;
    encoder.set_quality(88)?;
    encoder.set_subsamp(turbojpeg::Subsamp::Sub2x2)?;
    encoder.set_progressive(coding == Coding::Progressive)?;
    let format = turbojpeg::PixelFormat::RGB;
    let image = turbojpeg::Image { pixels: rgb.as_slice(), width, pitch: width * 3, height, format };
    Ok(encoder.compress_to_vec(image)?)
}

fn heic_photos(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && sniff(&fs::read(&path)?) == "image/heic" {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
