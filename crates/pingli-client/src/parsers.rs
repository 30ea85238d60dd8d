//! The readers of bytes that others make, as the fuzz targets (`fuzz/`) and the mutations in `./test`
//! call them: each takes any bytes and must come back soon, with little memory and without a panic.
//! The program itself calls them where they live.

use crate::{chat, citations, contents, remote, sign_in};
use pingli_protocol::evidence::EvidenceBody;
use serde::de::DeserializeOwned;

pub use crate::remote::RemoteError;

/// Reads a chat log as a stream: how many messages, when it reads.
#[must_use]
pub fn chat_log(bytes: &[u8]) -> Option<u32> {
    chat::count_messages(bytes)
}

/// Reads a structured body of evidence.
#[must_use]
pub fn evidence_body(bytes: &[u8]) -> Option<EvidenceBody> {
    contents::read_body(bytes)
}

/// Reads the JSON of a successful answer: a page of changes, a receipt, a description.
///
/// # Errors
/// [`RemoteError::NotUnderstood`].
pub fn answer<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RemoteError> {
    remote::read_json(bytes)
}

/// Classifies an answer that is no success.
#[must_use]
pub fn failure(status: u16, retry_after: Option<&str>, bytes: &[u8]) -> RemoteError {
    remote::failure(status, retry_after, bytes)
}

/// Reads the push channel in the pieces it came in: how many changes it told of.
///
/// # Errors
/// [`RemoteError::NotUnderstood`] for an endless line.
pub fn push_channel<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<usize, RemoteError> {
    let mut lines = remote::EventLines::default();
    pieces.into_iter().try_fold(0, |told, piece| Ok(told + lines.take_in(piece)?))
}

/// Reads what a browser brings back to the loopback address: whether it was taken.
#[must_use]
pub fn signed_in_query(query: &str, state: &str) -> bool {
    sign_in::takes(query, state)
}

/// Reads the citations of an opinion: how many.
#[must_use]
pub fn citations_in(opinion: &str) -> usize {
    citations::count(opinion)
}
