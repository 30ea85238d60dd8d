//! A damaged database: recognised, set aside, and what the reviewer did is saved from it.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use pingli_protocol::{
    CaseId, IntentId, Localized, ReviewerId, SeatId, Sha256, UtcInstant,
    seat::PackRef,
    server::{ServerDescription, SignIn},
    standing::Profile,
};
use pingli_store::{
    Account, BlobKey, Damage, Effect, IntentStatus, NewIntent, NewPack, PackState, RECOVERED, SeenKind, Store,
    StoreError, StoredReceipt, StoredTokens, keys::DataKey,
};
use std::{fs, path::Path};

const PAGE: usize = 16_384;

/// A version of a case's material that was read.
const READ: &str = "seat-1 0000000001 aa 2025";

fn key() -> DataKey {
    DataKey::from_bytes([5; 32])
}

fn now() -> UtcInstant {
    UtcInstant::from_millis(1_790_000_000_000)
}

fn account() -> Account {
    Account {
        server: "http://127.0.0.1:7420/".to_owned(),
        description: ServerDescription {
            name: Localized::new("判定中心", "Server"),
            protocol_versions: vec![1],
            keys: Vec::new(),
            sign_in: SignIn {
                authorization_endpoint: String::new(),
                token_endpoint: String::new(),
                revocation_endpoint: String::new(),
                client_id: String::new(),
            },
            languages: Vec::new(),
            server_time: now(),
        },
        keys: Vec::new(),
        profile: Profile {
            id: ReviewerId::new("r-1").expect("an id"),
            display_name: "r".to_owned(),
            member_since: now(),
        },
        has_session: true,
        skew_seconds: 7,
        last_complete: None,
    }
}

fn tokens() -> StoredTokens {
    StoredTokens { access: "a".to_owned(), refresh: "b".to_owned(), expires_at: 1 }
}

fn seat(n: usize) -> SeatId {
    SeatId::new(format!("seat-{n}")).expect("an id")
}

fn id(n: usize) -> IntentId {
    IntentId::new(format!("i-{n}")).expect("an id")
}

fn new_intent(n: usize) -> NewIntent {
    NewIntent {
        id: id(n),
        lane: format!("case:c-{n}"),
        kind: "ballot",
        payload: format!("{{\"opinion\":\"{}\"}}", "理".repeat(40 * (n % 90))),
        title: format!("t{n}"),
        case: Some(CaseId::new("c-1").expect("an id")),
        seat: Some(seat(n)),
        points: None,
        made_at: now(),
        due: Some(now()),
        held_until: None,
    }
}

fn receipt() -> StoredReceipt {
    StoredReceipt { signed: None, body: "{}".to_owned(), received_at: now() }
}

/// A store with `acts` ballots and their drafts; every fifth is done, every seventh taken back.
fn filled(folder: &Path, acts: usize) -> Store {
    let store = Store::open(folder, &key()).expect("a store");
    store.sign_in(&account(), &tokens()).expect("signed in");
    store.put_value("settings", "{\"a\":1}").expect("kept");
    store.mark_seen(SeenKind::Material, READ).expect("noted");
    store.mark_evidence_opened(&seat(1), &"p-1".parse().expect("an id")).expect("noted");
    for n in 0..acts {
        let draft = format!("{{\"notes\":\"{}\"}}", "记".repeat(n));
        store.enqueue(&new_intent(n), Effect::SaveDraft(&seat(n), &draft)).expect("written");
        if n % 5 == 0 {
            store.finish(&id(n), &receipt(), None).expect("done");
        } else if n % 7 == 0 {
            store.drop_intent(&id(n), None, now()).expect("taken back");
        }
    }
    store
}

fn flip(path: &Path, place: usize) {
    let mut bytes = fs::read(path).expect("a file");
    bytes[place] ^= 4;
    fs::write(path, bytes).expect("written");
}

fn found(folder: &Path) -> Option<Damage> {
    match Store::open(folder, &key()) {
        Err(StoreError::Damaged(damage)) => Some(damage),
        _ => None,
    }
}

