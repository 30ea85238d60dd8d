//! What can go wrong between client and server, and whether trying again may help: decided here,
//! once, by the table of the reliability paper.

use crate::error::problem_code;
use pingli_protocol::problem::{Problem, ProblemCode};
use pingli_store::Reached;
use std::time::Duration;

/// The longest wait that a Retry-After is obeyed for.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Why there is no answer, or no useful one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the server did not do as asked: {what}")]
pub struct RemoteFault {
    /// Whether trying again may help.
    pub kind: FaultKind,
    /// In a word, for the code.
    pub what: Trouble,
    /// Whether the request may have come to the server all the same.
    pub reached: Reached,
}

/// Whether trying again may help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// It may; after so long, where the server said so.
    Transient {
        /// What Retry-After said.
        retry_after: Option<Duration>,
    },
    /// The access token is not taken: refresh once, then sign in again.
    Unauthenticated,
    /// It will not.
    Permanent,
}

/// What happened, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// No connection.
    Offline,
    /// No answer in time.
    Timeout,
    /// The connection broke, or the body was cut off.
    Broken,
    /// A web page of something in between.
    CaptivePortal,
    /// The answer does not read, or is too large.
    Unreadable,
    /// A redirect to somewhere else.
    Redirected,
    /// The server's problem, with its status.
    Problem(ProblemCode, u16),
    /// A status without a problem document.
    Status(u16),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Problem(code, status) => write!(f, "{} ({status})", problem_code(*code)),
            Self::Status(status) => write!(f, "status {status}"),
            other => f.write_str(other.name()),
        }
    }
}

impl Trouble {
    const fn name(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Timeout => "timeout",
            Self::Broken => "connection_broken",
            Self::CaptivePortal => "captive_portal",
            Self::Unreadable => "answer_unreadable",
            Self::Redirected => "redirected",
            Self::Problem(..) => "problem",
            Self::Status(_) => "status",
        }
    }
}

impl RemoteFault {
    /// A fault on the way: trying again may help.
    #[must_use]
    pub const fn on_the_way(what: Trouble, reached: Reached) -> Self {
        Self { kind: FaultKind::Transient { retry_after: None }, what, reached }
    }

    /// What a status says, with the problem document where there was one.
    #[must_use]
    pub fn of_status(status: u16, problem: Option<&Problem>, retry_after: Option<Duration>) -> Self {
        let what = problem.map_or(Trouble::Status(status), |problem| Trouble::Problem(problem.code, status));
        let kind = match status {
            401 => FaultKind::Unauthenticated,
            408 | 425 | 429 | 500..=599 => {
                FaultKind::Transient { retry_after: retry_after.map(|wait| wait.min(LONGEST_WAIT)) }
            }
            // A conflict that the server itself names is final; any other is somebody else's.
            409 if problem.is_none() => FaultKind::Transient { retry_after: None },
            _ => FaultKind::Permanent,
        };
        // The server keeps nothing when it says no; of a 5xx only it knows.
        let reached = match status {
            500 | 502 | 504 | 520..=599 => Reached::Perhaps,
            _ => Reached::No,
        };
        Self { kind, what, reached }
    }

    /// A stable code.
    #[must_use]
    pub fn code(&self) -> String {
        match self.what {
            Trouble::Problem(ProblemCode::Unknown, status) | Trouble::Status(status) => format!("server_{status}"),
            Trouble::Problem(code, _) => problem_code(code),
            other => other.name().to_owned(),
        }
    }

    /// Whether the server says that it does not have what was asked for.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self.what, Trouble::Problem(ProblemCode::NotFound, 404))
    }
}
