//! Receipts, packs by range, and answers to what does not read.

use crate::world::World;
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use pingli_casepack::PackLimits;
use pingli_protocol::{
    IntentId, Sha256,
    ballot::BallotOutcome,
    problem::ProblemCode,
    seat::{SeatReceipt, SeatState},
    server::ServerDescription,
};
use serde_json::{Value, json};

#[tokio::test]
async fn the_same_ballot_twice_gives_the_same_receipt_byte_for_byte() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("twice", 1).await;
    let ballot = lin.ballot(&case, "lift").await;
    let first = lin.post("/api/v1/ballots", &ballot).await;
    world.advance(365 * 24 * 3600).await;
    let lin = world.sign_in("lin").await;
    assert_eq!(lin.post("/api/v1/ballots", &ballot).await.bytes, first.bytes, "a year later");
    assert_eq!(lin.get(&format!("/api/v1/ballots/{}", ballot.id)).await.bytes, first.bytes, "asked for by id");
    let mut other = ballot.clone();
    other.choice = "uphold".parse().unwrap();
    let reused = lin.post("/api/v1/ballots", &other).await;
    assert_eq!((reused.status, reused.code().as_str()), (StatusCode::CONFLICT, "id_reused"));
    other.id = uuid::Uuid::now_v7().into();
    let refused = BallotOutcome::Refused { code: ProblemCode::AlreadyVoted };
    assert_eq!(lin.cast(&other).await, refused, "one ballot per seat");
}

#[tokio::test]
async fn a_ballot_that_does_not_count_is_refused_with_a_signed_reason() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("refused", 1).await;
    let mut changed = lin.ballot(&case, "lift").await;
    changed.pack_sha256 = Sha256::of(b"another pack");
    assert_eq!(lin.cast(&changed).await, BallotOutcome::Refused { code: ProblemCode::PackChanged });
    let unknown = lin.ballot(&case, "no_such_option").await;
    assert_eq!(lin.cast(&unknown).await, BallotOutcome::Refused { code: ProblemCode::InvalidBallot });
    assert_eq!(lin.vote(&case, "lift").await, BallotOutcome::Counted, "the seat is still open");
}

#[tokio::test]
async fn a_ballot_for_nobodys_seat_is_not_found() {
    let world = World::new().await;
    let (lin, wang) = (world.reviewer("lin").await, world.reviewer("wang").await);
    let case = world.open_case("theirs", 2).await;
    let theirs = wang.ballot(&case, "lift").await;
    assert_eq!(lin.post("/api/v1/ballots", &theirs).await.code(), "not_found");
    assert_eq!(lin.get(&format!("/api/v1/ballots/{}", theirs.id)).await.code(), "not_found");
}

#[tokio::test]
async fn accepting_returning_and_recusing_answer_the_same_again() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("seat", 1).await;
    let seat = lin.seat_of(&case).await;
    let path = |act: &str| format!("/api/v1/seats/{}/{act}", seat.id);
    let body = json!({"id": IntentId::from(uuid::Uuid::now_v7())});
    let accepted = lin.post(&path("accept"), &body).await;
    assert_eq!(accepted.json::<SeatReceipt>().state, SeatState::Accepted);
    let recuse = json!({"id": IntentId::from(uuid::Uuid::now_v7()), "reason": "knows_party", "opened": true});
    let recused = lin.post(&path("recuse"), &recuse).await;
    assert_eq!(recused.json::<SeatReceipt>().state, SeatState::Recused);
    assert_eq!(lin.post(&path("accept"), &body).await.bytes, accepted.bytes, "although the seat has ended");
    assert_eq!(lin.post(&path("recuse"), &recuse).await.bytes, recused.bytes);
    assert_eq!(lin.post(&path("return"), &body).await.code(), "id_reused");
    assert_eq!(lin.act(&seat.id, "return").await.code(), "seat_ended");
}

