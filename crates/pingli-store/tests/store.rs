//! The store as the client uses it: what is kept survives, what is shredded is gone, nothing is in
//! the clear.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use base64::Engine as _;
use pingli_protocol::{
    CaseId, EvidenceId, IntentId, KeyId, Localized, ReviewerId, SeatId, Sha256, UtcInstant,
    seat::PackRef,
    server::{ServerDescription, SignIn},
    standing::Profile,
};
use pingli_store::{
    Account, BlobKey, Contents, Damage, Effect, Enqueued, IntentStatus, NewIntent, NewPack, PackState, Reached, Store,
    StoreError, StoredReceipt, StoredTokens, keys::DataKey,
};
use std::{fs, io::Read as _, path::Path};

const INDEX_CANARY: &str = "where-the-files-are-canary-9921";
const TEXT_CANARY: &str = "杯沿磕了一块-canary-9922";
const BODY_CANARY: &str = "who-wrote-it-canary-9923";
const HEAD_CANARY: &str = "what-chat-it-is-canary-9924";
const TIMELINE_CANARY: &str = "when-it-was-canary-9925";
const CANARY: &str = "林女士说杯子裂了-canary-7431";

fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("random bytes");
}

fn key() -> DataKey {
    DataKey::from_bytes([5; 32])
}

fn now() -> UtcInstant {
    UtcInstant::from_millis(1_790_000_000_000)
}

fn seat() -> SeatId {
    SeatId::new("seat-1").expect("an id")
}

fn evidence() -> EvidenceId {
    EvidenceId::new("p-1").expect("an id")
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
            display_name: CANARY.to_owned(),
            member_since: now(),
        },
        has_session: true,
        skew_seconds: 0,
        last_complete: None,
    }
}

fn open(folder: &Path) -> Store {
    let store = Store::open(folder, &key()).expect("a store");
    if store.account().expect("an answer").is_none() {
        let tokens = StoredTokens { access: CANARY.to_owned(), refresh: CANARY.to_owned(), expires_at: 0 };
        store.sign_in(&account(), &tokens).expect("signed in");
    }
    store
}

fn new_intent(id: &str) -> NewIntent {
    NewIntent {
        id: IntentId::new(id).expect("an id"),
        lane: "case:c-1".to_owned(),
        kind: "ballot",
        payload: format!("{{\"opinion\":\"{CANARY}\"}}"),
        title: CANARY.to_owned(),
        case: Some(CaseId::new("c-1").expect("an id")),
        seat: Some(seat()),
        points: None,
        made_at: now(),
        due: None,
        held_until: None,
    }
}

fn pack_of(bytes: &[u8]) -> PackRef {
    PackRef { version: 1, sha256: Sha256::of(bytes), bytes: bytes.len() as u64, key: KeyId::new("k-1").expect("an id") }
}

fn queue(store: &Store, pack: &PackRef) {
    let mut key = [0; 32];
    fill(&mut key);
    let new = NewPack { seat: &seat(), pack, file: "0123456789abcdef".to_owned(), key: BlobKey::from_bytes(key) };
    store.queue_pack(&new).expect("queued");
}

/// All bytes of all files below a folder, with their names.
fn everything(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder").flatten() {
            all.extend(entry.file_name().as_encoded_bytes());
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                all.extend(fs::read(entry.path()).expect("a file"));
            }
        }
    }
    all
}

fn assert_no_canary(folder: &Path, when: &str) {
    let all = everything(folder);
    let utf16: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let base64 = base64::engine::general_purpose::STANDARD.encode(CANARY);
    // The middle of the encoding, whatever the text was aligned to.
    for needle in [CANARY.as_bytes(), "canary-7431".as_bytes(), &utf16, base64.as_bytes()] {
        assert!(!all.windows(needle.len()).any(|window| window == needle), "the canary is in the clear {when}");
    }
}

fn big_canary() -> Vec<u8> {
    CANARY.as_bytes().iter().copied().cycle().take(300_000).collect()
}

