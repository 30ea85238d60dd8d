//! An eighth of a JPEG, each place the mean of a block of 8×8. A progressive file gives the means before
//! all detail: the scans of detail are stepped over, and nothing of them is in memory. That is many times
//! faster than decoding the file, and shows what would take more memory than there is. In other files the
//! detail of a block stands behind its mean, and is stepped over code by code.

mod scan;

use crate::decode::Pixels;
use scan::{Bits, Codes, Skips};

/// The largest number of blocks of all colours: as many as a JPEG of 220 million pixels has.
const MAX_BLOCKS: usize = 12_000_000;

/// What was found.
pub(crate) struct Coarse {
    pub(crate) pixels: Pixels,
    /// The file breaks off or does not read somewhere.
    pub(crate) partial: bool,
}

/// How the three colours are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colours {
    /// Brightness and two differences.
    YCbCr,
    /// Red, green, blue.
    Rgb,
}

/// Decodes the means of the blocks of a JPEG with Huffman codes; none when it is of another kind or
/// nothing of it reads.
pub(crate) fn decode(bytes: &[u8], colours: Colours) -> Option<Coarse> {
    let mut file = File::default();
    let complete = file.read(bytes).is_some();
    let frame = file.frame?;
    if frame.components.iter().all(|component| component.scans == 0) {
        return None;
    }
    let missing = frame.components.iter().any(|component| component.scans == 0);
    Some(Coarse { pixels: frame.pixels(colours), partial: !complete || file.broken || missing })
}

#[derive(Default)]
struct File {
    /// The step of the mean, by table.
    steps: [u16; 4],
    codes: [Option<Codes>; 4],
    /// For the detail of files that are not progressive.
    details: [Option<Skips>; 4],
    /// Blocks between two restarts; 0 for none.
    restart: usize,
    frame: Option<Frame>,
    broken: bool,
}

struct Frame {
    progressive: bool,
    width: usize,
    height: usize,
    across: usize,
    down: usize,
    components: Vec<Component>,
}

struct Component {
    id: u8,
    /// Blocks across and down in one unit of a scan of all colours.
    across: usize,
    down: usize,
    table: usize,
    /// Blocks in a row, and rows, with those that only fill up a unit.
    row: usize,
    rows: usize,
    means: Vec<i16>,
    step: u16,
    /// Scans of means that were read.
    scans: usize,
}

impl File {
    /// Reads segment by segment; none when the file ends before its end mark or does not read.
    fn read(&mut self, bytes: &[u8]) -> Option<()> {
        let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
        loop {
            let start = memchr::memchr(0xff, rest)?;
            let (marker, after) = rest.get(start + 1..)?.split_first()?;
            match marker {
                // Filling, and what a scan that was stepped over has inside.
                0xff => {
                    rest = rest.get(start + 1..)?;
                    continue;
                }
                0x00 | 0x01 | 0xd0..=0xd8 => {
                    rest = after;
                    continue;
                }
                0xd9 => return Some(()),
                _ => {}
            }
            let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
            let segment = after.get(2..length)?;
            rest = after.get(length..)?;
            match marker {
                0xc4 => self.code_tables(segment)?,
                0xdb => self.steps(segment)?,
                0xdd => self.restart = usize::from(u16::from_be_bytes(*segment.first_chunk()?)),
                0xc0..=0xc2 if self.frame.is_none() => {
                    let frame = Frame::read(segment, *marker == 0xc2)?;
                    self.frame = Some(frame);
                }
                // Another frame, or one whose codes are of another kind.
                0xc0..=0xcf => return None,
                0xda => {
                    let used = self.scan(segment, rest)?;
                    rest = rest.get(used..)?;
                }
                _ => {}
            }
        }
    }

    fn steps(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((head, rest)) = segment.split_first() {
            let wide = head >> 4 != 0;
            let step = if wide { u16::from_be_bytes(*rest.first_chunk()?) } else { u16::from(*rest.first()?) };
            *self.steps.get_mut(usize::from(head & 15))? = step;
            segment = rest.get(if wide { 128 } else { 64 }..)?;
        }
        Some(())
    }

