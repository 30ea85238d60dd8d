//! The token and revocation endpoints (RFC 6749, 7009). A refresh token is changed for a new one
//! each time; the old one stays good until the new one is first used, at most ten minutes, so that
//! an answer lost on the way signs nobody out. An older one that turns up again ends the family.

use super::{challenge_of, make_secret};
use crate::{
    api::{
        State,
        body::{Form, to_the_end},
        describe::CLIENT_ID,
        problems::{Open, Taking},
    },
    app::App,
    db::{Conn, tokens},
    error::Result,
};
use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use pingli_protocol::{ReviewerId, Sha256, UtcInstant};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use url::Url;
use utoipa::ToSchema;

/// What the token endpoint takes.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the form, which is read field by field")]
pub(crate) struct TokenForm {
    /// `authorization_code` or `refresh_token`.
    #[schema(pattern = "^(authorization_code|refresh_token)$")]
    grant_type: String,
    /// The program: `pingli-desktop`.
    #[schema(pattern = "^pingli-desktop$")]
    client_id: String,
    /// The code, with `authorization_code`.
    code: Option<String>,
    /// The address that the code came to, with `authorization_code`.
    redirect_uri: Option<String>,
    /// The PKCE verifier, with `authorization_code`.
    code_verifier: Option<String>,
    /// The refresh token, with `refresh_token`.
    refresh_token: Option<String>,
}

/// Tokens.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Tokens {
    /// The access token; opaque.
    access_token: String,
    /// Always `Bearer`.
    token_type: String,
    /// Seconds that the access token is good.
    expires_in: i64,
    /// The refresh token; opaque, good for one change.
    refresh_token: String,
}

/// What the revocation endpoint takes.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the form, which is read field by field")]
pub(crate) struct RevokeForm {
    /// An access or refresh token; its whole family ends.
    token: String,
    /// Passed over.
    token_type_hint: Option<String>,
}

/// Why there are no tokens (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OAuthError {
    /// `invalid_request`, `invalid_client`, `invalid_grant` or `unsupported_grant_type`.
    error: &'static str,
    /// In words.
    error_description: &'static str,
}

type Granted = std::result::Result<Tokens, OAuthError>;

const fn refuse(error: &'static str, error_description: &'static str) -> Granted {
    Err(OAuthError { error, error_description })
}

/// Changes a code or a refresh token for tokens.
#[utoipa::path(
    post, path = "/oauth/token", tag = "sign-in", operation_id = "change_for_tokens",
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The tokens", body = Tokens),
        Taking, Open,
        (status = 400, description = "No tokens (RFC 6749, section 5.2), or the form does not read",
          content((OAuthError = "application/json"), (pingli_protocol::problem::Problem = "application/problem+json"))),
    )
)]
pub(crate) async fn token(state: State, Form(fields): Form) -> Result<Response> {
    let app = Arc::clone(&state.0);
    let granted = to_the_end(async move {
        let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        if field("client_id") != CLIENT_ID {
            return Ok(refuse("invalid_client", "the program is not known"));
        }
        match field("grant_type") {
            "authorization_code" => by_code(&app, &fields).await,
            "refresh_token" => by_refresh_token(&app, field("refresh_token")).await,
            _ => Ok(refuse("unsupported_grant_type", "authorization_code or refresh_token")),
        }
    })
    .await?;
    Ok(match granted {
        Ok(tokens) => Json(tokens).into_response(),
        Err(refused) => (StatusCode::BAD_REQUEST, Json(refused)).into_response(),
    })
}

