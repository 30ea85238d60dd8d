//! Changes after a cursor, and the digests that prove a mirror right.

use crate::{
    Sha256, UtcInstant,
    case_type::CaseType,
    charity::{Donation, Project},
    journal::JournalHead,
    ledger::LedgerEntry,
    seat::Seat,
    standing::{Profile, Standing},
    verdict::VerdictRecord,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A collection of records that a client mirrors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Collection {
    /// Case types.
    CaseTypes,
    /// The reviewer's profile: one record.
    Profile,
    /// The reviewer's standing: one record.
    Standing,
    /// The reviewer's seats.
    Seats,
    /// Verdicts of the reviewer's cases.
    Verdicts,
    /// The reviewer's ledger.
    Ledger,
    /// Charity projects.
    Projects,
    /// The reviewer's donations.
    Donations,
}

/// A page of changes. A page and its cursor are applied in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ChangePage {
    /// The changes, oldest first.
    pub changes: Vec<Change>,
    /// Where the next page begins; opaque.
    pub cursor: String,
    /// Whether there is another page.
    pub more: bool,
    /// The server's clock.
    pub server_time: UtcInstant,
    /// With the last page: what each collection comes to. Empty otherwise.
    pub digests: Vec<CollectionDigest>,
    /// What the server knows of the journal that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub journal: Option<JournalHead>,
}

/// One change: a record as it is now, or its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Change {
    /// The record's id within its collection.
    pub id: String,
    /// The record's version, rising with each change.
    pub version: i64,
    /// The collection, and the record or its end.
    pub body: ChangeBody,
}

/// A record as it is now, or its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", content = "record", rename_all = "snake_case")]
pub enum ChangeBody {
    /// A case type.
    CaseType(Box<CaseType>),
    /// The profile.
    Profile(Profile),
    /// The standing.
    Standing(Box<Standing>),
    /// A seat.
    Seat(Box<Seat>),
    /// A verdict.
    Verdict(Box<VerdictRecord>),
    /// A ledger entry.
    LedgerEntry(LedgerEntry),
    /// A project.
    Project(Box<Project>),
    /// A donation.
    Donation(Donation),
    /// The record is gone.
    Gone {
        /// From where.
        collection: Collection,
    },
}

impl ChangeBody {
    /// The collection that the change belongs to.
    #[must_use]
    pub const fn collection(&self) -> Collection {
        match self {
            Self::CaseType(_) => Collection::CaseTypes,
            Self::Profile(_) => Collection::Profile,
            Self::Standing(_) => Collection::Standing,
            Self::Seat(_) => Collection::Seats,
            Self::Verdict(_) => Collection::Verdicts,
            Self::LedgerEntry(_) => Collection::Ledger,
            Self::Project(_) => Collection::Projects,
            Self::Donation(_) => Collection::Donations,
            Self::Gone { collection } => *collection,
        }
    }
}

/// What a collection comes to: equal on both ends, or the mirror is dropped and pulled again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CollectionDigest {
    /// The collection.
    pub collection: Collection,
    /// How many records.
    pub count: u32,
    /// See [`digest`].
    pub sha256: Sha256,
}

/// Digests a collection: SHA-256 over lines `id NUL version LF`, sorted by the bytes of the id.
#[must_use]
pub fn digest<'a>(records: impl IntoIterator<Item = (&'a str, i64)>) -> (u32, Sha256) {
    use sha2::Digest as _;
    let mut records: Vec<_> = records.into_iter().collect();
    records.sort_unstable();
    let mut hash = sha2::Sha256::new();
    for (id, version) in &records {
        hash.update(id.as_bytes());
        hash.update([0]);
        hash.update(version.to_string().as_bytes());
        hash.update(b"\n");
    }
    (u32::try_from(records.len()).unwrap_or(u32::MAX), Sha256::from_bytes(hash.finalize().into()))
}
