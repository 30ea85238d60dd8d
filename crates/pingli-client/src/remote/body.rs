//! Reads bodies with a bound, whatever a server claims about their length.

use super::RemoteError;
use pingli_protocol::limits::JsonLimits;
use serde::de::DeserializeOwned;

/// Reads a body of at most `limit` bytes.
async fn read(mut answer: reqwest::Response, limit: usize) -> Result<Vec<u8>, RemoteError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(RemoteError::NotUnderstood(format!("more than {limit} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Passes a success on and turns everything else into its error.
pub(super) async fn success(answer: reqwest::Response) -> Result<reqwest::Response, RemoteError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let retry_after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = read(answer, JsonLimits::PROBLEM.bytes).await.unwrap_or_default();
    Err(RemoteError::from_answer(status.as_u16(), retry_after.as_deref(), &body))
}

/// Reads a JSON answer.
pub(super) async fn json<T: DeserializeOwned>(answer: reqwest::Response) -> Result<T, RemoteError> {
    let answer = success(answer).await?;
    let kind = answer.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(RemoteError::NotUnderstood(format!("content type {kind:?}")));
    }
    read_json(&read(answer, JsonLimits::ANSWER.bytes).await?)
}

/// Reads the JSON of an answer, which may want no more than [`JsonLimits::ANSWER`]. The error names the
/// place and never quotes what stands there.
pub(crate) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, RemoteError> {
    JsonLimits::ANSWER.check(body).map_err(|error| RemoteError::NotUnderstood(error.to_string()))?;
    serde_json::from_slice(body).map_err(|error| {
        RemoteError::NotUnderstood(format!("not the JSON that was asked for, near column {}", error.column()))
    })
}
