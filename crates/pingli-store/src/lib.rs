//! The encrypted database and evidence blobs of one reviewer on one machine: the only client SQL
//! and the only at-rest crypto. Time and randomness come in from outside.
#![cfg_attr(test, expect(clippy::expect_used, reason = "a test that cannot go on must fail"))]

mod account;
mod blob;
mod chat;
mod check;
mod database;
mod draft;
mod error;
mod head;
mod heal;
mod journal;
pub mod keys;
mod mirror;
mod options;
mod outbox;
mod pack;
mod pages;
mod quarantine;
mod salvage;
mod seat;
mod unkept;

pub use account::{Account, Revocation, StoredTokens};
pub use blob::{BLOB_CHUNK, BlobKey, BlobReader, BlobWriter};
pub use chat::{ChatId, ChatRow, ChatWriter};
pub use check::{look_at_good_pages, look_at_pages};
pub use database::Store;
pub use error::{Damage, StoreError};
pub use heal::FoundReceipt;
pub use options::{StoreOptions, Synchronous};
pub use outbox::{Effect, Enqueued, Intent, IntentStatus, NewIntent, Reached, StoredReceipt};
pub use pack::{Contents, NewPack, PackRow, PackState};
pub use quarantine::{RECOVERED, Recovery, export_set_aside, recover_database, set_aside_folder};
pub use seat::{LocalSeat, SeenKind};
pub use unkept::UnkeptFolder;
