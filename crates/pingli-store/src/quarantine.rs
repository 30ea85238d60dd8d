//! A damaged database is set aside, never deleted, and what the reviewer did is saved from it into a
//! new one. The new one is complete before anything is moved, and a crash at any step is gone on
//! from: either the old files are all in their place, or the new database is known to be whole.

mod restore;
mod scrub;

pub(crate) use scrub::scrub;

use crate::{
    Store, StoreError,
    database::{DATABASE, LOG, SHARED},
    head::{self, HeadFile},
    keys::DataKey,
    salvage::Salvage,
};
use pingli_protocol::UtcInstant;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Below it lie the set-aside databases, each in a folder of its own.
pub(crate) const QUARANTINE: &str = "quarantine";
/// The new database while it is written; a crash leaves nothing of worth in it.
const WORK: &str = "recovering";
/// The new database once it is whole; the old one is moved away next.
const DONE: &str = "recovered";
/// Names the folder of the set-aside database.
const PLACE: &str = "place";
/// The set-aside files. The database comes last: while it is there, it is not moved.
const FILES: [&str; 4] = [SHARED, LOG, head::FILE, DATABASE];

/// What a recovery came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// When.
    pub at: UtcInstant,
    /// Acts that were saved, finished ones included.
    pub intents_saved: u32,
    /// Those of them that wait for the reviewer's word.
    pub intents_asked: u32,
    /// Drafts that were saved.
    pub drafts_saved: u32,
    /// Receipts that were saved.
    pub receipts_saved: u32,
    /// Pages that do not read.
    pub pages_lost: u32,
    /// Rows that begin on a good page and go on on a lost one.
    pub rows_lost: u32,
    /// The folder of the set-aside database, below `quarantine`.
    pub place: String,
}

/// The code of an act that was saved and may have been taken back since.
pub const RECOVERED: &str = "recovered";

/// The value that the last recovery is kept under.
const LAST: &str = "last_recovery";

/// Sets a damaged database aside and puts a new one in its place with all that could be saved. Packs
/// stay where they are; their keys are saved, and they are checked again.
///
/// # Errors
/// [`StoreError::Full`] and [`StoreError::Io`]; then everything is as it was.
pub fn recover_database(folder: &Path, key: &DataKey, now: UtcInstant) -> Result<Recovery, StoreError> {
    finish(folder)?;
    let remembered = HeadFile::read(folder, key)?;
    let salvage = Salvage::read(&folder.join(DATABASE), &folder.join(LOG), key, remembered.as_ref())?;
    let work = folder.join(WORK);
    remove(&work)?;
    fs::create_dir_all(&work)?;
    let place = now.as_millis().to_string();
    let store = Store::open(&work, key)?;
    let recovery = store.restore(&salvage, &place, now)?;
    store.checkpoint()?;
    drop(store);
    write(&work.join(PLACE), place.as_bytes())?;
    sync_folder(&work)?;
    fs::rename(&work, folder.join(DONE))?;
    sync_folder(folder)?;
    finish(folder)?;
    Ok(recovery)
}

/// Whether a recovery stopped half-way: there is a database, only not in its place.
pub(crate) fn is_half_done(folder: &Path) -> bool {
    folder.join(DONE).join(DATABASE).exists()
}

/// Goes on with a recovery whose new database is whole.
pub(crate) fn finish(folder: &Path) -> Result<(), StoreError> {
    let done = folder.join(DONE);
    if is_half_done(folder) {
        let place = folder.join(QUARANTINE).join(fs::read_to_string(done.join(PLACE))?);
        fs::create_dir_all(&place)?;
        for name in FILES {
            // What is there already was moved before the crash, and the new head may be in its place.
            if folder.join(name).exists() && !place.join(name).exists() {
                fs::rename(folder.join(name), place.join(name))?;
            }
        }
        sync_folder(&place)?;
        sync_folder(&folder.join(QUARANTINE))?;
        for name in [head::FILE, DATABASE] {
            if done.join(name).exists() {
                fs::rename(done.join(name), folder.join(name))?;
            }
        }
        sync_folder(folder)?;
    }
    remove(&done)
}

/// The folder of a set-aside database.
#[must_use]
pub fn set_aside_folder(folder: &Path, place: &str) -> PathBuf {
    folder.join(QUARANTINE).join(place)
}

/// Copies a set-aside database, encrypted as it is, into a new folder below `to`; says where.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Io`].
pub fn export_set_aside(folder: &Path, place: &str, to: &Path) -> Result<PathBuf, StoreError> {
    if place.is_empty() || !place.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(StoreError::NotFound);
    }
    let from = set_aside_folder(folder, place);
    if !from.is_dir() {
        return Err(StoreError::NotFound);
    }
    let target = to.join(format!("pingli-set-aside-{place}"));
    fs::create_dir_all(&target)?;
    for name in FILES {
        if from.join(name).exists() {
            fs::copy(from.join(name), target.join(name))?;
        }
    }
    Ok(target)
}

impl Store {
    /// What the last recovery came to, until the reviewer has read it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_recovery(&self) -> Result<Option<Recovery>, StoreError> {
        let text = self.value(LAST)?.filter(|text| !text.is_empty());
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// The reviewer has read what the last recovery came to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dismiss_recovery(&self) -> Result<(), StoreError> {
        self.put_value(LAST, "")
    }
}

fn remove(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()
}

/// Makes sure that the names in a folder are on the disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
