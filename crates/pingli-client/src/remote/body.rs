//! Reads bodies with a bound, whatever a server claims about their length.

use super::{RemoteError, answer::Head, json};
use pingli_protocol::limits::JsonLimits;
use serde::de::DeserializeOwned;

/// Reads a body of at most `limit` bytes.
pub(super) async fn read(mut answer: reqwest::Response, limit: usize) -> Result<Vec<u8>, RemoteError> {
    let too_much = || RemoteError::NotUnderstood(format!("more than {limit} bytes"));
    if answer.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_much());
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(too_much());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Passes a success on and turns everything else into its error.
pub(super) async fn success(answer: reqwest::Response) -> Result<reqwest::Response, RemoteError> {
    if answer.status().is_success() { Ok(answer) } else { Err(failure(answer).await) }
}

/// What an answer comes to that is not the one which was asked for.
pub(super) async fn failure(answer: reqwest::Response) -> RemoteError {
    let head = Head::of(&answer);
    match read(answer, JsonLimits::PROBLEM.bytes).await {
        Ok(body) => head.error(&body),
        // What a body that never came whole does not say, the status may.
        Err(broken) => match head.error(b"") {
            RemoteError::NotAServer(_) if head.status >= 400 => broken,
            said => said,
        },
    }
}

/// Reads a JSON answer.
pub(super) async fn json<T: DeserializeOwned>(answer: reqwest::Response) -> Result<T, RemoteError> {
    let head = Head::of(&answer);
    if !head.is_json() {
        return Err(failure(answer).await);
    }
    let body = read(answer, JsonLimits::ANSWER.bytes).await?;
    read_json(&body).map_err(|unreadable| {
        // A page that calls itself JSON is a portal's all the same.
        match head.error(&body) {
            portal @ RemoteError::Portal(_) => portal,
            _ => unreadable,
        }
    })
}

/// Reads the JSON of an answer, which may want no more than [`JsonLimits::ANSWER`]. The error names the
/// place and never quotes what stands there.
pub(crate) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, RemoteError> {
    json::read(body, &JsonLimits::ANSWER).map_err(RemoteError::NotUnderstood)
}
