//! Accounts: who may sign in, and the state of their standing.

use super::Conn;
use crate::error::Result;
use pingli_protocol::{ReviewerId, UtcInstant};

/// An account as it is stored.
#[derive(Clone)]
pub struct Account {
    /// The reviewer.
    pub id: ReviewerId,
    /// The name to show.
    pub display_name: String,
    /// The password's argon2id hash, PHC form.
    pub password_hash: String,
    /// The state.
    pub state: AccountState,
    /// Since when.
    pub created_at: UtcInstant,
    /// When the last freeze began.
    pub frozen_since: Option<UtcInstant>,
    /// When it ends.
    pub frozen_until: Option<UtcInstant>,
}

/// The state of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// In good standing.
    Good,
    /// Lost for a time.
    Frozen,
    /// Lost for good.
    Removed,
}

type Row = (String, String, String, String, i64, Option<i64>, Option<i64>);

fn read(row: Row) -> Result<Account> {
    let (id, display_name, password_hash, state, created_at, since, until) = row;
    Ok(Account {
        id: super::id_from(id)?,
        display_name,
        password_hash,
        state: super::from_text(&state)?,
        created_at: UtcInstant::from_millis(created_at),
        frozen_since: since.map(UtcInstant::from_millis),
        frozen_until: until.map(UtcInstant::from_millis),
    })
}

/// Adds an account; false when the name is taken.
///
/// # Errors
/// When the database fails.
pub async fn add(conn: &mut Conn, name: &str, account: &Account) -> Result<bool> {
    let done = sqlx::query(
        "insert into accounts (id, name, display_name, password_hash, state, created_at)
         values (?, ?, ?, ?, ?, ?) on conflict (name) do nothing",
    )
    .bind(account.id.as_str())
    .bind(name)
    .bind(&account.display_name)
    .bind(&account.password_hash)
    .bind(super::text_of(&account.state))
    .bind(account.created_at.as_millis())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Changes an account's password; false when there is no such name.
///
/// # Errors
/// When the database fails.
pub async fn set_password(conn: &mut Conn, name: &str, password_hash: &str) -> Result<bool> {
    let done = sqlx::query("update accounts set password_hash = ? where name = ?")
        .bind(password_hash)
        .bind(name)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Finds an account by the name typed at sign-in.
///
/// # Errors
/// When the database fails.
pub async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, display_name, password_hash, state, created_at, frozen_since, frozen_until
         from accounts where name = ?",
    )
    .bind(name)
    .fetch_optional(conn)
    .await?;
    row.map(read).transpose()
}

/// Finds an account.
///
/// # Errors
/// When the database fails.
pub async fn by_id(conn: &mut Conn, id: &ReviewerId) -> Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, display_name, password_hash, state, created_at, frozen_since, frozen_until
         from accounts where id = ?",
    )
    .bind(id.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(read).transpose()
}

/// Freezes a standing until an instant.
///
/// # Errors
/// When the database fails.
pub async fn freeze(conn: &mut Conn, id: &ReviewerId, since: UtcInstant, until: UtcInstant) -> Result<()> {
    sqlx::query("update accounts set state = 'frozen', frozen_since = ?, frozen_until = ? where id = ?")
        .bind(since.as_millis())
        .bind(until.as_millis())
        .bind(id.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Lifts the freezes that have ended, and says whose.
///
/// # Errors
/// When the database fails.
pub async fn thaw(conn: &mut Conn, now: UtcInstant) -> Result<Vec<ReviewerId>> {
    let ids: Vec<String> = sqlx::query_scalar(
        "update accounts set state = 'good', frozen_until = null
         where state = 'frozen' and frozen_until <= ? returning id",
    )
    .bind(now.as_millis())
    .fetch_all(conn)
    .await?;
    ids.into_iter().map(super::id_from).collect()
}

/// Notes when a standing changes by itself, because a quota renews.
///
/// # Errors
/// When the database fails.
pub async fn set_standing_due(conn: &mut Conn, id: &ReviewerId, at: Option<UtcInstant>) -> Result<()> {
    sqlx::query("update accounts set standing_due_at = ? where id = ?")
        .bind(at.map(UtcInstant::as_millis))
        .bind(id.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose standing changes by itself about now.
///
/// # Errors
/// When the database fails.
pub async fn standing_due(conn: &mut Conn, now: UtcInstant) -> Result<Vec<ReviewerId>> {
    let ids: Vec<String> = sqlx::query_scalar("select id from accounts where standing_due_at <= ?")
        .bind(now.as_millis())
        .fetch_all(conn)
        .await?;
    ids.into_iter().map(super::id_from).collect()
}
