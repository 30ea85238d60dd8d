//! Verifying a pack: from the directory over the signature to every byte of every file. One pass
//! over the bytes, memory bounded by the directory and the case document.

use crate::{
    CASE_DOCUMENT_PATH, PackFault, PackIndex, PackLimits, PackedFile, ServerKeys,
    bag::{self, BagInfo, SignatureFile},
    zip::{CopyFault, Entry, copy_digest, read_directory},
};
use pingli_protocol::{CASE_FORMAT, KeyId, Sha256, case::CaseDocument, limits::JsonLimits};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    io::{self, Read, Seek, SeekFrom, Take},
};

/// A pack of which every byte has been checked.
#[derive(Debug, Clone)]
pub struct VerifiedPack {
    /// The case.
    pub document: CaseDocument,
    /// The pack's version, from 1; it rises when a case's pack is built anew.
    pub version: u32,
    /// The hash of the whole pack.
    pub sha256: Sha256,
    /// The size of the whole pack.
    pub bytes: u64,
    /// The key that signed it.
    pub key: KeyId,
    /// Where its files are.
    pub index: PackIndex,
}

impl VerifiedPack {
    /// Seeks to a file (its path below `data/`) and returns a reader that ends with it; see
    /// [`PackIndex::open_file`].
    ///
    /// # Errors
    /// [`PackFault::NoSuchFile`] or [`PackFault::Io`].
    pub fn open_file<'r, R: Read + Seek>(&self, reader: &'r mut R, path: &str) -> Result<Take<&'r mut R>, PackFault> {
        self.index.open_file(reader, path)
    }
}

/// Verifies a pack.
///
/// # Errors
/// [`PackFault`] says what is wrong with it, or that the reader failed ([`PackFault::Io`]).
pub fn verify<R: Read + Seek>(
    reader: &mut R,
    keys: &ServerKeys,
    limits: &PackLimits,
) -> Result<VerifiedPack, PackFault> {
    let (folder, entries) = read_directory(reader, limits)?;
    let entries = Entries::new(&folder, &entries);

    // The signature first: nothing else in the pack is believed before it holds.
    let tag_manifest = entries.read_text(reader, bag::TAG_MANIFEST, 4 << 10)?;
    let signature = SignatureFile::read(&entries.read_text(reader, bag::SIGNATURE, 4 << 10)?)?;
    keys.check(&signature.key, tag_manifest.as_bytes(), &signature.signature)?;

    let tags = bag::read_manifest(&tag_manifest).ok_or(PackFault::TagFile { name: bag::TAG_MANIFEST })?;
    let info = entries.read_tag(reader, bag::BAG_INFO, 64 << 10, &tags)?;
    // A newer pack may have other tag files, so this comes before they are counted.
    match bag::stated_format(&info) {
        Some(bag::PACK_FORMAT) => {}
        Some(found) if found > bag::PACK_FORMAT => {
            return Err(PackFault::NewerFormat { found, known: bag::PACK_FORMAT });
        }
        _ => return Err(PackFault::TagFile { name: bag::BAG_INFO }),
    }
    if entries.read_tag(reader, bag::BAGIT, 4 << 10, &tags)? != bag::BAGIT_TEXT {
        return Err(PackFault::TagFile { name: bag::BAGIT });
    }
    let manifest_text = entries.read_tag(reader, bag::MANIFEST, 16 << 20, &tags)?;
    if tags.len() != 3 {
        return Err(PackFault::TagFile { name: bag::TAG_MANIFEST });
    }
    let manifest = bag::read_manifest(&manifest_text).ok_or(PackFault::TagFile { name: bag::MANIFEST })?;
    entries.check_completeness(&manifest)?;

    let case_json = entries.read_text(reader, &bag::case_document_path(), limits.case_document_bytes)?;
    check_hash(&bag::case_document_path(), Sha256::of(case_json.as_bytes()), &manifest)?;
    let document = read_document(&case_json, limits)?;
    let version = check_against_case(&folder, &info, &document, &entries, &manifest)?;

    let (sha256, bytes) = check_bytes(reader, &entries, &manifest)?;
    Ok(VerifiedPack { index: entries.index(&manifest), document, version, sha256, bytes, key: signature.key })
}

