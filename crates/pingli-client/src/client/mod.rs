//! [`Client`]: the waist. A cheap clone; every verb takes the open client, or answers `locked`.

mod lock;
mod session;
mod unkept;
mod verbs;

use crate::{
    config::ClientConfig,
    error::ClientError,
    idle::Idle,
    link::{self, InvalidLink, Link},
    open::{News, Open, Opened, lock},
    view::{Lead, LockReason, Notice, Topic},
    windows::WindowId,
};
use pingli_store::{
    Store, StoreError, UnkeptFolder,
    keys::{DataKey, KeyStore, LockCause},
};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, atomic::AtomicU32},
    time::Duration,
};
use tokio::{sync::broadcast, task::AbortHandle};
use zeroize::Zeroizing;

/// How long closing waits for what is still under way.
const UNDER_WAY: Duration = Duration::from_secs(5);

/// The reviewer's core.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    /// The window that asks.
    window: WindowId,
}

struct Inner {
    config: ClientConfig,
    keys: KeyStore,
    news: News,
    gate: Mutex<Gate>,
    idle: Arc<Idle>,
    signing_in: Mutex<SigningIn>,
    /// A link that nobody followed yet.
    link: Mutex<Option<Result<Link, InvalidLink>>>,
    /// Opening, locking, signing in and out come one after the other.
    turn: tokio::sync::Mutex<()>,
    /// How many views of the whole program were begun.
    views: AtomicU32,
}

/// Locked or open.
enum Gate {
    /// The key is being asked for, for the first time.
    Opening,
    Locked(LockReason),
    Open(Arc<Open>),
}

