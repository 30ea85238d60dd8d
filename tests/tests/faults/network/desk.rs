//! A reviewer's real client behind a proxy, and the server at the other end.

use pingli_client::{
    Client, ClientConfig,
    remote::HttpConfig,
    view::{DocketRow, Draft, RowState, Settings, Stage},
};
use pingli_protocol::{CaseId, IntentId, SeatId, UtcInstant};
use pingli_store::keys::{Keyring, PassphraseCost};
use pingli_tests::{Hall, MemoryKeyring, new_id, proxy::Proxy, sign_in_with};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// The client's own patience in these cells.
const PATIENCE: Duration = Duration::from_millis(1500);
/// What takes longer than this hangs, also on a machine that is busy.
pub(super) const HANGS: Duration = Duration::from_secs(60);

const PASSWORD: &str = "correct horse";

/// Server, proxy and client.
pub(super) struct NetDesk {
    pub(super) hall: Hall,
    pub(super) proxy: Proxy,
    pub(super) client: Client,
    folder: tempfile::TempDir,
    keyring: Arc<dyn Keyring>,
    browser: Arc<AtomicBool>,
    cases: u32,
    /// A seat with its pack that is used again and again.
    pub(super) spare: Option<SeatId>,
}

/// How HTTP is spoken in these cells.
pub(super) fn http() -> HttpConfig {
    HttpConfig {
        connect: PATIENCE,
        silence: PATIENCE,
        exchange: PATIENCE,
        extra_roots: vec![Proxy::root()],
        ..HttpConfig::default()
    }
}

fn now() -> UtcInstant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UtcInstant::from_millis(i64::try_from(since.as_millis()).unwrap())
}

impl NetDesk {
    /// A reviewer who is signed in, with an access token that is good for so many seconds.
    pub(super) async fn open(access_token: i64) -> Self {
        let proxy = Proxy::open().await;
        let public = proxy.url();
        let hall = Hall::open_with(now(), move |config| {
            config.public_url = Some(public.parse().unwrap());
            let rules = &mut config.rules;
            rules.access_token = access_token;
            // So many acts of one reviewer in a minute are nobody's game.
            (rules.open_seat_cap, rules.free_returns, rules.recusals) = (10_000, 10_000, 10_000);
        })
        .await;
        proxy.lead_to(hall.address());
        hall.add_reviewer("lin", PASSWORD).await;
        let folder = tempfile::tempdir().unwrap();
        let browser = Arc::new(AtomicBool::new(true));
        let keyring = Arc::new(MemoryKeyring::default()) as Arc<dyn Keyring>;
        let client = start(folder.path(), &keyring, &browser).await;
        let desk = Self { hall, proxy, client, folder, keyring, browser, cases: 0, spare: None };
        desk.sign_in().await;
        let settings = Settings { download_at_once: false, ..Settings::default() };
        desk.client.save_settings(settings).await.unwrap();
        desk
    }

    /// The program ends.
    pub(super) async fn stop(&self) {
        self.client.shut_down(false).await;
    }

    /// It starts again.
    pub(super) async fn start(&mut self) {
        self.client = start(self.folder.path(), &self.keyring, &self.browser).await;
    }

    /// A copy of the data folder of a program that has ended.
    pub(super) fn backup(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        pingli_tests::copy_folder(self.folder.path(), copy.path());
        copy
    }

    /// Puts a copy in the place of the data folder of a program that has ended.
    pub(super) fn restore(&mut self, backup: &tempfile::TempDir) {
        let fresh = tempfile::tempdir().unwrap();
        pingli_tests::copy_folder(backup.path(), fresh.path());
        self.folder = fresh;
    }

    /// Whether a browser signs in by itself when a sign-in begins.
    pub(super) fn browse(&self, does: bool) {
        self.browser.store(does, Ordering::SeqCst);
    }

    /// Signs in and waits until the mirror is there.
    pub(super) async fn sign_in(&self) {
        self.until("signed in", async || {
            let view = self.client.app_status().await.unwrap();
            match view.stage {
                Stage::Ready if view.sync.last_complete.is_some() => return Some(()),
                Stage::SignedOut | Stage::SignInAgain => drop(self.client.sign_in(&self.proxy.url()).await),
                _ => {}
            }
            None
        })
        .await;
    }

    /// Signs in again if the session ended; what ended it is the story's.
    pub(super) async fn sign_in_again(&self) {
        let ended = self.client.sync_now().await.is_err();
        if ended && self.client.app_status().await.unwrap().stage == Stage::SignInAgain {
            self.browse(true);
            self.sign_in().await;
        }
    }

