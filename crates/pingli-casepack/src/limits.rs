//! How much of a pack a reader is willing to look at.

/// Limits for [`crate::verify`]; the default fits every case the server makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackLimits {
    /// The largest pack, in bytes. Never more than 2^32 − 1, because a pack has no ZIP64 part.
    pub pack_bytes: u64,
    /// The most entries, tag files included.
    pub entries: usize,
    /// The largest `case.json`, in bytes.
    pub case_document_bytes: u64,
}

impl Default for PackLimits {
    fn default() -> Self {
        Self { pack_bytes: u64::from(u32::MAX), entries: 20_000, case_document_bytes: 64 << 20 }
    }
}
