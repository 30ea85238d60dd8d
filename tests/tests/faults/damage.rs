//! F7: the files are damaged. Bits flip, ends are cut off, older copies come back; each is recognised,
//! and what was on good pages is saved.

use crate::shop::{Act, Deed, Model, key, now, observe};
use pingli_faultfs::Random;
use pingli_store::{IntentStatus, RECOVERED, Store, StoreError, StoreOptions};
use pingli_tests::{FaultRow, rounds, seed};
use std::{collections::BTreeMap, fs, path::Path};

/// Damages of an ordinary run.
const POINTS: u64 = 500;
/// Damages of an ordinary run after which a recovery is looked at closely.
const RECOVERIES: u64 = 40;
const PAGE: usize = 16_384;
const FRAME: usize = PAGE + 24;
const FILES: [&str; 3] = ["pingli.db", "pingli.db-wal", "pingli.head"];

/// The files of a store at one moment, and what it had acknowledged by then.
struct Copy {
    files: BTreeMap<&'static str, Vec<u8>>,
    model: Model,
    commits: u64,
}

fn copy(folder: &Path, model: &Model, commits: u64) -> Copy {
    let files = FILES.iter().filter_map(|name| Some((*name, fs::read(folder.join(name)).ok()?))).collect();
    Copy { files, model: model.clone(), commits }
}

fn lay_out(files: &BTreeMap<&'static str, Vec<u8>>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    folder
}

/// Lets a store work and takes copies of its files, as a crash would leave them, and at its end.
fn history(random: &mut Random, deeds: u64) -> Vec<Copy> {
    let folder = tempfile::tempdir().expect("a folder");
    let options = StoreOptions { checkpoint_after: 40, ..StoreOptions::default() };
    let store = Store::open_with(folder.path(), &key(), &options).expect("a store");
    let (mut model, mut copies) = (Model::default(), Vec::new());
    for n in 0..deeds {
        let deed = Deed::draw(random, &model, n);
        deed.to_store(&store).expect("done");
        deed.to_model(&mut model);
        if n % 5 == 4 {
            copies.push(copy(folder.path(), &model, n));
        }
    }
    drop(store);
    copies.push(copy(folder.path(), &model, deeds));
    copies
}

/// Damages a copy in some way that changes it, and says how. Files that are rolled back come from an
/// older one.
fn damage(random: &mut Random, copies: &[Copy], at: usize) -> Option<(String, BTreeMap<&'static str, Vec<u8>>)> {
    let mut files = copies[at].files.clone();
    let file = if random.once_in(2) { "pingli.db" } else { "pingli.db-wal" };
    let bytes = files.get_mut(file)?;
    let damage = match random.below(4) {
        0 | 1 if !bytes.is_empty() => {
            let place = random.place(bytes.len());
            bytes[place] ^= 1 << random.below(8);
            format!("a bit of byte {place} of {file}")
        }
        2 if !bytes.is_empty() => {
            let length = match random.below(3) {
                0 => random.place(bytes.len()),
                1 => random.place(bytes.len() / PAGE + 1) * PAGE,
                _ => bytes.len() - 1 - random.place(bytes.len().min(FRAME)),
            };
            if length >= bytes.len() {
                return None;
            }
            bytes.truncate(length);
            format!("{file} cut at {length}")
        }
        3 => {
            let older = &copies[random.place(at)];
            let back: &[&str] = match random.below(3) {
                0 => &["pingli.db"],
                1 => &["pingli.db-wal"],
                _ => &["pingli.db", "pingli.db-wal"],
            };
            for name in back {
                files.insert(name, older.files.get(name).cloned().unwrap_or_default());
            }
            format!("{back:?} as after {} commits", older.commits)
        }
        _ => return None,
    };
    (files != copies[at].files).then_some((damage, files))
}

