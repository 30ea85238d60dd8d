//! A judgment server in a temporary folder, on a port of its own and with a clock that the story
//! turns.

use crate::copy_folder;
use pingli_casepack::SigningKey;
use pingli_media::WorkerCommand;
use pingli_protocol::{ReviewerId, UtcInstant, ballot::Ballot, server::ServerKey};
use pingli_server::{App, Clock, Config, ManualClock, RunningServer, Server, intake::Imported};
use serde_json::{Value, json};
use std::{net::SocketAddr, path::Path, sync::Arc};

/// A judgment server that can go away and come back.
pub struct Hall {
    folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    address: SocketAddr,
    server: Option<RunningServer>,
    adjust: Box<dyn Fn(&mut Config) + Send + Sync>,
    /// Its address.
    pub url: String,
}

impl std::fmt::Debug for Hall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hall").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Hall {
    /// Opens a server whose clock stands at `now`.
    pub async fn open(now: UtcInstant) -> Self {
        Self::open_with(now, |_| {}).await
    }

    /// The same with another configuration.
    pub async fn open_with(now: UtcInstant, adjust: impl Fn(&mut Config) + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut hall = Self {
            clock: Arc::new(ManualClock::at(now)),
            folder,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            server: None,
            adjust: Box::new(adjust),
            url: String::new(),
        };
        hall.come_back().await;
        hall
    }

    /// Goes away: connections are refused from now on.
    pub async fn go_away(&mut self) {
        self.server.take().expect("it was there").stop().await;
    }

    /// Comes back at the same address with the same data.
    pub async fn come_back(&mut self) {
        let mut config = Config::new(self.folder.path().join("data"), self.address);
        config.clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        config.tick = None;
        config.media_worker = Some(WorkerCommand::program(crate::media_worker()));
        // The story turns the server's clock by days; tokens are not what it is about.
        config.rules.access_token = 365 * 24 * 3600;
        (self.adjust)(&mut config);
        let server = Server::start(config).await.expect("a server");
        self.url.clone_from(&server.url);
        self.address = server.url.trim_start_matches("http://").parse().expect("an address");
        self.server = Some(server);
    }

    fn server(&self) -> &RunningServer {
        self.server.as_ref().expect("it is there")
    }

    /// The server's data folder.
    #[must_use]
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Where it listens, whatever its public address is.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The open server, for a look at its books.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.server().app
    }

    /// Makes a copy of everything it has, and comes back.
    pub async fn back_up(&mut self) -> tempfile::TempDir {
        self.go_away().await;
        let copy = self.backup();
        self.come_back().await;
        copy
    }

    /// Comes back with the copy: what was done since never was.
    pub async fn go_back_to(&mut self, backup: &tempfile::TempDir) {
        self.go_away().await;
        self.put_back(backup);
        self.come_back().await;
    }

    /// Signs with a new key from now on, which the one before signed for.
    pub async fn rotate_key(&mut self) {
        self.go_away().await;
        let keys = self.folder.path().join("data/keys");
        let (seed, list) = (keys.join("current.seed"), keys.join("keys.json"));
        let before: [u8; 32] = std::fs::read(&seed).expect("a seed").try_into().expect("32 bytes");
        let next = before.map(|byte| byte.wrapping_mul(5).wrapping_add(17));
        let mut listed: Vec<ServerKey> = serde_json::from_slice(&std::fs::read(&list).expect("a list")).expect("keys");
        let before = SigningKey::from_seed(&before);
        listed.push(SigningKey::from_seed(&next).server_key(self.clock.now(), Some(&before)));
        std::fs::write(&list, serde_json::to_vec(&listed).expect("json")).expect("written");
        std::fs::write(&seed, next).expect("written");
        self.come_back().await;
    }

    /// Adds a reviewer.
    pub async fn add_reviewer(&self, name: &str, password: &str) -> ReviewerId {
        self.server().app.add_user(name, name, password).await.expect("a new reviewer")
    }

    /// Gives a reviewer points that can be given away.
    pub async fn grant(&self, reviewer: &ReviewerId, points: i64) {
        crate::court::grant(&self.server().app, reviewer, points).await;
    }

    /// Opens a case for a panel of so many; its text comes with the server.
    pub async fn open_case(&self, id: &str, panel: u32) {
        self.open_case_with(id, panel, |_, _| {}).await;
    }

    /// Opens a case with a chat log of so many messages, evidence `p-9`.
    pub async fn open_case_with_chat(&self, id: &str, panel: u32, messages: u32) {
        self.open_case_with(id, panel, |case, folder| {
            let message = |seq: u32| {
                let at = UtcInstant::from_millis(1_762_000_000_000 + i64::from(seq) * 60_000);
                json!({"seq": seq, "at": at, "from": "b", "text": format!("第 {seq} 条")})
            };
            let chat = json!({
                "platform": "示例平台聊天", "time_zone": "Asia/Shanghai", "complete": true,
                "participants": [{"id": "b", "side": "buyer", "alias": "林**"}],
                "messages": (1..=messages).map(message).collect::<Vec<_>>(),
            });
            std::fs::write(folder.join("chat.json"), chat.to_string()).expect("a chat");
            let log = json!({"id": "p-9", "side": "platform", "kind": "chat_log", "title": "聊天记录",
                             "grade": "platform_record", "body_file": "chat.json"});
            case["evidence"].as_array_mut().expect("evidence").push(log);
        })
        .await;
    }

    /// Opens a case with one more piece of evidence, `p-9`, of these files.
    pub async fn open_case_with_files(&self, id: &str, panel: u32, files: &[(&str, Vec<u8>)]) {
        self.open_case_with(id, panel, |case, folder| {
            for (name, bytes) in files {
                std::fs::write(folder.join(name), bytes).expect("a file");
            }
            let media: Vec<Value> = files.iter().map(|(name, _)| json!({"file": name})).collect();
            let photos = json!({"id": "p-9", "side": "platform", "kind": "image", "title": "照片",
                                "grade": "platform_record", "media": media});
            case["evidence"].as_array_mut().expect("evidence").push(photos);
        })
        .await;
    }

    /// Opens a case for a panel of so many; `change` may change it and add files to its folder.
    pub async fn open_case_with(&self, id: &str, panel: u32, change: impl FnOnce(&mut Value, &Path)) {
        open_case(&self.server().app, &self.folder.path().join("intake").join(id), id, panel, change).await;
    }

    /// Gives a case a new version; `change` may change it and add files to its folder.
    pub async fn amend_case(&self, id: &str, change: impl FnOnce(&mut Value, &Path)) {
        let folder = self.folder.path().join("intake").join(id);
        let text = std::fs::read(folder.join("case.json")).expect("a case");
        let mut case = serde_json::from_slice(&text).expect("json");
        change(&mut case, &folder);
        std::fs::write(folder.join("case.json"), case.to_string()).expect("a case");
        let report = self.server().app.amend(&folder).await.expect("an amendment");
        assert!(matches!(report.cases[0].1, Imported::Amended(..)), "it is amended: {:?}", report.cases[0].1);
    }

    /// A copy of the data as it is on the disk. The server must be away.
    #[must_use]
    pub fn backup(&self) -> tempfile::TempDir {
        assert!(self.server.is_none(), "a copy of files that are written is none");
        let copy = tempfile::tempdir().expect("a folder");
        copy_folder(&self.folder.path().join("data"), copy.path());
        copy
    }

    /// Puts a copy in the place of the data. The server must be away.
    pub fn put_back(&self, backup: &tempfile::TempDir) {
        assert!(self.server.is_none(), "files that are written cannot be put back");
        let data = self.folder.path().join("data");
        std::fs::remove_dir_all(&data).expect("the data is gone");
        copy_folder(backup.path(), &data);
    }

    /// How many ballots of a case are counted, as the server's own books say.
    pub async fn counted(&self, case: &str) -> usize {
        self.ballots(case).await.len()
    }

    /// The ballots of a case that are counted, as they came.
    pub async fn ballots(&self, case: &str) -> Vec<Ballot> {
        let mut tx = self.server().app.db.read().await.expect("the books");
        let case = case.parse().expect("an id");
        pingli_server::db::ballots::bodies(&mut tx, &case, 1).await.expect("ballots")
    }

    /// Damages the server's own copies of its packs.
    pub fn damage_packs(&self) {
        for entry in std::fs::read_dir(self.folder.path().join("data/packs")).expect("packs").flatten() {
            crate::flip_last_byte(&entry.path());
        }
    }

    /// Lets time pass on the server, whether it is there or away.
    pub async fn pass(&self, seconds: i64) {
        self.clock.advance(seconds);
        if let Some(server) = &self.server {
            server.app.tick().await.expect("a tick");
        }
    }
}

/// Opens a case for a panel of so many at a server; `folder` takes its files, `change` may change it.
pub async fn open_case(app: &Arc<App>, folder: &Path, id: &str, panel: u32, change: impl FnOnce(&mut Value, &Path)) {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/pingli-server/seed/history.json");
    let cases = std::fs::read_to_string(seed).expect("the cases that come with the server");
    let mut case = serde_json::from_str::<Vec<Value>>(&cases).expect("cases").swap_remove(0);
    case["id"] = json!(id);
    case["vote_system"] = json!({
        "panel_size": panel, "rule": {"kind": "plurality"}, "quorum": 1, "early_finish": true,
        "cannot_decide": "excluded", "tie": "staff", "voting_window_seconds": 86_400,
        "seat_lease_seconds": 43_200, "late_ballot": "recorded",
    });
    std::fs::create_dir_all(folder).expect("a folder");
    change(&mut case, folder);
    std::fs::write(folder.join("case.json"), case.to_string()).expect("a case");
    let report = app.import(folder).await.expect("an import");
    assert!(matches!(report.cases[0].1, Imported::Opened(_)), "the case is open: {:?}", report.cases[0].1);
}
