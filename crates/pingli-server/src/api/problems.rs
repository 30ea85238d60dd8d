//! The problems that routes can answer with, grouped as routes share them, for the OpenAPI
//! document.

use pingli_protocol::problem::Problem;
use utoipa::IntoResponses;

/// What every route with a token may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, never built")]
pub(crate) enum Guarded {
    /// No valid token.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// The server failed; nothing was kept.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// The server cannot answer now; wait as Retry-After says.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What a route without a token may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, never built")]
pub(crate) enum Open {
    /// The server failed; nothing was kept.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// The server cannot answer now; wait as Retry-After says.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What a route that reads a query may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, never built")]
pub(crate) enum Asking {
    /// The query does not read.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// What a route that names one thing may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, never built")]
pub(crate) enum Naming {
    /// Not there, or not for this reviewer.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
}

/// What a route that takes a body may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, never built")]
pub(crate) enum Taking {
    /// The body is no JSON.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// The body did not arrive in time.
    #[response(status = 408, content_type = "application/problem+json")]
    Slow(Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not of a media type that is taken here.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(Problem),
    /// The body is not what its schema says.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// What a route that changes something may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, never built")]
pub(crate) enum Changing {
    /// It cannot be done as things stand, or the id was used for something else.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
}

/// What a route that writes may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, never built")]
pub(crate) enum Limited {
    /// Too many writes of this account at once; wait as Retry-After says.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
}
