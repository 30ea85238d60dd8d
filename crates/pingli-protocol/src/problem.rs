//! Errors on the wire: RFC 9457 problem documents with a stable code.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The media type of a problem document.
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// A problem document (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Problem {
    /// A URI that names the problem: `urn:pingli:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The problem in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: ProblemCode,
    /// What went wrong this time; never private content.
    #[serde(default)]
    pub detail: String,
}

/// A stable code. New ones may come; a client treats an unknown one by its HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The request does not read.
    InvalidRequest,
    /// No valid token.
    Unauthenticated,
    /// Not allowed.
    Forbidden,
    /// Not there, or not for this reviewer.
    NotFound,
    /// The method is not for this address.
    MethodNotAllowed,
    /// The same id was used for something else.
    IdReused,
    /// The seat has ended.
    SeatEnded,
    /// The lease had run out.
    LeaseEnded,
    /// The seat has another ballot already.
    AlreadyVoted,
    /// The pack has a newer version; look at it and confirm.
    PackChanged,
    /// The ballot is not valid for the case.
    InvalidBallot,
    /// A quota is used up.
    QuotaUsedUp,
    /// The standing does not allow it.
    Frozen,
    /// Not enough points are available.
    NotEnoughPoints,
    /// The project takes no donations now.
    ProjectNotOpen,
    /// Fewer points than the minimum, or not in steps.
    AmountNotAllowed,
    /// The donation can no longer be cancelled.
    TooLate,
    /// The body is too large.
    TooLarge,
    /// The body's media type is not taken.
    UnsupportedMediaType,
    /// The range is not in the file.
    RangeNotSatisfiable,
    /// Too many requests; wait as Retry-After says.
    TooManyRequests,
    /// The protocol version is not spoken here.
    UnsupportedVersion,
    /// The server failed; nothing was kept.
    Internal,
    /// The server cannot answer now; wait as Retry-After says.
    Unavailable,
    /// A code this program does not know.
    #[serde(other)]
    Unknown,
}
