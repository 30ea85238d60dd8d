//! The flows, and what must hold in each of them whatever the key store does.

use crate::program::{PASSPHRASE, Program};
use pingli_client::{
    Client,
    view::{Draft, LockReason, RowState, Settings, Stage},
};
use pingli_protocol::{BallotId, IntentId};
use pingli_store::{
    Store,
    keys::{DataKey, HeaderFile, KeyStore, Keyring as _, PassphraseCost},
};
use pingli_tests::{KeyErrand, KeyFlow, KeyOutcome, KeyPreparation, KeyState, database_key, lock_login, new_id};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// What the data is recognised by.
const MARK: u32 = 125;

/// The opinion of the draft.
const OPINION: &str = "写到一半的意见";

/// How long a verb that does not need the keyring may take, on a busy machine.
const SOON: Duration = Duration::from_secs(4);

pub(crate) async fn run(errand: KeyErrand) -> KeyOutcome {
    let program = Program::new(errand);
    let mut made = None;
    match program.errand.prepare {
        Some(KeyPreparation::Data) => made = Some(prepare_data(&program).await),
        Some(KeyPreparation::AnotherKey) => put_another_key(&program),
        None => match program.errand.flow {
            KeyFlow::FirstStart => first_start(&program).await,
            KeyFlow::StartWithData | KeyFlow::ChangeOfDesktop | KeyFlow::Upgrade => start(&program).await,
            KeyFlow::SignIn => drop(sign_in(&program).await),
            KeyFlow::TokenRefresh => token_refresh(&program).await,
            KeyFlow::SealWhileLocked => seal_while_locked(&program).await,
            KeyFlow::Exit => exit(&program).await,
        },
    }
    if program.errand.prepare.is_none() {
        check_folder(&program);
    }
    KeyOutcome { secret: made, ..program.outcome() }
}

/// What the program says at its start: nothing when it opens.
fn at_start(errand: &KeyErrand) -> Option<LockReason> {
    let (no_data, no_entry) = match errand.flow {
        KeyFlow::FirstStart | KeyFlow::SignIn | KeyFlow::TokenRefresh => (true, true),
        KeyFlow::ChangeOfDesktop => (false, true),
        KeyFlow::StartWithData | KeyFlow::SealWhileLocked | KeyFlow::Upgrade | KeyFlow::Exit => (false, false),
    };
    let unanswered = Some(LockReason::KeyringUnavailable);
    match errand.state {
        KeyState::NoBus | KeyState::NoService | KeyState::DiesOnActivation | KeyState::Mute => unanswered,
        KeyState::KilledInMidCall => unanswered.filter(|_| !breaks_later(errand)),
        // A locked keyring says that it has no entry without a prompt; only a new one needs to be let in.
        KeyState::NoCollection if no_data => unanswered,
        KeyState::NoCollection => Some(LockReason::KeyMissing),
        KeyState::WrongKey if no_data => None,
        KeyState::WrongKey => Some(LockReason::WrongKey),
        _ if no_entry && !no_data => Some(LockReason::KeyMissing),
        KeyState::LockedWithoutDisplay | KeyState::PromptDismissed => Some(LockReason::KeyringLocked),
        KeyState::PromptNeverAnswered => unanswered,
        KeyState::Unlocked | KeyState::LockedInMidSession | KeyState::ManyCallers => None,
    }
}

/// Whether the state comes about only when the program is open.
fn breaks_later(errand: &KeyErrand) -> bool {
    let in_session = !matches!(
        errand.flow,
        KeyFlow::StartWithData | KeyFlow::ChangeOfDesktop | KeyFlow::Upgrade | KeyFlow::FirstStart
    );
    errand.state == KeyState::LockedInMidSession || errand.state == KeyState::KilledInMidCall && in_session
}

/// What putting the key into the keyring comes to, once the program is open.
fn keeping(errand: &KeyErrand) -> Result<(), &'static str> {
    match errand.state {
        KeyState::Unlocked | KeyState::ManyCallers => Ok(()),
        KeyState::WrongKey if matches!(errand.flow, KeyFlow::SignIn | KeyFlow::TokenRefresh) => Ok(()),
        KeyState::WrongKey => Err("wrong_key"),
        KeyState::LockedWithoutDisplay | KeyState::PromptDismissed | KeyState::LockedInMidSession => {
            Err("keyring_locked")
        }
        _ => Err("keyring_unavailable"),
    }
}

