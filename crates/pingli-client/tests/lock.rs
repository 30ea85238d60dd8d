//! Opening and locking, as the window sees it.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use pingli_client::{
    Client, ClientConfig,
    view::{KeySlots, LockReason, Stage},
};
use pingli_store::keys::{Keyring, KeyringFault, PassphraseCost, Secret};
use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
};

/// A keyring that may be broken.
#[derive(Default)]
struct FakeKeyring {
    entries: Mutex<HashMap<String, Vec<u8>>>,
    fault: Option<KeyringFault>,
}

impl FakeKeyring {
    fn check(&self) -> Result<(), KeyringFault> {
        self.fault.map_or(Ok(()), Err)
    }
}

impl Keyring for FakeKeyring {
    fn get(&self, name: &str) -> Result<Vec<Secret>, KeyringFault> {
        self.check()?;
        let entries = self.entries.lock().expect("no panic before");
        Ok(entries.get(name).map(|secret| Secret::new(secret.clone())).into_iter().collect())
    }
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringFault> {
        self.check()?;
        self.entries.lock().expect("no panic before").insert(name.to_owned(), secret.to_vec());
        Ok(())
    }
    fn remove(&self, name: &str) -> Result<(), KeyringFault> {
        self.check()?;
        self.entries.lock().expect("no panic before").remove(name);
        Ok(())
    }
}

async fn start(folder: &Path, keyring: &Arc<FakeKeyring>) -> Client {
    let config = ClientConfig {
        keyring: Arc::clone(keyring) as Arc<dyn Keyring>,
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..ClientConfig::new(folder)
    };
    Client::start(config).await.expect("a client")
}

async fn stage(client: &Client) -> Stage {
    client.app_status().await.expect("a state").stage
}

async fn unlock(client: &Client, passphrase: &str) -> Result<(), String> {
    client.unlock(Some(passphrase.to_owned())).await.map(|_| ()).map_err(|error| error.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_first_start_asks_for_a_passphrase() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = Arc::new(FakeKeyring { fault: Some(KeyringFault::Unavailable), ..FakeKeyring::default() });
    let client = start(folder.path(), &broken).await;
    let locked = Stage::Locked { reason: LockReason::KeyringUnavailable, passphrase: false };
    assert_eq!(stage(&client).await, locked, "said plainly");
    assert_eq!(client.docket().await.expect_err("locked").code(), "locked", "no verb looks behind the lock");
    assert_eq!(unlock(&client, "short").await, Err("passphrase_too_short".to_owned()), "eight characters at least");
    unlock(&client, "correct horse").await.expect("a first start");
    assert_eq!(stage(&client).await, Stage::SignedOut, "open, nobody is signed in");
    let slots = client.app_status().await.expect("a state").key_slots;
    assert_eq!(slots, KeySlots { keyring: false, passphrase: true }, "only the passphrase has the key");
    let removed = client.set_passphrase(None, Some("correct horse".to_owned())).await;
    assert!(removed.is_err(), "the last slot stays");

    client.lock_now().await.expect("locked");
    let locked = Stage::Locked { reason: LockReason::ByReviewer, passphrase: true };
    assert_eq!(stage(&client).await, locked, "by the reviewer");
    assert_eq!(unlock(&client, "another horse").await, Err("wrong_passphrase".to_owned()), "not the one");
    unlock(&client, "correct horse").await.expect("opens again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_told_and_a_new_one_begins_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let keyring = Arc::new(FakeKeyring::default());
    let client = start(folder.path(), &keyring).await;
    assert_eq!(stage(&client).await, Stage::SignedOut, "a first start with a keyring needs nothing");
    client.shut_down(false).await;
    drop(client);
    let path = folder.path().join("pingli.db");
    let mut bytes = std::fs::read(&path).expect("a database");
    bytes[200] ^= 1;
    std::fs::write(&path, bytes).expect("written");

    let client = start(folder.path(), &keyring).await;
    let damaged = Stage::Locked { reason: LockReason::DamagedStore, passphrase: false };
    assert_eq!(stage(&client).await, damaged, "nothing is opened behind the reviewer's back");
    assert!(folder.path().join("quarantine").exists(), "the damaged file is kept");
    client.unlock(None).await.expect("a new database");
    assert_eq!(stage(&client).await, Stage::SignedOut, "ready for a sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept_and_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let keyring = Arc::new(FakeKeyring::default());
    let client = start(folder.path(), &keyring).await;
    let mut settings = client.settings().await.expect("defaults");
    settings.text_percent = 150;
    settings.quiet_hours = Some((22, 7));
    client.save_settings(settings.clone()).await.expect("in range");
    settings.quiet_hours = Some((22, 24));
    let refused = client.save_settings(settings.clone()).await.expect_err("no such hour");
    assert_eq!(refused.code(), "setting_invalid", "a range is a range");
    client.shut_down(false).await;
    let kept = start(folder.path(), &keyring).await.settings().await.expect("kept");
    assert_eq!((kept.text_percent, kept.quiet_hours), (150, Some((22, 7))), "still there after a restart");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_data_folder_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("share/pingli");
    let _client = start(&folder, &Arc::default()).await;
    let mode = std::fs::metadata(&folder).expect("made").permissions().mode();
    assert_eq!(mode & 0o077, 0, "names and sizes of what is kept are nobody else's business");
}
