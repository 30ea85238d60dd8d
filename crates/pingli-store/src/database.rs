//! Opening the database: key, settings of the cipher, migrations; and the two ways in, to read and
//! to write.

use crate::{
    StoreError, StoreOptions, Synchronous,
    check::{self, Mark},
    head::{Head, HeadFile},
    keys::DataKey,
    quarantine,
};
use rusqlite::{
    Connection, OpenFlags, OptionalExtension as _, Params, Transaction, TransactionBehavior, config::DbConfig, params,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};
use zeroize::Zeroizing;

pub(crate) const DATABASE: &str = "pingli.db";
pub(crate) const LOG: &str = "pingli.db-wal";
pub(crate) const SHARED: &str = "pingli.db-shm";
pub(crate) const PACKS: &str = "packs";

/// The value that says that something was shredded and the database not written anew since.
pub(crate) const WRITE_ANEW: &str = "write_anew";

/// Migrations only go forward and are never edited.
const MIGRATIONS: [&str; 4] = [
    include_str!("../migrations/0001_start.sql"),
    include_str!("../migrations/0002_chat.sql"),
    include_str!("../migrations/0003_journal.sql"),
    include_str!("../migrations/0004_mark.sql"),
];

/// Statements that are kept prepared; more than there are.
const STATEMENTS: usize = 64;

/// Bytes after which the log is moved into the database.
const LONG_LOG: u64 = 4 << 20;

/// The open, encrypted store of one data folder.
pub struct Store {
    connection: Mutex<Connection>,
    folder: PathBuf,
    /// The account that is signed in; 0 for none.
    account: AtomicI64,
    kept: Mutex<Kept>,
    checkpoint_after: u32,
    pub(crate) key: DataKey,
}

/// What is remembered beside the database.
struct Kept {
    file: HeadFile,
    head: Head,
    since_checkpoint: u32,
    /// Whether nothing wrong was found when it was opened.
    sound: bool,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Store {
    /// Whether a data folder has a database.
    #[must_use]
    pub fn exists(folder: &Path) -> bool {
        folder.join(DATABASE).exists() || quarantine::is_half_done(folder)
    }

    /// Opens the database of a folder, making it when it is not there.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the key is right and the bytes are not, or when something that
    /// was committed is gone; then every file is as it was. [`StoreError::Newer`];
    /// [`StoreError::Io`].
    pub fn open(folder: &Path, key: &DataKey) -> Result<Self, StoreError> {
        Self::open_with(folder, key, &StoreOptions::default())
    }

    /// [`Store::open`] over another file system, for suites of faults.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(folder: &Path, key: &DataKey, options: &StoreOptions) -> Result<Self, StoreError> {
        Self::open_as_it_is(folder, key, options).map_err(|error| check::judge(folder, key, error))
    }

    fn open_as_it_is(folder: &Path, key: &DataKey, options: &StoreOptions) -> Result<Self, StoreError> {
        fs::create_dir_all(folder.join(PACKS))?;
        quarantine::finish(folder)?;
        let path = folder.join(DATABASE);
        let remembered = HeadFile::read(folder, key)?;
        if options.vfs.is_none() {
            check::not_emptied(&path, remembered.as_ref())?;
            make_private(&path)?;
        }
        let mut connection = connect(&path, key, options)?;
        let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
        let found: u32 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
        if found > known {
            return Err(StoreError::Newer { found, known });
        }
        // Nothing is written before it is sure that nothing is missing.
        let on_disk = check::look_over(&connection, folder, key, remembered.as_ref(), options)?;
        connection.execute_batch(
            "pragma journal_mode = wal;
             pragma wal_autocheckpoint = 0;
             pragma secure_delete = on;
             pragma foreign_keys = on;
             pragma temp_store = memory;
             pragma busy_timeout = 5000;",
        )?;
        connection.execute_batch(match options.synchronous {
            Synchronous::Full => "pragma synchronous = full",
            Synchronous::Normal => "pragma synchronous = normal",
        })?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        migrate(&mut connection, found)?;
        let account = connection
            .query_row("select value from meta where key = 'account'", [], |row| row.get::<_, String>(0))
            .optional()?
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        let mark = Mark::read(&connection)?.ok_or(StoreError::Tampered)?;
        let head = Head {
            id: mark.id,
            salt: check::salt(&connection)?,
            commits: on_disk.commits,
            in_file: on_disk.in_file,
            clean: false,
        };
        let (mut file, _) = HeadFile::open(folder, key)?;
        file.write(&head)?;
        file.sync()?;
        let store = Self {
            connection: Mutex::new(connection),
            folder: folder.to_owned(),
            account: AtomicI64::new(account),
            kept: Mutex::new(Kept { file, head, since_checkpoint: 0, sound: false }),
            checkpoint_after: options.checkpoint_after,
            key: key.clone(),
        };
        store.links_fit()?;
        store.kept().sound = true;
        if store.value(WRITE_ANEW)?.is_some_and(|value| !value.is_empty())
            && let Err(error) = store.write_anew()
        {
            tracing::warn!(%error, "what is left of a case is removed later");
        }
        Ok(store)
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads a value that is not bound to an account.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn value(&self, key: &str) -> Result<Option<String>, StoreError> {
        let found = self.lock().query_row("select value from meta where key = ?1", [key], |row| row.get(0));
        Ok(found.optional()?)
    }

    /// Writes a value that is not bound to an account.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_value(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.transact(|tx| put_value(tx, key, value))
    }