/// Starts, expects what the state brings about, and opens by the passphrase where that is needed.
async fn opened(program: &Program) -> Client {
    let errand = &program.errand;
    if errand.state == KeyState::WrongKey && !errand.folder.join("keys.json").exists() {
        leave_a_key_behind(program).await;
    }
    if errand.state == KeyState::KilledInMidCall && !breaks_later(errand) {
        program.keyring.kill_in_next_call(errand.keyring.expect("a keyring"));
    }
    let wanted = at_start(errand);
    let before = files(&errand.folder);
    let client = program.start().await;
    program.stage_is(&client, wanted, "at the start").await;
    if wanted.is_some() {
        program.must(files(&errand.folder) == before, "a start that stays locked changes no file");
        let refused = client.docket().await.err().map(|error| error.code());
        program.must(refused.as_deref() == Some("locked"), "no verb looks behind the lock");
        let nothing = errand.secret.is_none() && wanted == Some(LockReason::KeyringUnavailable);
        keep_nothing(program, &client, nothing).await;
        by_passphrase(program, &client).await;
    }
    client
}

/// A session that keeps nothing begins where there is neither keyring nor data, and nowhere else; it is
/// over when it is locked, and then everything is as before.
async fn keep_nothing(program: &Program, client: &Client, may: bool) {
    let folder = &program.errand.folder;
    let names = || std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let before: std::collections::BTreeSet<_> = names().collect();
    let stage = client.app_status().await.expect("a state").stage;
    let offered = matches!(stage, Stage::Locked { may_keep_nothing: true, .. });
    program.must(offered == may, format!("whether nothing may be kept is said: {stage:?}, and it is {may}"));
    let began = Instant::now();
    let begun = client.keep_nothing().await;
    program.must(begun.is_ok() == may, format!("whether nothing may be kept: {begun:?} where it is {may}"));
    if let Ok(view) = begun {
        program.must(view.keeps_nothing, "it says what it is");
        program.must(!view.key_slots.keyring && !view.key_slots.passphrase, "the key is nowhere");
        let settings = Settings { text_percent: MARK, ..Settings::default() };
        program.must(client.save_settings(settings).await.is_ok(), "it works");
        let made: Vec<_> = names().filter(|name| !before.contains(name)).collect();
        let session = made.len() == 1 && made[0].to_string_lossy().starts_with("session-");
        program.must(session, format!("only its own folder was made: {made:?}"));
        program.must(client.lock_now().await.is_ok(), "it ends");
        program.must(began.elapsed() < SOON, "and the keyring is not asked");
        program.stage_is(client, Some(LockReason::SessionOver), "after the session").await;
    }
    program.must(names().collect::<std::collections::BTreeSet<_>>() == before, "nothing is left of it");
}

async fn by_passphrase(program: &Program, client: &Client) {
    let began = Instant::now();
    let opened = client.unlock(Some(PASSPHRASE.to_owned())).await;
    program.must(opened.is_ok(), format!("the passphrase opens it: {:?}", opened.err()));
    program.must(began.elapsed() < SOON, "and does not ask the keyring");
    program.stage_is(client, None, "after the passphrase").await;
}

/// The state comes about while the program is open.
fn break_now(program: &Program) {
    let errand = &program.errand;
    match errand.state {
        KeyState::LockedInMidSession => {
            let bus = zbus::blocking::Connection::session();
            let locked = bus.and_then(|bus| lock_login(&bus));
            program.must(locked.is_ok(), format!("the keyring is locked: {locked:?}"));
        }
        KeyState::KilledInMidCall if breaks_later(errand) => {
            program.keyring.kill_in_next_call(errand.keyring.expect("a keyring"));
        }
        _ => {}
    }
}

/// Asks the keyring while the program does something else; many ask where that is the state.
async fn keep_in_keyring(program: &Program, client: &Client) {
    if program.errand.state == KeyState::ManyCallers {
        let storm = (0..64).map(|call| {
            let window = client.clone();
            tokio::spawn(async move {
                if call % 2 == 0 {
                    window.app_status().await.map(drop)
                } else {
                    window.keep_in_keyring().await.map(drop)
                }
            })
        });
        for call in storm.collect::<Vec<_>>() {
            let answer = call.await.expect("a call that comes back");
            program.must(answer.is_ok(), format!("one of many calls: {answer:?}"));
        }
    }
    let kept = client.keep_in_keyring().await.map(drop).map_err(|error| error.code());
    let wanted = keeping(&program.errand).map_err(str::to_owned);
    program.must(kept == wanted, format!("the keyring takes the key: {kept:?} instead of {wanted:?}"));
}

