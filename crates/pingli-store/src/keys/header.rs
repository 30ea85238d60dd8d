//! The key header: a small versioned file beside the database with two slots and a check value.
//! Written to a temporary file, synced, read back, renamed, then used; and the same once more as a
//! copy, because without it a recovery passphrase opens nothing.

use super::{DataKey, UnlockError};
use crate::StoreError;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use pingli_protocol::limits::JsonLimits;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::Path,
};
use zeroize::Zeroizing;

const FILE: &str = "keys.json";
const COPY: &str = "keys-copy.json";
pub(super) const SET_ASIDE: &str = "keys.json.damaged-";
const VERSION: u32 = 1;
const CHECKED: &[u8] = b"pingli key check 1";

/// What a passphrase costs to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassphraseCost {
    /// KiB of memory.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PassphraseCost {
    /// 64 MiB and three passes: about half a second on a small machine.
    fn default() -> Self {
        Self { memory_kib: 64 << 10, passes: 3, lanes: 1 }
    }
}

/// The header's contents. Nothing in it is a secret by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyHeader {
    pub(super) version: u32,
    /// The name of the keyring's entry.
    pub entry: String,
    /// Whether the keyring holds the key.
    pub keyring: bool,
    /// A constant, sealed with the key: proves the right one.
    pub(super) check: Sealed,
    /// The key behind the recovery passphrase.
    pub passphrase: Option<PassphraseSlot>,
}

/// The key behind a passphrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassphraseSlot {
    cost: PassphraseCost,
    salt: String,
    wrapped: Sealed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sealed {
    nonce: String,
    bytes: String,
}

impl Sealed {
    fn seal(key: &[u8; 32], plain: &[u8], bound_to: &str, fill: &dyn Fn(&mut [u8])) -> Result<Self, StoreError> {
        let mut nonce = [0; 24];
        fill(&mut nonce);
        let payload = Payload { msg: plain, aad: bound_to.as_bytes() };
        let bytes = XChaCha20Poly1305::new(&(*key).into())
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| StoreError::Tampered)?;
        Ok(Self { nonce: BASE64.encode(nonce), bytes: BASE64.encode(bytes) })
    }

    fn open(&self, key: &[u8; 32], bound_to: &str) -> Option<Zeroizing<Vec<u8>>> {
        let nonce: [u8; 24] = BASE64.decode(&self.nonce).ok()?.try_into().ok()?;
        let bytes = BASE64.decode(&self.bytes).ok()?;
        let payload = Payload { msg: &bytes, aad: bound_to.as_bytes() };
        XChaCha20Poly1305::new(&(*key).into()).decrypt(&XNonce::from(nonce), payload).ok().map(Zeroizing::new)
    }
}

fn stretch(passphrase: &str, salt: &[u8], cost: PassphraseCost) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    let params =
        argon2::Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| StoreError::Tampered)?;
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut key = Zeroizing::new([0; 32]);
    argon.hash_password_into(passphrase.as_bytes(), salt, &mut *key).map_err(|_| StoreError::Tampered)?;
    Ok(key)
}

impl KeyHeader {
    pub(super) fn new(
        key: &DataKey,
        entry: String,
        keyring: bool,
        fill: &dyn Fn(&mut [u8]),
    ) -> Result<Self, StoreError> {
        let check = Sealed::seal(&key.derive("pingli check key 1"), CHECKED, "check", fill)?;
        Ok(Self { version: VERSION, entry, keyring, check, passphrase: None })
    }

    /// Whether this is the right key.
    #[must_use]
    pub fn opens_with(&self, key: &DataKey) -> bool {
        self.check.open(&key.derive("pingli check key 1"), "check").is_some_and(|plain| plain.as_slice() == CHECKED)
    }

    pub(super) fn with_passphrase(
        mut self,
        key: &DataKey,
        passphrase: &str,
        cost: PassphraseCost,
        fill: &dyn Fn(&mut [u8]),
    ) -> Result<Self, StoreError> {
        let mut salt = [0; 16];
        fill(&mut salt);
        let wrapping = stretch(passphrase, &salt, cost)?;
        let wrapped = Sealed::seal(&wrapping, key.as_bytes(), "passphrase", fill)?;
        self.passphrase = Some(PassphraseSlot { cost, salt: BASE64.encode(salt), wrapped });
        Ok(self)
    }

    pub(super) fn open_by_passphrase(&self, passphrase: &str) -> Result<DataKey, UnlockError> {
        let Some(slot) = &self.passphrase else { return Err(UnlockError::WrongPassphrase) };
        // A header that asks for gigabytes was not written by us.
        if slot.cost.memory_kib > 1 << 20 || slot.cost.passes > 64 || slot.cost.lanes > 16 {
            return Err(StoreError::Tampered.into());
        }
        let salt = BASE64.decode(&slot.salt).map_err(|_| StoreError::Tampered)?;
        let wrapping = stretch(passphrase, &salt, slot.cost)?;
        let key = slot.wrapped.open(&wrapping, "passphrase").and_then(|plain| DataKey::from_secret(&plain));
        key.filter(|key| self.opens_with(key)).ok_or(UnlockError::WrongPassphrase)
    }

