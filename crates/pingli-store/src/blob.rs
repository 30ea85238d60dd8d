//! One encrypted file per pack: a header, then 64 KiB chunks, each sealed with the case's own key
//! and bound to its place, to the file and to whether it is the last. A partial download is the
//! same format, cut at a chunk's end.

use crate::{StoreError, quarantine::sync_folder};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Plain bytes in each chunk but the last.
pub const BLOB_CHUNK: usize = 64 << 10;

const MAGIC: &[u8; 8] = b"PGLBLOB1";
const FILE_ID: usize = 16;
const HEADER: u64 = (8 + FILE_ID + 8) as u64;
const NONCE: usize = 24;
const TAG: usize = 16;
const RECORD: u64 = (NONCE + BLOB_CHUNK + TAG) as u64;

/// The key of one case's evidence.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct BlobKey([u8; 32]);

impl BlobKey {
    /// Takes 32 random bytes as a key.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        // By reference: a copy made here would stay on the stack.
        XChaCha20Poly1305::new((&self.0).into())
    }
}

impl std::fmt::Debug for BlobKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlobKey {..}")
    }
}

/// The facts in front of a file; they are no secret, but every chunk is bound to them.
#[derive(Debug, Clone, Copy)]
struct Header {
    file_id: [u8; FILE_ID],
    total: u64,
}

impl Header {
    fn bytes(&self) -> [u8; HEADER as usize] {
        let mut bytes = [0; HEADER as usize];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..8 + FILE_ID].copy_from_slice(&self.file_id);
        bytes[8 + FILE_ID..].copy_from_slice(&self.total.to_be_bytes());
        bytes
    }

    fn read(file: &mut File) -> Result<Self, StoreError> {
        let mut bytes = [0; HEADER as usize];
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut bytes).map_err(cut_off)?;
        if &bytes[..8] != MAGIC {
            return Err(StoreError::Tampered);
        }
        let mut header = Self { file_id: [0; FILE_ID], total: 0 };
        header.file_id.copy_from_slice(&bytes[8..8 + FILE_ID]);
        let mut total = [0; 8];
        total.copy_from_slice(&bytes[8 + FILE_ID..]);
        header.total = u64::from_be_bytes(total);
        Ok(header)
    }

    const fn chunks(&self) -> u64 {
        self.total.div_ceil(BLOB_CHUNK as u64)
    }

    /// Plain bytes in a chunk.
    const fn chunk_bytes(&self, index: u64) -> usize {
        if index + 1 == self.chunks() { (self.total - index * BLOB_CHUNK as u64) as usize } else { BLOB_CHUNK }
    }

    /// Where so many chunks end.
    const fn end_of(&self, chunks: u64) -> u64 {
        let plain = chunks * BLOB_CHUNK as u64;
        HEADER + if plain < self.total { plain } else { self.total } + chunks * (NONCE + TAG) as u64
    }

    /// What a chunk is bound to.
    fn associated(&self, index: u64) -> Vec<u8> {
        let mut bytes = self.bytes().to_vec();
        bytes.extend(index.to_be_bytes());
        bytes.push(u8::from(index + 1 == self.chunks()));
        bytes
    }
}

fn cut_off(error: io::Error) -> StoreError {
    if error.kind() == io::ErrorKind::UnexpectedEof { StoreError::Tampered } else { error.into() }
}

/// Writes a file chunk by chunk, from the beginning or from where it stopped.
pub struct BlobWriter<'r> {
    file: File,
    folder: Option<PathBuf>,
    header: Header,
    cipher: XChaCha20Poly1305,
    buffer: Vec<u8>,
    next: u64,
    fill: &'r (dyn Fn(&mut [u8]) + Send + Sync),
}

impl std::fmt::Debug for BlobWriter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BlobWriter {{ {} of {} bytes }}", self.received(), self.header.total)
    }
}

