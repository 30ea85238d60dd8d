//! Profile and standing: what a reviewer may do, and what each action costs.

use crate::{Localized, ReviewerId, UtcInstant};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Profile {
    /// The account.
    pub id: ReviewerId,
    /// The name to show.
    pub display_name: String,
    /// Since when.
    pub member_since: UtcInstant,
}

/// What a reviewer may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Standing {
    /// The state.
    pub state: StandingState,
    /// The level, from activity alone.
    pub level: Level,
    /// Finished judgments, all of them.
    pub judgments: u32,
    /// Quotas and what is left of each.
    pub quotas: Vec<Quota>,
    /// What each action costs.
    pub costs: Vec<ActionCost>,
    /// A warning before a limit is reached.
    #[serde(default)]
    pub warning: Option<Localized>,
    /// The freeze in force.
    #[serde(default)]
    pub freeze: Option<Freeze>,
}

/// The state of a standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandingState {
    /// In good standing.
    Good,
    /// Near a limit.
    AtRisk,
    /// Lost for a time.
    Frozen,
    /// Lost for good.
    Removed,
}

/// A level, from activity alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Level {
    /// The number, from 1.
    pub number: u32,
    /// Its name.
    pub title: Localized,
    /// Judgments so far.
    pub progress: u32,
    /// Judgments at which the next level begins; none at the top.
    #[serde(default)]
    pub next_at: Option<u32>,
}

/// So many of something in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Quota {
    /// What is limited.
    pub kind: QuotaKind,
    /// How many are allowed.
    pub limit: u32,
    /// How many were used.
    pub used: u32,
    /// When it starts again; none for a limit that has no period.
    #[serde(default)]
    pub renews_at: Option<UtcInstant>,
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuotaKind {
    /// Seats held at once.
    OpenSeats,
    /// Returns in 30 days that cost nothing.
    Returns,
    /// Recusals in 30 days.
    Recusals,
    /// Lapses in 30 days before a freeze.
    Lapses,
    /// Points earned in a day.
    DailyPoints,
}

/// What an action costs, before it is pressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ActionCost {
    /// The action.
    pub action: ReviewerAction,
    /// What it costs now, in words.
    pub cost: Localized,
}

/// An action that may cost something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewerAction {
    /// Give a seat back.
    Return,
    /// Give a seat up for a conflict of interest.
    Recuse,
    /// Let a lease run out.
    Lapse,
    /// Vote *cannot decide*.
    CannotDecide,
    /// Put a case off: local, costs nothing.
    Later,
}

/// A freeze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Freeze {
    /// Why.
    pub reason: Localized,
    /// Since when.
    pub since: UtcInstant,
    /// Until when; none until staff decide.
    #[serde(default)]
    pub until: Option<UtcInstant>,
    /// How to appeal.
    pub appeal: Localized,
    /// What stays allowed.
    pub allowed: Localized,
}