fn damage(folder: &Path) -> Damage {
    found(folder).expect("a damage that is noticed")
}

#[test]
fn a_flip_on_any_page_is_noticed_and_costs_only_what_was_on_that_page() {
    const ACTS: usize = 40;
    let folder = tempfile::tempdir().expect("a folder");
    drop(filled(folder.path(), ACTS));
    let database = folder.path().join("pingli.db");
    let bytes = fs::read(&database).expect("a database");
    let head = fs::read(folder.path().join("pingli.head")).expect("a head");
    let pages = bytes.len() / PAGE;
    assert!(pages > 15, "acts and drafts need pages, there are {pages}");
    let (mut unread, mut unopened) = (0, 0);
    for page in 0..pages {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("pingli.db"), &bytes).expect("a copy");
        fs::write(folder.path().join("pingli.head"), &head).expect("a copy");
        flip(&folder.path().join("pingli.db"), page * PAGE + if page == 0 { 3 } else { page * 131 % PAGE });
        assert_eq!(damage(folder.path()), Damage::Pages, "page {page}");
        let recovery = pingli_store::recover_database(folder.path(), &key(), now()).expect("recovered");
        assert!(recovery.pages_lost <= 1, "page {page}: {recovery:?}");
        let store = Store::open(folder.path(), &key()).expect("the new store");
        store.check().expect("the new store is whole");
        assert_eq!(store.last_recovery().expect("an answer"), Some(recovery.clone()), "it is told");
        let set_aside = folder.path().join("quarantine").join(&recovery.place).join("pingli.db");
        assert_eq!(fs::metadata(set_aside).expect("the old file").len(), bytes.len() as u64, "kept whole");
        if store.account().expect("an answer").is_none() {
            // Where the account is lost, what was saved waits for the reviewer.
            store.sign_in(&account(), &tokens()).expect("signed in");
        }
        unread += u32::from(!store.seen(SeenKind::Material).expect("an answer").contains(READ));
        unopened += u32::from(store.opened_evidence(&seat(1)).expect("an answer").is_empty());
        let lost = ACTS - recovery.intents_saved as usize;
        assert!(lost == 0 || recovery.pages_lost == 1, "page {page}: {lost} acts are lost with a page");
        if recovery.intents_asked == 0 && lost == 0 {
            let open = store.open_intents().expect("acts");
            assert!(open.iter().all(|intent| intent.status == IntentStatus::Waiting), "they go on by themselves");
            let wanted = (0..ACTS).filter(|n| n % 5 != 0 && n % 7 != 0).count();
            assert_eq!(open.len(), wanted, "page {page}: done and taken back is as it was");
            assert_eq!(open[0].payload, new_intent(1).payload, "word for word");
            assert_eq!(open[0].due, Some(now()), "and all that belongs to it");
        }
    }
    assert_eq!((unread, unopened), (1, 1), "what was read and opened goes with its own page alone");
}

#[test]
fn a_tail_that_is_lost_is_noticed_and_what_could_have_been_taken_back_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = filled(folder.path(), 10);
    store.checkpoint().expect("moved");
    store.enqueue(&new_intent(11), Effect::None).expect("written");
    let short = fs::read(folder.path().join("pingli.db-wal")).expect("a log");
    store.drop_intent(&id(1), None, now()).expect("taken back");
    store.enqueue(&new_intent(12), Effect::None).expect("written");
    let copy = tempfile::tempdir().expect("a folder");
    for name in ["pingli.db", "pingli.db-wal", "pingli.head"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).expect("a copy");
    }
    drop(Store::open(copy.path(), &key()).expect("a crash is no damage"));
    for name in ["pingli.db", "pingli.db-wal", "pingli.head"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).expect("a copy");
    }
    fs::write(copy.path().join("pingli.db-wal"), short).expect("rolled back");
    assert_eq!(damage(copy.path()), Damage::Behind, "the log ends too early");
    let recovery = pingli_store::recover_database(copy.path(), &key(), now()).expect("recovered");
    let store = Store::open(copy.path(), &key()).expect("a store");
    let taken_back = store.intent(&id(1)).expect("it is there");
    assert_eq!(taken_back.status, IntentStatus::Parked { code: RECOVERED.to_owned() }, "the reviewer decides");
    assert!(recovery.intents_asked > 0, "and is told so");
    assert!(store.open_intents().expect("acts").iter().all(|act| act.status != IntentStatus::Waiting), "all of them");
}

