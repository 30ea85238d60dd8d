//! The protocol over HTTP. Plain HTTP only to this very machine; no redirect is ever followed; every
//! body has a bound; every wait has an end.

use super::{ChunkSink, EventLines, Remote, RemoteError, Session, body};
use async_trait::async_trait;
use pingli_protocol::{
    BallotId, DonationId, SeatId, Sha256,
    charity::{Donation, DonationRequest},
    problem::ProblemCode,
    seat::{DamageReceipt, DamageReport, RecuseRequest, SeatReceipt, SeatRequest},
    server::{ServerDescription, SignedText, WELL_KNOWN_PATH},
    standing::Profile,
    sync::ChangePage,
};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;
use url::{Host, Url};

/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may be silent in the middle of an answer. The push channel shows every 15 s
/// that it is alive.
const SILENCE: Duration = Duration::from_secs(45);
/// How long a whole exchange of JSON may take.
const EXCHANGE: Duration = Duration::from_secs(60);

/// Builds the HTTP client that everything goes through. `proxy` is an address; none follows the
/// system.
///
/// # Errors
/// [`RemoteError::BadAddress`] when the proxy's address cannot be read.
pub fn build_http(proxy: Option<&str>) -> Result<reqwest::Client, RemoteError> {
    // Another client of this process may have been first, with the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("pingli/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .tcp_keepalive(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(30));
    if let Some(proxy) = proxy.filter(|proxy| !proxy.is_empty()) {
        builder = builder.proxy(reqwest::Proxy::all(proxy)?);
    }
    Ok(builder.build()?)
}

/// Reads a server's address: HTTPS anywhere, HTTP only to this very machine.
///
/// # Errors
/// [`RemoteError::BadAddress`] says what is wrong with it.
pub fn server_address(text: &str) -> Result<Url, RemoteError> {
    let text = text.trim().trim_end_matches('/');
    let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&text).map_err(super::session::bad_address)?;
    let refuse = |why: &str| Err(RemoteError::BadAddress(why.to_owned()));
    let this_machine = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return refuse("no host"),
    };
    match url.scheme() {
        "https" => {}
        "http" if this_machine => {}
        "http" => return refuse("plain http is for this machine only"),
        _ => return refuse("neither https nor http"),
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return refuse("only a host, a port and a path");
    }
    Ok(url)
}

/// The protocol over HTTP.
#[derive(Debug)]
pub struct HttpRemote {
    http: reqwest::Client,
    base: String,
    session: Session,
}

