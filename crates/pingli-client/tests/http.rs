//! The protocol over HTTP against a server that misbehaves in every way we could think of.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use pingli_client::{
    clock::SystemClock,
    remote::{HttpConfig, HttpRemote, Remote, RemoteError, Session, TokenKeeper, build_http, server_address},
};
use pingli_protocol::{IntentId, Sha256, journal::Place, problem::ProblemCode, seat::SeatRequest, server::SignIn};
use pingli_store::StoredTokens;
use serde_json::json;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_string_contains, header, method, path},
};

/// Keeps tokens in memory.
struct Keeper(Mutex<Option<StoredTokens>>);

impl TokenKeeper for Keeper {
    fn tokens(&self) -> Option<StoredTokens> {
        self.0.lock().expect("no panic before").clone()
    }

    fn keep(&self, was: &str, tokens: Option<&StoredTokens>) -> bool {
        let mut kept = self.0.lock().expect("no panic before");
        let same = kept.as_ref().is_some_and(|kept| kept.refresh == was);
        if same {
            *kept = tokens.cloned();
        }
        same
    }
}

fn tokens(access: &str, expires_at: i64) -> StoredTokens {
    StoredTokens { access: access.to_owned(), refresh: "refresh-1".to_owned(), expires_at }
}

fn remote_at(address: &str, token: StoredTokens) -> (HttpRemote, Arc<Keeper>) {
    let keeper = Arc::new(Keeper(Mutex::new(Some(token))));
    let sign_in = SignIn {
        authorization_endpoint: format!("{address}/oauth/authorize"),
        token_endpoint: format!("{address}/oauth/token"),
        revocation_endpoint: format!("{address}/oauth/revoke"),
        client_id: "pingli-desktop".to_owned(),
    };
    let http = build_http(&HttpConfig::default()).expect("a client");
    let session =
        Session::new(http.clone(), sign_in, Arc::clone(&keeper) as Arc<dyn TokenKeeper>, Arc::new(SystemClock));
    (HttpRemote::new(http, address, session).expect("this machine"), keeper)
}

fn remote(server: &MockServer) -> (HttpRemote, Arc<Keeper>) {
    remote_at(&server.uri(), tokens("good", i64::MAX))
}

fn place() -> Place {
    Place { journal: "j-1".parse().expect("an id"), seq: 1, sha256: Sha256::of(b"link") }
}

fn page() -> serde_json::Value {
    json!({"changes": [], "cursor": "7", "more": false, "server_time": "2026-11-21T08:00:00Z", "digests": []})
}

/// What a page of changes comes to when the server answers like this.
async fn changes_of(answer: ResponseTemplate) -> Result<String, RemoteError> {
    let server = MockServer::start().await;
    Mock::given(path("/api/v1/changes")).respond_with(answer).mount(&server).await;
    remote(&server).0.changes(None, 10, None).await.map(|page| page.cursor)
}

#[tokio::test]
async fn a_server_that_cannot_answer_now_is_tried_again_when_it_says() {
    let busy = changes_of(ResponseTemplate::new(503).insert_header("retry-after", "7")).await.expect_err("busy");
    assert!(busy.is_transient(), "503 is not for ever");
    assert_eq!(busy.retry_after(), Some(Duration::from_secs(7)), "as long as it asked");
    assert!(changes_of(ResponseTemplate::new(520)).await.expect_err("busy").is_transient(), "any 5xx");
}

#[tokio::test]
async fn what_is_not_a_judgment_servers_answer_is_never_believed() {
    let html = ResponseTemplate::new(200).set_body_raw("<html>log in to the wifi</html>", "text/html");
    assert!(matches!(changes_of(html).await, Err(RemoteError::Portal(_))), "a captive portal");
    let cut = ResponseTemplate::new(200).set_body_raw(r#"{"changes": ["#, "application/json");
    assert!(matches!(changes_of(cut).await, Err(RemoteError::NotUnderstood(_))), "half a document");
    let deep = ResponseTemplate::new(200).set_body_raw("[".repeat(100_000), "application/json");
    assert!(matches!(changes_of(deep).await, Err(RemoteError::NotUnderstood(_))), "100,000 deep");
    let large = ResponseTemplate::new(200).set_body_raw(vec![b' '; (16 << 20) + 1], "application/json");
    assert!(matches!(changes_of(large).await, Err(RemoteError::NotUnderstood(_))), "more than anybody needs");
    let elsewhere = ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:9/api/v1/changes");
    assert!(matches!(changes_of(elsewhere).await, Err(RemoteError::Portal(_))), "no redirect is followed");
}

#[tokio::test]
async fn a_server_that_is_not_there_never_had_the_request() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let refused =
        remote_at(&address, tokens("good", i64::MAX)).0.changes(None, 10, None).await.expect_err("nobody is there");
    assert!(matches!(refused, RemoteError::NotListening(_)), "refused: {refused}");
    assert!(!refused.may_have_arrived(), "so a ballot can still be taken back");
}

