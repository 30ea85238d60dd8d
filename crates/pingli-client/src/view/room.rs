//! The case room. Nothing in it shows what anybody else thinks.

use super::{Draft, ErrorView, RowState, TimelineView};
use pingli_protocol::{
    EvidenceId, SeatId, UtcInstant,
    case::{CaseDocument, Side},
    evidence::EvidenceBody,
    seat::PackRef,
};
use serde::Serialize;
use ts_rs::TS;

/// A case, opened. Bodies of evidence are asked for one by one.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
pub struct CaseRoomView {
    /// The seat.
    pub seat: SeatId,
    /// The state on this machine.
    pub state: RowState,
    /// The case, its type and its vote system.
    pub document: CaseDocument,
    /// The order in which sides are shown: drawn per seat, then fixed. Key 1 is the first.
    pub side_order: Vec<Side>,
    /// The pack that is open.
    pub pack: PackRef,
    /// Whether the server has a newer pack; it has to be fetched before a ballot is sealed.
    pub newer_pack: bool,
    /// What changed since the reviewer last read the case; the ballot then asks for confirmation.
    pub change: Option<MaterialChange>,
    /// Until when the seat is kept.
    pub lease_end: UtcInstant,
    /// The server's clock now, as far as it is known.
    pub server_now: UtcInstant,
    /// What the reviewer wrote.
    pub draft: Draft,
    /// The evidence that was opened.
    pub opened: Vec<EvidenceId>,
    /// What is looked at first; it counts as opened.
    pub first: Option<EvidenceId>,
    /// One axis of everything.
    pub timeline: TimelineView,
    /// The ballot, once it is sealed.
    pub sealed: Option<SealedView>,
}

impl std::fmt::Debug for CaseRoomView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaseRoomView").field("seat", &self.seat).finish_non_exhaustive()
    }
}

/// What the reviewer wrote about a case and opened of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WrittenView {
    /// The draft.
    pub draft: Draft,
    /// The evidence that was opened.
    pub opened: Vec<EvidenceId>,
}

/// The pack on this machine is another one than the reviewer read before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct MaterialChange {
    /// The version that was read.
    pub from_version: u32,
    /// The version that is here now.
    pub to_version: u32,
    /// The rule's version, where that changed as well.
    pub rule: Option<RuleChange>,
}

/// The rule that applies has another version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RuleChange {
    /// The version before.
    pub from: String,
    /// The version now.
    pub to: String,
}

/// A body of evidence that was asked for, or why it cannot be had.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BodyView {
    /// It reads.
    Here {
        /// The body.
        body: Box<EvidenceBody>,
    },
    /// It cannot be had.
    Missing {
        /// Why.
        error: ErrorView,
    },
}

impl std::fmt::Debug for BodyView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Here { .. } => f.write_str("Here {..}"),
            Self::Missing { error } => f.debug_struct("Missing").field("error", error).finish(),
        }
    }
}

/// A sealed ballot, as the room shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SealedView {
    /// The ballot.
    pub ballot: pingli_protocol::BallotId,
    /// When it was sealed.
    pub sealed_at: UtcInstant,
    /// Until when it is held on purpose; it stays undoable until the server has it.
    pub held_until: UtcInstant,
    /// Whether it can still be taken back.
    pub undoable: bool,
}
