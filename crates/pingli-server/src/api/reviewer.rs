//! Who asks: the reviewer behind an access token.

use crate::{
    app::App,
    db::tokens,
    error::{Error, Result},
};
use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use pingli_protocol::{ReviewerId, Sha256, problem::ProblemCode};
use std::sync::Arc;

/// The reviewer who is signed in.
pub(crate) struct Reviewer(pub(crate) ReviewerId);

impl FromRequestParts<Arc<App>> for Reviewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let unauthenticated = || Error::refused(ProblemCode::Unauthenticated, "no valid access token");
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, token) = header.and_then(|text| text.split_once(' ')).ok_or_else(unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unauthenticated());
        }
        let hash = Sha256::of(token.trim().as_bytes());
        let mut tx = app.db.read().await?;
        let reviewer = tokens::access(&mut tx, hash, app.now()).await?;
        reviewer.map(Self).ok_or_else(unauthenticated)
    }
}
