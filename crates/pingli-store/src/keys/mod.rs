//! The data key: where it is kept (system keyring, recovery passphrase, or both), and what follows
//! from what is found there. The decision is a pure function; files and keyring are around it.

mod decide;
mod header;
mod keyring;

pub use decide::{Decision, Found, KeyringSays, LockCause, decide};
pub use header::{HeaderFile, KeyHeader, PassphraseCost};
pub use keyring::{Keyring, KeyringFault, Secret, SystemKeyring};

use crate::{Store, StoreError};
use std::{fs, path::Path, path::PathBuf, sync::Arc};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The key that all others hang from. It is wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DataKey([u8; 32]);

impl DataKey {
    /// Takes 32 random bytes as the key.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Takes a secret of the keyring as the key, if it has the right size.
    #[must_use]
    pub fn from_secret(secret: &[u8]) -> Option<Self> {
        secret.try_into().ok().map(Self)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The database's key in hexadecimal digits.
    pub(crate) fn database_key_hex(&self) -> Zeroizing<String> {
        use std::fmt::Write as _;
        let key = self.derive("pingli database key 1");
        let mut hex = Zeroizing::new(String::with_capacity(64));
        for byte in key.iter() {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// Derives a key for one purpose.
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        hash.update((purpose.len() as u64).to_be_bytes());
        hash.update(purpose.as_bytes());
        hash.update(self.0);
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
        fs::create_dir_all(&self.folder).map_err(StoreError::from)?;
        let header = HeaderFile::read(&self.folder)?;
        let name = match &header {
            HeaderFile::Read(header) => header.entry.clone(),
            _ => self.default_entry(),
        };
        let says = match self.keyring.get(&name) {
            Ok(secrets) if secrets.is_empty() => KeyringSays::NoEntry,
            Ok(secrets) => {
                KeyringSays::Keys(secrets.iter().filter_map(|secret| DataKey::from_secret(secret)).collect())
            }
            Err(fault) => KeyringSays::Fault(fault),
        };
        let decision = decide(&Found { database: Store::exists(&self.folder), header: &header, keyring: says });
        match decision {
            Decision::Open(key) => {
                if let HeaderFile::Read(header) = header
                    && !header.keyring
                {
                    KeyHeader { keyring: true, ..header }.write(&self.folder)?;
                }
                Ok(key)
            }
            Decision::Make => {
                let mut bytes = Zeroizing::new([0; 32]);
                (self.fill)(&mut *bytes);
                let key = DataKey::from_bytes(*bytes);
                self.put_in_keyring(&name, &key)?;
                self.header(&key, name, true)?.write(&self.folder)?;
                Ok(key)
            }
            Decision::Reuse(key) => {
                self.header(&key, name, true)?.write(&self.folder)?;
                Ok(key)
            }
            Decision::Locked(cause) => {
                if cause == LockCause::DamagedHeader {
                    HeaderFile::set_aside(&self.folder, &*self.fill)?;
                }
                Err(UnlockError::Locked(cause))
            }
        }
    }

    /// Gets the key by the recovery passphrase. In a folder without data and without a header this
    /// is the first start: a key is made that only the passphrase keeps.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn unlock_by_passphrase(&self, passphrase: &str) -> Result<DataKey, UnlockError> {
        fs::create_dir_all(&self.folder).map_err(StoreError::from)?;
        match HeaderFile::read(&self.folder)? {
            HeaderFile::Read(header) => header.open_by_passphrase(passphrase),
            HeaderFile::Absent if !Store::exists(&self.folder) && !self.was_set_aside() => {
                let mut bytes = Zeroizing::new([0; 32]);
                (self.fill)(&mut *bytes);
                let key = DataKey::from_bytes(*bytes);
                let header = self.header(&key, self.default_entry(), false)?;
                header.with_passphrase(&key, passphrase, self.cost, &*self.fill)?.write(&self.folder)?;
                Ok(key)
            }
            HeaderFile::Absent => Err(UnlockError::Locked(LockCause::KeyMissing)),
            HeaderFile::Damaged => Err(UnlockError::Locked(LockCause::DamagedHeader)),
        }
    }

    /// The slots that hold the key.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn slots(&self) -> Result<(bool, bool), StoreError> {
        Ok(match HeaderFile::read(&self.folder)? {
            HeaderFile::Read(header) => (header.keyring, header.passphrase.is_some()),
            _ => (false, false),
        })
    }

    /// Puts the key behind a passphrase, besides where it is.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn set_passphrase(&self, key: &DataKey, passphrase: &str) -> Result<(), UnlockError> {
        let header = match HeaderFile::read(&self.folder)? {
            HeaderFile::Read(header) => header,
            // The open database proves the key: a lost or damaged header is made anew.
            _ => self.header(key, self.default_entry(), false)?,
        };
        header.with_passphrase(key, passphrase, self.cost, &*self.fill)?.write(&self.folder)?;
        Ok(())
    }

    /// Checks a passphrase.
    ///
    /// # Errors
    /// [`UnlockError::WrongPassphrase`] among others.
    pub fn check_passphrase(&self, passphrase: &str) -> Result<(), UnlockError> {
        match HeaderFile::read(&self.folder)? {
            HeaderFile::Read(header) => header.open_by_passphrase(passphrase).map(|_| ()),
            _ => Err(UnlockError::WrongPassphrase),
        }
    }

    /// Takes the passphrase away, only while the keyring gives the right key.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn remove_passphrase(&self, key: &DataKey) -> Result<(), UnlockError> {
        let HeaderFile::Read(header) = HeaderFile::read(&self.folder)? else {
            return Err(UnlockError::Locked(LockCause::DamagedHeader));
        };
        if !header.keyring {
            self.put_in_keyring(&header.entry, key)?;
        }
        let kept = self.keyring.get(&header.entry)?;
        if !kept.iter().any(|secret| secret.as_slice() == key.as_bytes()) {
            return Err(UnlockError::Locked(LockCause::KeyMissing));
        }
        KeyHeader { keyring: true, passphrase: None, ..header }.write(&self.folder)?;
        Ok(())
    }

    /// Writes the key and reads it back.
    fn put_in_keyring(&self, name: &str, key: &DataKey) -> Result<(), UnlockError> {
        self.keyring.set(name, key.as_bytes())?;
        let kept = self.keyring.get(name)?;
        if kept.iter().any(|secret| secret.as_slice() == key.as_bytes()) {
            Ok(())
        } else {
            Err(KeyringFault::Unavailable.into())
        }
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

    fn was_set_aside(&self) -> bool {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(header::SET_ASIDE))
    }
}

#[cfg(test)]
mod tests;
