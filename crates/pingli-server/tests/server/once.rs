//! Exactly once, looked at with bad intent.

use crate::world::World;
use http::StatusCode;
use pingli_protocol::{
    DonationId, EvidenceId, IntentId, Points, ReviewerId, SeatId, Sha256,
    ballot::{Ballot, BallotOutcome},
    charity::{Donation, DonationRequest},
    problem::ProblemCode,
    seat::{DamageReport, RecuseReason, RecuseRequest},
};
use pingli_server::{WriteLimit, db::receipts::Asked};
use serde_json::json;

#[tokio::test]
async fn two_devices_that_vote_on_one_seat_at_once_have_one_counted_ballot() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let phone = world.sign_in("lin").await;
    let case = world.open_case("two-devices", 1).await;
    let (here, there) = (lin.ballot(&case, "lift").await, phone.ballot(&case, "uphold").await);
    let (first, second) = tokio::join!(lin.cast(&here), phone.cast(&there));
    let refused = BallotOutcome::Refused { code: ProblemCode::AlreadyVoted };
    assert!(
        (first == BallotOutcome::Counted && second == refused)
            || (second == BallotOutcome::Counted && first == refused),
        "one is counted, the other refused with a receipt of its own: {first:?}, {second:?}"
    );
    assert_eq!((lin.cast(&here).await, phone.cast(&there).await), (first, second), "and it stays so");
}

#[tokio::test]
async fn one_ballot_sent_many_times_at_once_has_one_receipt() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("many-times", 1).await;
    let ballot = lin.ballot(&case, "lift").await;
    let answers = futures_util::future::join_all((0..16).map(|_| lin.post("/api/v1/ballots", &ballot))).await;
    assert!(answers.iter().all(|answer| answer.bytes == answers[0].bytes), "byte for byte the same");
}

#[tokio::test]
async fn every_write_answers_the_same_to_the_same_id() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let (accepted, returned) = (world.open_case("accepted", 1).await, world.open_case("returned", 1).await);
    let (recused, voted) = (world.open_case("recused", 1).await, world.open_case("voted", 1).await);
    let id = || IntentId::from(uuid::Uuid::now_v7());
    let seat_path = async |case, act: &str| format!("/api/v1/seats/{}/{act}", lin.seat_of(case).await.id);
    let accept = (seat_path(&accepted, "accept").await, json!({"id": id()}));
    let give_back = (seat_path(&returned, "return").await, json!({"id": id()}));
    let recuse = (seat_path(&recused, "recuse").await, json!({"id": id(), "reason": "other", "opened": false}));
    let damage = json!({"id": id(), "pack_sha256": Sha256::of(b"x"), "code": "pack_wrong_hash"});
    let damage = (seat_path(&accepted, "damage").await, damage);
    let ballot = serde_json::to_value(lin.ballot(&voted, "lift").await).unwrap();
    let donation = DonationId::from(uuid::Uuid::now_v7());
    let donate = json!({"id": donation, "project": "free-lunch", "points": 10});
    let writes = [
        accept,
        give_back,
        recuse,
        damage,
        ("/api/v1/ballots".to_owned(), ballot),
        ("/api/v1/donations".to_owned(), donate),
        (format!("/api/v1/donations/{donation}/cancel"), json!({})),
    ];
    for (path, body) in &writes {
        let first = lin.post(path, body).await;
        assert_eq!(first.status, StatusCode::OK, "{path}: {}", first.text());
        world.clock.advance(1);
        assert_eq!(lin.post(path, body).await.bytes, first.bytes, "{path}: an hour or a year later, the same receipt");
    }
    let other = lin.post(&writes[0].0, &json!({"id": writes[1].1["id"]})).await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::CONFLICT, "id_reused"), "an id is for one act");
}

