//! The business kinds of cases: what is asked, how one may answer, and what follows.

use crate::{
    CaseTypeCode, Localized, OptionId, Points, ReasonCode, case::Side, evidence::EvidenceKind, vote::VoteSystem,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A business kind of cases, as the server describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CaseType {
    /// The code that cases refer to.
    pub code: CaseTypeCode,
    /// The kind's name on the screen.
    pub title: Localized,
    /// The question put to the panel.
    pub question: Localized,
    /// The ways to answer, in no particular order: the screen draws the sides' order per seat.
    pub options: Vec<ChoiceOption>,
    /// The evidence that a case of this kind must have.
    pub required_evidence: Vec<EvidenceKind>,
    /// Reasons that may go with a choice.
    pub reason_codes: Vec<Reason>,
    /// The vote system of cases that name none of their own.
    pub vote_system: VoteSystem,
    /// How long a reviewer takes, in minutes.
    pub estimated_minutes: u32,
    /// Whether a ballot may be sealed without a network.
    pub offline_ok: bool,
    /// Points for a finished judgment.
    pub points: Points,
    /// How much material and expertise a case needs.
    pub weight: Weight,
    /// What the platform defends with this kind of case.
    pub line_of_defence: LineOfDefence,
    /// What follows the vote.
    pub route: Route,
    /// Under what licence a closed, redacted case may be studied.
    pub study_licence: String,
}

/// One way to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ChoiceOption {
    /// The option's id within its case type.
    pub id: OptionId,
    /// The option's name on the screen.
    pub title: Localized,
    /// What kind of answer it is.
    pub kind: OptionKind,
}

/// What kind of answer an option is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OptionKind {
    /// It supports one side.
    Side {
        /// The side it supports.
        side: Side,
    },
    /// It is a grade or a position, for no side.
    Grade,
    /// The reviewer cannot decide; a reason code is required.
    CannotDecide,
}

/// A reason that may go with a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Reason {
    /// The code that a ballot carries.
    pub code: ReasonCode,
    /// The reason in words.
    pub title: Localized,
    /// The options it may go with; empty means any.
    #[serde(default)]
    pub options: Vec<OptionId>,
}

/// How much material and expertise a case needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// A few minutes, common sense.
    Light,
    /// Chat, order and photos.
    Medium,
    /// Much material, or expertise.
    Heavy,
}

/// What the platform defends with a kind of case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineOfDefence {
    /// Accounts and conduct.
    Account,
    /// Products and listings.
    Product,
    /// Single transactions.
    Transaction,
}

/// What follows the vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// The vote decides.
    Final,
    /// A party may ask for reconsideration, where staff step in.
    Reconsideration,
    /// A party may ask for a new panel.
    NewPanel,
    /// The vote advises the platform's staff.
    Advice,
}

impl CaseType {
    /// Finds an option by its id.
    #[must_use]
    pub fn option(&self, id: &OptionId) -> Option<&ChoiceOption> {
        self.options.iter().find(|option| option.id == *id)
    }
}
