//! A machine for tests: a real store with a key of its own, a clock that a test moves, and packs that
//! are signed and checked as in life.

use crate::{
    clock::{Clock, Randomness as _, SystemRandomness},
    config::ClientConfig,
    docket::fixtures::seat_of,
    open::{News, Open, Opened},
    packs,
};
use pingli_casepack::{SigningKey, write_pack};
use pingli_protocol::{
    EvidenceId, Localized, ReviewerId, SeatId, Sha256, UtcInstant,
    case::CaseDocument,
    seat::{PackRef, SeatState},
    server::{ServerDescription, SignIn},
    standing::Profile,
    sync::{Change, ChangeBody},
};
use pingli_store::{
    Account, BlobKey, NewPack, Store, StoredTokens, UnkeptFolder,
    keys::{DataKey, KeyStore, Keyring, KeyringFault, PassphraseCost, Secret},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::Cursor,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

/// A clock that a test moves: time passes, and the wall clock is turned besides.
#[derive(Default)]
pub(crate) struct FakeClock {
    /// Milliseconds that have passed.
    pub(crate) passed: AtomicI64,
    /// Milliseconds that the wall clock was turned ahead.
    pub(crate) turned: AtomicI64,
    /// What passing time is counted from, where that can be told.
    pub(crate) started: Mutex<Option<&'static str>>,
}

impl FakeClock {
    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.passed.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Turns the wall clock.
    pub(crate) fn turn(&self, seconds: i64) {
        self.turned.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> UtcInstant {
        let (passed, turned) = (self.passed.load(Ordering::SeqCst), self.turned.load(Ordering::SeqCst));
        UtcInstant::from_millis(1_790_000_000_000 + passed + turned)
    }
    fn monotonic_millis(&self) -> u64 {
        u64::try_from(self.passed.load(Ordering::SeqCst)).expect("forward")
    }
    fn counts_from(&self) -> Option<String> {
        crate::open::lock(&self.started).map(str::to_owned)
    }
    fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::UTC
    }
}

struct NoKeyring;

impl Keyring for NoKeyring {
    fn get(&self, _: &str) -> Result<Vec<Secret>, KeyringFault> {
        Err(KeyringFault::Unavailable)
    }
    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeyringFault> {
        Err(KeyringFault::Unavailable)
    }
    fn remove(&self, _: &str) -> Result<(), KeyringFault> {
        Err(KeyringFault::Unavailable)
    }
}

/// Opens the store of a folder; `change` may change how the client is configured.
pub(crate) fn open_store(folder: &Path, clock: &Arc<FakeClock>, change: impl FnOnce(&mut ClientConfig)) -> Arc<Open> {
    open_in(folder, None, clock, change)
}

/// Opens a session that keeps nothing, below a data folder.
pub(crate) fn open_session(folder: &Path, clock: &Arc<FakeClock>, change: impl FnOnce(&mut ClientConfig)) -> Arc<Open> {
    let session = UnkeptFolder::make(folder, &|bytes| SystemRandomness.fill(bytes)).expect("a folder");
    open_in(folder, Some(session), clock, change)
}

fn open_in(
    folder: &Path,
    session: Option<UnkeptFolder>,
    clock: &Arc<FakeClock>,
    change: impl FnOnce(&mut ClientConfig),
) -> Arc<Open> {
    let key = DataKey::from_bytes([1; 32]);
    let store = Store::open(session.as_ref().map_or(folder, UnkeptFolder::path), &key).expect("a store");
    let mut config = ClientConfig::new(folder);
    config.clock = Arc::clone(clock) as Arc<dyn Clock>;
    config.randomness = Arc::new(SystemRandomness);
    change(&mut config);
    let cost = PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 };
    let keys = KeyStore::new(folder, Arc::new(NoKeyring), Arc::new(|_| {}), cost);
    Arc::new(Open::new(config, keys, Opened { key, store, session }, News::new()))
}

/// Signs a reviewer in to a server with this key.
pub(crate) fn sign_in(open: &Open, key: &SigningKey) {
    let account = Account {
        server: "http://127.0.0.1:1".to_owned(),
        description: ServerDescription {
            name: Localized::new("判定中心", "server"),
            protocol_versions: vec![1],
            keys: Vec::new(),
            sign_in: SignIn {
                authorization_endpoint: String::new(),
                token_endpoint: String::new(),
                revocation_endpoint: String::new(),
                client_id: String::new(),
            },
            languages: Vec::new(),
            server_time: open.now(),
        },
        keys: vec![key.server_key(UtcInstant::from_millis(0), None)],
        profile: Profile {
            id: ReviewerId::new("r-1").expect("an id"),
            display_name: "r".to_owned(),
            member_since: open.now(),
        },
        has_session: true,
        skew_seconds: 0,
        last_complete: None,
    };
    let tokens = StoredTokens { access: "a".to_owned(), refresh: "b".to_owned(), expires_at: i64::MAX };
    open.store.sign_in(&account, &tokens).expect("signed in");
}

