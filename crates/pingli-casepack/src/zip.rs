//! The one shape of ZIP that a pack has: entries stored one behind the other from byte 0, then the
//! directory, then its end, and nothing else. Own code, because refusing every other shape needs
//! every byte of the headers, and writing without a clock needs deterministic ones.

use crate::{PackFault, PackLimits, WriteFault, fault::Digest, path};
use std::io::{self, Read, Seek, SeekFrom, Write};

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;

const LOCAL_LEN: u64 = 30;
const CENTRAL_LEN: u64 = 46;
const END_LEN: u64 = 22;

/// Needs version 2.0: names with folders.
const VERSION_NEEDED: u16 = 20;
/// Made on Unix by a program of version 2.0.
const MADE_BY: u16 = 3 << 8 | 20;
/// Names are UTF-8.
const FLAG_UTF8: u16 = 1 << 11;
const FLAG_ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const FLAG_DESCRIPTOR: u16 = 1 << 3;
/// 1980-01-01, the earliest date there is.
const DATE: u16 = 1 << 5 | 1;
/// An ordinary file, read by all and written by its owner.
const ATTRIBUTES: u32 = 0o100_644 << 16;
const FILE_TYPE: u32 = 0o170_000 << 16;
const ORDINARY: u32 = 0o100_000 << 16;
/// The DOS bits for volume label, folder and device.
const DOS_NOT_A_FILE: u32 = 0x08 | 0x10 | 0x40;

/// What the directory says of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) crc: u32,
    pub(crate) bytes: u64,
    /// Where its local header begins.
    header_at: u64,
}

impl Entry {
    /// Where its bytes begin.
    pub(crate) const fn data_at(&self) -> u64 {
        self.header_at + LOCAL_LEN + self.path.len() as u64
    }

    const fn end(&self) -> u64 {
        self.data_at() + self.bytes
    }

    fn local_header(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(LOCAL_LEN as usize + self.path.len());
        bytes.extend(LOCAL.to_le_bytes());
        self.put_common(&mut bytes)?;
        bytes.extend(0_u16.to_le_bytes());
        bytes.extend(self.path.as_bytes());
        Some(bytes)
    }

    fn central_header(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(CENTRAL_LEN as usize + self.path.len());
        bytes.extend(CENTRAL.to_le_bytes());
        bytes.extend(MADE_BY.to_le_bytes());
        self.put_common(&mut bytes)?;
        // No extra field, no comment, disk 0, no internal attributes.
        bytes.extend([0; 8]);
        bytes.extend(ATTRIBUTES.to_le_bytes());
        bytes.extend(u32::try_from(self.header_at).ok()?.to_le_bytes());
        bytes.extend(self.path.as_bytes());
        Some(bytes)
    }

    /// The fields both headers have, from "version needed" to the length of the name.
    fn put_common(&self, bytes: &mut Vec<u8>) -> Option<()> {
        let size = u32::try_from(self.bytes).ok()?;
        for field in [VERSION_NEEDED, FLAG_UTF8, 0, 0, DATE] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend(self.crc.to_le_bytes());
        bytes.extend(size.to_le_bytes());
        bytes.extend(size.to_le_bytes());
        bytes.extend(u16::try_from(self.path.len()).ok()?.to_le_bytes());
        Some(())
    }
}

/// Writes entries one behind the other.
pub(crate) struct ZipWriter<W> {
    out: W,
    at: u64,
    entries: Vec<Entry>,
}

impl<W: Write + Seek> ZipWriter<W> {
    pub(crate) const fn new(out: W) -> Self {
        Self { out, at: 0, entries: Vec::new() }
    }

