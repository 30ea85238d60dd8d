//! What an answer means, decided from what was seen of it and nothing else: a server's refusal, a
//! server that has no time, a captive portal's page, somebody who is no judgment server.

use super::{RemoteError, json};
use jiff::Timestamp;
use pingli_protocol::{
    limits::JsonLimits,
    problem::{PROBLEM_MEDIA_TYPE, Problem},
};
use std::time::Duration;
use url::Url;

/// The longest wait that a server may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// What was seen of an answer, but for its body.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// The HTTP status.
    pub(super) status: u16,
    /// Where the request went.
    pub(super) asked: Url,
    /// The media type, in lower case and without parameters; empty when there is none.
    pub(super) media_type: String,
    /// Where the answer points.
    pub(super) location: Option<String>,
    /// How long the server asks to wait.
    pub(super) retry_after: Option<Duration>,
}

impl Head {
    /// Looks at an answer.
    pub(super) fn of(answer: &reqwest::Response) -> Self {
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let media_type = header("content-type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        // A date is meant by the clock that wrote the answer.
        let now = header("date").and_then(http_date).unwrap_or_else(Timestamp::now);
        Self {
            status: answer.status().as_u16(),
            asked: answer.url().clone(),
            media_type,
            location: header("location").map(str::to_owned),
            retry_after: header("retry-after").and_then(|text| wait(text, now)),
        }
    }

    /// Whether a success carries JSON.
    pub(super) fn is_json(&self) -> bool {
        (200..300).contains(&self.status) && self.media_type == "application/json"
    }

    /// Whether a page for people came where JSON was due, from a network that wants to be signed in
    /// to: a page in the place of an answer, or a way to another origin.
    fn is_portal(&self, body: &[u8]) -> bool {
        let page = matches!(self.media_type.as_str(), "text/html" | "application/xhtml+xml") || begins_as_html(body);
        match self.status {
            511 => true,
            200..=299 => page,
            300..=399 => {
                let target = self.location.as_deref().and_then(|place| self.asked.join(place).ok());
                page || target.is_some_and(|target| target.origin() != self.asked.origin())
            }
            _ => false,
        }
    }

    /// The error that an answer comes to which is no success, or not the kind of success that was
    /// asked for. `body` may be its beginning.
    pub(super) fn error(&self, body: &[u8]) -> RemoteError {
        let seen = format!("status {}, {:?}", self.status, self.media_type);
        if self.is_portal(body) {
            return RemoteError::Portal(seen);
        }
        // A refusal is only believed when it is the server's own: a portal or a proxy answers 403 and
        // 404 with pages of its own.
        let problem = || {
            let own = self.media_type == PROBLEM_MEDIA_TYPE;
            own.then(|| json::read::<Problem>(body, &JsonLimits::PROBLEM).ok())
                .flatten()
                .filter(|problem| problem.status == self.status)
        };
        match self.status {
            408 | 425 | 429 | 500..=599 => {
                RemoteError::Busy { status: self.status, retry_after: self.retry_after, own_word: problem().is_some() }
            }
            401 if problem().is_some() => RemoteError::SignedOut,
            400..=499 => match problem() {
                Some(problem) => {
                    RemoteError::Refused { status: self.status, code: problem.code, detail: problem.detail }
                }
                None => RemoteError::NotAServer(seen),
            },
            _ => RemoteError::NotAServer(seen),
        }
    }
}

/// Classifies an answer that calls itself a problem document.
pub(crate) fn failure(status: u16, retry_after: Option<&str>, body: &[u8]) -> RemoteError {
    let retry_after = retry_after.and_then(|text| wait(text, Timestamp::UNIX_EPOCH));
    let (media_type, location) = (PROBLEM_MEDIA_TYPE.to_owned(), None);
    match Url::parse("https://localhost/") {
        Ok(asked) => Head { status, asked, media_type, location, retry_after }.error(body),
        Err(error) => super::bad_address(error),
    }
}

fn begins_as_html(body: &[u8]) -> bool {
    let start = body.trim_ascii_start();
    let begins = |with: &[u8]| start.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    begins(b"<!doctype html") || begins(b"<html")
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp())
}

