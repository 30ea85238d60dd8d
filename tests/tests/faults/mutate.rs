//! Mutations of bytes, the same for the same seed: bits, numbers at their edges, pieces cut, doubled and
//! moved, words put in, texts that are hostile to whoever shows them.

/// A small generator; its only merit is that it is the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        // Zero would stay zero.
        Self(seed ^ 0x9e37_79b9_7f4a_7c15 | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`; 0 when there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 16).unwrap_or(0) % end.max(1)
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Words of every format.
const WORDS: [&str; 40] = [
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "[[[[[[[[",
    "{\"a\":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\udfff\\ud800",
    "\\u202e",
    "\\udb40\\udc41",
    "0",
    "-1",
    "-0",
    "1e999",
    "1.5",
    "4294967296",
    "-9007199254740993",
    "9007199254740993",
    "18446744073709551616",
    ",",
    ":",
    "\n",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\u{200b}\u{2060}",
    "\u{e0041}\u{e007f}",
    "a\u{301}\u{301}\u{301}\u{301}\u{301}",
    "杯",
    "../",
    "/",
    "\\\\",
    "javascript:alert(1)",
    "data:text/html,x",
    "tauri://localhost",
    "ipc://localhost",
];

const EDGES: [u64; 12] =
    [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, u64::MAX];

/// The longest input that a mutation grows to.
const LONGEST: usize = 64 << 10;

/// Changes `seed` in one to six ways; `other` lends pieces.
pub(crate) fn mutate(dice: &mut Dice, seed: &[u8], other: &[u8], words: &[&str]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(6) {
        change(dice, &mut bytes, other, words);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn change(dice: &mut Dice, bytes: &mut Vec<u8>, other: &[u8], words: &[&str]) {
    let at = dice.below(bytes.len() + 1);
    let piece = |dice: &mut Dice, from: &[u8]| {
        let start = dice.below(from.len());
        let end = (start + 1 + dice.below(64)).min(from.len());
        from.get(start..end).unwrap_or_default().to_vec()
    };
    match dice.below(12) {
        0 | 1 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        2 if at < bytes.len() => bytes[at] = u8::try_from(dice.below(256)).unwrap_or(0),
        3 => bytes.truncate(at),
        4 => {
            let end = (at + 1 + dice.below(32)).min(bytes.len());
            drop(bytes.drain(at..end.max(at)));
        }
        5 => insert(bytes, at, &piece(dice, other)),
        6 => {
            let own = piece(dice, bytes);
            insert(bytes, at, &own);
        }
        7 => {
            // Some things only go wrong when there are many.
            let own = piece(dice, bytes);
            let many = own.repeat(1 + dice.below(200));
            insert(bytes, at, &many);
        }
        8 => insert(bytes, at, dice.pick(&WORDS).as_bytes()),
        9 if !words.is_empty() => insert(bytes, at, dice.pick(words).as_bytes()),
        10 => number_at(dice, bytes),
        _ => binary_at(dice, bytes, at),
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    drop(bytes.splice(at..at, piece.iter().copied()));
}

/// Replaces a decimal number by one at the edge of what there is.
fn number_at(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let starts: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at].is_ascii_digit() && (*at == 0 || !bytes[at - 1].is_ascii_digit()))
        .collect();
    if starts.is_empty() {
        return;
    }
    let start = *dice.pick(&starts);
    let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let edge = *dice.pick(&EDGES);
    let text = if dice.below(4) == 0 { format!("-{edge}") } else { edge.to_string() };
    drop(bytes.splice(start..start + digits, text.into_bytes()));
}

/// Overwrites one to eight bytes by a number at the edge of what there is, in either order.
fn binary_at(dice: &mut Dice, bytes: &mut [u8], at: usize) {
    let edge = *dice.pick(&EDGES);
    let width = *dice.pick(&[1, 2, 4, 8]);
    let field = if dice.below(2) == 0 {
        edge.to_le_bytes()[..width].to_vec()
    } else {
        edge.to_be_bytes()[8 - width..].to_vec()
    };
    for (place, byte) in bytes.iter_mut().skip(at).zip(field) {
        *place = byte;
    }
}