#[tokio::test]
async fn a_pack_is_for_whoever_has_a_seat_and_comes_in_ranges() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("ranges", 1).await;
    let wang = world.reviewer("wang").await;
    let seat = lin.seat_of(&case).await;
    let path = format!("/api/v1/packs/{}", seat.pack.sha256);
    let whole = lin.get(&path).await;
    assert_eq!((whole.status, Sha256::of(&whole.bytes)), (StatusCode::OK, seat.pack.sha256));
    let tag = whole.headers[header::ETAG].to_str().unwrap().to_owned();
    let part = lin.get_with(&path, &[("range", "bytes=10-19"), ("if-range", &tag)]).await;
    assert_eq!((part.status, part.bytes.as_slice()), (StatusCode::PARTIAL_CONTENT, &whole.bytes[10..20]));
    assert_eq!(part.headers[header::CONTENT_RANGE], format!("bytes 10-19/{}", whole.bytes.len()));
    let stale = lin.get_with(&path, &[("range", "bytes=10-19"), ("if-range", "\"old\"")]).await;
    assert_eq!(stale.status, StatusCode::OK, "a range of another version is never glued on");
    let outside = lin.get_with(&path, &[("range", "bytes=99999999-")]).await;
    assert_eq!((outside.status, outside.code().as_str()), (StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable"));
    assert_eq!(lin.get_with(&path, &[("if-none-match", &tag)]).await.status, StatusCode::NOT_MODIFIED);
    let pack = pingli_casepack::verify(&mut std::io::Cursor::new(&whole.bytes), &world.keys(), &PackLimits::default());
    let document = pack.unwrap().document;
    let body = document.case.evidence[0].body.as_ref().unwrap();
    let file = lin.get(&format!("/api/v1/evidence/{}", body.sha256)).await;
    assert_eq!(Sha256::of(&file.bytes), body.sha256, "one file of the pack, to repair it");
    for path in [&path, &format!("/api/v1/evidence/{}", body.sha256)] {
        assert_eq!(wang.get(path).await.code(), "not_found", "no seat, no evidence");
    }
    lin.act(&seat.id, "return").await;
    assert_eq!(lin.get(&path).await.code(), "not_found", "given back is given back");
}

#[tokio::test]
async fn what_does_not_read_gets_a_problem_document() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let post = |media_type: &'static str, body: Vec<u8>| lin.send(Method::POST, "/api/v1/ballots", media_type, body);
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    for (media_type, body, status) in [
        ("application/json", b"{".to_vec(), 400),
        ("application/json", b"\xff\xfe".to_vec(), 400),
        ("application/json", deep, 422),
        ("application/json", b"{}".to_vec(), 422),
        ("application/json", b"{\"id\": \"\"}".to_vec(), 422),
        ("text/plain", b"{}".to_vec(), 415),
        ("application/json", vec![b' '; 300 * 1024], 413),
    ] {
        let answer = post(media_type, body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        answer.code();
    }
    assert_eq!(lin.get("/api/v1/nowhere").await.code(), "not_found");
    let wrong = lin.send(Method::DELETE, "/api/v1/seats", "application/json", Vec::new()).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"));
    assert!(wrong.headers.contains_key(header::ALLOW));
}

#[tokio::test]
async fn every_guarded_route_asks_for_a_token() {
    let world = World::new().await;
    let document: Value = serde_json::to_value(pingli_server::api::openapi()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["security"].is_null() {
                continue;
            }
            let path = path.replace("{case}/{round}", "c/1").replace("{sha256}", &"0".repeat(64));
            let path = path.replace("{seat}", "s").replace("{id}", "i");
            let request = Request::builder()
                .method(method.to_uppercase().as_str())
                .uri(&path)
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from("{}"))
                .unwrap();
            assert_eq!(world.send(request).await.code(), "unauthenticated", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_description_names_the_address_that_was_asked() {
    let world = World::new().await;
    let ask = |host: &'static str| {
        let request = Request::get("/.well-known/pingli-server").header(header::HOST, host).body(Body::empty());
        world.send(request.unwrap())
    };
    let description: ServerDescription = ask("localhost:7878").await.json();
    assert_eq!(description.sign_in.token_endpoint, "http://localhost:7878/oauth/token");
    assert_eq!(description.keys.len(), 1);
    let hostile: ServerDescription = ask("evil/x?y").await.json();
    assert_eq!(hostile.sign_in.token_endpoint, "http://127.0.0.1/oauth/token");
}