/// The entries of a pack by their path below its folder, in the order of the pack.
struct Entries<'a> {
    by_path: BTreeMap<&'a str, &'a Entry>,
}

impl<'a> Entries<'a> {
    fn new(folder: &str, entries: &'a [Entry]) -> Self {
        let below = |entry: &'a Entry| entry.path.get(folder.len() + 1..).map(|path| (path, entry));
        Self { by_path: entries.iter().filter_map(below).collect() }
    }

    fn find(&self, path: &str) -> Result<&'a Entry, PackFault> {
        self.by_path.get(path).copied().ok_or_else(|| PackFault::Missing { path: path.to_owned() })
    }

    /// Reads a whole text of at most `limit` bytes.
    fn read_text<R: Read + Seek>(&self, reader: &mut R, path: &str, limit: u64) -> Result<String, PackFault> {
        let entry = self.find(path)?;
        if entry.bytes > limit {
            return Err(PackFault::TooLarge { bytes: entry.bytes, limit });
        }
        reader.seek(SeekFrom::Start(entry.data_at()))?;
        let mut bytes = Vec::new();
        reader.take(entry.bytes).read_to_end(&mut bytes).map_err(PackFault::from_read)?;
        if bytes.len() as u64 != entry.bytes {
            return Err(PackFault::Truncated);
        }
        // Not UTF-8 is not what the server signed, whichever file it is.
        String::from_utf8(bytes).map_err(|_| PackFault::WrongHash { path: path.to_owned() })
    }

    /// Reads a tag file and checks it against the tag manifest.
    fn read_tag<R: Read + Seek>(
        &self,
        reader: &mut R,
        name: &'static str,
        limit: u64,
        tags: &BTreeMap<&str, Sha256>,
    ) -> Result<String, PackFault> {
        if !tags.contains_key(name) {
            return Err(PackFault::TagFile { name: bag::TAG_MANIFEST });
        }
        let text = self.read_text(reader, name, limit)?;
        check_hash(name, Sha256::of(text.as_bytes()), tags)?;
        Ok(text)
    }

    /// Checks that the manifest and the entries name the same files.
    fn check_completeness(&self, manifest: &BTreeMap<&str, Sha256>) -> Result<(), PackFault> {
        const TAGS: [&str; 5] = [bag::BAGIT, bag::BAG_INFO, bag::MANIFEST, bag::TAG_MANIFEST, bag::SIGNATURE];
        for path in self.by_path.keys() {
            let listed = if path.starts_with(bag::DATA) { manifest.contains_key(path) } else { TAGS.contains(path) };
            if !listed {
                return Err(PackFault::Extra { path: (*path).to_owned() });
            }
        }
        for path in manifest.keys() {
            if !path.starts_with(bag::DATA) {
                return Err(PackFault::TagFile { name: bag::MANIFEST });
            }
            self.find(path)?;
        }
        Ok(())
    }

    fn index(&self, manifest: &BTreeMap<&str, Sha256>) -> PackIndex {
        let files = self.by_path.iter().filter_map(|(path, entry)| {
            let sha256 = *manifest.get(path)?;
            let below = path.strip_prefix(bag::DATA)?;
            Some((below.to_owned(), PackedFile { offset: entry.data_at(), bytes: entry.bytes, sha256 }))
        });
        PackIndex::new(files.collect())
    }
}

fn check_hash(path: &str, found: Sha256, listed: &BTreeMap<&str, Sha256>) -> Result<(), PackFault> {
    if listed.get(path) == Some(&found) { Ok(()) } else { Err(PackFault::WrongHash { path: path.to_owned() }) }
}

/// Reads the case document; a newer format is recognised before anything else of it must fit.
fn read_document(json: &str, limits: &PackLimits) -> Result<CaseDocument, PackFault> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let bytes = usize::try_from(limits.case_document_bytes).unwrap_or(usize::MAX);
    JsonLimits { bytes, ..JsonLimits::DOCUMENT }.check(json.as_bytes())?;
    let unreadable = |error: serde_json::Error| PackFault::CaseDocument { line: error.line() };
    let Format { format } = serde_json::from_str(json).map_err(unreadable)?;
    if format > CASE_FORMAT {
        return Err(PackFault::NewerFormat { found: format, known: CASE_FORMAT });
    }
    serde_json::from_str(json).map_err(unreadable)
}