    fn code_tables(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((head, rest)) = segment.split_first() {
            let counts: &[u8; 16] = rest.first_chunk()?;
            let total = counts.iter().map(|count| usize::from(*count)).sum::<usize>();
            let symbols = rest.get(16..16 + total)?;
            let place = usize::from(head & 15);
            let codes = Codes::new(counts, symbols);
            match head >> 4 {
                0 => *self.codes.get_mut(place)? = codes,
                // Made when it is needed: a progressive file has many that are not.
                _ => *self.details.get_mut(place)? = codes.map(Skips::new),
            }
            segment = rest.get(16 + total..)?;
        }
        Some(())
    }

    /// Reads a scan if it is one of means; says how many bytes of it were read.
    fn scan(&mut self, head: &[u8], data: &[u8]) -> Option<usize> {
        let (count, rest) = head.split_first()?;
        let count = usize::from(*count);
        let (named, [first, last, approximation]) = (rest.get(..count * 2)?, rest.get(count * 2..count * 2 + 3)?)
        else {
            return None;
        };
        if *first != 0 {
            return Some(0);
        }
        let frame = self.frame.as_mut()?;
        let (high, low) = (approximation >> 4, approximation & 15);
        let progressive = frame.progressive;
        if low > 13 || !progressive && (*last, *approximation) != (63, 0) {
            return None;
        }
        let mut parts = Vec::with_capacity(count);
        for pair in named.chunks_exact(2) {
            let place = frame.components.iter().position(|component| component.id == pair[0])?;
            let component = frame.components.get_mut(place)?;
            component.step = *self.steps.get(component.table)?;
            component.scans += 1;
            parts.push(Part { place, means: usize::from(pair[1] >> 4), detail: usize::from(pair[1] & 15) });
        }
        let mut bits = Bits::new(data);
        let whole = frame.blocks(&parts, self.restart, |block, restarted, part, before| {
            if restarted {
                bits.restart();
            }
            if high > 0 {
                *block |= i16::from(bits.bit()) << low;
                return Some(());
            }
            let size = self.codes.get(part.means)?.as_ref()?.next(&mut bits)?;
            *before = before.wrapping_add(bits.signed(size)?);
            *block = (*before << low).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16;
            if progressive { Some(()) } else { self.details.get(part.detail)?.as_ref()?.step_over(&mut bits) }
        });
        self.broken |= whole.is_none() || bits.ended();
        Some(bits.used())
    }
}

/// One colour of a scan, and its tables.
#[derive(Clone, Copy)]
struct Part {
    /// Its place among the colours.
    place: usize,
    means: usize,
    detail: usize,
}

impl Frame {
    fn read(segment: &[u8], progressive: bool) -> Option<Self> {
        let [8, h1, h2, w1, w2, count, rest @ ..] = segment else { return None };
        let (width, height) =
            (usize::from(u16::from_be_bytes([*w1, *w2])), usize::from(u16::from_be_bytes([*h1, *h2])));
        if width == 0 || height == 0 || !matches!(count, 1 | 3) {
            return None;
        }
        let entries: Vec<&[u8]> = rest.chunks_exact(3).take(usize::from(*count)).collect();
        if entries.len() != usize::from(*count) {
            return None;
        }
        let factor = |entry: &[u8]| (usize::from(entry[1] >> 4), usize::from(entry[1] & 15));
        if entries.iter().map(|entry| factor(entry)).any(|(h, v)| !(1..=4).contains(&h) || !(1..=4).contains(&v)) {
            return None;
        }
        let across = entries.iter().map(|entry| factor(entry).0).max()?;
        let down = entries.iter().map(|entry| factor(entry).1).max()?;
        let (units, unit_rows) = (width.div_ceil(8 * across), height.div_ceil(8 * down));
        let blocks: usize = entries.iter().map(|entry| units * factor(entry).0 * unit_rows * factor(entry).1).sum();
        if blocks > MAX_BLOCKS {
            return None;
        }
        let components = entries.iter().map(|entry| {
            let (h, v) = factor(entry);
            let (row, rows) = (units * h, unit_rows * v);
            let means = vec![0; row * rows];
            let (id, table) = (entry[0], usize::from(entry[2]));
            Component { id, across: h, down: v, table, row, rows, means, step: 0, scans: 0 }
        });
        Some(Self { progressive, width, height, across, down, components: components.collect() })
    }

