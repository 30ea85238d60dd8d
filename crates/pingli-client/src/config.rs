//! What the client is built from.

use crate::{
    clock::{Clock, Randomness, SystemClock, SystemRandomness},
    remote::{HttpRemote, RemoteFactory},
};
use pingli_media::WorkerPool;
use pingli_protocol::Lang;
use pingli_store::keys::{Keyring, PassphraseCost, SystemKeyring};
use std::{path::PathBuf, sync::Arc};

/// Shows an address in the system browser.
pub type OpenUrl = Arc<dyn Fn(&str) + Send + Sync>;

/// What the client is built from. The shell gives the first four fields; the rest has defaults
/// that tests replace.
#[derive(Clone)]
pub struct ClientConfig {
    /// The data folder; made when it is not there.
    pub data_dir: PathBuf,
    /// Shows the sign-in page in the system browser.
    pub open_url: OpenUrl,
    /// Scales pictures, in processes of their own.
    pub media: Arc<WorkerPool>,
    /// The system's language, for the page after the sign-in and where the settings name none.
    pub language: Lang,
    /// The keyring that keeps the key.
    pub keyring: Arc<dyn Keyring>,
    /// What a passphrase costs to try.
    pub passphrase_cost: PassphraseCost,
    /// Makes the remote for a server's address.
    pub remote: RemoteFactory,
    /// Time and zone.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub randomness: Arc<dyn Randomness>,
    /// Addresses where a demo server may be, the first that answers is offered.
    pub demo_servers: Vec<String>,
    /// Seconds between rounds of sync when the push channel is silent.
    pub poll_seconds: u64,
}

impl ClientConfig {
    /// The configuration of the real program: system keyring, HTTP, the machine's clock.
    #[must_use]
    pub fn new(data_dir: PathBuf, open_url: OpenUrl, media: Arc<WorkerPool>, language: Lang) -> Self {
        Self {
            data_dir,
            open_url,
            media,
            language,
            keyring: Arc::new(SystemKeyring),
            passphrase_cost: PassphraseCost::default(),
            remote: HttpRemote::factory(),
            clock: Arc::new(SystemClock::default()),
            randomness: Arc::new(SystemRandomness),
            demo_servers: vec!["http://127.0.0.1:7420".to_owned()],
            poll_seconds: 60,
        }
    }
}

impl std::fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientConfig").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}
