//! F4: every state of the key store met by every flow, each in a program of its own on a bus of its
//! own. No new key over data, no call over five seconds, and the program's thread is never blocked.

use pingli_protocol::UtcInstant;
use pingli_tests::{
    Activation, Bus, Daemon, FaultRow, Hall, KeyErrand, KeyFlow, KeyOutcome, KeyPreparation, KeyState, Login, Prompter,
    Prompts, keyrings, rounds,
};
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    thread,
};

/// Cells at a time. They mostly wait for keyrings that do not answer.
const AT_ONCE: usize = 12;

/// What the cells begin with.
struct Before {
    folder: tempfile::TempDir,
    server: String,
    secret: String,
}

impl Before {
    /// A keyring that has the data's key, one that has another key under the name, an empty one.
    fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("pingli")
    }
}

fn run(errand: &KeyErrand, bus: Option<&Bus>) -> KeyOutcome {
    let address = bus.map_or_else(|| "unix:path=/nonexistent/bus".to_owned(), |bus| bus.address.clone());
    let mut program = Command::new(env!("CARGO_BIN_EXE_pingli-key-program"))
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = serde_json::to_vec(errand).unwrap();
    program.stdin.take().unwrap().write_all(&text).unwrap();
    let output = program.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| KeyOutcome {
        violations: vec![format!("the program ended by {}", output.status)],
        ..KeyOutcome::default()
    })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).map(drop).unwrap()
        }
    }
}

/// Prepares the data, and the three keyrings.
fn prepare(server: String) -> Before {
    let mut before = Before { folder: tempfile::tempdir().unwrap(), server, secret: String::new() };
    let errand = |prepare| KeyErrand {
        prepare: Some(prepare),
        state: KeyState::Unlocked,
        flow: KeyFlow::FirstStart,
        folder: before.data(),
        server: before.server.clone(),
        keyring: None,
        secret: None,
    };
    let bus = Bus::start(&before.home("bus"), Activation::Nothing);
    let daemon = Daemon::start(&bus, &before.home("right"), Login::Unlocked);
    let outcome = run(&errand(KeyPreparation::Data), Some(&bus));
    assert_eq!(outcome.violations, Vec::<String>::new(), "the data is prepared");
    drop(daemon);
    copy(&keyrings(&before.home("right")), &keyrings(&before.home("wrong")));
    let daemon = Daemon::start(&bus, &before.home("wrong"), Login::Unlocked);
    let outcome_of_wrong = run(&errand(KeyPreparation::AnotherKey), Some(&bus));
    assert_eq!(outcome_of_wrong.violations, Vec::<String>::new(), "another key is in its place");
    drop(daemon);
    drop(Daemon::start(&bus, &before.home("empty"), Login::Unlocked));
    assert!(keyrings(&before.home("empty")).join("login.keyring").exists(), "an empty keyring");
    before.secret = outcome.secret.expect("the key of the data");
    before
}

/// One cell: the state is brought about, the flow meets it, and the keyring is as it was.
fn cell(before: &Before, state: KeyState, flow: KeyFlow) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let (home, data) = (folder.path().join("home"), folder.path().join("pingli"));
    let has_data = !matches!(flow, KeyFlow::FirstStart | KeyFlow::SignIn | KeyFlow::TokenRefresh);
    if has_data {
        copy(&before.data(), &data);
    } else {
        fs::create_dir_all(&data).unwrap();
    }
    let login = match (state, flow) {
        (KeyState::NoCollection, _) => None,
        (KeyState::WrongKey, _) => Some("wrong"),
        (_, KeyFlow::ChangeOfDesktop) => Some("empty"),
        _ => Some("right"),
    };
    if let Some(login) = login {
        copy(&keyrings(&before.home(login)), &keyrings(&home));
    }
    let secrets = |home: &Path| fs::read(keyrings(home).join("login.keyring")).unwrap_or_default();
    let kept = secrets(&home);

    let activation = if state == KeyState::DiesOnActivation { Activation::Dies } else { Activation::Nothing };
    let bus = (state != KeyState::NoBus).then(|| Bus::start(&folder.path().join("bus"), activation));
    let is_locked = matches!(
        state,
        KeyState::NoCollection
            | KeyState::LockedWithoutDisplay
            | KeyState::PromptDismissed
            | KeyState::PromptNeverAnswered
    );
    let login = if is_locked { Login::Locked } else { Login::Unlocked };
    let none = matches!(state, KeyState::NoBus | KeyState::NoService | KeyState::DiesOnActivation);
    let daemon = bus.as_ref().filter(|_| !none).map(|bus| Daemon::start(bus, &home, login));
    let prompter = match (state, &bus) {
        (KeyState::PromptDismissed, Some(bus)) => Some(Prompter::start(bus, Prompts::Dismissed)),
        (KeyState::PromptNeverAnswered, Some(bus)) => Some(Prompter::start(bus, Prompts::NeverAnswered)),
        _ => None,
    };
    if let (KeyState::Mute, Some(daemon)) = (state, &daemon) {
        daemon.fall_mute();
    }
    let errand = KeyErrand {
        prepare: None,
        state,
        flow,
        folder: data,
        server: before.server.clone(),
        keyring: daemon.as_ref().map(Daemon::id),
        secret: has_data.then(|| before.secret.clone()),
    };
    let mut violations = run(&errand, bus.as_ref()).violations;
    // Only the reviewer's own wish puts the key into another keyring.
    let may_change = !has_data || flow == KeyFlow::ChangeOfDesktop && state == KeyState::Unlocked;
    if !may_change && secrets(&home) != kept {
        violations.push("the keyring was changed although there is data".to_owned());
    }
    drop((prompter, daemon));
    violations
}

#[test]
#[expect(clippy::print_stderr, reason = "what was violated, cell by cell")]
fn no_state_of_the_key_store_makes_a_new_key_over_data_or_keeps_the_program_waiting() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = UtcInstant::from_millis(i64::try_from(now.as_millis()).unwrap());
    let hall = runtime.block_on(async {
        let hall = Hall::open(now).await;
        hall.add_reviewer("lin", "correct horse").await;
        hall.open_case("keys-1", 3).await;
        hall
    });
    let before = prepare(hall.url.clone());
    let mut cells: Vec<_> =
        (0..rounds()).flat_map(|_| KeyState::ALL).flat_map(|state| KeyFlow::ALL.map(|flow| (state, flow))).collect();
    let points = u64::try_from(cells.len()).unwrap();
    cells.reverse();
    let (cells, violated) = (Mutex::new(cells), Mutex::new(0_u64));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some((state, flow)) = cells.lock().unwrap().pop() else { return };
                    let violations = cell(&before, state, flow);
                    if !violations.is_empty() {
                        eprintln!("{state:?} × {flow:?}: {violations:#?}");
                        *violated.lock().unwrap() += 1;
                    }
                }
            });
        }
    });
    let violations = violated.into_inner().unwrap();
    FaultRow { id: "F4 key store", name: "states of the key store × flows", points, violations, target: 104 }.close();
}
