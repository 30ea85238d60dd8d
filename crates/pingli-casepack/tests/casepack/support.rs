//! A small case, its pack, and a ZIP writer that can lie about everything.

use pingli_casepack::{PackFault, PackLimits, PackSummary, ServerKeys, SigningKey, VerifiedPack, verify, write_pack};
use pingli_protocol::{Sha256, case::CaseDocument, evidence::EvidenceFile};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Cursor},
};

pub(crate) const FOLDER: &str = "TM-2026-0001-r1-v3";
pub(crate) const VERSION: u32 = 3;

pub(crate) fn signer() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

pub(crate) fn keys() -> ServerKeys {
    let key = signer().server_key("2026-01-01T00:00:00Z".parse().unwrap(), None);
    ServerKeys::first_meeting(&[key]).unwrap()
}

/// The files of the small case by path.
pub(crate) fn files() -> BTreeMap<String, Vec<u8>> {
    let statement = json!({"kind": "statement", "side": "buyer", "paragraphs": ["杯子到手就裂了。"]});
    BTreeMap::from([
        ("evidence/b-1/body.json".to_owned(), statement.to_string().into_bytes()),
        ("evidence/b-2/1.jpg".to_owned(), b"\xff\xd8\xff the original".to_vec()),
        ("evidence/b-2/1.preview.jpg".to_owned(), b"\xff\xd8\xff a preview".to_vec()),
        ("evidence/b-2/杯底.jpg".to_owned(), Vec::new()),
    ])
}

fn file(path: &str, media_type: &str) -> Value {
    let bytes = &files()[path];
    json!({"path": path, "sha256": Sha256::of(bytes), "bytes": bytes.len(), "media_type": media_type})
}

/// The small case.
pub(crate) fn document() -> CaseDocument {
    let text = |zh: &str, en: &str| json!({"zh-Hans": zh, "en": en});
    let vote_system = json!({
        "panel_size": 31, "rule": {"kind": "plurality"}, "quorum": 16, "early_finish": true,
        "cannot_decide": "excluded", "tie": "staff", "voting_window_seconds": 86400,
        "seat_lease_seconds": 7200, "late_ballot": "recorded"
    });
    let option = |id: &str, kind: Value| json!({"id": id, "title": text(id, id), "kind": kind});
    let value = json!({
        "format": 1,
        "case": {
            "id": "TM-2026-0001", "round": 1, "title": "柴烧杯开裂", "summary": "收到的杯子有裂纹。",
            "language": "zh-Hans", "time_zone": "Asia/Shanghai", "rule_version": "2026-03",
            "parties": [{"side": "buyer", "role": "claimant", "alias": "林**"}],
            "claims": [{"side": "buyer", "text": "退款", "filed_at": "2026-11-08T20:00:00+08:00"}],
            "issues": [{"id": "i1", "text": "裂纹何时产生？"}],
            "evidence": [
                {"id": "b-1", "number": {"side": "buyer", "n": 1}, "kind": "statement", "title": "情况说明",
                 "grade": "party_submission", "submitted_at": "2026-11-09T01:30:00+08:00",
                 "body": file("evidence/b-1/body.json", "application/json")},
                {"id": "b-2", "number": {"side": "buyer", "n": 2}, "kind": "image", "title": "照片",
                 "grade": "party_submission", "media": [
                    {"original": file("evidence/b-2/1.jpg", "image/jpeg"),
                     "preview": file("evidence/b-2/1.preview.jpg", "image/jpeg")},
                    {"original": file("evidence/b-2/杯底.jpg", "image/jpeg")}
                 ]}
            ],
            "events": [], "key_dates": []
        },
        "case_type": {
            "code": "transaction_dispute", "title": text("交易纠纷", "Transaction dispute"),
            "question": text("支持谁？", "Whom do you support?"),
            "options": [
                option("support_buyer", json!({"kind": "side", "side": "buyer"})),
                option("cannot_decide", json!({"kind": "cannot_decide"}))
            ],
            "required_evidence": ["statement"], "reason_codes": [], "vote_system": vote_system,
            "estimated_minutes": 5, "offline_ok": true, "points": 10, "weight": "medium",
            "line_of_defence": "transaction", "route": "reconsideration", "study_licence": "none"
        },
        "vote_system": vote_system
    });
    serde_json::from_value(value).expect("the small case reads as a case document")
}

pub(crate) fn open(file: &EvidenceFile) -> io::Result<Cursor<Vec<u8>>> {
    files().remove(&file.path).map(Cursor::new).ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// The small case's pack.
pub(crate) fn pack() -> (Vec<u8>, PackSummary) {
    let mut out = Cursor::new(Vec::new());
    let summary = write_pack(&mut out, &document(), VERSION, &signer(), open).expect("the small case can be packed");
    (out.into_inner(), summary)
}

pub(crate) fn check(bytes: &[u8]) -> Result<VerifiedPack, PackFault> {
    verify(&mut Cursor::new(bytes), &keys(), &PackLimits::default())
}

/// The code of the fault with which a pack is refused.
pub(crate) fn code(bytes: &[u8]) -> &'static str {
    match check(bytes) {
        Ok(_) => "accepted",
        Err(fault) => fault.code(),
    }
}

