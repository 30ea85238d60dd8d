//! What can go wrong in the store. No message quotes private content.

use rusqlite::ErrorCode;
use std::io;

/// SQLite's general error code.
const SQLITE_ERROR: i32 = 1;

/// Why the store did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused.
    #[error("the database refused: {0}")]
    Sql(#[source] rusqlite::Error),
    /// A file could not be read or written.
    #[error("a file could not be read or written: {0}")]
    Io(#[source] io::Error),
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// A stored record does not read.
    #[error("a stored record does not read, near column {}", .0.column())]
    Record(#[from] serde_json::Error),
    /// The database cannot be read with the right key, or something that was acknowledged is gone:
    /// it is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(Damage),
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
    /// The id of an act was used for another one before.
    #[error("the id of an act was used for another one before")]
    IdReused,
}

/// How a damage was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Damage {
    /// Pages do not read.
    #[error("pages do not read")]
    Pages,
    /// Something that was committed is not there any more.
    #[error("something that was committed is gone")]
    Behind,
    /// A link of the journal does not fit.
    #[error("a link of the journal does not fit")]
    Journal,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged(Damage::Pages),
            Some(ErrorCode::DiskFull) => Self::Full,
            _ => Self::Sql(error),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

impl StoreError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Sql(error) if is_io(error) => "store_io",
            Self::Sql(_) | Self::Record(_) => "store_failed",
            Self::Io(_) => "store_io",
            Self::Full => "store_full",
            Self::Damaged(_) => "store_damaged",
            Self::Newer { .. } => "store_newer",
            Self::Tampered => "store_tampered",
            Self::NoAccount => "signed_out",
            Self::NotFound => "not_found",
            Self::IdReused => "id_reused",
        }
    }

    /// Whether a page that does not read may be behind it. In the middle of a statement SQLCipher tells of
    /// one as of a lack of memory, or as of a statement that is wrong, and no statement works any more
    /// after that; so does SQLite of what it says. Which it is, the pages say ([`Store::judge`]).
    ///
    /// [`Store::judge`]: crate::Store::judge
    pub(crate) fn may_be_damage(&self) -> bool {
        let Self::Sql(rusqlite::Error::SqliteFailure(failure, _)) = self else { return false };
        failure.extended_code == SQLITE_ERROR || failure.code == ErrorCode::OutOfMemory
    }

    /// Whether trying again may help: a full disk may have room later.
    #[must_use]
    pub fn retry(&self) -> bool {
        match self {
            Self::Io(_) | Self::Full => true,
            Self::Sql(error) => is_io(error),
            _ => false,
        }
    }
}

fn is_io(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}
