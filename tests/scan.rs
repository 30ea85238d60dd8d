//! Looks for what must not be anywhere any more, in every shape in which a program may have written it.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use std::collections::{BTreeMap, HashMap};

/// A piece that is looked for, and the name under which it is told.
struct Needle {
    name: String,
    shape: &'static str,
    bytes: Vec<u8>,
}

/// What is looked for.
#[derive(Default)]
pub struct Scanner {
    needles: Vec<Needle>,
    /// Needles by their first two bytes.
    by_start: HashMap<[u8; 2], Vec<usize>>,
    /// Whether any needle begins with two bytes; asked at every byte of what is searched.
    starts: Vec<bool>,
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scanner of {} shapes", self.needles.len())
    }
}

impl Scanner {
    /// Looks for a text: in UTF-8, both UTF-16, escaped as in JSON and in addresses, and as
    /// [`Scanner::bytes`] does.
    pub fn text(&mut self, name: &str, text: &str) {
        self.bytes(name, text.as_bytes());
        let units = || text.encode_utf16();
        self.add(name, "UTF-16, little end first", units().flat_map(u16::to_le_bytes).collect());
        self.add(name, "UTF-16, big end first", units().flat_map(u16::to_be_bytes).collect());
        let escape = |unit: u16| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        };
        self.add(name, "escaped JSON", units().map(escape).collect::<String>().into_bytes());
        let percent = |byte: u8| match byte {
            b'-' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        self.add(name, "an address", text.bytes().map(percent).collect::<String>().into_bytes());
    }

    /// Looks for bytes: as they are, in hexadecimal digits, and in base64 wherever they may begin.
    pub fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.add(name, "bytes", bytes.to_vec());
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.add(name, "upper digits", hex.to_uppercase().into_bytes());
        self.add(name, "digits", hex.into_bytes());
        for before in 0..3 {
            // Only what depends on nothing before or behind.
            let whole = &bytes[(3 - before) % 3..];
            let whole = &whole[..whole.len() - whole.len() % 3];
            self.add(name, "base64", BASE64.encode(whole).into_bytes());
        }
    }

    fn add(&mut self, name: &str, shape: &'static str, bytes: Vec<u8>) {
        if self.needles.iter().any(|needle| needle.name == name && needle.bytes == bytes) {
            return;
        }
        let start = [bytes[0], bytes[1]];
        self.starts.resize(1 << 16, false);
        self.starts[usize::from(u16::from_be_bytes(start))] = true;
        self.by_start.entry(start).or_default().push(self.needles.len());
        self.needles.push(Needle { name: name.to_owned(), shape, bytes });
    }

    /// How often each name is found, and in which shapes.
    #[must_use]
    pub fn look(&self, at: &[u8]) -> BTreeMap<(String, &'static str), usize> {
        let mut found = BTreeMap::new();
        for place in 0..at.len().saturating_sub(1) {
            let start = [at[place], at[place + 1]];
            if !self.starts[usize::from(u16::from_be_bytes(start))] {
                continue;
            }
            for needle in self.by_start[&start].iter().map(|one| &self.needles[*one]) {
                if at[place..].starts_with(&needle.bytes) {
                    *found.entry((needle.name.clone(), needle.shape)).or_default() += 1;
                }
            }
        }
        found
    }

    /// Checks that every needle is found where it is planted in its shape.
    #[must_use]
    pub fn finds_all_planted(&self) -> bool {
        self.needles.iter().all(|needle| {
            let planted = [b"before ".as_slice(), &needle.bytes, b" behind"].concat();
            self.look(&planted).contains_key(&(needle.name.clone(), needle.shape))
        })
    }
}
