//! Pictures and documents made for the tests.

use exif::{Field, In, Tag, Value, experimental::Writer};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use pingli_media::Picture;
use std::io::{Cursor, Write as _};

/// Reads a rendition back.
pub(crate) fn shown(picture: &Picture) -> RgbImage {
    let image = turbojpeg::decompress(&picture.jpeg, turbojpeg::PixelFormat::RGB).unwrap();
    assert_eq!((image.width, image.height), (picture.width as usize, picture.height as usize));
    RgbImage::from_raw(picture.width, picture.height, image.pixels).unwrap()
}

/// Four quarters: red, green, blue, white from the upper left, clockwise.
pub(crate) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([255, 0, 0]),
        (false, true) => Rgb([0, 255, 0]),
        (false, false) => Rgb([0, 0, 255]),
        (true, false) => Rgb([255, 255, 255]),
    })
}

pub(crate) fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.into().write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A picture with so much detail that a part of the file is a part of the picture.
pub(crate) fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1_u32;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 20) as u8])
    })
}

pub(crate) fn jpeg(picture: RgbImage) -> Vec<u8> {
    encoded(picture, ImageFormat::Jpeg)
}

/// A JPEG by libjpeg-turbo: any subsampling, baseline or progressive.
pub(crate) fn turbo_jpeg(picture: &RgbImage, quality: i32, subsamp: turbojpeg::Subsamp, progressive: bool) -> Vec<u8> {
    let mut encoder = turbojpeg::Compressor::new().unwrap();
    encoder.set_quality(quality).unwrap();
    encoder.set_subsamp(subsamp).unwrap();
    encoder.set_progressive(progressive).unwrap();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let format = turbojpeg::PixelFormat::RGB;
    let image = turbojpeg::Image { pixels: picture.as_raw().as_slice(), width, pitch: width * 3, height, format };
    encoder.compress_to_vec(image).unwrap()
}

/// A JPEG of CMYK inks, each pixel the same.
pub(crate) fn cmyk_jpeg(inks: [u8; 4]) -> Vec<u8> {
    let pixels: Vec<u8> = inks.into_iter().cycle().take(32 * 32 * 4).collect();
    let mut encoder = turbojpeg::Compressor::new().unwrap();
    encoder.set_quality(95).unwrap();
    encoder.set_subsamp(turbojpeg::Subsamp::None).unwrap();
    encoder.set_colorspace(turbojpeg::Colorspace::CMYK).unwrap();
    let format = turbojpeg::PixelFormat::CMYK;
    let image = turbojpeg::Image { pixels: pixels.as_slice(), width: 32, pitch: 128, height: 32, format };
    encoder.compress_to_vec(image).unwrap()
}

pub(crate) fn ascii(tag: Tag, text: &str) -> Field {
    Field { tag, ifd_num: In::PRIMARY, value: Value::Ascii(vec![text.as_bytes().to_vec()]) }
}

pub(crate) fn orientation(value: u16) -> Field {
    Field { tag: Tag::Orientation, ifd_num: In::PRIMARY, value: Value::Short(vec![value]) }
}

/// A JPEG with these fields in its EXIF.
pub(crate) fn with_exif(jpeg: &[u8], fields: &[Field]) -> Vec<u8> {
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut tiff = Cursor::new(Vec::new());
    writer.write(&mut tiff, false).unwrap();
    with_app1(jpeg, &[b"Exif\0\0".as_slice(), tiff.get_ref()].concat())
}

/// A JPEG with one more APP1 segment.
pub(crate) fn with_app1(jpeg: &[u8], segment: &[u8]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend((segment.len() as u16 + 2).to_be_bytes());
    out.extend(segment);
    out.extend(&jpeg[2..]);
    out
}

/// A PNG made of these chunks.
pub(crate) fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, bytes) in chunks {
        out.extend((bytes.len() as u32).to_be_bytes());
        let body = [kind.as_slice(), bytes].concat();
        out.extend(&body);
        out.extend(crc32fast::hash(&body).to_be_bytes());
    }
    out
}

/// A PNG's header chunk.
pub(crate) fn ihdr(width: u32, height: u32, depth: u8, color: u8) -> (&'static [u8; 4], Vec<u8>) {
    let mut bytes = [width.to_be_bytes(), height.to_be_bytes()].concat();
    bytes.extend([depth, color, 0, 0, 0]);
    (b"IHDR", bytes)
}

/// So many zero bytes, deflated.
pub(crate) fn zeros(length: u64) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), length), &mut out).unwrap();
    out.finish().unwrap()
}

/// A PDF from the bodies of its objects; the first is the catalogue.
pub(crate) fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (index, body) in objects.iter().enumerate() {
        places.push(out.len());
        write!(out, "{} 0 obj\n{body}\nendobj\n", index + 1).unwrap();
    }
    let table = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    places.iter().for_each(|place| writeln!(out, "{place:010} 00000 n ").unwrap());
    write!(out, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).unwrap();
    out
}

/// A stream object.
pub(crate) fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}
