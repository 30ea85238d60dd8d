//! What can go wrong on the way to a server and back, and whether trying again may help. Decided
//! here and nowhere else (reliability: transient and permanent answers).

use pingli_protocol::{
    limits::JsonLimits,
    problem::{Problem, ProblemCode},
};
use std::time::Duration;

/// The longest wait that a server may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// Why a server did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// There was no connection: the request never left.
    #[error("there is no connection to the server: {0}")]
    NoConnection(String),
    /// The line broke before a whole answer was there: the server may have the request.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// It cannot answer now.
    #[error("the server cannot answer now (status {status})")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// How long it asks to wait, at most an hour.
        retry_after: Option<Duration>,
    },
    /// The answer is not a judgment server's: a captive portal's page, a broken document.
    #[error("the answer is not a judgment server's: {0}")]
    NotUnderstood(String),
    /// The session ended: the tokens are no longer good.
    #[error("the session ended")]
    SignedOut,
    /// It said no, for good.
    #[error("the server refused ({status}, {code:?}): {detail}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The problem's code.
        code: ProblemCode,
        /// What the server said.
        detail: String,
    },
    /// The address must not be used: plain HTTP beyond this machine, or not an address.
    #[error("the address cannot be used: {0}")]
    BadAddress(String),
    /// What came could not be kept on this machine.
    #[error("what came could not be kept: {0}")]
    Local(String),
}

impl RemoteError {
    /// The stable code for the window.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::NoConnection(_) | Self::Unreachable(_) => "offline".to_owned(),
            Self::Busy { .. } => "server_busy".to_owned(),
            Self::NotUnderstood(_) => "not_a_judgment_server".to_owned(),
            Self::SignedOut => "session_ended".to_owned(),
            Self::Refused { code, .. } => {
                let code = serde_json::to_value(code).ok();
                format!("problem_{}", code.as_ref().and_then(|code| code.as_str()).unwrap_or("unknown"))
            }
            Self::BadAddress(_) => "bad_address".to_owned(),
            Self::Local(_) => "storage_failed".to_owned(),
        }
    }

    /// Whether the same request may go through later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::NoConnection(_)
            | Self::Unreachable(_)
            | Self::Busy { .. }
            | Self::NotUnderstood(_)
            | Self::Local(_) => true,
            Self::SignedOut | Self::Refused { .. } | Self::BadAddress(_) => false,
        }
    }

    /// Whether the server may have taken the request in although no useful answer came.
    #[must_use]
    pub const fn may_have_arrived(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::NotUnderstood(_) | Self::Local(_) => true,
            Self::Busy { status, .. } => !matches!(status, 408 | 425 | 429 | 503),
            Self::NoConnection(_) | Self::SignedOut | Self::Refused { .. } | Self::BadAddress(_) => false,
        }
    }

    /// How long the server asks to wait.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Classifies an answer that is not a success.
    pub(crate) fn from_answer(status: u16, retry_after: Option<&str>, body: &[u8]) -> Self {
        let fits = JsonLimits::PROBLEM.check(body).is_ok();
        let problem: Option<Problem> = if fits { serde_json::from_slice(body).ok() } else { None };
        match status {
            408 | 425 | 429 | 500..=599 => Self::Busy {
                status,
                retry_after: retry_after
                    .and_then(|seconds| seconds.trim().parse().ok())
                    .map(|seconds| Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER)),
            },
            401 => Self::SignedOut,
            // A refusal is only believed when it is the server's own: a portal or a proxy answers
            // 403 and 404 with pages of its own.
            400..=499 => match problem {
                Some(problem) => Self::Refused { status, code: problem.code, detail: problem.detail },
                None => Self::NotUnderstood(format!("status {status} without a problem document")),
            },
            _ => Self::NotUnderstood(format!("status {status}")),
        }
    }
}

impl From<reqwest::Error> for RemoteError {
    fn from(error: reqwest::Error) -> Self {
        // The address is in the error's text and may carry a cursor; the log needs neither.
        let error = error.without_url();
        let mut text = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            text = format!("{text}: {inner}");
            source = inner.source();
        }
        if error.is_builder() {
            Self::BadAddress(text)
        } else if error.is_connect() {
            Self::NoConnection(text)
        } else {
            Self::Unreachable(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: &str, status: u16) -> Vec<u8> {
        format!(r#"{{"type":"urn:pingli:problem:{code}","title":"t","status":{status},"code":"{code}"}}"#).into_bytes()
    }

    #[test]
    fn an_answer_is_transient_or_permanent_by_its_status() {
        for status in [408, 425, 429, 500, 502, 503, 504, 520] {
            assert!(RemoteError::from_answer(status, None, b"").is_transient(), "{status} may go through later");
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
            let error = RemoteError::from_answer(status, None, &problem(code, status));
            assert!(!error.is_transient(), "{status} is final");
            assert_eq!(error.code(), format!("problem_{code}"), "and its code is the server's");
        }
        assert_eq!(RemoteError::from_answer(401, None, b""), RemoteError::SignedOut, "401 after a refresh");
    }

    #[test]
    fn a_portals_page_is_never_taken_for_a_refusal() {
        let error = RemoteError::from_answer(403, None, b"<html>please pay for the wifi</html>");
        assert!(error.is_transient(), "a ballot must not be parked because of a captive portal");
    }

    #[test]
    fn a_wait_is_honoured_up_to_an_hour() {
        let wait = |text| RemoteError::from_answer(503, Some(text), b"").retry_after();
        assert_eq!(wait("7"), Some(Duration::from_secs(7)), "seconds");
        assert_eq!(wait("999999"), Some(Duration::from_secs(3600)), "at most an hour");
        assert_eq!(wait("soon"), None, "what cannot be read is ignored");
    }
}