    /// Adds a file whose bytes are already described by `digest`; `copy` writes them. The header is
    /// corrected afterwards only when the checksum was not known before.
    pub(crate) fn add(
        &mut self,
        path: String,
        bytes: u64,
        copy: impl FnOnce(&mut W) -> Result<Digest, WriteFault>,
    ) -> Result<(), WriteFault> {
        let mut entry = Entry { path, crc: 0, bytes, header_at: self.at };
        if entry.end() > u64::from(u32::MAX) {
            return Err(WriteFault::TooLarge);
        }
        self.out.write_all(&entry.local_header().ok_or(WriteFault::TooLarge)?)?;
        entry.crc = copy(&mut self.out)?.crc;
        self.out.seek(SeekFrom::Start(entry.header_at))?;
        self.out.write_all(&entry.local_header().ok_or(WriteFault::TooLarge)?)?;
        self.out.seek(SeekFrom::Start(entry.end()))?;
        self.at = entry.end();
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the directory; returns the writer and the number of bytes in all.
    pub(crate) fn finish(mut self) -> Result<(W, u64), WriteFault> {
        let directory_at = self.at;
        for entry in &self.entries {
            let header = entry.central_header().ok_or(WriteFault::TooLarge)?;
            self.out.write_all(&header)?;
            self.at += header.len() as u64;
        }
        let end = end_record(self.entries.len(), directory_at, self.at - directory_at).ok_or(WriteFault::TooLarge)?;
        self.out.write_all(&end)?;
        self.out.flush()?;
        Ok((self.out, self.at + END_LEN))
    }
}

fn end_record(entries: usize, directory_at: u64, directory_bytes: u64) -> Option<Vec<u8>> {
    let count = u16::try_from(entries).ok().filter(|count| *count < u16::MAX)?;
    let mut bytes = Vec::with_capacity(END_LEN as usize);
    bytes.extend(END.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(u32::try_from(directory_bytes).ok()?.to_le_bytes());
    bytes.extend(u32::try_from(directory_at).ok()?.to_le_bytes());
    bytes.extend([0; 2]);
    (directory_at + directory_bytes + END_LEN <= u64::from(u32::MAX)).then_some(bytes)
}

/// Reads the directory, and checks it and every local header against the one shape. The bytes of
/// the files themselves are not read. Paths are checked below the common folder, which is returned.
pub(crate) fn read_directory<R: Read + Seek>(
    reader: &mut R,
    limits: &PackLimits,
) -> Result<(String, Vec<Entry>), PackFault> {
    let length = reader.seek(SeekFrom::End(0))?;
    let limit = limits.pack_bytes.min(u64::from(u32::MAX));
    if length > limit {
        return Err(PackFault::TooLarge { bytes: length, limit });
    }
    let (entries, directory_at, directory_bytes) = read_end(reader, length, limits)?;
    let entries = read_central(reader, entries, directory_at, directory_bytes)?;
    let folder = check_paths(&entries)?;
    check_places(&entries, directory_at)?;
    for entry in &entries {
        check_local(reader, entry)?;
    }
    Ok((folder, entries))
}

/// Reads the end record: how many entries, where the directory is, and its length.
fn read_end<R: Read + Seek>(reader: &mut R, length: u64, limits: &PackLimits) -> Result<(usize, u64, u64), PackFault> {
    let start = length.saturating_sub(END_LEN);
    reader.seek(SeekFrom::Start(start))?;
    let end = read_vec(reader, length.min(END_LEN))?;
    if end.len() < END_LEN as usize || u32_at(&end, 0) != END {
        return Err(what_else(reader, length)?);
    }
    if [4, 6].iter().any(|at| u16_at(&end, *at) != 0) {
        return Err(PackFault::Directory("it is one of several disks"));
    }
    if u16_at(&end, 20) != 0 {
        return Err(PackFault::Truncated);
    }
    let entries = usize::from(u16_at(&end, 10));
    let (bytes, at) = (u64::from(u32_at(&end, 12)), u64::from(u32_at(&end, 16)));
    if entries == usize::from(u16::MAX) || bytes == u64::from(u32::MAX) || at == u64::from(u32::MAX) {
        return Err(PackFault::Directory("it is a ZIP64"));
    }
    if usize::from(u16_at(&end, 8)) != entries {
        return Err(PackFault::Directory("two counts of the entries differ"));
    }
    if entries > limits.entries {
        return Err(PackFault::TooManyEntries { entries, limit: limits.entries });
    }
    match (at + bytes).cmp(&start) {
        std::cmp::Ordering::Equal => Ok((entries, at, bytes)),
        std::cmp::Ordering::Less => Err(PackFault::StrayBytes { at: at + bytes }),
        std::cmp::Ordering::Greater => Err(PackFault::Directory("it lies outside the pack")),
    }
}

/// Says what a file without an end record in its place is: a ZIP with bytes behind it, a beginning
/// of one, or something else.
fn what_else<R: Read + Seek>(reader: &mut R, length: u64) -> Result<PackFault, PackFault> {
    let tail = length.min(u64::from(u16::MAX) + END_LEN);
    reader.seek(SeekFrom::Start(length - tail))?;
    let bytes = read_vec(reader, tail)?;
    if let Some(at) = bytes.windows(4).rposition(|window| window == END.to_le_bytes()) {
        let after = length - tail + at as u64 + END_LEN;
        return Ok(if after < length { PackFault::StrayBytes { at: after } } else { PackFault::Truncated });
    }
    reader.seek(SeekFrom::Start(0))?;
    let head = read_vec(reader, length.min(4))?;
    Ok(if !head.is_empty() && LOCAL.to_le_bytes().starts_with(&head) {
        PackFault::Truncated
    } else {
        PackFault::NotAPack
    })
}

fn read_central<R: Read + Seek>(reader: &mut R, count: usize, at: u64, bytes: u64) -> Result<Vec<Entry>, PackFault> {
    // The longest path is 160 + 1 + 240 bytes or so; a directory beyond that is no pack's.
    if bytes > count as u64 * (CENTRAL_LEN + 512) {
        return Err(PackFault::Directory("it is longer than its entries"));
    }
    reader.seek(SeekFrom::Start(at))?;
    let directory = read_vec(reader, bytes)?;
    let mut rest = directory.as_slice();
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let (entry, after) = read_central_entry(rest)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(PackFault::Directory("it is longer than its entries")) }
}

fn read_central_entry(rest: &[u8]) -> Result<(Entry, &[u8]), PackFault> {
    let short = PackFault::Directory("it ends inside an entry");
    if rest.len() < CENTRAL_LEN as usize {
        return Err(short);
    }
    let (header, tail) = rest.split_at(CENTRAL_LEN as usize);
    if u32_at(header, 0) != CENTRAL {
        return Err(PackFault::Directory("an entry does not begin as one"));
    }
    let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(u16_at(header, at)));
    if tail.len() < name + extra + comment {
        return Err(short);
    }
    let raw = &tail[..name];
    let path = match std::str::from_utf8(raw) {
        Ok(path) => path.to_owned(),
        Err(_) => {
            let path = String::from_utf8_lossy(raw).escape_debug().to_string();
            return Err(PackFault::Path { path, fault: path::PathFault::Character });
        }
    };
    let entry = Entry {
        crc: u32_at(header, 16),
        bytes: u64::from(u32_at(header, 24)),
        header_at: u64::from(u32_at(header, 42)),
        path,
    };
    check_kind(header, &entry)?;
    if extra + comment != 0 || entry.central_header().as_deref() != Some(&rest[..CENTRAL_LEN as usize + name]) {
        return Err(PackFault::UnusualEntry { path: shown(&entry.path) });
    }
    Ok((entry, &tail[name..]))
}

