//! JPEG by libjpeg-turbo: scaled decoding, parts of a picture, what can be read of a broken file, CMYK.
//! The small picture that a camera puts beside the large one is never taken for it: nothing says that
//! both show the same.

mod coarse;
mod cropped;

use super::{Decoded, MAX_BUFFER, MAX_SIDE, Pixels, halve, orient, raster, rect::Rect};
use crate::facts::{Damage, Region};
use turbojpeg::{Colorspace, Compressor, DecompressHeader, Decompressor, Image, PixelFormat, ScalingFactor, Subsamp};

/// More progressive scans than any camera writes; a bomb has thousands.
const MAX_SCANS: u32 = 200;

/// The most pixels of a JPEG: the largest phone's 200 million, and a bit. They are decoded scaled
/// down, so they may be more than in other formats.
const MAX_JPEG_PIXELS: usize = 220_000_000;

/// What a place looks like that was never decoded.
const BLANK: u8 = 0x7f;

/// The most bytes that a progressive file's coefficients may take while it is decoded.
const MAX_COEFFICIENTS: u64 = 320 << 20;

/// Decodes a picture so that its longer side has at least `max_side` pixels, if the original has. Its
/// means of blocks are taken where those have `enough` pixels, or where all of a progressive file would
/// take more memory than there is.
pub(crate) fn decode(bytes: &[u8], max_side: u32, enough: u32) -> Result<Decoded, Damage> {
    let mut decoder = Decompressor::new().map_err(|_| Damage::TooLarge)?;
    match decoder.read_header(bytes) {
        Ok(header) => match decode_coarse(bytes, &header, enough)? {
            Some(coarse) => Ok(coarse),
            None => decode_scaled(&mut decoder, bytes, header, max_side),
        },
        // Some headers that this decoder complains about read elsewhere.
        Err(_) => raster::decode(bytes, image::ImageFormat::Jpeg),
    }
}

fn decode_coarse(bytes: &[u8], header: &DecompressHeader, enough: u32) -> Result<Option<Decoded>, Damage> {
    let full = full_size(header)?;
    let too_large = coefficient_bytes(header) > MAX_COEFFICIENTS;
    let wanted = too_large || full.0.max(full.1).div_ceil(8) >= enough;
    let colours = match header.colorspace {
        Colorspace::RGB => coarse::Colours::Rgb,
        Colorspace::YCbCr | Colorspace::Gray => coarse::Colours::YCbCr,
        _ => return if too_large { Err(Damage::TooLarge) } else { Ok(None) },
    };
    if !wanted || header.is_arithmetic {
        return Ok(None);
    }
    match coarse::decode(bytes, colours) {
        // The library goes on behind a place that does not read.
        Some(coarse) if coarse.partial && !header.is_progressive => Ok(None),
        Some(coarse::Coarse { pixels, partial }) => {
            Ok(Some(Decoded { pixels, full, partial, pages: None, upright: false, embedded: false }))
        }
        None if too_large => Err(Damage::TooLarge),
        None => Ok(None),
    }
}

/// An eighth of a JPEG whose colours are the usual ones.
pub(crate) fn coarse_jpeg(bytes: &[u8]) -> Option<Pixels> {
    coarse::decode(bytes, coarse::Colours::YCbCr).map(|coarse| coarse.pixels)
}

/// The memory that all coefficients of a progressive file take; 0 for others, which need none.
fn coefficient_bytes(header: &DecompressHeader) -> u64 {
    if !header.is_progressive {
        return 0;
    }
    let samples = header.width as u64 * header.height as u64;
    let colours = match header.subsamp {
        Subsamp::Gray => 0,
        Subsamp::Unknown => samples * 3,
        subsamp => samples * 2 / (subsamp.width() * subsamp.height()) as u64,
    };
    let four = matches!(header.colorspace, Colorspace::CMYK | Colorspace::YCCK);
    (samples + colours + if four { samples } else { 0 }) * 2
}

/// A part of a picture, or all of it where the library cannot take a part out.
pub(crate) enum Part {
    /// The part, upright and in the size that was asked for.
    Decoded(Decoded),
    /// The whole picture in its own size, as stored.
    OnlyWhole(Decoded),
}

