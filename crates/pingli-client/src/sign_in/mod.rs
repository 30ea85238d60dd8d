//! Signing in: authorization code with PKCE in the system browser, back over a loopback address
//! (RFC 6749, 7636, 8252). The password is the server's business; the program never sees it.

mod loopback;

use crate::{
    clock::Clock,
    remote::{Http, OauthHttp, RemoteError, bad_address, describe, no_tokens, server_address, stored},
};
use loopback::{Answer, Loopback};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, TokenUrl, basic::BasicClient,
};
use pingli_casepack::ServerKeys;
use pingli_protocol::{
    Lang, PROTOCOL_VERSION,
    server::{ServerDescription, ServerKey},
    standing::Profile,
};
use pingli_store::StoredTokens;
use std::{sync::Arc, time::Duration};

pub(crate) use loopback::takes;

/// How long the reviewer may take in the browser.
const PATIENCE: Duration = Duration::from_secs(600);

/// Why signing in did not work.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The server, or the way to it.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The server speaks other versions of the protocol.
    #[error("the server speaks protocol versions {0:?}")]
    OtherVersion(Vec<u32>),
    /// The server's signing keys are not those that were pinned, nor vouched for by them.
    #[error("the server's signing keys are not those met before")]
    KeysChanged,
    /// The reviewer, or the server, said no in the browser.
    #[error("signing in was refused: {0}")]
    Denied(String),
    /// Nobody came back from the browser in time.
    #[error("nobody came back from the browser within 10 minutes")]
    TimedOut,
    /// No address of this machine could be listened on.
    #[error("no loopback address could be opened: {0}")]
    NoLoopback(String),
}

impl SignInError {
    /// The stable code for the window.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Remote(error) => error.code(),
            Self::OtherVersion(_) => "other_protocol_version".to_owned(),
            Self::KeysChanged => "server_keys_changed".to_owned(),
            Self::Denied(_) => "sign_in_denied".to_owned(),
            Self::TimedOut => "sign_in_timed_out".to_owned(),
            Self::NoLoopback(_) => "no_loopback".to_owned(),
        }
    }
}

/// A sign-in that waits for the browser.
pub struct SignInAttempt {
    http: Http,
    address: String,
    description: ServerDescription,
    keys: ServerKeys,
    loopback: Loopback,
    redirect: RedirectUrl,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
    url: String,
}

impl std::fmt::Debug for SignInAttempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInAttempt").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Who signed in where.
#[derive(Debug)]
pub struct SignedIn {
    /// The server's address, as it is kept.
    pub address: String,
    /// What the server says of itself.
    pub description: ServerDescription,
    /// Its signing keys, pinned from now on.
    pub keys: Vec<ServerKey>,
    /// The session's tokens.
    pub tokens: StoredTokens,
    /// Who it is.
    pub profile: Profile,
}

impl SignInAttempt {
    /// Asks the server how to sign in and prepares the page for the browser. `pinned` are the keys
    /// met before on this server, if any.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn begin(
        http: Http,
        address: &str,
        pinned: Option<&[ServerKey]>,
        language: Lang,
    ) -> Result<Self, SignInError> {
        let address = server_address(address)?.as_str().trim_end_matches('/').to_owned();
        let description = describe(&http, &address).await?;
        if !description.protocol_versions.contains(&PROTOCOL_VERSION) {
            return Err(SignInError::OtherVersion(description.protocol_versions));
        }
        let keys = match pinned.and_then(<[ServerKey]>::first) {
            Some(first) => ServerKeys::from_pinned(first, &description.keys),
            None => ServerKeys::first_meeting(&description.keys),
        };
        let keys = keys.map_err(|error| {
            tracing::warn!(%error, "the server's keys are not accepted");
            SignInError::KeysChanged
        })?;
        let places = &description.sign_in;
        for endpoint in [&places.authorization_endpoint, &places.token_endpoint, &places.revocation_endpoint] {
            server_address(endpoint)?;
        }

        let loopback = Loopback::open(language).await.map_err(|error| SignInError::NoLoopback(error.to_string()))?;
        let redirect = RedirectUrl::new(loopback.address()).map_err(bad_address)?;
        let authorization = AuthUrl::new(description.sign_in.authorization_endpoint.clone()).map_err(bad_address)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state) = BasicClient::new(ClientId::new(description.sign_in.client_id.clone()))
            .set_auth_uri(authorization)
            .set_redirect_uri(redirect.clone())
            .authorize_url(CsrfToken::new_random)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Self { http, address, description, keys, loopback, redirect, state, verifier, url: url.into() })
    }

    /// The page for the browser.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the browser to come back, changes the code for tokens and asks who it is.
    ///
    /// # Errors
    /// [`SignInError`]; dropping the future gives the attempt up.
    pub async fn finish(self, clock: &Arc<dyn Clock>) -> Result<SignedIn, SignInError> {
        let expected = self.state.secret().clone();
        let answer = tokio::time::timeout(PATIENCE, self.loopback.wait(&expected))
            .await
            .map_err(|_| SignInError::TimedOut)?
            .map_err(|error| SignInError::NoLoopback(error.to_string()))?;
        let code = match answer {
            Answer::Code(code) => code,
            Answer::Denied(why) => return Err(SignInError::Denied(why)),
        };
        let token_url = TokenUrl::new(self.description.sign_in.token_endpoint.clone()).map_err(bad_address)?;
        let answer = BasicClient::new(ClientId::new(self.description.sign_in.client_id.clone()))
            .set_token_uri(token_url)
            .set_redirect_uri(self.redirect)
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(self.verifier)
            .request_async(&OauthHttp(self.http.clone()))
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(refusal) => SignInError::Denied(refusal.error().to_string()),
                error => SignInError::Remote(no_tokens(error)),
            })?;
        let tokens = stored(&answer, clock, None)?;
        let profile = crate::remote::profile(&self.http, &self.address, &tokens.access).await?;
        Ok(SignedIn { address: self.address, keys: self.keys.list(), description: self.description, tokens, profile })
    }
}
