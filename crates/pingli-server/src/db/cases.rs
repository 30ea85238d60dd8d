//! Case types, cases and verdicts.

use super::{Conn, packs};
use crate::error::Result;
use pingli_protocol::{
    CaseId, CaseTypeCode, KeyId, OptionId, Sha256, UtcInstant,
    case::CaseDocument,
    case_type::CaseType,
    seat::{CaseCard, PackRef},
    server::SignedText,
};

/// A case and its round as they are stored.
#[derive(Clone)]
pub struct CaseRow {
    /// The case.
    pub id: CaseId,
    /// The round.
    pub round: u32,
    /// The state.
    pub state: CaseState,
    /// The document in the pack.
    pub document: CaseDocument,
    /// What seats show of it.
    pub card: CaseCard,
    /// The pack.
    pub pack: PackRef,
    /// SHA-256 over the intake folder's files.
    pub intake: Sha256,
    /// When the panel began.
    pub opened_at: UtcInstant,
    /// When the voting window ends.
    pub voting_end: UtcInstant,
    /// When it was decided.
    pub decided_at: Option<UtcInstant>,
    /// When it became final, or will.
    pub final_at: Option<UtcInstant>,
}

/// The state of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Waits.
    Queued,
    /// Evidence is being taken in.
    Evidence,
    /// The panel votes.
    Voting,
    /// Ballots are being counted.
    Tallying,
    /// Decided, not yet final.
    Provisional,
    /// Final.
    Final,
    /// Staff decide.
    Escalated,
    /// Stands still.
    Suspended,
    /// The claim was withdrawn.
    Withdrawn,
    /// The round does not count.
    Annulled,
}

