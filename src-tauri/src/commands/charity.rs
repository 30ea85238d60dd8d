//! Points, donations and standing.

use super::Open;
use crate::error::CommandResult;
use pingli_client::{
    protocol::{DonationId, IntentId, Points, ProjectId, standing::Standing},
    view::PointsView,
};

/// Balance, ledger, projects and donations.
#[tauri::command]
pub(crate) async fn points(client: Open) -> CommandResult<PointsView> {
    Ok(client.points().await?)
}

/// Gives points to a project.
#[tauri::command]
pub(crate) async fn donate(client: Open, op: DonationId, project: ProjectId, points: Points) -> CommandResult<()> {
    Ok(client.donate(op, project, points).await?)
}

/// Takes a donation back.
#[tauri::command]
pub(crate) async fn cancel_donation(client: Open, op: IntentId, donation: DonationId) -> CommandResult<()> {
    Ok(client.cancel_donation(op, donation).await?)
}

/// What the reviewer may do.
#[tauri::command]
pub(crate) async fn standing(client: Open) -> CommandResult<Standing> {
    Ok(client.standing().await?)
}
