//! Why a pack is refused, and why one cannot be written. No message quotes evidence: at most a path
//! inside the pack.

use crate::{path::PathFault, signature::SignatureFault};
use pingli_protocol::{KeyId, Sha256, limits::JsonTooMuch};
use std::io;

/// Why a pack is refused.
#[derive(Debug, thiserror::Error)]
pub enum PackFault {
    /// The reader failed; the pack itself may be sound.
    #[error("the pack could not be read: {0}")]
    Io(#[from] io::Error),
    /// The bytes end early.
    #[error("the pack is cut off")]
    Truncated,
    /// These bytes are not a ZIP.
    #[error("the file is not a case pack")]
    NotAPack,
    /// There are bytes before, between or after the entries.
    #[error("the pack has bytes that belong to no file, near byte {at}")]
    StrayBytes {
        /// The place in the pack.
        at: u64,
    },
    /// The pack is larger than the limit.
    #[error("the pack has {bytes} bytes and at most {limit} are read")]
    TooLarge {
        /// Its size, or the size of the part that is too large.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The pack has more entries than the limit.
    #[error("the pack has {entries} entries and at most {limit} are read")]
    TooManyEntries {
        /// How many.
        entries: usize,
        /// The limit.
        limit: usize,
    },
    /// The ZIP directory is not what a pack's must be.
    #[error("the directory of the pack is malformed: {0}")]
    Directory(&'static str),
    /// A local header disagrees with the directory.
    #[error("the header of {path} disagrees with the directory")]
    HeaderMismatch {
        /// The entry.
        path: String,
    },
    /// An entry is encrypted.
    #[error("{path} is encrypted")]
    Encrypted {
        /// The entry.
        path: String,
    },
    /// An entry is compressed; packs store.
    #[error("{path} is compressed")]
    Compressed {
        /// The entry.
        path: String,
    },
    /// An entry has its sizes after its data.
    #[error("{path} has a data descriptor")]
    DataDescriptor {
        /// The entry.
        path: String,
    },
    /// An entry is a link, a folder or a device.
    #[error("{path} is not an ordinary file")]
    NotAFile {
        /// The entry.
        path: String,
    },
    /// An entry has attributes, times or fields that a pack's entries do not have.
    #[error("{path} has unusual attributes")]
    UnusualEntry {
        /// The entry.
        path: String,
    },
    /// Two entries overlap, or one begins where no entry can.
    #[error("{path} overlaps another entry")]
    Overlap {
        /// The entry.
        path: String,
    },
    /// A path that cannot be kept safely on every system.
    #[error("the path {path} is refused: {fault}")]
    Path {
        /// The path, with its control characters escaped.
        path: String,
        /// Why.
        fault: PathFault,
    },
    /// Two entries have the same path.
    #[error("{path} is there twice")]
    Duplicate {
        /// The path.
        path: String,
    },
    /// Two entries would be one file where case or Unicode form does not count.
    #[error("{path} clashes with another path")]
    Clash {
        /// The second of them.
        path: String,
    },
    /// The entries are not in the order of their paths.
    #[error("{path} is out of order")]
    OutOfOrder {
        /// The first that is.
        path: String,
    },
    /// The entries are not all below one folder named after the case.
    #[error("the pack's folder is not the one its case has")]
    Folder,
    /// A tag file of the bag is not what it must be.
    #[error("{name} is malformed")]
    TagFile {
        /// Which.
        name: &'static str,
    },
    /// A file is missing.
    #[error("{path} is missing")]
    Missing {
        /// Its path below the pack's folder.
        path: String,
    },
    /// A file is there that no manifest lists or the case does not name.
    #[error("{path} is not part of the case")]
    Extra {
        /// Its path below the pack's folder.
        path: String,
    },
    /// A file's bytes are not the ones in the manifest.
    #[error("{path} has other bytes than were signed for")]
    WrongHash {
        /// Its path below the pack's folder.
        path: String,
    },
    /// A file's size is not the one the case gives.
    #[error("{path} has another size than the case gives")]
    WrongSize {
        /// Its path below the pack's folder.
        path: String,
    },
    /// The checksum in the ZIP does not fit the bytes.
    #[error("{path} has a wrong checksum")]
    WrongChecksum {
        /// Its path below the pack's folder.
        path: String,
    },
    /// The pack's key is not one of the server's.
    #[error("the pack is signed with the unknown key {key}")]
    UnknownKey {
        /// The key it names.
        key: KeyId,
    },
    /// The signature is not the key's over these bytes.
    #[error("the signature of the pack is wrong")]
    WrongSignature,
    /// The pack was written by a newer program.
    #[error("the pack has format {found} and this program reads up to {known}")]
    NewerFormat {
        /// The format found.
        found: u32,
        /// The newest this program reads.
        known: u32,
    },
    /// `case.json` does not read as a case.
    #[error("the case document does not read, near line {line}")]
    CaseDocument {
        /// The line, from 1.
        line: usize,
    },
    /// `case.json` wants more than a reader is willing to give.
    #[error("the case document is too much: {0}")]
    TooMuch(#[from] JsonTooMuch),
    /// A file of the case disagrees with the manifest, or is named twice with other facts.
    #[error("the case gives another hash or size for {path} than the manifest")]
    CaseDisagrees {
        /// Its path below `data/`.
        path: String,
    },
    /// A path is not in the pack's index.
    #[error("the pack has no {path}")]
    NoSuchFile {
        /// The path asked for.
        path: String,
    },
}

impl PackFault {
    /// A stable code for logs, problem documents and the window's table of sentences.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "pack_io",
            Self::Truncated => "pack_truncated",
            Self::NotAPack => "pack_not_a_pack",
            Self::StrayBytes { .. } => "pack_stray_bytes",
            Self::TooLarge { .. } => "pack_too_large",
            Self::TooManyEntries { .. } => "pack_too_many_entries",
            Self::Directory(_) => "pack_directory",
            Self::HeaderMismatch { .. } => "pack_header_mismatch",
            Self::Encrypted { .. } => "pack_encrypted",
            Self::Compressed { .. } => "pack_compressed",
            Self::DataDescriptor { .. } => "pack_data_descriptor",
            Self::NotAFile { .. } => "pack_not_a_file",
            Self::UnusualEntry { .. } => "pack_unusual_entry",
            Self::Overlap { .. } => "pack_overlap",
            Self::Path { .. } => "pack_path",
            Self::Duplicate { .. } => "pack_duplicate",
            Self::Clash { .. } => "pack_clash",
            Self::OutOfOrder { .. } => "pack_out_of_order",
            Self::Folder => "pack_folder",
            Self::TagFile { .. } => "pack_tag_file",
            Self::Missing { .. } => "pack_missing_file",
            Self::Extra { .. } => "pack_extra_file",
            Self::WrongHash { .. } => "pack_wrong_hash",
            Self::WrongSize { .. } => "pack_wrong_size",
            Self::WrongChecksum { .. } => "pack_wrong_checksum",
            Self::UnknownKey { .. } => "pack_unknown_key",
            Self::WrongSignature => "pack_wrong_signature",
            Self::NewerFormat { .. } => "pack_newer_format",
            Self::CaseDocument { .. } => "pack_case_document",
            Self::TooMuch(_) => "pack_too_much",
            Self::CaseDisagrees { .. } => "pack_case_disagrees",
            Self::NoSuchFile { .. } => "pack_no_such_file",
        }
    }

    /// Whether another try over the same bytes may end differently. Only a failing reader is such
    /// a case; everything else asks for other bytes or another program.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Io(_))
    }

    /// A read that ended early is a cut-off pack; any other failure is the reader's.
    pub(crate) fn from_read(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Truncated } else { Self::Io(error) }
    }
}

