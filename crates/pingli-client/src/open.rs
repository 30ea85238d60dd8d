//! The open client: store, session and what is known in memory only. It lives from unlock to lock.

use crate::{
    active::ActiveTime,
    config::{ClientConfig, Connect},
    error::ClientError,
    evidence::Renditions,
    outbox::Lanes,
    packs::Downloads,
    remote::{Remote, RemoteError, TokenKeeper},
    server_clock::{KeptClock, ServerClock, skew_seconds},
    view::{Connection, Lead, Notice, Settings, Topic},
    windows::{Rooms, Shown},
};
use pingli_casepack::ServerKeys;
use pingli_media::WorkerPool;
use pingli_protocol::{UtcInstant, sync::Collection};
use pingli_store::{
    Account, Store, StoreError, UnkeptFolder,
    keys::{DataKey, KeyStore},
};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::{
    sync::{Notify, broadcast, watch},
    task::AbortHandle,
};

/// How many pictures are decoded at once.
const MEDIA_WORKERS: usize = 2;

/// The value in which the server's clock is kept.
const KEPT_CLOCK: &str = "server_clock";

/// How often it is looked at whether what was stopped has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// How often the device's clock is compared with the server's.
const LOOK_AT_THE_CLOCK: Duration = Duration::from_secs(10);

/// The client's streams: what became stale, what a notification may tell, where a link leads.
#[derive(Debug, Clone)]
pub(crate) struct News {
    pub(crate) changes: broadcast::Sender<BTreeSet<Topic>>,
    pub(crate) notices: broadcast::Sender<Notice>,
    leads: broadcast::Sender<Lead>,
}

impl News {
    pub(crate) fn new() -> Self {
        Self {
            changes: broadcast::Sender::new(256),
            notices: broadcast::Sender::new(64),
            leads: broadcast::Sender::new(8),
        }
    }

    /// Says what became stale. Only after it is stored, so that whoever asks again sees it.
    pub(crate) fn changed(&self, topics: impl IntoIterator<Item = Topic>) {
        // Nobody listens while there is no window.
        let _ = self.changes.send(topics.into_iter().collect());
    }

    pub(crate) fn notice(&self, notice: Notice) {
        let _ = self.notices.send(notice);
    }

    pub(crate) fn lead(&self, lead: Lead) {
        let _ = self.leads.send(lead);
    }

    pub(crate) fn leads(&self) -> broadcast::Receiver<Lead> {
        self.leads.subscribe()
    }
}

/// What is known of the session in memory only.
#[derive(Default)]
pub(crate) struct Line {
    remote: Option<Arc<dyn Remote>>,
    pub(crate) connection: Option<Connection>,
    pub(crate) error: Option<String>,
    /// Whether the server described itself since the store was opened.
    pub(crate) described: bool,
    /// Whether the journal was compared with the server's memory of it since the store was opened.
    pub(crate) journal_compared: bool,
    /// Whether the server keeps journals.
    pub(crate) journal_kept: bool,
    /// Whether the server still has what it acknowledged before the journal had its present name.
    pub(crate) looked_back: bool,
}

/// From open to closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// No verb gets through any more; what waits in the outbox has its last call.
    Closing,
    /// Nothing goes out any more.
    Stopped,
}

/// What was opened.
pub(crate) struct Opened {
    /// The key that opened it.
    pub(crate) key: DataKey,
    /// The store.
    pub(crate) store: Store,
    /// The folder of a session that keeps nothing.
    pub(crate) session: Option<UnkeptFolder>,
}