#[test]
fn nothing_is_in_the_clear_not_even_after_a_crash_in_mid_download() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    store.save_draft(&seat(), CANARY, now()).expect("saved");
    store.enqueue(&new_intent("i-1"), Effect::None).expect("written");
    store.put_value("settings", CANARY).expect("written");
    let plain = big_canary();
    queue(&store, &pack_of(&plain));
    let mut writer = store.pack_writer(&seat(), &fill).expect("a file");
    writer.write(&plain[..200_000]).expect("room");
    // A crash: nothing is closed, nothing is finished.
    std::mem::forget(writer);
    assert_no_canary(folder.path(), "while the store is open");
    std::mem::forget(store);
    assert_no_canary(folder.path(), "after a crash");

    let store = open(folder.path());
    let mut writer = store.pack_writer(&seat(), &fill).expect("a file to go on with");
    let from = writer.received();
    assert_eq!(from, 3 * 65_536, "three whole chunks survived");
    writer.write(&plain[usize::try_from(from).expect("small")..]).expect("room");
    writer.finish().expect("all bytes came");
    let mut found = Vec::new();
    store.pack_reader(&seat()).expect("a pack").read_to_end(&mut found).expect("authentic");
    assert_eq!(found, plain, "the resumed file is the whole file");
    assert_no_canary(folder.path(), "with the whole pack");
}

#[test]
fn after_a_wipe_the_live_key_finds_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    let plain = big_canary();
    queue(&store, &pack_of(&plain));
    let mut writer = store.pack_writer(&seat(), &fill).expect("a file");
    writer.write(&plain).expect("room");
    writer.finish().expect("all bytes came");
    let mut chat = store.begin_chat(&seat(), &evidence()).expect("a log");
    for seq in 1..=5_000 {
        chat.push(seq, format!("{TEXT_CANARY} {seq}"), format!("{{\"from\":\"{BODY_CANARY}\"}}")).expect("kept");
    }
    chat.finish(HEAD_CANARY).expect("a whole log");
    let contents = Contents { rows_version: 1, timeline_version: 1, timeline: TIMELINE_CANARY };
    store.pack_is_ready(&seat(), INDEX_CANARY, &contents).expect("noted");
    store.shred_pack(&seat()).expect("shredded");
    assert!(store.pack(&seat()).expect("an answer").is_none(), "the row is gone");
    assert_eq!(store.evidence_bytes(), 0, "the file is gone");
    assert!(matches!(store.pack_reader(&seat()), Err(StoreError::NotFound)), "the key is gone");
    let wal = fs::metadata(folder.path().join("pingli.db-wal")).map_or(0, |meta| meta.len());
    assert_eq!(wal, 0, "the log is emptied, so no older page with the key is left in it");
    drop(store);
    let rows = all_rows(folder.path());
    assert!(rows.len() > 16_384, "the scan saw the database");
    for needle in [INDEX_CANARY, "canary-9921", TEXT_CANARY, BODY_CANARY, HEAD_CANARY, TIMELINE_CANARY] {
        let needle = needle.as_bytes();
        assert!(!rows.windows(needle.len()).any(|window| window == needle), "nothing of the pack is left");
    }
}

/// Everything that the live key shows, as a database in the clear.
fn all_rows(folder: &Path) -> Vec<u8> {
    let plain = folder.join("plain.db");
    let sql = format!(
        "attach '{}' as plain key ''; pragma plain.page_size = 16384; select sqlcipher_export('plain'); detach plain;",
        plain.display()
    );
    with_the_key(folder).execute_batch(&sql).expect("an export");
    fs::read(plain).expect("a copy")
}

/// The database, for somebody who has the key and goes past the store.
fn with_the_key(folder: &Path) -> rusqlite::Connection {
    use sha2::Digest as _;
    let purpose = "pingli database key 1";
    let mut hash = sha2::Sha256::new();
    hash.update((purpose.len() as u64).to_be_bytes());
    hash.update(purpose);
    hash.update([5; 32]);
    let hex = Sha256::from_bytes(hash.finalize().into()).to_string();
    let connection = rusqlite::Connection::open(folder.join("pingli.db")).expect("a database");
    let sql = format!(
        "pragma key = \"x'{hex}'\"; pragma cipher_page_size = 16384; pragma cipher_hmac_algorithm = HMAC_SHA256;"
    );
    connection.execute_batch(&sql).expect("a cipher");
    connection
}

