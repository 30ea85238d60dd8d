//! The judgment server: hands out cases, counts ballots and keeps the ledger. [`Server::start`]
//! runs one; [`App`] is an open data folder without a listener, for commands and tests.

pub mod api;
mod app;
mod clock;
mod config;
pub mod court;
pub mod db;
pub mod demo;
pub mod error;
mod files;
pub mod intake;
mod keys;
mod server;
mod users;

pub use app::App;
pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{Config, DatabaseOptions, GameRules, Synchronous, WriteLimit};
pub use error::{Error, Result};
pub use files::{FileKind, Files};
pub use keys::Keys;
pub use server::{PeerAddress, RunningServer, Server};
