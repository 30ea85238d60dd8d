//! A session's tokens: kept by the store, refreshed by one request at a time.

use super::{Http, RemoteError, answer::Head, body, server_address};
use crate::clock::Clock;
use oauth2::{
    AsyncHttpClient, ClientId, HttpRequest, HttpResponse, RefreshToken, RequestTokenError, TokenResponse as _,
    TokenUrl,
    basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse},
};
use pingli_protocol::{limits::JsonLimits, server::SignIn};
use pingli_store::StoredTokens;
use reqwest::Method;
use std::{pin::Pin, sync::Arc};

/// The largest answer of the addresses that give tokens.
const MAX_TOKENS: usize = 64 * 1024;

/// An access token is changed when it is good for less than this.
const REFRESH_BEFORE_MILLIS: i64 = 30_000;

/// How long a token is taken to be good when the server does not say.
const DEFAULT_LIFETIME_SECONDS: u64 = 300;

/// Keeps the tokens of a session.
pub trait TokenKeeper: Send + Sync {
    /// The tokens, while there is a session.
    fn tokens(&self) -> Option<StoredTokens>;

    /// Keeps new tokens before they are used, or ends the session, in the place of those with the
    /// refresh token `was`: somebody may have signed in anew while it was on its way. Answers whether
    /// they were kept.
    fn keep(&self, was: &str, tokens: Option<&StoredTokens>) -> bool;
}

impl TokenKeeper for pingli_store::Store {
    fn tokens(&self) -> Option<StoredTokens> {
        Self::tokens(self).unwrap_or_else(|error| {
            tracing::warn!(%error, "the session's tokens cannot be read");
            None
        })
    }

    fn keep(&self, was: &str, tokens: Option<&StoredTokens>) -> bool {
        self.replace_tokens(was, tokens)
            .inspect_err(|error| tracing::warn!(%error, "the session's tokens cannot be kept"))
            .unwrap_or(false)
    }
}

/// A session with a server.
pub struct Session {
    http: Http,
    sign_in: SignIn,
    keeper: Arc<dyn TokenKeeper>,
    clock: Arc<dyn Clock>,
    refreshing: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session {..}")
    }
}

impl Session {
    /// Makes a session over the tokens that `keeper` has.
    #[must_use]
    pub fn new(http: Http, sign_in: SignIn, keeper: Arc<dyn TokenKeeper>, clock: Arc<dyn Clock>) -> Self {
        Self { http, sign_in, keeper, clock, refreshing: tokio::sync::Mutex::new(()) }
    }

    /// An access token that is good for a while; a new one when the old one ran out.
    pub(super) async fn access(&self) -> Result<String, RemoteError> {
        let tokens = self.keeper.tokens().ok_or(RemoteError::SignedOut)?;
        if tokens.expires_at - self.clock.now().as_millis() > REFRESH_BEFORE_MILLIS {
            return Ok(tokens.access.clone());
        }
        self.refresh(&tokens.access).await
    }

    /// Changes the refresh token for new ones, unless another request has done so meanwhile.
    pub(super) async fn refresh(&self, stale: &str) -> Result<String, RemoteError> {
        let _one_at_a_time = self.refreshing.lock().await;
        let tokens = self.keeper.tokens().ok_or(RemoteError::SignedOut)?;
        if tokens.access != stale {
            return Ok(tokens.access.clone());
        }
        // The address came from the server's description, perhaps after the sign-in.
        server_address(&self.sign_in.token_endpoint)?;
        let client = BasicClient::new(ClientId::new(self.sign_in.client_id.clone()))
            .set_token_uri(TokenUrl::new(self.sign_in.token_endpoint.clone()).map_err(bad_address)?);
        let asked = client
            .exchange_refresh_token(&RefreshToken::new(tokens.refresh.clone()))
            .request_async(&OauthHttp(self.http.clone()))
            .await;
        match asked {
            Ok(answer) => {
                let new = stored(&answer, &self.clock, Some(&tokens.refresh))?;
                // The old refresh token stays good until the new one is used, so a crash between
                // here and there loses nothing.
                if !self.keeper.keep(&tokens.refresh, Some(&new)) {
                    return Err(RemoteError::Local("tokens".to_owned()));
                }
                Ok(new.access.clone())
            }
            // Nothing else ends a session: no outage, no portal, no server that is set up wrongly.
            Err(RequestTokenError::ServerResponse(refusal))
                if *refusal.error() == BasicErrorResponseType::InvalidGrant =>
            {
                tracing::info!("the session ended");
                self.keeper.keep(&tokens.refresh, None);
                Err(RemoteError::SignedOut)
            }
            Err(error) => Err(no_tokens(error)),
        }
    }

