//! Formats that take long to decode: intake keeps them in full size as a JPEG.

use crate::{inputs::*, pool};
use image::{ImageFormat, RgbImage};
use libheif_rs::{Channel, ColorSpace, CompressionFormat, EncoderQuality, HeifContext, Image, RgbChroma};
use pingli_media::{Damage, Region, RenderRequest};

/// A picture in an ISO container, by the system's encoders.
fn iso(picture: &RgbImage, coding: CompressionFormat) -> Vec<u8> {
    let mut context = HeifContext::new().unwrap();
    add(&mut context, picture, coding);
    context.write_to_bytes().unwrap()
}

fn add(context: &mut HeifContext, picture: &RgbImage, coding: CompressionFormat) {
    let (width, height) = picture.dimensions();
    let mut image = Image::new(width, height, ColorSpace::Rgb(RgbChroma::Rgb)).unwrap();
    image.create_plane(Channel::Interleaved, width, height, 8).unwrap();
    let plane = image.planes_mut().interleaved.unwrap();
    let row = width as usize * 3;
    for (to, from) in plane.data.chunks_mut(plane.stride).zip(picture.as_raw().chunks(row)) {
        to[..row].copy_from_slice(from);
    }
    let mut encoder = context.encoder_for_format(coding).unwrap();
    encoder.set_quality(EncoderQuality::Lossy(95)).unwrap();
    context.encode_image(&image, &mut encoder, None).unwrap();
}

/// A HEIC that has a smaller picture beside the large one, as cameras write it.
fn with_embedded(large: &RgbImage, small: &RgbImage) -> Vec<u8> {
    let mut context = HeifContext::new().unwrap();
    add(&mut context, large, CompressionFormat::Hevc);
    add(&mut context, small, CompressionFormat::Hevc);
    let mut bytes = context.write_to_bytes().unwrap();
    // The encoder's bindings cannot say that the second picture belongs to the first: a box that says
    // so goes to the end of the boxes, and all that comes after it moves.
    let reference = b"\0\0\0\x1airef\0\0\0\0\0\0\0\x0ethmb\0\x02\0\x01\0\x01";
    let find = |bytes: &[u8], name: &[u8]| bytes.windows(4).position(|four| four == name).unwrap();
    let number = |bytes: &[u8], at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    let moved = reference.len() as u32;
    let meta = find(&bytes, b"meta") - 4;
    let end = meta + number(&bytes, meta) as usize;
    let places = find(&bytes, b"iloc") + 12;
    // Numbers of 4 bytes, and each picture in one piece: 18 bytes for each of the two.
    assert_eq!(bytes[places - 4..places], [0x44, 0x40, 0, 2]);
    for at in [meta, places + 4, places + 18 + 4] {
        let number = number(&bytes, at) + moved;
        bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
    }
    bytes.splice(end..end, reference.iter().copied());
    bytes
}

fn red_green_blue(picture: &RgbImage) -> [[u8; 3]; 3] {
    let (w, h) = picture.dimensions();
    [(w / 4, h / 4), (3 * w / 4, h / 4), (3 * w / 4, 3 * h / 4)]
        .map(|(x, y)| picture.get_pixel(x, y).0.map(|l| l / 100))
}

#[test]
fn heic_avif_and_tiff_are_kept_in_full_size() {
    let pool = pool();
    let picture = quarters(2_400, 600);
    for (bytes, kind) in [
        (iso(&picture, CompressionFormat::Hevc), "image/heic"),
        (iso(&picture, CompressionFormat::Av1), "image/avif"),
        (encoded(picture.clone(), ImageFormat::Tiff), "image/tiff"),
    ] {
        let intake = pool.intake(&bytes, &RenderRequest::default()).unwrap();
        assert_eq!(intake.facts.media_type, kind);
        assert_eq!((intake.facts.width, intake.facts.height, intake.facts.damage), (2_400, 600, None), "{kind}");
        let (preview, full) = (intake.picture.unwrap(), intake.full.unwrap());
        assert_eq!((preview.width, preview.height), (2_048, 512), "{kind}");
        assert_eq!((full.width, full.height), (2_400, 600), "{kind}");
        for picture in [&preview, &full] {
            assert_eq!(red_green_blue(&shown(picture)), [[2, 0, 0], [0, 2, 0], [0, 0, 2]], "{kind}");
        }
        let region = Region { halvings: 1, x: 1_200, y: 0, width: 1_200, height: 300 };
        let request = RenderRequest { region: Some(region), ..RenderRequest::default() };
        for source in [&bytes, &full.jpeg] {
            let part = pool.render(source, &request).unwrap();
            assert_eq!((part.width, part.height), (600, 150), "{kind}");
            assert_eq!(shown(&part).get_pixel(300, 75).0.map(|level| level / 100), [0, 2, 0], "{kind}");
        }
        let cut = pool.intake(&bytes[..bytes.len() / 2], &RenderRequest::default()).unwrap();
        assert!(cut.facts.damage.is_some() || cut.picture.is_none(), "half of a {kind} is not whole");
    }
}

