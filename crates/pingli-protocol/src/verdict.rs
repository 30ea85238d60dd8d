//! Verdicts: what the panel said. Nothing of this is sent to a reviewer before the own ballot is
//! acknowledged or the seat has ended (invariant 5).

use crate::{
    CaseId, CaseTypeCode, EvidenceId, Localized, OptionId, Points, ReasonCode, SeatId, UtcInstant, private_debug,
    server::SignedText,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What the panel said. Sent inside a [`SignedText`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Verdict {
    /// The case.
    pub case: CaseId,
    /// The round.
    pub round: u32,
    /// The revision, from 1.
    pub revision: u32,
    /// The case's neutral title.
    pub title: String,
    /// The case type.
    pub case_type: CaseTypeCode,
    /// What came out.
    pub outcome: VerdictOutcome,
    /// The option that won, when one did.
    #[serde(default)]
    pub option: Option<OptionId>,
    /// Ballots for each option, in the case type's order.
    pub counts: Vec<OptionCount>,
    /// Seats on the panel.
    pub panel_size: u32,
    /// How the decision came about.
    pub how: DecidedBy,
    /// Whether it can still change.
    pub provisional: bool,
    /// When it was decided.
    pub decided_at: UtcInstant,
    /// When it became final, or will unless something happens.
    #[serde(default)]
    pub final_at: Option<UtcInstant>,
    /// The written reasons, without names.
    pub opinions: Vec<Opinion>,
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictOutcome {
    /// An option won.
    Decided,
    /// A tie.
    Tie,
    /// Too few valid ballots.
    NoQuorum,
    /// The claim was withdrawn.
    Withdrawn,
    /// The round was annulled.
    Annulled,
    /// Staff decide.
    Escalated,
}

/// How a decision came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The voting window ended, or everybody had voted.
    Window,
    /// The rest could not change it.
    Early,
    /// Staff decided.
    Staff,
    /// A reconsideration.
    Reconsideration,
}

/// Ballots for an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OptionCount {
    /// The option.
    pub option: OptionId,
    /// Its name.
    pub title: Localized,
    /// Ballots.
    pub ballots: u32,
}

/// A written reason, without a name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Opinion {
    /// The option it argues for.
    pub option: OptionId,
    /// The text.
    pub text: String,
    /// The evidence it cites.
    #[serde(default)]
    pub cited: Vec<EvidenceId>,
    /// Its reason codes.
    #[serde(default)]
    pub reason_codes: Vec<ReasonCode>,
}

private_debug!(Opinion);

/// A verdict as one reviewer gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct VerdictRecord {
    /// The signed [`Verdict`].
    pub signed: SignedText,
    /// The reviewer's seat.
    pub seat: SeatId,
    /// What became of the reviewer's own ballot.
    pub own: OwnBallot,
}

/// A reviewer's own ballot beside the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OwnBallot {
    /// The choice; none without a ballot.
    #[serde(default)]
    pub choice: Option<OptionId>,
    /// Whether it was among the counts.
    pub counted: bool,
    /// Agreement with the final result, and why it may not count.
    pub agreement: Agreement,
    /// Points that the judgment earned.
    pub points: Points,
}

/// Agreement with the final result; private, never an input to anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// The same choice as the final result.
    Agreed,
    /// Another choice.
    Differed,
    /// Not counted: *cannot decide*.
    CannotDecide,
    /// Not counted: no option won.
    NoResult,
    /// Not counted: the ballot came late, or there was none.
    NotCounted,
    /// Not yet: the result is not final.
    Pending,
}