    /// Writes the header in place of the old one, then its copy. Between the two both are good, and
    /// open the same data.
    pub(super) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        self.write_file(folder, FILE)?;
        self.write_file(folder, COPY)
    }

    /// Removes header and copy.
    pub(super) fn remove(folder: &Path) -> Result<(), StoreError> {
        fs::remove_file(folder.join(COPY))?;
        Ok(fs::remove_file(folder.join(FILE))?)
    }

    /// Writes the copy anew when it is not this header: older programs made none.
    pub(super) fn mend_copy(&self, folder: &Path) -> Result<(), StoreError> {
        match read_file(folder, COPY)? {
            One::Read(copy) if copy == *self => Ok(()),
            _ => self.write_file(folder, COPY),
        }
    }

    fn write_file(&self, folder: &Path, name: &str) -> Result<(), StoreError> {
        let temporary = folder.join(format!("{name}.new"));
        let mut file = File::create(&temporary)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        drop(file);
        let again: Self = serde_json::from_slice(&fs::read(&temporary)?)?;
        if again != *self {
            return Err(StoreError::Tampered);
        }
        fs::rename(&temporary, folder.join(name))?;
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}

/// The header as it was found.
#[derive(Debug, PartialEq, Eq)]
pub enum HeaderFile {
    /// There is none.
    Absent,
    /// It reads.
    Read(KeyHeader),
    /// It does not read, or is gone although its copy is here; the copy may be good.
    Damaged(Option<KeyHeader>),
}

/// One of the two files.
enum One {
    Absent,
    Read(KeyHeader),
    Damaged,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

fn read_file(folder: &Path, name: &str) -> Result<One, StoreError> {
    let file = match File::open(folder.join(name)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(One::Absent),
        Err(error) => return Err(error.into()),
    };
    let mut bytes = Vec::new();
    // One byte more than is taken, so that a longer one is seen to be longer.
    file.take(JsonLimits::SMALL.bytes as u64 + 1).read_to_end(&mut bytes)?;
    One::parse(&bytes)
}

impl One {
    fn parse(bytes: &[u8]) -> Result<Self, StoreError> {
        if JsonLimits::SMALL.check(bytes).is_err() {
            return Ok(Self::Damaged);
        }
        match serde_json::from_slice::<Version>(bytes) {
            // Not damaged, and not ours to replace.
            Ok(Version { version: found }) if found > VERSION => Err(StoreError::Newer { found, known: VERSION }),
            Ok(Version { version: VERSION }) => Ok(serde_json::from_slice(bytes).map_or(Self::Damaged, Self::Read)),
            _ => Ok(Self::Damaged),
        }
    }
}

impl HeaderFile {
    /// Reads the header of a folder.
    ///
    /// # Errors
    /// [`StoreError::Io`]; [`StoreError::Newer`].
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        Ok(match (read_file(folder, FILE)?, read_file(folder, COPY)?) {
            (One::Read(header), _) => Self::Read(header),
            (One::Absent, One::Absent) => Self::Absent,
            (_, One::Read(copy)) => Self::Damaged(Some(copy)),
            _ => Self::Damaged(None),
        })
    }

    /// Reads the bytes of a header.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        match One::parse(bytes) {
            Ok(One::Read(header)) => Self::Read(header),
            _ => Self::Damaged(None),
        }
    }

    /// The header, or its copy.
    #[must_use]
    pub const fn any(&self) -> Option<&KeyHeader> {
        match self {
            Self::Read(header) | Self::Damaged(Some(header)) => Some(header),
            Self::Damaged(None) | Self::Absent => None,
        }
    }

    /// Sets what does not read aside, so that it is still there when a good header takes its place.
    /// A copy: the damaged one stays where it is until then.
    pub(super) fn set_aside(folder: &Path, fill: &dyn Fn(&mut [u8])) -> Result<(), StoreError> {
        for name in [FILE, COPY] {
            if !matches!(read_file(folder, name)?, One::Damaged) {
                continue;
            }
            let damaged = folder.join(name);
            let bytes = fs::metadata(&damaged)?.len();
            let mut names = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
            let kept = names.any(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let same_size = fs::metadata(&path).is_ok_and(|kept| kept.len() == bytes);
                name.starts_with(SET_ASIDE) && same_size && is_same(&path, &damaged)
            });
            if !kept {
                let mut random = [0; 4];
                fill(&mut random);
                let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
                fs::copy(&damaged, folder.join(format!("{SET_ASIDE}{digits}")))?;
            }
        }
        Ok(())
    }
}

/// Whether two files begin with the same bytes, as many as a header may have.
fn is_same(one: &Path, other: &Path) -> bool {
    let start = |path: &Path| {
        let mut bytes = Vec::new();
        let file = File::open(path).ok()?;
        file.take(JsonLimits::SMALL.bytes as u64 + 1).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    start(one).is_some_and(|bytes| start(other) == Some(bytes))
}
