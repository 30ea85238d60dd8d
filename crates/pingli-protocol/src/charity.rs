//! Charity projects and donations. 100 points are 1 yuan.

use crate::{DonationId, Fen, Localized, Points, ProjectId, UtcInstant};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A charity project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Project {
    /// The project.
    pub id: ProjectId,
    /// Its name.
    pub name: Localized,
    /// What it does.
    pub description: Localized,
    /// Who runs it.
    pub organisation: Localized,
    /// The fewest points at once.
    pub minimum: Points,
    /// Points are given in steps of so many.
    pub step: Points,
    /// The state.
    pub state: ProjectState,
    /// What it aims at.
    pub goal: Fen,
    /// What it has.
    pub raised: Fen,
    /// What so many fen pay for; supplied by the server, never made up by the program.
    #[serde(default)]
    pub unit: Option<UnitStory>,
}

/// The state of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProjectState {
    /// Takes donations.
    Open,
    /// Not for now.
    Paused,
    /// Has what it needs.
    Full,
    /// Over.
    Closed,
}

/// What so many fen pay for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct UnitStory {
    /// The price of one.
    pub fen: Fen,
    /// The name of one, such as 一份午餐 / one lunch.
    pub one: Localized,
    /// The name of many, such as 份午餐 / lunches.
    pub many: Localized,
}

/// Asks to give points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DonationRequest {
    /// The donation's id, the idempotency key.
    pub id: DonationId,
    /// To whom.
    pub project: ProjectId,
    /// How many points.
    pub points: Points,
}

/// A donation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Donation {
    /// The donation.
    pub id: DonationId,
    /// To whom.
    pub project: ProjectId,
    /// The project's name when it was made.
    pub project_name: Localized,
    /// How many points.
    pub points: Points,
    /// What they are worth, exactly.
    pub fen: Fen,
    /// The state.
    pub state: DonationState,
    /// When the server took it in.
    pub submitted_at: UtcInstant,
    /// Until when it can be cancelled.
    pub cancel_until: UtcInstant,
    /// When it was confirmed.
    #[serde(default)]
    pub confirmed_at: Option<UtcInstant>,
    /// The receipt's number, once there is one.
    #[serde(default)]
    pub receipt_number: Option<String>,
}

/// The state of a donation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DonationState {
    /// Taken in; can be cancelled.
    Submitted,
    /// Certain.
    Confirmed,
    /// Paid to the project.
    Disbursed,
    /// The project gave a receipt.
    Receipted,
    /// Taken back by the giver.
    Cancelled,
    /// It could not be made.
    Failed,
    /// It came back.
    Refunded,
}
