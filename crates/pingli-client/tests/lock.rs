//! Opening and locking, as the window sees it.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use pingli_client::{
    Client, ClientConfig,
    clock::Clock,
    view::{KeySlots, LockReason, Settings, Stage},
};
use pingli_protocol::UtcInstant;
use pingli_store::keys::{Keyring, KeyringFault, PassphraseCost, Secret, TellLate};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

/// A keyring that may be broken.
#[derive(Default)]
struct FakeKeyring {
    entries: Mutex<HashMap<String, Vec<u8>>>,
    fault: Mutex<Option<KeyringFault>>,
    tell: Mutex<Option<TellLate>>,
}

impl FakeKeyring {
    fn check(&self) -> Result<(), KeyringFault> {
        self.fault.lock().expect("no panic before").map_or(Ok(()), Err)
    }
}

impl Keyring for FakeKeyring {
    fn get(&self, name: &str) -> Result<Vec<Secret>, KeyringFault> {
        self.check()?;
        let entries = self.entries.lock().expect("no panic before");
        Ok(entries.get(name).map(|secret| Secret::new(secret.clone())).into_iter().collect())
    }
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringFault> {
        self.check()?;
        self.entries.lock().expect("no panic before").insert(name.to_owned(), secret.to_vec());
        Ok(())
    }
    fn remove(&self, name: &str) -> Result<(), KeyringFault> {
        self.check()?;
        self.entries.lock().expect("no panic before").remove(name);
        Ok(())
    }
    fn tell_late(&self, tell: TellLate) {
        *self.tell.lock().expect("no panic before") = Some(tell);
    }
}

async fn start(folder: &Path, keyring: &Arc<FakeKeyring>) -> Client {
    let config = ClientConfig {
        keyring: Arc::clone(keyring) as Arc<dyn Keyring>,
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..ClientConfig::new(folder)
    };
    Client::start(config).await.expect("a client")
}

async fn stage(client: &Client) -> Stage {
    client.app_status().await.expect("a state").stage
}

