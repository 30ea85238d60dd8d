//! Whether a database is whole: its pages, its journal, and whether all of it is there that was
//! acknowledged.

use crate::{
    Store, StoreError, StoreOptions,
    database::{DATABASE, LOG},
    error::Damage,
    head::{Head, HeadFile},
    keys::DataKey,
    pages::{PAGE, Pages, Value},
};
use rusqlite::{Connection, OptionalExtension as _};
use std::{fs, path::Path};

/// A database up to this size is checked wholly at every start; a larger one when the last end was
/// not in order.
const SMALL: u64 = 64 << 20;

/// The database's own count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) id: [u8; 16],
    pub(crate) commits: i64,
    /// The page that holds it.
    page: u32,
}

impl Mark {
    /// Reads the count; none in a database of an older program.
    pub(crate) fn read(connection: &Connection) -> Result<Option<Self>, StoreError> {
        let page = connection
            .query_row("select rootpage from sqlite_schema where type = 'table' and name = 'mark'", [], |row| {
                row.get(0)
            })
            .optional()?;
        let Some(page) = page else { return Ok(None) };
        let mark = connection.query_row("select id, commits from mark", [], |row| {
            Ok(Self { id: row.get(0)?, commits: row.get(1)?, page })
        })?;
        Ok(Some(mark))
    }
}

/// Counts a transaction.
pub(crate) fn count(connection: &Connection) -> Result<i64, StoreError> {
    let mut statement = connection.prepare_cached("update mark set commits = commits + 1 returning commits")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// The database's salt.
pub(crate) fn salt(connection: &Connection) -> Result<[u8; 16], StoreError> {
    let hex: String = connection.query_row("pragma cipher_salt", [], |row| row.get(0))?;
    u128::from_str_radix(&hex, 16).map(u128::to_be_bytes).map_err(|_| StoreError::Tampered)
}

/// SQLite takes an empty file for a new database, and SQLCipher one without a whole salt.
pub(crate) fn not_emptied(path: &Path, remembered: Option<&Head>) -> Result<(), StoreError> {
    if remembered.is_some() && fs::metadata(path).is_ok_and(|meta| meta.len() < PAGE as u64) {
        return Err(StoreError::Damaged(Damage::Behind));
    }
    Ok(())
}

/// How many commits are on the disk for sure, and how many of them in the database itself, without its
/// log.
pub(crate) struct Known {
    pub(crate) commits: i64,
    pub(crate) in_file: i64,
}

/// Looks a database over before anything is written to it.
pub(crate) fn look_over(
    connection: &Connection,
    folder: &Path,
    key: &DataKey,
    remembered: Option<&Head>,
    options: &StoreOptions,
) -> Result<Known, StoreError> {
    let mark = Mark::read(connection)?;
    let in_file = match &mark {
        Some(mark) if options.vfs.is_none() => in_file(folder, key, mark)?,
        _ => None,
    };
    let same = match (remembered, &mark) {
        (Some(head), Some(mark)) => head.id == mark.id,
        (Some(head), None) => head.salt == salt(connection)?,
        _ => false,
    };
    let remembered = remembered.filter(|_| same);
    if let Some(head) = remembered {
        let commits = mark.map_or(0, |mark| mark.commits);
        if commits < head.commits || in_file.is_some_and(|in_file| in_file < head.in_file) {
            return Err(StoreError::Damaged(Damage::Behind));
        }
    }
    let clean = remembered.is_some_and(|head| head.clean);
    // A page that was being moved when the power went is whole in the log: it is moved again first.
    let emptied = clean || log_is_emptied(connection)?;
    if emptied && (!clean || fs::metadata(folder.join(DATABASE)).is_ok_and(|meta| meta.len() <= SMALL)) {
        pages_are_whole(connection)?;
    }
    if !clean {
        structure_is_whole(connection)?;
    }
    Ok(match mark {
        Some(mark) if emptied => Known { commits: mark.commits, in_file: mark.commits },
        // A process that was killed may have left commits in the log that are not on the disk yet.
        _ => Known { commits: remembered.map_or(0, |head| head.commits), in_file: in_file.unwrap_or(0) },
    })
}

/// What the database itself counts, its log left away; nothing where that cannot be read: it may
/// have been written when the power went, and pages that do not read are noticed elsewhere.
fn in_file(folder: &Path, key: &DataKey, mark: &Mark) -> Result<Option<i64>, StoreError> {
    let Some(mut pages) = Pages::open(&folder.join(DATABASE), Path::new(""), key, &[])? else { return Ok(None) };
    let Some(page) = pages.page(mark.page)? else { return Ok(None) };
    let (rows, _) = pages.rows(&page)?;
    // Pages change places when the database is written anew, which the log may be ahead with.
    let row = rows.first().filter(|row| row.values.get(1).and_then(Value::bytes) == Some(mark.id));
    Ok(row.and_then(|row| row.values.get(2)).and_then(Value::int))
}

/// Moves the log into the database; says whether that went, which it does not on a full disk.
fn log_is_emptied(connection: &Connection) -> Result<bool, StoreError> {
    match connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, bool>(0)) {
        Ok(busy) => Ok(!busy),
        Err(error) => match StoreError::from(error) {
            error @ StoreError::Damaged(_) => Err(error),
            error => {
                tracing::warn!(%error, "the log could not be moved into the database");
                Ok(false)
            }
        },
    }
}