    /// Hands over every block of a scan in its order, whether a restart stands before it, its colour, and
    /// the mean before it; none as soon as one does not read.
    fn blocks(
        &mut self,
        parts: &[Part],
        restart: usize,
        mut each: impl FnMut(&mut i16, bool, Part, &mut i32) -> Option<()>,
    ) -> Option<()> {
        let mut before = [0_i32; 4];
        let mut units = 0_usize;
        let mut next_unit = |before: &mut [i32; 4]| {
            let restarted = restart > 0 && units > 0 && units.is_multiple_of(restart);
            units += 1;
            if restarted {
                *before = [0; 4];
            }
            restarted
        };
        if let [part] = *parts {
            // A scan of one colour has no blocks that only fill up a unit.
            let (width, height) = (self.width, self.height);
            let (most_across, most_down) = (self.across, self.down);
            let component = self.components.get_mut(part.place)?;
            let row = (width * component.across).div_ceil(most_across).div_ceil(8);
            let rows = (height * component.down).div_ceil(most_down).div_ceil(8);
            for y in 0..rows {
                for x in 0..row {
                    let restarted = next_unit(&mut before);
                    let block = component.means.get_mut(y * component.row + x)?;
                    each(block, restarted, part, before.get_mut(0)?)?;
                }
            }
            return Some(());
        }
        let (units_across, units_down) = (self.width.div_ceil(8 * self.across), self.height.div_ceil(8 * self.down));
        for unit_y in 0..units_down {
            for unit_x in 0..units_across {
                let mut restarted = next_unit(&mut before);
                for (number, part) in parts.iter().enumerate() {
                    let component = self.components.get_mut(part.place)?;
                    for y in unit_y * component.down..(unit_y + 1) * component.down {
                        for x in unit_x * component.across..(unit_x + 1) * component.across {
                            let block = component.means.get_mut(y * component.row + x)?;
                            each(block, std::mem::take(&mut restarted), *part, before.get_mut(number)?)?;
                        }
                    }
                }
            }
        }
        Some(())
    }

    fn pixels(&self, colours: Colours) -> Pixels {
        let (width, height) = (self.width.div_ceil(8), self.height.div_ceil(8));
        let planes: Vec<Vec<u8>> = self.components.iter().map(Component::levels).collect();
        let mut rgb = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            let rows: Vec<(&[u8], &Component)> = self
                .components
                .iter()
                .zip(&planes)
                .map(|(component, plane)| {
                    let from = (y * component.down / self.down).min(component.rows - 1) * component.row;
                    (&plane[from..from + component.row], component)
                })
                .collect();
            for x in 0..width {
                let level = |n: usize| {
                    let (row, component) = rows[n];
                    row[(x * component.across / self.across).min(component.row - 1)]
                };
                rgb.extend(match (rows.len(), colours) {
                    (1, _) => [level(0); 3],
                    (_, Colours::Rgb) => [level(0), level(1), level(2)],
                    (_, Colours::YCbCr) => to_rgb(level(0), level(1), level(2)),
                });
            }
        }
        Pixels { width: width as u32, height: height as u32, rgb }
    }
}

impl Component {
    fn levels(&self) -> Vec<u8> {
        let step = i32::from(self.step);
        self.means.iter().map(|mean| (((i32::from(*mean) * step + 4) >> 3) + 128).clamp(0, 255) as u8).collect()
    }
}

/// As the JPEG file format has it, in 16 binary places.
fn to_rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb]
        .map(|level| ((level + (1 << 15)) >> 16).clamp(0, 255) as u8)
}