#[tokio::test]
async fn nobody_takes_the_key_of_anothers_cancelling() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("earns", 1).await;
    lin.vote(&case, "lift").await;
    let mallory = world.reviewer("mallory").await;
    let request = json!({"id": DonationId::from(uuid::Uuid::now_v7()), "project": "free-lunch", "points": 10});
    let donation: Donation = lin.post("/api/v1/donations", &request).await.json();
    let case = world.open_case("bait", 2).await;
    let path = format!("/api/v1/seats/{}/accept", mallory.seat_of(&case).await.id);
    let taken = mallory.post(&path, &json!({"id": format!("cancel:{}", donation.id)})).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY, "that form of id is the server's");
    let cancel = format!("/api/v1/donations/{}/cancel", donation.id);
    assert_eq!(mallory.post(&cancel, &json!({})).await.status, StatusCode::NOT_FOUND, "not hers");
    assert_eq!(lin.post(&cancel, &json!({})).await.status, StatusCode::OK);
    assert_eq!(mallory.post(&cancel, &json!({})).await.status, StatusCode::NOT_FOUND, "it looks the same afterwards");
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_decides_by_what_it_says_and_takes_nothing_back() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let (back, forth) = (world.open_case("back", 1).await, world.open_case("forth", 1).await);
    lin.accept(&back).await;
    lin.accept(&forth).await;
    world.clock.advance(-86_400);
    world.app.tick().await.unwrap();
    let ballot = lin.ballot(&back, "lift").await;
    assert_eq!(lin.cast(&ballot).await, BallotOutcome::Counted, "a lease is not over because the clock went back");
    world.clock.advance(2 * 86_400);
    assert_eq!(lin.cast(&ballot).await, BallotOutcome::Counted, "what was counted stays counted");
    let late = lin.ballot(&forth, "lift").await;
    let ended = BallotOutcome::Refused { code: ProblemCode::LeaseEnded };
    assert_eq!(lin.cast(&late).await, ended, "by the server's clock the lease is over, tick or not");
    world.clock.advance(-86_400);
    assert_eq!(lin.cast(&late).await, ended, "a receipt is not taken back when the clock is");
    let anew = lin.ballot(&forth, "lift").await;
    assert_eq!(lin.cast(&anew).await, BallotOutcome::Counted, "the seat itself was not harmed by the jump");
}

#[tokio::test]
async fn a_program_gone_wild_is_told_to_wait_and_others_are_not() {
    let world = World::with(|config| config.writes = WriteLimit { burst: 3, per_second: 1 }).await;
    let (lin, wang) = (world.reviewer("lin").await, world.reviewer("wang").await);
    let path = "/api/v1/donations";
    let body = json!({"id": DonationId::from(uuid::Uuid::now_v7()), "project": "nothing", "points": 10});
    for _ in 0..3 {
        assert_eq!(lin.post(path, &body).await.status, StatusCode::NOT_FOUND, "answered");
    }
    let wait = lin.post(path, &body).await;
    assert_eq!((wait.status, wait.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"));
    assert_eq!(wait.headers["retry-after"], "1", "and it says how long");
    assert_eq!(lin.get("/api/v1/standing").await.status, StatusCode::OK, "reading goes on");
    assert_eq!(wang.post(path, &body).await.status, StatusCode::NOT_FOUND, "and so does everybody else");
}

/// The canonical form decides whether a write that waited for years is the same one: it must never
/// change. A new field is to be left out where it is not used.
#[test]
fn what_was_asked_has_one_form_for_ever() {
    let reviewer: ReviewerId = "r-1".parse().unwrap();
    let id: IntentId = "019a0b2c-7d1e-7000-8000-000000000001".parse().unwrap();
    let seat: SeatId = "seat-1".parse().unwrap();
    let ballot: Ballot = serde_json::from_value(json!({
        "id": id, "seat": seat, "case": "c-1", "round": 1, "pack_sha256": Sha256::of(b"pack"),
        "rule_version": "2026-03", "choice": "support_buyer", "reason_codes": ["r"], "opinion": "o", "cited": ["b-2"],
        "findings": [{"issue": "i-1", "finding": {"kind": "favours", "side": "buyer"}}],
        "opened_at": "2026-11-21T11:00:00Z", "decided_at": "2026-11-21T11:08:00Z", "active_seconds": 431,
        "client_version": "0.1.0",
    }))
    .unwrap();
    let recuse = RecuseRequest { id: id.clone(), reason: RecuseReason::OwnCase, opened: true };
    let evidence: Option<EvidenceId> = Some("b-2".parse().unwrap());
    let damage = |evidence| DamageReport {
        id: id.clone(),
        pack_sha256: Sha256::of(b"pack"),
        code: "pack_wrong_hash".to_owned(),
        evidence,
    };
    let donation = DonationRequest {
        id: id.as_str().parse().unwrap(),
        project: "free-lunch".parse().unwrap(),
        points: Points::new(10).unwrap(),
    };
    let (id, seat) = (id.as_str(), seat.as_str());
    let forms = [
        ("accept", Asked::new(id, &reviewer, "accept", seat, &())),
        ("return", Asked::new(id, &reviewer, "return", seat, &())),
        ("recuse", Asked::new(id, &reviewer, "recuse", seat, &recuse)),
        ("damage", Asked::new(id, &reviewer, "damage", seat, &damage(None))),
        ("damage of a piece", Asked::new(id, &reviewer, "damage", seat, &damage(evidence))),
        ("ballot", Asked::new(id, &reviewer, "ballot", "", &ballot)),
        ("donation", Asked::new(id, &reviewer, "donation", "", &donation)),
        ("cancel", Asked::cancel(&reviewer, &donation.id)),
    ];
    let lines: Vec<String> =
        forms.into_iter().map(|(name, asked)| format!("{name}: {}", asked.unwrap().request())).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