/// The open client.
pub(crate) struct Open {
    pub(crate) config: ClientConfig,
    pub(crate) keys: KeyStore,
    pub(crate) key: DataKey,
    pub(crate) store: Arc<Store>,
    pub(crate) news: News,
    pub(crate) media: WorkerPool,
    line: Mutex<Line>,
    server_clock: Mutex<ServerClock>,
    pub(crate) lanes: Mutex<Lanes>,
    /// Held from the look whether an act is allowed until it is in the journal: of two windows that
    /// act at once, the second sees what the first did.
    pub(crate) acting: Mutex<()>,
    pub(crate) downloads: Mutex<Downloads>,
    pub(crate) rooms: Mutex<Rooms>,
    /// The case that each window has open; it is shown pictures of no other.
    pub(crate) shown: Mutex<Shown>,
    pub(crate) active: Mutex<ActiveTime>,
    pub(crate) renditions: Renditions,
    pub(crate) finds: Mutex<crate::chat::Finds>,
    /// Held while something is made anew from a pack.
    pub(crate) renewing: Mutex<()>,
    pub(crate) syncing: tokio::sync::Mutex<()>,
    /// Held while the journal is compared with the server's memory of it.
    pub(crate) comparing: tokio::sync::Mutex<()>,
    pub(crate) wake_sync: Notify,
    pub(crate) wake_outbox: Notify,
    pub(crate) wake_packs: Notify,
    /// Told when an act is no longer on its way.
    pub(crate) settled: Notify,
    /// Told when the store turns out to be damaged.
    pub(crate) damaged: Arc<Notify>,
    /// Whether it is still open; what waits for the network ends when it is not.
    phase: watch::Sender<Phase>,
    tasks: Mutex<Vec<AbortHandle>>,
    /// Whether this session keeps nothing: what it does counts when the server has acknowledged it, and
    /// nothing waits for later.
    pub(crate) keeps_nothing: bool,
    /// The folder of a session that keeps nothing. It goes after the store is closed.
    session: Mutex<Option<UnkeptFolder>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Open {
    pub(crate) fn new(config: ClientConfig, keys: KeyStore, opened: Opened, news: News) -> Self {
        let Opened { key, store, session } = opened;
        let worker = pingli_media::WorkerCommand {
            program: config.media_worker.0.clone(),
            args: config.media_worker.1.iter().map(Into::into).collect(),
        };
        let open = Self {
            media: WorkerPool::new(worker, MEDIA_WORKERS),
            config,
            keys,
            key,
            store: Arc::new(store),
            news,
            line: Mutex::default(),
            server_clock: Mutex::default(),
            lanes: Mutex::default(),
            acting: Mutex::default(),
            downloads: Mutex::default(),
            rooms: Mutex::default(),
            shown: Mutex::default(),
            active: Mutex::default(),
            renditions: Renditions::new(MEDIA_WORKERS),
            finds: Mutex::default(),
            renewing: Mutex::default(),
            syncing: tokio::sync::Mutex::default(),
            comparing: tokio::sync::Mutex::default(),
            wake_sync: Notify::new(),
            wake_outbox: Notify::new(),
            wake_packs: Notify::new(),
            settled: Notify::new(),
            damaged: Arc::default(),
            phase: watch::Sender::new(Phase::Open),
            tasks: Mutex::default(),
            keeps_nothing: session.is_some(),
            session: Mutex::new(session),
        };
        if let Err(error) = open.go_on_with_the_clock() {
            tracing::warn!(%error, "the server's clock is not known before its first answer");
        }
        open
    }

    /// Starts what goes on by itself: sync, push channel, outbox, downloads. Each task holds the
    /// open client weakly between its rounds, so that locking drops it.
    pub(crate) fn start(self: &Arc<Self>) {
        self.phase.send_replace(Phase::Open);
        self.renditions.reopen();
        let tasks = [
            tokio::spawn(crate::sync::keep_syncing(Arc::downgrade(self))).abort_handle(),
            tokio::spawn(crate::sync::keep_listening(Arc::downgrade(self))).abort_handle(),
            tokio::spawn(crate::outbox::keep_sending(Arc::downgrade(self))).abort_handle(),
            tokio::spawn(crate::packs::keep_fetching(Arc::downgrade(self))).abort_handle(),
            tokio::spawn(keep_looking_at_the_clock(Arc::downgrade(self))).abort_handle(),
        ];
        lock(&self.tasks).extend(tasks);
    }

    /// Forgets the open cases and what was made of them for the windows.
    pub(crate) fn forget_what_was_shown(&self) {
        *lock(&self.shown) = Shown::default();
        *lock(&self.rooms) = Rooms::default();
        *lock(&self.finds) = crate::chat::Finds::default();
        self.renditions.close();
    }

    /// Lets a task stop with everything else.
    pub(crate) fn stops(&self, task: AbortHandle) {
        lock(&self.tasks).push(task);
    }

    /// Stops everything that goes on by itself.
    pub(crate) fn stop(&self) {
        self.phase.send_replace(Phase::Stopped);
        for task in lock(&self.tasks).drain(..) {
            task.abort();
        }
        lock(&self.line).remote = None;
        self.forget_what_was_shown();
    }

    /// From here on only what is called last gets through.
    pub(crate) fn begin_to_close(&self) {
        self.phase.send_if_modified(|phase| {
            let was_open = *phase == Phase::Open;
            if was_open {
                *phase = Phase::Closing;
            }
            was_open
        });
        self.forget_what_was_shown();
    }

    /// Goes on with something for as long as the store is open.
    pub(crate) async fn while_open<T>(
        &self,
        work: impl Future<Output = Result<T, ClientError>>,
    ) -> Result<T, ClientError> {
        tokio::select! {
            () = self.until(|phase| phase != Phase::Open) => Err(ClientError::Locked),
            done = work => done,
        }
    }

    /// Waits until nothing goes out any more.
    pub(crate) async fn until_stopped(&self) {
        self.until(|phase| phase == Phase::Stopped).await;
    }

    async fn until(&self, holds: impl Fn(Phase) -> bool) {
        // The sender is in this very object.
        let _ = self.phase.subscribe().wait_for(|phase| holds(*phase)).await;
    }

    /// Waits until nothing that was stopped holds on to the keys and the database any more; answers whether
    /// that came about in time. Stopped tasks end only when their turn comes.
    pub(crate) async fn is_alone(self: &Arc<Self>, within: Duration) -> bool {
        let all_done = async {
            while Arc::strong_count(self) > 1 || Arc::strong_count(&self.store) > 1 {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        tokio::time::timeout(within, all_done).await.is_ok()
    }

    /// Takes the folder of a session that keeps nothing: dropped, it is gone.
    pub(crate) fn take_session(&self) -> Option<UnkeptFolder> {
        lock(&self.session).take()
    }

    /// Does blocking work of store and pack away from the threads that serve the network.
    pub(crate) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, ClientError> + Send + 'static,
    ) -> Result<T, ClientError> {
        let open = Arc::clone(self);
        let work = move || {
            work(&open).map_err(|error| match error {
                ClientError::Store(error) => open.store.judge(error).into(),
                other => other,
            })
        };
        let done = tokio::task::spawn_blocking(work).await.unwrap_or(Err(ClientError::BrokenOff));
        if matches!(done, Err(ClientError::Store(StoreError::Damaged(_)))) {
            self.store.distrust();
            self.damaged.notify_one();
        }
        done
    }

    /// The device's clock.
    pub(crate) fn now(&self) -> UtcInstant {
        self.config.clock.now()
    }

    /// The server's clock now: by its last answer and what has passed since. Before the first answer
    /// it is the device's clock with the difference that was known when the program last ran.
    pub(crate) fn server_now(&self) -> UtcInstant {
        let met = lock(&self.server_clock).now(self.config.clock.monotonic_millis());
        met.unwrap_or_else(|| self.now().plus_seconds(self.kept_skew()))
    }

    fn kept_skew(&self) -> i64 {
        self.store.account().ok().flatten().map_or(0, |account| account.skew_seconds)
    }

    /// How far the server's clock is ahead of the device's now, in seconds.
    pub(crate) fn skew(&self) -> i64 {
        skew_seconds(self.server_now(), self.now())
    }

    /// The server said what time it is.
    pub(crate) fn meet_server(&self, server_time: UtcInstant) -> Result<(), ClientError> {
        let clock = &self.config.clock;
        let kept = {
            let mut server_clock = lock(&self.server_clock);
            let news = server_clock.meet(server_time, clock.monotonic_millis());
            if news { server_clock.keep(self.account()?.server, clock.counts_from()) } else { None }
        };
        if let Some(kept) = kept {
            self.store.put_value(KEPT_CLOCK, &serde_json::to_string(&kept).map_err(StoreError::from)?)?;
        }
        self.look_at_the_clock()
    }

    /// Goes on with the server's clock from where it was in an earlier run of the program.
    fn go_on_with_the_clock(&self) -> Result<(), ClientError> {
        let (kept, account) = (self.store.value(KEPT_CLOCK)?, self.store.account()?);
        let kept: Option<KeptClock> =
            kept.map(|text| serde_json::from_str(&text)).transpose().map_err(StoreError::from)?;
        if let Some(kept) = kept.filter(|kept| account.is_some_and(|account| account.server == kept.server)) {
            let clock = &self.config.clock;
            let counts_from = clock.counts_from();
            *lock(&self.server_clock) = ServerClock::go_on(&kept, counts_from.as_deref(), clock.monotonic_millis());
        }
        Ok(())
    }

    /// Compares the device's clock with the server's, and says so when the difference is another one:
    /// somebody turned the clock.
    pub(crate) fn look_at_the_clock(&self) -> Result<(), ClientError> {
        let skew = self.skew();
        if lock(&self.server_clock).tell(skew) && skew != self.kept_skew() {
            self.store.save_skew(skew)?;
            self.news.changed([Topic::App, Topic::Docket, Topic::Outbox, Topic::Room]);
        }
        Ok(())
    }

    /// Another server: its clock is not known yet.
    pub(crate) fn forget_server_clock(&self) {
        *lock(&self.server_clock) = ServerClock::default();
    }

    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        self.config.randomness.fill(bytes);
    }

    /// The account that is signed in.
    pub(crate) fn account(&self) -> Result<Account, ClientError> {
        self.store.account()?.ok_or(ClientError::SignedOut)
    }

    /// The server's keys that are pinned.
    pub(crate) fn server_keys(&self) -> Result<ServerKeys, ClientError> {
        ServerKeys::first_meeting(&self.account()?.keys).map_err(|_| ClientError::ServerKeys)
    }

    /// The remote of the session.
    pub(crate) fn remote(&self) -> Result<Arc<dyn Remote>, ClientError> {
        let account = self.account()?;
        if !account.has_session {
            return Err(ClientError::SessionEnded);
        }
        let mut line = lock(&self.line);
        // A task that was stopped may still be in the middle of a step.
        if *self.phase.borrow() == Phase::Stopped {
            return Err(ClientError::Locked);
        }
        if let Some(remote) = &line.remote {
            return Ok(Arc::clone(remote));
        }
        let remote = (self.config.remote)(Connect {
            server: account.server,
            http: self.config.http_with(self.settings()?.proxy),
            sign_in: account.description.sign_in,
            keeper: Arc::clone(&self.store) as Arc<dyn TokenKeeper>,
            clock: Arc::clone(&self.config.clock),
        })?;
        line.remote = Some(Arc::clone(&remote));
        Ok(remote)
    }

    /// Forgets the remote: another account, another proxy.
    pub(crate) fn hang_up(&self) {
        *lock(&self.line) = Line::default();
    }

    pub(crate) fn line(&self) -> MutexGuard<'_, Line> {
        lock(&self.line)
    }