async fn by_code(app: &App, fields: &BTreeMap<String, String>) -> Result<Granted> {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let (now, hash) = (app.now(), Sha256::of(field("code").as_bytes()));
    let mut tx = app.db.write().await?;
    let Some(code) = tokens::code(&mut tx, hash).await? else {
        return Ok(refuse("invalid_grant", "the code is not known"));
    };
    if let Some(family) = &code.family {
        // Somebody else has the code too: nobody keeps tokens that it gave.
        tokens::revoke_family(&mut tx, family, now).await?;
        tx.commit().await?;
        return Ok(refuse("invalid_grant", "the code was used before"));
    }
    let same_address = Url::parse(field("redirect_uri")).is_ok_and(|url| url.as_str() == code.redirect_uri);
    let verified = challenge_of(field("code_verifier")) == code.code_challenge;
    if code.expires_at <= now || code.client_id != CLIENT_ID || !same_address || !verified {
        return Ok(refuse("invalid_grant", "the code is too old, or the verifier or the address is another"));
    }
    let family = uuid::Uuid::new_v4().to_string();
    tokens::add_family(&mut tx, &family, &code.reviewer, CLIENT_ID, now).await?;
    tokens::use_code(&mut tx, hash, &family).await?;
    let granted = issue(app, &mut tx, &family, &code.reviewer, None, now).await?;
    tx.commit().await?;
    Ok(Ok(granted))
}

async fn by_refresh_token(app: &App, given: &str) -> Result<Granted> {
    let (now, hash) = (app.now(), Sha256::of(given.as_bytes()));
    let mut tx = app.db.write().await?;
    let Some(token) = tokens::refresh(&mut tx, hash).await? else {
        return Ok(refuse("invalid_grant", "the refresh token is not known"));
    };
    if token.revoked || token.expires_at <= now {
        return Ok(refuse("invalid_grant", "the refresh token is no longer good"));
    }
    let in_grace = token.rotated_at.is_none_or(|at| now.seconds_since(at) <= app.rules.refresh_grace);
    if token.retired_at.is_some() || !in_grace {
        tokens::revoke_family(&mut tx, &token.family, now).await?;
        tx.commit().await?;
        return Ok(refuse("invalid_grant", "the refresh token was used before; sign in again"));
    }
    tokens::rotate(&mut tx, hash, token.parent.as_deref(), now).await?;
    let granted = issue(app, &mut tx, &token.family, &token.reviewer, Some(hash), now).await?;
    tx.commit().await?;
    Ok(Ok(granted))
}

async fn issue(
    app: &App,
    conn: &mut Conn,
    family: &str,
    reviewer: &ReviewerId,
    parent: Option<Sha256>,
    now: UtcInstant,
) -> Result<Tokens> {
    let (access_token, refresh_token) = (make_secret()?, make_secret()?);
    let access_until = now.plus_seconds(app.rules.access_token);
    tokens::add_access(conn, Sha256::of(access_token.as_bytes()), family, reviewer, access_until).await?;
    let refresh_until = now.plus_seconds(app.rules.refresh_token);
    tokens::add_refresh(conn, Sha256::of(refresh_token.as_bytes()), family, parent, refresh_until).await?;
    Ok(Tokens { access_token, token_type: "Bearer".to_owned(), expires_in: app.rules.access_token, refresh_token })
}

/// Ends the family of a token: signs the program out. The answer is the same for unknown tokens.
#[utoipa::path(
    post, path = "/oauth/revoke", tag = "sign-in", operation_id = "revoke_token",
    request_body(content = RevokeForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token is good for nothing from now on"),
        Taking, Open,
        (status = 400, description = "There is no token in the form, or it does not read",
          content((OAuthError = "application/json"), (pingli_protocol::problem::Problem = "application/problem+json"))),
    )
)]
pub(crate) async fn revoke(state: State, Form(mut fields): Form) -> Result<Response> {
    let app = Arc::clone(&state.0);
    let Some(token) = fields.remove("token") else {
        let refused = OAuthError { error: "invalid_request", error_description: "there is no token" };
        return Ok((StatusCode::BAD_REQUEST, Json(refused)).into_response());
    };
    to_the_end(async move {
        let hash = Sha256::of(token.as_bytes());
        let mut tx = app.db.write().await?;
        let family = match tokens::refresh(&mut tx, hash).await? {
            Some(token) => Some(token.family),
            None => tokens::access_family(&mut tx, hash).await?,
        };
        if let Some(family) = family {
            tokens::revoke_family(&mut tx, &family, app.now()).await?;
            tx.commit().await?;
        }
        Ok(StatusCode::OK.into_response())
    })
    .await
}