/// Names the kinds of entry that have a name of their own; the rest is refused by comparison.
fn check_kind(header: &[u8], entry: &Entry) -> Result<(), PackFault> {
    let path = || shown(&entry.path);
    let flags = u16_at(header, 8);
    let attributes = u32_at(header, 38);
    if flags & FLAG_ENCRYPTED != 0 {
        return Err(PackFault::Encrypted { path: path() });
    }
    if flags & FLAG_DESCRIPTOR != 0 {
        return Err(PackFault::DataDescriptor { path: path() });
    }
    if u16_at(header, 10) != 0 {
        return Err(PackFault::Compressed { path: path() });
    }
    let odd_type = ![0, ORDINARY].contains(&(attributes & FILE_TYPE));
    if odd_type || attributes & DOS_NOT_A_FILE != 0 || entry.path.ends_with('/') {
        return Err(PackFault::NotAFile { path: path() });
    }
    if u32_at(header, 20) == u32::MAX || u32_at(header, 24) == u32::MAX || u32_at(header, 42) == u32::MAX {
        return Err(PackFault::Directory("it is a ZIP64"));
    }
    if u32_at(header, 20) != u32_at(header, 24) {
        return Err(PackFault::WrongSize { path: path() });
    }
    Ok(())
}

/// Checks all paths: one folder, safe parts, no two that are one, in order. Returns the folder.
fn check_paths(entries: &[Entry]) -> Result<String, PackFault> {
    let mut clashes = path::Clashes::default();
    let mut common: Option<&str> = None;
    for entry in entries {
        let refused = |fault| PackFault::Path { path: shown(&entry.path), fault };
        let Some((folder, below)) = entry.path.split_once('/') else {
            path::check_part(&entry.path).map_err(refused)?;
            return Err(PackFault::Folder);
        };
        if folder.is_empty() {
            return Err(refused(path::PathFault::Absolute));
        }
        path::check_part_within(folder, 160).map_err(refused)?;
        match path::check_path(below.strip_prefix("data/").unwrap_or(below)) {
            Err(path::PathFault::Reserved) if below == "data/case.json" => {}
            other => other.map_err(refused)?,
        }
        if *common.get_or_insert(folder) != folder {
            return Err(PackFault::Folder);
        }
    }
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 && entries[index - 1].path == entry.path {
            return Err(PackFault::Duplicate { path: shown(&entry.path) });
        }
        if !clashes.add(&entry.path) {
            // Not beside each other, the two may still be one and the same path.
            let again = entries[..index].iter().any(|before| before.path == entry.path);
            let path = shown(&entry.path);
            return Err(if again { PackFault::Duplicate { path } } else { PackFault::Clash { path } });
        }
    }
    if let Some(pair) = entries.windows(2).find(|pair| pair[0].path > pair[1].path) {
        return Err(PackFault::OutOfOrder { path: shown(&pair[1].path) });
    }
    common.map(str::to_owned).ok_or(PackFault::Directory("it is empty"))
}

