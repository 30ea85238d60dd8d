//! The outbox and the sync.

use super::Open;
use crate::error::CommandResult;
use pingli_client::{protocol::IntentId, view::OutboxView};

/// Acts on their way.
#[tauri::command]
pub(crate) async fn outbox(client: Open) -> CommandResult<OutboxView> {
    Ok(client.outbox().await?)
}

/// Tries a parked act again.
#[tauri::command]
pub(crate) async fn retry_intent(client: Open, id: IntentId) -> CommandResult<()> {
    Ok(client.retry_intent(id).await?)
}

/// Drops a parked act; a tombstone stays in the journal.
#[tauri::command]
pub(crate) async fn drop_intent(client: Open, id: IntentId) -> CommandResult<()> {
    Ok(client.drop_intent(id).await?)
}

/// Sends what waits, now.
#[tauri::command]
pub(crate) async fn send_now(client: Open) -> CommandResult<()> {
    Ok(client.send_now().await?)
}

/// Brings the mirror up to date.
#[tauri::command]
pub(crate) async fn sync_now(client: Open) -> CommandResult<()> {
    Ok(client.sync_now().await?)
}