/// A machine whose reviewer has one seat, and the case's pack with it.
pub(crate) struct Machine {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) open: Arc<Open>,
    pub(crate) seat: SeatId,
}

impl Machine {
    /// The pack is here and was checked. `evidence` has ids, kinds and bodies.
    pub(crate) fn with(evidence: &[(&str, &str, Value)]) -> Self {
        let machine = Self::downloaded(evidence);
        packs::check(&machine.open, &machine.seat).expect("a sound pack");
        machine
    }

    /// The pack is here, and nobody has looked into it.
    pub(crate) fn downloaded(evidence: &[(&str, &str, Value)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(FakeClock::default());
        let open = open_store(folder.path(), &clock, |_| {});
        let key = SigningKey::from_seed(&[3; 32]);
        sign_in(&open, &key);
        let (pack, bytes) = pack(&key, evidence);
        let mut seat = seat_of("1", SeatState::Accepted, open.now().plus_seconds(86_400));
        seat.pack = pack;
        let change = Change { id: seat.id.to_string(), version: 1, body: ChangeBody::Seat(Box::new(seat.clone())) };
        open.store.apply_page(&[change], "1").expect("a mirror");
        let key = BlobKey::from_bytes([9; 32]);
        let new = NewPack { seat: &seat.id, pack: &seat.pack, file: "0123456789abcdef".to_owned(), key };
        open.store.queue_pack(&new).expect("queued");
        let fill = |bytes: &mut [u8]| open.fill(bytes);
        let mut writer = open.store.pack_writer(&seat.id, &fill).expect("a file");
        writer.write(&bytes).expect("room");
        writer.finish().expect("all bytes came");
        Self { folder, clock, open, seat: seat.id }
    }

    /// The program ends, however, and starts again.
    pub(crate) fn restart(&mut self) {
        self.open = open_store(self.folder.path(), &self.clock, |_| {});
    }
}

/// An id of evidence.
pub(crate) fn evidence(id: &str) -> EvidenceId {
    id.parse().expect("an id")
}

/// A chat between buyer `b` and seller `s` with these messages.
pub(crate) fn chat_body(messages: Value) -> Value {
    json!({"kind": "chat_log", "messages": messages, "platform": "示例平台聊天", "time_zone": "Asia/Shanghai",
           "complete": false, "participants": [{"id": "b", "side": "buyer", "alias": "林**"},
                                               {"id": "s", "side": "seller", "alias": "小店"}]})
}

/// A case with these pieces of evidence, and its signed pack.
fn pack(key: &SigningKey, evidence: &[(&str, &str, Value)]) -> (PackRef, Vec<u8>) {
    let mut files = BTreeMap::new();
    let mut pieces = Vec::new();
    for (n, (id, kind, body)) in (1..).zip(evidence) {
        // What is no JSON object stands for the bytes of a body that does not read.
        let bytes = body.as_str().map_or_else(|| body.to_string(), str::to_owned).into_bytes();
        let path = format!("evidence/{id}/body.json");
        let file =
            json!({"path": path, "sha256": Sha256::of(&bytes), "bytes": bytes.len(), "media_type": "application/json"});
        pieces.push(json!({"id": id, "number": {"side": "platform", "n": n}, "kind": kind, "title": id,
                           "grade": "platform_record", "body": file}));
        files.insert(path, bytes);
    }
    let text = json!({"zh-Hans": "a", "en": "a"});
    let votes = json!({"panel_size": 31, "rule": {"kind": "plurality"}, "quorum": 11, "early_finish": true,
        "cannot_decide": "excluded", "tie": "staff", "voting_window_seconds": 86400, "seat_lease_seconds": 43200,
        "late_ballot": "recorded"});
    let document: CaseDocument = serde_json::from_value(json!({
        "format": 1,
        "case": {"id": "c-1", "round": 1, "title": "t", "summary": "s", "language": "zh-Hans",
                 "time_zone": "Asia/Shanghai", "rule_version": "1", "parties": [], "claims": [], "issues": [],
                 "events": [], "key_dates": [], "evidence": pieces},
        "case_type": {"code": "transaction_dispute", "title": text, "question": text, "required_evidence": [],
                      "options": [{"id": "support_buyer", "title": text, "kind": {"kind": "side", "side": "buyer"}}],
                      "reason_codes": [], "vote_system": votes, "estimated_minutes": 5, "offline_ok": true,
                      "points": 10, "weight": "light", "line_of_defence": "transaction", "route": "final",
                      "study_licence": ""},
        "vote_system": votes,
    }))
    .expect("the case reads");
    let mut bytes = Cursor::new(Vec::new());
    let summary = write_pack(&mut bytes, &document, 1, key, |file| Ok(Cursor::new(files[&file.path].clone())));
    let summary = summary.expect("a pack");
    let pack = PackRef { version: 1, sha256: summary.sha256, bytes: summary.bytes, key: key.id().clone() };
    (pack, bytes.into_inner())
}
