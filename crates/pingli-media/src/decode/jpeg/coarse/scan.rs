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

    /// Makes sure of 16 bits, with zeros where there are no more.
    fn fill(&mut self) {
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

    /// The next symbol.
    pub(super) fn next(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let next = bits.peek();
        let (length, symbol) = self.short[usize::from(next >> (16 - SHORT))];
        if length > 0 {
            bits.take(u32::from(length));
            return Some(symbol);
        }
        let index = self.ends.iter().position(|end| u32::from(next) < *end)?;
        let length = index as u32 + 1;
        let place = i32::from(next >> (16 - length)) + self.offsets[index];
        bits.take(length);
        self.symbols.get(usize::try_from(place).ok()?).copied()
    }
}
