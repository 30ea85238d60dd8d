//! Honest files of every format: what they are, how they are shown.

use crate::{inputs::*, pool};
use exif::{Field, In, Rational, Tag, Value};
use image::{DynamicImage, ImageFormat, RgbImage};
use pingli_media::{Damage, MediaFault, Picture, RenderRequest, Turn};

/// The colours in the middle of the four quarters, from the upper left, clockwise.
fn corners(picture: &Picture) -> [char; 4] {
    let image = shown(picture);
    let (w, h) = image.dimensions();
    [(w / 4, h / 4), (3 * w / 4, h / 4), (3 * w / 4, 3 * h / 4), (w / 4, 3 * h / 4)].map(|(x, y)| {
        match image.get_pixel(x, y).0.map(|channel| channel > 127) {
            [true, false, false] => 'r',
            [false, true, false] => 'g',
            [false, false, true] => 'b',
            [true, true, true] => 'w',
            _ => '?',
        }
    })
}

#[test]
fn every_raster_format_is_recognised_and_shown() {
    let pool = pool();
    for (format, kind) in [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::Bmp, "image/bmp"),
        (ImageFormat::Tiff, "image/tiff"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let bytes = encoded(quarters(64, 48), format);
        let intake = pool.intake(&bytes, &RenderRequest::default()).unwrap();
        assert_eq!(intake.facts.media_type, kind);
        assert_eq!((intake.facts.width, intake.facts.height, intake.facts.damage), (64, 48, None), "{kind}");
        assert_eq!(intake.facts.exif, None);
        let picture = intake.picture.unwrap();
        assert_eq!((picture.width, picture.height, picture.damage), (64, 48, None), "{kind} is not enlarged");
        assert_eq!(corners(&picture), ['r', 'g', 'b', 'w'], "{kind}");
        assert_eq!(pool.inspect(&bytes).unwrap(), intake.facts, "{kind}: inspecting alone says the same");
    }
}

#[test]
fn pictures_are_shown_upright_whatever_the_camera_says() {
    let pool = pool();
    let plain = jpeg(quarters(64, 48));
    for (value, expected) in
        [(1, "rgbw"), (2, "grwb"), (3, "bwrg"), (4, "wbgr"), (5, "rwbg"), (6, "wrgb"), (7, "bgrw"), (8, "gbwr")]
    {
        let intake = pool.intake(&with_exif(&plain, &[orientation(value)]), &RenderRequest::default()).unwrap();
        let upright = if value >= 5 { (48, 64) } else { (64, 48) };
        assert_eq!((intake.facts.width, intake.facts.height), upright, "orientation {value}");
        assert_eq!(intake.facts.exif.unwrap().orientation, Some(value as u8));
        let picture = intake.picture.unwrap();
        assert_eq!((picture.width, picture.height), upright);
        assert_eq!(corners(&picture).iter().collect::<String>(), expected, "orientation {value}");
    }
    let nonsense = pool.inspect(&with_exif(&plain, &[orientation(9)])).unwrap();
    assert_eq!((nonsense.width, nonsense.height), (64, 48), "there is no orientation 9");
}

#[test]
fn a_rendition_is_as_small_and_as_turned_as_asked() {
    let pool = pool();
    let bytes = jpeg(quarters(1000, 500));
    for (max_side, size) in
        [(2048, (1000, 500)), (1000, (1000, 500)), (500, (500, 250)), (333, (333, 167)), (1, (1, 1))]
    {
        let picture = pool.render(&bytes, &RenderRequest { max_side, ..RenderRequest::default() }).unwrap();
        assert_eq!((picture.width, picture.height), size);
    }
    let request = RenderRequest { max_side: 100, turn: Turn::Right, ..RenderRequest::default() };
    let picture = pool.render(&bytes, &request).unwrap();
    assert_eq!((picture.width, picture.height), (50, 100));
    assert_eq!(corners(&picture), ['w', 'r', 'g', 'b']);
    let sizes = [10, 50, 95].map(|quality| {
        pool.render(&jpeg(noise(200, 200)), &RenderRequest { quality, ..RenderRequest::default() }).unwrap().jpeg.len()
    });
    assert!(sizes.is_sorted(), "better quality takes more bytes: {sizes:?}");
}