    /// Looks again and again until there is something to see; the client's changes wake it, and a
    /// moment's patience where none come.
    pub(super) async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let mut changes = self.client.subscribe();
        let waiting = async {
            loop {
                if let Some(seen) = look().await {
                    return seen;
                }
                let _ = tokio::time::timeout(Duration::from_millis(200), changes.recv()).await;
            }
        };
        tokio::time::timeout(HANGS, waiting).await.unwrap_or_else(|_| panic!("never: {what}"))
    }

    /// Syncs until a round goes through.
    pub(super) async fn synced(&self) {
        self.until("a round of sync", async || self.client.sync_now().await.ok()).await;
    }

    /// A new case with a seat that is offered, of so many messages.
    pub(super) async fn offered(&mut self, messages: u32) -> SeatId {
        self.cases += 1;
        let name = format!("net-{}", self.cases);
        if messages == 0 {
            self.hall.open_case(&name, 1).await;
        } else {
            self.hall.open_case_with_chat(&name, 1, messages).await;
        }
        let case: CaseId = name.parse().unwrap();
        self.until("an offered seat", async || {
            self.synced().await;
            let rows = self.client.docket().await.unwrap().rows;
            rows.into_iter().find(|row| row.case == case).map(|row| row.seat)
        })
        .await
    }

    /// The same, accepted.
    pub(super) async fn accepted(&mut self, messages: u32) -> SeatId {
        let seat = self.offered(messages).await;
        let op = new_id::<IntentId>();
        self.client.accept_seat(op.clone(), seat.clone()).await.unwrap();
        self.sent(op.as_str()).await;
        self.row(&seat, |row| (row.state != RowState::Offered && row.state != RowState::Queued).then_some(())).await;
        seat
    }

    /// The same, with its pack here.
    pub(super) async fn ready(&mut self) -> SeatId {
        let seat = self.accepted(0).await;
        self.fetched(&seat).await;
        seat
    }

    /// Fetches a pack, however often it takes.
    pub(super) async fn fetched(&self, seat: &SeatId) {
        self.client.make_offline(vec![seat.clone()]).await.unwrap();
        self.row(seat, |row| (row.state == RowState::ReadyOffline).then_some(())).await;
    }

    /// Waits until the row of a seat shows something; asks the server now and then.
    pub(super) async fn row<T>(&self, seat: &SeatId, seen: impl Fn(&DocketRow) -> Option<T>) -> T {
        let looking = async {
            loop {
                self.synced().await;
                let look = self.until("a row", async || self.look(seat).await.as_ref().and_then(&seen));
                if let Ok(seen) = tokio::time::timeout(Duration::from_secs(2), look).await {
                    return seen;
                }
            }
        };
        tokio::time::timeout(HANGS, looking).await.unwrap_or_else(|_| panic!("never: a row of {seat}"))
    }

    /// The row of a seat.
    pub(super) async fn look(&self, seat: &SeatId) -> Option<DocketRow> {
        self.client.docket().await.unwrap().rows.into_iter().find(|row| row.seat == *seat)
    }

    /// What is sealed for a case.
    pub(super) async fn draft(&self, seat: &SeatId) -> Draft {
        let room = self.client.open_case(seat.clone()).await.unwrap();
        let choice = room.document.case_type.options[0].id.clone();
        Draft { choice: Some(choice), opinion: "聊天里写明了七天内可退。".to_owned(), ..Draft::default() }
    }

    /// Waits until an act has left the outbox; its code where it was parked.
    pub(super) async fn sent(&self, op: &str) {
        self.until("an act that is done", async || {
            let _ = self.client.send_now().await;
            self.last_answer(op).await.is_none().then_some(())
        })
        .await;
    }

    /// What the outbox says of an act; nothing when it is not there any more.
    pub(super) async fn last_answer(&self, op: &str) -> Option<(pingli_client::view::IntentState, Option<String>)> {
        let rows = self.client.outbox().await.unwrap().rows;
        rows.into_iter().find(|row| row.id.as_str() == op).map(|row| (row.state, row.last_answer))
    }

    /// A number from the server's books.
    pub(super) async fn count(&self, sql: &'static str, id: &str) -> i64 {
        let mut tx = self.hall.app().db.read().await.unwrap();
        sqlx::query_scalar(sql).bind(id.to_owned()).fetch_one(&mut *tx).await.unwrap()
    }

    /// Damages every pack on this machine.
    pub(super) fn damage_packs(&self) {
        for entry in std::fs::read_dir(self.folder.path().join("packs")).unwrap().flatten() {
            let path: PathBuf = entry.path();
            let mut bytes = std::fs::read(&path).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            std::fs::write(path, bytes).unwrap();
        }
    }
}

/// The program on a folder.
async fn start(folder: &Path, keyring: &Arc<dyn Keyring>, browser: &Arc<AtomicBool>) -> Client {
    let browser = Arc::clone(browser);
    let config = ClientConfig {
        keyring: Arc::clone(keyring),
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        http: http(),
        open_url: Arc::new(move |url| {
            if browser.load(Ordering::SeqCst) {
                tokio::spawn(sign_in(url.to_owned()));
            }
        }),
        ..ClientConfig::new(folder)
    };
    Client::start(config).await.unwrap()
}

/// A browser that signs in, if the way is free.
async fn sign_in(url: String) {
    let http =
        pingli_client::remote::build_http(&HttpConfig { extra_roots: http().extra_roots, ..HttpConfig::default() });
    // A page that did not come is what the story is about.
    let _ = tokio::spawn(async move { sign_in_with(http.unwrap().client(), &url, "lin", PASSWORD).await }).await;
}
