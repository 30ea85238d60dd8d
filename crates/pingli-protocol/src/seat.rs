//! Seats: a reviewer's place on one panel, from the offer to its end.

use crate::{
    CaseId, CaseTypeCode, KeyId, Lang, SeatId, Sha256, UtcInstant,
    case::{Party, Sensitivity},
    evidence::EvidenceKind,
    money::Money,
    vote::VoteSystem,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A reviewer's place on one panel, as the server sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Seat {
    /// The seat.
    pub id: SeatId,
    /// The case.
    pub case: CaseId,
    /// The case's round.
    pub round: u32,
    /// The state.
    pub state: SeatState,
    /// When it was offered.
    pub offered_at: UtcInstant,
    /// When it was accepted.
    #[serde(default)]
    pub accepted_at: Option<UtcInstant>,
    /// Until when it is kept. Server time; the device's clock is advice.
    pub lease_end: UtcInstant,
    /// When the panel's voting window ends.
    pub voting_end: UtcInstant,
    /// What may be shown before anything is downloaded.
    pub card: CaseCard,
    /// The pack to fetch.
    pub pack: PackRef,
}

/// The state of a seat on the server. `downloaded`, `drafting` and `sealed` are the client's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    /// Waiting for the reviewer to take it.
    Offered,
    /// Taken.
    Accepted,
    /// The ballot was counted or recorded.
    Counted,
    /// The offer was not taken.
    Declined,
    /// Given back by the reviewer.
    Returned,
    /// Given up for a conflict of interest.
    Recused,
    /// The lease ran out.
    Lapsed,
    /// Taken away by the server.
    Revoked,
    /// The case closed before a ballot came.
    ClosedEarly,
}

impl SeatState {
    /// Whether a ballot may still come from this seat.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }
}

/// What may be shown of a case before its pack is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CaseCard {
    /// The neutral title.
    pub title: String,
    /// The case type.
    pub case_type: CaseTypeCode,
    /// The case's language.
    pub language: Lang,
    /// How long it takes, in minutes.
    pub estimated_minutes: u32,
    /// How much evidence there is of each kind: messages of chats, pictures, pieces of the rest.
    pub evidence: Vec<EvidenceCount>,
    /// What is in dispute, in money.
    #[serde(default)]
    pub disputed: Option<Money>,
    /// The vote system of the round.
    pub vote_system: VoteSystem,
    /// What to check for a conflict of interest.
    pub conflict: ConflictCard,
    /// What a reader may want to be warned of.
    #[serde(default)]
    pub sensitivity: Vec<Sensitivity>,
}

/// So much evidence of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EvidenceCount {
    /// The kind.
    pub kind: EvidenceKind,
    /// Messages for a chat log, pictures for an image, pieces for the rest.
    pub count: u32,
}

/// What a reviewer checks for a conflict of interest; everything masked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct ConflictCard {
    /// Who takes part.
    pub parties: Vec<Party>,
    /// The category of goods.
    #[serde(default)]
    pub category: String,
    /// The shop, masked.
    #[serde(default)]
    pub shop: String,
    /// The region, no nearer than a city.
    #[serde(default)]
    pub region: String,
}

/// Which pack a seat may fetch. The signature is inside the pack; `key` says whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PackRef {
    /// The version, from 1; a changed pack has the next.
    pub version: u32,
    /// The hash of the whole file.
    pub sha256: Sha256,
    /// The number of bytes.
    pub bytes: u64,
    /// The key that signed it.
    pub key: KeyId,
}

/// Gives a seat back. Free within a quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SeatRequest {
    /// The intent's id, the idempotency key.
    pub id: crate::IntentId,
}

/// Gives a seat up for a conflict of interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RecuseRequest {
    /// The intent's id, the idempotency key.
    pub id: crate::IntentId,
    /// Why.
    pub reason: RecuseReason,
    /// Whether the case had been opened.
    pub opened: bool,
}

/// Why a reviewer gives a seat up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecuseReason {
    /// It is the reviewer's own case.
    OwnCase,
    /// The reviewer knows a party.
    KnowsParty,
    /// The reviewer traded with a party.
    TradedWith,
    /// The reviewer competes with a party.
    Competitor,
    /// The reviewer reported it.
    OwnReport,
    /// Another reason.
    Other,
}

/// Tells that a pack's bytes are not the ones that were signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DamageReport {
    /// The intent's id, the idempotency key.
    pub id: crate::IntentId,
    /// The pack as the seat names it.
    pub pack_sha256: Sha256,
    /// What was found, a code such as `pack_wrong_hash`.
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9_]{1,64}$")]
    pub code: String,
    /// The piece of evidence that does not read; none for the pack as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub evidence: Option<crate::EvidenceId>,
}

/// What the server answers to a report of damage; the same to the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DamageReceipt {
    /// The intent's id.
    pub id: crate::IntentId,
    /// The seat.
    pub seat: SeatId,
    /// When the server took it in.
    pub received_at: UtcInstant,
    /// The pack to fetch now.
    pub pack: PackRef,
}

/// What the server answers to an accept, a return or a recusal; the same to the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SeatReceipt {
    /// The intent's id.
    pub id: crate::IntentId,
    /// The seat.
    pub seat: SeatId,
    /// The state it has since then.
    pub state: SeatState,
    /// When the server took it in.
    pub received_at: UtcInstant,
    /// Until when the seat is kept.
    pub lease_end: UtcInstant,
}
