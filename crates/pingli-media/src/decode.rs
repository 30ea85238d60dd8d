//! Bytes to pixels, inside the worker: one decoder per format, each with its own limits, all giving
//! upright RGB.

mod heic;
mod jpeg;
mod pdf;
mod raster;
mod rect;

use crate::facts::{Damage, Region, RenderRequest, Turn};
use fast_image_resize::{
    FilterType, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::U8x3,
};
use rect::Rect;

pub(crate) use jpeg::{coarse_jpeg, encode};

/// The most pixels of a picture that is looked at in full size.
pub(crate) const MAX_PIXELS: u64 = 100_000_000;
/// The longest side of a picture that is looked at.
pub(crate) const MAX_SIDE: u32 = 65_500;
/// The largest buffer of decoded pixels, in bytes.
pub(crate) const MAX_BUFFER: u64 = 320 << 20;

/// Pixels, three bytes each: red, green, blue.
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgb: Vec<u8>,
}

/// A decoded file.
pub(crate) struct Decoded {
    /// The picture; it may be smaller than the original, but not smaller than asked for.
    pub(crate) pixels: Pixels,
    /// The original's size, as turned as `pixels`.
    pub(crate) full: (u32, u32),
    /// A part could not be read.
    pub(crate) partial: bool,
    /// The number of pages of a document.
    pub(crate) pages: Option<u32>,
    /// What the camera wrote about the orientation has been applied already.
    pub(crate) upright: bool,
    /// It is the small picture that the file carries beside the large one.
    pub(crate) embedded: bool,
}

/// Whether a format takes so long to decode that intake keeps the picture as a JPEG in full size.
pub(crate) fn is_slow(media_type: &str) -> bool {
    matches!(media_type, "image/heic" | "image/heif" | "image/avif" | "image/tiff")
}

/// Whether there may be less to decode of a file than all of it, and still something to show.
pub(crate) fn has_less(media_type: &str) -> bool {
    is_slow(media_type) || media_type == "image/jpeg"
}

/// Decodes a file so that its longer side has at least `max_side` pixels, if the original has, and
/// turns it upright. Where the file carries a smaller picture beside it whose longer side has at least
/// `enough` pixels, that one may be taken.
pub(crate) fn decode(
    bytes: &[u8],
    media_type: &str,
    orientation: u8,
    request: &RenderRequest,
    enough: u32,
) -> Result<Decoded, Damage> {
    let document = media_type == "application/pdf";
    if document && request.region.is_some() || !document && request.page > 0 {
        return Err(Damage::Unreadable);
    }
    if let Some(region) = &request.region {
        return decode_region(bytes, media_type, orientation, region);
    }
    let decoded = match media_type {
        "image/jpeg" => jpeg::decode(bytes, request.max_side, enough)?,
        "application/pdf" => pdf::decode(bytes, request)?,
        _ => decode_whole(bytes, media_type, enough)?,
    };
    if decoded.upright {
        return Ok(decoded);
    }
    let smaller = fit(decoded.pixels, request.max_side).ok_or(Damage::TooLarge)?;
    let (w, h) = decoded.full;
    Ok(Decoded {
        pixels: orient(smaller, orientation),
        full: if orientation >= 5 { (h, w) } else { (w, h) },
        upright: true,
        ..decoded
    })
}

/// Decodes a picture in its own size.
fn decode_whole(bytes: &[u8], media_type: &str, enough: u32) -> Result<Decoded, Damage> {
    match media_type {
        "image/heic" | "image/heif" | "image/avif" => heic::decode(bytes, enough),
        _ => raster::decode(bytes, raster::format(media_type).ok_or(Damage::Unsupported)?),
    }
}

/// Decodes a part of a picture, upright, in exactly the size that was asked for.
fn decode_region(bytes: &[u8], media_type: &str, orientation: u8, region: &Region) -> Result<Decoded, Damage> {
    let size = region.size().ok_or(Damage::Unreadable)?;
    let whole = match media_type {
        "image/jpeg" => match jpeg::decode_region(bytes, orientation, region)? {
            jpeg::Part::Decoded(decoded) => return Ok(decoded),
            jpeg::Part::OnlyWhole(decoded) => decoded,
        },
        _ => decode_whole(bytes, media_type, u32::MAX)?,
    };
    let orientation = if whole.upright { 1 } else { orientation };
    let stored = Rect::of(region).stored(orientation, whole.full).ok_or(Damage::Unreadable)?;
    let stored_size = if orientation >= 5 { (size.1, size.0) } else { size };
    let pixels = halve(&whole.pixels, &stored, stored_size).ok_or(Damage::TooLarge)?;
    let (w, h) = whole.full;
    Ok(Decoded {
        pixels: orient(pixels, orientation),
        full: if orientation >= 5 { (h, w) } else { (w, h) },
        upright: true,
        ..whole
    })
}

