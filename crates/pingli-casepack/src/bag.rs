//! The texts of the bag (RFC 8493): declaration, bag information, manifests and the signature
//! file, each with exactly one form.

use crate::{
    CASE_DOCUMENT_PATH, PackFault, SigningKey,
    path::{self, PathFault},
    signature::ALGORITHM,
};
use pingli_protocol::{
    CaseId, KeyId, Sha256, UtcInstant,
    case::{Case, CaseDocument},
    evidence::EvidenceFile,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, btree_map},
    fmt::Write as _,
};

/// The version of the pack's own format that this program writes and reads.
pub(crate) const PACK_FORMAT: u32 = 1;

pub(crate) const BAGIT: &str = "bagit.txt";
pub(crate) const BAG_INFO: &str = "bag-info.txt";
pub(crate) const MANIFEST: &str = "manifest-sha256.txt";
pub(crate) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
pub(crate) const SIGNATURE: &str = "signature.json";
pub(crate) const DATA: &str = "data/";

/// All of `bagit.txt`.
pub(crate) const BAGIT_TEXT: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

const FORMAT_LABEL: &str = "Pingli-Pack-Format";

/// The one folder at the top of a pack. A case number may have a colon, which no folder on Windows
/// can have.
pub(crate) fn folder(id: &CaseId, round: u32, version: u32) -> Result<String, PathFault> {
    let name = format!("{}-r{round}-v{version}", id.as_str().replace(':', "_"));
    // Room for the longest number and its round and version.
    if name.len() <= 160 { path::check_part_within(&name, 160).map(|()| name) } else { Err(PathFault::TooLong) }
}

/// Every file a case document names, by path, and the first path that is named with two sets of
/// facts, if there is one.
pub(crate) fn named_files(document: &CaseDocument) -> Result<BTreeMap<&str, &EvidenceFile>, String> {
    let mut named = BTreeMap::new();
    for evidence in &document.case.evidence {
        let media = evidence
            .media
            .iter()
            .flat_map(|media| [Some(&media.original), media.preview.as_ref(), media.full.as_ref()]);
        for file in [evidence.body.as_ref()].into_iter().chain(media).flatten() {
            match named.entry(file.path.as_str()) {
                btree_map::Entry::Vacant(place) => {
                    place.insert(file);
                }
                btree_map::Entry::Occupied(known) if *known.get() == file => {}
                btree_map::Entry::Occupied(_) => return Err(file.path.clone()),
            }
        }
    }
    Ok(named)
}

/// What `bag-info.txt` is made from.
pub(crate) struct BagInfo<'a> {
    pub(crate) document: &'a CaseDocument,
    pub(crate) version: u32,
    pub(crate) payload_bytes: u64,
    pub(crate) payload_files: usize,
}

impl BagInfo<'_> {
    /// The text: labels in the order of the alphabet, dates from the case and never from a clock.
    pub(crate) fn text(&self) -> String {
        let case = &self.document.case;
        let mut text = String::new();
        if let Some(date) = bagging_date(case) {
            text.push_str("Bagging-Date: ");
            text.push_str(&date);
            text.push('\n');
        }
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "External-Identifier: {id}\nPayload-Oxum: {bytes}.{files}\nPingli-Case-Format: {case_format}\n\
             {FORMAT_LABEL}: {PACK_FORMAT}\nPingli-Round: {round}\nPingli-Version: {version}\n",
            id = case.id,
            bytes = self.payload_bytes,
            files = self.payload_files,
            case_format = self.document.format,
            round = case.round,
            version = self.version,
        );
        text
    }
}

/// The day, in UTC, of the latest time that the case itself states.
fn bagging_date(case: &Case) -> Option<String> {
    let filed = case.claims.iter().filter_map(|claim| claim.filed_at);
    let submitted = case.evidence.iter().filter_map(|evidence| evidence.submitted_at);
    let happened = case.events.iter().map(|event| event.at);
    let dated = case.key_dates.iter().map(|date| date.at);
    let latest = filed.chain(submitted).chain(happened).chain(dated).map(|stamp| stamp.instant()).max()?;
    day(latest)
}

fn day(at: UtcInstant) -> Option<String> {
    let text = at.to_string();
    // Years beyond 9999 or before 0 have no such form and no place in a bag.
    let date = text.get(..10)?;
    (date.as_bytes().get(4) == Some(&b'-') && !date.starts_with('-')).then(|| date.to_owned())
}

/// The pack format that a `bag-info.txt` states; none when it states none.
pub(crate) fn stated_format(bag_info: &str) -> Option<u32> {
    let value = bag_info.lines().find_map(|line| line.strip_prefix(FORMAT_LABEL)?.strip_prefix(": "))?;
    value.parse().ok()
}

/// A manifest: `hash`, two spaces, `path`, a line each, in the order of the paths.
pub(crate) fn manifest_text<'a>(lines: impl Iterator<Item = (&'a str, Sha256)>) -> String {
    lines.fold(String::new(), |mut text, (path, hash)| {
        let _ = writeln!(text, "{hash}  {path}");
        text
    })
}

/// Reads a manifest that has the form [`manifest_text`] gives.
pub(crate) fn read_manifest(text: &str) -> Option<BTreeMap<&str, Sha256>> {
    let mut files = BTreeMap::new();
    let mut last = None;
    for line in text.strip_suffix('\n')?.split('\n') {
        let (hash, path) = line.split_once("  ")?;
        if last.is_some_and(|last| last >= path) {
            return None;
        }
        last = Some(path);
        files.insert(path, hash.parse().ok()?);
    }
    Some(files)
}

/// `signature.json`: who signed the tag manifest. It is a tag file that no manifest lists, because
/// it comes after them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureFile {
    pub(crate) algorithm: String,
    pub(crate) key: KeyId,
    pub(crate) signature: String,
    pub(crate) signed: String,
}

impl SignatureFile {
    pub(crate) fn sign(key: &SigningKey, tag_manifest: &str) -> Self {
        Self {
            algorithm: ALGORITHM.to_owned(),
            key: key.id().clone(),
            signature: key.sign_bytes(tag_manifest.as_bytes()),
            signed: TAG_MANIFEST.to_owned(),
        }
    }

    pub(crate) fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// Reads a signature file, which must have the form that [`SignatureFile::text`] gives.
    pub(crate) fn read(text: &str) -> Result<Self, PackFault> {
        let malformed = || PackFault::TagFile { name: SIGNATURE };
        let file: Self = serde_json::from_str(text).map_err(|_| malformed())?;
        let exact = file.text().is_ok_and(|again| again == text);
        let known = file.algorithm == ALGORITHM && file.signed == TAG_MANIFEST;
        if exact && known { Ok(file) } else { Err(malformed()) }
    }
}

/// The path of a payload file below the pack's folder.
pub(crate) fn payload_path(path: &str) -> String {
    format!("{DATA}{path}")
}

/// The path of the case document below the pack's folder.
pub(crate) fn case_document_path() -> String {
    payload_path(CASE_DOCUMENT_PATH)
}
