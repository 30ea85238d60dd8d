//! The server's signing keys: one file per key in `keys/`, readable by the operator alone, and a
//! dated list of their public halves.

use crate::error::{Error, Result};
use pingli_casepack::SigningKey;
use pingli_protocol::{UtcInstant, server::ServerKey};
use std::{
    fs::OpenOptions,
    io::{Read as _, Write as _},
    path::Path,
};

/// The keys of one server.
#[derive(Debug)]
pub struct Keys {
    current: SigningKey,
    list: Vec<ServerKey>,
}

impl Keys {
    /// Opens the keys of a data folder; makes the first one where there is none.
    ///
    /// # Errors
    /// When a file cannot be read or written, or does not read as a key. A damaged key is never
    /// replaced: everything signed so far hangs on it.
    pub fn open(data: &Path, now: UtcInstant) -> Result<Self> {
        let folder = data.join("keys");
        std::fs::create_dir_all(&folder).map_err(Error::file("make the folder keys"))?;
        let (seed_path, list_path) = (folder.join("current.seed"), folder.join("keys.json"));
        if !seed_path.exists() && !list_path.exists() {
            make_first(&seed_path, &list_path, now)?;
        }
        let mut seed = [0_u8; 32];
        std::fs::File::open(&seed_path)
            .and_then(|mut file| file.read_exact(&mut seed))
            .map_err(Error::file("read keys/current.seed"))?;
        let current = SigningKey::from_seed(&seed);
        let text = std::fs::read_to_string(&list_path).map_err(Error::file("read keys/keys.json"))?;
        let list: Vec<ServerKey> = serde_json::from_str(&text)?;
        if !list.iter().any(|key| key.id == *current.id()) {
            return Err(Error::Broken("keys/keys.json does not list the key in keys/current.seed".into()));
        }
        Ok(Self { current, list })
    }

    /// The key that signs now.
    #[must_use]
    pub const fn current(&self) -> &SigningKey {
        &self.current
    }

    /// All keys, by date, as the server describes them.
    #[must_use]
    pub fn list(&self) -> &[ServerKey] {
        &self.list
    }
}

fn make_first(seed_path: &Path, list_path: &Path, now: UtcInstant) -> Result<()> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|e| Error::Broken(format!("no randomness for a key: {e}")))?;
    let list = vec![SigningKey::from_seed(&seed).server_key(now, None)];
    write_private(list_path, serde_json::to_string_pretty(&list)?.as_bytes())?;
    write_private(seed_path, &seed)
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let failed = || Error::file(format!("write {}", path.display()));
    let mut file = options.open(path).map_err(failed())?;
    file.write_all(bytes).map_err(failed())?;
    file.sync_all().map_err(failed())
}