/// Stores a case type; the newest description stands.
///
/// # Errors
/// When the database fails.
pub async fn put_type(conn: &mut Conn, case_type: &CaseType) -> Result<()> {
    sqlx::query(
        "insert into case_types (code, body) values (?, ?) on conflict (code) do update set body = excluded.body",
    )
    .bind(case_type.code.as_str())
    .bind(serde_json::to_string(case_type)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Finds a case type.
///
/// # Errors
/// When the database fails.
pub async fn case_type(conn: &mut Conn, code: &CaseTypeCode) -> Result<Option<CaseType>> {
    let text: Option<String> = sqlx::query_scalar("select body from case_types where code = ?")
        .bind(code.as_str())
        .fetch_optional(conn)
        .await?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

/// Stores a new case.
///
/// # Errors
/// When the database fails, or the case and round are there already.
pub async fn add(conn: &mut Conn, case: &CaseRow, files: &[(Sha256, u64, String)]) -> Result<()> {
    sqlx::query(
        "insert into cases (id, round, case_type, state, document, card, pack_version, pack_sha256, pack_bytes,
         pack_key, intake_sha256, opened_at, voting_end) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(case.id.as_str())
    .bind(case.round)
    .bind(case.card.case_type.as_str())
    .bind(super::text_of(&case.state))
    .bind(serde_json::to_string(&case.document)?)
    .bind(serde_json::to_string(&case.card)?)
    .bind(case.pack.version)
    .bind(case.pack.sha256.to_string())
    .bind(i64::try_from(case.pack.bytes).unwrap_or(i64::MAX))
    .bind(case.pack.key.as_str())
    .bind(case.intake.to_string())
    .bind(case.opened_at.as_millis())
    .bind(case.voting_end.as_millis())
    .execute(&mut *conn)
    .await?;
    packs::put_files(conn, case, files).await
}

#[derive(sqlx::FromRow)]
struct RawCase {
    id: String,
    round: u32,
    state: String,
    document: String,
    card: String,
    pack_version: u32,
    pack_sha256: String,
    pack_bytes: i64,
    pack_key: String,
    intake_sha256: String,
    opened_at: i64,
    voting_end: i64,
    decided_at: Option<i64>,
    final_at: Option<i64>,
}

fn read(raw: RawCase) -> Result<CaseRow> {
    Ok(CaseRow {
        id: super::id_from(raw.id)?,
        round: raw.round,
        state: super::from_text(&raw.state)?,
        document: serde_json::from_str(&raw.document)?,
        card: serde_json::from_str(&raw.card)?,
        pack: PackRef {
            version: raw.pack_version,
            sha256: super::id_from(raw.pack_sha256)?,
            bytes: raw.pack_bytes.unsigned_abs(),
            key: super::id_from::<KeyId>(raw.pack_key)?,
        },
        intake: super::id_from(raw.intake_sha256)?,
        opened_at: UtcInstant::from_millis(raw.opened_at),
        voting_end: UtcInstant::from_millis(raw.voting_end),
        decided_at: raw.decided_at.map(UtcInstant::from_millis),
        final_at: raw.final_at.map(UtcInstant::from_millis),
    })
}

/// Finds one round of a case.
///
/// # Errors
/// When the database fails.
pub async fn by_id(conn: &mut Conn, id: &CaseId, round: u32) -> Result<Option<CaseRow>> {
    let row: Option<RawCase> = sqlx::query_as(
        "select id, round, state, document, card, pack_version, pack_sha256, pack_bytes, pack_key, intake_sha256,
         opened_at, voting_end, decided_at, final_at from cases where id = ? and round = ?",
    )
    .bind(id.as_str())
    .bind(round)
    .fetch_optional(conn)
    .await?;
    row.map(read).transpose()
}

/// The hash of the intake folder that the latest round of a case came from.
///
/// # Errors
/// When the database fails.
pub async fn intake_of(conn: &mut Conn, id: &CaseId) -> Result<Option<Sha256>> {
    let text: Option<String> =
        sqlx::query_scalar("select intake_sha256 from cases where id = ? order by round desc limit 1")
            .bind(id.as_str())
            .fetch_optional(conn)
            .await?;
    text.map(super::id_from).transpose()
}

async fn keys(conn: &mut Conn, sql: &'static str, now: UtcInstant) -> Result<Vec<(CaseId, u32)>> {
    let rows: Vec<(String, u32)> = sqlx::query_as(sql).bind(now.as_millis()).fetch_all(conn).await?;
    rows.into_iter().map(|(id, round)| Ok((super::id_from(id)?, round))).collect()
}

/// Cases in their voting window that have fewer reviewers than seats.
///
/// # Errors
/// When the database fails.
pub async fn with_free_seats(conn: &mut Conn, now: UtcInstant) -> Result<Vec<(CaseId, u32)>> {
    keys(
        conn,
        "select id, round from cases c where state = 'voting' and voting_end > ?
         and json_extract(card, '$.vote_system.panel_size') >
           (select count(*) from seats s where s.case_id = c.id and s.round = c.round
             and s.state in ('offered', 'accepted'))
           + (select count(*) from ballots b where b.case_id = c.id and b.round = c.round
             and b.counted = 1 and b.replaced = 0)
         order by opened_at, id",
        now,
    )
    .await
}

/// Cases whose window has ended without a decision.
///
/// # Errors
/// When the database fails.
pub async fn window_ended(conn: &mut Conn, now: UtcInstant) -> Result<Vec<(CaseId, u32)>> {
    keys(conn, "select id, round from cases where state = 'voting' and voting_end <= ?", now).await
}

/// Decided cases whose delay has passed and whose points are not posted yet.
///
/// # Errors
/// When the database fails.
pub async fn finality_due(conn: &mut Conn, now: UtcInstant) -> Result<Vec<(CaseId, u32)>> {
    keys(
        conn,
        "select id, round from cases c where decided_at is not null and final_at <= ? and exists (
           select 1 from verdicts v where v.case_id = c.id and v.round = c.round and v.provisional = 1
           and v.revision = (select max(revision) from verdicts w where w.case_id = c.id and w.round = c.round))",
        now,
    )
    .await
}

/// Notes a decision.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    conn: &mut Conn,
    id: &CaseId,
    round: u32,
    state: CaseState,
    decided_at: UtcInstant,
    final_at: UtcInstant,
) -> Result<()> {
    sqlx::query("update cases set state = ?, decided_at = ?, final_at = ? where id = ? and round = ?")
        .bind(super::text_of(&state))
        .bind(decided_at.as_millis())
        .bind(final_at.as_millis())
        .bind(id.as_str())
        .bind(round)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that a provisional decision is final.
///
/// # Errors
/// When the database fails.
pub async fn set_final(conn: &mut Conn, id: &CaseId, round: u32) -> Result<()> {
    sqlx::query("update cases set state = 'final' where id = ? and round = ? and state = 'provisional'")
        .bind(id.as_str())
        .bind(round)
        .execute(conn)
        .await?;
    Ok(())
}

/// A verdict as it is stored.
#[derive(Debug, Clone)]
pub struct VerdictRow {
    /// The revision.
    pub revision: u32,
    /// The signed text.
    pub signed: SignedText,
    /// The option that won.
    pub option: Option<OptionId>,
    /// Whether it can still change.
    pub provisional: bool,
}

/// Stores a revision of a verdict.
///
/// # Errors
/// When the database fails.
pub async fn add_verdict(
    conn: &mut Conn,
    id: &CaseId,
    round: u32,
    verdict: &VerdictRow,
    now: UtcInstant,
) -> Result<()> {
    sqlx::query(
        "insert into verdicts (case_id, round, revision, signed, option_id, provisional, made_at)
         values (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(id.as_str())
    .bind(round)
    .bind(verdict.revision)
    .bind(serde_json::to_string(&verdict.signed)?)
    .bind(verdict.option.as_ref().map(OptionId::as_str))
    .bind(verdict.provisional)
    .bind(now.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest revision of a verdict.
///
/// # Errors
/// When the database fails.
pub async fn verdict(conn: &mut Conn, id: &CaseId, round: u32) -> Result<Option<VerdictRow>> {
    let row: Option<(u32, String, Option<String>, bool)> = sqlx::query_as(
        "select revision, signed, option_id, provisional from verdicts where case_id = ? and round = ?
         order by revision desc limit 1",
    )
    .bind(id.as_str())
    .bind(round)
    .fetch_optional(conn)
    .await?;
    row.map(|(revision, signed, option, provisional)| {
        Ok(VerdictRow {
            revision,
            signed: serde_json::from_str(&signed)?,
            option: option.map(super::id_from).transpose()?,
            provisional,
        })
    })
    .transpose()
}
