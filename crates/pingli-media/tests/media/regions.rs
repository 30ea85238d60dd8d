//! Parts of pictures: the same pixels as the whole picture has there, from large ones too.

use crate::{inputs::*, pool};
use image::{DynamicImage, ImageFormat, RgbImage, imageops};
use pingli_media::{Damage, MediaFault, Picture, Region, RenderRequest, WorkerPool};
use turbojpeg::Subsamp;

fn region(halvings: u8, x: u32, y: u32, width: u32, height: u32) -> Region {
    Region { halvings, x, y, width, height }
}

fn cut(pool: &WorkerPool, bytes: &[u8], region: Region) -> Result<Picture, MediaFault> {
    pool.render(bytes, &RenderRequest { region: Some(region), quality: 100, ..RenderRequest::default() })
}

/// A picture whose every place can be told from its neighbourhood, without what a JPEG smears.
fn landscape(width: u32, height: u32) -> RgbImage {
    let wave = |n: u32, length: f32| (((n as f32 / length).sin() + 1.0) * 127.0) as u8;
    RgbImage::from_fn(width, height, |x, y| image::Rgb([wave(x, 61.0), wave(y, 83.0), wave(x + 2 * y, 197.0)]))
}

/// The mean difference of two pictures of one size, in levels of a channel.
fn difference(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.as_raw().len() as f64
}

/// The region by hand: cut out, then the mean of each square.
fn by_hand(upright: &RgbImage, region: Region) -> RgbImage {
    let n = region.halvings;
    let cut = |length: u32| length >> n << n;
    let part = imageops::crop_imm(upright, cut(region.x), cut(region.y), cut(region.width), cut(region.height));
    let part = part.to_image();
    let (width, height) = region.size().unwrap();
    RgbImage::from_fn(width, height, |x, y| {
        let mut sums = [0_u32; 3];
        for (dx, dy) in (0..1_u32 << n).flat_map(|dx| (0..1_u32 << n).map(move |dy| (dx, dy))) {
            let place = part.get_pixel((x << n) + dx, (y << n) + dy).0;
            sums.iter_mut().zip(place).for_each(|(sum, level)| *sum += u32::from(level));
        }
        image::Rgb(sums.map(|sum| (sum >> (2 * n)) as u8))
    })
}

#[test]
fn a_region_is_what_the_whole_picture_has_there() {
    let pool = pool();
    let picture = landscape(803, 611);
    let regions = [
        region(0, 0, 0, 803, 611),
        region(0, 0, 0, 256, 256),
        region(0, 301, 207, 200, 111),
        region(0, 802, 610, 1, 1),
        region(1, 256, 128, 256, 256),
        region(1, 547, 355, 256, 256),
        region(2, 8, 8, 400, 203),
        region(3, 0, 0, 803, 611),
        region(4, 32, 64, 512, 512),
    ];
    for (subsamp, name) in [
        (Subsamp::None, "4:4:4"),
        (Subsamp::Sub2x1, "4:2:2"),
        (Subsamp::Sub2x2, "4:2:0"),
        (Subsamp::Sub1x2, "4:4:0"),
        (Subsamp::Sub4x1, "4:1:1"),
        (Subsamp::Gray, "grey"),
    ] {
        for progressive in [false, true] {
            let bytes = turbo_jpeg(&picture, 95, subsamp, progressive);
            let whole = pool.render(&bytes, &RenderRequest { max_side: 9_999, quality: 100, ..Default::default() });
            let whole = shown(&whole.unwrap());
            for region in regions {
                let part = cut(&pool, &bytes, region).unwrap();
                assert_eq!(Some((part.width, part.height)), region.size());
                // The colours of a JPEG that is decoded smaller come from fewer places.
                let most = if region.halvings == 0 { 1.0 } else { 6.0 };
                let off = difference(&shown(&part), &by_hand(&whole, region));
                assert!(off <= most, "{name}, progressive {progressive}, {region:?}: {off} levels off");
            }
        }
    }
}

#[test]
fn a_region_is_given_upright_whatever_the_camera_says() {
    let pool = pool();
    let plain = turbo_jpeg(&landscape(640, 400), 95, Subsamp::Sub2x2, false);
    for value in 1..=8 {
        let bytes = with_exif(&plain, &[orientation(value)]);
        let whole = pool.render(&bytes, &RenderRequest { max_side: 9_999, quality: 100, ..Default::default() });
        let whole = shown(&whole.unwrap());
        for region in [region(0, 90, 33, 210, 300), region(1, 64, 256, 128, 128), region(3, 0, 0, 400, 400)] {
            let part = cut(&pool, &bytes, region).unwrap();
            let off = difference(&shown(&part), &by_hand(&whole, region));
            assert!(off <= 3.0, "orientation {value}, {region:?}: {off} levels off");
        }
        let over = region(0, 0, 0, whole.width() + 1, 10);
        assert!(matches!(cut(&pool, &bytes, over), Err(MediaFault::Damaged(Damage::Unreadable))), "{value}");
    }
}

