//! A reviewer's machine whose clock can be set: the real client over a folder.

use jiff::tz::TimeZone;
use pingli_client::{
    Client, ClientConfig,
    clock::Clock,
    view::{DocketRow, IntentState, OutboxRow, RowState, Stage},
};
use pingli_protocol::UtcInstant;
use pingli_store::keys::PassphraseCost;
use pingli_tests::{FileKeyring, sign_in_by_script};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

const STUCK: Duration = Duration::from_secs(60);

/// So long a step waits for a case that comes.
const PATIENCE: Duration = Duration::from_secs(3);

/// Signing, sending and syncing anew so often brings everything to rest.
const MOST_ROUNDS: u32 = 30;

/// A clock that passes when told, and can be set.
#[derive(Debug)]
pub(super) struct DeviceClock {
    wall: AtomicI64,
    monotonic: AtomicI64,
}

impl DeviceClock {
    fn at(now: UtcInstant) -> Self {
        Self { wall: AtomicI64::new(now.as_millis()), monotonic: AtomicI64::new(0) }
    }

    pub(super) fn pass(&self, seconds: i64) {
        self.wall.fetch_add(seconds * 1000, Ordering::SeqCst);
        self.monotonic.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(super) fn set(&self, now: UtcInstant) {
        self.wall.store(now.as_millis(), Ordering::SeqCst);
    }
}

impl Clock for DeviceClock {
    fn now(&self) -> UtcInstant {
        UtcInstant::from_millis(self.wall.load(Ordering::SeqCst))
    }
    fn monotonic_millis(&self) -> u64 {
        self.monotonic.load(Ordering::SeqCst).unsigned_abs()
    }
    fn zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

/// A machine.
pub(super) struct Machine {
    folder: tempfile::TempDir,
    account: (&'static str, &'static str),
    pub(super) clock: Arc<DeviceClock>,
    pub(super) client: Client,
}

async fn start(folder: &Path, clock: &Arc<DeviceClock>, account: (&'static str, &'static str)) -> Client {
    let config = ClientConfig {
        keyring: Arc::new(FileKeyring(folder.join("key"))),
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        open_url: Arc::new(move |url| {
            let url = url.to_owned();
            tokio::spawn(async move { sign_in_by_script(&url, account.0, account.1).await });
        }),
        ..ClientConfig::new(folder.join("data"))
    };
    Client::start(config).await.expect("a client")
}

impl Machine {
    /// A machine that is signed in.
    pub(super) async fn new(now: UtcInstant, account: (&'static str, &'static str), server: &str) -> Self {
        let (folder, clock) = (tempfile::tempdir().expect("a folder"), Arc::new(DeviceClock::at(now)));
        let client = start(folder.path(), &clock, account).await;
        let mut changes = client.subscribe();
        client.sign_in(server).await.expect("a sign-in that begins");
        let signed_in = async {
            loop {
                let view = client.app_status().await.expect("a state");
                if view.stage == Stage::Ready && view.sync.last_complete.is_some() {
                    return;
                }
                let _ = changes.recv().await;
            }
        };
        tokio::time::timeout(STUCK, signed_in).await.expect("signed in and synced");
        Self { folder, account, clock, client }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The program ends and starts again.
    pub(super) async fn restart(&mut self) {
        self.client.shut_down(false).await;
        self.client = start(self.folder.path(), &self.clock, self.account).await;
    }

    /// A seat that is as wanted; one of several.
    pub(super) async fn seat(&self, pick: u8, wanted: impl Fn(&DocketRow) -> bool) -> Option<DocketRow> {
        let mut rows = self.client.docket().await.expect("a docket").rows;
        rows.retain(wanted);
        let place = usize::from(pick) % rows.len().max(1);
        rows.into_iter().nth(place)
    }

    /// Waits for cases that are on their way: on a busy machine there would be nothing to seal.
    pub(super) async fn downloads_end(&self) {
        let mut changes = self.client.subscribe();
        let ending = async {
            while self.outbox().await.is_empty()
                && self
                    .seat(0, |row| matches!(row.state, RowState::Queued | RowState::Downloading { .. }))
                    .await
                    .is_some()
            {
                let _ = tokio::time::timeout(Duration::from_millis(50), changes.recv()).await;
            }
        };
        let _ = tokio::time::timeout(PATIENCE, ending).await;
    }

    pub(super) async fn outbox(&self) -> Vec<OutboxRow> {
        self.client.outbox().await.expect("the outbox").rows
    }

    /// Sends and syncs until nothing waits but what is behind a refused act.
    pub(super) async fn settle(&self) -> Result<(), String> {
        let mut last = String::new();
        for _ in 0..MOST_ROUNDS {
            let (sent, synced) = (self.client.send_now().await, self.client.sync_now().await);
            let rows = self.outbox().await;
            let parked = |row: &OutboxRow| matches!(row.state, IntentState::Parked { .. });
            let behind = |row: &OutboxRow| rows.iter().any(|other| parked(other) && other.case == row.case);
            let waiting = rows.iter().find(|row| !parked(row) && (row.case.is_none() || !behind(row)));
            if sent.is_ok() && synced.is_ok() && waiting.is_none() {
                return Ok(());
            }
            last = format!("{sent:?} {synced:?} {waiting:?}");
        }
        Err(last)
    }
}
