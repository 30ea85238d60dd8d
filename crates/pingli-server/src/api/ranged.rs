//! A file as an answer: whole, or one range of it (RFC 9110), with its hash as the entity tag.

use crate::error::{Error, Result};
use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use pingli_protocol::{Sha256, problem::ProblemCode};
use std::{io::SeekFrom, path::Path};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Whole,
    /// First byte and how many.
    Part(u64, u64),
    Outside,
}

/// Answers a file that never changes, because it is named by its hash.
pub(crate) async fn answer(
    path: &Path,
    sha256: Sha256,
    length: u64,
    media_type: &'static str,
    headers: &HeaderMap,
) -> Result<Response> {
    let tag = format!("\"{sha256}\"");
    if header_text(headers, header::IF_NONE_MATCH).is_some_and(|tags| names(tags, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    // A range of another version would be glued to the wrong bytes.
    let same = header_text(headers, header::IF_RANGE).is_none_or(|given| given.trim() == tag);
    let wanted = match header_text(headers, header::RANGE) {
        Some(range) if same => read_range(range, length),
        _ => Wanted::Whole,
    };
    let (status, first, count) = match wanted {
        Wanted::Whole => (StatusCode::OK, 0, length),
        Wanted::Part(first, count) => (StatusCode::PARTIAL_CONTENT, first, count),
        Wanted::Outside => {
            let mut response = Error::refused(ProblemCode::RangeNotSatisfiable, format!("the file has {length} bytes"))
                .into_response();
            put(&mut response, header::CONTENT_RANGE, &format!("bytes */{length}"));
            return Ok(response);
        }
    };
    let failed = || Error::file(format!("read {}", path.display()));
    let mut file = tokio::fs::File::open(path).await.map_err(failed())?;
    if first > 0 {
        file.seek(SeekFrom::Start(first)).await.map_err(failed())?;
    }
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(count), 64 * 1024));
    let mut response = (status, body).into_response();
    put(&mut response, header::CONTENT_TYPE, media_type);
    put(&mut response, header::CONTENT_LENGTH, &count.to_string());
    put(&mut response, header::ACCEPT_RANGES, "bytes");
    put(&mut response, header::ETAG, &tag);
    put(&mut response, header::CONTENT_DISPOSITION, "attachment");
    if status == StatusCode::PARTIAL_CONTENT {
        put(&mut response, header::CONTENT_RANGE, &format!("bytes {first}-{}/{length}", first + count - 1));
    }
    Ok(response)
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn names(tags: &str, tag: &str) -> bool {
    tags.split(',').map(str::trim).any(|given| given == "*" || given.trim_start_matches("W/") == tag)
}

/// Reads a `Range` header. What is not one range of bytes is passed over, as the standard has it.
fn read_range(text: &str, length: u64) -> Wanted {
    let Some((unit, range)) = text.split_once('=') else { return Wanted::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") || range.contains(',') {
        return Wanted::Whole;
    }
    let Some((from, to)) = range.trim().split_once('-') else { return Wanted::Whole };
    let number = |text: &str| -> Option<Option<u64>> {
        if text.is_empty() {
            return Some(None);
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Some(text.parse().unwrap_or(u64::MAX)))
    };
    let (Some(from), Some(to)) = (number(from), number(to)) else { return Wanted::Whole };
    match (from, to) {
        (None, None) => Wanted::Whole,
        (Some(from), Some(to)) if to < from => Wanted::Whole,
        (None, Some(0)) => Wanted::Outside,
        (None, Some(last)) if length > 0 => Wanted::Part(length - last.min(length), last.min(length)),
        (Some(from), to) if from < length => {
            let last = to.unwrap_or(u64::MAX).min(length - 1);
            Wanted::Part(from, last - from + 1)
        }
        _ => Wanted::Outside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_as_the_standard_has_them() {
        for (text, wanted) in [
            ("bytes=0-9", Wanted::Part(0, 10)),
            ("bytes=90-", Wanted::Part(90, 10)),
            ("bytes=90-1000", Wanted::Part(90, 10)),
            ("bytes=-5", Wanted::Part(95, 5)),
            ("bytes=-500", Wanted::Part(0, 100)),
            ("bytes=100-", Wanted::Outside),
            ("bytes=-0", Wanted::Outside),
            ("bytes=99999999999999999999999-", Wanted::Outside),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("pages=1-2", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes", Wanted::Whole),
        ] {
            assert_eq!(read_range(text, 100), wanted, "{text}");
        }
        assert_eq!(read_range("bytes=0-", 0), Wanted::Outside, "an empty file has no range");
    }
}