async fn first_start(program: &Program) {
    let wanted = at_start(&program.errand);
    if wanted.is_some() {
        if program.errand.state == KeyState::KilledInMidCall {
            program.keyring.kill_in_next_call(program.errand.keyring.expect("a keyring"));
        }
        let client = program.start().await;
        program.stage_is(&client, wanted, "at the start").await;
        let nothing = files(&program.errand.folder).is_empty();
        program.must(nothing, "no key and no database without a place for the key");
        keep_nothing(program, &client, wanted == Some(LockReason::KeyringUnavailable)).await;
        let short = client.unlock(Some("short".to_owned())).await.err().map(|error| error.code());
        program.must(short.as_deref() == Some("passphrase_too_short"), "a first passphrase has eight characters");
        by_passphrase(program, &client).await;
        let slots = client.app_status().await.expect("a state").key_slots;
        program.must(!slots.keyring && slots.passphrase, "only the passphrase has the key");
        return;
    }
    let client = opened(program).await;
    let slots = client.app_status().await.expect("a state").key_slots;
    program.must(slots.keyring && !slots.passphrase, "only the keyring has the key");
    let entry = entry(&program.errand.folder).expect("a header");
    let keys = program.keyring.get(&entry).map(|secrets| secrets.len());
    program.must(keys == Ok(1), format!("one key was made, not {keys:?}"));
    client.set_passphrase(Some(PASSPHRASE.to_owned()), None).await.expect("a passphrase");
    break_now(program);
    let saved = client.save_settings(Settings { text_percent: MARK, ..Settings::default() }).await;
    program.must(saved.is_ok(), "an open program goes on without the keyring");
    client.shut_down(false).await;
    drop(client);
    let again = program.start().await;
    let wanted = (program.errand.state == KeyState::LockedInMidSession).then_some(LockReason::KeyringLocked);
    program.stage_is(&again, wanted, "at the next start").await;
}

async fn start(program: &Program) {
    let errand = &program.errand;
    if errand.flow == KeyFlow::Upgrade {
        become_older(errand);
    }
    let client = opened(program).await;
    let mark = client.settings().await.map(|settings| settings.text_percent);
    program.must(mark.as_ref().is_ok_and(|mark| *mark == MARK), format!("it is the data from before: {mark:?}"));
    break_now(program);
    if errand.flow == KeyFlow::ChangeOfDesktop && errand.state == KeyState::Unlocked {
        keep_in_keyring(program, &client).await;
        client.shut_down(false).await;
        drop(client);
        let again = program.start().await;
        program.stage_is(&again, None, "once the new keyring has the key").await;
        return;
    }
    if errand.flow == KeyFlow::Upgrade {
        program.must(errand.folder.join("keys-copy.json").exists(), "the header has a copy now");
    }
    if errand.flow == KeyFlow::StartWithData {
        // The reviewer locks it and asks the keyring, which is not what opens it then.
        client.lock_now().await.expect("there is a passphrase");
        let refused = client.unlock(None).await.err().map(|error| error.code());
        program.must(refused.as_deref() == Some("passphrase_required"), "a lock is opened by the passphrase");
        by_passphrase(program, &client).await;
    }
    client.shut_down(false).await;
}

async fn sign_in(program: &Program) -> Client {
    let client = opened(program).await;
    break_now(program);
    let began = Instant::now();
    let (signed_in, ()) = tokio::join!(signing_in(program, &client), keep_in_keyring(program, &client));
    program.must(signed_in, "the sign-in goes through");
    program.must(began.elapsed() < Duration::from_secs(20), "in its time");
    client
}