#[test]
fn a_flip_in_the_log_costs_one_page_image_not_all_that_comes_after() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = filled(folder.path(), 5);
    store.checkpoint().expect("moved");
    for n in 20..60 {
        store.enqueue(&new_intent(n), Effect::None).expect("written");
    }
    let copy = tempfile::tempdir().expect("a folder");
    for name in ["pingli.db", "pingli.db-wal", "pingli.head"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).expect("a copy");
    }
    flip(&copy.path().join("pingli.db-wal"), 32 + 3 * (PAGE + 24) + 500);
    assert_eq!(damage(copy.path()), Damage::Behind, "SQLite goes on without the rest, the head knows better");
    let recovery = pingli_store::recover_database(copy.path(), &key(), now()).expect("recovered");
    assert_eq!(recovery.intents_saved, 45, "every act is in a later image of its page: {recovery:?}");
    assert_eq!(recovery.intents_asked, 0, "and nothing newer can be missing");
}

#[test]
fn an_older_database_under_a_newer_log_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = filled(folder.path(), 5);
    store.checkpoint().expect("moved");
    let old = fs::read(folder.path().join("pingli.db")).expect("a database");
    store.enqueue(&new_intent(20), Effect::None).expect("written");
    store.checkpoint().expect("moved");
    store.put_value("settings", "{}").expect("kept");
    let copy = tempfile::tempdir().expect("a folder");
    for name in ["pingli.db-wal", "pingli.head"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).expect("a copy");
    }
    fs::write(copy.path().join("pingli.db"), old).expect("rolled back");
    assert_eq!(damage(copy.path()), Damage::Behind, "the log is as new as it was");
}

#[test]
fn an_emptied_or_cut_database_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(filled(folder.path(), 30));
    let bytes = fs::read(folder.path().join("pingli.db")).expect("a database");
    for length in [0, 1, 15, 16, 511, 512, PAGE - 1, PAGE, PAGE + 1, 5 * PAGE, bytes.len() - PAGE, bytes.len() - 1] {
        fs::write(folder.path().join("pingli.db"), &bytes[..length]).expect("cut");
        assert!(found(folder.path()).is_some(), "cut at {length} of {}", bytes.len());
    }
}

#[test]
fn a_crash_at_any_step_of_a_recovery_is_gone_on_from() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(filled(folder.path(), 30));
    flip(&folder.path().join("pingli.db"), 100);
    damage(folder.path());
    // The steps of the last part, as a crash may leave them: how many of the old files are moved, and
    // whether the new head is in its place.
    let reference = tempfile::tempdir().expect("a folder");
    drop(filled(reference.path(), 12));
    for moved in 0..=2 {
        for new_head in [false, true] {
            let folder_copy = tempfile::tempdir().expect("a folder");
            let at = |name: &str| folder_copy.path().join(name);
            fs::create_dir_all(at("recovered")).expect("a folder");
            fs::create_dir_all(at("quarantine/77")).expect("a folder");
            fs::write(at("recovered/place"), "77").expect("a place");
            fs::copy(reference.path().join("pingli.db"), at("recovered/pingli.db")).expect("the new one");
            fs::copy(reference.path().join("pingli.head"), at("recovered/pingli.head")).expect("the new one");
            for (n, name) in ["pingli.head", "pingli.db"].into_iter().enumerate() {
                let place = if n < moved { at("quarantine/77").join(name) } else { at(name) };
                fs::copy(folder.path().join(name), place).expect("an old file");
            }
            if new_head && moved == 2 {
                fs::rename(at("recovered/pingli.head"), at("pingli.head")).expect("moved");
            }
            assert!(Store::exists(folder_copy.path()), "no new key is made meanwhile");
            let store = Store::open(folder_copy.path(), &key()).expect("the new store");
            assert_eq!(store.open_intents().expect("acts").len(), 8, "{moved} moved: the new one is in its place");
            assert!(at("quarantine/77/pingli.db").exists() && at("quarantine/77/pingli.head").exists(), "set aside");
            assert!(!at("recovered").exists(), "nothing is left of it");
        }
    }
}

