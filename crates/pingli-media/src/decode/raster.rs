//! PNG, GIF, BMP, TIFF and WebP (and odd JPEGs) by the image crate, always through its limits. Of an
//! animation only the first frame is ever decoded.

use super::{Decoded, MAX_BUFFER, MAX_PIXELS, MAX_SIDE, Pixels};
use crate::facts::Damage;
use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, error::LimitErrorKind};
use std::io::Cursor;

/// The format for a media type.
pub(crate) fn format(media_type: &str) -> Option<ImageFormat> {
    match media_type {
        "image/png" => Some(ImageFormat::Png),
        "image/gif" => Some(ImageFormat::Gif),
        "image/bmp" => Some(ImageFormat::Bmp),
        "image/tiff" => Some(ImageFormat::Tiff),
        "image/webp" => Some(ImageFormat::WebP),
        _ => None,
    }
}

pub(crate) fn decode(bytes: &[u8], format: ImageFormat) -> Result<Decoded, Damage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BUFFER);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(damage)?;

    let (width, height) = decoder.dimensions();
    let color = decoder.color_type();
    let length = decoder.total_bytes();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || length > MAX_BUFFER {
        return Err(Damage::TooLarge);
    }
    if width == 0 || height == 0 {
        return Err(Damage::Unreadable);
    }
    let length = usize::try_from(length).map_err(|_| Damage::TooLarge)?;
    let mut samples = vec![0; length];
    let partial = match decoder.read_image(&mut samples) {
        Ok(()) => false,
        // What was decoded before the error is in the buffer.
        Err(_) if samples.iter().any(|sample| *sample != 0) => true,
        Err(error) => return Err(damage(error)),
    };
    let rgb = to_rgb(samples, color).ok_or(Damage::Unsupported)?;
    Ok(Decoded {
        pixels: Pixels { width, height, rgb },
        full: (width, height),
        partial,
        pages: None,
        upright: false,
        embedded: false,
    })
}

fn damage(error: ImageError) -> Damage {
    match error {
        ImageError::Limits(limit) => match limit.kind() {
            LimitErrorKind::Unsupported { .. } => Damage::Unsupported,
            _ => Damage::TooLarge,
        },
        ImageError::Unsupported(_) => Damage::Unsupported,
        _ => Damage::Unreadable,
    }
}

/// Eight-bit RGB over white, whatever the samples are.
fn to_rgb(samples: Vec<u8>, color: ColorType) -> Option<Vec<u8>> {
    let (eight, channels) = match color {
        ColorType::Rgb8 => return Some(samples),
        ColorType::L8 => (samples, 1),
        ColorType::La8 => (samples, 2),
        ColorType::Rgba8 => (samples, 4),
        ColorType::L16 => (from_16(&samples), 1),
        ColorType::La16 => (from_16(&samples), 2),
        ColorType::Rgb16 => return Some(from_16(&samples)),
        ColorType::Rgba16 => (from_16(&samples), 4),
        ColorType::Rgb32F => return Some(from_float(&samples)),
        ColorType::Rgba32F => (from_float(&samples), 4),
        _ => return None,
    };
    let mut rgb = Vec::with_capacity(eight.len() / channels * 3);
    for place in eight.chunks_exact(channels) {
        let (color, alpha) = match place {
            [l] => ([*l; 3], 255),
            [l, a] => ([*l; 3], *a),
            [r, g, b, a] => ([*r, *g, *b], *a),
            _ => return None,
        };
        let alpha = u32::from(alpha);
        rgb.extend(color.map(|c| ((u32::from(c) * alpha + 255 * (255 - alpha) + 127) / 255) as u8));
    }
    Some(rgb)
}

/// Samples of 16 bits come in the machine's own order.
fn from_16(samples: &[u8]) -> Vec<u8> {
    samples.chunks_exact(2).map(|two| (u16::from_ne_bytes([two[0], two[1]]) >> 8) as u8).collect()
}

fn from_float(samples: &[u8]) -> Vec<u8> {
    let sample = |four: &[u8]| f32::from_ne_bytes([four[0], four[1], four[2], four[3]]);
    samples.chunks_exact(4).map(|four| (sample(four).clamp(0.0, 1.0) * 255.0).round() as u8).collect()
}
