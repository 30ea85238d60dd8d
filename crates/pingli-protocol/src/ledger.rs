//! The ledger: append-only entries in points, and the sums they come to.

use crate::{CaseId, DonationId, LedgerEntryId, Points, UtcInstant, money::AmountOutOfRange};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// One entry. Never edited: a mistake is reversed by another entry. `state` goes from pending to
/// posted once, when the case is final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LedgerEntry {
    /// The entry.
    pub id: LedgerEntryId,
    /// When it was made.
    pub at: UtcInstant,
    /// What kind.
    pub kind: LedgerKind,
    /// Points; what leaves the account is negative.
    pub points: Points,
    /// What it refers to.
    pub refers_to: LedgerReference,
    /// Whether it counts.
    pub state: LedgerState,
}

/// A kind of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    /// For a finished judgment, positive.
    Earn,
    /// Set aside for a donation or an exchange, negative.
    Hold,
    /// A hold given back, positive.
    Release,
    /// Taken back, negative.
    Reverse,
    /// Put right by staff, either way.
    Adjust,
    /// Ran out, negative.
    Expire,
    /// Given to a project, negative.
    Donate,
    /// A donation that came back, positive.
    Refund,
    /// Exchanged for a gift, negative.
    Exchange,
}

/// What an entry refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LedgerReference {
    /// A judgment.
    Case {
        /// The case.
        case: CaseId,
        /// The round.
        round: u32,
        /// Its title.
        title: String,
    },
    /// A donation.
    Donation {
        /// The donation.
        donation: DonationId,
        /// The project's name, in the server's first language.
        project: crate::Localized,
    },
    /// Another entry.
    Entry {
        /// The entry.
        entry: LedgerEntryId,
    },
    /// A note of the staff.
    Note {
        /// The note.
        text: String,
    },
}

/// Whether an entry counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LedgerState {
    /// Not yet: the case is not final.
    Pending,
    /// It counts.
    Posted,
}

/// What the entries come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct Balance {
    /// The sum of posted entries that are not holds.
    pub balance: Points,
    /// What is set aside.
    pub held: Points,
    /// Balance less what is set aside; never negative.
    pub available: Points,
    /// The sum of pending entries.
    pub pending: Points,
}

impl Balance {
    /// Sums entries: balance is the sum of posted entries, available is balance less holds.
    ///
    /// # Errors
    /// [`AmountOutOfRange`] when a sum would not be exact.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a LedgerEntry>) -> Result<Self, AmountOutOfRange> {
        let mut sums = Self::default();
        for entry in entries {
            let sum = match (entry.state, entry.kind) {
                (LedgerState::Pending, _) => &mut sums.pending,
                (LedgerState::Posted, LedgerKind::Hold | LedgerKind::Release) => &mut sums.held,
                (LedgerState::Posted, _) => &mut sums.balance,
            };
            *sum = sum.plus(entry.points)?;
        }
        sums.held = sums.held.negated();
        sums.available = sums.balance.minus(sums.held)?;
        Ok(sums)
    }
}