/// Decodes a part of a picture without ever having more of it in memory.
pub(crate) fn decode_region(bytes: &[u8], orientation: u8, region: &Region) -> Result<Part, Damage> {
    let mut decoder = Decompressor::new().map_err(|_| Damage::TooLarge)?;
    let Ok(header) = decoder.read_header(bytes) else {
        return raster::decode(bytes, image::ImageFormat::Jpeg).map(Part::OnlyWhole);
    };
    if header.is_lossless || header.subsamp == Subsamp::Unknown {
        return decode_scaled(&mut decoder, bytes, header, u32::MAX).map(Part::OnlyWhole);
    }
    let full = full_size(&header)?;
    if coefficient_bytes(&header) > MAX_COEFFICIENTS {
        return Err(Damage::TooLarge);
    }
    let size = region.size().ok_or(Damage::Unreadable)?;
    // The decoder halves three times while it decodes; what is left is done afterwards.
    let done = region.halvings.min(3);
    let factor = ScalingFactor::new(1, 1 << done);
    let scaled = (factor.scale(header.width) as u32, factor.scale(header.height) as u32);
    let part = Rect::halved(region, done).stored(orientation, scaled).ok_or(Damage::Unreadable)?;

    // A part starts at a block, and colours are smoothed over the blocks beside it: one more block on
    // each side makes neighbouring parts join without a seam.
    let block = |side: usize| factor.scale(side) as u32;
    let (across, down) = (block(header.subsamp.mcu_width()), block(header.subsamp.mcu_height()));
    let x = (part.x / across).saturating_sub(1) * across;
    let y = (part.y / down).saturating_sub(1) * down;
    let width = (part.x + part.width + across).min(scaled.0) - x;
    let height = (part.y + part.height + down).min(scaled.1) - y;
    let (pixels, partial) = cropped_rgb(bytes, &header, factor, &Rect { x, y, width, height })?;

    let inner = Rect { x: part.x - x, y: part.y - y, ..part };
    let turned = orientation >= 5;
    let stored_size = if turned { (size.1, size.0) } else { size };
    let pixels = halve(&pixels, &inner, stored_size).ok_or(Damage::TooLarge)?;
    let upright = if turned { (full.1, full.0) } else { full };
    let pixels = orient(pixels, orientation);
    Ok(Part::Decoded(Decoded { pixels, full: upright, partial, pages: None, upright: true, embedded: false }))
}

fn decode_scaled(
    decoder: &mut Decompressor,
    bytes: &[u8],
    header: DecompressHeader,
    max_side: u32,
) -> Result<Decoded, Damage> {
    let full = full_size(&header)?;
    let factor = if header.is_lossless { ScalingFactor::ONE } else { smallest_factor(&header, max_side) };
    let (width, height) = (factor.scale(header.width), factor.scale(header.height));
    let format = Format::of(&header);
    let mut pixels = format.buffer(width, height)?;
    let too_large = |_| Damage::TooLarge;
    decoder.set_scaling_factor(factor).map_err(too_large)?;
    decoder.set_scan_limit(MAX_SCANS).map_err(too_large)?;
    let pitch = width * format.channels();
    let image = Image { pixels: pixels.as_mut_slice(), width, pitch, height, format: format.0 };
    let result = decoder.decompress(bytes, image).map_err(|error| error.to_string());
    let partial = is_partial(result, &pixels)?;
    let pixels = Pixels { width: width as u32, height: height as u32, rgb: format.rgb(pixels, bytes) };
    Ok(Decoded { pixels, full, partial, pages: None, upright: false, embedded: false })
}

/// A part of the scaled picture, and whether some of it is missing.
fn cropped_rgb(
    bytes: &[u8],
    header: &DecompressHeader,
    factor: ScalingFactor,
    part: &Rect,
) -> Result<(Pixels, bool), Damage> {
    let format = Format::of(header);
    let mut pixels = format.buffer(part.width as usize, part.height as usize)?;
    let result = cropped::decompress(bytes, factor, part, format.0, MAX_SCANS, &mut pixels);
    let partial = is_partial(result, &pixels)?;
    Ok((Pixels { width: part.width, height: part.height, rgb: format.rgb(pixels, bytes) }, partial))
}

/// How the samples lie: inks stay inks, all else becomes RGB.
#[derive(Clone, Copy)]
struct Format(PixelFormat);

impl Format {
    fn of(header: &DecompressHeader) -> Self {
        let inks = matches!(header.colorspace, Colorspace::CMYK | Colorspace::YCCK);
        Self(if inks { PixelFormat::CMYK } else { PixelFormat::RGB })
    }

    fn channels(self) -> usize {
        self.0.size()
    }