#[test]
fn what_the_camera_wrote_is_told_but_never_the_place() {
    let gps = |tag| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Rational([30, 39, 11].map(|num| Rational { num, denom: 1 }).to_vec()),
    };
    let fields = [
        ascii(Tag::DateTimeOriginal, "2026:11:08 20:38:11"),
        ascii(Tag::OffsetTimeOriginal, "+08:00"),
        ascii(Tag::DateTime, "2026:11:09 07:00:00"),
        ascii(Tag::Make, "Maker "),
        ascii(Tag::Model, "Phone\u{202e}\u{7} 7"),
        ascii(Tag::Software, "Editor"),
        gps(Tag::GPSLatitude),
        gps(Tag::GPSLongitude),
    ];
    let pool = pool();
    let bytes = with_exif(&jpeg(quarters(16, 16)), &fields);
    let intake = pool.intake(&bytes, &RenderRequest::default()).unwrap();
    let exif = intake.facts.exif.clone().unwrap();
    assert_eq!(exif.captured_at.as_deref(), Some("2026-11-08T20:38:11+08:00"));
    assert_eq!(exif.captured_local, None, "the offset makes it an instant");
    assert_eq!(exif.modified_local.as_deref(), Some("2026-11-09T07:00:00"));
    assert_eq!(exif.make.as_deref(), Some("Maker"));
    assert_eq!(exif.model.as_deref(), Some("Phone 7"), "no controls, no changes of direction");
    assert_eq!(exif.software.as_deref(), Some("Editor"));
    assert!(exif.has_position);
    let told = serde_json::to_string(&intake.facts).unwrap();
    assert!(!told.contains("39"), "the place is not told: {told}");
    let rendition = intake.picture.unwrap().jpeg;
    assert!(!rendition.windows(4).any(|four| four == b"Exif"), "a rendition carries no metadata");
}

#[test]
fn a_time_without_offset_stays_local_and_nonsense_is_no_time() {
    let pool = pool();
    let facts = |fields: &[Field]| pool.inspect(&with_exif(&jpeg(quarters(16, 16)), fields)).unwrap().exif;
    let local = facts(&[ascii(Tag::DateTimeOriginal, "2024:02:29 23:59:59")]).unwrap();
    assert_eq!((local.captured_at, local.captured_local.as_deref()), (None, Some("2024-02-29T23:59:59")));
    for nonsense in ["0000:00:00 00:00:00", "2023:02:29 10:00:00", "2026:11:08 24:00:00", "    :  :     :  :  ", "x"] {
        assert_eq!(facts(&[ascii(Tag::DateTimeOriginal, nonsense)]), None, "{nonsense}");
    }
    let odd = facts(&[ascii(Tag::DateTimeOriginal, "2026:11:08 20:38:11"), ascii(Tag::OffsetTimeOriginal, "+99:00")]);
    assert_eq!(odd.unwrap().captured_local.as_deref(), Some("2026-11-08T20:38:11"), "there is no such offset");
}

#[test]
fn broken_exif_does_not_break_the_picture() {
    let pool = pool();
    let plain = jpeg(quarters(64, 48));
    let whole = with_exif(&plain, &[orientation(6), ascii(Tag::Make, "Maker")]);
    let segment = &whole[6..6 + usize::from(u16::from_be_bytes([whole[4], whole[5]])) - 2];
    for cut in 0..segment.len() {
        let bytes = with_app1(&plain, &segment[..cut]);
        let facts = pool.inspect(&bytes).unwrap();
        assert_eq!(facts.damage, None, "EXIF cut at {cut}");
        assert_eq!(facts.width.max(facts.height), 64);
    }
    let loops = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0";
    assert_eq!(pool.inspect(&with_app1(&plain, loops)).unwrap().damage, None, "a directory that points to itself");
}

