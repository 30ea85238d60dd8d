//! The journals of reviewers' programs: their newest links, and the receipts given under them.

use super::Conn;
use crate::error::Result;
use pingli_protocol::{
    JournalId, ReviewerId, UtcInstant,
    journal::{ActKind, JournalHead, KeptReceipt, Place},
};

/// What is known of a journal; of one that nobody told of, nothing.
///
/// # Errors
/// When the database fails.
pub async fn head(conn: &mut Conn, reviewer: &ReviewerId, journal: &JournalId) -> Result<JournalHead> {
    let row: Option<(i64, String, u32)> =
        sqlx::query_as("select seq, sha256, receipts from journals where reviewer = ? and journal = ?")
            .bind(reviewer.as_str())
            .bind(journal.as_str())
            .fetch_optional(conn)
            .await?;
    let Some((seq, sha256, receipts)) = row else { return Ok(JournalHead::UNKNOWN) };
    Ok(JournalHead { seq, sha256: super::hash_from(&sha256)?, receipts })
}

/// Notes a link where it is newer than the newest. Of two at one place the first stays: the program
/// that was told second finds out when it compares.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    conn: &mut Conn,
    reviewer: &ReviewerId,
    place: &Place,
    predecessor: Option<&JournalId>,
    now: UtcInstant,
) -> Result<()> {
    sqlx::query(
        "insert into journals (reviewer, journal, seq, sha256, predecessor, told_at) values (?, ?, ?, ?, ?, ?)
         on conflict (reviewer, journal) do update set seq = excluded.seq, sha256 = excluded.sha256,
         told_at = excluded.told_at, predecessor = coalesce(journals.predecessor, excluded.predecessor)
         where excluded.seq > journals.seq",
    )
    .bind(reviewer.as_str())
    .bind(place.journal.as_str())
    .bind(place.seq)
    .bind(place.sha256.to_string())
    .bind(predecessor.map(JournalId::as_str))
    .bind(now.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that a receipt was given to an act at a place. The same receipt is noted once a journal.
///
/// # Errors
/// When the database fails.
pub async fn note_receipt(
    conn: &mut Conn,
    reviewer: &ReviewerId,
    place: &Place,
    receipt: &str,
    now: UtcInstant,
) -> Result<()> {
    tell(conn, reviewer, place, None, now).await?;
    let noted = sqlx::query(
        "insert into journal_links (reviewer, journal, receipt, seq, sha256) values (?, ?, ?, ?, ?)
         on conflict (reviewer, journal, receipt) do nothing",
    )
    .bind(reviewer.as_str())
    .bind(place.journal.as_str())
    .bind(receipt)
    .bind(place.seq)
    .bind(place.sha256.to_string())
    .execute(&mut *conn)
    .await?;
    if noted.rows_affected() > 0 {
        sqlx::query("update journals set receipts = receipts + 1 where reviewer = ? and journal = ?")
            .bind(reviewer.as_str())
            .bind(place.journal.as_str())
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// The receipts given under a journal after a place, about `limit` of them: all of a place or none.
///
/// # Errors
/// When the database fails.
pub async fn receipts(
    conn: &mut Conn,
    reviewer: &ReviewerId,
    journal: &JournalId,
    after: i64,
    limit: u32,
) -> Result<Vec<KeptReceipt>> {
    let rows: Vec<(i64, String, String, String, String)> = sqlx::query_as(
        "select links.seq, links.sha256, receipts.id, receipts.kind, receipts.body
         from journal_links links join receipts on receipts.id = links.receipt
         where links.reviewer = ?1 and links.journal = ?2 and links.seq > ?3 and links.seq <= coalesce(
             (select seq from journal_links where reviewer = ?1 and journal = ?2 and seq > ?3
              order by seq limit 1 offset ?4), 9007199254740991)
         order by links.seq, receipts.id",
    )
    .bind(reviewer.as_str())
    .bind(journal.as_str())
    .bind(after)
    .bind(i64::from(limit) - 1)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(seq, sha256, id, kind, body)| {
            Ok(KeptReceipt { seq, sha256: super::hash_from(&sha256)?, id: super::id_from(id)?, kind: act(&kind), body })
        })
        .collect()
}

/// Whether there are receipts after a place.
///
/// # Errors
/// When the database fails.
pub async fn has_more(conn: &mut Conn, reviewer: &ReviewerId, journal: &JournalId, after: i64) -> Result<bool> {
    Ok(sqlx::query_scalar("select exists (select 1 from journal_links where reviewer = ? and journal = ? and seq > ?)")
        .bind(reviewer.as_str())
        .bind(journal.as_str())
        .bind(after)
        .fetch_one(conn)
        .await?)
}

/// The act behind the kind of a receipt.
fn act(kind: &str) -> ActKind {
    match kind {
        "accept" => ActKind::Accept,
        "return" => ActKind::Return,
        "recuse" => ActKind::Recuse,
        "damage" => ActKind::ReportDamage,
        "ballot" => ActKind::Ballot,
        "donation" => ActKind::Donate,
        "donation_cancel" => ActKind::CancelDonation,
        _ => ActKind::Unknown,
    }
}