async fn unlock(client: &Client, passphrase: &str) -> Result<(), String> {
    client.unlock(Some(passphrase.to_owned())).await.map(|_| ()).map_err(|error| error.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_first_start_asks_for_a_passphrase() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = Arc::new(FakeKeyring { fault: Mutex::new(Some(KeyringFault::Unavailable)), ..FakeKeyring::default() });
    let client = start(folder.path(), &broken).await;
    let locked = Stage::Locked { reason: LockReason::KeyringUnavailable, passphrase: false, may_keep_nothing: true };
    assert_eq!(stage(&client).await, locked, "said plainly");
    assert_eq!(client.docket().await.expect_err("locked").code(), "locked", "no verb looks behind the lock");
    assert_eq!(unlock(&client, "short").await, Err("passphrase_too_short".to_owned()), "eight characters at least");
    unlock(&client, "correct horse").await.expect("a first start");
    assert_eq!(stage(&client).await, Stage::SignedOut, "open, nobody is signed in");
    let slots = client.app_status().await.expect("a state").key_slots;
    assert_eq!(slots, KeySlots { keyring: false, passphrase: true }, "only the passphrase has the key");
    let removed = client.set_passphrase(None, Some("correct horse".to_owned())).await;
    assert!(removed.is_err(), "the last slot stays");

    client.lock_now().await.expect("locked");
    let locked = Stage::Locked { reason: LockReason::ByReviewer, passphrase: true, may_keep_nothing: false };
    assert_eq!(stage(&client).await, locked, "by the reviewer");
    assert_eq!(unlock(&client, "another horse").await, Err("wrong_passphrase".to_owned()), "not the one");
    unlock(&client, "correct horse").await.expect("opens again");
}

/// What this process holds open below a folder.
fn held(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir("/proc/self/fd").expect("of this process");
    files.flatten().filter_map(|file| file.path().read_link().ok()).filter(|path| path.starts_with(folder)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_answers_when_the_database_is_closed_and_is_the_newest_view() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = start(folder.path(), &Arc::default()).await;
    client.set_passphrase(Some("correct horse".to_owned()), None).await.expect("a passphrase");
    for _ in 0..10 {
        assert!(!held(folder.path()).is_empty(), "open, the database is held");
        let busy: Vec<_> = (0..8)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move {
                    loop {
                        let view = client.app_status().await.expect("a state");
                        if matches!(view.stage, Stage::Locked { .. }) {
                            return view.serial;
                        }
                        if let Err(error) = client.storage().await {
                            assert_eq!(error.code(), "locked", "nothing else stands in the way");
                        }
                    }
                })
            })
            .collect();
        let open = client.app_status().await.expect("a state").serial;
        let locked = client.lock_now().await.expect("locked").serial;
        assert_eq!(held(folder.path()), Vec::<PathBuf>::new(), "nothing goes on behind the lock");
        for one in busy {
            assert!(one.await.expect("it ends") > open, "a view of the lock was begun after those before it");
        }
        assert!(locked > open, "and so was the lock's own");
        unlock(&client, "correct horse").await.expect("opens again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_set_aside_and_what_was_in_it_is_saved_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let keyring = Arc::new(FakeKeyring::default());
    let client = start(folder.path(), &keyring).await;
    assert_eq!(stage(&client).await, Stage::SignedOut, "a first start with a keyring needs nothing");
    let mut settings = client.settings().await.expect("defaults");
    settings.text_percent = 150;
    client.save_settings(settings).await.expect("kept");
    client.shut_down(false).await;
    drop(client);
    let path = folder.path().join("pingli.db");
    let mut bytes = std::fs::read(&path).expect("a database");
    bytes[200] ^= 1;
    std::fs::write(&path, bytes).expect("written");

    let client = start(folder.path(), &keyring).await;
    assert_eq!(stage(&client).await, Stage::SignedOut, "it goes on at once");
    assert_eq!(client.settings().await.expect("saved").text_percent, 150, "with what was on the other pages");
    let told = client.app_status().await.expect("a state").recovery.expect("what was saved is told");
    assert_eq!(told.pages_lost, 1, "and what was not");
    assert!(Path::new(&told.place).join("pingli.db").exists(), "the damaged file is kept");
    let target = tempfile::tempdir().expect("a folder");
    let exported = client.export_set_aside(target.path()).await.expect("exported");
    assert!(Path::new(&exported).join("pingli.db").exists(), "and can be taken elsewhere");
    client.dismiss_recovery().await.expect("read");
    assert_eq!(client.app_status().await.expect("a state").recovery, None, "told until it was read");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept_and_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let keyring = Arc::new(FakeKeyring::default());
    let client = start(folder.path(), &keyring).await;
    let mut settings = client.settings().await.expect("defaults");
    settings.text_percent = 150;
    settings.quiet_hours = Some((22, 7));
    client.save_settings(settings.clone()).await.expect("in range");
    settings.quiet_hours = Some((22, 24));
    let refused = client.save_settings(settings.clone()).await.expect_err("no such hour");
    assert_eq!(refused.code(), "setting_invalid", "a range is a range");
    client.shut_down(false).await;
    let kept = start(folder.path(), &keyring).await.settings().await.expect("kept");
    assert_eq!((kept.text_percent, kept.quiet_hours), (150, Some((22, 7))), "still there after a restart");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_data_folder_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("share/pingli");
    let _client = start(&folder, &Arc::default()).await;
    let mode = std::fs::metadata(&folder).expect("made").permissions().mode();
    assert_eq!(mode & 0o077, 0, "names and sizes of what is kept are nobody else's business");
}

/// Clocks that a test turns.
#[derive(Default)]
struct Hands {
    monotonic: AtomicU64,
    wall: AtomicI64,
}

impl Hands {
    fn turn(&self, monotonic_minutes: u64, wall_minutes: i64) {
        self.monotonic.fetch_add(monotonic_minutes * 60_000, Ordering::SeqCst);
        self.wall.fetch_add(wall_minutes * 60_000, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> UtcInstant {
        UtcInstant::from_millis(1_790_000_000_000 + self.wall.load(Ordering::SeqCst))
    }
    fn monotonic_millis(&self) -> u64 {
        self.monotonic.load(Ordering::SeqCst)
    }
    fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::UTC
    }
}

async fn start_by_clock(folder: &Path, keyring: &Arc<FakeKeyring>, clock: &Arc<Hands>) -> Client {
    let config = ClientConfig {
        keyring: Arc::clone(keyring) as Arc<dyn Keyring>,
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        ..ClientConfig::new(folder)
    };
    Client::start(config).await.expect("a client")
}

/// Waits until the program is locked, by its own doing.
async fn locked(client: &Client) -> LockReason {
    let mut changes = client.subscribe();
    loop {
        if let Stage::Locked { reason, .. } = stage(client).await {
            return reason;
        }
        let _ = changes.recv().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_before_which_nobody_sits_locks_itself() {
    let (folder, clock) = (tempfile::tempdir().expect("a folder"), Arc::new(Hands::default()));
    let client = start_by_clock(folder.path(), &Arc::default(), &clock).await;
    let after = |minutes| Settings { lock_after_minutes: minutes, ..Settings::default() };
    let refused = client.save_settings(after(15)).await.expect_err("nothing would open it but the keyring");
    assert_eq!(refused.code(), "lock_needs_passphrase", "which opens it for anybody");
    client.set_passphrase(Some("correct horse".to_owned()), None).await.expect("a passphrase");
    client.save_settings(after(15)).await.expect("now it can");

    clock.turn(14, 14);
    client.still_here().await.expect("the reviewer is here");
    clock.turn(14, 14);
    client.docket().await.expect_err("nobody is signed in");
    assert_eq!(stage(&client).await, Stage::SignedOut, "still open");
    clock.turn(1, 1);
    assert_eq!(client.settings().await.expect_err("locked").code(), "locked", "nothing is shown from this moment on");
    assert_eq!(locked(&client).await, LockReason::Idle, "and it says why");
    client.still_here().await.expect("a hand on the mouse opens nothing");
    assert!(matches!(stage(&client).await, Stage::Locked { reason: LockReason::Idle, .. }), "locked it stays");
    assert_eq!(client.unlock(None).await.expect_err("the keyring").code(), "passphrase_required", "by the passphrase");
    unlock(&client, "correct horse").await.expect("opens");

    // The machine slept: the monotonic clock stood still, and the hand that woke it comes first.
    clock.turn(0, 60);
    client.still_here().await.expect("no error");
    assert_eq!(locked(&client).await, LockReason::Idle, "the hand that woke it opens nothing");
    unlock(&client, "correct horse").await.expect("opens");
    client.set_passphrase(None, Some("correct horse".to_owned())).await.expect("the keyring has the key");
    assert_eq!(client.settings().await.expect("open").lock_after_minutes, 0, "without a passphrase it never locks");
    clock.turn(600, 600);
    client.settings().await.expect("never");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_outlives_the_program_and_needs_the_passphrase() {
    let (folder, keyring) = (tempfile::tempdir().expect("a folder"), Arc::new(FakeKeyring::default()));
    let client = start(folder.path(), &keyring).await;
    assert_eq!(client.lock_now().await.expect_err("no passphrase").code(), "lock_needs_passphrase", "said plainly");
    assert_eq!(stage(&client).await, Stage::SignedOut, "and it stays open");
    client.set_passphrase(Some("correct horse".to_owned()), None).await.expect("a passphrase");
    client.lock_now().await.expect("locked");
    drop(client);
    let client = start(folder.path(), &keyring).await;
    let by_reviewer = Stage::Locked { reason: LockReason::ByReviewer, passphrase: true, may_keep_nothing: false };
    assert_eq!(stage(&client).await, by_reviewer, "starting again is no way around it");
    unlock(&client, "correct horse").await.expect("opens");
    client.shut_down(false).await;
    drop(client);
    assert_eq!(stage(&start(folder.path(), &keyring).await).await, Stage::SignedOut, "the keyring opens it again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_answers_late_opens_the_program_by_itself() {
    let (folder, keyring) = (tempfile::tempdir().expect("a folder"), Arc::new(FakeKeyring::default()));
    *keyring.fault.lock().expect("no panic before") = Some(KeyringFault::Unavailable);
    let client = start(folder.path(), &keyring).await;
    let mut changes = client.subscribe();
    *keyring.fault.lock().expect("no panic before") = None;
    keyring.tell.lock().expect("no panic before").as_ref().expect("the client listens")();
    while stage(&client).await != Stage::SignedOut {
        let _ = changes.recv().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_waits_for_its_key_says_so_and_shows_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = ClientConfig { keyring: Arc::new(FakeKeyring::default()), ..ClientConfig::new(folder.path()) };
    let client = Client::begin(config).expect("a client");
    assert_eq!(stage(&client).await, Stage::Opening, "before the keyring has answered");
    assert_eq!(client.settings().await.expect_err("locked").code(), "locked", "no verb gets through");
    client.open_at_start().await;
    assert_eq!(stage(&client).await, Stage::SignedOut, "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_a_newer_program_is_left_alone() {
    let (folder, keyring) = (tempfile::tempdir().expect("a folder"), Arc::new(FakeKeyring::default()));
    std::fs::write(folder.path().join("keys.json"), b"{\"version\": 9}").expect("written");
    let client = start(folder.path(), &keyring).await;
    let newer = Stage::Locked { reason: LockReason::NewerStore, passphrase: false, may_keep_nothing: false };
    assert_eq!(stage(&client).await, newer, "said as it is");
    assert_eq!(unlock(&client, "correct horse").await, Err("store_newer".to_owned()), "no passphrase begins anew");
    assert_eq!(std::fs::read(folder.path().join("keys.json")).expect("there"), b"{\"version\": 9}", "untouched");
}

fn broken(fault: KeyringFault) -> Arc<FakeKeyring> {
    Arc::new(FakeKeyring { fault: Mutex::new(Some(fault)), ..FakeKeyring::default() })
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

const OVER: Stage = Stage::Locked { reason: LockReason::SessionOver, passphrase: false, may_keep_nothing: true };

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_keeps_nothing_begins_beside_nothing_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = start(folder.path(), &broken(KeyringFault::Unavailable)).await;
    let view = client.keep_nothing().await.expect("nothing is here, and no keyring");
    assert_eq!((view.stage, view.keeps_nothing), (Stage::SignedOut, true), "open, and said so");
    assert_eq!(view.key_slots, KeySlots::default(), "the key is nowhere");
    let settings = client.settings().await.expect("open");
    assert_eq!(settings.lock_after_minutes, 15, "it ends when nobody is there");
    let settings = Settings { lock_after_minutes: 30, text_percent: 150, ..settings };
    client.save_settings(settings).await.expect("a lock needs a passphrase, an end does not");
    let made = names(folder.path());
    assert!(made.len() == 1 && made[0].starts_with("session-"), "one folder and no header: {made:?}");
    assert!(client.keep_nothing().await.is_err(), "one session at a time");

    let second = start(folder.path(), &broken(KeyringFault::Unavailable)).await;
    assert_eq!(names(folder.path()), made, "another program leaves a living session alone");
    client.settings().await.expect("it goes on");
    drop(second);

    client.lock_now().await.expect("nothing could open it again: it ends");
    assert_eq!(stage(&client).await, OVER, "and says so");
    assert_eq!(names(folder.path()), Vec::<String>::new(), "nothing is left");
    client.keep_nothing().await.expect("another one");
    assert_eq!(client.settings().await.expect("open").text_percent, 100, "knows nothing of the first");
    client.shut_down(false).await;
    assert_eq!(names(folder.path()), Vec::<String>::new(), "nor does quitting leave anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_only_where_there_is_neither_keyring_nor_data() {
    let (folder, keyring) = (tempfile::tempdir().expect("a folder"), Arc::new(FakeKeyring::default()));
    let locked = start(folder.path(), &broken(KeyringFault::Locked)).await;
    assert_eq!(locked.keep_nothing().await.expect_err("it can be unlocked").code(), "locked", "a locked keyring");
    drop(locked);
    start(folder.path(), &keyring).await.shut_down(false).await;
    let before = names(folder.path()).len();
    let client = start(folder.path(), &broken(KeyringFault::Unavailable)).await;
    let unavailable =
        Stage::Locked { reason: LockReason::KeyringUnavailable, passphrase: false, may_keep_nothing: false };
    assert_eq!(stage(&client).await, unavailable, "beside data it is not offered");
    assert_eq!(client.keep_nothing().await.expect_err("nor done").code(), "locked", "no key over data");
    assert_eq!(names(folder.path()).len(), before, "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_keeps_a_session_with_all_that_is_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = start(folder.path(), &broken(KeyringFault::Unavailable)).await;
    client.keep_nothing().await.expect("a session");
    client.save_settings(Settings { text_percent: 150, ..Settings::default() }).await.expect("saved");
    let short = client.set_passphrase(Some("short".to_owned()), None).await.expect_err("eight characters");
    assert_eq!(short.code(), "passphrase_too_short", "as ever");
    let view = client.set_passphrase(Some("correct horse".to_owned()), None).await.expect("kept");
    assert_eq!((view.keeps_nothing, view.stage), (false, Stage::SignedOut), "it goes on, kept");
    assert_eq!(view.key_slots, KeySlots { keyring: false, passphrase: true }, "behind the passphrase");
    assert_eq!(client.settings().await.expect("open").text_percent, 150, "with what was in it");
    assert!(names(folder.path()).iter().all(|name| !name.starts_with("session-")), "in its place");
    client.lock_now().await.expect("there is a passphrase now");
    drop(client);
    let client = start(folder.path(), &broken(KeyringFault::Unavailable)).await;
    unlock(&client, "correct horse").await.expect("opens");
    assert_eq!(client.settings().await.expect("open").text_percent, 150, "at the next start as well");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_keeps_nothing_is_never_kept_over_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = start(folder.path(), &broken(KeyringFault::Unavailable)).await;
    client.keep_nothing().await.expect("a session");
    // Another program sets a passphrase meanwhile.
    let other = start(folder.path(), &broken(KeyringFault::Unavailable)).await;
    unlock(&other, "another horse").await.expect("a first start");
    other.shut_down(false).await;
    drop(other);
    let header = std::fs::read(folder.path().join("keys.json")).expect("a header");
    client.set_passphrase(Some("correct horse".to_owned()), None).await.expect_err("there is data now");
    assert_eq!(std::fs::read(folder.path().join("keys.json")).expect("a header"), header, "as it was");
    assert!(client.app_status().await.expect("a state").keeps_nothing, "the session goes on as it is");
    client.lock_now().await.expect("ends");
    drop(client);
    let client = start(folder.path(), &broken(KeyringFault::Unavailable)).await;
    unlock(&client, "another horse").await.expect("the other's data opens");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_before_which_nobody_sits_is_over() {
    let (folder, clock) = (tempfile::tempdir().expect("a folder"), Arc::new(Hands::default()));
    let client = start_by_clock(folder.path(), &broken(KeyringFault::Unavailable), &clock).await;
    client.keep_nothing().await.expect("a session");
    clock.turn(14, 14);
    client.settings().await.expect("not yet");
    clock.turn(1, 1);
    assert_eq!(client.settings().await.expect_err("over").code(), "locked", "nothing is shown from this moment on");
    client.still_here().await.expect("a hand on the mouse brings nothing back");
    assert_eq!(locked(&client).await, LockReason::SessionOver, "and it says why");
    // It is over before its folder is gone: what still ran in it is waited for.
    let emptying = async {
        while !names(folder.path()).is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), emptying).await.expect("nothing is left");
}
