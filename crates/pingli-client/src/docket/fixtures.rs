//! Seats and packs for tests.

use pingli_protocol::{
    KeyId, Lang, SeatId, Sha256, UtcInstant,
    seat::{CaseCard, ConflictCard, PackRef, Seat, SeatState},
};
use pingli_store::{PackRow, PackState};

/// A seat of case `c-1`.
pub(crate) fn seat(state: SeatState, lease_end: UtcInstant) -> Seat {
    seat_of("1", state, lease_end)
}

/// A seat `s-n` of case `c-n`.
pub(crate) fn seat_of(n: &str, state: SeatState, lease_end: UtcInstant) -> Seat {
    Seat {
        id: SeatId::new(format!("s-{n}")).expect("an id"),
        case: format!("c-{n}").parse().expect("an id"),
        round: 1,
        state,
        offered_at: UtcInstant::from_millis(0),
        accepted_at: None,
        lease_end,
        voting_end: lease_end,
        card: CaseCard {
            title: format!("case {n}"),
            case_type: "transaction_dispute".parse().expect("an id"),
            language: Lang::En,
            estimated_minutes: 5,
            evidence: Vec::new(),
            disputed: None,
            vote_system: pingli_protocol::vote::VoteSystem::default(),
            conflict: ConflictCard::default(),
            sensitivity: Vec::new(),
        },
        pack: PackRef {
            version: 1,
            sha256: Sha256::of(n.as_bytes()),
            bytes: 100,
            key: KeyId::new("k-1").expect("an id"),
        },
    }
}

/// The pack of a seat on this machine.
pub(crate) fn pack_row(seat: &Seat, state: PackState) -> PackRow {
    PackRow {
        seat: seat.id.clone(),
        version: seat.pack.version,
        sha256: seat.pack.sha256,
        bytes: seat.pack.bytes,
        state,
        received: 0,
        file: "0".to_owned(),
        rows_version: 1,
        timeline_version: 1,
    }
}
