//! SQLite's pages that hold rows: leaves of tables, and leaves and inner pages of indexes, which is
//! what a table without row numbers is.

use super::{cipher::PAGE, record::varint};

/// Bytes of a page that rows may lie on. SQLite was told of a reserve for the longer tag that SQLCipher
/// begins with, before the shorter one was chosen, and a reserve never shrinks.
pub(super) const USABLE: usize = PAGE - 80;

/// What a page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Rows with numbers.
    TableLeaf,
    /// Rows by key.
    Index,
}

/// A row as it lies on its page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cell<'a> {
    /// The row's number, on a leaf of a table.
    pub(crate) row: Option<i64>,
    /// Bytes of the whole record.
    pub(crate) size: usize,
    /// The bytes that are on this page.
    pub(crate) here: &'a [u8],
    /// The page where it goes on.
    pub(crate) next: Option<u32>,
}

/// Longer records were not written by the program.
const LONGEST: usize = 256 << 20;

/// The rows on a page. Those that do not read are left out.
pub(crate) fn cells(number: u32, page: &[u8]) -> Option<(Kind, Vec<Cell<'_>>)> {
    let start = if number == 1 { 100 } else { 0 };
    let header = page.get(start..)?;
    let (kind, inner) = match header.first()? {
        0x0d => (Kind::TableLeaf, false),
        0x0a => (Kind::Index, false),
        0x02 => (Kind::Index, true),
        _ => return None,
    };
    let count = usize::from(u16::from_be_bytes(header.get(3..5)?.try_into().ok()?));
    let pointers = header.get(if inner { 12 } else { 8 }..)?;
    let mut found = Vec::with_capacity(count.min(USABLE / 4));
    for pointer in pointers.chunks_exact(2).take(count) {
        let place = usize::from(u16::from_be_bytes([pointer[0], pointer[1]]));
        found.extend(page.get(place..).and_then(|bytes| cell(kind, inner, bytes)));
    }
    Some((kind, found))
}

fn cell(kind: Kind, inner: bool, bytes: &[u8]) -> Option<Cell<'_>> {
    let bytes = if inner { bytes.get(4..)? } else { bytes };
    let (size, bytes) = varint(bytes)?;
    let size = usize::try_from(size).ok().filter(|size| *size <= LONGEST)?;
    let (row, bytes) = match kind {
        Kind::TableLeaf => varint(bytes).map(|(row, rest)| (Some(row.cast_signed()), rest))?,
        Kind::Index => (None, bytes),
    };
    let here = local(kind, size);
    let next = if here < size { Some(u32::from_be_bytes(bytes.get(here..here + 4)?.try_into().ok()?)) } else { None };
    Some(Cell { row, size, here: bytes.get(..here)?, next })
}

/// How many bytes of a record lie on the page itself.
const fn local(kind: Kind, size: usize) -> usize {
    let least = (USABLE - 12) * 32 / 255 - 23;
    let most = match kind {
        Kind::TableLeaf => USABLE - 35,
        Kind::Index => (USABLE - 12) * 64 / 255 - 23,
    };
    if size <= most {
        return size;
    }
    let fitting = least + (size - least) % (USABLE - 4);
    if fitting <= most { fitting } else { least }
}
