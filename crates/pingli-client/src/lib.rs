//! The reviewer's core: session, docket, evidence, timeline, outbox, sync and ledger, without any
//! window. [`Client`] is the waist: its verbs are the product's, each returns a view.
#![cfg_attr(test, expect(clippy::expect_used, reason = "a test that cannot go on must fail"))]

mod active;
mod charity;
mod chat;
mod citations;
mod client;
pub mod clock;
mod config;
mod contents;
mod docket;
mod draft;
mod error;
mod evidence;
mod idle;
mod link;
mod material;
mod notices;
mod open;
mod outbox;
mod packs;
pub mod parsers;
mod recovery;
pub mod remote;
mod room;
mod server_clock;
mod settings;
pub mod sign_in;
mod sync;
#[cfg(test)]
mod testing;
pub mod timeline;
mod verdicts;
pub mod view;
mod windows;

pub use client::Client;
pub use config::{ClientConfig, Connect, OpenUrl, RemoteFactory, system_language};
pub use error::ClientError;
pub use evidence::{Region, Rendition};
pub use link::{InvalidLink, LINK_SCHEME, LONGEST_LINK, Link};
pub use pingli_protocol as protocol;
pub use windows::WindowId;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The reviewer's time zone, as the system has it.
#[must_use]
pub fn system_zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::system()
}
