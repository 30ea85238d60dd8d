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

/// Half a header, in place of the one that is there.
fn damage(setup: &Setup, name: &str) {
    fs::write(setup.folder.path().join(name), b"{\"version\": 1,").expect("written");
}

fn set_aside(setup: &Setup) -> usize {
    let names = fs::read_dir(setup.folder.path()).expect("a folder").flatten().map(|entry| entry.file_name());
    names.filter(|name| name.to_string_lossy().starts_with("keys.json.damaged-")).count()
}

#[test]
fn a_damaged_header_is_set_aside_and_the_passphrase_heals_it_by_its_copy() {
    let (setup, key) = Setup::with_data();
    setup.keys().set_passphrase(&key, "correct horse").expect("a second slot");
    damage(&setup, "keys.json");
    let half = setup.header();
    assert_eq!(setup.cause(), LockCause::DamagedHeader, "half a header is no header");
    assert_eq!(setup.cause(), LockCause::DamagedHeader, "and stays none");
    assert_eq!((setup.header(), set_aside(&setup)), (half, 1), "set aside once, overwritten by nothing");
    assert_eq!(setup.keys().slots().expect("its copy"), (true, true), "the copy still says what opens it");
    assert!(
        matches!(setup.keys().unlock_by_passphrase("wrong"), Err(UnlockError::WrongPassphrase)),
        "another passphrase heals nothing"
    );
    assert_eq!(setup.cause(), LockCause::DamagedHeader, "not yet");
    assert_eq!(setup.keys().unlock_by_passphrase("correct horse").expect("opens"), key, "the same key");
    assert_eq!(setup.keys().unlock_by_keyring().expect("opens"), key, "and the header is whole again");
    assert_eq!(set_aside(&setup), 1, "the damaged one is kept");
}

#[test]
fn a_damaged_header_is_healed_by_a_proven_key_when_the_reviewer_asks() {
    for both in [false, true] {
        let (setup, key) = Setup::with_data();
        damage(&setup, "keys.json");
        if both {
            damage(&setup, "keys-copy.json");
        }
        assert_eq!(setup.cause(), LockCause::DamagedHeader, "never behind the reviewer's back");
        let other = replace_key(&setup, vec![9; 32]);
        assert!(
            matches!(setup.keys().unlock_by_keyring_again(), Err(UnlockError::Locked(LockCause::WrongKey))),
            "another key proves nothing"
        );
        assert_eq!(setup.cause(), LockCause::DamagedHeader, "and heals nothing");
        replace_key(&setup, other);
        assert_eq!(setup.keys().unlock_by_keyring_again().expect("opens"), key, "the copy or the database knows it");
        assert_eq!(setup.keys().unlock_by_keyring().expect("opens"), key, "and the header is whole again");
    }
}

#[test]
fn a_damaged_header_is_one_whatever_the_keyring_says() {
    let (setup, _) = Setup::with_data();
    damage(&setup, "keys.json");
    for fault in [Some(KeyringFault::Locked), Some(KeyringFault::Unavailable), None] {
        setup.keyring.fail(fault);
        assert_eq!(setup.cause(), LockCause::DamagedHeader, "with the keyring {fault:?}");
    }
    fs::remove_file(setup.folder.path().join("keys.json")).expect("it was there");
    assert_eq!(setup.cause(), LockCause::DamagedHeader, "a header that is gone is a damaged one");
    fs::remove_file(setup.folder.path().join("keys-copy.json")).expect("it was there");
    assert_eq!(setup.cause(), LockCause::DamagedHeader, "data without any header as well");
}

#[test]
fn a_header_of_before_gets_its_copy_and_one_of_a_newer_program_is_left_alone() {
    let (setup, key) = Setup::with_data();
    fs::remove_file(setup.folder.path().join("keys-copy.json")).expect("it was there");
    assert_eq!(setup.keys().unlock_by_keyring().expect("opens"), key, "as before");
    damage(&setup, "keys.json");
    assert_eq!(setup.keys().unlock_by_keyring_again().expect("opens"), key, "there is a copy now");
    let newer = b"{\"version\": 2, \"slots\": []}";
    fs::write(setup.folder.path().join("keys.json"), newer).expect("written");
    let refused = setup.keys().unlock_by_keyring_again();
    assert!(matches!(refused, Err(UnlockError::Store(StoreError::Newer { found: 2, known: 1 }))), "said as it is");
    assert_eq!(setup.header(), newer, "it is not ours to replace");
}

#[test]
fn a_change_of_slots_that_breaks_off_leaves_a_header_that_opens() {
    let (setup, key) = Setup::with_data();
    setup.keys().set_passphrase(&key, "correct horse").expect("a second slot");
    let copy = setup.folder.path().join("keys-copy.json");
    let before = fs::read(&copy).expect("a copy");
    setup.keys().set_passphrase(&key, "another horse").expect("a new passphrase");
    // The program died between the two files, and then the first one was lost.
    fs::write(&copy, before).expect("written");
    damage(&setup, "keys.json");
    assert_eq!(setup.keys().unlock_by_passphrase("correct horse").expect("opens"), key, "the slot before is good");
}

