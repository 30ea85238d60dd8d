//! HEIC and AVIF by the system's libheif; it applies the turns written in the file itself, so what the camera
//! says in EXIF is not applied again. Why the system's library: `docs/decisions/0002-heic.md`.

use super::{Decoded, MAX_PIXELS, Pixels};
use crate::facts::Damage;
use libheif_rs::{ColorSpace, HeifContext, HeifError, HeifErrorCode, ImageHandle, RgbChroma};

/// The fewest pixels of a file's smaller picture that is shown instead of the large one.
const LEAST_PREVIEW: u32 = 128;

/// Decodes the picture, or the smaller one beside it where that has `enough` pixels on its longer
/// side.
pub(crate) fn decode(bytes: &[u8], enough: u32) -> Result<Decoded, Damage> {
    let context = HeifContext::read_from_bytes(bytes).map_err(damage)?;
    let handle = context.primary_image_handle().map_err(damage)?;
    let full = (handle.width(), handle.height());
    if let Some(smaller) = embedded(&handle, enough.max(LEAST_PREVIEW))
        && let Ok(pixels) = pixels(&smaller)
    {
        return Ok(Decoded { pixels, full, partial: false, pages: None, upright: true, embedded: true });
    }
    let pixels = pixels(&handle)?;
    let full = (pixels.width, pixels.height);
    Ok(Decoded { pixels, full, partial: false, pages: None, upright: true, embedded: false })
}

/// The smallest picture beside the large one that has so many pixels on its longer side, has the
/// large one's shape and is not as large itself.
fn embedded<'a>(handle: &'a ImageHandle<'a>, enough: u32) -> Option<ImageHandle<'a>> {
    let (width, height) = (u64::from(handle.width()), u64::from(handle.height()));
    let mut ids = [0; 8];
    let count = handle.thumbnail_ids(&mut ids);
    let smaller = ids.iter().take(count).filter_map(|id| handle.thumbnail(*id).ok());
    let fits = smaller.filter(|small| {
        let (w, h) = (u64::from(small.width()), u64::from(small.height()));
        let same_shape = (w * height).abs_diff(h * width) <= width.max(height) * 2;
        w.max(h) >= u64::from(enough) && w * h < width * height && same_shape
    });
    fits.min_by_key(|small| small.width().max(small.height()))
}

fn pixels(handle: &ImageHandle<'_>) -> Result<Pixels, Damage> {
    if u64::from(handle.width()) * u64::from(handle.height()) > MAX_PIXELS {
        return Err(Damage::TooLarge);
    }
    let image = handle.decode(ColorSpace::Rgb(RgbChroma::Rgb), false).map_err(damage)?;
    let plane = image.planes().interleaved.ok_or(Damage::Unsupported)?;
    let row = plane.width as usize * 3;
    let length = row * plane.height as usize;
    let mut rgb = Vec::with_capacity(length);
    for line in plane.data.chunks(plane.stride.max(1)).take(plane.height as usize) {
        rgb.extend_from_slice(line.get(..row).ok_or(Damage::Unreadable)?);
    }
    if rgb.is_empty() || rgb.len() != length {
        return Err(Damage::Unreadable);
    }
    Ok(Pixels { width: plane.width, height: plane.height, rgb })
}

fn damage(error: HeifError) -> Damage {
    match error.code {
        HeifErrorCode::MemoryAllocationError => Damage::TooLarge,
        HeifErrorCode::UnsupportedFeature | HeifErrorCode::UnsupportedFileType => Damage::Unsupported,
        _ => Damage::Unreadable,
    }
}