#[test]
fn packs_stay_with_their_keys_and_a_wipe_reaches_what_was_set_aside() {
    const CANARY: &str = "证据里的一句话-canary-5512";
    let folder = tempfile::tempdir().expect("a folder");
    let store = filled(folder.path(), 30);
    let pack = PackRef {
        version: 1,
        sha256: Sha256::of(b"x"),
        bytes: 70_000,
        key: pingli_protocol::KeyId::new("k-1").expect("an id"),
    };
    let new = NewPack { seat: &seat(1), pack: &pack, file: "0123".to_owned(), key: BlobKey::from_bytes([7; 32]) };
    store.queue_pack(&new).expect("queued");
    let fill = |bytes: &mut [u8]| bytes.fill(3);
    let mut writer = store.pack_writer(&seat(1), &fill).expect("a file");
    writer.write(&vec![9; 70_000]).expect("room");
    writer.finish().expect("whole");
    let evidence = "p-1".parse().expect("an id");
    let mut chat = store.begin_chat(&seat(1), &evidence).expect("a chat");
    chat.push(1, CANARY.to_owned(), "{}".to_owned()).expect("a message");
    chat.finish("{}").expect("whole");
    store.set_pack_state(&seat(1), &PackState::Ready).expect("ready");
    drop(store);
    let database = folder.path().join("pingli.db");
    flip(&database, fs::metadata(&database).expect("a file").len() as usize - PAGE + 5);
    damage(folder.path());
    let recovery = pingli_store::recover_database(folder.path(), &key(), now()).expect("recovered");
    let store = Store::open(folder.path(), &key()).expect("a store");
    let row = store.pack(&seat(1)).expect("an answer").expect("the pack is still here");
    assert_eq!(row.state, PackState::Queued, "it is checked again before it is shown");
    let writer = store.pack_writer(&seat(1), &fill).expect("its file");
    assert_eq!(writer.received(), 70_000, "nothing of it is fetched again");
    drop(writer);

    let place = folder.path().join("quarantine").join(&recovery.place);
    let in_set_aside = || {
        let copy = tempfile::tempdir().expect("a folder");
        fs::copy(place.join("pingli.db"), copy.path().join("pingli.db")).expect("a copy");
        let mut found = false;
        pingli_store::look_at_pages(copy.path(), &key(), &mut |bytes| {
            found |= bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
        })
        .expect("pages");
        found
    };
    assert!(in_set_aside(), "the old file has it as long as the case is here");
    store.shred_pack(&seat(1)).expect("wiped");
    assert!(!in_set_aside(), "and no longer than that");
    let bytes = fs::read(place.join("pingli.db")).expect("the old file");
    let kept = bytes.chunks(PAGE).filter(|page| page.iter().any(|byte| *byte != 0)).count();
    assert!(kept > 3, "the reviewer's own pages stay: {kept}");

    let target = tempfile::tempdir().expect("a folder");
    let exported = pingli_store::export_set_aside(folder.path(), &recovery.place, target.path()).expect("exported");
    assert!(exported.join("pingli.db").exists(), "the file itself");
    for bad in ["", "..", "1/2", "999"] {
        assert!(pingli_store::export_set_aside(folder.path(), bad, target.path()).is_err(), "no other folder: {bad}");
    }
    store.dismiss_recovery().expect("read");
    assert_eq!(store.last_recovery().expect("an answer"), None, "told once");
}
