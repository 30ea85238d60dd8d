//! The outbox 待上传: acts on their way, and what the reviewer can do about each.

use pingli_protocol::{BallotId, CaseId, IntentId, UtcInstant};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything in the outbox, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OutboxView {
    /// The acts.
    pub rows: Vec<OutboxRow>,
}

/// One act on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OutboxRow {
    /// The act.
    pub id: IntentId,
    /// What it is.
    pub kind: IntentKind,
    /// The case's neutral title, or the project's name.
    pub title: String,
    /// The case, where it is about one.
    pub case: Option<CaseId>,
    /// Points, for a donation.
    pub points: Option<i64>,
    /// When the reviewer did it.
    pub made_at: UtcInstant,
    /// Until when it must be at the server.
    pub due: Option<UtcInstant>,
    /// Its state.
    pub state: IntentState,
    /// How often it was tried.
    pub tries: u32,
    /// The last answer, as an error code; the window has the words.
    pub last_answer: Option<String>,
    /// Whether it can still be taken back.
    pub undoable: bool,
}

/// What an act is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IntentKind {
    /// Take a seat.
    Accept,
    /// Seal a ballot.
    Ballot,
    /// Give a seat back.
    Return,
    /// Give a seat up for a conflict of interest.
    Recuse,
    /// Tell the server that a pack is damaged.
    ReportDamage,
    /// Give points to a project.
    Donate,
    /// Take a donation back.
    CancelDonation,
}

/// The state of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum IntentState {
    /// Held on purpose, so that it can be undone.
    Held {
        /// Until when.
        until: UtcInstant,
    },
    /// Waiting for its turn or for a network.
    Waiting {
        /// When it is tried next; none as soon as there is a network.
        next_try: Option<UtcInstant>,
    },
    /// On its way right now.
    Sending,
    /// No answer came: the server is asked about it before it is sent again.
    Unknown,
    /// The server will not take it; the reviewer can retry or drop it.
    Parked {
        /// The problem's code.
        code: String,
    },
}

/// A receipt, to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReceiptView {
    /// The ballot.
    pub ballot: BallotId,
    /// The receipt.
    pub receipt: pingli_protocol::ballot::Receipt,
    /// The exact text that the server signed.
    pub signed: pingli_protocol::server::SignedText,
    /// Whether the signature is the pinned key's.
    pub verified: bool,
}