#[tokio::test]
async fn a_refusal_carries_the_servers_code() {
    let server = MockServer::start().await;
    let problem = json!({"type": "urn:pingli:problem:seat_ended", "title": "t", "status": 409, "code": "seat_ended"});
    let answer = ResponseTemplate::new(409).set_body_raw(problem.to_string(), "application/problem+json");
    Mock::given(method("POST"))
        .and(path("/api/v1/seats/s-1/accept"))
        .and(header("pingli-journal", place().to_string()))
        .respond_with(answer)
        .mount(&server)
        .await;
    let request = SeatRequest { id: IntentId::new("i-1").expect("an id") };
    let refused =
        remote(&server).0.accept(&"s-1".parse().expect("an id"), &request, &place()).await.expect_err("refused");
    assert!(matches!(refused, RemoteError::Refused { code: ProblemCode::SeatEnded, .. }), "its own word");
    assert_eq!((refused.code().as_str(), refused.is_transient()), ("problem_seat_ended", false), "for good");
}

#[tokio::test]
async fn an_old_token_is_changed_once_however_many_ask() {
    let server = MockServer::start().await;
    Mock::given(path("/api/v1/changes"))
        .and(header("authorization", "Bearer new"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page()))
        .mount(&server)
        .await;
    let granted =
        json!({"access_token": "new", "token_type": "Bearer", "expires_in": 900, "refresh_token": "refresh-2"});
    Mock::given(path("/oauth/token"))
        .and(body_string_contains("refresh_token=refresh-1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(granted))
        .expect(1)
        .mount(&server)
        .await;
    let (remote, keeper) = remote_at(&server.uri(), tokens("old", 0));
    let (first, second) = tokio::join!(remote.changes(None, 10, None), remote.changes(None, 10, None));
    assert!(first.is_ok() && second.is_ok(), "both went through: {first:?} {second:?}");
    assert_eq!(
        keeper.tokens().map(|tokens| tokens.refresh.clone()).as_deref(),
        Some("refresh-2"),
        "the new one is kept"
    );
}

/// What a refresh comes to when the server answers like this, and whether the session is still there.
async fn refresh_of(answer: ResponseTemplate) -> (RemoteError, bool) {
    let server = MockServer::start().await;
    Mock::given(path("/oauth/token")).respond_with(answer).mount(&server).await;
    let (remote, keeper) = remote_at(&server.uri(), tokens("old", 0));
    let error = remote.changes(None, 10, None).await.expect_err("no token, no page");
    (error, keeper.tokens().is_some())
}

#[tokio::test]
async fn only_the_servers_own_refusal_of_the_grant_signs_out() {
    let refusal = |error: &str| json!({"error": error, "error_description": "used before"});
    let problem = json!({"type": "t", "title": "t", "status": 401, "code": "unauthenticated"}).to_string();
    let json = |status, body: serde_json::Value| ResponseTemplate::new(status).set_body_json(body);
    let raw = |status, body: &str, kind: &str| ResponseTemplate::new(status).set_body_raw(body, kind);
    for (answer, why) in [
        (ResponseTemplate::new(500), "an outage"),
        (ResponseTemplate::new(520), "a proxy's outage"),
        (ResponseTemplate::new(429).insert_header("retry-after", "9"), "too many at once"),
        (raw(200, "<html>log in to the wifi</html>", "text/html"), "a portal"),
        (raw(400, "<html>invalid_grant</html>", "text/html"), "a portal's 400"),
        (raw(400, &refusal("invalid_grant").to_string(), "text/html"), "a page that holds the words"),
        (ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:9/"), "a way elsewhere"),
        (raw(401, &problem, "application/problem+json"), "a problem that is no refusal of a grant"),
        (raw(403, "", ""), "a proxy's refusal"),
        (json(400, refusal("invalid_client")), "a server that is set up wrongly"),
        (json(400, refusal("temporarily_unavailable")), "words that nobody knows"),
        (raw(400, r#"{"error":"invalid_grant","error":"x"}"#, "application/json"), "two answers in one"),
        (json(200, json!({"changes": []})), "no tokens"),
        (raw(200, r#"{"access_token": "a""#, "application/json"), "half of them"),
    ] {
        let (error, signed_in) = refresh_of(answer).await;
        assert!(signed_in && error.is_transient(), "{why} signs nobody out: {error}");
    }
    let (error, signed_in) = refresh_of(json(400, refusal("invalid_grant"))).await;
    assert_eq!((error, signed_in), (RemoteError::SignedOut, false), "the server's word does");
}

#[tokio::test]
async fn an_answer_that_comes_late_touches_no_newer_session() {
    for (status, body) in [
        (200, json!({"access_token": "new", "token_type": "Bearer", "refresh_token": "refresh-2"})),
        (400, json!({"error": "invalid_grant"})),
    ] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(status).set_body_json(body).set_delay(Duration::from_secs(2));
        Mock::given(path("/oauth/token")).respond_with(answer).mount(&server).await;
        let (remote, keeper) = remote_at(&server.uri(), tokens("old", 0));
        let asking = tokio::spawn(async move { remote.changes(None, 10, None).await });
        while server.received_requests().await.is_none_or(|requests| requests.is_empty()) {
            tokio::task::yield_now().await;
        }
        // Meanwhile somebody else signs in on this machine.
        let other = StoredTokens { access: "b".to_owned(), refresh: "other".to_owned(), expires_at: i64::MAX };
        *keeper.0.lock().expect("no panic before") = Some(other.clone());
        assert!(asking.await.expect("no panic").is_err(), "the old session has nothing more to say");
        assert_eq!(keeper.tokens(), Some(other), "the new one is as it was ({status})");
    }
}

#[tokio::test]
async fn a_token_goes_only_to_addresses_that_are_safe() {
    let keeper = Arc::new(Keeper(Mutex::new(Some(tokens("old", 0)))));
    let elsewhere = "http://court.example/oauth".to_owned();
    let sign_in = SignIn {
        authorization_endpoint: elsewhere.clone(),
        token_endpoint: elsewhere.clone(),
        revocation_endpoint: elsewhere,
        client_id: "pingli-desktop".to_owned(),
    };
    let http = build_http(&HttpConfig::default()).expect("a client");
    let session = Session::new(http.clone(), sign_in, keeper as Arc<dyn TokenKeeper>, Arc::new(SystemClock));
    let remote = HttpRemote::new(http, "http://127.0.0.1:9", session).expect("this machine");
    for asked in [remote.changes(None, 10, None).await.map(|_| ()), remote.revoke().await] {
        assert!(matches!(asked, Err(RemoteError::BadAddress(_))), "never over plain http: {asked:?}");
    }
}

#[tokio::test]
async fn a_download_goes_on_where_it_stopped_also_when_the_server_cannot() {
    let bytes: Vec<u8> = (0..200_u8).collect();
    let sha256 = Sha256::of(&bytes);
    for resumes in [true, false] {
        let server = MockServer::start().await;
        let answer = if resumes {
            ResponseTemplate::new(206)
                .insert_header("content-range", "bytes 150-199/200")
                .set_body_raw(&bytes[150..], "application/zip")
        } else {
            ResponseTemplate::new(200).set_body_raw(bytes.clone(), "application/zip")
        };
        Mock::given(path(format!("/api/v1/packs/{sha256}")))
            .and(header("range", "bytes=150-"))
            .respond_with(answer)
            .mount(&server)
            .await;
        let mut found = Vec::new();
        let mut sink = |piece: &[u8]| {
            found.extend_from_slice(piece);
            Ok(())
        };
        remote(&server).0.pack(&sha256, 150, &mut sink).await.expect("the rest");
        assert_eq!(found, &bytes[150..], "exactly the missing bytes (a server that resumes: {resumes})");
    }
}

#[test]
fn plain_http_goes_to_this_machine_only() {
    for address in
        ["https://pingli.example", "pingli.example", "http://127.0.0.1:7420", "http://localhost:1", "http://[::1]:1"]
    {
        assert!(server_address(address).is_ok(), "{address} is an address of a server");
    }
    for address in
        ["http://pingli.example", "ftp://127.0.0.1", "https://a:b@pingli.example", "https://x/?q", "", "javascript://x"]
    {
        assert!(server_address(address).is_err(), "{address} is none");
    }
}
