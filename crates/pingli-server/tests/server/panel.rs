//! Panels from the draw to the verdict, and what nobody is told too early.

use crate::world::{Reviewer, World, vote_system};
use http::StatusCode;
use pingli_casepack::open_text;
use pingli_protocol::{
    CaseId,
    ballot::BallotOutcome,
    ledger::{LedgerEntry, LedgerState},
    problem::ProblemCode,
    seat::SeatState,
    verdict::{Agreement, DecidedBy, Verdict, VerdictOutcome, VerdictRecord},
};
use serde_json::json;

async fn verdict(reviewer: &Reviewer<'_>, case: &CaseId) -> (VerdictRecord, Verdict) {
    let record: VerdictRecord = reviewer.get(&format!("/api/v1/verdicts/{case}/1")).await.json();
    let verdict = open_text(&record.signed, &reviewer.world.keys()).unwrap();
    (record, verdict)
}

/// Everything that the server would tell a reviewer, as one text.
async fn all_that_is_told(reviewer: &Reviewer<'_>) -> String {
    let mut told = String::new();
    for path in [
        "/api/v1/changes?limit=1000",
        "/api/v1/seats",
        "/api/v1/verdicts",
        "/api/v1/ledger",
        "/api/v1/standing",
        "/api/v1/me",
        "/api/v1/donations",
    ] {
        let text = reviewer.get(path).await.text();
        // The clock goes on; nothing else may.
        let text =
            text.split("\"server_time\"").next().unwrap().to_owned() + text.split("\"digests\"").nth(1).unwrap_or("");
        told.push_str(&text);
    }
    told
}

#[tokio::test]
async fn nothing_is_told_before_the_own_ballot_or_the_end_of_the_seat() {
    let world = World::new().await;
    let panel = world.reviewers(5).await;
    let case = world.open_case("quiet", 5).await;
    for reviewer in &panel {
        reviewer.accept(&case).await;
    }
    let silent = &panel[4];
    let before = all_that_is_told(silent).await;
    for (reviewer, choice) in panel.iter().zip(["lift", "uphold", "lift", "lift"]) {
        assert_eq!(reviewer.vote(&case, choice).await, BallotOutcome::Counted);
        world.advance(1).await;
        assert_eq!(all_that_is_told(silent).await, before, "somebody else's ballot changes nothing for this reviewer");
        assert_eq!(silent.get(&format!("/api/v1/verdicts/{case}/1")).await.code(), "not_found");
    }
    let (_, decided) = verdict(&panel[0], &case).await;
    assert_eq!(decided.how, DecidedBy::Early, "three of five decide");
    assert_eq!(silent.vote(&case, "uphold").await, BallotOutcome::Recorded, "the lease is alive");
    let (record, late) = verdict(silent, &case).await;
    assert_eq!(
        late.counts.iter().map(|count| count.ballots).collect::<Vec<_>>(),
        [3, 1, 0],
        "a late ballot is not counted"
    );
    assert!(!record.own.counted);
    assert_eq!((record.own.agreement, record.own.points.get()), (Agreement::NotCounted, 15), "it earns its points");
}

