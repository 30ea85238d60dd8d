//! Opening the database: key, settings of the cipher, migrations.

use crate::{StoreError, keys::DataKey};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
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
pub(crate) const PACKS: &str = "packs";

/// Migrations only go forward and are never edited.
const MIGRATIONS: [&str; 3] = [
    include_str!("../migrations/0001_start.sql"),
    include_str!("../migrations/0002_chat.sql"),
    include_str!("../migrations/0003_journal.sql"),
];

/// Statements that are kept prepared; more than there are.
const STATEMENTS: usize = 64;

/// The open, encrypted store of one data folder.
pub struct Store {
    connection: Mutex<Connection>,
    folder: PathBuf,
    /// The account that is signed in; 0 for none.
    account: AtomicI64,
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
        folder.join(DATABASE).exists()
    }

    /// Opens the database of a folder, making it when it is not there.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the key is right and the bytes are not; [`StoreError::Newer`];
    /// [`StoreError::Io`].
    pub fn open(folder: &Path, key: &DataKey) -> Result<Self, StoreError> {
        fs::create_dir_all(folder.join(PACKS))?;
        let path = folder.join(DATABASE);
        let mut connection = Connection::open(&path)?;
        restrict(&path)?;
        let pragma = Zeroizing::new(format!("pragma key = \"x'{}'\";", key.database_key_hex().as_str()));
        connection.execute_batch(&pragma)?;
        connection.execute_batch(
            "pragma cipher_page_size = 16384;
             pragma cipher_hmac_algorithm = HMAC_SHA256;",
        )?;
        connection.query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, i64>(0)).map_err(
            |error| match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => StoreError::Damaged,
                _ => error.into(),
            },
        )?;
        connection.execute_batch(
            "pragma journal_mode = wal;
             pragma synchronous = full;
             pragma secure_delete = on;
             pragma foreign_keys = on;
             pragma temp_store = memory;
             pragma busy_timeout = 5000;",
        )?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        migrate(&mut connection)?;
        let account = connection
            .query_row("select value from meta where key = 'account'", [], |row| row.get::<_, String>(0))
            .optional()?
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        Ok(Self { connection: Mutex::new(connection), folder: folder.to_owned(), account: AtomicI64::new(account) })
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
        put_value(&self.lock(), key, value)
    }

    /// Bytes of the database on disk, its log included.
    #[must_use]
    pub fn database_bytes(&self) -> u64 {
        let size = |name: &str| fs::metadata(self.folder.join(name)).map_or(0, |meta| meta.len());
        size(DATABASE) + size("pingli.db-wal") + size("pingli.db-shm")
    }

    /// Moves everything from the log into the database and empties the log.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        self.lock().query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
        Ok(())
    }

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

    /// Does everything or nothing.
    pub(crate) fn transact<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

pub(crate) fn put_value(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    connection.execute(
        "insert into meta (key, value) values (?1, ?2) on conflict (key) do update set value = excluded.value",
        params![key, value],
    )?;
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let found: u32 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (version, sql) in (1_u32..).zip(MIGRATIONS).skip(found as usize) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Only the reviewer may read the file.
fn restrict(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
