//! The packs of cases: their versions, the files in them, and who may fetch which.

use super::{Conn, cases::CaseRow};
use crate::error::Result;
use pingli_protocol::{ReviewerId, Sha256, UtcInstant};

/// Whether a reviewer may fetch a pack, and how large it is: only with a seat of its case that is
/// open or counted. An earlier version goes to those alone who cast their ballot on it.
///
/// # Errors
/// When the database fails.
pub async fn pack_for(conn: &mut Conn, reviewer: &ReviewerId, sha256: Sha256) -> Result<Option<u64>> {
    let bytes: Option<i64> = sqlx::query_scalar(
        "select c.pack_bytes from cases c join seats s on s.case_id = c.id and s.round = c.round
         where c.pack_sha256 = ?1 and s.reviewer = ?2 and s.state in ('offered', 'accepted', 'counted')
         union all
         select e.bytes from earlier_packs e join ballots b on b.case_id = e.case_id and b.round = e.round
         where e.sha256 = ?1 and b.reviewer = ?2 and json_extract(b.body, '$.pack_sha256') = ?1
         limit 1",
    )
    .bind(sha256.to_string())
    .bind(reviewer.as_str())
    .fetch_optional(conn)
    .await?;
    Ok(bytes.map(i64::unsigned_abs))
}

/// Whether a reviewer may fetch a file of a pack: its size and media type.
///
/// # Errors
/// When the database fails.
pub async fn file_for(conn: &mut Conn, reviewer: &ReviewerId, sha256: Sha256) -> Result<Option<(u64, String)>> {
    let row: Option<(i64, String)> = sqlx::query_as(
        "select f.bytes, f.media_type from case_files f join seats s on s.case_id = f.case_id and s.round = f.round
         where f.sha256 = ? and s.reviewer = ? and s.state in ('offered', 'accepted', 'counted') limit 1",
    )
    .bind(sha256.to_string())
    .bind(reviewer.as_str())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(bytes, media_type)| (bytes.unsigned_abs(), media_type)))
}

/// Stores which files a case's pack has.
///
/// # Errors
/// When the database fails.
pub(super) async fn put_files(conn: &mut Conn, case: &CaseRow, files: &[(Sha256, u64, String)]) -> Result<()> {
    for (sha256, bytes, media_type) in files {
        sqlx::query(
            "insert into case_files (case_id, round, sha256, bytes, media_type) values (?, ?, ?, ?, ?)
             on conflict do nothing",
        )
        .bind(case.id.as_str())
        .bind(case.round)
        .bind(sha256.to_string())
        .bind(i64::try_from(*bytes).unwrap_or(i64::MAX))
        .bind(media_type)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Puts a new version of a case's material in the place of the one before, which is remembered with the
/// ballots that were cast on it. Its files are given out no more, unless the new one has them too.
///
/// # Errors
/// When the database fails.
pub async fn amend(
    conn: &mut Conn,
    before: &CaseRow,
    case: &CaseRow,
    files: &[(Sha256, u64, String)],
    now: UtcInstant,
) -> Result<()> {
    sqlx::query(
        "insert into earlier_packs (case_id, round, version, sha256, bytes, key, intake_sha256, amended_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(before.id.as_str())
    .bind(before.round)
    .bind(before.pack.version)
    .bind(before.pack.sha256.to_string())
    .bind(i64::try_from(before.pack.bytes).unwrap_or(i64::MAX))
    .bind(before.pack.key.as_str())
    .bind(before.intake.to_string())
    .bind(now.as_millis())
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "update cases set document = ?, card = ?, pack_version = ?, pack_sha256 = ?, pack_bytes = ?, pack_key = ?,
         intake_sha256 = ? where id = ? and round = ?",
    )
    .bind(serde_json::to_string(&case.document)?)
    .bind(serde_json::to_string(&case.card)?)
    .bind(case.pack.version)
    .bind(case.pack.sha256.to_string())
    .bind(i64::try_from(case.pack.bytes).unwrap_or(i64::MAX))
    .bind(case.pack.key.as_str())
    .bind(case.intake.to_string())
    .bind(case.id.as_str())
    .bind(case.round)
    .execute(&mut *conn)
    .await?;
    sqlx::query("delete from case_files where case_id = ? and round = ?")
        .bind(case.id.as_str())
        .bind(case.round)
        .execute(&mut *conn)
        .await?;
    put_files(conn, case, files).await
}
