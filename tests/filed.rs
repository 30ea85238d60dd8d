//! A keyring in a file, for programs of the stories that are killed and started again. Never a model
//! for anything that is shipped: the key lies beside the data.

use pingli_store::keys::{Keyring, KeyringFault, Secret};
use std::{fs, io, path::PathBuf};

/// One secret in one file, whatever its name.
#[derive(Debug, Clone)]
pub struct FileKeyring(pub PathBuf);

fn kept<T>(outcome: io::Result<T>) -> Result<T, KeyringFault> {
    outcome.map_err(|_| KeyringFault::Unavailable)
}

impl Keyring for FileKeyring {
    fn get(&self, _: &str) -> Result<Vec<Secret>, KeyringFault> {
        match fs::read(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            read => Ok(vec![Secret::new(kept(read)?)]),
        }
    }

    fn set(&self, _: &str, secret: &[u8]) -> Result<(), KeyringFault> {
        let written = self.0.with_extension("new");
        kept(fs::write(&written, secret).and_then(|()| fs::rename(&written, &self.0)))
    }

    fn remove(&self, _: &str) -> Result<(), KeyringFault> {
        kept(fs::remove_file(&self.0).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        }))
    }
}
