//! SQLite's record format: a header of serial types, then the values.

/// A value of a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Nothing; also the column that stands for the row's number.
    Null,
    /// A whole number.
    Int(i64),
    /// A number that the program never writes.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    pub(crate) const fn int(&self) -> Option<i64> {
        if let Self::Int(value) = self { Some(*value) } else { None }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(value) = self { Some(value) } else { None }
    }

    pub(crate) fn bytes<const N: usize>(&self) -> Option<[u8; N]> {
        if let Self::Blob(value) = self { value.as_slice().try_into().ok() } else { None }
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// A number of one to nine bytes, and what comes after it.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (place, byte) in bytes.iter().enumerate().take(9) {
        if place == 8 {
            return Some(((value << 8) | u64::from(*byte), &bytes[9..]));
        }
        value = (value << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[place + 1..]));
        }
    }
    None
}

/// The values of a record, or nothing when it is none.
pub(crate) fn record(bytes: &[u8]) -> Option<Vec<Value>> {
    let (header, rest) = varint(bytes)?;
    let header = usize::try_from(header).ok()?;
    let length = bytes.len() - rest.len();
    let mut types = bytes.get(length..header)?;
    let mut body = bytes.get(header..)?;
    let mut values = Vec::new();
    while !types.is_empty() {
        let (kind, left) = varint(types)?;
        types = left;
        let (value, left) = value(kind, body)?;
        body = left;
        values.push(value);
    }
    // What SQLite writes ends with its last value.
    body.is_empty().then_some(values)
}

fn value(kind: u64, body: &[u8]) -> Option<(Value, &[u8])> {
    let size = match kind {
        0 | 8 | 9 => 0,
        1..=4 => usize::try_from(kind).ok()?,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => usize::try_from((kind - 12) / 2).ok()?,
    };
    let (bytes, left) = body.split_at_checked(size)?;
    let value = match kind {
        0 => Value::Null,
        8 => Value::Int(0),
        9 => Value::Int(1),
        1..=6 => Value::Int(
            bytes.iter().fold(if bytes[0] & 0x80 == 0 { 0 } else { -1 }, |value, byte| (value << 8) | i64::from(*byte)),
        ),
        7 => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
        _ if kind % 2 == 1 => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
        _ => Value::Blob(bytes.to_vec()),
    };
    Some((value, left))
}