/// What is asked for the key.
enum Ask {
    /// The keyring, by the program itself.
    Keyring,
    /// The keyring, by the reviewer.
    KeyringAgain,
    /// The reviewer.
    Passphrase(Zeroizing<String>),
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
        let client = Self::begin(config)?;
        client.open_at_start().await;
        Ok(client)
    }

    /// Makes the client of a data folder without asking for its key yet: a keyring may take seconds,
    /// and a window has something to show meanwhile. [`Client::open_at_start`] comes next.
    ///
    /// # Errors
    /// [`ClientError::Store`] when the folder itself cannot be used.
    pub fn begin(config: ClientConfig) -> Result<Self, ClientError> {
        own_folder(&config.data_dir).map_err(StoreError::from)?;
        if let Err(error) = UnkeptFolder::sweep(&config.data_dir) {
            tracing::warn!(%error, "what a session left, which nothing opens, is removed at the next start");
        }
        let randomness = Arc::clone(&config.randomness);
        let keys = KeyStore::new(
            &config.data_dir,
            Arc::clone(&config.keyring),
            Arc::new(move |bytes| randomness.fill(bytes)),
            config.passphrase_cost,
        );
        let inner = Inner {
            idle: Arc::new(Idle::new(&*config.clock)),
            config,
            keys,
            news: News::new(),
            gate: Mutex::new(Gate::Opening),
            signing_in: Mutex::default(),
            link: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            views: AtomicU32::default(),
        };
        Ok(Self::of(Arc::new(inner)))
    }

    fn of(inner: Arc<Inner>) -> Self {
        Self { inner, window: WindowId::default() }
    }

    /// This client as a window of the program asks it: each window has a case of its own open, and sees
    /// pictures of that case alone.
    #[must_use]
    pub fn in_window(&self, name: &str) -> Self {
        Self { inner: Arc::clone(&self.inner), window: name.into() }
    }

    /// The window is gone: nothing is shown in it any more.
    pub fn close_window(&self) {
        if let Gate::Open(open) = &*lock(&self.inner.gate) {
            lock(&open.shown).close(&self.window);
        }
    }

    /// Tries to open the store with the keyring's key, unless it was locked when the program ended.
    /// What comes of it is in [`Client::app_status`].
    pub async fn open_at_start(&self) {
        self.hear_late_answers();
        let _turn = self.inner.turn.lock().await;
        if self.inner.needs_passphrase().unwrap_or(false) {
            self.stay_locked(LockReason::ByReviewer);
        } else if let Err(error) = self.open_with(Ask::Keyring).await {
            tracing::info!(%error, "the store stays locked");
        }
    }

    /// A keyring that answered when nobody waited any more is asked again: the reviewer has just
    /// typed the password into its prompt.
    fn hear_late_answers(&self) {
        let (inner, runtime) = (Arc::downgrade(&self.inner), tokio::runtime::Handle::current());
        self.inner.config.keyring.tell_late(Arc::new(move || {
            let Some(inner) = inner.upgrade() else { return };
            runtime.spawn(async move {
                let client = Self::of(inner);
                let _turn = client.inner.turn.lock().await;
                let waits = matches!(
                    &*lock(&client.inner.gate),
                    Gate::Locked(LockReason::KeyringLocked | LockReason::KeyringUnavailable)
                );
                if waits && let Err(error) = client.open_with(Ask::Keyring).await {
                    tracing::info!(%error, "the store stays locked");
                }
            });
        }));
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
            // The watch only looks every few seconds; nothing is shown after the time is over.
            Gate::Open(_) if self.inner.idle.is_over(&*self.inner.config.clock) => {
                self.inner.idle.wake.notify_one();
                Err(ClientError::Locked)
            }
            Gate::Open(open) => Ok(Arc::clone(open)),
            Gate::Opening | Gate::Locked(_) => Err(ClientError::Locked),
        }
    }

    /// Opens the store with a passphrase, or with the keyring's key.
    async fn open_with(&self, ask: Ask) -> Result<(), ClientError> {
        if matches!(&*lock(&self.inner.gate), Gate::Open(_)) {
            return Ok(());
        }
        let inner = Arc::clone(&self.inner);
        let unlocked = tokio::task::spawn_blocking(move || inner.unlock(&ask)).await;
        match unlocked.unwrap_or(Err(ClientError::BrokenOff)) {
            Ok(opened) => self.enter(opened).await,
            Err(error) => {
                match lock_reason(&error) {
                    Some(reason) => self.stay_locked(reason),
                    None => self.inner.news.changed([Topic::App]),
                }
                Err(error)
            }
        }
    }

    /// Goes on with what was opened.
    async fn enter(&self, opened: Opened) -> Result<(), ClientError> {
        let inner = &self.inner;
        let open = Arc::new(Open::new(inner.config.clone(), inner.keys.clone(), opened, inner.news.clone()));
        let minutes = open.work(|open| Ok(open.settings()?.lock_after_minutes)).await?;
        inner.forget_lock()?;
        open.start();
        inner.idle.seen(&*inner.config.clock);
        inner.idle.lock_after(minutes);
        self.watch_over(&open);
        self.lock_when_damaged(&open);
        *lock(&inner.gate) = Gate::Open(open);
        inner.news.changed(Topic::ALL);
        Ok(())
    }

    fn stay_locked(&self, reason: LockReason) {
        *lock(&self.inner.gate) = Gate::Locked(reason);
        self.inner.news.changed([Topic::App]);
    }

    /// Shuts the gate: no verb gets through any more. Answers with the client that was open, whose
    /// keys are wiped with its last clone. A session that keeps nothing is over with it.
    fn shut(&self, reason: LockReason) -> Option<Arc<Open>> {
        let before = {
            let mut gate = lock(&self.inner.gate);
            let over = matches!(&*gate, Gate::Open(open) if open.keeps_nothing);
            std::mem::replace(&mut *gate, Gate::Locked(if over { LockReason::SessionOver } else { reason }))
        };
        self.inner.stop_signing_in();
        match before {
            Gate::Open(open) => {
                open.begin_to_close();
                self.inner.news.changed(Topic::ALL);
                Some(open)
            }
            Gate::Opening | Gate::Locked(_) => None,
        }
    }

    /// A store that turns out to be damaged is locked; what the reviewer did is saved from it when it is
    /// opened again.
    fn lock_when_damaged(&self, open: &Open) {
        let (damaged, inner) = (Arc::clone(&open.damaged), Arc::downgrade(&self.inner));
        let watching = tokio::spawn(async move {
            damaged.notified().await;
            if let Some(inner) = inner.upgrade() {
                tracing::error!("the database turned out to be damaged");
                // A task of its own: this one stops with everything else.
                tokio::spawn(async move { Client::of(inner).close(LockReason::DamagedStore, UNDER_WAY).await });
            }
        });
        open.stops(watching.abort_handle());
    }

    /// Locks at once, and everything stops. Nobody opens it again before it has, or the time is over.
    async fn close(&self, reason: LockReason, within: Duration) {
        if let Some(open) = self.shut(reason) {
            let _turn = tokio::time::timeout(within, self.inner.turn.lock()).await;
            // A sign-in that had the turn may have begun in between.
            self.inner.stop_signing_in();
            end(open, within).await;
        }
    }

    /// Opens the store anew for another account, after `change`. What still goes on for the one before has
    /// a store of its own, which knows no other account: what comes late goes nowhere else. Somebody holds
    /// the turn.
    async fn reopen(
        &self,
        change: impl FnOnce(&Store) -> Result<(), ClientError> + Send + 'static,
    ) -> Result<(), ClientError> {
        let open = self.take_open()?;
        open.stop();
        if !open.is_alone(UNDER_WAY).await {
            tracing::warn!("something still goes on for the account before");
        }
        let (key, session) = (open.key.clone(), open.take_session());
        drop(open);
        let data = self.inner.config.data_dir.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let store = Store::open(session.as_ref().map_or(&*data, |folder| folder.path()), &key)?;
            change(&store)?;
            Ok::<_, ClientError>(Opened { key, store, session })
        });
        let entered = match opened.await.unwrap_or(Err(ClientError::BrokenOff)) {
            Ok(opened) => self.enter(opened).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &entered {
            self.stay_locked(lock_reason(error).unwrap_or(LockReason::StoreFailed));
        }
        entered
    }

    /// Takes what is open out of the gate: who asks meanwhile hears that it is being opened.
    fn take_open(&self) -> Result<Arc<Open>, ClientError> {
        let mut gate = lock(&self.inner.gate);
        match std::mem::replace(&mut *gate, Gate::Opening) {
            Gate::Open(open) => Ok(open),
            other => {
                *gate = other;
                Err(ClientError::Locked)
            }
        }
    }
}