/// The contents of a pack by path below its folder, to be changed and packed again.
pub(crate) fn contents() -> BTreeMap<String, Vec<u8>> {
    let (bytes, _) = pack();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let path = entry.name().unwrap().strip_prefix(FOLDER).unwrap()[1..].to_owned();
            let mut bytes = Vec::new();
            io::copy(&mut entry, &mut bytes).unwrap();
            (path, bytes)
        })
        .collect()
}

/// Makes manifests and signature fit the contents again, as only the key's holder can.
pub(crate) fn sign_again(contents: &mut BTreeMap<String, Vec<u8>>) {
    let manifest = lines(contents.iter().filter(|(path, _)| path.starts_with("data/")));
    contents.insert("manifest-sha256.txt".into(), manifest);
    sign_tags_again(contents);
}

/// Makes the tag manifest and the signature fit the other tag files.
pub(crate) fn sign_tags_again(contents: &mut BTreeMap<String, Vec<u8>>) {
    let tags = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"];
    let tag_manifest = lines(contents.iter().filter(|(path, _)| tags.contains(&path.as_str())));
    let key = signer();
    let signature = json!({
        "algorithm": "Ed25519", "key": key.id(), "signature": key.sign_bytes(&tag_manifest),
        "signed": "tagmanifest-sha256.txt"
    });
    contents.insert("tagmanifest-sha256.txt".into(), tag_manifest);
    let text = serde_json::to_string_pretty(&signature).unwrap() + "\n";
    contents.insert("signature.json".into(), text.into_bytes());
}

fn lines<'a>(files: impl Iterator<Item = (&'a String, &'a Vec<u8>)>) -> Vec<u8> {
    files.map(|(path, bytes)| format!("{}  {path}\n", Sha256::of(bytes))).collect::<String>().into_bytes()
}

/// An entry as it will be written; every field may lie.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) path: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) attributes: u32,
    pub(crate) extra: Vec<u8>,
    pub(crate) comment: Vec<u8>,
    pub(crate) size: u32,
    pub(crate) crc: u32,
    /// Replaces the place in the directory.
    pub(crate) header_at: Option<u32>,
    /// Replaces the path in the local header.
    pub(crate) local_path: Option<Vec<u8>>,
    /// Bytes before the local header.
    pub(crate) gap: Vec<u8>,
}

pub(crate) fn entry(path: &str, bytes: &[u8]) -> Entry {
    Entry {
        path: path.as_bytes().to_vec(),
        bytes: bytes.to_vec(),
        flags: 1 << 11,
        method: 0,
        attributes: 0o100_644 << 16,
        extra: Vec::new(),
        comment: Vec::new(),
        size: bytes.len() as u32,
        crc: crc32fast::hash(bytes),
        header_at: None,
        local_path: None,
        gap: Vec::new(),
    }
}

/// The entries of some contents, as an honest pack has them.
pub(crate) fn entries(contents: &BTreeMap<String, Vec<u8>>) -> Vec<Entry> {
    contents.iter().map(|(path, bytes)| entry(&format!("{FOLDER}/{path}"), bytes)).collect()
}

/// The entries of the small case's own pack.
pub(crate) fn honest() -> Vec<Entry> {
    entries(&contents())
}

/// Writes a ZIP of these entries; byte for byte a pack when none of them lies.
pub(crate) fn zip_of(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        out.extend(&entry.gap);
        let at = entry.header_at.unwrap_or(out.len() as u32);
        let mut common = Vec::new();
        for field in [20, entry.flags, entry.method, 0, 33] {
            common.extend(field.to_le_bytes());
        }
        for field in [entry.crc, entry.size, entry.size] {
            common.extend(field.to_le_bytes());
        }
        let local_path = entry.local_path.as_ref().unwrap_or(&entry.path);
        out.extend(0x0403_4b50_u32.to_le_bytes());
        out.extend(&common);
        out.extend((local_path.len() as u16).to_le_bytes());
        out.extend(0_u16.to_le_bytes());
        out.extend(local_path);
        out.extend(&entry.bytes);

        directory.extend(0x0201_4b50_u32.to_le_bytes());
        directory.extend((3_u16 << 8 | 20).to_le_bytes());
        directory.extend(&common);
        directory.extend((entry.path.len() as u16).to_le_bytes());
        directory.extend((entry.extra.len() as u16).to_le_bytes());
        directory.extend((entry.comment.len() as u16).to_le_bytes());
        directory.extend([0; 4]);
        directory.extend(entry.attributes.to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(&entry.path);
        directory.extend(&entry.extra);
        directory.extend(&entry.comment);
    }
    finish(out, &directory, entries.len() as u16)
}

/// Adds a directory and its end.
pub(crate) fn finish(mut out: Vec<u8>, directory: &[u8], count: u16) -> Vec<u8> {
    let at = out.len() as u32;
    out.extend(directory);
    out.extend(0x0605_4b50_u32.to_le_bytes());
    out.extend([0; 4]);
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0; 2]);
    out
}
