//! Seats, who could take one, and how quotas were used.

use super::{Conn, accounts::AccountState};
use crate::error::Result;
use pingli_protocol::{
    CaseId, ReviewerId, SeatId, UtcInstant,
    seat::{RecuseReason, SeatState},
};

/// A seat as it is stored.
#[derive(Debug, Clone)]
pub struct SeatRow {
    /// The seat.
    pub id: SeatId,
    /// The case.
    pub case: CaseId,
    /// The round.
    pub round: u32,
    /// Who sits on it.
    pub reviewer: ReviewerId,
    /// The state.
    pub state: SeatState,
    /// When it was offered.
    pub offered_at: UtcInstant,
    /// When it was accepted.
    pub accepted_at: Option<UtcInstant>,
    /// Until when it is kept.
    pub lease_end: UtcInstant,
}

#[derive(sqlx::FromRow)]
struct RawSeat {
    id: String,
    case_id: String,
    round: u32,
    reviewer: String,
    state: String,
    offered_at: i64,
    accepted_at: Option<i64>,
    lease_end: i64,
}

fn read(raw: RawSeat) -> Result<SeatRow> {
    Ok(SeatRow {
        id: super::id_from(raw.id)?,
        case: super::id_from(raw.case_id)?,
        round: raw.round,
        reviewer: super::id_from(raw.reviewer)?,
        state: super::from_text(&raw.state)?,
        offered_at: UtcInstant::from_millis(raw.offered_at),
        accepted_at: raw.accepted_at.map(UtcInstant::from_millis),
        lease_end: UtcInstant::from_millis(raw.lease_end),
    })
}

/// Stores a new seat.
///
/// # Errors
/// When the database fails, or the reviewer had a seat on that panel already.
pub async fn add(conn: &mut Conn, seat: &SeatRow) -> Result<()> {
    sqlx::query(
        "insert into seats (id, case_id, round, reviewer, state, offered_at, lease_end) values (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(seat.id.as_str())
    .bind(seat.case.as_str())
    .bind(seat.round)
    .bind(seat.reviewer.as_str())
    .bind(super::text_of(&seat.state))
    .bind(seat.offered_at.as_millis())
    .bind(seat.lease_end.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// Finds a reviewer's seat.
///
/// # Errors
/// When the database fails.
pub async fn of_reviewer(conn: &mut Conn, reviewer: &ReviewerId, seat: &SeatId) -> Result<Option<SeatRow>> {
    let row: Option<RawSeat> = sqlx::query_as(
        "select id, case_id, round, reviewer, state, offered_at, accepted_at, lease_end
         from seats where id = ? and reviewer = ?",
    )
    .bind(seat.as_str())
    .bind(reviewer.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(read).transpose()
}

/// All seats of a panel, ended ones too.
///
/// # Errors
/// When the database fails.
pub async fn of_case(conn: &mut Conn, case: &CaseId, round: u32) -> Result<Vec<SeatRow>> {
    let rows: Vec<RawSeat> = sqlx::query_as(
        "select id, case_id, round, reviewer, state, offered_at, accepted_at, lease_end
         from seats where case_id = ? and round = ?",
    )
    .bind(case.as_str())
    .bind(round)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(read).collect()
}

/// A reviewer's open seats.
///
/// # Errors
/// When the database fails.
pub async fn open_of_reviewer(conn: &mut Conn, reviewer: &ReviewerId) -> Result<Vec<SeatRow>> {
    let rows: Vec<RawSeat> = sqlx::query_as(
        "select id, case_id, round, reviewer, state, offered_at, accepted_at, lease_end
         from seats where reviewer = ? and state in ('offered', 'accepted')",
    )
    .bind(reviewer.as_str())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Open seats whose lease has run out.
///
/// # Errors
/// When the database fails.
pub async fn run_out(conn: &mut Conn, now: UtcInstant) -> Result<Vec<SeatRow>> {
    let rows: Vec<RawSeat> = sqlx::query_as(
        "select id, case_id, round, reviewer, state, offered_at, accepted_at, lease_end
         from seats where state in ('offered', 'accepted') and lease_end <= ?",
    )
    .bind(now.as_millis())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Stores what changed of a seat.
///
/// # Errors
/// When the database fails.
pub async fn update(conn: &mut Conn, seat: &SeatRow, now: UtcInstant) -> Result<()> {
    sqlx::query("update seats set state = ?, accepted_at = ?, lease_end = ?, ended_at = ? where id = ?")
        .bind(super::text_of(&seat.state))
        .bind(seat.accepted_at.map(UtcInstant::as_millis))
        .bind(seat.lease_end.as_millis())
        .bind((!seat.state.is_open()).then(|| now.as_millis()))
        .bind(seat.id.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes why a seat was given up.
///
/// # Errors
/// When the database fails.
pub async fn note_recusal(conn: &mut Conn, seat: &SeatId, reason: RecuseReason, opened: bool) -> Result<()> {
    sqlx::query("update seats set recuse_reason = ?, recused_after_opening = ? where id = ?")
        .bind(super::text_of(&reason))
        .bind(opened)
        .bind(seat.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// A reviewer who could be drawn, with what decides whether they may.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The reviewer.
    pub reviewer: ReviewerId,
    /// The state of the account.
    pub state: AccountState,
    /// Seats held now.
    pub open_seats: u32,
}

/// Everybody who never had a seat on this panel.
///
/// # Errors
/// When the database fails.
pub async fn candidates(conn: &mut Conn, case: &CaseId, round: u32) -> Result<Vec<Candidate>> {
    let rows: Vec<(String, String, u32)> = sqlx::query_as(
        "select a.id, a.state,
           (select count(*) from seats o where o.reviewer = a.id and o.state in ('offered', 'accepted'))
         from accounts a
         where not exists (select 1 from seats s where s.case_id = ? and s.round = ? and s.reviewer = a.id)
         order by a.id",
    )
    .bind(case.as_str())
    .bind(round)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(id, state, open_seats)| {
            Ok(Candidate { reviewer: super::id_from(id)?, state: super::from_text(&state)?, open_seats })
        })
        .collect()
}

/// How often a reviewer let seats end in some way since an instant, and the first time of them.
///
/// # Errors
/// When the database fails.
pub async fn ended_since(
    conn: &mut Conn,
    reviewer: &ReviewerId,
    state: SeatState,
    since: UtcInstant,
) -> Result<(u32, Option<UtcInstant>)> {
    let (count, first): (u32, Option<i64>) =
        sqlx::query_as("select count(*), min(ended_at) from seats where reviewer = ? and state = ? and ended_at > ?")
            .bind(reviewer.as_str())
            .bind(super::text_of(&state))
            .bind(since.as_millis())
            .fetch_one(conn)
            .await?;
    Ok((count, first.map(UtcInstant::from_millis)))
}