    fn buffer(self, width: usize, height: usize) -> Result<Vec<u8>, Damage> {
        let length = width as u64 * height as u64 * self.channels() as u64;
        if length > MAX_BUFFER {
            return Err(Damage::TooLarge);
        }
        Ok(vec![BLANK; usize::try_from(length).map_err(|_| Damage::TooLarge)?])
    }

    fn rgb(self, samples: Vec<u8>, bytes: &[u8]) -> Vec<u8> {
        if self.0 == PixelFormat::CMYK { cmyk_to_rgb(&samples, has_adobe_marker(bytes)) } else { samples }
    }
}

/// Whether a part of the picture is missing; an error when all of it is.
fn is_partial(result: Result<(), String>, pixels: &[u8]) -> Result<bool, Damage> {
    match result {
        Ok(()) => Ok(false),
        Err(text) if is_complete(&text) => Ok(false),
        // What was decoded before the error is in the buffer.
        Err(_) if pixels.iter().any(|sample| *sample != BLANK) => Ok(true),
        Err(text) => Err(if is_limit(&text) { Damage::TooLarge } else { Damage::Unreadable }),
    }
}

fn full_size(header: &DecompressHeader) -> Result<(u32, u32), Damage> {
    if header.width.saturating_mul(header.height) > MAX_JPEG_PIXELS {
        return Err(Damage::TooLarge);
    }
    Ok((side(header.width)?, side(header.height)?))
}

fn side(length: usize) -> Result<u32, Damage> {
    u32::try_from(length).ok().filter(|side| (1..=MAX_SIDE).contains(side)).ok_or(Damage::TooLarge)
}

/// The smallest scale at which the picture is not smaller than asked for. Only the scales that the
/// library has vector code for: the eighths between them cost more than they save.
fn smallest_factor(header: &DecompressHeader, max_side: u32) -> ScalingFactor {
    [ScalingFactor::ONE_EIGHTH, ScalingFactor::ONE_QUARTER, ScalingFactor::ONE_HALF]
        .into_iter()
        .find(|factor| factor.scale(header.width).max(factor.scale(header.height)) >= max_side as usize)
        .unwrap_or(ScalingFactor::ONE)
}

/// Complaints after which all pixels are nevertheless there. The library tells them by their text
/// alone.
fn is_complete(text: &str) -> bool {
    text.contains("extraneous bytes before marker")
        || text.contains("Unknown Adobe color transform")
        || text.contains("Invalid SOS parameters")
        || text.contains("Inconsistent progression sequence")
        || text.contains("unknown JFIF revision")
}

/// Complaints that the picture needs more than the worker may have.
fn is_limit(text: &str) -> bool {
    ["memory", "too large", "scans", "null"].into_iter().any(|word| text.to_lowercase().contains(word))
}

/// Whether the file has Adobe's marker, whose CMYK is stored inverted.
fn has_adobe_marker(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, tail @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        match marker {
            0xee if tail.starts_with(b"Adobe") => return true,
            0xda | 0xd9 => return false,
            _ => {}
        }
        match tail.get(length.saturating_sub(2)..) {
            Some(after) if length >= 2 => rest = after,
            _ => return false,
        }
    }
    false
}

fn cmyk_to_rgb(cmyk: &[u8], inverted: bool) -> Vec<u8> {
    let light = |ink: u8| u32::from(if inverted { ink } else { 255 - ink });
    let mut rgb = Vec::with_capacity(cmyk.len() / 4 * 3);
    for four in cmyk.chunks_exact(4) {
        let k = light(four[3]);
        rgb.extend(four[..3].iter().map(|ink| (light(*ink) * k / 255) as u8));
    }
    rgb
}

/// Encodes a rendition: baseline, without metadata.
pub(crate) fn encode(pixels: &Pixels, quality: u8) -> Result<Vec<u8>, Damage> {
    let (width, height) = (pixels.width as usize, pixels.height as usize);
    let image = Image { pixels: pixels.rgb.as_slice(), width, pitch: width * 3, height, format: PixelFormat::RGB };
    let encode = || -> turbojpeg::Result<Vec<u8>> {
        let mut encoder = Compressor::new()?;
        encoder.set_quality(i32::from(quality.clamp(1, 100)))?;
        // Text on a photographed label stays readable without colour subsampling at high quality.
        encoder.set_subsamp(if quality > 90 { Subsamp::None } else { Subsamp::Sub2x2 })?;
        encoder.compress_to_vec(image)
    };
    encode().map_err(|_| Damage::TooLarge)
}
