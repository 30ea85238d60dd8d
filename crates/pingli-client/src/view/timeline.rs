//! The timeline: one axis of everything, and neutral observations.

use pingli_protocol::{
    EvidenceId, Stamp,
    case::{KeyDateKind, Side},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One axis of everything.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct TimelineView {
    /// The items, by time. A chat keeps its recorded order: a run that is stamped earlier than one
    /// before it stands right after what has the time of that one.
    pub items: Vec<TimelineItem>,
    /// What times, sums and hashes say by themselves.
    pub observations: Vec<Observation>,
    /// How many pieces have no time and are not on the axis.
    pub without_time: u32,
}

impl std::fmt::Debug for TimelineView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TimelineView {{ {} items }}", self.items.len())
    }
}

/// One item on the axis.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineItem {
    /// When, with the offset it was stated with.
    pub at: Stamp,
    /// What kind; the window has a word and an icon for each.
    pub kind: TimelineKind,
    /// Whose act it was.
    pub side: Option<Side>,
    /// Text from the data, where there is some.
    pub text: String,
    /// Where it comes from.
    pub source: Option<Source>,
    /// For a run of chat messages: how many.
    pub count: u32,
    /// For a run of chat messages: when the last was sent.
    pub until: Option<Stamp>,
    /// For a run of chat messages: the last of them; the first is in the source.
    pub last_seq: Option<u32>,
    /// Whether a run is an hour or a day of a very long log: between its first and its last message
    /// there may be others, stamped outside the run.
    pub gathered: bool,
    /// Whether the source gave no offset, so that the case's own time zone was taken.
    pub zone_assumed: bool,
    /// For an amount of money.
    pub amount: Option<pingli_protocol::money::Money>,
    /// Other evidence that states the same.
    pub also: Vec<EvidenceId>,
    /// The dates that the rules look at of which this is the record, or which stand here by themselves.
    pub key_dates: Vec<KeyDateKind>,
}

impl std::fmt::Debug for TimelineItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TimelineItem {{ {:?} at {} }}", self.kind, self.at)
    }
}

/// What kind of item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// A run of chat messages of one day, none further apart than ten minutes; of a very long log,
    /// an hour or a day of messages.
    Chat,
    /// An order changed its state.
    OrderStatus,
    /// A payment.
    Payment,
    /// A refund.
    Refund,
    /// A compensation.
    Compensation,
    /// A parcel was scanned.
    Scan,
    /// A picture was taken, by its camera's clock.
    PhotoTaken,
    /// A listing was recorded.
    ListingSnapshot,
    /// A statement was submitted.
    Statement,
    /// A review, or a reply to one.
    Review,
    /// A document was issued.
    Document,
    /// A claim was filed.
    Claim,
    /// A listing changed.
    ListingChange,
    /// The platform acted.
    PlatformAct,
    /// A party acted.
    PartyAct,
    /// A date that the rules look at and that no other item records.
    KeyDate,
}

/// Where something comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Source {
    /// The evidence.
    pub evidence: EvidenceId,
    /// The first message, for a chat.
    pub seq: Option<u32>,
    /// The picture's index.
    pub picture: Option<u32>,
}

/// A neutral observation 客观信息: computed from times, sums and hashes only, the same rules for
/// both sides, never from what a text says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Observation {
    /// A stable id within the case, to put it aside by.
    pub id: String,
    /// What was found; the window has the sentence.
    pub finding: ObservationKind,
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// The dates and claims that it leans on, by their places on the axis.
    pub leans_on: Vec<u32>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ObservationKind {
    /// A picture was taken so many seconds before the parcel was delivered.
    TakenBeforeDelivery {
        /// When it was taken.
        taken: Stamp,
        /// When the parcel was delivered.
        delivered: Stamp,
        /// Seconds between.
        seconds: i64,
    },
    /// A picture was taken so many seconds after the return, appeal or report was filed.
    TakenAfterFiling {
        /// When it was taken.
        taken: Stamp,
        /// When it was filed.
        filed: Stamp,
        /// Seconds between.
        seconds: i64,
    },
    /// The parcel was scanned as delivered after receipt had been confirmed.
    DeliveredAfterReceipt {
        /// The scan.
        delivered: Stamp,
        /// The confirmation.
        confirmed: Stamp,
    },
    /// A message quotes one that the log does not have.
    QuoteMissing {
        /// The message.
        seq: u32,
        /// The one it quotes.
        quoted: u32,
    },
    /// So many more messages quote one that the log does not have; only the first are named.
    MoreQuotesMissing {
        /// How many more.
        count: u32,
    },
    /// More was refunded than was paid.
    RefundAbovePaid {
        /// Paid, in the smallest unit.
        paid: i64,
        /// Refunded, in the smallest unit.
        refunded: i64,
        /// The currency.
        currency: String,
    },
    /// The lines of the bill do not add up to what was paid.
    SumsDiffer {
        /// The sum of the lines.
        sum: i64,
        /// What was paid.
        paid: i64,
        /// The currency.
        currency: String,
    },
    /// A promise of dispatch against the first scan; negative seconds mean in time.
    DispatchAgainstPromise {
        /// The promise.
        promised: Stamp,
        /// The first scan.
        scanned: Stamp,
        /// Seconds from the promise to the scan.
        seconds: i64,
    },
    /// The same picture stands in two pieces of evidence.
    SamePicture {
        /// Bits that differ between the two perceptual hashes.
        distance: u32,
        /// Whether both are one file, byte by byte; pictures with equal hashes need not be.
        same_file: bool,
    },
    /// A picture was changed by a program after it was taken.
    EditedWith {
        /// The program.
        software: String,
    },
}
