//! What can go wrong: a refusal that the asker can understand, or a fault of ours. A refusal
//! becomes a problem document; a fault is logged once, here at the edge, and says nothing.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use pingli_protocol::problem::{PROBLEM_MEDIA_TYPE, Problem, ProblemCode};

/// The result of most things here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The asker may not have it; a permanent answer unless the status says otherwise.
    #[error("{detail}")]
    Refused {
        /// The stable code.
        code: ProblemCode,
        /// The HTTP status.
        status: StatusCode,
        /// What went wrong, never private content.
        detail: String,
        /// Seconds to wait before asking again.
        retry_after: Option<u64>,
    },
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The disk refused the commit of a write. What is in the log by then may be found there after a
    /// restart: nobody can say that it was not kept.
    #[error("the commit failed")]
    NotCommitted,
    /// A write was not even begun: there was no transaction to be had, or the server stops.
    #[error("the write was not begun")]
    NotBegun,
    /// The database could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A file of the data folder could not be read or written.
    #[error("{what}: {source}")]
    File {
        /// Which file, and what was tried.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A stored record does not read.
    #[error("stored record: {0}")]
    Record(#[from] serde_json::Error),
    /// Something stored, or promised by another part of the program, is not as it must be.
    #[error("{0}")]
    Broken(String),
}

impl Error {
    /// A refusal with the code's usual status.
    #[must_use]
    pub fn refused(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self::Refused { code, status: usual_status(code), detail: detail.into(), retry_after: None }
    }

    /// A request that does not read as its schema says.
    #[must_use]
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::refused(ProblemCode::InvalidRequest, detail)
    }

    /// Nothing of that name, or not for this reviewer: both look the same.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::refused(ProblemCode::NotFound, format!("no such {what}"))
    }

    /// Gives a refusal another status than the usual one.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        match self {
            Self::Refused { code, detail, retry_after, .. } => Self::Refused { code, status, detail, retry_after },
            other => other,
        }
    }

    /// Names the file that an I/O error is about.
    pub fn file(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::File { what, source }
    }

    /// The code that goes to the asker.
    #[must_use]
    pub fn code(&self) -> ProblemCode {
        match self {
            Self::Refused { code, .. } => *code,
            Self::Database(sqlx::Error::PoolTimedOut) | Self::NotBegun => ProblemCode::Unavailable,
            _ => ProblemCode::Internal,
        }
    }
}

/// The HTTP status that goes with a code.
#[must_use]
pub fn usual_status(code: ProblemCode) -> StatusCode {
    use ProblemCode as C;
    match code {
        C::InvalidRequest | C::InvalidBallot => StatusCode::UNPROCESSABLE_ENTITY,
        C::Unauthenticated => StatusCode::UNAUTHORIZED,
        C::Forbidden | C::Frozen | C::QuotaUsedUp => StatusCode::FORBIDDEN,
        C::NotFound => StatusCode::NOT_FOUND,
        C::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        C::IdReused
        | C::SeatEnded
        | C::LeaseEnded
        | C::AlreadyVoted
        | C::PackChanged
        | C::NotEnoughPoints
        | C::AmountNotAllowed
        | C::ProjectNotOpen
        | C::TooLate => StatusCode::CONFLICT,
        C::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        C::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        C::RangeNotSatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
        C::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        C::UnsupportedVersion => StatusCode::BAD_REQUEST,
        C::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        C::Internal | C::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The code as it is written in a problem's `type` and in logs.
#[must_use]
pub fn code_text(code: ProblemCode) -> String {
    crate::db::text_of(&code)
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let code = self.code();
        let (status, detail, retry_after) = match self {
            Self::Refused { status, detail, retry_after, .. } => (status, detail, retry_after),
            fault => {
                tracing::error!(error = %fault, "request failed");
                let retry = (code == ProblemCode::Unavailable).then_some(2);
                (usual_status(code), String::new(), retry)
            }
        };
        let text = code_text(code);
        let problem = Problem {
            kind: format!("urn:pingli:problem:{text}"),
            title: text.replace('_', " "),
            status: status.as_u16(),
            code,
            detail,
        };
        let body = serde_json::to_string(&problem).unwrap_or_else(|_| "{}".to_owned());
        let mut response = (status, [(header::CONTENT_TYPE, PROBLEM_MEDIA_TYPE)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"pingli\""));
        }
        response
    }
}