/// Stops everything, and removes the folder of a session that keeps nothing. Once it answers, keys and
/// database are gone from memory, unless something went on for too long.
async fn end(open: Arc<Open>, within: Duration) {
    open.stop();
    if !open.is_alone(within).await {
        tracing::warn!("something still goes on behind the lock");
    }
    let session = open.take_session();
    drop(open);
    drop(session);
}

impl Inner {
    fn unlock(&self, ask: &Ask) -> Result<Opened, ClientError> {
        let key = match ask {
            Ask::Passphrase(passphrase) => self.keys.unlock_by_passphrase(passphrase)?,
            Ask::Keyring => self.keys.unlock_by_keyring()?,
            Ask::KeyringAgain => self.keys.unlock_by_keyring_again()?,
        };
        let store = self.open_store(&key)?;
        store.sweep_packs()?;
        Ok(Opened { key, store, session: None })
    }

    /// Opens the store. A damaged one is set aside, and what the reviewer did is saved from it.
    fn open_store(&self, key: &DataKey) -> Result<Store, ClientError> {
        let folder = &self.config.data_dir;
        let damage = match Store::open(folder, key) {
            Ok(store) => return Ok(store),
            Err(StoreError::Damaged(damage)) => damage,
            Err(error) => return Err(error.into()),
        };
        tracing::error!(%damage, "the database is damaged");
        let recovery = pingli_store::recover_database(folder, key, self.config.clock.now())?;
        tracing::warn!(
            place = recovery.place,
            intents = recovery.intents_saved,
            asked = recovery.intents_asked,
            drafts = recovery.drafts_saved,
            pages_lost = recovery.pages_lost,
            "it was set aside, and another goes on with what was saved"
        );
        Ok(Store::open(folder, key)?)
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
        ClientError::Store(StoreError::Damaged(_)) => LockReason::DamagedStore,
        ClientError::Store(StoreError::Newer { .. }) => LockReason::NewerStore,
        ClientError::Store(_) | ClientError::BrokenOff => LockReason::StoreFailed,
        _ => return None,
    })
}
