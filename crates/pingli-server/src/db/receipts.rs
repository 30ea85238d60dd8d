//! Receipts: the answer to every write, stored with its effect and given again, byte for byte, to
//! whoever asks with the same id.

use super::Conn;
use crate::error::{Error, Result};
use pingli_protocol::{ReviewerId, Sha256, UtcInstant, problem::ProblemCode};
use serde::Serialize;

/// What a write asked for, in one canonical form.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The client's id, unique on the server for ever.
    pub id: &'a str,
    /// Who asked.
    pub reviewer: &'a ReviewerId,
    /// What kind of write.
    pub kind: &'static str,
    request: Sha256,
}

impl<'a> Asked<'a> {
    /// Describes a write; `target` is what the address names beside the body.
    ///
    /// # Errors
    /// When the content cannot be written as JSON.
    pub fn new(
        id: &'a str,
        reviewer: &'a ReviewerId,
        kind: &'static str,
        target: &str,
        content: &impl Serialize,
    ) -> Result<Self> {
        let text = serde_json::to_string(&(kind, target, content))?;
        Ok(Self { id, reviewer, kind, request: Sha256::of(text.as_bytes()) })
    }
}

/// Finds the stored answer to a write.
///
/// # Errors
/// `id_reused` when the id was used for something else, or by somebody else.
pub async fn find(conn: &mut Conn, asked: &Asked<'_>) -> Result<Option<String>> {
    let row: Option<(String, String, String, String)> =
        sqlx::query_as("select reviewer, kind, request_sha256, body from receipts where id = ?")
            .bind(asked.id)
            .fetch_optional(conn)
            .await?;
    match row {
        None => Ok(None),
        Some((reviewer, kind, request, body))
            if reviewer == asked.reviewer.as_str() && kind == asked.kind && request == asked.request.to_string() =>
        {
            Ok(Some(body))
        }
        Some(_) => Err(Error::refused(ProblemCode::IdReused, "this id was used for something else")),
    }
}

/// Stores the answer to a write.
///
/// # Errors
/// When the database fails.
pub async fn store(conn: &mut Conn, asked: &Asked<'_>, body: &str, now: UtcInstant) -> Result<()> {
    sqlx::query(
        "insert into receipts (id, reviewer, kind, request_sha256, body, received_at) values (?, ?, ?, ?, ?, ?)",
    )
    .bind(asked.id)
    .bind(asked.reviewer.as_str())
    .bind(asked.kind)
    .bind(asked.request.to_string())
    .bind(body)
    .bind(now.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// Finds an answer by id alone; only the asker's own, and only of that kind.
///
/// # Errors
/// When the database fails.
pub async fn by_id(conn: &mut Conn, reviewer: &ReviewerId, kind: &str, id: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("select body from receipts where id = ? and reviewer = ? and kind = ?")
        .bind(id)
        .bind(reviewer.as_str())
        .bind(kind)
        .fetch_optional(conn)
        .await?)
}
