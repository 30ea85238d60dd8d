//! Authorization codes and tokens; only their hashes are stored.

use super::Conn;
use crate::error::Result;
use pingli_protocol::{ReviewerId, Sha256, UtcInstant};

/// An authorization code as it is stored.
#[derive(Debug, Clone)]
pub struct Code {
    /// Who signed in.
    pub reviewer: ReviewerId,
    /// The client it was made for.
    pub client_id: String,
    /// The address it was sent to.
    pub redirect_uri: String,
    /// The PKCE challenge (S256).
    pub code_challenge: String,
    /// Until when it is good.
    pub expires_at: UtcInstant,
    /// The family it was changed for; a code is good once.
    pub family: Option<String>,
}

/// A refresh token as it is stored.
#[derive(Debug, Clone)]
pub struct RefreshToken {
    /// Its family.
    pub family: String,
    /// Whose it is.
    pub reviewer: ReviewerId,
    /// The token it was made from.
    pub parent: Option<String>,
    /// Until when it is good.
    pub expires_at: UtcInstant,
    /// When it was first changed for another.
    pub rotated_at: Option<UtcInstant>,
    /// When a child of it was used.
    pub retired_at: Option<UtcInstant>,
    /// Whether the family was revoked.
    pub revoked: bool,
}

/// Stores a code.
///
/// # Errors
/// When the database fails.
pub async fn add_code(conn: &mut Conn, hash: Sha256, code: &Code) -> Result<()> {
    sqlx::query(
        "insert into authorization_codes (code_sha256, reviewer, client_id, redirect_uri, code_challenge, expires_at)
         values (?, ?, ?, ?, ?, ?)",
    )
    .bind(hash.to_string())
    .bind(code.reviewer.as_str())
    .bind(&code.client_id)
    .bind(&code.redirect_uri)
    .bind(&code.code_challenge)
    .bind(code.expires_at.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// Finds a code.
///
/// # Errors
/// When the database fails.
pub async fn code(conn: &mut Conn, hash: Sha256) -> Result<Option<Code>> {
    type Row = (String, String, String, String, i64, Option<String>);
    let row: Option<Row> = sqlx::query_as(
        "select reviewer, client_id, redirect_uri, code_challenge, expires_at, family
         from authorization_codes where code_sha256 = ?",
    )
    .bind(hash.to_string())
    .fetch_optional(conn)
    .await?;
    row.map(|(reviewer, client_id, redirect_uri, code_challenge, expires_at, family)| {
        Ok(Code {
            reviewer: super::id_from(reviewer)?,
            client_id,
            redirect_uri,
            code_challenge,
            expires_at: UtcInstant::from_millis(expires_at),
            family,
        })
    })
    .transpose()
}

/// Marks a code as used.
///
/// # Errors
/// When the database fails.
pub async fn use_code(conn: &mut Conn, hash: Sha256, family: &str) -> Result<()> {
    sqlx::query("update authorization_codes set family = ? where code_sha256 = ?")
        .bind(family)
        .bind(hash.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Begins a family of tokens.
///
/// # Errors
/// When the database fails.
pub async fn add_family(
    conn: &mut Conn,
    id: &str,
    reviewer: &ReviewerId,
    client_id: &str,
    now: UtcInstant,
) -> Result<()> {
    sqlx::query("insert into token_families (id, reviewer, client_id, created_at) values (?, ?, ?, ?)")
        .bind(id)
        .bind(reviewer.as_str())
        .bind(client_id)
        .bind(now.as_millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a family: its tokens are good for nothing from now on.
///
/// # Errors
/// When the database fails.
pub async fn revoke_family(conn: &mut Conn, id: &str, now: UtcInstant) -> Result<()> {
    sqlx::query("update token_families set revoked_at = ? where id = ? and revoked_at is null")
        .bind(now.as_millis())
        .bind(id)
        .execute(&mut *conn)
        .await?;
    sqlx::query("delete from access_tokens where family = ?").bind(id).execute(conn).await?;
    Ok(())
}

/// Stores an access token.
///
/// # Errors
/// When the database fails.
pub async fn add_access(
    conn: &mut Conn,
    hash: Sha256,
    family: &str,
    reviewer: &ReviewerId,
    expires_at: UtcInstant,
) -> Result<()> {
    sqlx::query("insert into access_tokens (token_sha256, family, reviewer, expires_at) values (?, ?, ?, ?)")
        .bind(hash.to_string())
        .bind(family)
        .bind(reviewer.as_str())
        .bind(expires_at.as_millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose access token it is, while it is good.
///
/// # Errors
/// When the database fails.
pub async fn access(conn: &mut Conn, hash: Sha256, now: UtcInstant) -> Result<Option<ReviewerId>> {
    let row: Option<String> = sqlx::query_scalar(
        "select t.reviewer from access_tokens t join accounts a on a.id = t.reviewer
         where t.token_sha256 = ? and t.expires_at > ? and a.state <> 'removed'",
    )
    .bind(hash.to_string())
    .bind(now.as_millis())
    .fetch_optional(conn)
    .await?;
    row.map(super::id_from).transpose()
}

/// The family of an access token, good or not.
///
/// # Errors
/// When the database fails.
pub async fn access_family(conn: &mut Conn, hash: Sha256) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("select family from access_tokens where token_sha256 = ?")
        .bind(hash.to_string())
        .fetch_optional(conn)
        .await?)
}

/// Stores a refresh token.
///
/// # Errors
/// When the database fails.
pub async fn add_refresh(
    conn: &mut Conn,
    hash: Sha256,
    family: &str,
    parent: Option<Sha256>,
    expires_at: UtcInstant,
) -> Result<()> {
    sqlx::query("insert into refresh_tokens (token_sha256, family, parent, expires_at) values (?, ?, ?, ?)")
        .bind(hash.to_string())
        .bind(family)
        .bind(parent.map(|hash| hash.to_string()))
        .bind(expires_at.as_millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Finds a refresh token.
///
/// # Errors
/// When the database fails.
pub async fn refresh(conn: &mut Conn, hash: Sha256) -> Result<Option<RefreshToken>> {
    type Row = (String, String, Option<String>, i64, Option<i64>, Option<i64>, Option<i64>);
    let row: Option<Row> = sqlx::query_as(
        "select r.family, f.reviewer, r.parent, r.expires_at, r.rotated_at, r.retired_at, f.revoked_at
         from refresh_tokens r join token_families f on f.id = r.family where r.token_sha256 = ?",
    )
    .bind(hash.to_string())
    .fetch_optional(conn)
    .await?;
    row.map(|(family, reviewer, parent, expires_at, rotated_at, retired_at, revoked_at)| {
        Ok(RefreshToken {
            family,
            reviewer: super::id_from(reviewer)?,
            parent,
            expires_at: UtcInstant::from_millis(expires_at),
            rotated_at: rotated_at.map(UtcInstant::from_millis),
            retired_at: retired_at.map(UtcInstant::from_millis),
            revoked: revoked_at.is_some(),
        })
    })
    .transpose()
}

/// Notes that a token was changed for another: its parent, and the parent's other children, are
/// copies that nobody honest still holds.
///
/// # Errors
/// When the database fails.
pub async fn rotate(conn: &mut Conn, hash: Sha256, parent: Option<&str>, now: UtcInstant) -> Result<()> {
    let (hash, now) = (hash.to_string(), now.as_millis());
    sqlx::query("update refresh_tokens set rotated_at = ? where token_sha256 = ? and rotated_at is null")
        .bind(now)
        .bind(&hash)
        .execute(&mut *conn)
        .await?;
    if let Some(parent) = parent {
        sqlx::query(
            "update refresh_tokens set retired_at = ?
             where retired_at is null and token_sha256 <> ? and (token_sha256 = ? or parent = ?)",
        )
        .bind(now)
        .bind(&hash)
        .bind(parent)
        .bind(parent)
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Forgets codes and access tokens that ran out a day ago.
///
/// # Errors
/// When the database fails.
pub async fn sweep(conn: &mut Conn, now: UtcInstant) -> Result<()> {
    let before = now.plus_seconds(-24 * 3600).as_millis();
    sqlx::query("delete from access_tokens where expires_at < ?").bind(before).execute(&mut *conn).await?;
    sqlx::query("delete from authorization_codes where expires_at < ?").bind(before).execute(conn).await?;
    Ok(())
}
