//! Where each file of a verified pack is, so that a reader can seek straight to it later.

use crate::PackFault;
use pingli_protocol::Sha256;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io::{self, Read, Seek, SeekFrom, Take},
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

    /// Opens a file to be read as a stream that hashes what goes through it:
    /// [`FileStream::finish`] says whether the bytes were the ones that were verified.
    ///
    /// # Errors
    /// [`PackFault::NoSuchFile`] or [`PackFault::Io`].
    pub fn stream_file<'r, R: Read + Seek>(
        &self,
        reader: &'r mut R,
        path: &str,
    ) -> Result<FileStream<'r, R>, PackFault> {
        let file = *self.files.get(path).ok_or_else(|| PackFault::NoSuchFile { path: path.to_owned() })?;
        Ok(FileStream {
            path: path.to_owned(),
            file,
            sha: sha2::Sha256::default(),
            rest: self.open_file(reader, path)?,
        })
    }

    /// Reads a whole file of at most `most` bytes and checks its hash.
    ///
    /// # Errors
    /// [`PackFault::TooLarge`] before anything is read; [`PackFault::NoSuchFile`], [`PackFault::Io`], [`PackFault::Truncated`], or
    /// [`PackFault::WrongHash`] when the bytes are not the ones that were verified.
    pub fn read_file<R: Read + Seek>(&self, reader: &mut R, path: &str, most: u64) -> Result<Vec<u8>, PackFault> {
        let mut stream = self.stream_file(reader, path)?;
        let bytes = stream.file.bytes;
        if bytes > most {
            return Err(PackFault::TooLarge { bytes, limit: most });
        }
        // No reservation from a stored number: the reader decides how much there is.
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        stream.finish()?;
        Ok(bytes)
    }
}

/// A file of a pack while it is being read. Nothing of it may be believed before
/// [`FileStream::finish`] has said so.
pub struct FileStream<'r, R> {
    path: String,
    file: PackedFile,
    sha: sha2::Sha256,
    rest: Take<&'r mut R>,
}

impl<R> std::fmt::Debug for FileStream<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileStream {{ {} bytes to come }}", self.rest.limit())
    }
}

impl<R: Read> FileStream<'_, R> {
    /// Reads what is left and checks the hash of the whole file.
    ///
    /// # Errors
    /// [`PackFault::Io`], [`PackFault::Truncated`], or [`PackFault::WrongHash`] when the bytes are not
    /// the ones that were verified.
    pub fn finish(mut self) -> Result<(), PackFault> {
        io::copy(&mut self, &mut io::sink())?;
        if self.rest.limit() != 0 {
            return Err(PackFault::Truncated);
        }
        let found = Sha256::from_bytes(sha2::Digest::finalize(self.sha).into());
        if found == self.file.sha256 {
            Ok(())
        } else {
            Err(PackFault::WrongHash { path: format!("data/{}", self.path) })
        }
    }
}

impl<R: Read> Read for FileStream<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.rest.read(buffer)?;
        sha2::Digest::update(&mut self.sha, &buffer[..n]);
        Ok(n)
    }
}
