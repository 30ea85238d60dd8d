//! Chat logs: read once as a stream when their pack is checked, then page by page from the store. A
//! page costs the same in a log of any length.

mod find;
mod head;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use find::{Finds, find};
pub(crate) use read::{count_messages, outline_again, take_in};

use crate::{
    error::ClientError,
    open::Open,
    room,
    view::{ChatLine, ChatOpening, ChatPage, ChatPlace, ChatView},
};
use pingli_protocol::{EvidenceId, SeatId, chat::ChatMessage};
use pingli_store::{ChatId, ChatRow, Store, StoreError};
use std::collections::BTreeMap;

/// The most messages of one page.
const LONGEST_PAGE: u32 = 200;
/// Bytes of messages and of what they quote after which a page has no more: far more than 200 messages
/// that people type, and nothing that a window waits for.
const PAGE_BYTES: usize = 1 << 20;

/// A message as the store keeps it: its text, and the rest as JSON.
fn apart(mut message: ChatMessage) -> Result<(u32, String, String), StoreError> {
    let text = std::mem::take(&mut message.text);
    Ok((message.seq, text, serde_json::to_string(&message)?))
}

/// A message as it was before [`apart`].
fn together(row: ChatRow) -> Result<ChatMessage, StoreError> {
    let mut message: ChatMessage = serde_json::from_str(&row.body)?;
    message.text = row.text;
    Ok(message)
}

/// The log of a piece of evidence, and how many messages it has.
fn log_of(open: &Open, seat: &SeatId, evidence: &EvidenceId) -> Result<(ChatId, u32), ClientError> {
    room::room(open, seat)?;
    open.store.chat(seat, evidence)?.ok_or(ClientError::NotFound("chat"))
}

/// A chat log without its messages.
pub(crate) fn chat(open: &Open, seat: &SeatId, evidence: &EvidenceId) -> Result<ChatView, ClientError> {
    let (log, _) = log_of(open, seat, evidence)?;
    Ok(serde_json::from_str(&open.store.chat_head(log)?).map_err(StoreError::from)?)
}

/// A chat log with the messages that are shown first: one question, where a page alone would be a second.
pub(crate) fn open_chat(
    open: &Open,
    seat: &SeatId,
    evidence: &EvidenceId,
    place: ChatPlace,
    length: u32,
) -> Result<ChatOpening, ClientError> {
    Ok(ChatOpening { chat: chat(open, seat, evidence)?, page: chat_page(open, seat, evidence, place, length)? })
}

/// A page of a chat log.
pub(crate) fn chat_page(
    open: &Open,
    seat: &SeatId,
    evidence: &EvidenceId,
    place: ChatPlace,
    length: u32,
) -> Result<ChatPage, ClientError> {
    let (log, count) = log_of(open, seat, evidence)?;
    Ok(page(&open.store, log, count, place, length)?)
}

/// A page of a log of so many messages. Where the log does not have the message that is asked for,
/// the page is around the place where it would stand. A page is shorter where its messages are long, and
/// then it goes on where it ended.
fn page(store: &Store, log: ChatId, count: u32, place: ChatPlace, length: u32) -> Result<ChatPage, StoreError> {
    let length = length.clamp(1, LONGEST_PAGE);
    let (from, found) = match place {
        ChatPlace::Index { index } => (index.min(count), None),
        ChatPlace::Seq { seq } => {
            let (place, at) = store.chat_place(log, seq)?.unwrap_or((count, 0));
            let middle = place.saturating_sub(length / 2);
            (middle.min(count.saturating_sub(length)), (at == seq && place < count).then_some(place))
        }
    };
    let page = ChatPage { from, found, lines: lines(store, log, from, length)? };
    let came = from.saturating_add(u32::try_from(page.lines.len()).unwrap_or(u32::MAX));
    match found {
        // What stands before it is too much: the page begins with it.
        Some(place) if place >= came => Ok(ChatPage { from: place, found, lines: lines(store, log, place, length)? }),
        _ => Ok(page),
    }
}

/// A run of messages with what they quote, as many as fit into a page; at least one.
fn lines(store: &Store, log: ChatId, from: u32, length: u32) -> Result<Vec<ChatLine>, StoreError> {
    let mut quoted: BTreeMap<u32, Option<(usize, ChatMessage)>> = BTreeMap::new();
    let (mut lines, mut bytes) = (Vec::new(), 0);
    for row in store.chat_rows(log, from, length, PAGE_BYTES)? {
        bytes += row.bytes();
        let message = together(row)?;
        if let Some(seq) = message.quotes
            && let std::collections::btree_map::Entry::Vacant(unknown) = quoted.entry(seq)
        {
            let row = store.chat_row_by_seq(log, seq)?;
            unknown.insert(row.map(|row| Ok::<_, StoreError>((row.bytes(), together(row)?))).transpose()?);
        }
        let quoted = message.quotes.and_then(|seq| quoted.get(&seq)?.as_ref());
        bytes += quoted.map_or(0, |(bytes, _)| *bytes);
        if bytes > PAGE_BYTES && !lines.is_empty() {
            break;
        }
        let quoted = quoted.map(|(_, message)| message.clone());
        lines.push(ChatLine { message, quoted });
    }
    Ok(lines)
}
