//! Ballots: what a reviewer seals, when it is valid, and what the server answers.

use crate::{
    BallotId, CaseId, EvidenceId, IssueId, OptionId, ReasonCode, SeatId, Sha256, UtcInstant,
    case::{CaseDocument, Side},
    case_type::OptionKind,
    private_debug,
    problem::ProblemCode,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The longest opinion, in characters.
pub const MAX_OPINION: usize = 4_000;

/// A sealed ballot, as it goes to the server. Confidence, notes, highlights and the worksheet are
/// private and never part of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Ballot {
    /// The ballot's id, the idempotency key; made in the window before anything else.
    pub id: BallotId,
    /// The seat.
    pub seat: SeatId,
    /// The case.
    pub case: CaseId,
    /// The round.
    pub round: u32,
    /// The hash of the pack that was seen.
    pub pack_sha256: Sha256,
    /// The rule version that was seen.
    #[schema(max_length = 128)]
    pub rule_version: String,
    /// The choice.
    pub choice: OptionId,
    /// Reasons; at least one with *cannot decide*.
    #[serde(default)]
    #[schema(max_items = 16)]
    pub reason_codes: Vec<ReasonCode>,
    /// The written reason; at most [`MAX_OPINION`] characters.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub opinion: String,
    /// The evidence that the opinion cites.
    #[serde(default)]
    #[schema(max_items = 256)]
    pub cited: Vec<EvidenceId>,
    /// What was found on each issue.
    #[serde(default)]
    #[schema(max_items = 64)]
    pub findings: Vec<IssueFinding>,
    /// When the case was first opened, by the device's clock.
    pub opened_at: UtcInstant,
    /// When the ballot was sealed, by the device's clock.
    pub decided_at: UtcInstant,
    /// Seconds the case was in front of the reviewer.
    pub active_seconds: u32,
    /// The program's version.
    #[schema(max_length = 64)]
    pub client_version: String,
}

private_debug!(Ballot);

/// What a reviewer found on an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct IssueFinding {
    /// The issue.
    pub issue: IssueId,
    /// The finding.
    pub finding: Finding,
}

/// Whom something favours: an issue in the ballot, or a piece of evidence in the worksheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// One side.
    Favours {
        /// Which.
        side: Side,
    },
    /// Neither.
    Neutral,
}

/// Why a ballot is not valid for a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BallotFault {
    /// It is for another case or round.
    #[error("ballot is for another case or round")]
    WrongCase,
    /// The choice is no option of the case type.
    #[error("choice is not an option of this case")]
    UnknownChoice,
    /// *Cannot decide* needs a reason code.
    #[error("cannot decide needs a reason code")]
    ReasonRequired,
    /// A reason code is unknown, or does not go with the choice.
    #[error("a reason code does not go with the choice")]
    UnknownReason,
    /// The opinion is too long.
    #[error("opinion is longer than 4000 characters")]
    OpinionTooLong,
    /// A cited piece of evidence does not exist.
    #[error("cited evidence does not exist")]
    UnknownEvidence,
    /// A finding is for no issue of the case, or for one twice.
    #[error("a finding is for no issue, or for one twice")]
    UnknownIssue,
    /// The rule version is not the pack's.
    #[error("rule version is not the one in the pack")]
    RuleVersion,
    /// It was decided before the case was opened.
    #[error("decided before it was opened")]
    Times,
}

impl Ballot {
    /// Checks the ballot against what the pack says. Both ends call this: the client before it
    /// seals, the server before it counts.
    ///
    /// # Errors
    /// [`BallotFault`] names the first thing that is wrong.
    pub fn check(&self, document: &CaseDocument) -> Result<(), BallotFault> {
        let case = &document.case;
        if self.case != case.id || self.round != case.round {
            return Err(BallotFault::WrongCase);
        }
        let option = document.case_type.option(&self.choice).ok_or(BallotFault::UnknownChoice)?;
        if option.kind == OptionKind::CannotDecide && self.reason_codes.is_empty() {
            return Err(BallotFault::ReasonRequired);
        }
        let reasons = &document.case_type.reason_codes;
        let goes_with = |code: &ReasonCode| {
            reasons.iter().any(|r| r.code == *code && (r.options.is_empty() || r.options.contains(&self.choice)))
        };
        if !self.reason_codes.iter().all(goes_with) {
            return Err(BallotFault::UnknownReason);
        }
        if self.opinion.chars().count() > MAX_OPINION {
            return Err(BallotFault::OpinionTooLong);
        }
        if !self.cited.iter().all(|id| case.evidence(id).is_some()) {
            return Err(BallotFault::UnknownEvidence);
        }
        for (i, finding) in self.findings.iter().enumerate() {
            let known = case.issues.iter().any(|issue| issue.id == finding.issue);
            let twice = self.findings[..i].iter().any(|earlier| earlier.issue == finding.issue);
            if !known || twice {
                return Err(BallotFault::UnknownIssue);
            }
        }
        if self.rule_version != case.rule_version {
            return Err(BallotFault::RuleVersion);
        }
        if self.decided_at < self.opened_at {
            return Err(BallotFault::Times);
        }
        Ok(())
    }
}

/// What the server did with a ballot. Sent inside a [`crate::server::SignedText`]; the same to the
/// same ballot id, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Receipt {
    /// The ballot.
    pub ballot: BallotId,
    /// The seat.
    pub seat: SeatId,
    /// When the server took it in; this decides, not the device's clock.
    pub received_at: UtcInstant,
    /// What became of it.
    pub outcome: BallotOutcome,
    /// The hash of the ballot's bytes as the server received them.
    pub ballot_sha256: Sha256,
}

/// What became of a ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BallotOutcome {
    /// It counts.
    Counted,
    /// It came after the decision, under a lease taken before it: it earns points.
    Recorded,
    /// It does not count.
    Refused {
        /// Why.
        code: ProblemCode,
    },
}