    /// Ends the session on the server (RFC 7009).
    pub(super) async fn revoke(&self) -> Result<(), RemoteError> {
        let Some(tokens) = self.keeper.tokens() else { return Ok(()) };
        revoke(&self.http, &self.sign_in.revocation_endpoint, &self.sign_in.client_id, &tokens.refresh).await
    }
}

/// Ends the session of a refresh token on its server (RFC 7009).
pub(crate) async fn revoke(http: &Http, endpoint: &str, client_id: &str, refresh: &str) -> Result<(), RemoteError> {
    let url = server_address(endpoint)?;
    let form = [("token", refresh), ("token_type_hint", "refresh_token"), ("client_id", client_id)];
    let answer = http.exchange(Method::POST, url).form(&form).send().await?;
    let head = Head::of(&answer);
    let text = body::read(answer, MAX_TOKENS).await?;
    // The answer to a success has no content that means anything, but a page is a portal's.
    match head.error(&text) {
        portal @ RemoteError::Portal(_) => Err(portal),
        _ if head.status == 200 => Ok(()),
        error => Err(error),
    }
}

/// Why there are no tokens, where that is no refusal of the grant.
pub(crate) fn no_tokens(error: RequestTokenError<RemoteError, oauth2::basic::BasicErrorResponse>) -> RemoteError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(refusal) => {
            RemoteError::NotUnderstood(format!("no tokens: {}", refusal.error()))
        }
        // The parser's words may quote the answer, and the answer may hold tokens.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            RemoteError::NotUnderstood("an answer without tokens".to_owned())
        }
    }
}

pub(crate) fn bad_address(error: impl std::fmt::Display) -> RemoteError {
    RemoteError::BadAddress(error.to_string())
}

/// Tokens as they are kept. A server that gives no new refresh token means the old one.
pub(crate) fn stored(
    answer: &BasicTokenResponse,
    clock: &Arc<dyn Clock>,
    refresh_before: Option<&str>,
) -> Result<StoredTokens, RemoteError> {
    let refresh = answer
        .refresh_token()
        .map(|token| token.secret().clone())
        .or_else(|| refresh_before.map(str::to_owned))
        .ok_or_else(|| RemoteError::NotUnderstood("no refresh token".to_owned()))?;
    let lifetime = answer.expires_in().map_or(DEFAULT_LIFETIME_SECONDS, |lifetime| lifetime.as_secs());
    let lifetime = i64::try_from(lifetime.min(86_400)).unwrap_or(0) * 1000;
    Ok(StoredTokens {
        access: answer.access_token().secret().clone(),
        refresh,
        expires_at: clock.now().as_millis() + lifetime,
    })
}

/// Our HTTP client for the OAuth library, which would bring an older one of its own.
pub(crate) struct OauthHttp(pub(crate) Http);

impl<'c> AsyncHttpClient<'c> for OauthHttp {
    type Error = RemoteError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, RemoteError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.0.execute(reqwest::Request::try_from(request)?).await?;
            let head = Head::of(&answer);
            // Tokens, or a refusal in the words of RFC 6749, section 5.2.
            let speaks = matches!(head.status, 200 | 400 | 401) && head.media_type == "application/json";
            if !speaks {
                return Err(match body::failure(answer).await {
                    // A refusal of tokens has words of its own: these end no session.
                    RemoteError::SignedOut | RemoteError::Refused { .. } => {
                        RemoteError::NotUnderstood(format!("no tokens: status {}", head.status))
                    }
                    error => error,
                });
            }
            let text = body::read(answer, MAX_TOKENS).await?;
            super::json::read::<serde::de::IgnoredAny>(&text, &JsonLimits::PROBLEM)
                .map_err(RemoteError::NotUnderstood)?;
            let mut response = HttpResponse::new(text);
            *response.status_mut() = oauth2::http::StatusCode::from_u16(head.status).map_err(bad_address)?;
            let json = oauth2::http::HeaderValue::from_static("application/json");
            response.headers_mut().insert(oauth2::http::header::CONTENT_TYPE, json);
            Ok(response)
        })
    }
}
