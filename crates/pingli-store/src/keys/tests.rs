//! The table of key store states, over fakes.

use super::*;
use std::{collections::HashMap, sync::Mutex};

/// A keyring that says what a test wants.
#[derive(Default)]
struct FakeKeyring {
    entries: Mutex<HashMap<String, Vec<Secret>>>,
    fault: Mutex<Option<KeyringFault>>,
}

impl FakeKeyring {
    fn fail(&self, fault: Option<KeyringFault>) {
        *self.fault.lock().expect("no panic before") = fault;
    }

    fn check(&self) -> Result<(), KeyringFault> {
        self.fault.lock().expect("no panic before").map_or(Ok(()), Err)
    }
}

impl Keyring for FakeKeyring {
    fn get(&self, name: &str) -> Result<Vec<Secret>, KeyringFault> {
        self.check()?;
        Ok(self.entries.lock().expect("no panic before").get(name).cloned().unwrap_or_default())
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringFault> {
        self.check()?;
        let mut entries = self.entries.lock().expect("no panic before");
        entries.insert(name.to_owned(), vec![Zeroizing::new(secret.to_vec())]);
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), KeyringFault> {
        self.check()?;
        self.entries.lock().expect("no panic before").remove(name);
        Ok(())
    }
}

fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("random bytes");
}

const CHEAP: PassphraseCost = PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 };

struct Setup {
    folder: tempfile::TempDir,
    keyring: Arc<FakeKeyring>,
}

impl Setup {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), keyring: Arc::default() }
    }

    fn keys(&self) -> KeyStore {
        KeyStore::new(self.folder.path(), Arc::clone(&self.keyring) as _, Arc::new(fill), CHEAP)
    }

    /// First start with the keyring; the database is there afterwards.
    fn with_data() -> (Self, DataKey) {
        let setup = Self::new();
        let key = setup.keys().unlock_by_keyring().expect("a first start");
        drop(Store::open(setup.folder.path(), &key).expect("a new database"));
        (setup, key)
    }

    fn cause(&self) -> LockCause {
        match self.keys().unlock_by_keyring() {
            Err(UnlockError::Locked(cause)) => cause,
            other => panic!("expected a locked store, found {other:?}"),
        }
    }

    fn header(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("keys.json")).expect("a header")
    }
}

#[test]
fn a_first_start_makes_a_key_and_the_next_start_finds_it() {
    let (setup, key) = Setup::with_data();
    assert_eq!(setup.keys().unlock_by_keyring().expect("opens"), key, "the same key comes back");
    assert_eq!(setup.keys().slots().expect("a header"), (true, false), "it is in the keyring only");
}

#[test]
fn no_entry_beside_a_database_never_makes_a_key() {
    let (setup, _) = Setup::with_data();
    let before = setup.header();
    setup.keyring.entries.lock().expect("no panic before").clear();
    assert_eq!(setup.cause(), LockCause::KeyMissing, "data without a key stays locked");
    assert!(setup.keyring.entries.lock().expect("no panic before").is_empty(), "no key was made");
    assert_eq!(setup.header(), before, "the header was not touched");
}

#[test]
fn a_wrong_key_a_locked_keyring_and_none_at_all_are_told_apart() {
    let (setup, key) = Setup::with_data();
    setup.keyring.fail(Some(KeyringFault::Locked));
    assert_eq!(setup.cause(), LockCause::KeyringLocked, "a dismissed prompt");
    setup.keyring.fail(Some(KeyringFault::Unavailable));
    assert_eq!(setup.cause(), LockCause::KeyringUnavailable, "a mute service");
    setup.keyring.fail(None);
    let right = {
        let mut entries = setup.keyring.entries.lock().expect("no panic before");
        let secrets = entries.values_mut().next().expect("one entry");
        std::mem::replace(secrets, vec![Zeroizing::new(vec![9; 32])])
    };
    assert_eq!(setup.cause(), LockCause::WrongKey, "a key that opens nothing");
    {
        let mut entries = setup.keyring.entries.lock().expect("no panic before");
        entries.values_mut().next().expect("one entry").extend(right);
    }
    assert_eq!(setup.keys().unlock_by_keyring().expect("opens"), key, "of two keys the right one is tried");
}

#[test]
fn a_first_start_without_a_keyring_needs_a_passphrase() {
    let setup = Setup::new();
    setup.keyring.fail(Some(KeyringFault::Unavailable));
    assert_eq!(setup.cause(), LockCause::KeyringUnavailable, "no key is written beside the data");
    let key = setup.keys().unlock_by_passphrase("correct horse").expect("a first start by passphrase");
    drop(Store::open(setup.folder.path(), &key).expect("a new database"));
    assert_eq!(setup.keys().unlock_by_passphrase("correct horse").expect("opens"), key, "the same key comes back");
    assert!(
        matches!(setup.keys().unlock_by_passphrase("wrong"), Err(UnlockError::WrongPassphrase)),
        "another passphrase opens nothing"
    );
}

#[test]
fn a_damaged_header_is_set_aside_and_nothing_is_overwritten() {
    let (setup, _) = Setup::with_data();
    let path = setup.folder.path().join("keys.json");
    fs::write(&path, b"{\"version\": 1,").expect("written");
    assert_eq!(setup.cause(), LockCause::DamagedHeader, "half a header is no header");
    assert_eq!(setup.cause(), LockCause::DamagedHeader, "and stays none");
    let copies = fs::read_dir(setup.folder.path())
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("keys.json.damaged-"))
        .count();
    assert_eq!(copies, 1, "it is set aside once");
}

#[test]
fn a_leftover_key_without_data_is_used_again() {
    let (setup, key) = Setup::with_data();
    for name in ["pingli.db", "pingli.db-wal", "pingli.db-shm", "keys.json"] {
        let _ = fs::remove_file(setup.folder.path().join(name));
    }
    assert_eq!(setup.keys().unlock_by_keyring().expect("opens"), key, "no second key is made");
}

#[test]
fn the_passphrase_goes_only_while_the_keyring_has_the_key() {
    let (setup, key) = Setup::with_data();
    setup.keys().set_passphrase(&key, "correct horse").expect("a second slot");
    assert_eq!(setup.keys().slots().expect("a header"), (true, true), "both slots are there");
    setup.keyring.fail(Some(KeyringFault::Unavailable));
    assert_eq!(setup.keys().unlock_by_passphrase("correct horse").expect("opens"), key, "the passphrase is enough");
    assert!(setup.keys().remove_passphrase(&key).is_err(), "the last slot stays");
    assert_eq!(setup.keys().slots().expect("a header"), (true, true), "both slots are still there");
    setup.keyring.fail(None);
    setup.keys().remove_passphrase(&key).expect("the keyring has the key");
    assert_eq!(setup.keys().slots().expect("a header"), (true, false), "only the keyring is left");
}
