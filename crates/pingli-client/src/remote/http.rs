//! The protocol over HTTP. Plain HTTP only to this very machine; no redirect is ever followed; every
//! body has a bound; every wait has an end.

use super::{ChunkSink, EventLines, Remote, RemoteError, Session, answer, body};
use async_trait::async_trait;
use pingli_casepack::PACK_MEDIA_TYPE;
use pingli_protocol::{
    BallotId, DonationId, JournalId, SeatId, Sha256,
    charity::{Donation, DonationRequest},
    journal::{JOURNAL_HEADER, JournalHead, JournalUpdate, Place, ReceiptPage},
    problem::ProblemCode,
    seat::{DamageReceipt, DamageReport, RecuseRequest, SeatReceipt, SeatRequest},
    server::{ServerDescription, SignedText, WELL_KNOWN_PATH},
    standing::Profile,
    sync::ChangePage,
};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;
use tokio::time::Instant;
use url::{Host, Url};

/// The most that a push channel may say in its life: hundreds of events a minute.
const MAX_EVENTS: usize = 1024 * 1024;
/// What a download has to bring in the time that an exchange may take, so that it does not keep
/// others waiting for ever.
const LEAST_OF_A_DOWNLOAD: u64 = 64 * 1024;
/// The most header lines of an answer; the HTTP library bounds their bytes.
const MAX_HEADERS: usize = 64;

/// How HTTP is spoken.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// The proxy's address; none follows the system.
    pub proxy: Option<String>,
    /// How long making a connection may take.
    pub connect: Duration,
    /// How long a server may be silent in the middle of an answer. The push channel shows every 15 s
    /// that it is alive.
    pub silence: Duration,
    /// How long a whole exchange of JSON may take.
    pub exchange: Duration,
    /// Certificates (DER) that are trusted beside the system's; none in the real program.
    pub extra_roots: Vec<Vec<u8>>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            proxy: None,
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(45),
            exchange: Duration::from_secs(60),
            extra_roots: Vec::new(),
        }
    }
}

/// The HTTP client that everything goes through: it follows no redirect, and knows how long an
/// exchange may take.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    exchange: Duration,
}

impl Http {
    /// The library's client underneath.
    #[must_use]
    pub const fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// A request whose whole answer has to be there in time.
    pub(super) fn exchange(&self, method: Method, url: impl reqwest::IntoUrl) -> RequestBuilder {
        self.client.request(method, url).timeout(self.exchange)
    }

    /// Does a request that a library made.
    pub(super) async fn execute(&self, mut request: reqwest::Request) -> Result<reqwest::Response, RemoteError> {
        request.timeout_mut().get_or_insert(self.exchange);
        Ok(self.client.execute(request).await?)
    }
}

/// Builds the HTTP client that everything goes through.
///
/// # Errors
/// [`RemoteError::BadAddress`] when the proxy's address cannot be read.
pub fn build_http(config: &HttpConfig) -> Result<Http, RemoteError> {
    // Another client of this process may have been first, with the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("pingli/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(config.connect)
        .read_timeout(config.silence)
        .http1_max_headers(MAX_HEADERS)
        .tcp_keepalive(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(30));
    if let Some(proxy) = config.proxy.as_deref().filter(|proxy| !proxy.is_empty()) {
        builder = builder.proxy(reqwest::Proxy::all(proxy)?);
    }
    let roots: Result<Vec<_>, _> = config.extra_roots.iter().map(|der| reqwest::Certificate::from_der(der)).collect();
    Ok(Http { client: builder.tls_certs_merge(roots?).build()?, exchange: config.exchange })
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
    http: Http,
    base: String,
    session: Session,
}

impl HttpRemote {
    /// Speaks to the server at `address` (see [`server_address`]) under a session.
    ///
    /// # Errors
    /// [`RemoteError::BadAddress`].
    pub fn new(http: Http, address: &str, session: Session) -> Result<Self, RemoteError> {
        let base = server_address(address)?.as_str().trim_end_matches('/').to_owned();
        Ok(Self { http, base, session })
    }

    /// A request whose answer may take as long as it likes, as long as it goes on.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.client.request(method, format!("{}{path}", self.base))
    }

    /// A request whose whole answer has to be there in time.
    fn exchange(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.exchange(method, format!("{}{path}", self.base))
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
        body::json(self.send(|| self.exchange(Method::GET, path)).await?).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        request: &(impl Serialize + Sync),
        place: &Place,
    ) -> Result<T, RemoteError> {
        self.post_text(path, &text_of(request)?, place).await
    }

    async fn post_text<T: DeserializeOwned>(&self, path: &str, json: &str, place: &Place) -> Result<T, RemoteError> {
        let place = place.to_string();
        let build = || {
            let request = self.exchange(Method::POST, path).header(JOURNAL_HEADER, &place);
            request.header(header::CONTENT_TYPE, "application/json").body(json.to_owned())
        };
        body::json(self.send(build).await?).await
    }
}

fn text_of(request: &(impl Serialize + Sync)) -> Result<String, RemoteError> {
    serde_json::to_string(request).map_err(|error| RemoteError::Local(error.to_string()))
}

#[async_trait]
impl Remote for HttpRemote {
    async fn describe(&self) -> Result<ServerDescription, RemoteError> {
        describe(&self.http, &self.base).await
    }