impl From<SignatureFault> for PackFault {
    fn from(fault: SignatureFault) -> Self {
        match fault {
            SignatureFault::UnknownKey { key } => Self::UnknownKey { key },
            SignatureFault::Wrong | SignatureFault::Malformed | SignatureFault::Text(_) => Self::WrongSignature,
        }
    }
}

/// Why a pack cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteFault {
    /// The writer failed.
    #[error("the pack could not be written: {0}")]
    Io(#[from] io::Error),
    /// A source failed.
    #[error("{path} could not be read: {error}")]
    Source {
        /// The file, below `data/`.
        path: String,
        /// What its reader said.
        error: io::Error,
    },
    /// A path that cannot be kept safely on every system.
    #[error("the path {path} is refused: {fault}")]
    Path {
        /// The path.
        path: String,
        /// Why.
        fault: PathFault,
    },
    /// The case names two files that clash, or one file with two sets of facts.
    #[error("{path} clashes with another file of the case")]
    Clash {
        /// The second of them.
        path: String,
    },
    /// A source has other bytes than the case gives for it.
    #[error("{path} has other bytes than the case gives for it")]
    Changed {
        /// The file, below `data/`.
        path: String,
    },
    /// The case is too large for a pack: 2^32 − 1 bytes or 20,000 entries.
    #[error("the case is too large for a pack")]
    TooLarge,
    /// The document cannot be written as JSON.
    #[error("the case document cannot be written: {0}")]
    Document(serde_json::Error),
}

impl WriteFault {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "pack_write_io",
            Self::Source { .. } => "pack_source_io",
            Self::Path { .. } => "pack_path",
            Self::Clash { .. } => "pack_clash",
            Self::Changed { .. } => "pack_source_changed",
            Self::TooLarge => "pack_too_large",
            Self::Document(_) => "pack_case_document",
        }
    }
}

/// What a file's bytes turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest {
    pub(crate) sha256: Sha256,
    pub(crate) bytes: u64,
    pub(crate) crc: u32,
}