#[test]
fn cmyk_and_sixteen_bits_and_transparency_become_colours() {
    let pool = pool();
    let middle = |bytes: &[u8]| {
        let picture = pool.render(bytes, &RenderRequest::default()).unwrap();
        shown(&picture).get_pixel(picture.width / 2, picture.height / 2).0.map(|channel| channel / 64)
    };
    // This encoder marks its inks as Adobe does: full light is 255.
    assert_eq!(middle(&cmyk_jpeg([255, 0, 0, 255])), [3, 0, 0], "CMYK red");
    assert_eq!(middle(&cmyk_jpeg([255, 255, 255, 0])), [0, 0, 0], "black ink");
    let wide = image::ImageBuffer::from_pixel(20, 20, image::Rgb([65535_u16, 0, 65535]));
    assert_eq!(middle(&encoded(DynamicImage::ImageRgb16(wide), ImageFormat::Png)), [3, 0, 3], "16 bits");
    let clear = image::RgbaImage::from_pixel(20, 20, image::Rgba([0, 0, 0, 0]));
    assert_eq!(middle(&encoded(clear, ImageFormat::Png)), [3, 3, 3], "transparent is white, not black");
    let gray = image::GrayImage::from_pixel(20, 20, image::Luma([128]));
    assert_eq!(middle(&encoded(gray, ImageFormat::Jpeg)), [2, 2, 2], "grey");
}

#[test]
fn the_hash_knows_a_picture_again_and_tells_others_apart() {
    let pool = pool();
    let hash = |bytes: &[u8]| {
        let text = pool.inspect(bytes).unwrap().perceptual_hash.unwrap();
        assert_eq!(text.len(), 16);
        u64::from_str_radix(&text, 16).unwrap()
    };
    let slope = |flip: bool| {
        RgbImage::from_fn(400, 300, |x, y| {
            let x = if flip { 399 - x } else { x };
            let wave = (x * x / 300 + y * 2) % 256;
            image::Rgb([wave as u8, (wave / 2) as u8, 40])
        })
    };
    let original = hash(&encoded(slope(false), ImageFormat::Png));
    let again = hash(&jpeg(slope(false)));
    let other = hash(&jpeg(slope(true)));
    assert!((original ^ again).count_ones() <= 4, "the same picture as a JPEG");
    assert!((original ^ other).count_ones() > 16, "another picture");
    let turned = with_exif(&jpeg(image::imageops::rotate270(&slope(false))), &[orientation(6)]);
    assert!((original ^ hash(&turned)).count_ones() <= 4, "the same picture, turned by its EXIF");
}

#[test]
fn a_pdf_is_pages_of_pixels() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>";
    let red = stream("", "1 0 0 rg 0 0 100 100 re f");
    let turned = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Rotate 90 /Contents 4 0 R >>";
    let bytes = pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 2 /Kids [3 0 R 5 0 R] >>",
        page,
        &red,
        turned,
    ]);
    let pool = pool();
    let request = RenderRequest { max_side: 400, ..RenderRequest::default() };
    let intake = pool.intake(&bytes, &request).unwrap();
    assert_eq!(intake.facts.media_type, "application/pdf");
    assert_eq!(intake.facts.pages, Some(2));
    assert_eq!((intake.facts.width, intake.facts.height), (200, 100));
    let picture = intake.picture.unwrap();
    assert_eq!((picture.width, picture.height), (400, 200), "a page is drawn at the size asked for");
    assert_eq!(corners(&picture), ['r', 'w', 'w', 'r']);
    let second = pool.render(&bytes, &RenderRequest { page: 1, ..request }).unwrap();
    assert_eq!((second.width, second.height), (200, 400));
    assert_eq!(corners(&second), ['r', 'r', 'w', 'w']);
    let third = pool.render(&bytes, &RenderRequest { page: 2, ..request });
    assert!(matches!(third, Err(MediaFault::Damaged(Damage::Unreadable))), "there is no third page");
}