    /// Notes how the last exchange went; says so where that is news.
    pub(crate) fn note_connection(&self, connection: Connection, error: Option<String>) {
        let mut line = lock(&self.line);
        let news = line.connection != Some(connection) || line.error != error;
        line.connection = Some(connection);
        line.error = error;
        drop(line);
        if news {
            self.news.changed([Topic::App]);
        }
    }

    /// Notes that an exchange failed.
    pub(crate) fn note_failure(&self, error: &ClientError) {
        let before = self.line().connection.filter(|c| *c != Connection::Syncing).unwrap_or(Connection::Offline);
        self.note_connection(connection_after(error).unwrap_or(before), Some(error.code()));
    }

    pub(crate) fn settings(&self) -> Result<Settings, ClientError> {
        let text = self.store.value("settings")?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose().map_err(StoreError::from)?.unwrap_or_default())
    }

    /// All records of a collection.
    pub(crate) fn records<T>(
        &self,
        collection: Collection,
        pick: impl Fn(pingli_protocol::sync::ChangeBody) -> Option<T>,
    ) -> Result<Vec<T>, ClientError> {
        Ok(self.store.records(collection, pick)?)
    }
}

/// What a failure says of the connection; nothing where it says something else.
const fn connection_after(error: &ClientError) -> Option<Connection> {
    let ClientError::Remote(error) = error else { return None };
    Some(match error {
        RemoteError::NoConnection(_) | RemoteError::Unreachable(_) | RemoteError::TimedOut(_) => Connection::Offline,
        RemoteError::NotListening(_)
        | RemoteError::Busy { .. }
        | RemoteError::NotAServer(_)
        | RemoteError::NotUnderstood(_) => Connection::ServerDown,
        RemoteError::Portal(_) => Connection::Portal,
        RemoteError::Certificate(_) | RemoteError::Tls(_) => Connection::Untrusted,
        RemoteError::SignedOut | RemoteError::Refused { .. } | RemoteError::BadAddress(_) | RemoteError::Local(_) => {
            return None;
        }
    })
}

/// Notices within seconds when the device's clock is turned, for as long as the store is open.
async fn keep_looking_at_the_clock(open: Weak<Open>) {
    loop {
        tokio::time::sleep(LOOK_AT_THE_CLOCK).await;
        let Some(strong) = open.upgrade() else { return };
        if let Err(error) = strong.look_at_the_clock() {
            tracing::warn!(%error, "the difference of the clocks could not be kept");
        }
    }
}
