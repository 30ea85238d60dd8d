//! [`Client`]: the waist. A cheap clone; every verb takes the open client, or answers `locked`.

mod session;
mod verbs;

use crate::{
    config::ClientConfig,
    error::ClientError,
    link::{self, InvalidLink, Link},
    open::{News, Open, lock},
    view::{Lead, LockReason, Notice, Topic},
};
use pingli_store::{
    Store, StoreError,
    keys::{DataKey, KeyStore, LockCause},
};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};
use tokio::{sync::broadcast, task::AbortHandle};

/// The reviewer's core.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    config: ClientConfig,
    keys: KeyStore,
    news: News,
    gate: Mutex<Gate>,
    signing_in: Mutex<SigningIn>,
    /// A link that nobody followed yet.
    link: Mutex<Option<Result<Link, InvalidLink>>>,
    /// Opening, locking, signing in and out come one after the other.
    turn: tokio::sync::Mutex<()>,
}

/// Locked or open.
enum Gate {
    Locked(LockReason),
    Open(Arc<Open>),
}

/// A sign-in under way.
#[derive(Default)]
struct SigningIn {
    url: Option<String>,
    task: Option<AbortHandle>,
    error: Option<String>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes the client of a data folder and tries to open it with the keyring's key. A folder that
    /// stays locked is no error: [`Client::app_status`] says why.
    ///
    /// # Errors
    /// [`ClientError::Store`] when the folder itself cannot be used.
    pub async fn start(config: ClientConfig) -> Result<Self, ClientError> {
        own_folder(&config.data_dir).map_err(StoreError::from)?;
        let randomness = Arc::clone(&config.randomness);
        let keys = KeyStore::new(
            &config.data_dir,
            Arc::clone(&config.keyring),
            Arc::new(move |bytes| randomness.fill(bytes)),
            config.passphrase_cost,
        );
        let client = Self {
            inner: Arc::new(Inner {
                config,
                keys,
                news: News::new(),
                gate: Mutex::new(Gate::Locked(LockReason::KeyringUnavailable)),
                signing_in: Mutex::default(),
                link: Mutex::default(),
                turn: tokio::sync::Mutex::default(),
            }),
        };
        match client.open_with(None).await {
            Ok(()) | Err(ClientError::Key(_) | ClientError::Store(StoreError::Damaged)) => Ok(client),
            Err(error) => Err(error),
        }
    }

    /// Tells what became stale, in sets.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<BTreeSet<Topic>> {
        self.inner.news.changes.subscribe()
    }

    /// Tells what a notification may tell.
    #[must_use]
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.inner.news.notices.subscribe()
    }

    /// Tells where a link leads that the reviewer followed.
    #[must_use]
    pub fn leads(&self) -> broadcast::Receiver<Lead> {
        self.inner.news.leads()
    }

    /// Takes in a link (see [`Link`]) that came from outside. It is kept until the window next asks
    /// for the state of the program and finds it open and signed in; a newer link takes its place.
    pub fn follow_link(&self, text: &str) {
        let link = text.parse();
        if link.is_err() {
            tracing::info!(bytes = text.len(), "a link does not read");
        }
        *lock(&self.inner.link) = Some(link);
        self.inner.news.changed([Topic::App]);
    }

    /// Tells where the link that waits leads, once.
    async fn lead_on(&self, open: &Arc<Open>) {
        let waiting = lock(&self.inner.link).take();
        let lead = match waiting {
            None => return,
            Some(Ok(link)) => open.work(move |open| link::lead(open, &link)).await,
            Some(Err(InvalidLink)) => Ok(Lead { place: None, code: Some(InvalidLink::CODE.to_owned()) }),
        };
        match lead {
            Ok(lead) => self.inner.news.lead(lead),
            Err(error) => tracing::warn!(%error, "a link could not be followed"),
        }
    }

    fn open(&self) -> Result<Arc<Open>, ClientError> {
        match &*lock(&self.inner.gate) {
            Gate::Open(open) => Ok(Arc::clone(open)),
            Gate::Locked(_) => Err(ClientError::Locked),
        }
    }

    /// Opens the store with a passphrase, or with the keyring's key.
    async fn open_with(&self, passphrase: Option<String>) -> Result<(), ClientError> {
        if self.open().is_ok() {
            return Ok(());
        }
        let inner = Arc::clone(&self.inner);
        let unlocked = tokio::task::spawn_blocking(move || inner.unlock(passphrase.as_deref())).await;
        match unlocked.unwrap_or(Err(ClientError::BrokenOff)) {
            Ok((key, store)) => {
                let inner = &self.inner;
                let open =
                    Arc::new(Open::new(inner.config.clone(), inner.keys.clone(), key, store, inner.news.clone()));
                open.start();
                *lock(&inner.gate) = Gate::Open(open);
                inner.news.changed(Topic::ALL);
                Ok(())
            }
            Err(error) => {
                if let Some(reason) = lock_reason(&error) {
                    *lock(&self.inner.gate) = Gate::Locked(reason);
                }
                self.inner.news.changed([Topic::App]);
                Err(error)
            }
        }
    }

    /// Locks: everything stops, and the keys are wiped with the last clone of the open client.
    fn close(&self, reason: LockReason) {
        let mut gate = lock(&self.inner.gate);
        if let Gate::Open(open) = std::mem::replace(&mut *gate, Gate::Locked(reason)) {
            open.stop();
        }
        drop(gate);
        self.inner.stop_signing_in();
        self.inner.news.changed([Topic::App]);
    }
}

impl Inner {
    fn unlock(&self, passphrase: Option<&str>) -> Result<(DataKey, Store), ClientError> {
        let key = match passphrase {
            Some(passphrase) => self.keys.unlock_by_passphrase(passphrase)?,
            None => self.keys.unlock_by_keyring()?,
        };
        match Store::open(&self.config.data_dir, &key) {
            Ok(store) => {
                store.sweep_packs()?;
                Ok((key, store))
            }
            Err(StoreError::Damaged) => {
                let place = pingli_store::quarantine_database(&self.config.data_dir, self.config.clock.now())?;
                tracing::error!(place = %place.display(), "the database is damaged and was set aside");
                Err(StoreError::Damaged.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn stop_signing_in(&self) {
        let mut signing_in = lock(&self.signing_in);
        if let Some(task) = signing_in.task.take() {
            task.abort();
        }
        signing_in.url = None;
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Gate::Open(open) = &*lock(&self.gate) {
            open.stop();
        }
        self.stop_signing_in();
    }
}

/// Makes the folder, for its owner alone.
fn own_folder(folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

const fn lock_reason(error: &ClientError) -> Option<LockReason> {
    Some(match error {
        ClientError::Key(cause) => match cause {
            LockCause::KeyringLocked => LockReason::KeyringLocked,
            LockCause::KeyringUnavailable => LockReason::KeyringUnavailable,
            LockCause::KeyMissing => LockReason::KeyMissing,
            LockCause::WrongKey => LockReason::WrongKey,
            LockCause::DamagedHeader => LockReason::DamagedHeader,
        },
        ClientError::Store(StoreError::Damaged) => LockReason::DamagedStore,
        _ => return None,
    })
}
