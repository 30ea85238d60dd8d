//! Small pictures from the means of the blocks of a file alone.

use crate::{inputs::*, pool};
use image::RgbImage;
use pingli_media::{Damage, Region, RenderRequest};
use turbojpeg::Subsamp;

/// Slow waves in all three colours.
fn hills(width: u32, height: u32) -> RgbImage {
    let wave = |n: u32, length: f32| (((n as f32 / length).sin() + 1.0) * 127.0) as u8;
    RgbImage::from_fn(width, height, |x, y| image::Rgb([wave(x, 90.0), wave(y, 130.0), wave(x + y, 210.0)]))
}

fn difference(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.as_raw().len() as f64
}

/// An eighth of a file, as the library computes it.
fn eighth(bytes: &[u8]) -> RgbImage {
    let mut decoder = turbojpeg::Decompressor::new().unwrap();
    let header = decoder.read_header(bytes).unwrap().scaled(turbojpeg::ScalingFactor::ONE_EIGHTH);
    decoder.set_scaling_factor(turbojpeg::ScalingFactor::ONE_EIGHTH).unwrap();
    let (width, height) = (header.width, header.height);
    let mut pixels = vec![0; width * height * 3];
    let format = turbojpeg::PixelFormat::RGB;
    let image = turbojpeg::Image { pixels: pixels.as_mut_slice(), width, pitch: width * 3, height, format };
    decoder.decompress(bytes, image).unwrap();
    RgbImage::from_raw(width as u32, height as u32, pixels).unwrap()
}

/// Slow waves under the finest grain: blocks that are full of detail.
fn grainy(width: u32, height: u32) -> RgbImage {
    let (mut picture, mut state) = (hills(width, height), 3_u32);
    for level in picture.iter_mut() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *level = level.saturating_add((state >> 26) as u8);
    }
    picture
}

#[test]
fn the_means_of_blocks_show_what_the_whole_file_shows() {
    let pool = pool();
    for subsamp in [Subsamp::None, Subsamp::Sub2x1, Subsamp::Sub2x2, Subsamp::Sub1x2, Subsamp::Sub4x1, Subsamp::Gray] {
        // Sizes that fill their last blocks, and sizes that do not.
        for (width, height) in [(800, 640), (1013, 807)] {
            for (picture, quality) in [(hills(width, height), 95), (grainy(width, height), 100)] {
                for progressive in [false, true] {
                    let bytes = turbo_jpeg(&picture, quality, subsamp, progressive);
                    let request =
                        RenderRequest { max_side: width.div_ceil(8), quality: 100, ..RenderRequest::default() };
                    let coarse = pool.render(&bytes, &request).unwrap();
                    assert_eq!(coarse.damage, None);
                    let off = difference(&eighth(&bytes), &shown(&coarse));
                    assert!(off < 2.5, "{subsamp:?} {width}×{height} {progressive}: {off} levels off");
                }
            }
        }
    }
}

#[test]
fn restarts_between_the_blocks_are_stepped_over() {
    let picture = hills(800, 640);
    let encoded = |interval: Option<u16>| {
        let plain = turbo_jpeg(&picture, 90, Subsamp::Sub2x2, true);
        // An interval that is never reached needs no marks in the scans.
        let Some(interval) = interval else { return plain };
        let mut bytes = plain[..2].to_vec();
        bytes.extend([0xff, 0xdd, 0, 4]);
        bytes.extend(interval.to_be_bytes());
        bytes.extend(&plain[2..]);
        bytes
    };
    let pool = pool();
    let request = RenderRequest { max_side: 100, quality: 100, ..RenderRequest::default() };
    let plain = pool.render(&encoded(None), &request).unwrap();
    let never = pool.render(&encoded(Some(u16::MAX)), &request).unwrap();
    assert_eq!(plain, never);
    let missing = pool.render(&encoded(Some(7)), &request).unwrap();
    assert_eq!(missing.damage, Some(Damage::Partial), "the marks that are announced are not there");
}

#[test]
fn a_file_that_is_cut_or_flipped_never_harms() {
    for progressive in [false, true] {
        cut_and_flipped(&turbo_jpeg(&hills(640, 480), 80, Subsamp::Sub2x2, progressive));
    }
}

fn cut_and_flipped(whole: &[u8]) {
    let pool = pool();
    let request = RenderRequest { max_side: 80, ..RenderRequest::default() };
    for part in 1..40 {
        let cut = &whole[..whole.len() * part / 40];
        if let Ok(picture) = pool.render(cut, &request) {
            assert_eq!(picture.damage, Some(Damage::Partial), "cut at {part}/40");
        }
    }
    let mut state = 7_u32;
    for round in 0..400 {
        let mut flipped = whole.to_vec();
        for _ in 0..3 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let place = 2 + state as usize % (if round % 2 == 0 { 600 } else { whole.len() - 2 });
            flipped[place] ^= 1 << (state >> 29);
        }
        match pool.render(&flipped, &request) {
            Ok(picture) => assert!(picture.width.max(picture.height) <= 80),
            Err(pingli_media::MediaFault::Damaged(_)) => {}
            Err(fault) => panic!("{fault}"),
        }
    }
}

#[test]
fn a_progressive_file_too_large_for_memory_is_shown_reduced() {
    let (width, height) = (14_204, 7_102);
    let row = hills(width, 1).into_raw();
    let picture = RgbImage::from_raw(width, height, row.repeat(height as usize)).unwrap();
    let bytes = turbo_jpeg(&picture, 80, Subsamp::None, true);
    drop(picture);
    let pool = pool();
    let intake = pool.intake(&bytes, &RenderRequest::default()).unwrap();
    assert_eq!((intake.facts.width, intake.facts.height, intake.facts.damage), (width, height, None));
    let preview = intake.picture.unwrap();
    assert_eq!((preview.width, preview.height, preview.damage), (1776, 888, None), "an eighth of it");
    let region = Region { halvings: 0, x: 0, y: 0, width: 512, height: 512 };
    let part = pool.render(&bytes, &RenderRequest { region: Some(region), ..RenderRequest::default() });
    assert!(matches!(part, Err(pingli_media::MediaFault::Damaged(Damage::TooLarge))), "no more detail can be had");
}
