//! Points and charity 公益.

use pingli_protocol::{
    Fen, Points,
    charity::{Donation, Project},
    ledger::{Balance, LedgerEntry},
};
use serde::Serialize;
use ts_rs::TS;

/// Balance, ledger, projects and donations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PointsView {
    /// What the entries come to.
    pub balance: Balance,
    /// What is available, in money: 1 point is 1 fen.
    pub available_fen: Fen,
    /// Cases whose points are pending.
    pub pending_cases: u32,
    /// The ledger, newest first.
    pub ledger: Vec<LedgerEntry>,
    /// The projects.
    pub projects: Vec<Project>,
    /// The donations, newest first; those in the outbox are not among them.
    pub donations: Vec<Donation>,
    /// What was given in all, confirmed.
    pub given: Points,
    /// Confirmed donations.
    pub given_count: u32,
    /// The last twelve months, oldest first.
    pub months: Vec<MonthSum>,
    /// Points in donations that wait in the outbox.
    pub waiting: Points,
}

/// What a month came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct MonthSum {
    /// The month, `2026-11`, in the reviewer's zone.
    pub month: String,
    /// Points earned and posted.
    pub earned: Points,
    /// Points given.
    pub given: Points,
}
