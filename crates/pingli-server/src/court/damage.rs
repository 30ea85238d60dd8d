//! Damaged packs: a report is noted, and the server's own copy is looked at and mended. A pack has
//! exactly one form, so that one that is written anew is the one that was signed.

use super::{
    once::{Taking, once},
    panel,
};
use crate::{
    app::App,
    db::{
        cases::CaseRow,
        damage::{self, Reported},
        receipts::Asked,
        seats,
    },
    error::{Error, Result},
    files::FileKind,
};
use pingli_casepack::{PackLimits, ServerKeys, verify, write_pack};
use pingli_protocol::{
    ReviewerId, SeatId, Sha256,
    journal::Place,
    problem::ProblemCode,
    seat::{DamageReceipt, DamageReport, SeatState},
};
use std::{fs::File, path::Path, sync::Arc};
use tokio::sync::oneshot;

/// The server looks at its copy of a pack at most once in so many seconds, whoever reports what.
const LOOK_AGAIN_SECONDS: i64 = 600;

/// Notes that a pack did not arrive as it was signed, and offers it anew.
///
/// # Errors
/// `not_found`, `seat_ended`, `invalid_request` or `id_reused`.
pub async fn report(
    app: &Arc<App>,
    reviewer: &ReviewerId,
    seat: SeatId,
    report: DamageReport,
    place: Option<Place>,
) -> Result<String> {
    let asked = Asked::new(report.id.as_str(), reviewer, "damage", seat.as_str(), &report)?.at(place);
    let reviewer = reviewer.clone();
    let (look_at, case) = oneshot::channel();
    let answer =
        once(app, asked, move |taking| Box::pin(async move { note(taking, &reviewer, &seat, &report, look_at).await }))
            .await?;
    if let Ok(case) = case.await {
        let app = Arc::clone(app);
        let mended = tokio::task::spawn_blocking(move || mend(&app, &case)).await;
        // The report is noted, whatever the disk says.
        match mended.unwrap_or_else(|e| Err(Error::Broken(format!("mending broke off: {e}")))) {
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "the server's own copy of a pack could not be mended"),
        }
    }
    Ok(answer)
}

/// Notes a report; the case goes to `look_at` when its pack was not looked at lately.
async fn note(
    taking: Taking<'_>,
    reviewer: &ReviewerId,
    seat: &SeatId,
    report: &DamageReport,
    look_at: oneshot::Sender<CaseRow>,
) -> Result<String> {
    let Taking { conn, now, .. } = taking;
    let seat = seats::of_reviewer(conn, reviewer, seat).await?.ok_or_else(|| Error::not_found("seat"))?;
    if !matches!(seat.state, SeatState::Offered | SeatState::Accepted | SeatState::Counted) {
        return Err(Error::refused(ProblemCode::SeatEnded, "the seat has ended"));
    }
    let case = panel::case_of(conn, &seat).await?;
    let is_code = (1..=64).contains(&report.code.len())
        && report.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !is_code || report.evidence.as_ref().is_some_and(|id| case.document.case.evidence(id).is_none()) {
        return Err(Error::invalid("no such code or evidence"));
    }
    let since = now.plus_seconds(-LOOK_AGAIN_SECONDS);
    let looked_at = damage::reports_since(conn, case.pack.sha256, since).await? > 0;
    damage::note(conn, Reported { report, seat: &seat }, now).await?;
    let receipt =
        DamageReceipt { id: report.id.clone(), seat: seat.id.clone(), received_at: now, pack: case.pack.clone() };
    tracing::warn!(seat = %seat.id, case = %case.id, code = report.code, "a pack arrived damaged");
    if !looked_at {
        // Nobody waits for it when the asker hung up: the next report looks.
        let _ = look_at.send(case);
    }
    Ok(serde_json::to_string(&receipt)?)
}

/// Writes the server's copy of a pack anew where it is not whole. Blocking.
fn mend(app: &App, case: &CaseRow) -> Result<()> {
    let wanted = case.pack.sha256;
    let path = app.files.path(FileKind::Pack, wanted);
    if is_whole(app, &path, wanted) {
        return Ok(());
    }
    tracing::error!(case = %case.id, "the server's own copy of a pack is damaged; it is written anew");
    let signer = app.keys.current();
    let mut incoming = app.files.incoming()?;
    let written = write_pack(&mut incoming.file, &case.document, case.pack.version, signer, |file| {
        File::open(app.files.path(FileKind::Evidence, file.sha256))
    });
    let found = written.map_err(|fault| Error::Broken(format!("the pack cannot be written anew: {fault}")))?.sha256;
    if found != wanted {
        return Err(Error::Broken("the pack that was written anew is another one".to_owned()));
    }
    app.files.keep(incoming, FileKind::Pack, wanted)?;
    Ok(())
}

/// Whether every byte of a pack is the one that was signed.
fn is_whole(app: &App, path: &Path, wanted: Sha256) -> bool {
    let (Ok(keys), Ok(mut file)) = (ServerKeys::first_meeting(app.keys.list()), File::open(path)) else { return false };
    verify(&mut file, &keys, &PackLimits::default()).is_ok_and(|pack| pack.sha256 == wanted)
}
