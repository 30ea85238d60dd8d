//! What can go wrong in the store. No message quotes private content.

use std::io;

/// Why the store did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("the database refused: {0}")]
    Sql(#[from] rusqlite::Error),
    /// A file could not be read or written.
    #[error("a file could not be read or written: {0}")]
    Io(#[from] io::Error),
    /// A stored record does not read.
    #[error("a stored record does not read, near column {}", .0.column())]
    Record(#[from] serde_json::Error),
    /// The database cannot be read with the right key: it is damaged.
    #[error("the database is damaged")]
    Damaged,
    /// The database was written by a newer program.
    #[error("the database has version {found} and this program knows {known}")]
    Newer {
        /// The version found.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// Encrypted bytes are not what was written.
    #[error("encrypted bytes are not what was written")]
    Tampered,
    /// No account is signed in.
    #[error("no account is signed in")]
    NoAccount,
    /// There is no such record.
    #[error("there is no such record")]
    NotFound,
}

impl StoreError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Sql(_) | Self::Record(_) => "store_failed",
            Self::Io(_) => "store_io",
            Self::Damaged => "store_damaged",
            Self::Newer { .. } => "store_newer",
            Self::Tampered => "store_tampered",
            Self::NoAccount => "signed_out",
            Self::NotFound => "not_found",
        }
    }

    /// Whether trying again may help: a full disk may have room later.
    #[must_use]
    pub const fn retry(&self) -> bool {
        matches!(self, Self::Io(_))
    }
}