/// What became of a damage.
#[derive(PartialEq, Eq)]
enum Outcome {
    /// The store says so when it is opened or checked.
    Recognised,
    /// All that was acknowledged is there and every page is whole: the damaged page was written again
    /// from the log, or the log was damaged behind its last commit.
    Healed,
    /// Something is gone or does not read, and nobody says so.
    Missed,
}

fn outcome(folder: &Path, model: &Model) -> Outcome {
    let store = match Store::open(folder, &key()) {
        Ok(store) => store,
        Err(StoreError::Damaged(_)) => return Outcome::Recognised,
        Err(_) => return Outcome::Missed,
    };
    if store.check().is_err() {
        return Outcome::Recognised;
    }
    match observe(&store, model.acts.keys()) {
        Ok(found) if found == *model => Outcome::Healed,
        _ => Outcome::Missed,
    }
}

#[test]
fn every_damage_is_recognised() {
    let points = POINTS * rounds();
    let mut random = Random::new(seed());
    let mut missed = Vec::new();
    let mut tried = 0;
    while tried < points {
        let copies = history(&mut random, 90);
        for _ in 0..250 {
            let at = 1 + random.place(copies.len() - 1);
            let Some((damage, files)) = damage(&mut random, &copies, at) else { continue };
            match outcome(lay_out(&files).path(), &copies[at].model) {
                Outcome::Recognised => {}
                Outcome::Healed => continue,
                Outcome::Missed => missed.push(format!("{damage}, after {} commits", copies[at].commits)),
            }
            tried += 1;
            if tried == points {
                break;
            }
        }
    }
    assert!(missed.is_empty(), "{} of {points} were missed: {missed:?}", missed.len());
    let violations = missed.len() as u64;
    FaultRow { id: "F7 recognised", name: "damaged, cut and older files", points, violations, target: POINTS }.close();
}

#[test]
fn a_crash_is_not_taken_for_a_damage() {
    let mut random = Random::new(seed());
    for copy in history(&mut random, 120) {
        let folder = lay_out(&copy.files);
        let store = Store::open(folder.path(), &key()).expect("a store after a crash");
        store.check().expect("a store that is whole");
        let found = observe(&store, copy.model.acts.keys()).expect("an answer");
        assert!(found == copy.model, "all of it is there after {} commits", copy.commits);
        drop(store);
        // Without a head nothing is known to be missing.
        fs::remove_file(folder.path().join("pingli.head")).expect("a head");
        Store::open(folder.path(), &key()).expect("a store without a head");
    }
}

/// How many acts there are, how many of them are on pages that read, and how many were saved.
struct Saved {
    on_good_pages: u64,
    saved: u64,
    wrong: Vec<String>,
}

fn recover(folder: &Path, model: &Model) -> Saved {
    let mut result = Saved { on_good_pages: 0, saved: 0, wrong: Vec::new() };
    let readable = readable_acts(folder, model);
    let recovery = pingli_store::recover_database(folder, &key(), now()).expect("recovered");
    let store = Store::open(folder, &key()).expect("the new store");
    store.check().expect("the new store is whole");
    assert_eq!(store.last_recovery().expect("an answer"), Some(recovery), "it is told");
    // Acts of an account that was lost wait until somebody signs in.
    Deed::SignIn.to_store(&store).expect("signed in");
    let found = observe(&store, model.acts.keys()).expect("an answer");
    for (id, act) in &model.acts {
        let good = readable.contains(id);
        result.on_good_pages += u64::from(good);
        let Some(other) = found.acts.get(id) else { continue };
        result.saved += u64::from(good);
        if let Some(what) = is_wrong(act, other) {
            result.wrong.push(format!("{id}: {what}"));
        }
    }
    result
}

/// An act never goes out by itself that was finished or taken back.
fn is_wrong(was: &Act, is: &Act) -> Option<String> {
    let recovered = IntentStatus::Parked { code: RECOVERED.to_owned() };
    (was.status != is.status && is.status != recovered).then(|| format!("{:?} became {:?}", was.status, is.status))
}

