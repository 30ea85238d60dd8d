//! Settings, and what is kept on this machine.

use pingli_protocol::Lang;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The reviewer's settings. A field that yesterday's file lacks has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// The language; none follows the system.
    pub language: Option<Lang>,
    /// The theme.
    pub theme: Theme,
    /// The size of text, in per cent: 100 to 200.
    pub text_percent: u32,
    /// Whether single-letter keys work.
    pub single_keys: bool,
    /// Notifications of new seats.
    pub notify_seats: bool,
    /// Notifications of leases that end.
    pub notify_leases: bool,
    /// Notifications of verdicts.
    pub notify_verdicts: bool,
    /// No notifications between these local hours (from, to), 0 to 23.
    pub quiet_hours: Option<(u8, u8)>,
    /// Whether accepted cases are fetched at once.
    pub download_at_once: bool,
    /// Days that a pack stays after its case is closed.
    pub keep_days: u32,
    /// Minutes without input after which the store locks; 0 never.
    pub lock_after_minutes: u32,
    /// The proxy for the server; none follows the system.
    pub proxy: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::System,
            text_percent: 100,
            single_keys: true,
            notify_seats: true,
            notify_leases: true,
            notify_verdicts: true,
            quiet_hours: None,
            download_at_once: true,
            keep_days: 7,
            lock_after_minutes: 0,
            proxy: None,
        }
    }
}

/// The theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

/// What is kept on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StorageView {
    /// The data folder.
    pub folder: String,
    /// Bytes of the database.
    pub database_bytes: i64,
    /// Bytes of evidence.
    pub evidence_bytes: i64,
    /// Cases with evidence here.
    pub cases: u32,
}

/// An error as the window gets it; one table there has the sentence and the action for each code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ErrorView {
    /// The stable code.
    pub code: String,
    /// For the log and the curious; never private content.
    pub message: String,
    /// Whether trying again may help.
    pub retry: bool,
}
