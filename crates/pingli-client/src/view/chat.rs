//! A chat log, page by page: a log may have a million messages.

use pingli_protocol::{
    Stamp,
    chat::{ChatMessage, ChatParticipant},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A chat log without its messages.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChatView {
    /// The platform's own name for its chat.
    pub platform: String,
    /// Who wrote.
    pub participants: Vec<ChatParticipant>,
    /// The IANA time zone of the stamps.
    pub time_zone: String,
    /// Whether every message of the period is in it.
    pub complete: bool,
    /// How many messages it has.
    pub count: u32,
    /// The stamp of the first message that has one.
    pub first_at: Option<Stamp>,
    /// The days that have messages, in the log's order.
    pub days: Vec<ChatDay>,
}

/// What a window needs to show a chat log: the log as a whole, and its messages around a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChatOpening {
    /// The log.
    pub chat: ChatView,
    /// The messages around the place.
    pub page: ChatPage,
}

/// A day that has messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChatDay {
    /// The day as stated, `2026-11-08`.
    pub day: String,
    /// The place of its first message in the log, from 0.
    pub first: u32,
    /// How many messages it has.
    pub count: u32,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChatPlace {
    /// At a place in the log, from 0.
    Index {
        /// The place.
        index: u32,
    },
    /// Around the message with this `seq`, which stands in the middle of the page.
    Seq {
        /// The message.
        seq: u32,
    },
}

/// A run of messages. It may be shorter than was asked for, where messages are long: the next page begins
/// where it ended.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChatPage {
    /// The place of the first one in the log, from 0.
    pub from: u32,
    /// The place of the message that was asked for by its `seq`; none when the log does not have it.
    pub found: Option<u32>,
    /// The messages in their recorded order.
    pub lines: Vec<ChatLine>,
}

/// A message, with the one it quotes.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChatLine {
    /// The message.
    pub message: ChatMessage,
    /// The message it quotes; none when it quotes none, or one that the log does not have.
    pub quoted: Option<ChatMessage>,
}

/// What a search inside a log found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChatHits {
    /// How many messages have the text.
    pub total: u32,
    /// Their places in the log, from 0, rising; at most 10,000.
    pub places: Vec<u32>,
}

impl std::fmt::Debug for ChatView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChatView {{ {} messages }}", self.count)
    }
}

impl std::fmt::Debug for ChatPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChatPage {{ {} from {} }}", self.lines.len(), self.from)
    }
}

impl std::fmt::Debug for ChatLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChatLine {{ {} }}", self.message.seq)
    }
}
