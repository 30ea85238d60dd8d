//! The readers of this crate that are our own work or read metadata, in the calling process, for the
//! fuzz targets (`fuzz/`) and the mutations in `./test`. The program itself calls them in a worker.

use crate::{
    decode::coarse_jpeg,
    exif::read_exif,
    facts::ExifFacts,
    frame::{Answer, read_frame},
};

/// Reads what a camera wrote.
#[must_use]
pub fn exif(bytes: &[u8]) -> Option<ExifFacts> {
    read_exif(bytes)
}

/// Reads an eighth of a progressive JPEG: pixels across and down, and the bytes of it.
#[must_use]
pub fn coarse(bytes: &[u8]) -> Option<(u32, u32, usize)> {
    coarse_jpeg(bytes).map(|pixels| (pixels.width, pixels.height, pixels.rgb.len()))
}

/// Reads the answer of a worker that somebody else may have taken over: the bytes of its picture.
#[must_use]
pub fn worker_answer(bytes: &[u8]) -> Option<usize> {
    let (_, jpeg) = read_frame::<_, Answer>(&mut &*bytes, 1 << 20).ok()?;
    Some(jpeg.len())
}