    async fn changes(
        &self,
        after: Option<&str>,
        limit: u32,
        journal: Option<&JournalId>,
    ) -> Result<ChangePage, RemoteError> {
        let limit = limit.to_string();
        let mut query = vec![("limit", limit.as_str())];
        query.extend(after.map(|cursor| ("after", cursor)));
        query.extend(journal.map(|journal| ("journal", journal.as_str())));
        let build = || self.exchange(Method::GET, "/api/v1/changes").query(&query);
        body::json(self.send(build).await?).await
    }

    async fn journal(&self, journal: &JournalId) -> Result<Option<JournalHead>, RemoteError> {
        match self.get(&format!("/api/v1/journals/{journal}")).await {
            // An address that it does not have: it keeps no journals.
            Err(RemoteError::Refused { code: ProblemCode::NotFound, .. }) => Ok(None),
            answer => answer.map(Some),
        }
    }

    async fn tell_journal(&self, journal: &JournalId, newest: &JournalUpdate) -> Result<JournalHead, RemoteError> {
        let (path, json) = (format!("/api/v1/journals/{journal}"), text_of(newest)?);
        let build = || {
            let request = self.exchange(Method::PUT, &path);
            request.header(header::CONTENT_TYPE, "application/json").body(json.clone())
        };
        body::json(self.send(build).await?).await
    }

    async fn journal_receipts(&self, journal: &JournalId, after: i64) -> Result<ReceiptPage, RemoteError> {
        self.get(&format!("/api/v1/journals/{journal}/receipts?after={after}")).await
    }

    async fn listen(&self, changed: &(dyn Fn() + Send + Sync)) -> Result<(), RemoteError> {
        let build = || self.request(Method::GET, "/api/v1/events").header(header::ACCEPT, "text/event-stream");
        let mut answer = body::success(self.send(build).await?).await?;
        if answer::Head::of(&answer).media_type != "text/event-stream" {
            return Err(body::failure(answer).await);
        }
        let (mut lines, mut heard) = (EventLines::default(), 0);
        while let Some(chunk) = answer.chunk().await? {
            heard += chunk.len();
            if heard > MAX_EVENTS {
                return Err(RemoteError::NotUnderstood("a push channel that never rests".to_owned()));
            }
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
        // A page in the place of a pack must not become a damaged pack.
        if answer::Head::of(&answer).media_type != PACK_MEDIA_TYPE {
            return Err(body::failure(answer).await);
        }
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
        let (mut came, mut due) = (0, Instant::now() + self.http.exchange);
        loop {
            let chunk = tokio::time::timeout_at(due, answer.chunk()).await;
            let chunk = chunk.map_err(|_| RemoteError::TimedOut("the download hardly moves".to_owned()))??;
            let Some(chunk) = chunk else { break };
            came += chunk.len() as u64;
            if came >= LEAST_OF_A_DOWNLOAD {
                (came, due) = (0, Instant::now() + self.http.exchange);
            }
            let ignored = usize::try_from(skip).unwrap_or(usize::MAX).min(chunk.len());
            skip -= ignored as u64;
            sink(&chunk[ignored..])?;
        }
        Ok(())
    }

    async fn accept(&self, seat: &SeatId, request: &SeatRequest, place: &Place) -> Result<SeatReceipt, RemoteError> {
        self.post(&format!("/api/v1/seats/{seat}/accept"), request, place).await
    }

    async fn return_seat(
        &self,
        seat: &SeatId,
        request: &SeatRequest,
        place: &Place,
    ) -> Result<SeatReceipt, RemoteError> {
        self.post(&format!("/api/v1/seats/{seat}/return"), request, place).await
    }

    async fn recuse(&self, seat: &SeatId, request: &RecuseRequest, place: &Place) -> Result<SeatReceipt, RemoteError> {
        self.post(&format!("/api/v1/seats/{seat}/recuse"), request, place).await
    }

    async fn report_damage(
        &self,
        seat: &SeatId,
        report: &DamageReport,
        place: &Place,
    ) -> Result<DamageReceipt, RemoteError> {
        self.post(&format!("/api/v1/seats/{seat}/damage"), report, place).await
    }

    async fn ballot(&self, json: &str, place: &Place) -> Result<SignedText, RemoteError> {
        self.post_text("/api/v1/ballots", json, place).await
    }

    async fn ballot_receipt(&self, ballot: &BallotId) -> Result<Option<SignedText>, RemoteError> {
        match self.get(&format!("/api/v1/ballots/{ballot}")).await {
            Err(RemoteError::Refused { code: ProblemCode::NotFound, .. }) => Ok(None),
            answer => answer.map(Some),
        }
    }

    async fn donate(&self, request: &DonationRequest, place: &Place) -> Result<Donation, RemoteError> {
        self.post("/api/v1/donations", request, place).await
    }

    async fn cancel_donation(&self, donation: &DonationId, place: &Place) -> Result<Donation, RemoteError> {
        self.post_text(&format!("/api/v1/donations/{donation}/cancel"), "{}", place).await
    }

    async fn revoke(&self) -> Result<(), RemoteError> {
        self.session.revoke().await
    }
}

/// Asks a server what it says of itself. Needs no session.
///
/// # Errors
/// [`RemoteError`].
pub async fn describe(http: &Http, address: &str) -> Result<ServerDescription, RemoteError> {
    let base = server_address(address)?;
    let url = format!("{}{WELL_KNOWN_PATH}", base.as_str().trim_end_matches('/'));
    body::json(http.exchange(Method::GET, url).send().await?).await
}

/// Asks who a token belongs to.
pub(crate) async fn profile(http: &Http, address: &str, token: &str) -> Result<Profile, RemoteError> {
    let url = format!("{address}/api/v1/me");
    body::json(http.exchange(Method::GET, url).bearer_auth(token).send().await?).await
}