#[test]
fn a_turned_tiff_is_kept_upright() {
    let pool = pool();
    let tiff = encoded(quarters(300, 200), ImageFormat::Tiff);
    // The orientation goes into the directory of the file itself: it replaces a tag of no account.
    let turned = with_tiff_orientation(&tiff, 6);
    let intake = pool.intake(&turned, &RenderRequest::default()).unwrap();
    assert_eq!((intake.facts.width, intake.facts.height), (200, 300));
    let full = intake.full.unwrap();
    assert_eq!((full.width, full.height), (200, 300));
    // White, red, green: the lower left comes to the upper left.
    assert_eq!(red_green_blue(&shown(&full)), [[2, 2, 2], [2, 0, 0], [0, 2, 0]]);
}

/// Writes an orientation over the tag of the resolution's unit, which nothing needs.
fn with_tiff_orientation(tiff: &[u8], orientation: u16) -> Vec<u8> {
    let mut out = tiff.to_vec();
    let start = u32::from_le_bytes(out[4..8].try_into().unwrap()) as usize;
    let count = usize::from(u16::from_le_bytes(out[start..start + 2].try_into().unwrap()));
    let mut entries: Vec<Vec<u8>> = out[start + 2..start + 2 + count * 12].chunks(12).map(<[u8]>::to_vec).collect();
    let tag = |entry: &[u8]| u16::from_le_bytes([entry[0], entry[1]]);
    let place = entries.iter().position(|entry| tag(entry) == 296).unwrap();
    entries[place] = [0x112_u16.to_le_bytes(), 3_u16.to_le_bytes()].concat();
    entries[place].extend(1_u32.to_le_bytes());
    entries[place].extend(u32::from(orientation).to_le_bytes());
    entries.sort_by_key(|entry| tag(entry));
    out[start + 2..start + 2 + count * 12].copy_from_slice(&entries.concat());
    out
}

#[test]
fn the_smaller_picture_in_a_heic_is_a_small_preview_and_never_the_evidence() {
    let pool = pool();
    // The smaller one shows something else, as no camera's does: it must not stand for the large one.
    let large = quarters(1_200, 300);
    let bytes = with_embedded(&large, &image::imageops::rotate180(&quarters(320, 80)));
    let small = |max_side| {
        let picture = pool.render(&bytes, &RenderRequest { max_side, ..RenderRequest::default() }).unwrap();
        red_green_blue(&shown(&picture))
    };
    let (of_large, of_small) = ([[2, 0, 0], [0, 2, 0], [0, 0, 2]], [[0, 0, 2], [2, 2, 2], [2, 0, 0]]);
    assert_eq!(small(320), of_small, "it is large enough for this");
    assert_eq!(small(400), of_large, "and not for this");
    let intake = pool.intake(&bytes, &RenderRequest { max_side: 300, ..RenderRequest::default() }).unwrap();
    assert_eq!(red_green_blue(&shown(&intake.picture.unwrap())), of_large, "what a reviewer sees");
    assert_eq!(red_green_blue(&shown(&intake.full.unwrap())), of_large);
    let plain = pool.inspect(&encoded(large, ImageFormat::Png)).unwrap();
    assert_eq!(intake.facts.perceptual_hash, plain.perceptual_hash, "the hash is of the large one");
}

#[test]
fn a_heic_that_is_too_large_is_shown_by_its_smaller_picture() {
    let mut bytes = with_embedded(&quarters(1_200, 300), &quarters(320, 80));
    // The large one claims 196 million pixels.
    let size = bytes.windows(4).position(|four| four == b"ispe").unwrap() + 8;
    bytes[size..size + 4].copy_from_slice(&28_000_u32.to_be_bytes());
    bytes[size + 4..size + 8].copy_from_slice(&7_000_u32.to_be_bytes());
    let intake = pool().intake(&bytes, &RenderRequest::default()).unwrap();
    assert_eq!((intake.facts.width, intake.facts.height, intake.facts.damage), (28_000, 7_000, None));
    assert_eq!(intake.facts.perceptual_hash, None, "it may show something else");
    let picture = intake.picture.unwrap();
    assert_eq!((picture.width, picture.height, intake.full), (320, 80, None));
}

#[test]
fn what_takes_more_time_than_a_job_may_is_still_told() {
    // More pixels than are ever looked at, in a header alone.
    let mut bytes = iso(&quarters(64, 64), CompressionFormat::Hevc);
    let size = bytes.windows(4).position(|four| four == b"ispe").unwrap() + 8;
    bytes[size..size + 4].copy_from_slice(&60_000_u32.to_be_bytes());
    bytes[size + 4..size + 8].copy_from_slice(&60_000_u32.to_be_bytes());
    let intake = pool().intake(&bytes, &RenderRequest::default()).unwrap();
    assert!(intake.picture.is_none() && intake.full.is_none());
    assert!(matches!(intake.facts.damage, Some(Damage::TooLarge | Damage::Unreadable)), "{:?}", intake.facts.damage);
}
