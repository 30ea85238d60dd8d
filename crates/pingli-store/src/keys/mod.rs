//! The data key: where it is kept (system keyring, recovery passphrase, or both), and what follows
//! from what is found there. The decision is a pure function; files and keyring are around it.

mod decide;
mod header;
mod keyring;
mod line;
mod proof;
mod system;

pub use decide::{Asked, Decision, Found, KeyringSays, LockCause, decide};
pub use header::{HeaderFile, KeyHeader, PassphraseCost};
pub use keyring::{Keyring, KeyringFault, Secret, TellLate};
pub use system::SystemKeyring;

use crate::{Store, StoreError};
use std::{fs, path::Path, path::PathBuf, sync::Arc};
use zeroize::Zeroizing;

/// The key that all others hang from. It is wiped from memory when dropped, and stays in one place
/// until then: what is moved leaves copies behind.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey(Box<Zeroizing<[u8; 32]>>);

impl DataKey {
    /// Takes 32 random bytes as the key.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let bytes = Zeroizing::new(bytes);
        let mut key = Self::blank();
        key.0.copy_from_slice(&*bytes);
        key
    }

    /// Takes a secret of the keyring as the key, if it has the right size.
    #[must_use]
    pub fn from_secret(secret: &[u8]) -> Option<Self> {
        let mut key = Self::blank();
        (secret.len() == key.0.len()).then(|| {
            key.0.copy_from_slice(secret);
            key
        })
    }

    /// Makes a key.
    fn random(fill: &dyn Fn(&mut [u8])) -> Self {
        let mut key = Self::blank();
        fill(&mut **key.0);
        key
    }

    fn blank() -> Self {
        Self(Box::new(Zeroizing::new([0; 32])))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The database's key in hexadecimal digits.
    pub(crate) fn database_key_hex(&self) -> Zeroizing<String> {
        use std::fmt::Write as _;
        let key = self.database_key();
        let mut hex = Zeroizing::new(String::with_capacity(64));
        for byte in key.iter() {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// The database's key.
    pub(crate) fn database_key(&self) -> Zeroizing<[u8; 32]> {
        self.derive("pingli database key 1")
    }

    /// Derives a key for one purpose.
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        hash.update((purpose.len() as u64).to_be_bytes());
        hash.update(purpose.as_bytes());
        hash.update(self.as_bytes());
        Zeroizing::new(hash.finalize().into())
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey {..}")
    }
}

/// Why the store stays locked.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// The key is not at hand.
    #[error("the key is not at hand: {0:?}")]
    Locked(LockCause),
    /// The passphrase is not the one.
    #[error("the passphrase is not the one")]
    WrongPassphrase,
    /// The keyring did not take the key, and without one there is no first start.
    #[error(transparent)]
    Keyring(#[from] KeyringFault),
    /// Files or database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Fills a buffer with random bytes.
pub type Fill = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Where a data folder's key is kept, and how to get at it.
#[derive(Clone)]
pub struct KeyStore {
    folder: PathBuf,
    keyring: Arc<dyn Keyring>,
    fill: Fill,
    cost: PassphraseCost,
}

impl std::fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyStore").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl KeyStore {
    /// The key store of a data folder. `fill` gives random bytes.
    #[must_use]
    pub fn new(folder: &Path, keyring: Arc<dyn Keyring>, fill: Fill, cost: PassphraseCost) -> Self {
        Self { folder: folder.to_owned(), keyring, fill, cost }
    }

    /// Gets the key from the keyring, or makes one at the first start (written, read back, then
    /// used).
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn unlock_by_keyring(&self) -> Result<DataKey, UnlockError> {
        self.unlock_asked(Asked::AtStart)
    }

    /// The same when the reviewer asks for it: then a damaged header is made anew, if the keyring has
    /// a key that the header's copy, or the database itself, proves to be the right one.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn unlock_by_keyring_again(&self) -> Result<DataKey, UnlockError> {
        self.unlock_asked(Asked::ByReviewer)
    }

    fn unlock_asked(&self, asked: Asked) -> Result<DataKey, UnlockError> {
        fs::create_dir_all(&self.folder).map_err(StoreError::from)?;
        let header = HeaderFile::read(&self.folder)?;
        HeaderFile::set_aside(&self.folder, &*self.fill)?;
        let name = header.any().map_or_else(|| self.default_entry(), |header| header.entry.clone());
        let says = match self.keyring.get(&name) {
            Ok(secrets) if secrets.is_empty() => KeyringSays::NoEntry,
            Ok(secrets) => {
                KeyringSays::Keys(secrets.iter().filter_map(|secret| DataKey::from_secret(secret)).collect())
            }
            Err(fault) => KeyringSays::Fault(fault),
        };
        let database = Store::exists(&self.folder) || (header.any().is_some() && self.has_quarantine());
        match decide(&Found { database, header: &header, keyring: says, asked }) {
            Decision::Open(key) => {
                match header {
                    HeaderFile::Read(header) if header.keyring => header.mend_copy(&self.folder)?,
                    HeaderFile::Read(header) | HeaderFile::Damaged(Some(header)) => {
                        KeyHeader { keyring: true, ..header }.write(&self.folder)?;
                    }
                    HeaderFile::Absent | HeaderFile::Damaged(None) => {}
                }
                Ok(key)
            }
            Decision::Make => {
                let key = DataKey::random(&*self.fill);
                self.put_in_keyring(&name, &key)?;
                self.header(&key, name, true)?.write(&self.folder)?;
                Ok(key)
            }
            Decision::Reuse(key) => {
                self.header(&key, name, true)?.write(&self.folder)?;
                Ok(key)
            }
            Decision::Prove(keys) => {
                let proven = keys.into_iter().find(|key| proof::opens(&self.folder, key));
                let key = proven.ok_or(UnlockError::Locked(LockCause::WrongKey))?;
                self.header(&key, name, true)?.write(&self.folder)?;
                Ok(key)
            }
            Decision::Locked(cause) => Err(UnlockError::Locked(cause)),
            Decision::KeepNothing => Err(UnlockError::Locked(LockCause::KeyringUnavailable)),
        }
    }

    /// Whether a session that keeps nothing may begin, where the keyring is known to be of no use: only
    /// beside nothing at all.
    ///
    /// # Errors
    /// [`StoreError::Io`]; [`StoreError::Newer`].
    pub fn may_keep_nothing(&self) -> Result<bool, StoreError> {
        let header = HeaderFile::read(&self.folder)?;
        let database = Store::exists(&self.folder) || self.has_quarantine() || self.was_set_aside();
        let keyring = KeyringSays::Fault(KeyringFault::Unavailable);
        let found = Found { database, header: &header, keyring, asked: Asked::ToKeepNothing };
        Ok(decide(&found) == Decision::KeepNothing)
    }

    /// Makes the key of a session that keeps nothing. It is written nowhere.
    ///
    /// # Errors
    /// [`UnlockError::Locked`] where there is anything already.
    pub fn session_key(&self) -> Result<DataKey, UnlockError> {
        if !self.may_keep_nothing()? {
            return Err(UnlockError::Locked(LockCause::KeyringUnavailable));
        }
        Ok(DataKey::random(&*self.fill))
    }

    /// Puts a session's key behind a passphrase, before its database comes to the data folder.
    ///
    /// # Errors
    /// [`UnlockError::Locked`] where there is anything already.
    pub fn keep_session_key(&self, key: &DataKey, passphrase: &str) -> Result<(), UnlockError> {
        if !self.may_keep_nothing()? {
            return Err(UnlockError::Locked(LockCause::KeyringUnavailable));
        }
        let header = self.header(key, self.default_entry(), false)?;
        header.with_passphrase(key, passphrase, self.cost, &*self.fill)?.write(&self.folder)?;
        Ok(())
    }

    /// Takes the header away again whose database did not come after it.
    pub fn forget_session_key(&self) {
        if Store::exists(&self.folder) {
            return;
        }
        if let Err(error) = KeyHeader::remove(&self.folder) {
            tracing::warn!(%error, "a header without data is left");
        }
    }

    /// Gets the key by the recovery passphrase. In a folder without data and without a header this
    /// is the first start: a key is made that only the passphrase keeps.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn unlock_by_passphrase(&self, passphrase: &str) -> Result<DataKey, UnlockError> {
        fs::create_dir_all(&self.folder).map_err(StoreError::from)?;
        HeaderFile::set_aside(&self.folder, &*self.fill)?;
        match HeaderFile::read(&self.folder)? {
            HeaderFile::Read(header) => {
                let key = header.open_by_passphrase(passphrase)?;
                header.mend_copy(&self.folder)?;
                Ok(key)
            }
            HeaderFile::Damaged(Some(copy)) => {
                let key = copy.open_by_passphrase(passphrase)?;
                copy.write(&self.folder)?;
                Ok(key)
            }
            HeaderFile::Absent if !Store::exists(&self.folder) && !self.was_set_aside() => {
                let key = DataKey::random(&*self.fill);
                let header = self.header(&key, self.default_entry(), false)?;
                header.with_passphrase(&key, passphrase, self.cost, &*self.fill)?.write(&self.folder)?;
                Ok(key)
            }
            HeaderFile::Absent | HeaderFile::Damaged(None) => Err(UnlockError::Locked(LockCause::DamagedHeader)),
        }
    }

    /// The slots that hold the key.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn slots(&self) -> Result<(bool, bool), StoreError> {
        let header = HeaderFile::read(&self.folder)?;
        Ok(header.any().map_or((false, false), |header| (header.keyring, header.passphrase.is_some())))
    }

    /// Puts the key behind a passphrase, besides where it is.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn set_passphrase(&self, key: &DataKey, passphrase: &str) -> Result<(), UnlockError> {
        HeaderFile::set_aside(&self.folder, &*self.fill)?;
        let header = match HeaderFile::read(&self.folder)? {
            HeaderFile::Read(header) | HeaderFile::Damaged(Some(header)) => header,
            // The open database proves the key: a lost header is made anew.
            HeaderFile::Absent | HeaderFile::Damaged(None) => self.header(key, self.default_entry(), false)?,
        };
        header.with_passphrase(key, passphrase, self.cost, &*self.fill)?.write(&self.folder)?;
        Ok(())
    }

    /// Checks a passphrase.
    ///
    /// # Errors
    /// [`UnlockError::WrongPassphrase`] among others.
    pub fn check_passphrase(&self, passphrase: &str) -> Result<(), UnlockError> {
        let header = HeaderFile::read(&self.folder)?;
        header.any().ok_or(UnlockError::WrongPassphrase)?.open_by_passphrase(passphrase).map(|_| ())
    }

    /// Takes the passphrase away, only while the keyring gives the right key.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn remove_passphrase(&self, key: &DataKey) -> Result<(), UnlockError> {
        let HeaderFile::Read(header) = HeaderFile::read(&self.folder)? else {
            return Err(UnlockError::Locked(LockCause::DamagedHeader));
        };
        self.put_in_keyring(&header.entry, key)?;
        KeyHeader { keyring: true, passphrase: None, ..header }.write(&self.folder)?;
        Ok(())
    }

    /// Puts the key into the keyring, besides where it is: on a desktop whose keyring does not have it.
    /// Another key under the same name is never overwritten.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn keep_in_keyring(&self, key: &DataKey) -> Result<(), UnlockError> {
        let HeaderFile::Read(header) = HeaderFile::read(&self.folder)? else {
            return Err(UnlockError::Locked(LockCause::DamagedHeader));
        };
        self.put_in_keyring(&header.entry, key)?;
        KeyHeader { keyring: true, ..header }.write(&self.folder)?;
        Ok(())
    }

    /// Writes the key and reads it back; what is there already stays as it is.
    fn put_in_keyring(&self, name: &str, key: &DataKey) -> Result<(), UnlockError> {
        let is_ours = |kept: &[Secret]| kept.iter().any(|secret| secret.as_slice() == key.as_bytes());
        let before = self.keyring.get(name)?;
        if is_ours(&before) {
            return Ok(());
        }
        if !before.is_empty() {
            return Err(UnlockError::Locked(LockCause::WrongKey));
        }
        self.keyring.set(name, key.as_bytes())?;
        if is_ours(&self.keyring.get(name)?) { Ok(()) } else { Err(KeyringFault::Unavailable.into()) }
    }

    fn header(&self, key: &DataKey, entry: String, keyring: bool) -> Result<KeyHeader, StoreError> {
        KeyHeader::new(key, entry, keyring, &*self.fill)
    }

    /// The name of this folder's entry: folders do not share a key.
    fn default_entry(&self) -> String {
        let folder = fs::canonicalize(&self.folder).unwrap_or_else(|_| self.folder.clone());
        let digits = pingli_protocol::Sha256::of(folder.as_os_str().as_encoded_bytes()).to_string();
        format!("data key {}", &digits[..16])
    }

    fn has_quarantine(&self) -> bool {
        fs::read_dir(self.folder.join("quarantine")).is_ok_and(|mut entries| entries.next().is_some())
    }

    fn was_set_aside(&self) -> bool {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(header::SET_ASIDE))
    }
}

#[cfg(test)]
mod tests;
