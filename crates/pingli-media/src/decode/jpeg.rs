//! JPEG by libjpeg-turbo: scaled decoding, what can be read of a broken file, CMYK.

use super::{Decoded, MAX_BUFFER, MAX_SIDE, Pixels, raster};
use crate::facts::Damage;
use turbojpeg::{
    Colorspace, Compressor, DecompressHeader, Decompressor, Error, Image, PixelFormat, ScalingFactor, Subsamp,
};

/// More progressive scans than any camera writes; a bomb has thousands.
const MAX_SCANS: u32 = 200;

/// The most pixels of a JPEG: the largest phone's 200 million, and a bit. They are decoded scaled
/// down, so they may be more than in other formats.
const MAX_JPEG_PIXELS: usize = 220_000_000;

/// What a place looks like that was never decoded.
const BLANK: u8 = 0x7f;

pub(crate) fn decode(bytes: &[u8], max_side: u32) -> Result<Decoded, Damage> {
    let mut decoder = Decompressor::new().map_err(|_| Damage::TooLarge)?;
    match decoder.read_header(bytes) {
        Ok(header) => decode_scaled(&mut decoder, bytes, header, max_side),
        // Some headers that this decoder complains about read elsewhere.
        Err(_) => raster::decode(bytes, image::ImageFormat::Jpeg),
    }
}

fn decode_scaled(
    decoder: &mut Decompressor,
    bytes: &[u8],
    header: DecompressHeader,
    max_side: u32,
) -> Result<Decoded, Damage> {
    let full = (side(header.width)?, side(header.height)?);
    if header.width.saturating_mul(header.height) > MAX_JPEG_PIXELS {
        return Err(Damage::TooLarge);
    }
    let factor = if header.is_lossless { ScalingFactor::ONE } else { smallest_factor(&header, max_side) };
    let (width, height) = (factor.scale(header.width), factor.scale(header.height));
    let four = matches!(header.colorspace, Colorspace::CMYK | Colorspace::YCCK);
    let (format, channels) = if four { (PixelFormat::CMYK, 4) } else { (PixelFormat::RGB, 3) };
    let length = width as u64 * height as u64 * channels;
    if length > MAX_BUFFER {
        return Err(Damage::TooLarge);
    }
    let too_large = |_| Damage::TooLarge;
    decoder.set_scaling_factor(factor).map_err(too_large)?;
    decoder.set_scan_limit(MAX_SCANS).map_err(too_large)?;

    let pitch = width * channels as usize;
    let mut image = Image { pixels: vec![BLANK; length as usize], width, pitch, height, format };
    let partial = match decoder.decompress(bytes, image.as_deref_mut()) {
        Ok(()) => false,
        Err(error) if is_complete(&error) => false,
        // What was decoded before the error is in the buffer.
        Err(_) if image.pixels.iter().any(|sample| *sample != BLANK) => true,
        Err(error) => return Err(if is_memory(&error) { Damage::TooLarge } else { Damage::Unreadable }),
    };
    let rgb = if four { cmyk_to_rgb(&image.pixels, has_adobe_marker(bytes)) } else { image.pixels };
    let pixels = Pixels { width: width as u32, height: height as u32, rgb };
    Ok(Decoded { pixels, full, partial, pages: None, upright: false })
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
fn is_complete(error: &Error) -> bool {
    match error {
        Error::TurboJpegError(text) => {
            text.contains("extraneous bytes before marker")
                || text.contains("Unknown Adobe color transform")
                || text.contains("Invalid SOS parameters")
                || text.contains("Inconsistent progression sequence")
                || text.contains("unknown JFIF revision")
        }
        _ => false,
    }
}

fn is_memory(error: &Error) -> bool {
    matches!(error, Error::TurboJpegError(text) if text.contains("memory") || text.contains("too large"))
        || matches!(error, Error::TurboJpegError(text) if text.contains("scans"))
        || matches!(error, Error::Null)
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
