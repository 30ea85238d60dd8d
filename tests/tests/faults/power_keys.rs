//! F2 of the keys: the power goes while a header is written. A real program changes its key's slots in
//! every way; what it did to its files is written down, and every state is made in which a disk may
//! come back that did not sync it yet. One of header and copy opens with the right key, the passphrase
//! that was told last is good, and no new key is ever made over data.

use crate::replay::{Call, Folder, record};
use pingli_faultfs::Random;
use pingli_store::keys::{DataKey, HeaderFile, KeyStore, Keyring as _, PassphraseCost};
use pingli_tests::{FaultRow, FileKeyring, MemoryKeyring, rounds, seed};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// States of an ordinary run.
const STATES: u64 = 600;
const DATABASE: &str = "pingli.db";

/// What a run of the program left, and what it did on the way.
struct Run {
    calls: Vec<Call>,
    key: Vec<u8>,
    /// The database at its end.
    database: Vec<u8>,
}

/// Runs the program.
fn run(folder: &Path) -> Run {
    let (data, keyring) = (folder.join("data"), folder.join("keyring"));
    let calls = record(folder, &data, &["power".as_ref(), data.as_os_str(), keyring.as_os_str()]);
    let database = fs::read(data.join(DATABASE)).expect("a database");
    // Its own writes say nothing of the keys: that it is there does.
    let of_keys = |call: &Call| match call {
        Call::Write(name, _) | Call::Length(name, _) | Call::Sync(Some(name)) => name.starts_with("keys"),
        _ => true,
    };
    let calls = calls.into_iter().filter(of_keys).collect();
    Run { calls, key: fs::read(keyring).expect("a key"), database }
}

/// What the program had told by then, and what it was about to.
struct Told<'r> {
    said: Vec<&'r str>,
    next: Option<&'r str>,
}

impl<'r> Told<'r> {
    fn at(calls: &'r [Call], cut: usize) -> Self {
        let said = |call: &'r Call| if let Call::Said(text) = call { Some(text.as_str()) } else { None };
        Self { said: calls[..cut].iter().filter_map(said).collect(), next: calls[cut..].iter().find_map(said) }
    }

    /// Passphrases of which one has to be good; none where none has to.
    fn passphrases(&self) -> BTreeSet<&'r str> {
        let of = |text: &'r str| -> Option<&'r str> { text.strip_prefix("passphrase ") };
        let changes = |text: &&'r str| of(text).is_some() || *text == "removed";
        let last = self.said.iter().copied().rfind(changes);
        match (last.and_then(of), self.next) {
            (Some(last), Some(next)) if changes(&next) => match of(next) {
                Some(next) => [last, next].into(),
                // It is about to go: either is right.
                None => BTreeSet::new(),
            },
            (Some(last), _) => [last].into(),
            (None, _) => BTreeSet::new(),
        }
    }
}

fn store(folder: &Path, keyring: Arc<dyn pingli_store::keys::Keyring>) -> KeyStore {
    let fill = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).expect("random bytes"));
    KeyStore::new(folder, keyring, fill, PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 })
}

/// Looks at a state; `folder` has its files.
fn look(folder: &Path, run: &Run, keyring: &Path, told: &Told<'_>) -> Result<(), String> {
    let key = DataKey::from_secret(&run.key).expect("a key");
    let header = HeaderFile::read(folder).map_err(|error| error.to_string())?;
    let has_data = folder.join(DATABASE).exists();
    let opens = header.any().is_some_and(|header| header.opens_with(&key));
    if (has_data || told.said.contains(&"key")) && !opens {
        return Err(format!("neither header nor copy opens: {header:?}"));
    }
    // The keyring lost what it had: with data there is no other key.
    let empty = store(folder, Arc::new(MemoryKeyring::default())).unlock_by_keyring();
    if has_data && empty.is_ok() {
        return Err("a new key over data".to_owned());
    }
    let good = told.passphrases();
    if !good.is_empty() {
        let opened = |passphrase: &&str| {
            let at_hand = store(folder, Arc::new(MemoryKeyring::default()));
            at_hand.unlock_by_passphrase(passphrase).is_ok_and(|found| found == key)
        };
        if !good.iter().any(opened) {
            return Err(format!("none of {good:?} opens it"));
        }
    }
    if has_data {
        let found = store(folder, Arc::new(FileKeyring(keyring.to_owned()))).unlock_by_keyring();
        let again = || store(folder, Arc::new(FileKeyring(keyring.to_owned()))).unlock_by_keyring_again();
        match found.or_else(|_| again()) {
            Ok(found) if found == key => {}
            Ok(_) => return Err("another key than the data's".to_owned()),
            Err(error) => return Err(format!("it does not open: {error}")),
        }
        if !HeaderFile::read(folder).is_ok_and(|header| header.any().is_some_and(|header| header.opens_with(&key))) {
            return Err("the header is not the data's any more".to_owned());
        }
    }
    Ok(())
}

#[test]
fn a_header_that_was_being_written_when_the_power_went_still_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run(folder.path());
    let keyring = folder.path().join("keyring");
    assert_eq!(FileKeyring(keyring.clone()).get("").expect("a keyring").len(), 1, "the keyring has the key");
    let points = STATES * rounds();
    let (mut random, mut broken, mut tried) = (Random::new(seed()), Vec::new(), 0);
    let calls = &run.calls;
    assert!(calls.iter().filter(|call| matches!(call, Call::Rename(..))).count() >= 10, "headers were written");
    while tried < points {
        let mut disk = Folder::default();
        for cut in 0..=calls.len() {
            for _ in 0..4 {
                let state: PathBuf = folder.path().join(format!("state-{tried}"));
                fs::create_dir(&state).expect("a folder");
                for (name, bytes) in disk.any_state(&mut random) {
                    let bytes = if name == DATABASE { &run.database } else { &bytes };
                    fs::write(state.join(name), bytes).expect("written");
                }
                if let Err(what) = look(&state, &run, &keyring, &Told::at(calls, cut)) {
                    broken.push(format!("cut before {:?}: {what}", calls.get(cut)));
                }
                fs::remove_dir_all(&state).expect("removed");
                tried += 1;
            }
            if let Some(call) = calls.get(cut) {
                disk.take(call);
            }
        }
    }
    assert!(broken.is_empty(), "{} of {tried} broke: {:#?}", broken.len(), &broken[..broken.len().min(5)]);
    let violations = broken.len() as u64;
    FaultRow {
        id: "F2 keys",
        name: "power goes while the key's header is written",
        points: tried,
        violations,
        target: STATES,
    }
    .close();
}
