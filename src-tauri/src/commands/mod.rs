//! The commands, three lines each: take the client, call one verb, map the error. What a window may
//! call is listed in `permissions/`.

pub(crate) mod charity;
pub(crate) mod docket;
pub(crate) mod frame;
pub(crate) mod outbox;
pub(crate) mod room;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod verdicts;

use pingli_client::Client;

/// The client as Tauri hands it to a command.
pub(crate) type Open<'a> = tauri::State<'a, Client>;
