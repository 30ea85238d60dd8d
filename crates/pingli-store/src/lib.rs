//! The encrypted database and evidence blobs of one reviewer on one machine: the only client SQL
//! and the only at-rest crypto. Time and randomness come in from outside.
#![cfg_attr(test, expect(clippy::expect_used, reason = "a test that cannot go on must fail"))]

mod account;
mod blob;
mod chat;
mod database;
mod draft;
mod error;
mod heal;
mod journal;
pub mod keys;
mod mirror;
mod outbox;
mod pack;
mod quarantine;
mod seat;

pub use account::{Account, StoredTokens};
pub use blob::{BLOB_CHUNK, BlobKey, BlobReader, BlobWriter};
pub use chat::{ChatId, ChatRow, ChatWriter};
pub use database::Store;
pub use error::StoreError;
pub use heal::FoundReceipt;
pub use outbox::{Effect, Enqueued, Intent, IntentStatus, NewIntent, Reached, StoredReceipt};
pub use pack::{Contents, NewPack, PackRow, PackState};
pub use quarantine::quarantine_database;
pub use seat::LocalSeat;
