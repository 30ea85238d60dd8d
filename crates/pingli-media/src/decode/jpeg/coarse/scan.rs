//! The bits of a scan and the codes in them.

/// The bits of a scan, the highest of each byte first.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    /// Bytes taken into `bits`.
    taken: usize,
    bits: u64,
    count: u32,
    /// Bits that were asked for and are not there; they are zeros.
    missing: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, taken: 0, bits: 0, count: 0, missing: 0 }
    }

    /// Whether more was asked for than there is.
    pub(super) fn ended(&self) -> bool {
        self.missing > 0
    }

    /// How many bytes were looked at; a mark of the file is never among them.
    pub(super) fn used(&self) -> usize {
        self.taken
    }

    /// Steps over a restart mark.
    pub(super) fn restart(&mut self) {
        (self.bits, self.count) = (0, 0);
        match self.data.get(self.taken..) {
            Some([0xff, 0xd0..=0xd7, ..]) => self.taken += 2,
            // Nothing but the mark may stand here.
            _ => self.missing += 1,
        }
    }

    /// Makes sure of 48 bits, with zeros where there are no more.
    fn fill(&mut self) {
        // Several bytes at once where none of the next eight is 0xff, which says something else.
        if let Some(word) = self.data.get(self.taken..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_be_bytes(*word);
            let low_bits = 0x0101_0101_0101_0101;
            let marks = (!word).wrapping_sub(low_bits) & word & (low_bits << 7);
            if marks == 0 && self.count < 56 {
                let bytes = (63 - self.count) / 8;
                self.bits |= (word >> self.count) & !(u64::MAX >> (self.count + bytes * 8));
                self.taken += bytes as usize;
                self.count += bytes * 8;
                return;
            }
        }
        while self.count <= 48 {
            let byte = match self.data.get(self.taken..) {
                Some([0xff, 0x00, ..]) => {
                    self.taken += 2;
                    0xff
                }
                Some([byte, ..]) if *byte != 0xff => {
                    self.taken += 1;
                    *byte
                }
                _ => break,
            };
            self.bits |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next 16 bits, without taking them.
    fn peek(&mut self) -> u16 {
        if self.count < 16 {
            self.fill();
        }
        (self.bits >> 48) as u16
    }

    fn take(&mut self, count: u32) {
        self.missing += count.saturating_sub(self.count);
        self.bits <<= count;
        self.count = self.count.saturating_sub(count);
    }

    pub(super) fn bit(&mut self) -> bool {
        let bit = self.peek() >> 15 == 1;
        self.take(1);
        bit
    }

    /// A difference of so many bits.
    pub(super) fn signed(&mut self, size: u8) -> Option<i32> {
        if size == 0 {
            return Some(0);
        }
        if size > 15 {
            return None;
        }
        let size = u32::from(size);
        let value = i32::from(self.peek() >> (16 - size));
        self.take(size);
        Some(if value < 1 << (size - 1) { value - (1 << size) + 1 } else { value })
    }
}

/// Bits that are looked up at once.
const SHORT: u32 = 9;

/// The codes of one table.
pub(super) struct Codes {
    /// Length and symbol by the first bits; length 0 for codes that are longer.
    short: Vec<(u8, u8)>,
    /// The first code that is too large for a length of 1 to 16, at 16 bits.
    ends: [u32; 16],
    /// From a code of a length to its symbol.
    offsets: [i32; 16],
    symbols: Vec<u8>,
}

impl Codes {
    /// Makes the table from the number of codes of each length; none when it is no table.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table =
            Self { short: vec![(0, 0); 1 << SHORT], ends: [0; 16], offsets: [0; 16], symbols: symbols.to_vec() };
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, count) in (1_u32..).zip(counts) {
            let index = length as usize - 1;
            table.offsets[index] = place as i32 - code as i32;
            for symbol in symbols.get(place..place + usize::from(*count))? {
                if code >= 1 << length {
                    return None;
                }
                if length <= SHORT {
                    let from = (code << (SHORT - length)) as usize;
                    table.short[from..from + (1 << (SHORT - length))].fill((length as u8, *symbol));
                }
                code += 1;
            }
            place += usize::from(*count);
            table.ends[index] = code << (16 - length);
            code <<= 1;
        }
        Some(table)
    }

    /// The code that 16 bits begin with: its length and its symbol.
    fn find(&self, next: u16) -> Option<(u32, u8)> {
        let (length, symbol) = self.short[usize::from(next >> (16 - SHORT))];
        if length > 0 {
            return Some((u32::from(length), symbol));
        }
        let index = self.ends.iter().position(|end| u32::from(next) < *end)?;
        let length = index as u32 + 1;
        let place = i32::from(next >> (16 - length)) + self.offsets[index];
        Some((length, self.symbols.get(usize::try_from(place).ok()?).copied()?))
    }

    /// The next symbol.
    pub(super) fn next(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let (length, symbol) = self.find(bits.peek())?;
        bits.take(length);
        Some(symbol)
    }
}

