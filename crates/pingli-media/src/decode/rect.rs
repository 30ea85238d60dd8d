//! Where a part of the upright picture lies among the pixels as they are stored.

use crate::facts::Region;

/// A part of a picture, in whole pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rect {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Rect {
    /// The region in the original's own pixels, cut to whole squares of what it is halved by.
    pub(crate) const fn of(region: &Region) -> Self {
        Self::halved(region, 0)
    }

    /// The region in the pixels of the original halved `done` times, which is at most as often as
    /// the region asks for.
    pub(crate) const fn halved(region: &Region, done: u8) -> Self {
        let n = region.halvings;
        let rest = n.saturating_sub(done);
        Self {
            x: region.x >> n << rest,
            y: region.y >> n << rest,
            width: region.width >> n << rest,
            height: region.height >> n << rest,
        }
    }

    /// This part of the upright picture, in the picture as it is stored; none when it goes over the
    /// edge.
    ///
    /// Sizes that halving does not divide differ by less than one pixel from one edge to the other.
    pub(crate) fn stored(&self, orientation: u8, (w, h): (u32, u32)) -> Option<Self> {
        let turned = orientation >= 5;
        let Self { x, y, width, height } =
            if turned { Self { x: self.y, y: self.x, width: self.height, height: self.width } } else { *self };
        let (right, bottom) = (w.checked_sub(x.checked_add(width)?)?, h.checked_sub(y.checked_add(height)?)?);
        let from_right = matches!(orientation, 2 | 3 | 7 | 8);
        let from_bottom = matches!(orientation, 3 | 4 | 6 | 7);
        Some(Self { x: if from_right { right } else { x }, y: if from_bottom { bottom } else { y }, width, height })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;
    use crate::decode::{Pixels, orient};

    #[test]
    fn a_part_of_the_upright_picture_is_found_among_the_stored_pixels() {
        let stored = Pixels { width: 5, height: 4, rgb: (0..20).flat_map(|n| [n, n, n]).collect() };
        for orientation in 1..=8 {
            let copy = Pixels { rgb: stored.rgb.clone(), ..stored };
            let upright = orient(copy, orientation);
            let part = Rect { x: 1, y: 2, width: 3, height: 1 };
            let expected: Vec<u8> = (1..4).map(|x| upright.rgb[((2 * upright.width + x) * 3) as usize]).collect();
            let found = part.stored(orientation, (5, 4)).unwrap();
            let rows = found.y..found.y + found.height;
            let rgb = rows.flat_map(|y| (found.x..found.x + found.width).map(move |x| (y * 5 + x) as u8));
            let cut = Pixels { width: found.width, height: found.height, rgb: rgb.flat_map(|n| [n; 3]).collect() };
            let turned: Vec<u8> = orient(cut, orientation).rgb.iter().step_by(3).copied().collect();
            assert_eq!(turned, expected, "orientation {orientation}");
        }
    }

    #[test]
    fn what_goes_over_the_edge_is_no_part() {
        let rect = |x, y, width, height| Rect { x, y, width, height };
        assert!(rect(0, 0, 5, 4).stored(1, (5, 4)).is_some());
        assert!(rect(0, 0, 4, 5).stored(6, (5, 4)).is_some(), "upright it is 4 across");
        assert!(rect(0, 0, 5, 4).stored(6, (5, 4)).is_none());
        assert!(rect(1, 0, 5, 4).stored(1, (5, 4)).is_none());
        assert!(rect(u32::MAX, 0, 2, 1).stored(1, (5, 4)).is_none());
    }

    #[test]
    fn halving_never_reaches_over_the_edge() {
        for (full, halvings) in [(4001_u32, 1), (4001, 3), (65_499, 4), (17, 4)] {
            let region = Region { halvings, x: 16, y: 0, width: full - 16, height: 16 };
            for done in 0..=halvings {
                let halved = Rect::halved(&region, done);
                assert!(halved.x + halved.width <= full.div_ceil(1 << done), "{full} halved {done} of {halvings}");
            }
        }
    }
}