#[tokio::test]
async fn a_seat_that_ends_opens_the_verdict() {
    let world = World::new().await;
    let panel = world.reviewers(5).await;
    let case = world.open_case("ended", 5).await;
    panel[3].accept(&case).await;
    for reviewer in &panel[..3] {
        reviewer.vote(&case, "lift").await;
    }
    assert_eq!(panel[4].state_of(&case).await, SeatState::ClosedEarly, "an offer nobody took closes with the case");
    assert_eq!(verdict(&panel[4], &case).await.1.outcome, VerdictOutcome::Decided);
    let taken = panel[3].seat_of(&case).await;
    assert_eq!(taken.state, SeatState::Accepted, "a lease that was taken stays alive");
    assert_eq!(panel[3].get(&format!("/api/v1/verdicts/{case}/1")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(panel[3].act(&taken.id, "return").await.status, StatusCode::OK);
    assert_eq!(verdict(&panel[3], &case).await.0.own.choice, None, "given up, so it may be seen");
}

#[tokio::test]
async fn points_wait_for_finality_and_agreement_too() {
    let world = World::new().await;
    let panel = world.reviewers(3).await;
    let case = world
        .open_case_with("provisional", |case| {
            case["type"] = json!("report");
            case["vote_system"] = vote_system(3);
            case["consequences"] = json!({});
            let form = json!({"id": "r-1", "side": "platform", "kind": "report_form", "title": "举报单",
              "grade": "platform_record", "body": {"kind": "document", "title": "举报单"}});
            case["evidence"].as_array_mut().unwrap().push(form);
        })
        .await;
    panel[0].vote(&case, "holds").await;
    panel[1].vote(&case, "holds").await;
    let (record, provisional) = verdict(&panel[0], &case).await;
    assert!(provisional.provisional);
    assert_eq!(record.own.agreement, Agreement::Pending);
    let ledger: Vec<LedgerEntry> = panel[0].get("/api/v1/ledger").await.json();
    assert_eq!((ledger[0].state, ledger[0].points.get()), (LedgerState::Pending, 20));
    world.advance(2 * 24 * 3600).await;
    let (record, final_) = verdict(&panel[0], &case).await;
    assert_eq!((final_.revision, final_.provisional), (2, false));
    assert_eq!(record.own.agreement, Agreement::Agreed);
    let ledger: Vec<LedgerEntry> = panel[0].get("/api/v1/ledger").await.json();
    assert_eq!((ledger.len(), ledger[0].state), (1, LedgerState::Posted));
}

#[tokio::test]
async fn a_lapsed_seat_finds_another_reviewer_and_counts_as_a_lapse() {
    let world = World::new().await;
    let panel = world.reviewers(3).await;
    let case = world.open_case("lapse", 2).await;
    let mut seated = Vec::new();
    let mut free = None;
    for reviewer in &panel {
        match reviewer.find_seat(&case).await {
            Some(_) => seated.push(reviewer),
            None => free = Some(reviewer),
        }
    }
    assert_eq!(seated.len(), 2, "as many as the panel has seats");
    world.clock.advance(3600);
    seated[0].accept(&case).await;
    world.advance(12 * 3600 - 3600).await;
    assert_eq!(seated[1].state_of(&case).await, SeatState::Declined, "an offer that passed");
    assert_eq!(free.unwrap().state_of(&case).await, SeatState::Offered);
    assert_eq!(seated[0].state_of(&case).await, SeatState::Accepted, "its lease began when it was taken");
    world.advance(3600).await;
    assert_eq!(seated[0].state_of(&case).await, SeatState::Lapsed);
    let standing: serde_json::Value = seated[0].get("/api/v1/standing").await.json();
    let lapses = standing["quotas"].as_array().unwrap().iter().find(|quota| quota["kind"] == "lapses").unwrap().clone();
    assert_eq!(lapses["used"], 1);
    let late = seated[0].ballot(&case, "lift").await;
    assert_eq!(seated[0].cast(&late).await, BallotOutcome::Refused { code: ProblemCode::LeaseEnded });
}

#[tokio::test]
async fn too_few_ballots_are_no_quorum_and_equal_sides_a_tie() {
    let world = World::new().await;
    let panel = world.reviewers(4).await;
    let few = world.open_case_with("few", |case| {
        case["vote_system"] = vote_system(4);
        case["vote_system"]["quorum"] = json!(3);
    });
    let few = few.await;
    let equal = world.open_case("equal", 4).await;
    panel[0].vote(&few, "lift").await;
    panel[0].vote(&equal, "lift").await;
    panel[1].vote(&equal, "uphold").await;
    world.advance(24 * 3600).await;
    assert_eq!(verdict(&panel[0], &few).await.1.outcome, VerdictOutcome::NoQuorum);
    let (_, tie) = verdict(&panel[0], &equal).await;
    assert_eq!((tie.outcome, tie.how, tie.option), (VerdictOutcome::Tie, DecidedBy::Window, None));
    world.advance(2 * 24 * 3600).await;
    assert_eq!(verdict(&panel[0], &equal).await.0.own.agreement, Agreement::NoResult);
}

#[tokio::test]
async fn a_panel_with_too_few_reviewers_is_filled_when_they_appear() {
    let world = World::new().await;
    let first = world.reviewer("first").await;
    let case = world.open_case("waiting", 2).await;
    assert_eq!(first.vote(&case, "lift").await, BallotOutcome::Counted);
    assert_eq!(first.get("/api/v1/verdicts").await.json::<Vec<VerdictRecord>>(), [], "a free seat may still vote");
    let second = world.reviewer("second").await;
    world.advance(1).await;
    second.vote(&case, "lift").await;
    assert_eq!(verdict(&first, &case).await.1.counts[0].ballots, 2);
}

#[tokio::test]
async fn a_replaced_reviewer_makes_room_for_another() {
    let world = World::new().await;
    let panel = world.reviewers(3).await;
    let case = world.open_case_with("replaced", |case| {
        case["vote_system"] = vote_system(2);
        case["vote_system"]["cannot_decide"] = json!("replaced");
    });
    let case = case.await;
    let mut seated = Vec::new();
    let mut free = None;
    for reviewer in &panel {
        match reviewer.find_seat(&case).await {
            Some(_) => seated.push(reviewer),
            None => free = Some(reviewer),
        }
    }
    seated[0].vote(&case, "cannot_decide").await;
    assert_eq!(free.unwrap().state_of(&case).await, SeatState::Offered);
    seated[1].vote(&case, "lift").await;
    free.unwrap().vote(&case, "lift").await;
    assert_eq!(verdict(seated[0], &case).await.0.own.agreement, Agreement::CannotDecide);
}

#[tokio::test]
async fn five_lapses_freeze_and_the_freeze_lifts() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    for n in 0..6 {
        let case = world.open_case(&format!("lapse-{n}"), 1).await;
        if n < 5 {
            lin.accept(&case).await;
        }
    }
    let open = lin.seat_of(&"lapse-5".parse().unwrap()).await;
    // The lease of the last one ends later than the others'.
    world.clock.advance(1);
    lin.accept(&open.case).await;
    world.advance(12 * 3600 - 1).await;
    let standing: serde_json::Value = lin.get("/api/v1/standing").await.json();
    assert_eq!(standing["state"], "frozen");
    assert_eq!(lin.state_of(&open.case).await, SeatState::Revoked, "a freeze returns open seats at no cost");
    let case = world.open_case("while-frozen", 1).await;
    assert!(lin.find_seat(&case).await.is_none(), "nobody is drawn while frozen");
    world.clock.advance(6 * 24 * 3600);
    let case = world.open_case("after-freeze", 1).await;
    world.advance(24 * 3600).await;
    assert_eq!(lin.get("/api/v1/standing").await.json::<serde_json::Value>()["state"], "good");
    assert_eq!(lin.find_seat(&case).await.map(|seat| seat.state), None, "its window has passed meanwhile");
}

#[tokio::test]
async fn points_of_a_day_end_at_the_cap() {
    let world = World::with(|config| config.rules.daily_points = 20).await;
    let lin = world.reviewer("lin").await;
    let mut earned = Vec::new();
    for n in 0..3 {
        let case = world.open_case(&format!("cap-{n}"), 1).await;
        lin.vote(&case, "lift").await;
        earned.push(verdict(&lin, &case).await.0.own.points.get());
    }
    assert_eq!(earned, [15, 5, 0]);
}

#[tokio::test]
async fn a_report_of_damage_is_noted_once_and_offers_the_pack_anew() {
    let world = World::new().await;
    let [reviewer, stranger] = &world.reviewers(2).await[..] else { panic!("two reviewers") };
    let case = world.open_case("damaged", 2).await;
    let seat = reviewer.accept(&case).await;
    let address = format!("/api/v1/seats/{}/damage", seat.id);
    let report = json!({"id": uuid::Uuid::now_v7().to_string(), "pack_sha256": seat.pack.sha256,
                        "code": "pack_wrong_hash", "evidence": "p-1"});
    let path = world.app.files.root().join("packs").join(format!("{}.zip", seat.pack.sha256));
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, b"the disk ate it").unwrap();

    let first = reviewer.post(&address, &report).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let receipt: pingli_protocol::seat::DamageReceipt = first.json();
    assert_eq!(receipt.pack, seat.pack, "the pack to fetch is the one that was signed");
    assert!(std::fs::read(&path).unwrap() == whole, "the server's own copy is mended, byte for byte");
    assert_eq!(reviewer.post(&address, &report).await.text(), first.text(), "the same to the same id");
    assert_eq!(reviewer.state_of(&case).await, SeatState::Accepted, "the seat stays as it is");

    assert_eq!(stranger.post(&address, &report).await.code(), "id_reused", "an id is one reviewer's");
    let mut other = report.clone();
    other["id"] = json!(uuid::Uuid::now_v7().to_string());
    assert_eq!(stranger.post(&address, &other).await.code(), "not_found", "a seat is one reviewer's");
    other["evidence"] = json!("x-1");
    assert_eq!(reviewer.post(&address, &other).await.code(), "invalid_request", "the case has no such evidence");
}
