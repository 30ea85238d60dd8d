//! Where each file of a verified pack is, so that a reader can seek straight to it later.

use crate::PackFault;
use pingli_protocol::Sha256;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io::{Read, Seek, SeekFrom, Take},
};

/// The files of one verified pack by their path below `data/`, `case.json` included. It may be
/// stored (JSON) and used later over the same bytes without verifying them all again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackIndex {
    files: BTreeMap<String, PackedFile>,
}

/// Where a file is in its pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedFile {
    /// Its first byte's place in the pack.
    pub offset: u64,
    /// The number of bytes.
    pub bytes: u64,
    /// The hash of its bytes.
    pub sha256: Sha256,
}

impl std::fmt::Debug for PackIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PackIndex {{ {} files }}", self.files.len())
    }
}

impl PackIndex {
    pub(crate) const fn new(files: BTreeMap<String, PackedFile>) -> Self {
        Self { files }
    }

    /// Where a file is, by its path below `data/`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&PackedFile> {
        self.files.get(path)
    }

    /// All files, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &PackedFile)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// Seeks to a file and returns a reader that ends with it. The bytes are not hashed again: use
    /// [`PackIndex::read_file`] where they may have changed since the pack was verified.
    ///
    /// # Errors
    /// [`PackFault::NoSuchFile`] or [`PackFault::Io`].
    pub fn open_file<'r, R: Read + Seek>(&self, reader: &'r mut R, path: &str) -> Result<Take<&'r mut R>, PackFault> {
        let file = self.files.get(path).ok_or_else(|| PackFault::NoSuchFile { path: path.to_owned() })?;
        reader.seek(SeekFrom::Start(file.offset))?;
        Ok(reader.take(file.bytes))
    }

    /// Reads a whole file and checks its hash.
    ///
    /// # Errors
    /// [`PackFault::NoSuchFile`], [`PackFault::Io`], [`PackFault::Truncated`], or
    /// [`PackFault::WrongHash`] when the bytes are not the ones that were verified.
    pub fn read_file<R: Read + Seek>(&self, reader: &mut R, path: &str) -> Result<Vec<u8>, PackFault> {
        let file = *self.files.get(path).ok_or_else(|| PackFault::NoSuchFile { path: path.to_owned() })?;
        // No reservation from a stored number: the reader decides how much there is.
        let mut bytes = Vec::new();
        self.open_file(reader, path)?.read_to_end(&mut bytes)?;
        if bytes.len() as u64 != file.bytes {
            return Err(PackFault::Truncated);
        }
        if Sha256::of(&bytes) != file.sha256 {
            return Err(PackFault::WrongHash { path: format!("data/{path}") });
        }
        Ok(bytes)
    }
}