/// The wait that a `Retry-After` asks for: seconds, or until a date (RFC 9110, section 10.2.3).
fn wait(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let seconds = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().unwrap_or(u64::MAX)
    } else {
        u64::try_from(http_date(text)?.as_second().saturating_sub(now.as_second())).unwrap_or(0)
    };
    Some(Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pingli_protocol::problem::ProblemCode;

    fn head(status: u16, media_type: &str) -> Head {
        Head {
            status,
            asked: Url::parse("https://court.example/api/v1/changes").expect("an address"),
            media_type: media_type.to_owned(),
            location: None,
            retry_after: None,
        }
    }

    fn problem(code: &str, status: u16) -> Vec<u8> {
        format!(r#"{{"type":"urn:pingli:problem:{code}","title":"t","status":{status},"code":"{code}"}}"#).into_bytes()
    }

    #[test]
    fn an_answer_is_transient_or_permanent_by_its_status() {
        for status in [408, 425, 429, 500, 502, 503, 504, 520] {
            assert!(head(status, "").error(b"").is_transient(), "{status} may go through later");
        }
        for (status, code) in [
            (400, "invalid_request"),
            (403, "forbidden"),
            (404, "not_found"),
            (409, "already_voted"),
            (410, "seat_ended"),
            (413, "too_large"),
            (422, "invalid_ballot"),
        ] {
            let error = head(status, PROBLEM_MEDIA_TYPE).error(&problem(code, status));
            assert!(!error.is_transient(), "{status} is final");
            assert_eq!(error.code(), format!("problem_{code}"), "and its code is the server's");
        }
        let unknown = head(401, PROBLEM_MEDIA_TYPE).error(&problem("unauthenticated", 401));
        assert_eq!(unknown, RemoteError::SignedOut, "401 after a refresh");
        let newer = head(409, PROBLEM_MEDIA_TYPE).error(&problem("brand_new", 409));
        assert!(matches!(newer, RemoteError::Refused { code: ProblemCode::Unknown, .. }), "unknown codes by status");
    }

    #[test]
    fn only_the_servers_own_word_is_a_refusal() {
        for (status, media_type, body, why) in [
            (403, "text/html", b"<html>pay for the wifi</html>".to_vec(), "a portal's 403"),
            (404, "text/html", b"<html>not here</html>".to_vec(), "another web server"),
            (401, "text/html", b"<html>log in</html>".to_vec(), "a proxy's 401 ends no session"),
            (401, "", Vec::new(), "nor does an empty one"),
            (409, "application/json", problem("seat_ended", 409), "not the media type of a problem"),
            (409, PROBLEM_MEDIA_TYPE, b"{".to_vec(), "half a document"),
            (409, PROBLEM_MEDIA_TYPE, problem("seat_ended", 410), "a document about another answer"),
        ] {
            let error = head(status, media_type).error(&body);
            assert!(error.is_transient() && !matches!(error, RemoteError::Refused { .. }), "{why}: {error}");
        }
    }

    #[test]
    fn only_the_servers_own_word_says_that_nothing_arrived() {
        for status in [429, 503] {
            // As a gateway says it that lost the answer.
            let gateway = head(status, "text/html").error(b"<html>try again</html>");
            assert!(gateway.is_transient() && gateway.may_have_arrived(), "{status}: the act is asked for first");
            let own = head(status, PROBLEM_MEDIA_TYPE).error(&problem("unavailable", status));
            assert!(own.is_transient() && !own.may_have_arrived(), "{status}: it was not taken in");
            assert_eq!(gateway.code(), own.code(), "the words are the same");
        }
    }

    #[test]
    fn a_portal_is_told_from_a_server_that_is_none() {
        let to = |place: &str| Head { location: Some(place.to_owned()), ..head(302, "") };
        for (head, body, portal, why) in [
            (head(200, "text/html"), "", true, "a page in the place of an answer"),
            (head(200, "application/json"), "<!DOCTYPE HTML><title>", true, "whatever it calls itself"),
            (head(511, ""), "", true, "a network that says so"),
            (to("https://portal.example/login"), "", true, "a way to another origin"),
            (to("http://court.example/api/v1/changes"), "", true, "or to plain http"),
            (to("/login"), "<html>", true, "a page that leads on"),
            (to("/elsewhere"), "", false, "the same server, moved"),
            (head(404, "text/html"), "<html>", false, "a web server that is none of ours"),
            (head(200, "text/plain"), "hello", false, "no page at all"),
            (head(503, "text/html"), "<html>", false, "a proxy before a server that is down"),
        ] {
            let error = head.error(body.as_bytes());
            assert_eq!(matches!(error, RemoteError::Portal(_)), portal, "{why}: {error}");
            assert!(error.is_transient(), "nothing is parked: {why}");
        }
    }

    #[test]
    fn a_wait_is_honoured_up_to_an_hour() {
        let now = http_date("Thu, 26 Nov 2026 06:00:00 GMT").expect("a date");
        let wait = |text| wait(text, now);
        assert_eq!(wait("7"), Some(Duration::from_secs(7)), "seconds");
        assert_eq!(wait("999999"), Some(Duration::from_secs(3600)), "at most an hour");
        assert_eq!(wait("99999999999999999999999"), Some(Duration::from_secs(3600)), "however long");
        assert_eq!(wait("Thu, 26 Nov 2026 06:02:00 GMT"), Some(Duration::from_secs(120)), "until a date");
        assert_eq!(wait("Thu, 26 Nov 2026 05:00:00 GMT"), Some(Duration::ZERO), "that is over");
        assert_eq!((wait("soon"), wait(""), wait("-1")), (None, None, None), "what cannot be read is ignored");
    }
}