/// Checks the seal of every page of the database itself.
fn pages_are_whole(connection: &Connection) -> Result<(), StoreError> {
    let mut statement = connection.prepare("pragma cipher_integrity_check")?;
    let mut rows = statement.query([])?;
    match rows.next()? {
        None => Ok(()),
        Some(row) => {
            let fault: String = row.get(0)?;
            // A disk that does not read is not a page that reads wrongly.
            if fault.starts_with("error reading") {
                return Err(disk_error());
            }
            tracing::error!(fault, "a page of the database does not read");
            Err(StoreError::Damaged(Damage::Pages))
        }
    }
}

fn disk_error() -> StoreError {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR), None).into()
}

/// Whether one of SQLite's codes speaks of the disk or the memory and not of the pages.
const fn is_no_damage(code: i32) -> bool {
    matches!(code & 0xff, rusqlite::ffi::SQLITE_IOERR | rusqlite::ffi::SQLITE_NOMEM | rusqlite::ffi::SQLITE_FULL)
}

/// Checks how the pages hang together.
fn structure_is_whole(connection: &Connection) -> Result<(), StoreError> {
    let found: String = connection.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    let code = found.rsplit_once("error code=").or_else(|| found.rsplit_once("error code "));
    if code.and_then(|(_, code)| code.trim().parse::<i32>().ok()).is_some_and(is_no_damage) {
        return Err(disk_error());
    }
    tracing::error!("the pages of the database do not hang together");
    Err(StoreError::Damaged(Damage::Pages))
}

/// Looks at the pages where a statement failed in a way that may be a damage or not.
pub(crate) fn judge(folder: &Path, key: &DataKey, error: StoreError) -> StoreError {
    if !error.may_be_damage() {
        return error;
    }
    match pages_read(folder, key) {
        // Neither is a disk that does not read.
        Ok(true) | Err(_) => error,
        Ok(false) => StoreError::Damaged(Damage::Pages),
    }
}

/// Whether the newest version of every page reads.
fn pages_read(folder: &Path, key: &DataKey) -> Result<bool, StoreError> {
    let salts: Vec<_> = HeadFile::read(folder, key)?.iter().map(|head| head.salt).collect();
    let Some(mut pages) = Pages::open(&folder.join(DATABASE), &folder.join(LOG), key, &salts)? else { return Ok(true) };
    if pages.log_is_torn {
        return Ok(false);
    }
    for number in pages.numbers() {
        if pages.page(number)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Store {
    /// What an error of this store comes to: SQLCipher tells of a page that does not read in words that have
    /// other meanings too, so the pages are looked at.
    #[must_use]
    pub fn judge(&self, error: StoreError) -> StoreError {
        judge(self.folder(), &self.key, error)
    }

    /// Checks every page, how they hang together, and the journal.
    ///
    /// # Errors
    /// [`StoreError::Damaged`]; [`StoreError`].
    pub fn check(&self) -> Result<(), StoreError> {
        let connection = self.lock();
        pages_are_whole(&connection)?;
        structure_is_whole(&connection)?;
        drop(connection);
        self.links_fit()
    }

    /// Checks the journal.
    pub(crate) fn links_fit(&self) -> Result<(), StoreError> {
        match self.check_journal() {
            Ok(_) => Ok(()),
            Err(StoreError::Tampered) => Err(StoreError::Damaged(Damage::Journal)),
            Err(other) => Err(other),
        }
    }
}

/// Shows the newest version of every page that reads. For the proof that what is on them is saved.
///
/// # Errors
/// [`StoreError::Io`].
pub fn look_at_good_pages(folder: &Path, key: &DataKey, look: &mut dyn FnMut(&[u8])) -> Result<(), StoreError> {
    let salts: Vec<_> = HeadFile::read(folder, key)?.iter().map(|head| head.salt).collect();
    let Some(mut pages) = Pages::open(&folder.join(DATABASE), &folder.join(LOG), key, &salts)? else { return Ok(()) };
    for number in pages.numbers() {
        if let Some(page) = pages.page(number)? {
            look(&page.bytes);
        }
    }
    Ok(())
}

/// Shows every piece of plain bytes that somebody with the key could find in a database's files, free
/// pages and all of its log included. For the proof that a wipe leaves nothing.
///
/// # Errors
/// [`StoreError::Io`].
pub fn look_at_pages(folder: &Path, key: &DataKey, look: &mut dyn FnMut(&[u8])) -> Result<(), StoreError> {
    if let Some(mut pages) = Pages::open(&folder.join(DATABASE), &folder.join(LOG), key, &[])? {
        pages.everything(look)?;
    }
    Ok(())
}
