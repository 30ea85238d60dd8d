//! The ledger: entries are only ever added; an entry counts once it has a posting.

use super::Conn;
use crate::error::{Error, Result};
use pingli_protocol::{
    CaseId, Points, ReviewerId, UtcInstant,
    ledger::{Balance, LedgerEntry, LedgerReference, LedgerState},
};

/// Adds an entry, and its posting when it counts at once.
///
/// # Errors
/// When the database fails.
pub async fn add(conn: &mut Conn, reviewer: &ReviewerId, entry: &LedgerEntry) -> Result<()> {
    let waits_for = match &entry.refers_to {
        LedgerReference::Case { case, round, .. } => Some((case.as_str(), *round)),
        _ => None,
    };
    sqlx::query(
        "insert into ledger_entries (id, reviewer, at, kind, points, refers_to, case_id, round)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(entry.id.as_str())
    .bind(reviewer.as_str())
    .bind(entry.at.as_millis())
    .bind(super::text_of(&entry.kind))
    .bind(entry.points.get())
    .bind(serde_json::to_string(&entry.refers_to)?)
    .bind(waits_for.map(|(case, _)| case))
    .bind(waits_for.map(|(_, round)| round))
    .execute(&mut *conn)
    .await?;
    if entry.state == LedgerState::Posted {
        post(conn, entry.id.as_str(), entry.at).await?;
    }
    Ok(())
}

/// Posts an entry.
///
/// # Errors
/// When the database fails, or it is posted already.
pub async fn post(conn: &mut Conn, entry: &str, now: UtcInstant) -> Result<()> {
    sqlx::query("insert into ledger_postings (entry, posted_at) values (?, ?)")
        .bind(entry)
        .bind(now.as_millis())
        .execute(conn)
        .await?;
    Ok(())
}

type Row = (String, String, i64, String, i64, String, bool);

fn read(row: Row) -> Result<(ReviewerId, LedgerEntry)> {
    let (id, reviewer, at, kind, points, refers_to, posted) = row;
    let entry = LedgerEntry {
        id: super::id_from(id)?,
        at: UtcInstant::from_millis(at),
        kind: super::from_text(&kind)?,
        points: Points::new(points).map_err(|e| Error::Broken(e.to_string()))?,
        refers_to: serde_json::from_str(&refers_to)?,
        state: if posted { LedgerState::Posted } else { LedgerState::Pending },
    };
    Ok((super::id_from(reviewer)?, entry))
}

/// The entries that wait for a case, with whose they are.
///
/// # Errors
/// When the database fails.
pub async fn pending_of_case(conn: &mut Conn, case: &CaseId, round: u32) -> Result<Vec<(ReviewerId, LedgerEntry)>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select e.id, e.reviewer, e.at, e.kind, e.points, e.refers_to, 0 from ledger_entries e
         where e.case_id = ? and e.round = ? and not exists (select 1 from ledger_postings p where p.entry = e.id)",
    )
    .bind(case.as_str())
    .bind(round)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(read).collect()
}

/// What a reviewer's entries come to.
///
/// # Errors
/// When the database fails, or a sum would not be exact.
pub async fn balance(conn: &mut Conn, reviewer: &ReviewerId) -> Result<Balance> {
    let rows: Vec<Row> = sqlx::query_as(
        "select e.id, e.reviewer, e.at, e.kind, e.points, e.refers_to, p.entry is not null from ledger_entries e
         left join ledger_postings p on p.entry = e.id where e.reviewer = ?",
    )
    .bind(reviewer.as_str())
    .fetch_all(conn)
    .await?;
    let entries = rows.into_iter().map(|row| read(row).map(|(_, entry)| entry)).collect::<Result<Vec<_>>>()?;
    Balance::of(&entries).map_err(|e| Error::Broken(e.to_string()))
}
