//! A server in a temporary folder, reviewers who are signed in, and cases for them.

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode, header};
use pingli_casepack::{ServerKeys, open_text};
use pingli_media::WorkerCommand;
use pingli_protocol::{
    BallotId, CaseId, IntentId, SeatId,
    ballot::{Ballot, BallotOutcome, Receipt},
    seat::{Seat, SeatState},
    server::SignedText,
    sync::ChangePage,
};
use pingli_server::{
    App, Clock, Config, ManualClock,
    api::{self, oauth::challenge_of},
    intake::Imported,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub(crate) const REDIRECT: &str = "http://127.0.0.1:50123/signed-in";

pub(crate) struct World {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) router: Router,
    pub(crate) folder: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text()))
    }

    pub(crate) fn code(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.text());
        self.json::<Value>()["code"].as_str().unwrap().to_owned()
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-21T08:00:00Z".parse().unwrap()));
        let mut config = Config::new(folder.path().join("data"), SocketAddr::from(([127, 0, 0, 1], 0)));
        config.clock = Arc::clone(&clock) as Arc<dyn Clock>;
        config.tick = None;
        // Stories take days; signing in again each time would hide what they are about.
        config.rules.access_token = 10 * 365 * 24 * 3600;
        config.media_worker = Some(WorkerCommand::hidden_argument(env!("CARGO_BIN_EXE_pingli-server")));
        change(&mut config);
        let app = App::open(&config).await.unwrap();
        let router = api::router(Arc::clone(&app));
        Self { app, clock, router, folder }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        assert!(parts.status.as_u16() < 500, "{}", String::from_utf8_lossy(&bytes));
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub(crate) async fn form(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookie)
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn advance(&self, seconds: i64) {
        self.clock.advance(seconds);
        self.app.tick().await.unwrap();
    }

    /// Adds a reviewer and signs in through the sign-in page.
    pub(crate) async fn reviewer(&self, name: &str) -> Reviewer<'_> {
        self.app.add_user(name, name, "correct horse").await.unwrap();
        self.sign_in(name).await
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Reviewer<'_> {
        let tokens = self.tokens(name).await;
        Reviewer { world: self, token: tokens["access_token"].as_str().unwrap().to_owned() }
    }

    pub(crate) async fn reviewers(&self, count: usize) -> Vec<Reviewer<'_>> {
        let mut reviewers = Vec::new();
        for n in 0..count {
            reviewers.push(self.reviewer(&format!("reviewer-{n}")).await);
        }
        reviewers
    }

    pub(crate) async fn tokens(&self, name: &str) -> Value {
        let code = self.code(name, "verifier").await;
        let answer = self.form("/oauth/token", "", &code_form(&code, "verifier")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    pub(crate) async fn page(&self, verifier: &str) -> (String, Vec<(String, String)>) {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs([
            ("response_type", "code"),
            ("client_id", "pingli-desktop"),
            ("redirect_uri", REDIRECT),
            ("state", "a&b"),
            ("code_challenge", &challenge_of(verifier)),
            ("code_challenge_method", "S256"),
        ]);
        let page = self.send(Request::get(format!("/oauth/authorize?{}", query.finish())).body(Body::empty()).unwrap());
        let page = page.await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let fields = page
            .text()
            .split("<input type=\"hidden\"")
            .skip(1)
            .map(|tag| {
                let mut quoted = tag.split('"').skip(1).step_by(2);
                let unescape = |text: &str| text.replace("&amp;", "&");
                (unescape(quoted.next().unwrap()), unescape(quoted.next().unwrap()))
            })
            .collect();
        (cookie, fields)
    }

    pub(crate) async fn code(&self, name: &str, verifier: &str) -> String {
        let (cookie, fields) = self.page(verifier).await;
        let mut form: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        form.extend([("name", name), ("password", "correct horse")]);
        let answer = self.form("/oauth/authorize", &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let location = url::Url::parse(answer.headers[header::LOCATION].to_str().unwrap()).unwrap();
        assert_eq!(
            location.query_pairs().find(|(n, _)| n == "state").unwrap().1,
            "a&b",
            "the state comes back as it was"
        );
        location.query_pairs().find(|(n, _)| n == "code").unwrap().1.into_owned()
    }

    /// Writes the folder of a case that the test may have changed.
    pub(crate) fn case_folder(&self, id: &str, change: impl FnOnce(&mut Value)) -> std::path::PathBuf {
        let mut cases: Vec<Value> = serde_json::from_str(include_str!("../../seed/history.json")).unwrap();
        let mut case = cases.remove(0);
        case["id"] = json!(id);
        case["vote_system"] = vote_system(5);
        change(&mut case);
        let folder = self.folder.path().join("intake").join(id);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("case.json"), serde_json::to_vec_pretty(&case).unwrap()).unwrap();
        folder
    }

    pub(crate) async fn import(&self, folder: &Path) -> Imported {
        self.app.import(folder).await.unwrap().cases.remove(0).1
    }

    /// Opens a case for a panel of so many.
    pub(crate) async fn open_case(&self, id: &str, panel: u32) -> CaseId {
        self.open_case_with(id, |case| case["vote_system"] = vote_system(panel)).await
    }

    pub(crate) async fn open_case_with(&self, id: &str, change: impl FnOnce(&mut Value)) -> CaseId {
        let folder = self.case_folder(id, change);
        match self.import(&folder).await {
            Imported::Opened(id) => id,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn keys(&self) -> ServerKeys {
        ServerKeys::first_meeting(self.app.keys.list()).unwrap()
    }
}

pub(crate) fn vote_system(panel: u32) -> Value {
    json!({
        "panel_size": panel, "rule": {"kind": "plurality"}, "quorum": 1, "early_finish": true,
        "cannot_decide": "excluded", "tie": "staff", "voting_window_seconds": 86400,
        "seat_lease_seconds": 43200, "late_ballot": "recorded",
    })
}

pub(crate) fn code_form<'a>(code: &'a str, verifier: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("client_id", "pingli-desktop"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", verifier),
    ]
}

pub(crate) struct Reviewer<'w> {
    pub(crate) world: &'w World,
    pub(crate) token: String,
}

impl Reviewer<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.world.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &impl serde::Serialize) -> Answer {
        self.send(Method::POST, path, "application/json", serde_json::to_vec(body).unwrap()).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, media_type: &str, body: Vec<u8>) -> Answer {
        self.send_with(method, path, &[(header::CONTENT_TYPE.as_str(), media_type)], body).await
    }

    pub(crate) async fn send_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.world.send(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn seats(&self) -> Vec<Seat> {
        self.get("/api/v1/seats").await.json()
    }

    pub(crate) async fn seat_of(&self, case: &CaseId) -> Seat {
        self.find_seat(case).await.expect("a seat on that case")
    }

    pub(crate) async fn find_seat(&self, case: &CaseId) -> Option<Seat> {
        self.seats().await.into_iter().find(|seat| seat.case == *case)
    }

    pub(crate) async fn state_of(&self, case: &CaseId) -> SeatState {
        self.seat_of(case).await.state
    }

    pub(crate) async fn act(&self, seat: &SeatId, act: &str) -> Answer {
        let id = IntentId::from(uuid::Uuid::now_v7());
        self.post(&format!("/api/v1/seats/{seat}/{act}"), &json!({"id": id})).await
    }

    pub(crate) async fn accept(&self, case: &CaseId) -> Seat {
        let seat = self.seat_of(case).await;
        assert_eq!(self.act(&seat.id, "accept").await.status, StatusCode::OK);
        self.seat_of(case).await
    }

    pub(crate) async fn ballot(&self, case: &CaseId, choice: &str) -> Ballot {
        let seat = self.seat_of(case).await;
        let now = self.world.app.now();
        let reasons = if choice == "cannot_decide" { vec!["not_enough_evidence".parse().unwrap()] } else { Vec::new() };
        Ballot {
            id: BallotId::from(uuid::Uuid::now_v7()),
            seat: seat.id,
            case: case.clone(),
            round: 1,
            pack_sha256: seat.pack.sha256,
            rule_version: "2026-01".into(),
            choice: choice.parse().unwrap(),
            reason_codes: reasons,
            opinion: format!("an opinion for {choice}"),
            cited: vec!["p-1".parse().unwrap()],
            findings: Vec::new(),
            opened_at: now.plus_seconds(-60),
            decided_at: now,
            active_seconds: 60,
            client_version: "test".into(),
        }
    }

    pub(crate) async fn vote(&self, case: &CaseId, choice: &str) -> BallotOutcome {
        let ballot = self.ballot(case, choice).await;
        self.cast(&ballot).await
    }

    pub(crate) async fn cast(&self, ballot: &Ballot) -> BallotOutcome {
        let answer = self.post("/api/v1/ballots", ballot).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let receipt: Receipt = open_text(&answer.json::<SignedText>(), &self.world.keys()).unwrap();
        assert_eq!(receipt.ballot, ballot.id);
        receipt.outcome
    }

    pub(crate) async fn changes(&self, after: &str) -> ChangePage {
        self.get(&format!("/api/v1/changes?limit=1000&after={after}")).await.json()
    }
}
