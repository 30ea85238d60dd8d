//! A reviewer's machine: a data folder, a keyring in memory, and the real client.

use pingli_client::{
    Client, ClientConfig,
    view::{AppView, DocketRow, Stage},
};
use pingli_store::keys::{DataKey, HeaderFile, Keyring, KeyringFault, PassphraseCost, Secret};
use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// A story that waits longer than this for something is stuck.
const STUCK: Duration = Duration::from_secs(60);

/// A keyring that lives as long as the story.
#[derive(Default)]
pub struct MemoryKeyring(Mutex<HashMap<String, Secret>>);

impl std::fmt::Debug for MemoryKeyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryKeyring {..}")
    }
}

impl Keyring for MemoryKeyring {
    fn get(&self, name: &str) -> Result<Vec<Secret>, KeyringFault> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(entries.get(name).cloned().into_iter().collect())
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringFault> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert(name.to_owned(), Secret::new(secret.to_vec()));
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), KeyringFault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

/// There is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeyring;

impl Keyring for NoKeyring {
    fn get(&self, _: &str) -> Result<Vec<Secret>, KeyringFault> {
        Err(KeyringFault::Unavailable)
    }

    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeyringFault> {
        Err(KeyringFault::Unavailable)
    }

    fn remove(&self, _: &str) -> Result<(), KeyringFault> {
        Err(KeyringFault::Unavailable)
    }
}

/// The program on a machine without a keyring, in a folder as it is.
pub async fn start_without_keyring(folder: &Path) -> Client {
    start(folder, &(Arc::new(NoKeyring) as Arc<dyn Keyring>), &(String::new(), String::new())).await
}

/// A new id, as the window makes them.
#[must_use]
pub fn new_id<T: From<uuid::Uuid>>() -> T {
    uuid::Uuid::now_v7().into()
}

/// A reviewer's machine.
pub struct Desk {
    folder: tempfile::TempDir,
    keyring: Arc<dyn Keyring>,
    account: (String, String),
    /// The client.
    pub client: Client,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("folder", &self.folder.path()).finish_non_exhaustive()
    }
}

async fn start(folder: &Path, keyring: &Arc<dyn Keyring>, account: &(String, String)) -> Client {
    let (name, password) = account.clone();
    let config = ClientConfig {
        keyring: Arc::clone(keyring),
        media_worker: (crate::media_worker(), Vec::new()),
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        open_url: Arc::new(move |url| {
            let (url, name, password) = (url.to_owned(), name.clone(), password.clone());
            tokio::spawn(async move { crate::sign_in_by_script(&url, &name, &password).await });
        }),
        ..ClientConfig::new(folder)
    };
    Client::start(config).await.expect("a client")
}

impl Desk {
    /// A new machine of the reviewer with this name and password.
    pub async fn new(name: &str, password: &str) -> Self {
        Self::with(Arc::new(MemoryKeyring::default()), name, password).await
    }

    /// A new machine without a keyring, on which nothing is kept.
    pub async fn unkept(name: &str, password: &str) -> Self {
        let desk = Self::with(Arc::new(NoKeyring), name, password).await;
        desk.client.keep_nothing().await.expect("a session");
        desk
    }

    async fn with(keyring: Arc<dyn Keyring>, name: &str, password: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let account = (name.to_owned(), password.to_owned());
        let client = start(folder.path(), &keyring, &account).await;
        Self { folder, keyring, account, client }
    }

    /// The program ends and starts again.
    pub async fn restart(&mut self) {
        self.restart_after(|_| ()).await;
    }

    /// The program ends, something happens to its data folder, and it starts again.
    pub async fn restart_after(&mut self, happens: impl FnOnce(&Path)) {
        self.client.shut_down(false).await;
        happens(self.folder.path());
        self.client = start(self.folder.path(), &self.keyring, &self.account).await;
    }

    /// The program ends; what it knows is on the disk.
    pub async fn stop(&self) {
        self.client.shut_down(false).await;
    }

    /// The program starts again.
    pub async fn start(&mut self) {
        self.client = start(self.folder.path(), &self.keyring, &self.account).await;
    }

