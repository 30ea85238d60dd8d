//! The 64-bit difference hash: whether each of 8×8 places is brighter than the one to its right.
//! Two renditions of one picture differ in a few bits, two pictures in about half of them.

use crate::decode::{Pixels, resize};

/// Hashes an upright picture; 16 hexadecimal digits, the first row first.
pub(crate) fn difference_hash(pixels: &Pixels) -> Option<String> {
    let small = resize(pixels, 9, 8)?;
    let luma = |x: usize, y: usize| {
        let at = (y * 9 + x) * 3;
        let [r, g, b] = [0, 1, 2].map(|channel| u32::from(small.rgb[at + channel]));
        299 * r + 587 * g + 114 * b
    };
    let bits = (0..64).fold(0_u64, |bits, place| {
        let (x, y) = (place % 8, place / 8);
        bits << 1 | u64::from(luma(x, y) > luma(x + 1, y))
    });
    Some(format!("{bits:016x}"))
}
