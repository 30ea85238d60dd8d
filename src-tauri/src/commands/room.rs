//! The case room: evidence, the worksheet, the ballot.

use super::Open;
use crate::{error::CommandResult, files};
use pingli_client::{
    protocol::{BallotId, EvidenceId, IntentId, SeatId},
    view::{BodyView, CaseRoomView, ChatHits, ChatOpening, ChatPage, ChatPlace, Draft, SealedView, WrittenView},
};

/// Opens a case.
#[tauri::command]
pub(crate) async fn open_case(client: Open, seat: SeatId) -> CommandResult<CaseRoomView> {
    Ok(client.open_case(seat).await?)
}

/// Leaves an open case.
#[tauri::command]
pub(crate) async fn close_case(client: Open, seat: SeatId) -> CommandResult<()> {
    Ok(client.close_case(seat).await?)
}

/// The structured bodies of pieces of evidence; a chat log is read page by page instead.
#[tauri::command]
pub(crate) async fn evidence_bodies(
    client: Open,
    seat: SeatId,
    evidence: Vec<EvidenceId>,
) -> CommandResult<Vec<BodyView>> {
    Ok(client.evidence_bodies(seat, evidence).await?)
}

/// A chat log, with the messages that are shown first.
#[tauri::command]
pub(crate) async fn chat(
    client: Open,
    seat: SeatId,
    evidence: EvidenceId,
    place: ChatPlace,
    length: u32,
) -> CommandResult<ChatOpening> {
    Ok(client.chat(seat, evidence, place, length).await?)
}

/// A page of a chat log.
#[tauri::command]
pub(crate) async fn chat_page(
    client: Open,
    seat: SeatId,
    evidence: EvidenceId,
    place: ChatPlace,
    length: u32,
) -> CommandResult<ChatPage> {
    Ok(client.chat_page(seat, evidence, place, length).await?)
}

/// The messages of a chat log that have a text.
#[tauri::command]
pub(crate) async fn chat_find(
    client: Open,
    seat: SeatId,
    evidence: EvidenceId,
    text: String,
) -> CommandResult<ChatHits> {
    Ok(client.chat_find(seat, evidence, &text).await?)
}

/// Notes that a piece of evidence was opened.
#[tauri::command]
pub(crate) async fn mark_opened(client: Open, seat: SeatId, evidence: EvidenceId) -> CommandResult<()> {
    Ok(client.mark_opened(seat, evidence).await?)
}

/// Tells the server that a case's pack is damaged.
#[tauri::command]
pub(crate) async fn report_damage(
    client: Open,
    op: IntentId,
    seat: SeatId,
    evidence: Option<EvidenceId>,
) -> CommandResult<()> {
    Ok(client.report_damage(op, seat, evidence).await?)
}

/// What the reviewer wrote about a case and opened of it.
#[tauri::command]
pub(crate) async fn written(client: Open, seat: SeatId) -> CommandResult<WrittenView> {
    Ok(client.written(seat).await?)
}

/// Saves what the reviewer wrote since `base`; answers with the draft as it was kept.
#[tauri::command]
pub(crate) async fn save_draft(client: Open, seat: SeatId, draft: Draft, base: Draft) -> CommandResult<Draft> {
    Ok(client.save_draft(seat, draft, base).await?)
}

/// Adds time that the case was in front of the reviewer.
#[tauri::command]
pub(crate) async fn add_active_time(client: Open, seat: SeatId, seconds: u32) -> CommandResult<()> {
    Ok(client.add_active_time(seat, seconds).await?)
}

/// Seals a ballot.
#[tauri::command]
pub(crate) async fn seal_ballot(
    client: Open,
    op: BallotId,
    seat: SeatId,
    draft: Draft,
    confirm_pack_change: bool,
) -> CommandResult<SealedView> {
    Ok(client.seal_ballot(op, seat, draft, confirm_pack_change).await?)
}

/// Takes a sealed ballot back; the draft is as it was.
#[tauri::command]
pub(crate) async fn unseal(client: Open, ballot: BallotId) -> CommandResult<Draft> {
    Ok(client.unseal(ballot).await?)
}

/// Writes an original to a file that the reviewer names; answers with its path, or nothing when the
/// reviewer named none.
#[tauri::command]
pub(crate) async fn export_original(
    app: tauri::AppHandle,
    client: Open,
    seat: SeatId,
    evidence: EvidenceId,
    index: u32,
) -> CommandResult<Option<String>> {
    let Some(path) = files::ask_where_to_save(&app, &client.original_name(&seat, &evidence, index).await?).await else {
        return Ok(None);
    };
    client.export_original(seat, evidence, index, &path).await?;
    Ok(Some(path.display().to_string()))
}