    /// A copy of the data folder as it is on the disk.
    #[must_use]
    pub fn backup(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().expect("a folder");
        crate::copy_folder(self.folder.path(), copy.path());
        copy
    }

    /// Puts a copy in the place of the data folder. The program must be stopped.
    pub fn restore(&mut self, backup: &tempfile::TempDir) {
        let fresh = tempfile::tempdir().expect("a folder");
        crate::copy_folder(backup.path(), fresh.path());
        self.folder = fresh;
    }

    /// Another machine with a copy of the data folder and of its key, not started yet.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self {
            folder: self.backup(),
            keyring: Arc::clone(&self.keyring),
            account: self.account.clone(),
            client: self.client.clone(),
        }
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The key of the data folder, from the keyring.
    #[must_use]
    pub fn data_key(&self) -> DataKey {
        DataKey::from_secret(&self.secret()).expect("a key")
    }

    fn secret(&self) -> Secret {
        let header = HeaderFile::read(self.folder()).expect("a header that reads");
        let entry = &header.any().expect("a header").entry;
        self.keyring.get(entry).expect("a keyring").swap_remove(0)
    }

    /// The database, beside the program that has it open.
    #[must_use]
    pub fn database(&self) -> rusqlite::Connection {
        let database = rusqlite::Connection::open(self.folder().join("pingli.db")).expect("a database");
        let key = crate::database_key(&self.secret());
        database
            .execute_batch(&format!(
                "pragma key = \"x'{key}'\"; pragma cipher_page_size = 16384; pragma cipher_hmac_algorithm = HMAC_SHA256;"
            ))
            .expect("a cipher");
        database
    }

    /// Waits until the row of a case is as wanted.
    pub async fn row_of(&self, case: &str, wanted: impl Fn(&DocketRow) -> bool) -> DocketRow {
        let mut changes = self.client.subscribe();
        let mut last = None;
        let waiting = async {
            loop {
                let rows = self.client.docket().await.expect("a docket").rows;
                match rows.into_iter().find(|row| row.case.as_str() == case) {
                    Some(row) if wanted(&row) => return row,
                    row => last = row,
                }
                let _ = changes.recv().await;
            }
        };
        let found = tokio::time::timeout(STUCK, waiting).await;
        found.unwrap_or_else(|_| panic!("{case} never became as wanted: {:?}", last.map(|row| row.state)))
    }

    /// Signs in through the real page and waits until the docket is there.
    pub async fn sign_in(&self, server: &str) -> AppView {
        let mut changes = self.client.subscribe();
        let begun = self.client.sign_in(server).await.expect("a sign-in that begins");
        assert!(matches!(begun.stage, Stage::SigningIn { .. }), "the browser is asked");
        let waiting = async {
            loop {
                let view = self.client.app_status().await.expect("a state");
                if view.stage == Stage::Ready && view.sync.last_complete.is_some() {
                    return view;
                }
                // A lagging listener has missed changes, which is a change as well.
                let _ = changes.recv().await;
            }
        };
        tokio::time::timeout(STUCK, waiting).await.expect("signed in and synced")
    }

    /// Waits until the only row of the docket is as wanted.
    pub async fn row(&self, wanted: impl Fn(&DocketRow) -> bool) -> DocketRow {
        let mut changes = self.client.subscribe();
        let mut last = None;
        let waiting = async {
            loop {
                let row = self.client.docket().await.expect("a docket").rows.into_iter().next();
                match row {
                    Some(row) if wanted(&row) => return row,
                    row => last = row,
                }
                let _ = changes.recv().await;
            }
        };
        let found = tokio::time::timeout(STUCK, waiting).await;
        found.unwrap_or_else(|_| panic!("the row never became as wanted: {:?}", last.map(|row| row.state)))
    }

    /// Damages the evidence on the disk, at its end.
    pub fn damage_packs(&self) {
        for entry in std::fs::read_dir(self.folder.path().join("packs")).expect("packs").flatten() {
            crate::flip_last_byte(&entry.path());
        }
    }

    /// Every byte of every file in the data folder.
    #[must_use]
    pub fn everything_on_disk(&self) -> Vec<u8> {
        let mut all = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).expect("a folder").flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    all.extend(std::fs::read(entry.path()).expect("a file"));
                }
            }
        }
        all
    }
}
