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
    /// Who wants to know.
    pub asked: Asked,
}

/// Who asks for the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The program, at its start.
    AtStart,
    /// The reviewer, who has read why it is locked.
    ByReviewer,
    /// The reviewer, who wants to go on without keeping anything.
    ToKeepNothing,
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
    /// Nothing but the database itself can say which of these keys is its own.
    Prove(Vec<DataKey>),
    /// Open a session that keeps nothing, with a key that is written nowhere.
    KeepNothing,
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
    // Data without a header is like data with one that does not read.
    let damaged = match found.header {
        HeaderFile::Damaged(_) => true,
        HeaderFile::Absent => found.database,
        HeaderFile::Read(_) => false,
    };
    if damaged && found.asked == Asked::AtStart {
        return Decision::Locked(LockCause::DamagedHeader);
    }
    let keys = match &found.keyring {
        KeyringSays::Fault(KeyringFault::Locked) => return Decision::Locked(LockCause::KeyringLocked),
        // Beside data of any kind there is no other key, not even for a while.
        KeyringSays::Fault(KeyringFault::Unavailable)
            if found.asked == Asked::ToKeepNothing && !found.database && *found.header == HeaderFile::Absent =>
        {
            return Decision::KeepNothing;
        }
        KeyringSays::Fault(KeyringFault::Unavailable) => return Decision::Locked(LockCause::KeyringUnavailable),
        KeyringSays::NoEntry => &[][..],
        KeyringSays::Keys(keys) => keys,
    };
    match found.header {
        HeaderFile::Read(header) | HeaderFile::Damaged(Some(header)) => {
            match keys.iter().find(|key| header.opens_with(key)) {
                Some(key) => Decision::Open(key.clone()),
                // A header of a first start that never got to its database: there is nothing to lose.
                None if keys.is_empty() && !found.database && header.passphrase.is_none() && !damaged => {
                    match found.keyring {
                        KeyringSays::NoEntry => Decision::Make,
                        _ => Decision::Locked(LockCause::WrongKey),
                    }
                }
                None if keys.is_empty() => Decision::Locked(LockCause::KeyMissing),
                None => Decision::Locked(LockCause::WrongKey),
            }
        }
        HeaderFile::Damaged(None) | HeaderFile::Absent if found.database => match keys {
            [] => Decision::Locked(LockCause::KeyMissing),
            keys => Decision::Prove(keys.to_vec()),
        },
        HeaderFile::Damaged(None) | HeaderFile::Absent => match keys {
            [] if found.keyring == KeyringSays::NoEntry => Decision::Make,
            [] => Decision::Locked(LockCause::WrongKey),
            [leftover, ..] => Decision::Reuse(leftover.clone()),
        },
    }
}
