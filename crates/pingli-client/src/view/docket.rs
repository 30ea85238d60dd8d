//! The docket 待评: the seats.

use pingli_protocol::{
    SeatId, UtcInstant,
    case_type::CaseType,
    seat::{CaseCard, SeatState},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The seats, and what fits tonight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DocketView {
    /// Seats that are open, or sealed and not yet acknowledged, or ended within a day.
    pub rows: Vec<DocketRow>,
    /// The case types that the rows refer to.
    pub case_types: Vec<CaseType>,
    /// The server's clock now, as far as it is known; countdowns run on it.
    pub server_now: UtcInstant,
}

/// One seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DocketRow {
    /// The seat.
    pub seat: SeatId,
    /// The case number.
    pub case: pingli_protocol::CaseId,
    /// The round.
    pub round: u32,
    /// What may be shown before the pack is there.
    pub card: CaseCard,
    /// The state on the server.
    pub server_state: SeatState,
    /// The state on this machine.
    pub state: RowState,
    /// Until when the seat is kept.
    pub lease_end: UtcInstant,
    /// The pack's bytes.
    pub pack_bytes: i64,
    /// Whether the reviewer put it off. Local, costs nothing.
    pub later: bool,
    /// Whether there is a draft.
    pub has_draft: bool,
}

/// The state of a seat on this machine, in the words of the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RowState {
    /// Offered: the conflict card comes first.
    Offered,
    /// Accepted; the pack is not here.
    NotDownloaded,
    /// The pack waits for its turn.
    Queued,
    /// The pack is coming.
    Downloading {
        /// Bytes that are here.
        received: i64,
        /// Bytes in all.
        total: i64,
    },
    /// Every byte was checked.
    ReadyOffline,
    /// The pack is not what the server signed: voting is locked.
    Damaged {
        /// The fault's code.
        code: String,
    },
    /// The download stopped and will go on.
    DownloadPaused {
        /// Why, as an error code.
        code: String,
    },
    /// Sealed, held for undo.
    Held {
        /// When it goes.
        until: UtcInstant,
    },
    /// Sealed, waiting in the outbox.
    Sealed {
        /// When it was sealed.
        at: UtcInstant,
    },
    /// The server has it and it counts.
    Counted,
    /// The server has it; it came late and earns points.
    Recorded,
    /// The server refused it.
    Refused {
        /// The problem's code.
        code: String,
    },
    /// Another act waits in the outbox: a return or a recusal.
    Leaving,
    /// The seat ended without a ballot.
    Ended,
    /// The lease ran out by the server's clock; the server has not said so yet.
    LeaseOver,
}