impl<'r> BlobWriter<'r> {
    /// Goes on with a file, or begins it when it is not there or not usable. `total` is the number
    /// of plain bytes that will come, `fill` gives random bytes.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn resume(
        path: &Path,
        key: &BlobKey,
        total: u64,
        fill: &'r (dyn Fn(&mut [u8]) + Send + Sync),
    ) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let folder = path.parent().map(Path::to_owned);
        let cipher = key.cipher();
        if let Ok(header) = Header::read(&mut file)
            && header.total == total
        {
            let bytes = file.metadata()?.len();
            let there = if bytes >= header.end_of(header.chunks()) {
                header.chunks()
            } else {
                bytes.saturating_sub(HEADER) / RECORD
            };
            // When the power goes, any chunk may be torn or missing, not only the last: what does not
            // open is written again, with all that comes after it.
            let mut whole = 0;
            while whole < there {
                match read_chunk(&mut file, &cipher, &header, whole) {
                    Ok(mut plain) => plain.zeroize(),
                    Err(StoreError::Tampered) => break,
                    Err(error) => return Err(error),
                }
                whole += 1;
            }
            file.set_len(header.end_of(whole))?;
            file.seek(SeekFrom::End(0))?;
            return Ok(Self { file, folder, header, cipher, buffer: Vec::new(), next: whole, fill });
        }
        let mut header = Header { file_id: [0; FILE_ID], total };
        fill(&mut header.file_id);
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&header.bytes())?;
        Ok(Self { file, folder, header, cipher, buffer: Vec::new(), next: 0, fill })
    }

    /// Plain bytes that are safely in whole chunks: where the next byte belongs after
    /// [`BlobWriter::resume`].
    #[must_use]
    pub fn received(&self) -> u64 {
        // The last chunk is shorter than the others.
        (self.next * BLOB_CHUNK as u64).min(self.header.total) + self.buffer.len() as u64
    }

    /// Takes more bytes.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] when there are more than were announced; [`StoreError::Io`].
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), StoreError> {
        if self.received() + bytes.len() as u64 > self.header.total {
            return Err(StoreError::Tampered);
        }
        while !bytes.is_empty() {
            let room = self.header.chunk_bytes(self.next) - self.buffer.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.buffer.extend_from_slice(now);
            bytes = later;
            if self.buffer.len() == self.header.chunk_bytes(self.next) {
                self.seal_chunk()?;
            }
        }
        Ok(())
    }

    /// Makes sure that everything is on the disk, the file's name included.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] when bytes are missing; [`StoreError::Io`].
    pub fn finish(mut self) -> Result<(), StoreError> {
        if self.received() != self.header.total {
            return Err(StoreError::Tampered);
        }
        self.buffer.zeroize();
        self.file.sync_all()?;
        if let Some(folder) = &self.folder {
            sync_folder(folder)?;
        }
        Ok(())
    }

    fn seal_chunk(&mut self) -> Result<(), StoreError> {
        let mut nonce = [0; NONCE];
        (self.fill)(&mut nonce);
        let payload = Payload { msg: &self.buffer, aad: &self.header.associated(self.next) };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| StoreError::Tampered)?;
        self.file.write_all(&nonce)?;
        self.file.write_all(&sealed)?;
        self.buffer.zeroize();
        self.next += 1;
        Ok(())
    }
}

fn read_chunk(file: &mut File, cipher: &XChaCha20Poly1305, header: &Header, index: u64) -> Result<Vec<u8>, StoreError> {
    file.seek(SeekFrom::Start(HEADER + index * RECORD))?;
    let mut record = vec![0; NONCE + header.chunk_bytes(index) + TAG];
    file.read_exact(&mut record).map_err(cut_off)?;
    let (nonce, sealed) = record.split_at(NONCE);
    let mut own = [0; NONCE];
    own.copy_from_slice(nonce);
    let payload = Payload { msg: sealed, aad: &header.associated(index) };
    cipher.decrypt(&XNonce::from(own), payload).map_err(|_| StoreError::Tampered)
}

/// Reads the plain bytes of a whole file; every chunk is authenticated when it is read.
pub struct BlobReader {
    file: File,
    header: Header,
    cipher: XChaCha20Poly1305,
    at: u64,
    chunk: Option<(u64, Vec<u8>)>,
}

impl std::fmt::Debug for BlobReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BlobReader {{ {} bytes }}", self.header.total)
    }
}

impl BlobReader {
    /// Opens a file.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] when it is no such file or is cut off; [`StoreError::Io`].
    pub fn open(path: &Path, key: &BlobKey) -> Result<Self, StoreError> {
        let mut file = File::open(path)?;
        let header = Header::read(&mut file)?;
        if file.metadata()?.len() != header.end_of(header.chunks()) {
            return Err(StoreError::Tampered);
        }
        Ok(Self { file, header, cipher: key.cipher(), at: 0, chunk: None })
    }

    fn load(&mut self, index: u64) -> io::Result<&[u8]> {
        if self.chunk.as_ref().is_none_or(|(loaded, _)| *loaded != index) {
            let mut bytes =
                read_chunk(&mut self.file, &self.cipher, &self.header, index).map_err(|error| match error {
                    StoreError::Io(error) => error,
                    other => io::Error::new(io::ErrorKind::InvalidData, other),
                })?;
            if let Some((_, old)) = &mut self.chunk {
                std::mem::swap(old, &mut bytes);
                bytes.zeroize();
            }
            match &mut self.chunk {
                Some((loaded, _)) => *loaded = index,
                None => self.chunk = Some((index, bytes)),
            }
        }
        Ok(self.chunk.as_ref().map_or(&[], |(_, bytes)| bytes))
    }
}

impl Drop for BlobReader {
    fn drop(&mut self) {
        if let Some((_, bytes)) = &mut self.chunk {
            bytes.zeroize();
        }
    }
}

impl Read for BlobReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.header.total || buffer.is_empty() {
            return Ok(0);
        }
        let (index, offset) = (self.at / BLOB_CHUNK as u64, (self.at % BLOB_CHUNK as u64) as usize);
        let chunk = self.load(index)?;
        let n = (chunk.len() - offset).min(buffer.len());
        buffer[..n].copy_from_slice(&chunk[offset..offset + n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.header.total.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests;