    /// A page turned out to be damaged: the end of this store is no orderly one, so that the next start
    /// looks at every page.
    pub fn distrust(&self) {
        self.kept().sound = false;
    }

    /// Bytes of the database on disk, its log included.
    #[must_use]
    pub fn database_bytes(&self) -> u64 {
        let size = |name: &str| fs::metadata(self.folder.join(name)).map_or(0, |meta| meta.len());
        size(DATABASE) + size(LOG) + size(SHARED)
    }

    /// Moves everything from the log into the database and empties the log.
    ///
    /// # Errors
    /// [`StoreError::Sql`], also when somebody else reads the database.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        self.empty_log(&self.lock())
    }

    /// Writes the database anew after something was shredded, and empties the log. Where rows moved
    /// from page to page, SQLite leaves copies in the free space of the old one, and `secure_delete`
    /// overwrites only the row itself.
    pub(crate) fn write_anew(&self) -> Result<(), StoreError> {
        self.lock().execute_batch("vacuum")?;
        self.put_value(WRITE_ANEW, "")?;
        let emptied = self.checkpoint();
        if emptied.is_err() {
            // The next commit tries again.
            self.kept().since_checkpoint = u32::MAX;
        }
        emptied
    }

    fn empty_log(&self, connection: &Connection) -> Result<(), StoreError> {
        let busy: bool = connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
        if busy {
            return Err(busy_error().into());
        }
        let mut kept = self.kept();
        kept.since_checkpoint = 0;
        kept.head.in_file = kept.head.commits;
        kept.remember();
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection, to read. What is written goes through [`Store::transact`].
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account that is signed in.
    pub(crate) fn account_id(&self) -> Result<i64, StoreError> {
        match self.account.load(Ordering::Acquire) {
            0 => Err(StoreError::NoAccount),
            id => Ok(id),
        }
    }

    pub(crate) fn set_account_id(&self, id: i64) {
        self.account.store(id, Ordering::Release);
    }

    /// Writes by one statement; says how many rows it changed.
    pub(crate) fn execute(&self, statement: &str, values: impl Params) -> Result<usize, StoreError> {
        self.transact(|tx| Ok(tx.prepare_cached(statement)?.execute(values)?))
    }

    /// Does everything or nothing. Whatever changes is counted, so that its loss can be told.
    pub(crate) fn transact<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = transaction.total_changes();
        let result = work(&transaction)?;
        let commits = if transaction.total_changes() == before { None } else { Some(check::count(&transaction)?) };
        transaction.commit()?;
        if let Some(commits) = commits {
            let mut kept = self.kept();
            kept.head.commits = commits;
            kept.since_checkpoint = kept.since_checkpoint.saturating_add(1);
            kept.remember();
            let long = kept.since_checkpoint >= self.checkpoint_after;
            drop(kept);
            if (long || fs::metadata(self.folder.join(LOG)).is_ok_and(|meta| meta.len() >= LONG_LOG))
                && let Err(error) = self.empty_log(&connection)
            {
                // What was committed is safe in the log; a full disk may have room later.
                tracing::warn!(%error, "the log could not be moved into the database");
            }
        }
        Ok(result)
    }
}

impl Kept {
    /// A head that lags behind is allowed, so a commit does not fail with it.
    fn remember(&mut self) {
        if let Err(error) = self.file.write(&self.head) {
            tracing::warn!(%error, "how far the database is could not be noted");
        }
    }
}

impl Drop for Store {
    /// Empties the log and notes that the store was closed in order.
    fn drop(&mut self) {
        if self.kept().sound && self.checkpoint().is_ok() {
            let mut kept = self.kept();
            kept.head.clean = true;
            kept.remember();
            if let Err(error) = kept.file.sync() {
                tracing::warn!(%error, "the end could not be noted");
            }
        }
        // From here on SQLCipher overwrites what SQLite gives back: the pages that it has in memory are
        // clear, with the keys of cases on them. All the time it would cost too much.
        if let Err(error) = self.lock().execute_batch("pragma cipher_memory_security = on") {
            tracing::warn!(%error, "what the database had in memory is not overwritten");
        }
    }
}

/// Opens the connection and shows it the key. What is at the end of the log stays there when it is
/// closed: a damaged store is looked at before anything is moved.
fn connect(path: &Path, key: &DataKey, options: &StoreOptions) -> Result<Connection, StoreError> {
    let connection = match &options.vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs.as_str())?,
        None => Connection::open(path)?,
    };
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // It is on since a store was closed before.
    connection.execute_batch("pragma cipher_memory_security = off")?;
    let pragma = Zeroizing::new(format!("pragma key = \"x'{}'\";", key.database_key_hex().as_str()));
    connection.execute_batch(&pragma)?;
    connection.execute_batch(
        "pragma cipher_page_size = 16384;
         pragma cipher_hmac_algorithm = HMAC_SHA256;",
    )?;
    if options.exclusive {
        connection.execute_batch("pragma locking_mode = exclusive")?;
    }
    connection.query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    Ok(connection)
}

fn busy_error() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
}

pub(crate) fn put_value(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    connection.execute(
        "insert into meta (key, value) values (?1, ?2) on conflict (key) do update set value = excluded.value",
        params![key, value],
    )?;
    Ok(())
}

fn migrate(connection: &mut Connection, found: u32) -> Result<(), StoreError> {
    for (version, sql) in (1_u32..).zip(MIGRATIONS).skip(found as usize) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Only the reviewer may read the file, from its first moment on; SQLite gives its log the same
/// rights.
fn make_private(path: &Path) -> Result<(), StoreError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    drop(file);
    Ok(())
}