/// Makes a part of a picture smaller by whole powers of two: each place is the mean of its square,
/// so that neighbouring parts join without a seam.
fn halve(pixels: &Pixels, part: &Rect, (width, height): (u32, u32)) -> Option<Pixels> {
    let times = (part.width / width.max(1)).max(1);
    let (left, top) = (f64::from(part.x), f64::from(part.y));
    let options = ResizeOptions::new()
        .crop(left, top, f64::from(width * times), f64::from(height * times))
        .resize_alg(ResizeAlg::Convolution(FilterType::Box));
    resampled(pixels, width, height, &options)
}

/// Makes a picture smaller so that its longer side is at most `max_side`.
pub(crate) fn fit(pixels: Pixels, max_side: u32) -> Option<Pixels> {
    let longer = pixels.width.max(pixels.height);
    let max_side = max_side.max(1);
    if longer <= max_side {
        return Some(pixels);
    }
    let scaled = |side: u32| {
        let side = (u64::from(side) * u64::from(max_side) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(side).unwrap_or(max_side).max(1)
    };
    resize(&pixels, scaled(pixels.width), scaled(pixels.height))
}

/// Makes a picture of another size.
pub(crate) fn resize(pixels: &Pixels, width: u32, height: u32) -> Option<Pixels> {
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    resampled(pixels, width, height, &options)
}

/// By the library's call for one kind of pixels: the one for all kinds is compiled for all of them.
fn resampled(pixels: &Pixels, width: u32, height: u32, options: &ResizeOptions) -> Option<Pixels> {
    let source = TypedImageRef::<U8x3>::from_buffer(pixels.width, pixels.height, &pixels.rgb).ok()?;
    let mut rgb = vec![0; width as usize * height as usize * 3];
    let mut target = TypedImage::<U8x3>::from_buffer(width, height, &mut rgb).ok()?;
    Resizer::new().resize_typed(&source, &mut target, options).ok()?;
    Some(Pixels { width, height, rgb })
}

/// Applies an EXIF orientation, 1 to 8.
pub(crate) fn orient(pixels: Pixels, orientation: u8) -> Pixels {
    let (w, h) = (pixels.width as usize, pixels.height as usize);
    // From a place in the upright picture to the place in the stored one.
    let from: fn(usize, usize, usize, usize) -> (usize, usize) = match orientation {
        2 => |x, y, w, _| (w - 1 - x, y),
        3 => |x, y, w, h| (w - 1 - x, h - 1 - y),
        4 => |x, y, _, h| (x, h - 1 - y),
        5 => |x, y, _, _| (y, x),
        6 => |x, y, _, h| (y, h - 1 - x),
        7 => |x, y, w, h| (w - 1 - y, h - 1 - x),
        8 => |x, y, w, _| (w - 1 - y, x),
        _ => return pixels,
    };
    let (width, height) = if orientation >= 5 { (h, w) } else { (w, h) };
    let mut rgb = Vec::with_capacity(pixels.rgb.len());
    for y in 0..height {
        for x in 0..width {
            let (sx, sy) = from(x, y, w, h);
            let at = (sy * w + sx) * 3;
            rgb.extend_from_slice(&pixels.rgb[at..at + 3]);
        }
    }
    Pixels { width: width as u32, height: height as u32, rgb }
}

/// Applies the turn that was asked for.
pub(crate) fn turn(pixels: Pixels, turn: Turn) -> Pixels {
    match turn {
        Turn::None => pixels,
        Turn::Right => orient(pixels, 6),
        Turn::Half => orient(pixels, 3),
        Turn::Left => orient(pixels, 8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of 3×2 whose red channel numbers its places.
    fn numbered() -> Pixels {
        Pixels { width: 3, height: 2, rgb: (1..=6).flat_map(|n| [n, 0, 0]).collect() }
    }

    fn places(pixels: &Pixels) -> Vec<u8> {
        pixels.rgb.iter().step_by(3).copied().collect()
    }

    #[test]
    fn the_eight_orientations_turn_as_the_standard_draws_them() {
        for (orientation, expected) in [
            (1, [1, 2, 3, 4, 5, 6]),
            (2, [3, 2, 1, 6, 5, 4]),
            (3, [6, 5, 4, 3, 2, 1]),
            (4, [4, 5, 6, 1, 2, 3]),
            (5, [1, 4, 2, 5, 3, 6]),
            (6, [4, 1, 5, 2, 6, 3]),
            (7, [6, 3, 5, 2, 4, 1]),
            (8, [3, 6, 2, 5, 1, 4]),
        ] {
            assert_eq!(places(&orient(numbered(), orientation)), expected, "orientation {orientation}");
        }
    }

    #[test]
    fn turns_are_by_quarters() {
        assert_eq!(places(&turn(numbered(), Turn::Right)), [4, 1, 5, 2, 6, 3]);
        assert_eq!(places(&turn(turn(numbered(), Turn::Right), Turn::Left)), [1, 2, 3, 4, 5, 6]);
        assert_eq!(places(&turn(numbered(), Turn::Half)), [6, 5, 4, 3, 2, 1]);
    }
}
