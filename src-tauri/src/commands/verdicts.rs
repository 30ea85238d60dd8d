//! Verdicts and receipts.

use super::Open;
use crate::error::CommandResult;
use pingli_client::{
    protocol::{BallotId, CaseId},
    view::{ReceiptView, VerdictView, VerdictsView},
};

/// The verdicts.
#[tauri::command]
pub(crate) async fn verdicts(client: Open) -> CommandResult<VerdictsView> {
    Ok(client.verdicts().await?)
}

/// One verdict; it is no longer new then.
#[tauri::command]
pub(crate) async fn verdict(client: Open, case: CaseId, round: u32) -> CommandResult<VerdictView> {
    Ok(client.verdict(case, round).await?)
}

/// A ballot's receipt.
#[tauri::command]
pub(crate) async fn receipt(client: Open, ballot: BallotId) -> CommandResult<ReceiptView> {
    Ok(client.receipt(ballot).await?)
}