/// The acts whose newest row lies on a page that reads.
fn readable_acts(folder: &Path, model: &Model) -> std::collections::BTreeSet<String> {
    let mut found = std::collections::BTreeSet::new();
    pingli_store::look_at_good_pages(folder, &key(), &mut |page| {
        // A long act goes on on other pages.
        for (id, _) in model.acts.iter().filter(|(_, act)| act.payload.len() < PAGE / 2) {
            let marked = format!("{id}case:");
            if page.windows(marked.len()).any(|window| window == marked.as_bytes()) {
                found.insert(id.clone());
            }
        }
    })
    .expect("pages");
    found
}

#[test]
fn what_is_on_good_pages_is_saved_whatever_page_is_damaged() {
    let points = RECOVERIES * rounds();
    let mut random = Random::new(seed());
    let (mut on_good_pages, mut saved, mut wrong, mut tried) = (0, 0, Vec::new(), 0);
    while tried < points {
        let copies = history(&mut random, 120);
        let last = &copies[copies.len() - 1 - random.place(2)];
        let pages = last.files["pingli.db"].len() / PAGE;
        for page in 0..pages {
            let mut files = last.files.clone();
            let bytes = files.get_mut("pingli.db").expect("a database");
            // The first bytes of the first page are the salt of all the others.
            let place = page * PAGE + if page == 0 && random.once_in(2) { 5 } else { random.place(PAGE) };
            bytes[place] ^= 1 << random.below(8);
            let folder = lay_out(&files);
            let result = recover(folder.path(), &last.model);
            on_good_pages += result.on_good_pages;
            saved += result.saved;
            wrong.extend(result.wrong);
            tried += 1;
            if tried == points {
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "acts became what they were not: {wrong:?}");
    assert!(on_good_pages > points * 10, "there are acts to save: {on_good_pages}");
    assert!(saved * 100 >= on_good_pages * 99, "{saved} of {on_good_pages} acts on good pages were saved");
    let violations = on_good_pages - saved;
    FaultRow { id: "F7 saved", name: "acts on good pages", points: on_good_pages, violations, target: 100 }.close();
}

#[test]
fn a_page_that_breaks_while_the_store_is_open_is_a_damage_and_not_a_riddle() {
    let mut random = Random::new(seed());
    let copies = history(&mut random, 90);
    let last = copies.last().expect("a copy");
    let mut noticed = 0;
    for page in 1..last.files["pingli.db"].len() / PAGE {
        let folder = lay_out(&last.files);
        let store = Store::open(folder.path(), &key()).expect("a store");
        let mut bytes = last.files["pingli.db"].clone();
        bytes[page * PAGE + 77] ^= 1;
        fs::write(folder.path().join("pingli.db"), bytes).expect("written");
        match observe(&store, last.model.acts.keys()) {
            Ok(_) => {}
            Err(error) => match store.judge(error) {
                StoreError::Damaged(_) => noticed += 1,
                error => panic!("page {page}: {error:?}"),
            },
        }
    }
    assert!(noticed > 0, "some of the pages are read");
}

#[test]
fn a_lack_of_memory_and_a_statement_that_is_wrong_are_no_damage_of_a_whole_store() {
    use rusqlite::ffi;
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), &key()).expect("a store");
    let told = |code| StoreError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
    for code in [ffi::SQLITE_NOMEM, ffi::SQLITE_ERROR] {
        let judged = store.judge(told(code));
        assert_eq!(judged.code(), "store_failed", "every page reads: {judged}");
    }
    store.checkpoint().expect("all of it is in the database");
    let path = folder.path().join("pingli.db");
    let mut bytes = fs::read(&path).expect("a database");
    bytes[3 * PAGE + 77] ^= 1;
    fs::write(&path, bytes).expect("written");
    for code in [ffi::SQLITE_NOMEM, ffi::SQLITE_ERROR] {
        assert_eq!(store.judge(told(code)).code(), "store_damaged", "one does not");
    }
    assert_eq!(store.judge(told(ffi::SQLITE_BUSY)).code(), "store_io", "what says what it means is not looked into");
}
