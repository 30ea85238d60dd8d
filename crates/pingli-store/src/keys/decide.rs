//! What follows from what was found: the table of the reliability paper, as one pure function.

use super::{DataKey, HeaderFile, KeyringFault};

/// What was found.
#[derive(Debug)]
pub struct Found<'a> {
    /// Whether there is a database.
    pub database: bool,
    /// The header beside it.
    pub header: &'a HeaderFile,
    /// What the keyring said.
    pub keyring: KeyringSays,
}

/// What the keyring said.
#[derive(Debug, PartialEq, Eq)]
pub enum KeyringSays {
    /// It works and has no entry.
    NoEntry,
    /// It has one key, or several.
    Keys(Vec<DataKey>),
    /// It did not answer.
    Fault(KeyringFault),
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    /// Open with this key.
    Open(DataKey),
    /// First start: make a key, write it, read it back, then create the database.
    Make,
    /// A key from before, and no data: use it.
    Reuse(DataKey),
    /// Stay locked, overwrite nothing.
    Locked(LockCause),
}

/// Why the store stays locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LockCause {
    /// The keyring is locked, or its prompt was dismissed.
    KeyringLocked,
    /// There is no keyring, or it does not answer.
    KeyringUnavailable,
    /// The keyring has no entry although data exists.
    KeyMissing,
    /// The keyring's key does not open the data.
    WrongKey,
    /// The header does not read.
    DamagedHeader,
}

/// Decides.
#[must_use]
pub fn decide(found: &Found<'_>) -> Decision {
    if matches!(found.header, HeaderFile::Damaged) {
        return Decision::Locked(LockCause::DamagedHeader);
    }
    let keys = match &found.keyring {
        KeyringSays::Fault(KeyringFault::Locked) => return Decision::Locked(LockCause::KeyringLocked),
        KeyringSays::Fault(KeyringFault::Unavailable) => return Decision::Locked(LockCause::KeyringUnavailable),
        KeyringSays::NoEntry => &[][..],
        KeyringSays::Keys(keys) => keys,
    };
    match found.header {
        HeaderFile::Read(header) => match keys.iter().find(|key| header.opens_with(key)) {
            Some(key) => Decision::Open(key.clone()),
            None if keys.is_empty() => Decision::Locked(LockCause::KeyMissing),
            None => Decision::Locked(LockCause::WrongKey),
        },
        // Data without a header: only the very first key could be its own, and nothing proves it.
        _ if found.database => match keys {
            [only] => Decision::Reuse(only.clone()),
            [] => Decision::Locked(LockCause::KeyMissing),
            _ => Decision::Locked(LockCause::WrongKey),
        },
        _ => match keys {
            [] if matches!(found.keyring, KeyringSays::NoEntry) => Decision::Make,
            [] => Decision::Locked(LockCause::WrongKey),
            [leftover, ..] => Decision::Reuse(leftover.clone()),
        },
    }
}
