//! The database: all SQL is in this folder, one file per group of tables, so that another database
//! has one place to go. Functions take an open connection, so that their caller says what belongs
//! into one transaction. There is one writing connection; reads go beside it. Acts of reviewers share
//! a transaction with others that come at the same time ([`Db::batch`]); what time and the operator
//! do has one of its own ([`Db::write`]).

pub mod accounts;
pub mod ballots;
pub mod cases;
pub mod charity;
pub mod damage;
pub mod feed;
pub mod journals;
pub mod ledger;
pub mod packs;
pub mod receipts;
pub mod seats;
pub mod tokens;
mod writer;

use self::writer::Writer;
use crate::{
    config::{DatabaseOptions, Synchronous},
    error::{Error, Result},
};
use futures_util::future::BoxFuture;
use pingli_protocol::Sha256;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{
    Connection as _, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

/// A connection inside a transaction.
pub type Conn = sqlx::SqliteConnection;

/// An open transaction; dropped without a commit it leaves nothing behind.
pub type Tx = Transaction<'static, Sqlite>;

/// The database of a data folder.
#[derive(Debug, Clone)]
pub struct Db {
    read: SqlitePool,
    write: SqlitePool,
    writer: Writer,
}

impl Db {
    /// Opens the database file, makes it where it is missing, and brings it up to date. So many pieces
    /// of work may share one commit.
    ///
    /// # Errors
    /// When the file cannot be opened or is from a newer server.
    pub async fn open(file: &Path, group_commit: usize, reached: &DatabaseOptions) -> Result<Self> {
        let mut options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(match reached.synchronous {
                Synchronous::Full => SqliteSynchronous::Full,
                Synchronous::Normal => SqliteSynchronous::Normal,
            })
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        if let Some(vfs) = &reached.vfs {
            options = options.vfs(vfs.clone());
        }
        let pool = |size| SqlitePoolOptions::new().max_connections(size).acquire_timeout(Duration::from_secs(20));
        // When a disk is full SQLite ends the transaction by itself, and sqlx goes on counting it: every later
        // one would be refused. Such a connection is closed, and another takes its place.
        let write = pool(1)
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("./migrations").run(&write).await?;
        let read = pool(4).connect_with(options).await?;
        Ok(Self { writer: Writer::start(write.clone(), group_commit), read, write })
    }

    /// Does a piece of work together with others that wait, and answers when it is on the disk; work
    /// that fails leaves nothing behind and takes nobody along. It runs to its end even when nobody
    /// waits for its answer any more: a hang-up must not decide whether a ballot was kept.
    ///
    /// # Errors
    /// The work's own; [`Error::NotBegun`]; [`Error::NotCommitted`] when the disk refused.
    pub async fn batch<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T>> + Send + 'static,
    ) -> Result<T> {
        self.writer.write(work).await
    }

    /// Begins a transaction that may write; one at a time.
    ///
    /// # Errors
    /// When another process keeps the file locked, or the queue is too long.
    pub async fn write(&self) -> Result<Tx> {
        Ok(self.write.begin_with("begin immediate").await?)
    }

    /// Begins a transaction that reads one state of the database.
    ///
    /// # Errors
    /// When the queue is too long.
    pub async fn read(&self) -> Result<Tx> {
        Ok(self.read.begin().await?)
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// The text that stands for a value of an enum in a column: the same as on the wire.
pub fn text_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        other => format!("{other:?}"),
    }
}

/// Reads a column back into its enum.
///
/// # Errors
/// [`Error::Broken`] when the column holds no such value.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|_| Error::Broken(format!("unknown value in a column: {text:.40}")))
}

/// Reads an id column.
///
/// # Errors
/// [`Error::Broken`] when the column holds no id.
pub fn id_from<T: TryFrom<String>>(text: String) -> Result<T> {
    T::try_from(text).map_err(|_| Error::Broken("an id column holds no id".into()))
}

/// Reads a column that holds a hash.
///
/// # Errors
/// [`Error::Broken`] when it holds none.
pub fn hash_from(text: &str) -> Result<Sha256> {
    text.parse().map_err(|_| Error::Broken("a hash column holds no hash".into()))
}

/// Reads a fact about this database.
///
/// # Errors
/// When the database fails.
pub async fn meta(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("select value from meta where name = ?").bind(name).fetch_optional(conn).await?)
}

/// Writes a fact about this database.
///
/// # Errors
/// When the database fails.
pub async fn set_meta(conn: &mut Conn, name: &str, value: &str) -> Result<()> {
    sqlx::query("insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value")
        .bind(name)
        .bind(value)
        .execute(conn)
        .await?;
    Ok(())
}
