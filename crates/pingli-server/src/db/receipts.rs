//! Receipts: the answer to every write, stored with its effect and given again, byte for byte, to
//! whoever asks with the same id.

use super::Conn;
use crate::error::{Error, Result};
use pingli_protocol::{DonationId, ReviewerId, Sha256, UtcInstant, journal::Place, problem::ProblemCode};
use serde::Serialize;

/// What a write asked for, in one canonical form.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The client's id, unique on the server for ever.
    pub id: String,
    /// Who asked.
    pub reviewer: ReviewerId,
    /// What kind of write.
    pub kind: &'static str,
    /// Where it stands in the journal of the program that asked, where that was said.
    pub place: Option<Place>,
    request: Sha256,
}

/// Keys of the server's own begin so; a program's may not.
const CANCEL: &str = "cancel:";

impl Asked {
    /// Describes a write; `target` is what the address names beside the body. The form is kept for
    /// ever: a field that is added to a request must be left out of it where it is not used, or what
    /// was asked yesterday would be something else today.
    ///
    /// # Errors
    /// `invalid_request` for an id that is the server's; when the content cannot be written as JSON.
    pub fn new(
        id: &str,
        reviewer: &ReviewerId,
        kind: &'static str,
        target: &str,
        content: &impl Serialize,
    ) -> Result<Self> {
        if id.starts_with(CANCEL) {
            return Err(Error::invalid("ids of that form are the server's"));
        }
        let text = serde_json::to_string(&(kind, target, content))?;
        let request = Sha256::of(text.as_bytes());
        Ok(Self { id: id.to_owned(), reviewer: reviewer.clone(), kind, place: None, request })
    }

    /// Describes the cancelling of a donation, whose id is the key.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn cancel(reviewer: &ReviewerId, donation: &DonationId) -> Result<Self> {
        let asked = Self::new(donation.as_str(), reviewer, "donation_cancel", donation.as_str(), &())?;
        Ok(Self { id: format!("{CANCEL}{donation}"), ..asked })
    }

    /// Says where it stands in a journal.
    #[must_use]
    pub fn at(self, place: Option<Place>) -> Self {
        Self { place, ..self }
    }

    /// The hash of what was asked.
    #[must_use]
    pub const fn request(&self) -> Sha256 {
        self.request
    }
}

/// Finds the stored answer to a write.
///
/// # Errors
/// `id_reused` when the id was used for something else, or by somebody else.
pub async fn find(conn: &mut Conn, asked: &Asked) -> Result<Option<String>> {
    let row: Option<(String, String, String, String)> =
        sqlx::query_as("select reviewer, kind, request_sha256, body from receipts where id = ?")
            .bind(&asked.id)
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
pub async fn store(conn: &mut Conn, asked: &Asked, body: &str, now: UtcInstant) -> Result<()> {
    sqlx::query(
        "insert into receipts (id, reviewer, kind, request_sha256, body, received_at) values (?, ?, ?, ?, ?, ?)",
    )
    .bind(&asked.id)
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
