//! Ballots as they were received, and what they come to.

use super::Conn;
use crate::error::Result;
use pingli_protocol::{BallotId, CaseId, OptionId, ReviewerId, SeatId, UtcInstant, ballot::Ballot};

/// A ballot as it is stored.
#[derive(Clone)]
pub struct BallotRow {
    /// The ballot.
    pub id: BallotId,
    /// The seat it came from.
    pub seat: SeatId,
    /// The choice.
    pub choice: OptionId,
    /// Whether it is among the counts.
    pub counted: bool,
    /// Whether another reviewer takes the seat.
    pub replaced: bool,
    /// What it earned.
    pub points: i64,
}

/// Stores a ballot; `body` is the bytes as they came.
///
/// # Errors
/// When the database fails, or the seat has a ballot.
pub async fn add(
    conn: &mut Conn,
    ballot: &Ballot,
    row: &BallotRow,
    reviewer: &ReviewerId,
    body: &str,
    now: UtcInstant,
) -> Result<()> {
    sqlx::query(
        "insert into ballots (id, seat, case_id, round, reviewer, choice, counted, replaced, body, points, received_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(ballot.id.as_str())
    .bind(ballot.seat.as_str())
    .bind(ballot.case.as_str())
    .bind(ballot.round)
    .bind(reviewer.as_str())
    .bind(ballot.choice.as_str())
    .bind(row.counted)
    .bind(row.replaced)
    .bind(body)
    .bind(row.points)
    .bind(now.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// The ballot of a seat.
///
/// # Errors
/// When the database fails.
pub async fn of_seat(conn: &mut Conn, seat: &SeatId) -> Result<Option<BallotRow>> {
    let row: Option<(String, String, String, bool, bool, i64)> =
        sqlx::query_as("select id, seat, choice, counted, replaced, points from ballots where seat = ?")
            .bind(seat.as_str())
            .fetch_optional(conn)
            .await?;
    row.map(|(id, seat, choice, counted, replaced, points)| {
        Ok(BallotRow {
            id: super::id_from(id)?,
            seat: super::id_from(seat)?,
            choice: super::id_from(choice)?,
            counted,
            replaced,
            points,
        })
    })
    .transpose()
}

/// Choice and `replaced` of every counted ballot of a panel.
///
/// # Errors
/// When the database fails.
pub async fn counted(conn: &mut Conn, case: &CaseId, round: u32) -> Result<Vec<(OptionId, bool)>> {
    let rows: Vec<(String, bool)> =
        sqlx::query_as("select choice, replaced from ballots where case_id = ? and round = ? and counted = 1")
            .bind(case.as_str())
            .bind(round)
            .fetch_all(conn)
            .await?;
    rows.into_iter().map(|(choice, replaced)| Ok((super::id_from(choice)?, replaced))).collect()
}

/// The counted ballots of a panel as they came.
///
/// # Errors
/// When the database fails or one does not read.
pub async fn bodies(conn: &mut Conn, case: &CaseId, round: u32) -> Result<Vec<Ballot>> {
    let rows: Vec<String> =
        sqlx::query_scalar("select body from ballots where case_id = ? and round = ? and counted = 1")
            .bind(case.as_str())
            .bind(round)
            .fetch_all(conn)
            .await?;
    rows.iter().map(|text| Ok(serde_json::from_str(text)?)).collect()
}

/// Finished judgments of a reviewer, and the points of those since an instant.
///
/// # Errors
/// When the database fails.
pub async fn activity(conn: &mut Conn, reviewer: &ReviewerId, since: UtcInstant) -> Result<(u32, i64)> {
    Ok(sqlx::query_as(
        "select count(*), coalesce(sum(case when received_at >= ? then points else 0 end), 0)
         from ballots where reviewer = ?",
    )
    .bind(since.as_millis())
    .bind(reviewer.as_str())
    .fetch_one(conn)
    .await?)
}
