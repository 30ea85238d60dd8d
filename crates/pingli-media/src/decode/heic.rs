//! HEIC by the system's libheif; it applies the turns written in the file itself, so what the camera
//! says in EXIF is not applied again. Why the system's library: `docs/decisions/0002-heic.md`.

use super::{Decoded, MAX_PIXELS, Pixels};
use crate::facts::Damage;
use libheif_rs::{ColorSpace, HeifContext, HeifError, HeifErrorCode, RgbChroma};

pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, Damage> {
    let context = HeifContext::read_from_bytes(bytes).map_err(damage)?;
    let handle = context.primary_image_handle().map_err(damage)?;
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
    let (width, height) = (plane.width, plane.height);
    let pixels = Pixels { width, height, rgb };
    Ok(Decoded { pixels, full: (width, height), partial: false, pages: None, upright: true })
}

fn damage(error: HeifError) -> Damage {
    match error.code {
        HeifErrorCode::MemoryAllocationError => Damage::TooLarge,
        HeifErrorCode::UnsupportedFeature | HeifErrorCode::UnsupportedFileType => Damage::Unsupported,
        _ => Damage::Unreadable,
    }
}
