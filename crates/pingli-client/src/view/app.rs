//! The frame around every screen: locked or open, who is signed in, whether the server answers.

use pingli_protocol::{
    UtcInstant,
    standing::{Profile, StandingState},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The state of the whole program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AppView {
    /// Counts the views: of two, the one with the higher number was begun later. Answers overtake each
    /// other on their way to a window, and what was open must not be shown over a lock.
    pub serial: u32,
    /// Locked, signed out or ready.
    pub stage: Stage,
    /// Who is signed in, once somebody is.
    pub profile: Option<Profile>,
    /// The state of the reviewer's standing, once the server has told it.
    pub standing: Option<StandingState>,
    /// The server, once there is one.
    pub server: Option<ServerView>,
    /// The state of the mirror.
    pub sync: SyncView,
    /// Acts that wait in the outbox.
    pub waiting: u32,
    /// Acts that need the reviewer: refused or parked.
    pub parked: u32,
    /// Seats that a ballot may still come from.
    pub open_seats: u32,
    /// Verdicts not looked at yet.
    pub new_verdicts: u32,
    /// Cases ready offline, and their bytes on this machine.
    pub offline_cases: u32,
    /// Bytes of evidence on this machine.
    pub offline_bytes: i64,
    /// The program's version.
    pub version: String,
    /// Whether the key is kept in the system keyring, behind a passphrase, or both.
    pub key_slots: KeySlots,
    /// Where everything is kept on this machine.
    pub data_folder: String,
    /// What was saved from a damaged database, until the reviewer has read it.
    pub recovery: Option<RecoveryView>,
    /// Whether this session keeps nothing: what it wrote goes when it ends, and every act needs the
    /// server's acknowledgement at once.
    pub keeps_nothing: bool,
}

/// A damaged database was set aside, and another goes on with what was saved from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecoveryView {
    /// When.
    pub at: UtcInstant,
    /// Acts that were saved, finished ones included.
    pub intents_saved: u32,
    /// Those of them that may have been taken back since: they wait for the reviewer's word.
    pub intents_asked: u32,
    /// Drafts that were saved.
    pub drafts_saved: u32,
    /// Pages of the database that do not read any more.
    pub pages_lost: u32,
    /// The folder that the damaged files were moved to.
    pub place: String,
}

/// Locked, signed out or ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Stage {
    /// The key is being asked for; a keyring may take seconds.
    Opening,
    /// The store is locked.
    Locked {
        /// Why.
        reason: LockReason,
        /// Whether a passphrase opens it.
        passphrase: bool,
        /// Whether a session that keeps nothing may begin.
        may_keep_nothing: bool,
    },
    /// The store is open; nobody is signed in.
    SignedOut,
    /// The system browser is showing the sign-in page.
    SigningIn {
        /// The page, to be opened by hand if no browser appeared.
        url: String,
    },
    /// The session ended (revoked or expired); what is on the machine stays readable.
    SignInAgain,
    /// Signed in.
    Ready,
}

/// Why the store is locked (reliability: key store states).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// The reviewer locked it.
    ByReviewer,
    /// Nobody was there for as long as the settings say.
    Idle,
    /// The keyring is locked, or its prompt was dismissed.
    KeyringLocked,
    /// There is no keyring, or it does not answer.
    KeyringUnavailable,
    /// The keyring has no entry although data exists.
    KeyMissing,
    /// The keyring's key does not open the data.
    WrongKey,
    /// The key header cannot be read.
    DamagedHeader,
    /// The database cannot be read.
    DamagedStore,
    /// The data was written by a newer program.
    NewerStore,
    /// A session that kept nothing is over.
    SessionOver,
    /// The folder or its database refused: no room, no right to write, a disk that fails.
    StoreFailed,
}

/// Where the key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct KeySlots {
    /// In the system keyring.
    pub keyring: bool,
    /// Behind a recovery passphrase.
    pub passphrase: bool,
}

/// The server that the reviewer is signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ServerView {
    /// Its address.
    pub url: String,
    /// Its name.
    pub name: pingli_protocol::Localized,
    /// The server's clock less this machine's, in seconds.
    pub skew_seconds: i64,
}

