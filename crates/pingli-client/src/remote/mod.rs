//! The judgment server as the client sees it: one trait that is the protocol, and the errors of a
//! distant machine, classified once.

mod answer;
mod body;
mod error;
mod events;
mod http;
mod json;
mod session;

pub(crate) use answer::failure;
pub(crate) use body::read_json;
pub use error::{CertificateFault, RemoteError};
pub(crate) use events::EventLines;
pub(crate) use http::profile;
pub use http::{Http, HttpConfig, HttpRemote, build_http, describe, server_address};
pub(crate) use session::{OauthHttp, bad_address, no_tokens, revoke, stored};
pub use session::{Session, TokenKeeper};

use async_trait::async_trait;
use pingli_protocol::{
    BallotId, DonationId, JournalId, SeatId, Sha256,
    charity::{Donation, DonationRequest},
    journal::{JournalHead, JournalUpdate, Place, ReceiptPage},
    seat::{DamageReceipt, DamageReport, RecuseRequest, SeatReceipt, SeatRequest},
    server::{ServerDescription, SignedText},
    sync::ChangePage,
};

/// Takes the bytes of a pack as they come. An error stops the download.
pub type ChunkSink<'a> = dyn FnMut(&[u8]) -> Result<(), RemoteError> + Send + 'a;

/// The protocol. [`HttpRemote`] speaks it over HTTP. Every write says where it stands in the journal.
#[async_trait]
pub trait Remote: Send + Sync {
    /// What the server says of itself.
    async fn describe(&self) -> Result<ServerDescription, RemoteError>;

    /// A page of changes after a cursor; from the beginning without one. With it what the server
    /// knows of a journal.
    async fn changes(
        &self,
        after: Option<&str>,
        limit: u32,
        journal: Option<&JournalId>,
    ) -> Result<ChangePage, RemoteError>;

    /// What the server knows of a journal; nothing when it keeps none.
    async fn journal(&self, journal: &JournalId) -> Result<Option<JournalHead>, RemoteError>;

    /// Tells the newest link of a journal.
    async fn tell_journal(&self, journal: &JournalId, newest: &JournalUpdate) -> Result<JournalHead, RemoteError>;

    /// The receipts that the server gave under a journal after a link.
    async fn journal_receipts(&self, journal: &JournalId, after: i64) -> Result<ReceiptPage, RemoteError>;

    /// Listens to the push channel, calls `changed` whenever something changed, and returns when
    /// the channel ends. It always ends sooner or later; that is no failure.
    async fn listen(&self, changed: &(dyn Fn() + Send + Sync)) -> Result<(), RemoteError>;

    /// Fetches a pack from byte `from` on.
    async fn pack(&self, sha256: &Sha256, from: u64, sink: &mut ChunkSink<'_>) -> Result<(), RemoteError>;

    /// Takes a seat.
    async fn accept(&self, seat: &SeatId, request: &SeatRequest, place: &Place) -> Result<SeatReceipt, RemoteError>;

    /// Gives a seat back.
    async fn return_seat(
        &self,
        seat: &SeatId,
        request: &SeatRequest,
        place: &Place,
    ) -> Result<SeatReceipt, RemoteError>;

    /// Gives a seat up for a conflict of interest.
    async fn recuse(&self, seat: &SeatId, request: &RecuseRequest, place: &Place) -> Result<SeatReceipt, RemoteError>;

    /// Tells that a pack did not arrive as it was signed.
    async fn report_damage(
        &self,
        seat: &SeatId,
        report: &DamageReport,
        place: &Place,
    ) -> Result<DamageReceipt, RemoteError>;

    /// Sends a sealed ballot: exactly these bytes, the JSON that was sealed.
    async fn ballot(&self, json: &str, place: &Place) -> Result<SignedText, RemoteError>;

    /// Asks what became of a ballot; nothing when the server never saw it.
    async fn ballot_receipt(&self, ballot: &BallotId) -> Result<Option<SignedText>, RemoteError>;

    /// Gives points.
    async fn donate(&self, request: &DonationRequest, place: &Place) -> Result<Donation, RemoteError>;

    /// Takes a donation back.
    async fn cancel_donation(&self, donation: &DonationId, place: &Place) -> Result<Donation, RemoteError>;

    /// Ends the session on the server.
    async fn revoke(&self) -> Result<(), RemoteError>;
}
