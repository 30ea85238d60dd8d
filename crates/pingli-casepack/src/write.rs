//! Writing a pack: deterministic, and only what the case document names.

use crate::{
    CASE_DOCUMENT_PATH, SigningKey, WriteFault,
    bag::{self, BagInfo, SignatureFile},
    fault::Digest,
    path::{Clashes, check_path},
    zip::{CopyFault, ZipWriter, copy_digest},
};
use pingli_protocol::{Sha256, case::CaseDocument, evidence::EvidenceFile, limits::JsonLimits};
use std::{
    collections::BTreeMap,
    io::{self, Read, Seek, SeekFrom, Write},
};

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackSummary {
    /// The hash of the whole pack; a ballot repeats it.
    pub sha256: Sha256,
    /// The size of the whole pack.
    pub bytes: u64,
}

/// The files that a case document names (bodies, originals, renditions), each once, in the order of
/// their paths: what [`write_pack`] will ask for.
///
/// # Errors
/// [`WriteFault::Clash`] when one path is named with two sets of facts.
pub fn evidence_files(document: &CaseDocument) -> Result<Vec<&EvidenceFile>, WriteFault> {
    let named = bag::named_files(document).map_err(|path| WriteFault::Clash { path })?;
    Ok(named.into_values().collect())
}

/// Writes one pack from the beginning of `out`, which must be empty and readable again (the hash of
/// the whole is taken at the end). `open` is asked for each file that the document names, once, in
/// the order of [`evidence_files`]; the bytes must be the ones whose hash and size the document
/// gives.
///
/// # Errors
/// [`WriteFault`]; `out` then holds a useless beginning.
pub fn write_pack<W, S>(
    out: W,
    document: &CaseDocument,
    version: u32,
    signer: &SigningKey,
    mut open: impl FnMut(&EvidenceFile) -> io::Result<S>,
) -> Result<PackSummary, WriteFault>
where
    W: Read + Write + Seek,
    S: Read,
{
    let plan = Plan::new(document, version, signer)?;
    let mut zip = ZipWriter::new(out);
    for (path, part) in &plan.parts {
        let full = format!("{}/{path}", plan.folder);
        match part {
            Part::Text(text) => zip.add(full, text.len() as u64, |out| copy_text(text, out))?,
            Part::File(file) => {
                let mut source = open(file).map_err(|error| WriteFault::Source { path: file.path.clone(), error })?;
                zip.add(full, file.bytes, |out| copy_file(file, &mut source, out))?;
            }
        }
    }
    let (mut out, bytes) = zip.finish()?;
    out.seek(SeekFrom::Start(0))?;
    let whole = copy_digest(&mut out, bytes, |_| Ok(())).map_err(|fault| match fault {
        CopyFault::Read(error) | CopyFault::Write(error) => WriteFault::Io(error),
        CopyFault::Longer => WriteFault::Io(io::Error::other("the place for the pack was not empty")),
    })?;
    if whole.bytes != bytes {
        return Err(WriteFault::Io(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(PackSummary { sha256: whole.sha256, bytes })
}

/// Everything that will be written, known before the first byte is.
struct Plan<'a> {
    folder: String,
    /// By path below the folder, in the order they are written.
    parts: BTreeMap<String, Part<'a>>,
}

enum Part<'a> {
    Text(String),
    File(&'a EvidenceFile),
}

impl<'a> Plan<'a> {
    fn new(document: &'a CaseDocument, version: u32, signer: &SigningKey) -> Result<Self, WriteFault> {
        let case = &document.case;
        let folder = bag::folder(&case.id, case.round, version)
            .map_err(|fault| WriteFault::Path { path: case.id.to_string(), fault })?;
        let mut parts = BTreeMap::new();
        let mut clashes = Clashes::default();
        let mut payload = BTreeMap::new();
        for file in evidence_files(document)? {
            check_path(&file.path).map_err(|fault| WriteFault::Path { path: file.path.clone(), fault })?;
            if !clashes.add(&file.path) {
                return Err(WriteFault::Clash { path: file.path.clone() });
            }
            payload.insert(bag::payload_path(&file.path), (file.sha256, file.bytes));
            parts.insert(bag::payload_path(&file.path), Part::File(file));
        }
        let mut case_json = serde_json::to_string_pretty(document).map_err(WriteFault::Document)?;
        case_json.push('\n');
        // What no reader would take is not written.
        JsonLimits::DOCUMENT.check(case_json.as_bytes()).map_err(|_| WriteFault::TooLarge)?;
        if !clashes.add(CASE_DOCUMENT_PATH) {
            return Err(WriteFault::Clash { path: CASE_DOCUMENT_PATH.to_owned() });
        }
        payload.insert(bag::case_document_path(), (Sha256::of(case_json.as_bytes()), case_json.len() as u64));
        parts.insert(bag::case_document_path(), Part::Text(case_json));

        let payload_bytes = payload
            .values()
            .try_fold(0_u64, |sum, (_, bytes)| sum.checked_add(*bytes))
            .filter(|bytes| *bytes <= u64::from(u32::MAX))
            .ok_or(WriteFault::TooLarge)?;
        let info = BagInfo { document, version, payload_bytes, payload_files: payload.len() }.text();
        let manifest = bag::manifest_text(payload.iter().map(|(path, (hash, _))| (path.as_str(), *hash)));
        let tag_manifest = bag::manifest_text(
            [(bag::BAG_INFO, info.as_str()), (bag::BAGIT, bag::BAGIT_TEXT), (bag::MANIFEST, &manifest)]
                .into_iter()
                .map(|(name, text)| (name, Sha256::of(text.as_bytes()))),
        );
        let signature = SignatureFile::sign(signer, &tag_manifest).text().map_err(WriteFault::Document)?;
        for (name, text) in [
            (bag::BAGIT, bag::BAGIT_TEXT.to_owned()),
            (bag::BAG_INFO, info),
            (bag::MANIFEST, manifest),
            (bag::TAG_MANIFEST, tag_manifest),
            (bag::SIGNATURE, signature),
        ] {
            parts.insert(name.to_owned(), Part::Text(text));
        }
        if parts.len() > crate::PackLimits::default().entries {
            return Err(WriteFault::TooLarge);
        }
        Ok(Self { folder, parts })
    }
}

fn copy_text(text: &str, out: &mut impl Write) -> Result<Digest, WriteFault> {
    out.write_all(text.as_bytes())?;
    let sha256 = Sha256::of(text.as_bytes());
    Ok(Digest { sha256, bytes: text.len() as u64, crc: crc32fast::hash(text.as_bytes()) })
}

fn copy_file(file: &EvidenceFile, source: &mut dyn Read, out: &mut impl Write) -> Result<Digest, WriteFault> {
    let changed = || WriteFault::Changed { path: file.path.clone() };
    let digest = copy_digest(source, file.bytes, |chunk| out.write_all(chunk)).map_err(|fault| match fault {
        CopyFault::Read(error) => WriteFault::Source { path: file.path.clone(), error },
        CopyFault::Write(error) => WriteFault::Io(error),
        CopyFault::Longer => changed(),
    })?;
    if digest.sha256 == file.sha256 && digest.bytes == file.bytes { Ok(digest) } else { Err(changed()) }
}
