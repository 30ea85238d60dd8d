//! Charity projects and donations.

use super::Conn;
use crate::error::{Error, Result};
use pingli_protocol::{
    DonationId, Fen, Points, ProjectId, ReviewerId, UtcInstant,
    charity::{Donation, DonationState, Project},
};

/// Stores a project; the newest description stands.
///
/// # Errors
/// When the database fails.
pub async fn put_project(conn: &mut Conn, project: &Project) -> Result<()> {
    sqlx::query("insert into projects (id, body) values (?, ?) on conflict (id) do update set body = excluded.body")
        .bind(project.id.as_str())
        .bind(serde_json::to_string(project)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Finds a project, with all that was given to it here among what it has.
///
/// # Errors
/// When the database fails.
pub async fn project(conn: &mut Conn, id: &ProjectId) -> Result<Option<Project>> {
    let text: Option<String> = sqlx::query_scalar("select body from projects where id = ?")
        .bind(id.as_str())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(text) = text else { return Ok(None) };
    let mut project: Project = serde_json::from_str(&text)?;
    let given: i64 = sqlx::query_scalar(
        "select coalesce(sum(points), 0) from donations
         where project = ? and state in ('confirmed', 'disbursed', 'receipted')",
    )
    .bind(id.as_str())
    .fetch_one(conn)
    .await?;
    let given = Fen::new(given).map_err(|e| Error::Broken(e.to_string()))?;
    project.raised = project.raised.plus(given).map_err(|e| Error::Broken(e.to_string()))?;
    Ok(Some(project))
}

/// Stores a donation with whose it is, or what changed of it.
///
/// # Errors
/// When the database fails.
pub async fn put_donation(conn: &mut Conn, reviewer: &ReviewerId, donation: &Donation) -> Result<()> {
    sqlx::query(
        "insert into donations (id, reviewer, project, project_name, points, state, submitted_at, cancel_until,
         confirmed_at, receipt_number) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (id) do update set state = excluded.state, confirmed_at = excluded.confirmed_at,
         receipt_number = excluded.receipt_number",
    )
    .bind(donation.id.as_str())
    .bind(reviewer.as_str())
    .bind(donation.project.as_str())
    .bind(serde_json::to_string(&donation.project_name)?)
    .bind(donation.points.get())
    .bind(super::text_of(&donation.state))
    .bind(donation.submitted_at.as_millis())
    .bind(donation.cancel_until.as_millis())
    .bind(donation.confirmed_at.map(UtcInstant::as_millis))
    .bind(&donation.receipt_number)
    .execute(conn)
    .await?;
    Ok(())
}

type Row = (String, String, String, String, i64, String, i64, i64, Option<i64>, Option<String>);

fn read(row: Row) -> Result<(ReviewerId, Donation)> {
    let (id, reviewer, project, name, points, state, submitted_at, cancel_until, confirmed_at, receipt_number) = row;
    let points = Points::new(points).map_err(|e| Error::Broken(e.to_string()))?;
    let donation = Donation {
        id: super::id_from(id)?,
        project: super::id_from(project)?,
        project_name: serde_json::from_str(&name)?,
        points,
        fen: points.to_fen(),
        state: super::from_text::<DonationState>(&state)?,
        submitted_at: UtcInstant::from_millis(submitted_at),
        cancel_until: UtcInstant::from_millis(cancel_until),
        confirmed_at: confirmed_at.map(UtcInstant::from_millis),
        receipt_number,
    };
    Ok((super::id_from(reviewer)?, donation))
}

/// Finds a reviewer's donation.
///
/// # Errors
/// When the database fails.
pub async fn donation(conn: &mut Conn, reviewer: &ReviewerId, id: &DonationId) -> Result<Option<Donation>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, reviewer, project, project_name, points, state, submitted_at, cancel_until, confirmed_at,
         receipt_number from donations where id = ? and reviewer = ?",
    )
    .bind(id.as_str())
    .bind(reviewer.as_str())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(read).transpose()?.map(|(_, donation)| donation))
}

/// Donations whose time to cancel is over.
///
/// # Errors
/// When the database fails.
pub async fn to_confirm(conn: &mut Conn, now: UtcInstant) -> Result<Vec<(ReviewerId, Donation)>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, reviewer, project, project_name, points, state, submitted_at, cancel_until, confirmed_at,
         receipt_number from donations where state = 'submitted' and cancel_until <= ?",
    )
    .bind(now.as_millis())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(read).collect()
}

/// The next receipt number: the year and a count from 1.
///
/// # Errors
/// When the database fails.
pub async fn next_receipt_number(conn: &mut Conn, year: i16) -> Result<String> {
    let count: i64 = sqlx::query_scalar("select count(*) from donations where receipt_number like ?")
        .bind(format!("PL-{year}-%"))
        .fetch_one(conn)
        .await?;
    Ok(format!("PL-{year}-{:06}", count + 1))
}