async fn signing_in(program: &Program, client: &Client) -> bool {
    let mut changes = client.subscribe();
    if client.sign_in(&program.errand.server).await.is_err() {
        return false;
    }
    let waiting = async {
        loop {
            let view = client.app_status().await.expect("a state");
            if view.stage == Stage::Ready && view.sync.last_complete.is_some() {
                return;
            }
            let _ = changes.recv().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.is_ok()
}

async fn token_refresh(program: &Program) {
    let client = opened(program).await;
    program.must(signing_in(program, &client).await, "the sign-in goes through");
    if !client.app_status().await.expect("a state").key_slots.passphrase {
        client.set_passphrase(Some(PASSPHRASE.to_owned()), None).await.expect("a passphrase");
    }
    client.shut_down(false).await;
    drop(client);
    let stale = {
        let store = open_store(&program.errand.folder);
        let mut tokens = store.tokens().expect("they read").expect("a session");
        tokens.expires_at = 0;
        assert!(store.replace_tokens(&tokens.refresh, Some(&tokens)).expect("kept"), "it is the session's");
        tokens
    };
    let client = program.begin();
    client.open_at_start().await;
    if matches!(client.app_status().await.expect("a state").stage, Stage::Locked { .. }) {
        by_passphrase(program, &client).await;
    }
    break_now(program);
    let (synced, ()) = tokio::join!(client.sync_now(), keep_in_keyring(program, &client));
    program.must(synced.is_ok(), format!("the session goes on: {synced:?}"));
    client.shut_down(false).await;
    drop(client);
    let fresh = open_store(&program.errand.folder).tokens().expect("they read").expect("a session");
    program.must(fresh.access != stale.access && fresh.refresh != stale.refresh, "both tokens are new ones");
}

async fn seal_while_locked(program: &Program) {
    let client = opened(program).await;
    let seat = client.docket().await.expect("a docket").rows[0].seat.clone();
    let room = client.open_case(seat.clone()).await.expect("the case is on this machine");
    let draft = Draft { choice: Some(room.document.case_type.options[0].id.clone()), ..room.draft };
    break_now(program);
    client.lock_now().await.expect("there is a passphrase");
    let ballot = new_id::<BallotId>();
    let refused = client.seal_ballot(ballot.clone(), seat.clone(), draft.clone(), false).await.err();
    program.must(refused.is_some_and(|error| error.code() == "locked"), "nothing is sealed behind the lock");
    by_passphrase(program, &client).await;
    let room = client.open_case(seat.clone()).await.expect("the case is still there");
    program.must(room.draft.opinion == OPINION, "and so is the draft");
    program.must(client.outbox().await.is_ok_and(|outbox| outbox.rows.is_empty()), "nothing was sealed");
    let sealing = client.seal_ballot(ballot.clone(), seat, draft, false);
    let (sealed, ()) = tokio::join!(sealing, keep_in_keyring(program, &client));
    program.must(sealed.is_ok(), format!("sealed once it is open: {:?}", sealed.err()));
    program.must(client.outbox().await.is_ok_and(|outbox| outbox.rows.len() == 1), "once");
    program.must(client.unseal(ballot).await.is_ok(), "and taken back");
    client.shut_down(false).await;
}

async fn exit(program: &Program) {
    let errand = &program.errand;
    let asks_at_start = !breaks_later(errand) && at_start(errand).is_some();
    let client = if asks_at_start {
        if errand.state == KeyState::KilledInMidCall {
            program.keyring.kill_in_next_call(errand.keyring.expect("a keyring"));
        }
        let client = program.begin();
        let asking = client.clone();
        tokio::spawn(async move { asking.open_at_start().await });
        tokio::task::yield_now().await;
        client
    } else {
        let client = opened(program).await;
        break_now(program);
        let asking = client.clone();
        tokio::spawn(async move { drop(asking.keep_in_keyring().await) });
        tokio::task::yield_now().await;
        client
    };
    let began = Instant::now();
    client.shut_down(false).await;
    program.must(began.elapsed() < SOON, format!("it ends without the keyring: {:?}", began.elapsed()));
}

/// A folder whose key is left in the keyring from before.
async fn leave_a_key_behind(program: &Program) {
    let client = program.begin();
    client.open_at_start().await;
    program.stage_is(&client, None, "before").await;
    client.shut_down(false).await;
    drop(client);
    for name in files(&program.errand.folder).keys() {
        std::fs::remove_file(program.errand.folder.join(name)).expect("removed");
    }
}

async fn prepare_data(program: &Program) -> String {
    let client = program.start().await;
    program.stage_is(&client, None, "a first start").await;
    client.set_passphrase(Some(PASSPHRASE.to_owned()), None).await.expect("a passphrase");
    client.save_settings(Settings { text_percent: MARK, ..Settings::default() }).await.expect("kept");
    program.must(signing_in(program, &client).await, "the sign-in goes through");
    let mut changes = client.subscribe();
    let mut accepted = false;
    let ready = async {
        loop {
            let rows = client.docket().await.expect("a docket").rows;
            match rows.first() {
                Some(row) if row.state == RowState::Offered && !accepted => {
                    client.accept_seat(new_id::<IntentId>(), row.seat.clone()).await.expect("taken");
                    accepted = true;
                }
                Some(row) if row.state == RowState::ReadyOffline => return row.seat.clone(),
                _ => {}
            }
            let _ = changes.recv().await;
        }
    };
    let seat = tokio::time::timeout(Duration::from_secs(40), ready).await.expect("a case on this machine");
    client
        .save_draft(seat, Draft { opinion: OPINION.to_owned(), ..Draft::default() }, Draft::default())
        .await
        .expect("kept");
    client.send_now().await.expect("the outbox is empty");
    client.shut_down(false).await;
    let entry = entry(&program.errand.folder).expect("a header");
    let secret = program.keyring.get(&entry).expect("the keyring answers").remove(0);
    secret.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn put_another_key(program: &Program) {
    let entry = entry(&program.errand.folder).expect("a header");
    program.keyring.set(&entry, &[9; 32]).expect("the keyring takes it");
}

/// Header and database as the first version of the program wrote them.
fn become_older(errand: &KeyErrand) {
    std::fs::remove_file(errand.folder.join("keys-copy.json")).expect("it is there");
    for name in ["pingli.db", "pingli.db-wal", "pingli.db-shm"] {
        let _ = std::fs::remove_file(errand.folder.join(name));
    }
    let key = database_key(&bytes(errand.secret.as_deref().expect("the data's key")));
    let database = rusqlite::Connection::open(errand.folder.join("pingli.db")).expect("a database");
    let settings = serde_json::to_string(&Settings { text_percent: MARK, ..Settings::default() }).expect("settings");
    database
        .execute_batch(&format!(
            "pragma key = \"x'{key}'\"; pragma cipher_page_size = 16384; pragma cipher_hmac_algorithm = HMAC_SHA256;"
        ))
        .expect("a cipher");
    database.execute_batch(include_str!("../../../crates/pingli-store/migrations/0001_start.sql")).expect("tables");
    database.execute("insert into meta (key, value) values ('settings', ?1)", [settings]).expect("a row");
    database.pragma_update(None, "user_version", 1).expect("its version");
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
    (0..hex.len()).step_by(2).map(digits).collect()
}

/// No new key over data: what opened the folder before still does, and it is the data from before.
fn check_folder(program: &Program) {
    let errand = &program.errand;
    let Some(secret) = &errand.secret else { return };
    let header = HeaderFile::read(&errand.folder).expect("it reads");
    let key = DataKey::from_secret(&bytes(secret)).expect("a key");
    program.must(header.any().is_some_and(|header| header.opens_with(&key)), "the header is the data key's own");
    let store = Store::open(&errand.folder, &key);
    let mark = store.as_ref().ok().and_then(|store| store.value("settings").ok().flatten()).unwrap_or_default();
    program.must(mark.contains(&format!("\"text_percent\":{MARK}")), format!("the data is still there: {store:?}"));
    program.must(!errand.folder.join("quarantine").exists(), "nothing was set aside");
}

fn open_store(folder: &Path) -> Store {
    let cost = PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 };
    let keys = KeyStore::new(folder, Arc::new(pingli_tests::MemoryKeyring::default()), Arc::new(|_| {}), cost);
    Store::open(folder, &keys.unlock_by_passphrase(PASSPHRASE).expect("it opens")).expect("a store")
}

fn entry(folder: &Path) -> Option<String> {
    HeaderFile::read(folder).ok()?.any().map(|header| header.entry.clone())
}

/// The files of a folder and what is in them; not the database's memory of who reads it.
fn files(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names =
        entries.filter(|entry| entry.path().is_file()).map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| !name.ends_with("-shm") && !name.ends_with("-wal"))
        .map(|name| (name.clone(), std::fs::read(folder.join(&name)).unwrap_or_default()))
        .collect()
}
