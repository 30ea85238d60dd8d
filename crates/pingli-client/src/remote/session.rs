//! A session's tokens: kept by the store, refreshed by one request at a time.

use super::RemoteError;
use crate::clock::Clock;
use oauth2::{
    AsyncHttpClient, ClientId, HttpRequest, HttpResponse, RefreshToken, RequestTokenError, RevocationUrl,
    StandardRevocableToken, TokenResponse as _, TokenUrl,
    basic::{BasicClient, BasicTokenResponse},
};
use pingli_protocol::server::SignIn;
use pingli_store::StoredTokens;
use std::{pin::Pin, sync::Arc};

/// An access token is changed when it is good for less than this.
const REFRESH_BEFORE_MILLIS: i64 = 30_000;

/// How long a token is taken to be good when the server does not say.
const DEFAULT_LIFETIME_SECONDS: u64 = 300;

/// Keeps the tokens of a session.
pub trait TokenKeeper: Send + Sync {
    /// The tokens, while there is a session.
    fn tokens(&self) -> Option<StoredTokens>;

    /// Keeps new tokens before they are used, or ends the session. Answers whether they were kept.
    fn keep(&self, tokens: Option<&StoredTokens>) -> bool;
}

impl TokenKeeper for pingli_store::Store {
    fn tokens(&self) -> Option<StoredTokens> {
        Self::tokens(self).unwrap_or_else(|error| {
            tracing::warn!(%error, "the session's tokens cannot be read");
            None
        })
    }

    fn keep(&self, tokens: Option<&StoredTokens>) -> bool {
        self.save_tokens(tokens)
            .inspect_err(|error| tracing::warn!(%error, "the session's tokens cannot be kept"))
            .is_ok()
    }
}

/// A session with a server.
pub struct Session {
    http: reqwest::Client,
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
    pub fn new(http: reqwest::Client, sign_in: SignIn, keeper: Arc<dyn TokenKeeper>, clock: Arc<dyn Clock>) -> Self {
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
                if !self.keeper.keep(Some(&new)) {
                    return Err(RemoteError::Local("tokens".to_owned()));
                }
                Ok(new.access.clone())
            }
            Err(RequestTokenError::ServerResponse(refusal)) => {
                tracing::info!(error = %refusal.error(), "the session ended");
                self.keeper.keep(None);
                Err(RemoteError::SignedOut)
            }
            Err(RequestTokenError::Request(error)) => Err(error),
            Err(error) => Err(RemoteError::NotUnderstood(error.to_string())),
        }
    }

    /// Ends the session on the server (RFC 7009).
    pub(super) async fn revoke(&self) -> Result<(), RemoteError> {
        let Some(tokens) = self.keeper.tokens() else { return Ok(()) };
        let url = RevocationUrl::new(self.sign_in.revocation_endpoint.clone()).map_err(bad_address)?;
        // The library insists on TLS here, which a server on this very machine does not have.
        if url.url().scheme() != "https" {
            let form = [("token", tokens.refresh.as_str()), ("client_id", &self.sign_in.client_id)];
            super::body::success(self.http.post(url.url().clone()).form(&form).send().await?).await?;
            return Ok(());
        }
        BasicClient::new(ClientId::new(self.sign_in.client_id.clone()))
            .set_revocation_url(url)
            .revoke_token(StandardRevocableToken::RefreshToken(RefreshToken::new(tokens.refresh.clone())))
            .map_err(|error| RemoteError::BadAddress(error.to_string()))?
            .request_async(&OauthHttp(self.http.clone()))
            .await
            .map_err(|error| RemoteError::NotUnderstood(error.to_string()))
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
pub(crate) struct OauthHttp(pub(crate) reqwest::Client);

impl<'c> AsyncHttpClient<'c> for OauthHttp {
    type Error = RemoteError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, RemoteError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut answer = self.0.execute(reqwest::Request::try_from(request)?).await?;
            let status = answer.status();
            if status.is_server_error() {
                return Err(RemoteError::Busy { status: status.as_u16(), retry_after: None });
            }
            let mut response = HttpResponse::new(Vec::new());
            *response.status_mut() = status;
            *response.headers_mut() = answer.headers().clone();
            while let Some(chunk) = answer.chunk().await? {
                if response.body().len() + chunk.len() > 64 * 1024 {
                    return Err(RemoteError::NotUnderstood("a token answer of more than 64 KiB".to_owned()));
                }
                response.body_mut().extend_from_slice(&chunk);
            }
            Ok(response)
        })
    }
}
