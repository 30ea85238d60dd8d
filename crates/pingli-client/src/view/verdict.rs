//! Verdicts 结果.

use pingli_protocol::{
    BallotId, CaseId, UtcInstant,
    case_type::CaseType,
    evidence::EvidenceNumber,
    verdict::{OwnBallot, Verdict},
};
use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// The verdicts, newest first, and ballots that still wait for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct VerdictsView {
    /// Verdicts.
    pub rows: Vec<VerdictRow>,
    /// Ballots whose case is not decided.
    pub undecided: Vec<UndecidedRow>,
}

/// One verdict in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct VerdictRow {
    /// The verdict, without its opinions.
    pub verdict: Verdict,
    /// The reviewer's own ballot.
    pub own: OwnBallot,
    /// Whether it was not looked at yet.
    pub is_new: bool,
}

/// A ballot whose case is not decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UndecidedRow {
    /// The ballot.
    pub ballot: BallotId,
    /// The case.
    pub case: CaseId,
    /// The case's neutral title.
    pub title: String,
    /// When the server took the ballot in.
    pub received_at: UtcInstant,
    /// When the voting window ends.
    pub voting_end: UtcInstant,
}

/// One verdict, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct VerdictView {
    /// The verdict.
    pub verdict: Verdict,
    /// The reviewer's own ballot.
    pub own: OwnBallot,
    /// The reviewer's own opinion, where one was written.
    pub own_opinion: Option<String>,
    /// The own ballot's id, for its receipt.
    pub ballot: Option<BallotId>,
    /// The case type, for the options' names.
    pub case_type: Option<CaseType>,
    /// Numbers of the evidence that opinions cite, where the pack is still here.
    pub numbers: BTreeMap<String, EvidenceNumber>,
    /// Whether the signature is the pinned key's.
    pub verified: bool,
}