/// Bits by which detail is stepped over at once: several codes with what belongs to them.
const WINDOW: u32 = 12;

/// How the detail of a block is stepped over.
pub(super) struct Skips {
    codes: Codes,
    /// By the next bits.
    strides: Vec<Stride>,
}

/// What is known from a few bits.
#[derive(Debug, Clone, Copy, Default)]
struct Stride {
    /// Bits of all codes that are complete in the window, with their values, which may reach beyond it;
    /// 0 where not even one code is.
    bits: u8,
    /// Places of the block that they stand for.
    places: u8,
    /// The last of them ends the block.
    ends: bool,
}

/// What a code of detail stands for.
enum Detail {
    /// So many places, the last with a value of so many bits.
    Places(u8, u8),
    /// No more in this block.
    End,
}

const fn meaning(symbol: u8) -> Detail {
    match (symbol >> 4, symbol & 15) {
        (15, 0) => Detail::Places(16, 0),
        (_, 0) => Detail::End,
        (zeros, size) => Detail::Places(zeros + 1, size),
    }
}

impl Skips {
    pub(super) fn new(codes: Codes) -> Self {
        let strides = (0..1_u16 << WINDOW).map(|window| Stride::of(&codes, window << (16 - WINDOW))).collect();
        Self { codes, strides }
    }

    /// Steps over the detail of one block; none when it does not read.
    pub(super) fn step_over(&self, bits: &mut Bits<'_>) -> Option<()> {
        // The mean is the first of 64 places.
        let mut place = 1;
        while place < 64 {
            if bits.count < 32 {
                bits.fill();
            }
            let stride = self.strides[(bits.bits >> (64 - WINDOW)) as usize];
            let after = place + u32::from(stride.places);
            // Where the block may be full before the last of these codes, they are taken one by one.
            if stride.bits > 0 && after < 64 {
                bits.take(u32::from(stride.bits));
                if stride.ends {
                    return Some(());
                }
                place = after;
                continue;
            }
            match meaning(self.codes.next(bits)?) {
                Detail::End => return Some(()),
                Detail::Places(places, size) => {
                    bits.take(u32::from(size));
                    place += u32::from(places);
                }
            }
        }
        (place == 64).then_some(())
    }
}

impl Stride {
    fn of(codes: &Codes, window: u16) -> Self {
        let mut stride = Self::default();
        while u32::from(stride.bits) < WINDOW && !stride.ends {
            let known = WINDOW - u32::from(stride.bits);
            let Some((length, symbol)) = codes.find(window << stride.bits).filter(|(length, _)| *length <= known)
            else {
                break;
            };
            let size = match meaning(symbol) {
                Detail::End => {
                    stride.ends = true;
                    0
                }
                Detail::Places(places, size) => {
                    stride.places += places;
                    size
                }
            };
            stride.bits += length as u8 + size;
        }
        stride
    }
}