#[test]
fn an_intent_is_written_once_and_its_receipt_ends_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    let new = new_intent("i-1");
    assert_eq!(store.enqueue(&new, Effect::None).expect("written"), Enqueued::New, "the first time");
    assert_eq!(store.enqueue(&new, Effect::None).expect("known"), Enqueued::Already, "the same act again");
    let others = [
        NewIntent { payload: "{\"another\":1}".to_owned(), ..new.clone() },
        NewIntent { kind: "return", ..new.clone() },
        NewIntent { lane: "another".to_owned(), ..new.clone() },
    ];
    for other in others {
        let refused = store.enqueue(&other, Effect::SaveDraft(&seat(), "never")).expect_err("another act of this id");
        assert!(matches!(refused, StoreError::IdReused), "{refused}");
    }
    assert_ne!(store.draft(&seat()).expect("an answer").as_deref(), Some("never"), "nor did anything else happen");
    store.note_try(&new.id, "timeout", Reached::Perhaps).expect("noted");
    let found = store.intent(&new.id).expect("there");
    assert!(found.unknown && found.tries == 1, "no answer came, so it is asked for");
    let receipt = StoredReceipt { signed: None, body: "{}".to_owned(), received_at: now() };
    store.finish(&new.id, &receipt, None).expect("ended");
    assert_eq!(store.intent(&new.id).expect("there").status, IntentStatus::Done, "it is done");
    assert_eq!(store.receipt("i-1").expect("an answer"), Some(receipt), "its receipt is kept");
    assert!(matches!(store.drop_intent(&new.id, None, now()), Err(StoreError::NotFound)), "done is done");
}

#[test]
fn the_journal_is_a_chain_and_a_dropped_intent_is_a_tombstone() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    for n in 1..=3 {
        store.enqueue(&new_intent(&format!("i-{n}")), Effect::None).expect("written");
    }
    let dropped = IntentId::new("i-2").expect("an id");
    store.drop_intent(&dropped, Some((&seat(), "the draft")), now()).expect("dropped");
    assert_eq!(store.draft(&seat()).expect("an answer").as_deref(), Some("the draft"), "the draft is back");
    assert_eq!(store.check_journal().expect("sound"), 4, "the tombstone is still a link, and taking back is one");
    assert_eq!(store.journal_head().expect("a head").0, 4, "the counter goes on");
    assert_eq!(store.open_intents().expect("an answer").len(), 2, "it is not sent");
    assert_eq!(store.intent(&dropped).expect("there").payload, "", "what it said is gone");
}

#[test]
fn a_link_that_does_not_fit_is_a_damage_though_every_page_is_whole() {
    for change in [
        "update intent set payload = '{}' where seq = 2",
        "update intent set payload_sha256 = zeroblob(32) where seq = 2",
        "update intent set made_at = made_at + 1 where seq = 2",
        "update intent set kind = 'return' where seq = 2",
        "update intent set lane = 'another' where seq = 2",
        "update intent set prev_hash = zeroblob(32) where seq = 2",
        "update intent set hash = zeroblob(32) where seq = 3",
        "update intent set status = 'dropped', payload = '' where seq = 2",
        "delete from intent where seq = 2",
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let store = open(folder.path());
        for n in 1..=3 {
            store.enqueue(&new_intent(&format!("i-{n}")), Effect::None).expect("written");
        }
        drop(store);
        assert!(Store::open(folder.path(), &key()).is_ok(), "it is whole");
        assert_eq!(with_the_key(folder.path()).execute(change, []).expect("changed"), 1, "{change}");
        let opened = Store::open(folder.path(), &key()).map(|_| ());
        assert!(matches!(opened, Err(StoreError::Damaged(Damage::Journal))), "{change}: {opened:?}");
    }
}

#[test]
fn returning_a_seat_shreds_its_pack_in_the_same_act() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    queue(&store, &pack_of(b"a pack"));
    store.set_pack_state(&seat(), &PackState::Ready).expect("noted");
    let new = NewIntent { kind: "return", ..new_intent("i-1") };
    store.enqueue(&new, Effect::Shred(&seat())).expect("written");
    assert!(store.pack(&seat()).expect("an answer").is_none(), "the pack went with the act");
}

#[test]
fn signing_out_keeps_what_was_not_sent_for_the_same_reviewer() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    store.enqueue(&new_intent("i-1"), Effect::None).expect("written");
    store.sign_out(true).expect("signed out");
    assert!(store.revocations().expect("an answer").is_empty(), "the server was told");
    assert!(matches!(store.open_intents(), Err(StoreError::NoAccount)), "nobody is signed in");
    let tokens = StoredTokens { access: "a".to_owned(), refresh: "b".to_owned(), expires_at: 1 };
    let mut other = account();
    other.profile.id = ReviewerId::new("r-2").expect("an id");
    store.sign_in(&other, &tokens).expect("another reviewer");
    assert_eq!(store.open_intents().expect("an answer").len(), 0, "another reviewer sees nothing of it");
    store.sign_in(&account(), &tokens).expect("the same reviewer");
    assert_eq!(store.open_intents().expect("an answer").len(), 1, "the unsent act is still there");
}
