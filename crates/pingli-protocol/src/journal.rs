//! The journal of a reviewer's program, as far as the server remembers it: the place of the newest
//! act, and the receipts that were given under it. It lets a program notice that its own data was
//! set back (a lost tail, a restored backup, a copied folder), and that the server's was. It never
//! decides whether an act counts: ids do that.

use crate::{IntentId, JournalId, MAX_INTEGER, Sha256};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use ts_rs::TS;
use utoipa::ToSchema;

/// The header that tells the place of an act in its journal: `journal;seq;sha256`.
pub const JOURNAL_HEADER: &str = "pingli-journal";

/// The place of a link in a journal. On the wire the value of [`JOURNAL_HEADER`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The journal.
    pub journal: JournalId,
    /// The link's number, from 1.
    pub seq: i64,
    /// The link's hash, which covers all links before it.
    pub sha256: Sha256,
}

/// Why a text is not a place in a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a journal: an id, a number from 1 and a SHA-256 hash, with semicolons between")]
pub struct InvalidPlace;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{};{};{}", self.journal, self.seq, self.sha256)
    }
}

impl FromStr for Place {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let mut parts = text.split(';');
        let (Some(journal), Some(seq), Some(sha256), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(InvalidPlace);
        };
        // One number has one text: no sign, no leading zero.
        let plain = seq.len() <= 16 && seq.bytes().all(|b| b.is_ascii_digit()) && !seq.starts_with('0');
        let seq: i64 = seq.parse().ok().filter(|seq| plain && *seq <= MAX_INTEGER).ok_or(InvalidPlace)?;
        Ok(Self {
            journal: JournalId::new(journal).map_err(|_| InvalidPlace)?,
            seq,
            sha256: sha256.parse().map_err(|_| InvalidPlace)?,
        })
    }
}

/// What the server knows of a journal. A journal that it never heard of has no links and no
/// receipts, and the hash of nothing: zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct JournalHead {
    /// The number of the newest link that it was told of; 0 for none.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    pub seq: i64,
    /// The hash of that link.
    pub sha256: Sha256,
    /// How many receipts it gave under this journal.
    pub receipts: u32,
}

impl JournalHead {
    /// What is known of a journal that nobody told of.
    pub const UNKNOWN: Self = Self { seq: 0, sha256: Sha256::from_bytes([0; 32]), receipts: 0 };
}

/// Tells the server of the newest link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct JournalUpdate {
    /// Its number.
    #[schema(minimum = 1, maximum = 9007199254740991_i64)]
    pub seq: i64,
    /// Its hash.
    pub sha256: Sha256,
    /// The journal that this one goes on from, after a roll-back was recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub predecessor: Option<JournalId>,
}

/// What kind of act a receipt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// A seat was taken.
    Accept,
    /// A seat was given back.
    Return,
    /// A seat was given up for a conflict of interest.
    Recuse,
    /// A damaged pack was reported.
    ReportDamage,
    /// A ballot was cast.
    Ballot,
    /// Points were given.
    Donate,
    /// A donation was taken back.
    CancelDonation,
    /// An act of a newer protocol.
    #[serde(other)]
    Unknown,
}

/// A receipt that the server gave under a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct KeptReceipt {
    /// The place of the act in the journal.
    #[schema(minimum = 1, maximum = 9007199254740991_i64)]
    pub seq: i64,
    /// The hash of its link.
    pub sha256: Sha256,
    /// The idempotency key.
    pub id: IntentId,
    /// What it is for.
    pub kind: ActKind,
    /// The answer, the JSON text byte for byte as it was given.
    pub body: String,
}

/// A page of receipts, in the order of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReceiptPage {
    /// The receipts; those at one place are never on two pages.
    pub receipts: Vec<KeptReceipt>,
    /// Whether there are more after the last one.
    pub more: bool,
}
