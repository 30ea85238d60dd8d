//! The program under test, and what is measured of it.

use pingli_client::{
    Client, ClientConfig,
    view::{LockReason, Stage},
};
use pingli_store::keys::{Keyring, KeyringFault, PassphraseCost, Secret, SystemKeyring, TellLate};
use pingli_tests::{KeyErrand, KeyOutcome, KeyState, media_worker, sign_in_by_script, signal};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The reviewer's name and password at the server.
pub(crate) const ACCOUNT: (&str, &str) = ("lin", "correct horse");

/// The recovery passphrase.
pub(crate) const PASSPHRASE: &str = "a good passphrase";

/// How long one call of the keyring may take: five seconds, and something for a busy machine.
const LONGEST_CALL: Duration = Duration::from_secs(8);

/// How long the program's own thread may be busy: a keyring that is asked on it takes five seconds.
const LONGEST_BLOCK: Duration = Duration::from_secs(4);

/// The system's keyring, with a watch on every call.
pub(crate) struct Watched {
    keyring: SystemKeyring,
    calls: Mutex<Vec<Duration>>,
    /// The process that is killed in the next call.
    kill: Mutex<Option<u32>>,
}

impl Watched {
    fn watch<T>(&self, call: impl FnOnce() -> Result<T, KeyringFault>) -> Result<T, KeyringFault> {
        let began = Instant::now();
        if let Some(process) = self.kill.lock().unwrap_or_else(PoisonError::into_inner).take() {
            std::thread::spawn(move || {
                // The call is on its way by then; the service has been stopped, so it answers nothing.
                std::thread::sleep(Duration::from_millis(300));
                signal(process, "KILL");
            });
        }
        let answer = call();
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(began.elapsed());
        answer
    }

    /// Stops the service now and kills it in the next call.
    pub(crate) fn kill_in_next_call(&self, process: u32) {
        signal(process, "STOP");
        *self.kill.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
    }
}

impl Keyring for Watched {
    fn get(&self, name: &str) -> Result<Vec<Secret>, KeyringFault> {
        self.watch(|| self.keyring.get(name))
    }
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringFault> {
        self.watch(|| self.keyring.set(name, secret))
    }
    fn remove(&self, name: &str) -> Result<(), KeyringFault> {
        self.watch(|| self.keyring.remove(name))
    }
    fn tell_late(&self, tell: TellLate) {
        self.keyring.tell_late(tell);
    }
}

/// The program under test.
pub(crate) struct Program {
    pub(crate) errand: KeyErrand,
    pub(crate) keyring: Arc<Watched>,
    violations: Mutex<Vec<String>>,
    blocked: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

impl Program {
    pub(crate) fn new(errand: KeyErrand) -> Self {
        let keyring = Watched { keyring: SystemKeyring::default(), calls: Mutex::default(), kill: Mutex::default() };
        let program = Self {
            errand,
            keyring: Arc::new(keyring),
            violations: Mutex::default(),
            blocked: Arc::default(),
            over: Arc::default(),
        };
        let (blocked, over) = (Arc::clone(&program.blocked), Arc::clone(&program.over));
        tokio::spawn(async move {
            let mut last = Instant::now();
            while !over.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(20)).await;
                let gap = u64::try_from(last.elapsed().as_millis()).unwrap_or(u64::MAX);
                blocked.fetch_max(gap, Ordering::Relaxed);
                last = Instant::now();
            }
        });
        program
    }

    /// A client that has not asked for its key yet.
    pub(crate) fn begin(&self) -> Client {
        let config = ClientConfig {
            keyring: Arc::clone(&self.keyring) as Arc<dyn Keyring>,
            media_worker: (media_worker(), Vec::new()),
            passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
            open_url: Arc::new(move |url| {
                let url = url.to_owned();
                tokio::spawn(async move { sign_in_by_script(&url, ACCOUNT.0, ACCOUNT.1).await });
            }),
            ..ClientConfig::new(&self.errand.folder)
        };
        Client::begin(config).expect("a client")
    }

    /// The program starts. In the state of many callers two windows ask for everything at once.
    pub(crate) async fn start(&self) -> Client {
        let client = self.begin();
        if self.errand.state == KeyState::ManyCallers {
            let windows = [client.clone(), client.clone()];
            let mut asked = Vec::new();
            for call in 0..64 {
                let window = windows[call % 2].clone();
                asked.push(tokio::spawn(async move { drop(window.unlock(None).await) }));
            }
            client.open_at_start().await;
            for one in asked {
                one.await.expect("a call that comes back");
            }
        } else {
            client.open_at_start().await;
        }
        client
    }

    /// Notes what is not as it must be.
    pub(crate) fn must(&self, holds: bool, claim: impl Into<String>) {
        if !holds {
            self.violations.lock().unwrap_or_else(PoisonError::into_inner).push(claim.into());
        }
    }

    /// The stage is the wanted one: open, or locked for a reason.
    pub(crate) async fn stage_is(&self, client: &Client, wanted: Option<LockReason>, when: &str) {
        let stage = client.app_status().await.expect("a state").stage;
        let holds = match (&stage, wanted) {
            (Stage::Locked { reason, .. }, Some(wanted)) => *reason == wanted,
            (Stage::SignedOut | Stage::Ready | Stage::SignInAgain, None) => true,
            _ => false,
        };
        self.must(holds, format!("{when}: {stage:?} instead of {wanted:?}"));
    }

    /// What was measured.
    pub(crate) fn outcome(self) -> KeyOutcome {
        self.over.store(true, Ordering::Relaxed);
        let calls = std::mem::take(&mut *self.keyring.calls.lock().unwrap_or_else(PoisonError::into_inner));
        let blocked = self.blocked.load(Ordering::Relaxed);
        let longest = calls.iter().max().copied().unwrap_or_default();
        self.must(longest <= LONGEST_CALL, format!("a call of the keyring took {longest:?}"));
        self.must(u128::from(blocked) <= LONGEST_BLOCK.as_millis(), format!("blocked for {blocked} ms"));
        KeyOutcome {
            violations: self.violations.into_inner().unwrap_or_else(PoisonError::into_inner),
            calls: calls.iter().map(|call| u64::try_from(call.as_millis()).unwrap_or(u64::MAX)).collect(),
            blocked,
            secret: None,
        }
    }
}
