//! Chat as data. The order is `seq`, never the time stamp.

use crate::{Stamp, case::Side, private_debug};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A chat log as the platform recorded it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ChatLog {
    /// The platform's own name for its chat.
    pub platform: String,
    /// Who wrote.
    pub participants: Vec<ChatParticipant>,
    /// The IANA time zone of the stamps.
    pub time_zone: String,
    /// Whether every message of the period is in it.
    pub complete: bool,
    /// The messages, by `seq`.
    pub messages: Vec<ChatMessage>,
}

private_debug!(ChatLog, ChatMessage, ChatParticipant);

/// One who wrote in a chat.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ChatParticipant {
    /// The id that messages refer to.
    pub id: String,
    /// The side; none for a bystander or a bot of nobody's.
    #[serde(default)]
    pub side: Option<Side>,
    /// A masked name.
    pub alias: String,
}

/// One message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ChatMessage {
    /// The place in the log, rising, from 1.
    pub seq: u32,
    /// When it was sent; none where the record has no time.
    #[serde(default)]
    pub at: Option<Stamp>,
    /// The participant's id; none for the system.
    #[serde(default)]
    pub from: Option<String>,
    /// What kind of message.
    #[serde(default)]
    pub kind: MessageKind,
    /// The text.
    #[serde(default)]
    pub text: String,
    /// Pictures, as paths of media files of this piece of evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
    /// The `seq` of the message it quotes, which may be missing from the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quotes: Option<u32>,
    /// Whether its sender took it back; the platform's record keeps the text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub recalled: bool,
    /// Whether its sender changed it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// How many messages before this one the platform left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub omitted_before: Option<u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// What kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Text, with or without pictures.
    #[default]
    Text,
    /// A card: a product, an order, a coupon; the text describes it.
    Card,
    /// A voice message; the text is its transcript.
    Voice,
    /// The platform's own notice.
    System,
    /// An automatic answer.
    AutoReply,
}
