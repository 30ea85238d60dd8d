//! The head: a small authenticated file beside the database that remembers how far the database
//! was, outside of what SQLite repairs by leaving it away. It is written after a commit, so that it
//! may lag behind and never leads: whatever it names was on the disk when it was written. Two slots
//! take turns; one that is torn leaves the other.

use crate::keys::DataKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};
use zeroize::Zeroizing;

/// The file's name.
pub(crate) const FILE: &str = "pingli.head";
const MAGIC: &[u8; 8] = b"PGLHEAD1";
const BODY: usize = 8 + 8 + 16 + 16 + 8 + 8 + 8;
const SLOT: usize = BODY + 32;
/// The slots lie on different sectors.
const STRIDE: u64 = 4096;

/// How far a database was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Which database.
    pub(crate) id: [u8; 16],
    /// Its salt: without it no page can be told from a damaged one.
    pub(crate) salt: [u8; 16],
    /// How many transactions were committed.
    pub(crate) commits: i64,
    /// How many of them are in the database itself, without its log.
    pub(crate) in_file: i64,
    /// Whether the store was closed in order.
    pub(crate) clean: bool,
}

impl Head {
    fn bytes(&self, turn: u64) -> [u8; BODY] {
        let mut bytes = [0; BODY];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&turn.to_be_bytes());
        bytes[16..32].copy_from_slice(&self.id);
        bytes[32..48].copy_from_slice(&self.salt);
        bytes[48..56].copy_from_slice(&self.commits.to_be_bytes());
        bytes[56..64].copy_from_slice(&self.in_file.to_be_bytes());
        bytes[64] = u8::from(self.clean);
        bytes
    }

    fn from_bytes(bytes: &[u8; BODY]) -> Option<(u64, Self)> {
        let (magic, rest) = bytes.split_first_chunk()?;
        let (turn, rest) = rest.split_first_chunk()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (salt, rest) = rest.split_first_chunk()?;
        let (commits, rest) = rest.split_first_chunk()?;
        let (in_file, rest) = rest.split_first_chunk()?;
        let head = Self {
            id: *id,
            salt: *salt,
            commits: i64::from_be_bytes(*commits),
            in_file: i64::from_be_bytes(*in_file),
            clean: rest.first()? == &1,
        };
        (magic == MAGIC).then_some((u64::from_be_bytes(*turn), head))
    }
}

/// The open file.
pub(crate) struct HeadFile {
    file: File,
    key: Zeroizing<[u8; 32]>,
    turn: u64,
}

impl HeadFile {
    /// Opens the file of a folder, making it when it is not there; and what it remembers.
    pub(crate) fn open(folder: &Path, key: &DataKey) -> io::Result<(Self, Option<Head>)> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(folder.join(FILE))?;
        let key = key.derive("pingli head key 1");
        let newest = newest(&mut file, &key)?;
        let turn = newest.map_or(0, |(turn, _)| turn);
        Ok((Self { file, key, turn }, newest.map(|(_, head)| head)))
    }

    /// Reads what the file of a folder remembers, if there is one.
    pub(crate) fn read(folder: &Path, key: &DataKey) -> io::Result<Option<Head>> {
        match File::open(folder.join(FILE)) {
            Ok(mut file) => Ok(newest(&mut file, &key.derive("pingli head key 1"))?.map(|(_, head)| head)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Remembers; the older slot is written over.
    pub(crate) fn write(&mut self, head: &Head) -> io::Result<()> {
        let turn = self.turn + 1;
        let body = head.bytes(turn);
        let tag = tag(&self.key, &body).map(|mac| mac.finalize().into_bytes());
        let mut slot = [0; SLOT];
        slot[..BODY].copy_from_slice(&body);
        slot[BODY..].copy_from_slice(tag.as_deref().unwrap_or(&[0; 32]));
        self.file.seek(SeekFrom::Start(turn % 2 * STRIDE))?;
        self.file.write_all(&slot)?;
        self.turn = turn;
        Ok(())
    }

    /// Makes sure that it is on the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

fn tag(key: &[u8; 32], body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(body);
    Some(mac)
}

fn newest(file: &mut File, key: &[u8; 32]) -> io::Result<Option<(u64, Head)>> {
    let mut found = None;
    for place in [0, STRIDE] {
        let mut slot = [0; SLOT];
        file.seek(SeekFrom::Start(place))?;
        match file.read_exact(&mut slot) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => continue,
            other => other?,
        }
        let Some((body, seal)) = slot.split_first_chunk::<BODY>() else { continue };
        let right = tag(key, body).is_some_and(|mac| mac.verify_slice(seal).is_ok());
        if right && let Some((turn, head)) = Head::from_bytes(body) {
            let newer = found.is_none_or(|(newest, _)| turn > newest);
            found = if newer { Some((turn, head)) } else { found };
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_slot_leaves_the_one_before_and_another_key_reads_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = DataKey::from_bytes([1; 32]);
        let head = |commits| Head { id: [2; 16], salt: [3; 16], commits, in_file: 1, clean: commits == 3 };
        let (mut file, before) = HeadFile::open(folder.path(), &key).expect("a file");
        assert_eq!(before, None, "nothing is remembered yet");
        for commits in 1..=3 {
            file.write(&head(commits)).expect("written");
        }
        file.sync().expect("on the disk");
        assert_eq!(HeadFile::read(folder.path(), &key).expect("read"), Some(head(3)), "the newest");
        let path = folder.path().join(FILE);
        let whole = std::fs::read(&path).expect("the file");
        for bit in 0..SLOT * 8 {
            let mut torn = whole.clone();
            torn[STRIDE as usize + bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, torn).expect("torn");
            assert_eq!(HeadFile::read(folder.path(), &key).expect("read"), Some(head(2)), "bit {bit} of the newest");
        }
        std::fs::write(&path, whole).expect("whole again");
        let other = DataKey::from_bytes([4; 32]);
        assert_eq!(HeadFile::read(folder.path(), &other).expect("read"), None, "the head of another key");
    }
}
