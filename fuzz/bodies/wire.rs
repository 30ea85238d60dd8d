//! Bodies over the pack and the wire: any bytes go in, and whatever is accepted must be whole, the
//! same when it is written and read again, and no larger than its bytes allow.

use pingli_casepack::{PackLimits, ServerKeys, SigningKey, open_text, sign_text, verify, write_pack};
use pingli_protocol::{
    CaseId, Sha256, Stamp, UtcInstant,
    ballot::{Ballot, Receipt},
    case::CaseDocument,
    charity::DonationRequest,
    limits::JsonLimits,
    seat::{DamageReport, RecuseRequest, SeatRequest},
    server::{ServerDescription, SignedText},
    sync::ChangePage,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{collections::BTreeMap, io::Cursor};

const FOLDER: &str = "TM-2026-0001-r1-v3";
const SMALL: PackLimits = PackLimits { pack_bytes: 1 << 20, entries: 200, case_document_bytes: 256 << 10 };

fn signer() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn keys() -> ServerKeys {
    let key = signer().server_key("2026-01-01T00:00:00Z".parse().expect("a time"), None);
    ServerKeys::first_meeting(&[key]).expect("a first key")
}

/// A pack: what is accepted has exactly one form.
pub(crate) fn pack(bytes: &[u8]) {
    let Ok(pack) = verify(&mut Cursor::new(bytes), &keys(), &SMALL) else { return };
    for (path, file) in pack.index.files() {
        assert!(file.offset + file.bytes <= bytes.len() as u64, "{path} lies inside the pack");
        pack.index.read_file(&mut Cursor::new(bytes), path, u64::MAX).expect("a verified file reads");
    }
    let mut again = Cursor::new(Vec::new());
    let open = |file: &pingli_protocol::evidence::EvidenceFile| {
        let read = pack.index.read_file(&mut Cursor::new(bytes), &file.path, u64::MAX);
        read.map(Cursor::new).map_err(|_| std::io::ErrorKind::NotFound.into())
    };
    write_pack(&mut again, &pack.document, pack.version, &signer(), open).expect("what was read can be written");
    let same_document = pack.document == reread(&pack.document);
    assert!(same_document, "the case is the same when it is read again");
    verify(&mut Cursor::new(again.get_ref()), &keys(), &SMALL).expect("and the pack written from it is one");
}

/// The contents of a pack that the key's holder signs: the first byte says which file is replaced by
/// the rest.
pub(crate) fn pack_contents(bytes: &[u8]) {
    let Some((which, rest)) = bytes.split_first() else { return };
    let mut files = small_pack_files();
    let path = files.keys().nth(usize::from(*which) % files.len()).cloned().expect("a file");
    files.insert(path.clone(), rest.to_vec());
    let payload: BTreeMap<_, _> = files.iter().filter(|(path, _)| path.starts_with("data/")).collect();
    if path.starts_with("data/") {
        let manifest = lines(payload);
        files.insert("manifest-sha256.txt".into(), manifest);
    }
    if path != "tagmanifest-sha256.txt" {
        let tags = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"];
        let tag_manifest = lines(files.iter().filter(|(path, _)| tags.contains(&path.as_str())).collect());
        files.insert("tagmanifest-sha256.txt".into(), tag_manifest);
    }
    if path != "signature.json" {
        let signature = signature(&files["tagmanifest-sha256.txt"]);
        files.insert("signature.json".into(), signature);
    }
    pack(&zip_of(&files));
}

fn lines(files: BTreeMap<&String, &Vec<u8>>) -> Vec<u8> {
    files.iter().map(|(path, bytes)| format!("{}  {path}\n", Sha256::of(bytes))).collect::<String>().into_bytes()
}

fn signature(tag_manifest: &[u8]) -> Vec<u8> {
    let key = signer();
    let file = json!({"algorithm": "Ed25519", "key": key.id(), "signature": key.sign_bytes(tag_manifest),
                      "signed": "tagmanifest-sha256.txt"});
    (serde_json::to_string_pretty(&file).expect("JSON") + "\n").into_bytes()
}

/// A ZIP of the one shape that a pack has.
fn zip_of(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (path, bytes) in files {
        let path = format!("{FOLDER}/{path}");
        let at = out.len() as u32;
        let mut common = Vec::new();
        [20_u16, 1 << 11, 0, 0, 33].iter().for_each(|field| common.extend(field.to_le_bytes()));
        let size = bytes.len() as u32;
        [crc32fast::hash(bytes), size, size].iter().for_each(|field| common.extend(field.to_le_bytes()));
        common.extend((path.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        out.extend(0x0403_4b50_u32.to_le_bytes());
        out.extend(&common);
        out.extend(path.as_bytes());
        out.extend(bytes);
        directory.extend(0x0201_4b50_u32.to_le_bytes());
        directory.extend((3_u16 << 8 | 20).to_le_bytes());
        directory.extend(&common);
        directory.extend([0; 8]);
        directory.extend((0o100_644_u32 << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(path.as_bytes());
    }
    let (at, count) = (out.len() as u32, files.len() as u16);
    out.extend(&directory);
    out.extend(0x0605_4b50_u32.to_le_bytes());
    out.extend([0; 4]);
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend([(directory.len() as u32).to_le_bytes(), at.to_le_bytes()].concat());
    out.extend([0; 2]);
    out
}

/// A case document.
pub(crate) fn case_document(bytes: &[u8]) {
    if JsonLimits::DOCUMENT.check(bytes).is_ok() {
        stable::<CaseDocument>(bytes);
    }
}

/// A page of changes.
pub(crate) fn change_page(bytes: &[u8]) {
    if JsonLimits::ANSWER.check(bytes).is_ok() {
        stable::<ChangePage>(bytes);
    }
}

/// What a client sends: a ballot and every other act.
pub(crate) fn acts(bytes: &[u8]) {
    stable::<Ballot>(bytes);
    stable::<DonationRequest>(bytes);
    stable::<SeatRequest>(bytes);
    stable::<RecuseRequest>(bytes);
    stable::<DamageReport>(bytes);
}

/// A text that the server signed: only what was signed is ever believed.
pub(crate) fn signed_text(bytes: &[u8]) {
    stable::<SignedText>(bytes);
    let Ok(signed) = serde_json::from_slice::<SignedText>(bytes) else { return };
    let keys = keys();
    if keys.check(&signed.key, signed.text.as_bytes(), &signed.signature).is_ok() {
        assert!(signed_texts().contains(&signed.text), "a signature over what nobody signed");
    }
    let _ = open_text::<Receipt>(&signed, &keys);
}

/// A server's description of itself, and the trust in its keys.
pub(crate) fn server_description(bytes: &[u8]) {
    stable::<ServerDescription>(bytes);
    let Ok(description) = serde_json::from_slice::<ServerDescription>(bytes) else { return };
    if let Ok(keys) = ServerKeys::first_meeting(&description.keys) {
        let list = keys.list();
        let again = ServerKeys::first_meeting(&list).expect("what was trusted once is trusted again");
        assert_eq!(again.list(), list, "and comes to the same keys");
    }
    // The keys pinned before are never replaced by what a description says.
    if let Ok(accepted) = keys().accept(&description.keys) {
        assert_eq!(
            accepted.list().first().map(|key| &key.public_key),
            keys().list().first().map(|key| &key.public_key)
        );
    }
}

/// Times and ids.
pub(crate) fn words(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(stamp) = text.parse::<Stamp>() {
        assert_eq!(stamp.to_string().parse(), Ok(stamp), "a stamp reads back");
    }
    if let Ok(at) = text.parse::<UtcInstant>() {
        assert_eq!(at.to_string().parse(), Ok(at), "an instant reads back");
        let _ = (at.plus_seconds(i64::MAX), at.plus_seconds(i64::MIN), at.seconds_since(UtcInstant::from_millis(0)));
    }
    if let Ok(id) = CaseId::new(text) {
        assert!(id.as_str() == text && !text.contains('/'), "an id is what was written");
    }
    if let Ok(hash) = text.parse::<Sha256>() {
        assert_eq!(hash.to_string(), text, "a hash has one form");
    }
    let _ = pingli_casepack::check_path(text);
}

/// The limits for JSON: what they let through is no more than they say.
pub(crate) fn json_limits(bytes: &[u8]) {
    let limits = JsonLimits { bytes: 1 << 14, depth: 8, values: 60, text: 80 };
    if limits.check(bytes).is_err() {
        return;
    }
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    let (depth, values, text) = measure(&value);
    assert!(depth <= limits.depth, "{depth} deep");
    assert!(values <= limits.values, "{values} values");
    assert!(text <= limits.text, "a text of {text} bytes");
}

fn measure(value: &Value) -> (usize, usize, usize) {
    let inside = |found: Vec<(usize, usize, usize)>| {
        let (depth, text) = found.iter().fold((0, 0), |(depth, text), one| (one.0.max(depth), one.2.max(text)));
        (depth + 1, 1 + found.iter().map(|one| one.1).sum::<usize>(), text)
    };
    match value {
        Value::String(text) => (0, 1, text.len()),
        Value::Array(list) => inside(list.iter().map(measure).collect()),
        Value::Object(map) => {
            inside(map.iter().flat_map(|(name, value)| [(0, 1, name.len()), measure(value)]).collect())
        }
        _ => (0, 1, 0),
    }
}

/// What reads is the same when it is written and read again.
pub(crate) fn stable<T: Serialize + DeserializeOwned + PartialEq>(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else { return };
    let written = serde_json::to_vec(&value).expect("what was read can be written");
    let again: T = serde_json::from_slice(&written).expect("what was written reads");
    assert!(again == value, "and is the same");
    assert!(serde_json::to_vec(&again).expect("written") == written, "also in its bytes");
}

fn reread(document: &CaseDocument) -> CaseDocument {
    serde_json::from_value(serde_json::to_value(document).expect("JSON")).expect("a case document")
}

fn small_files() -> BTreeMap<String, Vec<u8>> {
    let statement = json!({"kind": "statement", "side": "buyer", "paragraphs": ["杯子到手就裂了。"]});
    BTreeMap::from([
        ("evidence/b-1/body.json".to_owned(), statement.to_string().into_bytes()),
        ("evidence/b-2/1.jpg".to_owned(), b"\xff\xd8\xff the original".to_vec()),
        ("evidence/b-2/杯底.jpg".to_owned(), Vec::new()),
    ])
}

/// A small case, as JSON.
pub(crate) fn small_case() -> Value {
    let files = small_files();
    let file = |path: &str, kind: &str| {
        let bytes = &files[path];
        json!({"path": path, "sha256": Sha256::of(bytes), "bytes": bytes.len(), "media_type": kind})
    };
    let text = |zh: &str, en: &str| json!({"zh-Hans": zh, "en": en});
    let votes = json!({
        "panel_size": 31, "rule": {"kind": "plurality"}, "quorum": 16, "early_finish": true,
        "cannot_decide": "excluded", "tie": "staff", "voting_window_seconds": 86_400,
        "seat_lease_seconds": 7_200, "late_ballot": "recorded",
    });
    json!({
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
                 "grade": "party_submission",
                 "media": [{"original": file("evidence/b-2/1.jpg", "image/jpeg")},
                           {"original": file("evidence/b-2/杯底.jpg", "image/jpeg"), "exif": {"orientation": 6}}]},
            ],
            "events": [{"at": "2026-11-09T02:00:00+08:00", "kind": "platform_act", "side": "platform", "text": "介入"}],
            "key_dates": [{"kind": "ordered", "at": "2026-11-01T12:00:00+08:00"}],
        },
        "case_type": {
            "code": "transaction_dispute", "title": text("交易纠纷", "Transaction dispute"),
            "question": text("支持谁？", "Whom do you support?"),
            "options": [
                {"id": "support_buyer", "title": text("买家", "buyer"), "kind": {"kind": "side", "side": "buyer"}},
                {"id": "cannot_decide", "title": text("无法判断", "cannot decide"), "kind": {"kind": "cannot_decide"}},
            ],
            "required_evidence": ["statement"], "reason_codes": [], "vote_system": votes.clone(),
            "estimated_minutes": 5, "offline_ok": true, "points": 10, "weight": "medium",
            "line_of_defence": "transaction", "route": "reconsideration", "study_licence": "none",
        },
        "vote_system": votes,
    })
}

/// The small case's pack.
pub(crate) fn small_pack() -> Vec<u8> {
    let document: CaseDocument = serde_json::from_value(small_case()).expect("a case document");
    let open = |file: &pingli_protocol::evidence::EvidenceFile| {
        small_files().remove(&file.path).map(Cursor::new).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    };
    let mut out = Cursor::new(Vec::new());
    write_pack(&mut out, &document, 3, &signer(), open).expect("the small case can be packed");
    out.into_inner()
}

/// The files of the small pack, by path below its folder.
fn small_pack_files() -> BTreeMap<String, Vec<u8>> {
    let pack = small_pack();
    let mut files = BTreeMap::new();
    let (mut at, u16_at) = (0, |at: usize| usize::from(u16::from_le_bytes([pack[at], pack[at + 1]])));
    while pack[at..].starts_with(b"PK\x03\x04") {
        let size = u32::from_le_bytes([pack[at + 22], pack[at + 23], pack[at + 24], pack[at + 25]]) as usize;
        let name = at + 30..at + 30 + u16_at(at + 26);
        let path = std::str::from_utf8(&pack[name.clone()]).expect("a path");
        files.insert(path[FOLDER.len() + 1..].to_owned(), pack[name.end..name.end + size].to_vec());
        at = name.end + size;
    }
    files
}

pub(crate) fn pack_seeds() -> Vec<Vec<u8>> {
    vec![small_pack()]
}

pub(crate) fn pack_contents_seeds() -> Vec<Vec<u8>> {
    let files = small_pack_files();
    (0_u8..).zip(files.values()).map(|(which, bytes)| [&[which], bytes.as_slice()].concat()).collect()
}

pub(crate) fn case_document_seeds() -> Vec<Vec<u8>> {
    vec![small_case().to_string().into_bytes()]
}

pub(crate) fn change_page_seeds() -> Vec<Vec<u8>> {
    let case = small_case();
    let at = "2026-11-20T12:00:00Z";
    let name = json!({"zh-Hans": "免费午餐", "en": "Free lunch"});
    let seat = json!({
        "id": "s-1", "case": "TM-2026-0001", "round": 1, "state": "offered", "offered_at": at, "lease_end": at,
        "voting_end": at, "pack": {"version": 3, "sha256": Sha256::of(b"p"), "bytes": 100, "key": "k-1"},
        "card": {"title": "杯子", "case_type": "transaction_dispute", "language": "en", "estimated_minutes": 5,
                 "evidence": [{"kind": "image", "count": 2}], "vote_system": case["vote_system"],
                 "conflict": {"parties": [], "category": "百货", "shop": "瓷**", "region": "成都"}},
    });
    let signed: Value = serde_json::from_slice(&signed_text_seeds()[0]).expect("JSON");
    let own = json!({"choice": "support_buyer", "counted": true, "agreement": "agreed", "points": 10});
    let bodies = [
        json!({"kind": "case_type", "record": case["case_type"]}),
        json!({"kind": "profile", "record": {"id": "r-1", "display_name": "林", "member_since": at}}),
        json!({"kind": "standing", "record": {
            "state": "good", "level": {"number": 2, "title": name, "progress": 7, "next_at": 20}, "judgments": 7,
            "quotas": [{"kind": "returns", "limit": 5, "used": 1, "renews_at": at}],
            "costs": [{"action": "later", "cost": name}]}}),
        json!({"kind": "seat", "record": seat}),
        json!({"kind": "verdict", "record": {"signed": signed, "seat": "s-1", "own": own}}),
        json!({"kind": "ledger_entry", "record": {"id": "e-1", "at": at, "kind": "earn", "points": 9_007_199_254_740_991_i64,
            "refers_to": {"kind": "case", "case": "c-1", "round": 1, "title": "杯子"}, "state": "posted"}}),
        json!({"kind": "project", "record": {"id": "lunch", "name": name, "description": name, "organisation": name,
            "minimum": 100, "step": 100, "state": "open", "goal": 0, "raised": 12, "unit": {"fen": 400, "one": name, "many": name}}}),
        json!({"kind": "donation", "record": {"id": "d-1", "project": "lunch", "project_name": name, "points": 100, "fen": 100,
            "state": "submitted", "submitted_at": at, "cancel_until": at}}),
        json!({"kind": "gone", "record": {"collection": "seats"}}),
    ];
    let changes: Vec<Value> = (1..)
        .zip(bodies)
        .map(|(version, body)| json!({"id": format!("r{version}"), "version": version, "body": body}))
        .collect();
    let digests = json!([{"collection": "seats", "count": 1, "sha256": Sha256::of(b"d")}]);
    let page = |changes: &[Value]| {
        json!({"changes": changes, "cursor": "c:1", "more": false, "server_time": at, "digests": digests}).to_string()
    };
    let each = changes.chunks(1).map(&page);
    each.chain([page(&changes), page(&[])]).map(String::into_bytes).collect()
}

pub(crate) fn act_seeds() -> Vec<Vec<u8>> {
    let (id, at) = ("019a9c3e-7c1e-7000-8000-000000000001", "2026-11-20T12:00:00Z");
    let acts = [
        json!({"id": id, "seat": "s-1", "case": "c-1", "round": 1, "pack_sha256": Sha256::of(b"p"), "rule_version": "2026-03",
               "choice": "support_buyer", "reason_codes": ["unclear"], "opinion": "杯底裂纹贯穿。", "cited": ["b-2"],
               "findings": [{"issue": "i1", "finding": {"kind": "favours", "side": "buyer"}}], "opened_at": at,
               "decided_at": at, "active_seconds": 431, "client_version": "0.1.0"}),
        json!({"id": id, "project": "lunch", "points": 100}),
        json!({"id": id}),
        json!({"id": id, "reason": "knows_party", "opened": true}),
        json!({"id": id, "pack_sha256": Sha256::of(b"p"), "code": "pack_wrong_hash", "evidence": "b-2"}),
    ];
    acts.iter().map(|act| act.to_string().into_bytes()).collect()
}

fn signed_texts() -> Vec<String> {
    let receipt = |outcome: Value| {
        json!({"ballot": "019a9c3e-7c1e-7000-8000-000000000001", "seat": "s-1", "received_at": "2026-11-20T12:00:00Z",
               "outcome": outcome, "ballot_sha256": Sha256::of(b"b")})
        .to_string()
    };
    vec![receipt(json!({"kind": "counted"})), receipt(json!({"kind": "refused", "code": "lease_ended"}))]
}

pub(crate) fn signed_text_seeds() -> Vec<Vec<u8>> {
    let signed = |text| serde_json::to_vec(&sign_text(&signer(), text)).expect("JSON");
    signed_texts().into_iter().map(signed).collect()
}

pub(crate) fn server_description_seeds() -> Vec<Vec<u8>> {
    let at = |text: &str| text.parse().expect("a time");
    let first = signer().server_key(at("2026-01-01T00:00:00Z"), None);
    let second = SigningKey::from_seed(&[8; 32]).server_key(at("2026-06-01T00:00:00Z"), Some(&signer()));
    let describe = |keys: Value| {
        json!({"name": {"zh-Hans": "判定中心", "en": "Court"}, "protocol_versions": [1], "keys": keys,
               "sign_in": {"authorization_endpoint": "https://x.example/authorize", "token_endpoint": "https://x.example/token",
                           "revocation_endpoint": "https://x.example/revoke", "client_id": "pingli"},
               "languages": ["zh-Hans", "en"], "server_time": "2026-11-20T12:00:00Z"})
        .to_string()
        .into_bytes()
    };
    vec![describe(json!([first])), describe(json!([second, first]))]
}

pub(crate) fn word_seeds() -> Vec<Vec<u8>> {
    [
        "2026-11-02T14:03:27+08:00",
        "2026-11-02T14:03:27.123456789Z",
        "-009999-01-02T01:59:59-25:59:59",
        "c-1.2:3_x",
        &Sha256::of(b"x").to_string(),
        "evidence/b-2/杯底.jpg",
        "2026-11-02T14:03:27+08:00[Asia/Shanghai]",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

pub(crate) fn json_limits_seeds() -> Vec<Vec<u8>> {
    [r#"{"a":["\\\"[",{"b":"}"}],"c":[[[[[[1]]]]]],"d":null}"#, r#"["\u005b\u0022","\ud83d\ude00",-1.5e3,true]"#]
        .map(|text| text.as_bytes().to_vec())
        .into()
}

/// Words that the mutations put in.
pub(crate) const WORDS: [&str; 12] = [
    "\"evidence\":",
    "\"kind\":",
    "\"media\":[",
    "{\"kind\":\"gone\",\"record\":{\"collection\":\"seats\"}}",
    "cannot_decide",
    "..",
    "evidence/b-2/1.jpg",
    "Pingli-Pack-Format: 1\n",
    "PK\x05\x06",
    "2026-11-08T20:00:00+08:00",
    "Ed25519",
    "\"endorsed_by\":",
];
