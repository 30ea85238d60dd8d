//! A wipe is a wipe: every page of the database and its log, read with the live key, free space
//! included, has nothing of a case's evidence any more; what the reviewer wrote stays.

use crate::shop::{Deed, Model, key};
use pingli_faultfs::Random;
use pingli_protocol::{EvidenceId, KeyId, SeatId, Sha256, seat::PackRef};
use pingli_store::{BlobKey, Contents, NewPack, Store};
use pingli_tests::{FaultRow, rounds, seed};
use std::{collections::BTreeMap, fs, path::Path};

/// Wipes of an ordinary run.
const POINTS: u64 = 12;

fn seat(n: u64) -> SeatId {
    SeatId::new(format!("seat-{n}")).expect("an id")
}

/// What stands in everything of a case's evidence.
fn canary(n: u64) -> String {
    format!("杯沿磕了一块-case-{n}-canary.")
}

/// A pack with its chats, its index and its timeline, as a download leaves it.
fn take_in(store: &Store, n: u64, random: &mut Random) -> [u8; 32] {
    let (seat, text) = (seat(n), canary(n));
    let bytes = text.repeat(1 + random.place(4_000)).into_bytes();
    let pack = PackRef {
        version: 1,
        sha256: Sha256::of(&bytes),
        bytes: bytes.len() as u64,
        key: KeyId::new("k-1").expect("an id"),
    };
    let mut key = [0; 32];
    key.fill_with(|| u8::try_from(random.below(256)).expect("a byte"));
    let new = NewPack { seat: &seat, pack: &pack, file: format!("{n:032x}"), key: BlobKey::from_bytes(key) };
    store.queue_pack(&new).expect("queued");
    let fill = |bytes: &mut [u8]| bytes.fill(7);
    let mut writer = store.pack_writer(&seat, &fill).expect("a file");
    writer.write(&bytes).expect("room");
    writer.finish().expect("whole");
    for chat in 0..2 {
        let evidence: EvidenceId = format!("p-{chat}").parse().expect("an id");
        let mut chat = store.begin_chat(&seat, &evidence).expect("a chat");
        for message in 0..u32::try_from(20 + random.place(600)).expect("a number") {
            let most = if random.once_in(50) { 900 } else { 8 };
            let body = text.repeat(random.place(most));
            chat.push(message, format!("{text}{message}"), body).expect("a message");
        }
        chat.finish(&text).expect("whole");
    }
    let timeline = text.repeat(1 + random.place(2_000));
    let contents = Contents { rows_version: 1, timeline_version: 1, timeline: &timeline };
    store.pack_is_ready(&seat, &text.repeat(1 + random.place(700)), &contents).expect("ready");
    key
}

/// How often each case's canary, or a part of it, is on the disk.
fn on_disk(folder: &Path, keys: &BTreeMap<u64, [u8; 32]>) -> BTreeMap<u64, usize> {
    let mut found: BTreeMap<u64, usize> = keys.keys().map(|n| (*n, 0)).collect();
    pingli_store::look_at_pages(folder, &key(), &mut |page| {
        for (n, count) in &mut found {
            let text = format!("-case-{n}-canary");
            *count += page.windows(text.len()).filter(|window| *window == text.as_bytes()).count();
            *count += page.windows(32).filter(|window| *window == keys[n]).count();
        }
    })
    .expect("pages");
    found
}

#[test]
fn after_a_wipe_the_live_key_finds_nothing_of_the_case_and_everything_of_the_reviewer() {
    let points = POINTS * rounds();
    let mut random = Random::new(seed());
    let (mut tried, mut left_over) = (0, Vec::new());
    while tried < points {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), &key()).expect("a store");
        let mut model = Model::default();
        let (mut keys, mut here, mut deeds) = (BTreeMap::new(), Vec::new(), 0);
        for n in 0..8 {
            keys.insert(n, {
                for _ in 0..4 {
                    let deed = Deed::draw(&mut random, &model, deeds);
                    deeds += 1;
                    deed.to_store(&store).expect("done");
                    deed.to_model(&mut model);
                }
                take_in(&store, n, &mut random)
            });
            here.push(n);
            if here.len() < 3 && n < 7 {
                continue;
            }
            let gone = here.swap_remove(random.place(here.len()));
            store.shred_pack(&seat(gone)).expect("wiped");
            tried += 1;
            let counts = on_disk(folder.path(), &keys);
            let wiped = keys.keys().filter(|n| !here.contains(n));
            left_over.extend(wiped.filter(|n| counts[n] > 0).map(|n| format!("case {n}: {} pieces", counts[n])));
            assert!(here.iter().all(|n| counts[n] > 40), "the scanner finds what is there: {counts:?}");
            assert!(!folder.path().join(format!("packs/{gone:032x}")).exists(), "its file is gone");
        }
        let drafts = store.drafted_seats().expect("drafts");
        assert_eq!(drafts, model.drafts.keys().cloned().collect(), "what the reviewer wrote stays");
        let files = fs::read_dir(folder.path().join("packs")).expect("packs").count();
        assert_eq!(files, here.len(), "the others' files stay");
    }
    assert!(left_over.is_empty(), "{left_over:?}");
    let violations = left_over.len() as u64;
    FaultRow { id: "F6 wipe", name: "wiped cases, by the live key", points, violations, target: POINTS }.close();
}

/// What is not evidence and is replaced or taken away is overwritten as well, though nothing is written
/// anew for it: a token after the sign-out, a ballot that was taken back.
#[test]
fn a_token_and_a_ballot_that_are_gone_are_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), &key()).expect("a store");
    let mut model = Model::default();
    let seal = Deed::Seal {
        id: "i-1".to_owned(),
        seat: "s-1".to_owned(),
        // So long that it goes on on pages of its own, which are free afterwards.
        payload: format!("{{\"ballot\":\"{}\"}}", "taken-back-canary".repeat(3_000)),
        draft: "{}".to_owned(),
    };
    for deed in [Deed::SignIn, seal] {
        deed.to_store(&store).expect("done");
        deed.to_model(&mut model);
    }
    let found = |text: &str| {
        store.checkpoint().expect("the log is empty");
        let mut found = false;
        pingli_store::look_at_pages(folder.path(), &key(), &mut |page| {
            found |= page.windows(text.len()).any(|window| window == text.as_bytes());
        })
        .expect("pages");
        found
    };
    assert!(found("refresh-0") && found("taken-back-canary"), "the search finds what is there");
    Deed::Drop { id: "i-1".to_owned() }.to_store(&store).expect("taken back");
    assert!(!found("taken-back-canary"), "a ballot that was taken back");
    store.sign_out(true).expect("signed out");
    assert!(!found("refresh-0") && !found("access-0"), "tokens after the sign-out");
}