impl HttpRemote {
    /// Speaks to the server at `address` (see [`server_address`]) under a session.
    ///
    /// # Errors
    /// [`RemoteError::BadAddress`].
    pub fn new(http: reqwest::Client, address: &str, session: Session) -> Result<Self, RemoteError> {
        let base = server_address(address)?.as_str().trim_end_matches('/').to_owned();
        Ok(Self { http, base, session })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// Sends a request with the session's token, and once more with a new one after a 401.
    async fn send(&self, build: impl Fn() -> RequestBuilder + Send) -> Result<reqwest::Response, RemoteError> {
        let token = self.session.access().await?;
        let answer = build().bearer_auth(&token).send().await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = self.session.refresh(&token).await?;
        Ok(build().bearer_auth(&token).send().await?)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, RemoteError> {
        body::json(self.send(|| self.request(Method::GET, path).timeout(EXCHANGE)).await?).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, request: &(impl Serialize + Sync)) -> Result<T, RemoteError> {
        let json = serde_json::to_string(request).map_err(|error| RemoteError::Local(error.to_string()))?;
        self.post_text(path, &json).await
    }

    async fn post_text<T: DeserializeOwned>(&self, path: &str, json: &str) -> Result<T, RemoteError> {
        let build = || {
            let request = self.request(Method::POST, path).timeout(EXCHANGE);
            request.header(header::CONTENT_TYPE, "application/json").body(json.to_owned())
        };
        body::json(self.send(build).await?).await
    }
}

#[async_trait]
impl Remote for HttpRemote {
    async fn describe(&self) -> Result<ServerDescription, RemoteError> {
        describe(&self.http, &self.base).await
    }

    async fn changes(&self, after: Option<&str>, limit: u32) -> Result<ChangePage, RemoteError> {
        let limit = limit.to_string();
        let build = || {
            let request = self.request(Method::GET, "/api/v1/changes").timeout(EXCHANGE);
            let request = request.query(&[("limit", limit.as_str())]);
            match after {
                Some(cursor) => request.query(&[("after", cursor)]),
                None => request,
            }
        };
        body::json(self.send(build).await?).await
    }

    async fn listen(&self, changed: &(dyn Fn() + Send + Sync)) -> Result<(), RemoteError> {
        let build = || self.request(Method::GET, "/api/v1/events").header(header::ACCEPT, "text/event-stream");
        let mut answer = body::success(self.send(build).await?).await?;
        let mut lines = EventLines::default();
        while let Some(chunk) = answer.chunk().await? {
            if lines.take_in(&chunk)? > 0 {
                changed();
            }
        }
        Ok(())
    }

    async fn pack(&self, sha256: &Sha256, from: u64, sink: &mut ChunkSink<'_>) -> Result<(), RemoteError> {
        let path = format!("/api/v1/packs/{sha256}");
        // A compressed range would be a range of something else.
        let build = || {
            let request = self.request(Method::GET, &path).header(header::ACCEPT_ENCODING, "identity");
            if from == 0 { request } else { request.header(header::RANGE, format!("bytes={from}-")) }
        };
        let mut answer = body::success(self.send(build).await?).await?;
        let mut skip = 0;
        if from > 0 {
            let whole = answer.status() == StatusCode::OK;
            let range = answer.headers().get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
            if whole {
                skip = from;
            } else if !range.is_some_and(|range| range.starts_with(&format!("bytes {from}-"))) {
                return Err(RemoteError::NotUnderstood(format!("asked from byte {from}, got {range:?}")));
            }
        }
        while let Some(chunk) = answer.chunk().await? {
            let ignored = usize::try_from(skip).unwrap_or(usize::MAX).min(chunk.len());
            skip -= ignored as u64;
            sink(&chunk[ignored..])?;
        }
        Ok(())
    }

    async fn accept(&self, seat: &SeatId, request: &SeatRequest) -> Result<SeatReceipt, RemoteError> {
        self.post(&format!("/api/v1/seats/{seat}/accept"), request).await
    }

    async fn return_seat(&self, seat: &SeatId, request: &SeatRequest) -> Result<SeatReceipt, RemoteError> {
        self.post(&format!("/api/v1/seats/{seat}/return"), request).await
    }

    async fn recuse(&self, seat: &SeatId, request: &RecuseRequest) -> Result<SeatReceipt, RemoteError> {
        self.post(&format!("/api/v1/seats/{seat}/recuse"), request).await
    }

    async fn report_damage(&self, seat: &SeatId, report: &DamageReport) -> Result<DamageReceipt, RemoteError> {
        self.post(&format!("/api/v1/seats/{seat}/damage"), report).await
    }

    async fn ballot(&self, json: &str) -> Result<SignedText, RemoteError> {
        self.post_text("/api/v1/ballots", json).await
    }

    async fn ballot_receipt(&self, ballot: &BallotId) -> Result<Option<SignedText>, RemoteError> {
        match self.get(&format!("/api/v1/ballots/{ballot}")).await {
            Err(RemoteError::Refused { code: ProblemCode::NotFound, .. }) => Ok(None),
            answer => answer.map(Some),
        }
    }

    async fn donate(&self, request: &DonationRequest) -> Result<Donation, RemoteError> {
        self.post("/api/v1/donations", request).await
    }

    async fn cancel_donation(&self, donation: &DonationId) -> Result<Donation, RemoteError> {
        self.post_text(&format!("/api/v1/donations/{donation}/cancel"), "{}").await
    }

    async fn revoke(&self) -> Result<(), RemoteError> {
        self.session.revoke().await
    }
}

/// Asks a server what it says of itself. Needs no session.
///
/// # Errors
/// [`RemoteError`].
pub async fn describe(http: &reqwest::Client, address: &str) -> Result<ServerDescription, RemoteError> {
    let base = server_address(address)?;
    let url = format!("{}{WELL_KNOWN_PATH}", base.as_str().trim_end_matches('/'));
    body::json(http.get(url).timeout(EXCHANGE).send().await?).await
}

/// Asks who a token belongs to.
pub(crate) async fn profile(http: &reqwest::Client, address: &str, token: &str) -> Result<Profile, RemoteError> {
    body::json(http.get(format!("{address}/api/v1/me")).bearer_auth(token).timeout(EXCHANGE).send().await?).await
}