/// The state of the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SyncView {
    /// Whether the server answers.
    pub connection: Connection,
    /// When the mirror was last known to be complete.
    pub last_complete: Option<UtcInstant>,
    /// Why the last attempt failed, as an error code.
    pub error: Option<String>,
}

/// Whether the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// Not tried yet.
    Unknown,
    /// A round is under way.
    Syncing,
    /// The last round went through.
    Online,
    /// There is no way to the server. A calm state, not an error.
    Offline,
    /// There is a network, but no judgment server answers behind it.
    ServerDown,
    /// The network wants to be signed in to first.
    Portal,
    /// Who answers cannot prove to be the server; nothing is sent.
    Untrusted,
}

/// What became stale: the window asks again for just that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// [`AppView`].
    App,
    /// [`super::DocketView`].
    Docket,
    /// [`super::OutboxView`].
    Outbox,
    /// The verdicts.
    Verdicts,
    /// [`super::PointsView`].
    Points,
    /// The standing.
    Standing,
    /// The open case.
    Room,
    /// [`super::WrittenView`]: what the reviewer wrote about an open case, in another window.
    Draft,
    /// The settings.
    Settings,
}

/// Something a notification may tell. Never with evidence text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// New seats were offered.
    NewSeats {
        /// How many.
        count: u32,
    },
    /// A lease is about to end.
    LeaseEnding {
        /// The seat.
        seat: pingli_protocol::SeatId,
        /// The case's neutral title.
        title: String,
        /// When it ends.
        lease_end: UtcInstant,
    },
    /// Verdicts came.
    NewVerdicts {
        /// How many.
        count: u32,
        /// The case's neutral title, when it is one.
        title: Option<String>,
    },
    /// A ballot was refused.
    BallotRefused {
        /// The case's neutral title.
        title: String,
    },
    /// Ballots wait although the store was locked.
    BallotsWait {
        /// How many.
        count: u32,
        /// Until when the first of them must be at the server.
        due: Option<UtcInstant>,
    },
    /// The data here went back to an earlier state: acts wait for the reviewer's word.
    ActsAsk {
        /// How many.
        count: u32,
    },
    /// The server went back to an earlier state: acts that it forgot are sent again.
    SentAgain {
        /// How many.
        count: u32,
    },
}

/// A screen of a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Place {
    /// The docket.
    Docket,
    /// The room of a case.
    Room {
        /// The seat.
        seat: pingli_protocol::SeatId,
    },
    /// What waits to be sent.
    Outbox,
    /// The verdicts.
    Verdicts,
    /// One verdict.
    Verdict {
        /// The case.
        case: pingli_protocol::CaseId,
        /// The round.
        round: u32,
    },
    /// Points and charity.
    Charity,
    /// The standing.
    Standing,
    /// The settings.
    Settings,
}

/// Where a link or a notification leads, and what is said on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Lead {
    /// The screen; none leaves the window where it is.
    pub place: Option<Place>,
    /// Why it is not the place that was meant, a code.
    pub code: Option<String>,
}

impl From<Place> for Lead {
    fn from(place: Place) -> Self {
        Self { place: Some(place), code: None }
    }
}

impl Notice {
    /// Where the window goes when the notification is clicked.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::NewSeats { .. } => Place::Docket,
            Self::LeaseEnding { seat, .. } => Place::Room { seat: seat.clone() },
            Self::NewVerdicts { .. } => Place::Verdicts,
            Self::BallotRefused { .. } | Self::BallotsWait { .. } | Self::ActsAsk { .. } | Self::SentAgain { .. } => {
                Place::Outbox
            }
        }
    }
}

impl Topic {
    /// Every topic: for a window that missed some changes.
    pub const ALL: [Self; 9] = [
        Self::App,
        Self::Docket,
        Self::Outbox,
        Self::Verdicts,
        Self::Points,
        Self::Standing,
        Self::Room,
        Self::Draft,
        Self::Settings,
    ];
}
