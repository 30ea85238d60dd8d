//! What the client is built from.

use crate::{
    clock::{Clock, Randomness, SystemClock, SystemRandomness},
    error::ClientError,
    remote::{HttpConfig, HttpRemote, Remote, Session, TokenKeeper, build_http},
};
use pingli_protocol::{Lang, server::SignIn};
use pingli_store::keys::{Keyring, PassphraseCost, SystemKeyring};
use std::{path::PathBuf, sync::Arc};

/// Shows an address in the system browser.
pub type OpenUrl = Arc<dyn Fn(&str) + Send + Sync>;

/// What a remote is made from.
pub struct Connect {
    /// The server's address.
    pub server: String,
    /// How HTTP is spoken, the reviewer's proxy included.
    pub http: HttpConfig,
    /// Where tokens come from.
    pub sign_in: SignIn,
    /// Where tokens are kept.
    pub keeper: Arc<dyn TokenKeeper>,
    /// The clock that tokens run out by.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Connect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connect").field("server", &self.server).finish_non_exhaustive()
    }
}

/// Makes the remote of a session.
pub type RemoteFactory = Arc<dyn Fn(Connect) -> Result<Arc<dyn Remote>, ClientError> + Send + Sync>;

/// What the client is built from. The shell gives folder, worker and browser; the rest has defaults
/// that tests replace.
#[derive(Clone)]
pub struct ClientConfig {
    /// The data folder; made when it is not there.
    pub data_dir: PathBuf,
    /// Shows the sign-in page in the system browser.
    pub open_url: OpenUrl,
    /// The program that scales pictures, in processes of their own, and its arguments.
    pub media_worker: (PathBuf, Vec<String>),
    /// The keyring that keeps the key.
    pub keyring: Arc<dyn Keyring>,
    /// What a passphrase costs to try.
    pub passphrase_cost: PassphraseCost,
    /// Makes the remote of a session.
    pub remote: RemoteFactory,
    /// How HTTP is spoken; the proxy is the reviewer's setting.
    pub http: HttpConfig,
    /// Time and zone.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub randomness: Arc<dyn Randomness>,
    /// The system's language, where the settings name none.
    pub language: Lang,
    /// The address where a demo server may be.
    pub demo_server: String,
    /// Seconds between rounds of sync where the push channel is silent.
    pub poll_seconds: u64,
}

impl ClientConfig {
    /// The configuration of the real program: system keyring, HTTP, the machine's clock. The
    /// browser and the worker are still the caller's to give.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            open_url: Arc::new(|_| {}),
            media_worker: (PathBuf::from("pingli-media-worker"), Vec::new()),
            keyring: Arc::new(SystemKeyring::default()),
            passphrase_cost: PassphraseCost::default(),
            remote: Arc::new(connect_http),
            http: HttpConfig::default(),
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            language: system_language(),
            demo_server: std::env::var("PINGLI_SERVER")
                .ok()
                .filter(|address| !address.is_empty())
                .unwrap_or_else(|| "http://127.0.0.1:7420".to_owned()),
            poll_seconds: 60,
        }
    }
}

impl ClientConfig {
    /// How HTTP is spoken with the proxy that the reviewer set.
    pub(crate) fn http_with(&self, proxy: Option<String>) -> HttpConfig {
        HttpConfig { proxy, ..self.http.clone() }
    }
}

impl std::fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientConfig").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

fn connect_http(connect: Connect) -> Result<Arc<dyn Remote>, ClientError> {
    let http = build_http(&connect.http)?;
    let session = Session::new(http.clone(), connect.sign_in, connect.keeper, connect.clock);
    Ok(Arc::new(HttpRemote::new(http, &connect.server, session)?))
}

/// The language of the system's messages: Chinese, unless it says English.
#[must_use]
pub fn system_language() -> Lang {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let named = names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    match named.unwrap_or_default().to_ascii_lowercase() {
        name if name.starts_with("en") || name.starts_with("c.") || name == "c" || name == "posix" => Lang::En,
        name if ["zh_tw", "zh_hk", "zh_mo", "zh-hant"].iter().any(|prefix| name.starts_with(prefix)) => Lang::ZhHant,
        _ => Lang::ZhHans,
    }
}