#[test]
fn a_first_start_that_never_got_to_its_database_begins_again() {
    let setup = Setup::new();
    setup.keys().unlock_by_keyring().expect("a first start");
    setup.keyring.entries.lock().expect("no panic before").clear();
    let key = setup.keys().unlock_by_keyring().expect("there was nothing to lose");
    drop(Store::open(setup.folder.path(), &key).expect("a new database"));
    setup.keyring.entries.lock().expect("no panic before").clear();
    assert_eq!(setup.cause(), LockCause::KeyMissing, "with data there is");
    fs::create_dir_all(setup.folder.path().join("quarantine/1")).expect("a folder");
    fs::rename(setup.folder.path().join("pingli.db"), setup.folder.path().join("quarantine/1/pingli.db"))
        .expect("set aside");
    assert_eq!(setup.cause(), LockCause::KeyMissing, "also when it was set aside");
}

#[test]
fn the_key_is_put_into_another_keyring_but_never_over_another_key() {
    let (setup, key) = Setup::with_data();
    setup.keys().set_passphrase(&key, "correct horse").expect("a second slot");
    let right = replace_key(&setup, vec![9; 32]);
    assert!(setup.keys().keep_in_keyring(&key).is_err(), "the other key may open something else");
    assert!(setup.keys().remove_passphrase(&key).is_err(), "and the last slot stays");
    assert_eq!(replace_key(&setup, right), vec![9; 32], "it is still there");
    setup.keyring.entries.lock().expect("no panic before").clear();
    assert_eq!(setup.cause(), LockCause::KeyMissing, "another desktop");
    setup.keys().keep_in_keyring(&key).expect("the keyring takes it");
    assert_eq!(setup.keys().unlock_by_keyring().expect("opens"), key, "without a passphrase from now on");
}

/// Puts another secret in the place of the one entry, and answers with the one before.
fn replace_key(setup: &Setup, secret: Vec<u8>) -> Vec<u8> {
    let mut entries = setup.keyring.entries.lock().expect("no panic before");
    let secrets = entries.values_mut().next().expect("one entry");
    std::mem::replace(secrets, vec![Zeroizing::new(secret)]).remove(0).to_vec()
}

#[test]
fn a_leftover_key_without_data_is_used_again() {
    let (setup, key) = Setup::with_data();
    for name in ["pingli.db", "pingli.db-wal", "pingli.db-shm", "keys.json", "keys-copy.json"] {
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

#[test]
fn nothing_is_kept_only_where_there_is_nothing_and_no_keyring() {
    let key = DataKey::from_bytes([1; 32]);
    let header = KeyHeader::new(&key, "entry".to_owned(), true, &fill).expect("a header");
    let headers = [
        HeaderFile::Absent,
        HeaderFile::Read(header.clone()),
        HeaderFile::Damaged(Some(header)),
        HeaderFile::Damaged(None),
    ];
    let says = || {
        [
            KeyringSays::NoEntry,
            KeyringSays::Keys(vec![key.clone()]),
            KeyringSays::Fault(KeyringFault::Locked),
            KeyringSays::Fault(KeyringFault::Unavailable),
        ]
    };
    for (header, database) in headers.iter().flat_map(|header| [(header, false), (header, true)]) {
        for asked in [Asked::AtStart, Asked::ByReviewer, Asked::ToKeepNothing] {
            for keyring in says() {
                let nothing = !database
                    && *header == HeaderFile::Absent
                    && keyring == KeyringSays::Fault(KeyringFault::Unavailable)
                    && asked == Asked::ToKeepNothing;
                let what = format!("{header:?}, database {database}, {keyring:?}, {asked:?}");
                let decided = decide(&Found { database, header, keyring, asked });
                assert_eq!(decided == Decision::KeepNothing, nothing, "{what}: {decided:?}");
                let makes = matches!(decided, Decision::Make | Decision::KeepNothing);
                assert!(!(database && makes), "no new key over data: {what}");
            }
        }
    }
}

#[test]
fn a_session_key_is_made_beside_nothing_and_written_nowhere_until_it_is_kept() {
    let setup = Setup::new();
    setup.keyring.fail(Some(KeyringFault::Unavailable));
    let key = setup.keys().session_key().expect("a first start");
    assert_eq!(fs::read_dir(setup.folder.path()).expect("a folder").count(), 0, "nothing is written");
    assert_ne!(setup.keys().session_key().expect("again"), key, "each session has its own");
    setup.keys().keep_session_key(&key, "correct horse").expect("kept");
    assert_eq!(setup.keys().unlock_by_passphrase("correct horse").expect("opens"), key, "the same key");
    assert!(setup.keys().session_key().is_err(), "there is a header now");
    assert!(setup.keys().keep_session_key(&key, "another horse").is_err(), "and it is not replaced");
    for trace in ["quarantine/1", "keys.json.damaged-00", "pingli.db"] {
        let setup = Setup::new();
        fs::create_dir_all(setup.folder.path().join(trace)).expect("a trace of data");
        assert!(!setup.keys().may_keep_nothing().expect("read"), "beside {trace}");
    }
}