/// Checks that folder, bag information and files are those of the case; returns the version.
fn check_against_case(
    folder: &str,
    info: &str,
    document: &CaseDocument,
    entries: &Entries<'_>,
    manifest: &BTreeMap<&str, Sha256>,
) -> Result<u32, PackFault> {
    let case = &document.case;
    let version = folder.rsplit_once("-v").and_then(|(_, version)| version.parse().ok()).ok_or(PackFault::Folder)?;
    if bag::folder(&case.id, case.round, version).ok().as_deref() != Some(folder) {
        return Err(PackFault::Folder);
    }

    let mut payload_bytes = 0;
    let named = bag::named_files(document).map_err(|path| PackFault::CaseDisagrees { path })?;
    for (path, file) in &named {
        let full = bag::payload_path(path);
        let entry = entries.find(&full)?;
        if manifest.get(full.as_str()) != Some(&file.sha256) {
            return Err(PackFault::CaseDisagrees { path: (*path).to_owned() });
        }
        if entry.bytes != file.bytes {
            return Err(PackFault::WrongSize { path: full });
        }
    }
    for path in manifest.keys() {
        let below = path.strip_prefix(bag::DATA).unwrap_or(path);
        if below != CASE_DOCUMENT_PATH && !named.contains_key(below) {
            return Err(PackFault::Extra { path: (*path).to_owned() });
        }
        payload_bytes += entries.find(path)?.bytes;
    }
    let expected = BagInfo { document, version, payload_bytes, payload_files: manifest.len() }.text();
    if info == expected { Ok(version) } else { Err(PackFault::TagFile { name: bag::BAG_INFO }) }
}

/// Streams the pack once from its first byte to its last: each file's hash and checksum, and the
/// hash of the whole.
fn check_bytes<R: Read + Seek>(
    reader: &mut R,
    entries: &Entries<'_>,
    manifest: &BTreeMap<&str, Sha256>,
) -> Result<(Sha256, u64), PackFault> {
    let length = reader.seek(SeekFrom::End(0))?;
    reader.seek(SeekFrom::Start(0))?;
    let mut whole = Tee::new(reader);
    for (path, entry) in &entries.by_path {
        // The headers between the files were compared byte by byte before; here they are hashed.
        whole.skip_to(entry.data_at())?;
        let digest = copy_digest(&mut (&mut whole).take(entry.bytes), entry.bytes, |_| Ok(())).map_err(read_fault)?;
        if digest.bytes != entry.bytes {
            return Err(PackFault::Truncated);
        }
        if manifest.get(path).is_some_and(|listed| *listed != digest.sha256) {
            return Err(PackFault::WrongHash { path: (*path).to_owned() });
        }
        if digest.crc != entry.crc {
            return Err(PackFault::WrongChecksum { path: (*path).to_owned() });
        }
    }
    whole.skip_to(length)?;
    Ok((whole.hash(), length))
}

fn read_fault(fault: CopyFault) -> PackFault {
    match fault {
        CopyFault::Read(error) | CopyFault::Write(error) => PackFault::from_read(error),
        CopyFault::Longer => PackFault::Truncated,
    }
}

/// A reader that hashes all that goes through it and knows how far it is.
struct Tee<'r, R> {
    reader: &'r mut R,
    at: u64,
    sha: sha2::Sha256,
}

impl<'r, R: Read> Tee<'r, R> {
    fn new(reader: &'r mut R) -> Self {
        Self { reader, at: 0, sha: <sha2::Sha256 as sha2::Digest>::new() }
    }

    fn skip_to(&mut self, place: u64) -> Result<(), PackFault> {
        let bytes = place.saturating_sub(self.at);
        let skipped = io::copy(&mut self.take(bytes), &mut io::sink()).map_err(PackFault::from_read)?;
        if skipped == bytes { Ok(()) } else { Err(PackFault::Truncated) }
    }

    fn hash(self) -> Sha256 {
        Sha256::from_bytes(sha2::Digest::finalize(self.sha).into())
    }
}

impl<R: Read> Read for Tee<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        sha2::Digest::update(&mut self.sha, &buffer[..n]);
        self.at += n as u64;
        Ok(n)
    }
}