#[test]
fn other_formats_have_regions_too() {
    let pool = pool();
    let picture = landscape(300, 200);
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::WebP] {
        let bytes = encoded(picture.clone(), format);
        for region in [region(0, 17, 40, 100, 90), region(2, 100, 100, 200, 100)] {
            let part = cut(&pool, &bytes, region).unwrap();
            let off = difference(&shown(&part), &by_hand(&picture, region));
            assert!(off <= 1.5, "{format:?}, {region:?}: {off} levels off");
        }
    }
    let inks = cmyk_jpeg([255, 0, 0, 255]);
    let red = shown(&cut(&pool, &inks, region(0, 3, 3, 20, 20)).unwrap()).get_pixel(10, 10).0;
    assert!(red[0] > 240 && red[1] < 15 && red[2] < 15, "CMYK red: {red:?}");
}

#[test]
fn what_is_no_region_is_refused() {
    let pool = pool();
    let bytes = turbo_jpeg(&landscape(640, 400), 90, Subsamp::Sub2x2, false);
    let png = encoded(DynamicImage::from(landscape(640, 400)), ImageFormat::Png);
    for refused in [
        region(0, 0, 0, 0, 10),
        region(0, 0, 0, 641, 10),
        region(0, 1, 0, 640, 10),
        region(0, 0, 391, 10, 10),
        region(0, u32::MAX, 0, 2, 2),
        region(0, 0, 0, u32::MAX, u32::MAX),
        region(5, 0, 0, 64, 64),
        region(255, 0, 0, 64, 64),
        region(4, 0, 0, 15, 64),
    ] {
        for bytes in [&bytes, &png] {
            let answer = cut(&pool, bytes, refused);
            assert!(matches!(answer, Err(MediaFault::Damaged(Damage::Unreadable))), "{refused:?}: {answer:?}");
        }
    }
    let page = pdf(&["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 0 /Kids [] >>"]);
    assert!(cut(&pool, &page, region(0, 0, 0, 10, 10)).is_err(), "a document has pages, not regions");
}

#[test]
fn a_region_of_a_cut_file_is_what_is_left_and_grey() {
    let pool = pool();
    let whole = turbo_jpeg(&landscape(640, 400), 95, Subsamp::Sub2x2, false);
    let half = &whole[..whole.len() / 2];
    let top = cut(&pool, half, region(0, 0, 0, 640, 100)).unwrap();
    let bottom = cut(&pool, half, region(0, 0, 330, 640, 70)).unwrap();
    assert_eq!((top.damage, bottom.damage), (None, Some(Damage::Partial)), "only the lower part is missing");
    let colours = |picture: &Picture| {
        let image = shown(picture);
        image.pixels().filter(|place| place.0.iter().any(|level| level.abs_diff(0x80) > 40)).count()
    };
    assert!(colours(&top) > 10_000, "the upper part is there");
    assert_eq!(colours(&bottom), 0, "the lower part is grey");
    assert!(cut(&pool, &whole[..200], region(0, 0, 0, 100, 100)).is_err(), "nothing is left of it");
}

/// Cheap detail for pictures too large to be computed place by place: one row, shifted.
fn panorama(width: u32, height: u32) -> RgbImage {
    let row = landscape(width + 64, 1).into_raw();
    let mut rgb = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height as usize {
        let from = y / 16 % 64 * 3;
        rgb.extend_from_slice(&row[from..from + width as usize * 3]);
    }
    RgbImage::from_raw(width, height, rgb).unwrap()
}

#[test]
fn a_panorama_of_100_megapixels_is_shown_part_by_part() {
    let pool = pool();
    for (width, height, subsamp, progressive) in [
        (20_000, 5_000, Subsamp::Sub2x2, false),
        (14_204, 7_102, Subsamp::None, false),
        (14_204, 7_102, Subsamp::Sub2x2, true),
    ] {
        let name = format!("{width}×{height}, {subsamp:?}, progressive {progressive}");
        let picture = panorama(width, height);
        let bytes = turbo_jpeg(&picture, 85, subsamp, progressive);
        let intake = pool.intake(&bytes, &RenderRequest::default()).unwrap();
        assert_eq!((intake.facts.width, intake.facts.height, intake.facts.damage), (width, height, None), "{name}");
        assert!(intake.picture.is_some() && intake.full.is_none(), "{name}");
        let last = region(0, width - 4096, height - 4096, 4096, 4096);
        let part = cut(&pool, &bytes, last).unwrap();
        let off = difference(&shown(&part), &by_hand(&picture, last));
        assert!(off <= 6.0, "{name}: {off} levels off");
        let all = region(3, 0, 0, width, height);
        assert_eq!(cut(&pool, &bytes, all).map(|part| (part.width, part.height)).ok(), all.size(), "{name}");
    }
}