/// Checks that the entries lie one behind the other from byte 0 to the directory.
fn check_places(entries: &[Entry], directory_at: u64) -> Result<(), PackFault> {
    let mut expected = 0;
    for entry in entries {
        match entry.header_at.cmp(&expected) {
            std::cmp::Ordering::Equal => expected = entry.end(),
            std::cmp::Ordering::Less => return Err(PackFault::Overlap { path: shown(&entry.path) }),
            std::cmp::Ordering::Greater => return Err(PackFault::StrayBytes { at: expected }),
        }
    }
    match expected.cmp(&directory_at) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(PackFault::StrayBytes { at: expected }),
        std::cmp::Ordering::Greater => Err(PackFault::Directory("it overlaps an entry")),
    }
}

fn check_local<R: Read + Seek>(reader: &mut R, entry: &Entry) -> Result<(), PackFault> {
    let mismatch = || PackFault::HeaderMismatch { path: shown(&entry.path) };
    let expected = entry.local_header().ok_or_else(mismatch)?;
    reader.seek(SeekFrom::Start(entry.header_at))?;
    let found = read_vec(reader, expected.len() as u64)?;
    if found == expected {
        return Ok(());
    }
    let flags = u16_at(&found, 6);
    if flags & FLAG_ENCRYPTED != 0 {
        Err(PackFault::Encrypted { path: shown(&entry.path) })
    } else if flags & FLAG_DESCRIPTOR != 0 {
        Err(PackFault::DataDescriptor { path: shown(&entry.path) })
    } else if u16_at(&found, 8) != 0 {
        Err(PackFault::Compressed { path: shown(&entry.path) })
    } else {
        Err(mismatch())
    }
}

/// Reads exactly so many bytes; callers have bounded `bytes` by the length of the pack.
fn read_vec<R: Read>(reader: &mut R, bytes: u64) -> Result<Vec<u8>, PackFault> {
    let mut buffer = Vec::new();
    reader.take(bytes).read_to_end(&mut buffer).map_err(PackFault::from_read)?;
    if buffer.len() as u64 == bytes { Ok(buffer) } else { Err(PackFault::Truncated) }
}

/// A path fit for a message: controls escaped, and not endless.
pub(crate) fn shown(path: &str) -> String {
    path.chars().take(240).flat_map(char::escape_debug).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |pair| u16::from_le_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// Copies a reader of unknown length into a writer and says what went through. Reads at most one
/// byte more than `expected`.
pub(crate) fn copy_digest(
    reader: &mut dyn Read,
    expected: u64,
    mut sink: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<Digest, CopyFault> {
    use sha2::Digest as _;
    let (mut sha, mut crc, mut bytes) = (sha2::Sha256::new(), crc32fast::Hasher::new(), 0_u64);
    let mut limited = reader.take(expected.saturating_add(1));
    let mut buffer = vec![0; 64 << 10];
    loop {
        let n = match limited.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyFault::Read(error)),
        };
        bytes += n as u64;
        if bytes > expected {
            return Err(CopyFault::Longer);
        }
        sha.update(&buffer[..n]);
        crc.update(&buffer[..n]);
        sink(&buffer[..n]).map_err(CopyFault::Write)?;
    }
    let sha256 = pingli_protocol::Sha256::from_bytes(sha.finalize().into());
    Ok(Digest { sha256, bytes, crc: crc.finalize() })
}

/// Why a copy failed.
pub(crate) enum CopyFault {
    Read(io::Error),
    Write(io::Error),
    Longer,
}
