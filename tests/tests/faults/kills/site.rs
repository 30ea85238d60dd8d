//! Where the killing is done: a server's folder and a client's folder, copied from a template, and the
//! programs that work on them.

use crate::program::{Program, STUCK};
use pingli_client::{Client, ClientConfig, view::Stage};
use pingli_server::Server;
use pingli_store::keys::PassphraseCost;
use pingli_tests::{FileKeyring, court_config, grant, open_case, sign_in_by_script};
use serde_json::{Value, json};
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    sync::Arc,
};

/// The name of the reviewer.
pub(super) const REVIEWER: &str = "lin";
const PASSWORD: &str = "correct horse";
/// Cases in a template: acts of about two dozen short lives.
const CASES: u32 = 32;
/// What the reviewer has to give away.
const POINTS: i64 = 100_000;

/// Strikes a program at a call that changes something outside of it; see `tests/bin/strike.c`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strike {
    /// Which calls are counted.
    pub(super) calls: &'static str,
    /// At which of them, from 1.
    pub(super) at: u64,
    /// What happens.
    pub(super) how: How,
}

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The process dies instead of it.
    KillBefore,
    /// The process dies when it is done.
    KillAfter,
    /// It fails with this error.
    Fail(i32),
    /// It fails, and so do all that follow.
    FailOn(i32),
}

/// A server's and a client's folder.
pub(super) struct Site {
    folder: tempfile::TempDir,
    address: SocketAddr,
    /// For how long the server's access tokens are good, in seconds.
    access_token: i64,
}

/// A folder in memory where there is one: a kill does not test the disk.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).expect("a folder")
    } else {
        tempfile::tempdir().expect("a folder")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

impl Site {
    /// Makes the template: a server with cases for one reviewer, who has points and is signed in.
    pub(super) fn new(access_token: i64) -> Self {
        let folder = folder();
        let template = folder.path().join("template");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let address = runtime.block_on(async {
            let mut config = court_config(template.join("court"), SocketAddr::from(([127, 0, 0, 1], 0)));
            config.rules.access_token = access_token;
            let server = Server::start(config).await.expect("a server");
            let reviewer = server.app.add_user(REVIEWER, REVIEWER, PASSWORD).await.expect("a reviewer");
            grant(&server.app, &reviewer, POINTS).await;
            for n in 0..CASES {
                let id = format!("case-{n}");
                open_case(&server.app, &folder.path().join("intake").join(&id), &id, 1, |_, _| {}).await;
            }
            sign_in(&template.join("client"), &server.url).await;
            let address = server.url.trim_start_matches("http://").parse().expect("an address");
            server.stop().await;
            address
        });
        Self { folder, address, access_token }
    }

    /// Everything as in the template.
    pub(super) fn renew(&self) {
        for name in ["court", "client"] {
            let to = self.folder.path().join(name);
            let _ = fs::remove_dir_all(&to);
            copy(&self.folder.path().join("template").join(name), &to);
        }
    }

    pub(super) fn court_folder(&self) -> PathBuf {
        self.folder.path().join("court")
    }

    pub(super) fn client_folder(&self) -> PathBuf {
        self.folder.path().join("client")
    }

    /// Whether the last program that was to be struck was.
    pub(super) fn was_struck(&self) -> bool {
        self.note().exists()
    }

    fn note(&self) -> PathBuf {
        self.folder.path().join("struck")
    }

    /// How many calls there were in the last program that was to be struck and came to its end.
    pub(super) fn counted(&self) -> Option<u64> {
        fs::read_to_string(self.count()).ok()?.parse().ok()
    }

    fn count(&self) -> PathBuf {
        self.folder.path().join("counted")
    }

    fn start(&self, program: &str, strike: Option<Strike>) -> Command {
        let mut command = Command::new(program);
        if let Some(Strike { calls, at, how }) = strike {
            let _ = fs::remove_file(self.note());
            let _ = fs::remove_file(self.count());
            command.env("LD_PRELOAD", self.folder.path().join("strike.so"));
            command.env("STRIKE_CALLS", calls).env("STRIKE_AT", at.to_string()).env("STRIKE_NOTE", self.note());
            command.env("STRIKE_COUNT", self.count());
            let how = match how {
                How::KillBefore => "before".to_owned(),
                How::KillAfter => "after".to_owned(),
                How::FailOn(error) => {
                    command.env("STRIKE_ON", "1");
                    error.to_string()
                }
                How::Fail(error) => error.to_string(),
            };
            command.env("STRIKE_HOW", how);
        }
        command
    }

    /// Starts the server; how it ended, when that was before it was ready.
    pub(super) fn court(&self, strike: Option<Strike>) -> Result<Program, ExitStatus> {
        let mut command = self.start(env!("CARGO_BIN_EXE_pingli-tests-court"), strike);
        command.arg(self.court_folder()).arg(self.address.to_string()).arg(self.access_token.to_string());
        let court = Program::start(command);
        if court.line().is_some_and(|line| line == "ready") { Ok(court) } else { Err(court.end()) }
    }

    /// Starts the client.
    pub(super) fn client(&self, strike: Option<Strike>) -> Program {
        let mut command = self.start(env!("CARGO_BIN_EXE_pingli-tests-client"), strike);
        command.arg(self.client_folder());
        Program::start(command)
    }

    /// Compiles what strikes. What is built here needs a C compiler, so there is one.
    pub(super) fn arm(&self) {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("bin/strike.c");
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(self.folder.path().join("strike.so")).arg(source).arg("-ldl");
        assert!(cc.status().expect("a C compiler").success(), "what strikes compiles");
    }
}

async fn sign_in(folder: &Path, server: &str) {
    fs::create_dir_all(folder).expect("a folder");
    let config = ClientConfig {
        keyring: Arc::new(FileKeyring(folder.join("key"))),
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        open_url: Arc::new(|url| {
            let url = url.to_owned();
            tokio::spawn(async move { sign_in_by_script(&url, REVIEWER, PASSWORD).await });
        }),
        ..ClientConfig::new(folder.join("data"))
    };
    let client = Client::start(config).await.expect("a client");
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
    client.shut_down(false).await;
}

/// The order to act by chance.
pub(super) fn work(seed: u64, steps: u64) -> Value {
    json!({"do": "work", "seed": seed, "steps": steps})
}
