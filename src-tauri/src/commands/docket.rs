//! The docket: seats, and their packs.

use super::Open;
use crate::error::CommandResult;
use pingli_client::{
    protocol::{IntentId, SeatId, seat::RecuseReason},
    view::DocketView,
};

/// The seats.
#[tauri::command]
pub(crate) async fn docket(client: Open) -> CommandResult<DocketView> {
    Ok(client.docket().await?)
}

/// Takes a seat.
#[tauri::command]
pub(crate) async fn accept_seat(client: Open, op: IntentId, seat: SeatId) -> CommandResult<()> {
    Ok(client.accept_seat(op, seat).await?)
}

/// Gives a seat back.
#[tauri::command]
pub(crate) async fn return_seat(client: Open, op: IntentId, seat: SeatId) -> CommandResult<()> {
    Ok(client.return_seat(op, seat).await?)
}

/// Gives a seat up for a conflict of interest.
#[tauri::command]
pub(crate) async fn recuse_seat(client: Open, op: IntentId, seat: SeatId, reason: RecuseReason) -> CommandResult<()> {
    Ok(client.recuse_seat(op, seat, reason).await?)
}

/// Puts a case off, or takes that back. Local.
#[tauri::command]
pub(crate) async fn put_later(client: Open, seat: SeatId, later: bool) -> CommandResult<()> {
    Ok(client.put_later(seat, later).await?)
}

/// Fetches packs.
#[tauri::command]
pub(crate) async fn make_offline(client: Open, seats: Vec<SeatId>) -> CommandResult<()> {
    Ok(client.make_offline(seats).await?)
}

/// Stops fetching a pack.
#[tauri::command]
pub(crate) async fn cancel_download(client: Open, seat: SeatId) -> CommandResult<()> {
    Ok(client.cancel_download(seat).await?)
}
