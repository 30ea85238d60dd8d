//! Reports of damaged packs.

use super::Conn;
use crate::error::Result;
use pingli_protocol::{Sha256, UtcInstant, seat::DamageReport};

/// Where a report belongs.
#[derive(Debug, Clone, Copy)]
pub struct Reported<'a> {
    /// The report.
    pub report: &'a DamageReport,
    /// The seat whose pack it is.
    pub seat: &'a super::seats::SeatRow,
}

/// Notes a report.
///
/// # Errors
/// When the database fails.
pub async fn note(conn: &mut Conn, reported: Reported<'_>, now: UtcInstant) -> Result<()> {
    let Reported { report, seat } = reported;
    sqlx::query(
        "insert into damage_reports (id, seat, case_id, round, pack_sha256, code, evidence, received_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(report.id.as_str())
    .bind(seat.id.as_str())
    .bind(seat.case.as_str())
    .bind(seat.round)
    .bind(report.pack_sha256.to_string())
    .bind(&report.code)
    .bind(report.evidence.as_ref().map(|id| id.as_str()))
    .bind(now.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// How many reports of a pack came since then.
///
/// # Errors
/// When the database fails.
pub async fn reports_since(conn: &mut Conn, pack: Sha256, since: UtcInstant) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from damage_reports where pack_sha256 = ? and received_at > ?")
        .bind(pack.to_string())
        .bind(since.as_millis())
        .fetch_one(conn)
        .await?)
}
