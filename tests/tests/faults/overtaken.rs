//! What overtakes a ballot that was sealed without a network: the case is decided, the standing is frozen,
//! the lease is over. It comes back with the server's word, and nothing of the reviewer's own is lost.

use crate::shop::clock;
use pingli_client::view::{Draft, RowState};
use pingli_protocol::{
    BallotId, IntentId, SeatId,
    ballot::BallotOutcome,
    ledger::{LedgerKind, LedgerState},
    problem::ProblemCode,
    seat::SeatState,
    standing::{QuotaKind, StandingState},
    verdict::Agreement,
};
use pingli_tests::{Desk, Hall, new_id};
use serde_json::{Value, json};

const OPINION: &str = "照通知和商品页，申诉成立。";

/// A reviewer whose machine has these cases, taken and ready.
async fn ready(hall: &Hall, name: &str, cases: &[&str]) -> Desk {
    let desk = Desk::new(name, "correct horse").await;
    desk.sign_in(&hall.url).await;
    for case in cases {
        let seat = desk.row_of(case, |row| row.state == RowState::Offered).await.seat;
        desk.client.accept_seat(new_id::<IntentId>(), seat).await.unwrap();
        desk.row_of(case, |row| row.state == RowState::ReadyOffline).await;
    }
    desk
}

async fn seat_of(desk: &Desk, case: &str) -> SeatId {
    desk.row_of(case, |_| true).await.seat
}

async fn draft(desk: &Desk, case: &str, option: usize) -> Draft {
    let room = desk.client.open_case(seat_of(desk, case).await).await.unwrap();
    let choice = room.document.case_type.options[option].id.clone();
    Draft { choice: Some(choice), opinion: OPINION.to_owned(), ..Draft::default() }
}

async fn seal(desk: &Desk, case: &str, option: usize) -> BallotId {
    let draft = draft(desk, case, option).await;
    let seat = seat_of(desk, case).await;
    desk.client.seal_ballot(new_id(), seat, draft, false).await.unwrap().ballot
}

/// What the server said of a ballot, with its signature.
async fn outcome(desk: &Desk, ballot: &BallotId) -> BallotOutcome {
    let receipt = desk.client.receipt(ballot.clone()).await.expect("a receipt");
    assert!(receipt.verified, "signed by the server");
    receipt.receipt.outcome
}

fn refused(code: ProblemCode) -> BallotOutcome {
    BallotOutcome::Refused { code }
}

fn shown_as(code: &str) -> RowState {
    RowState::Refused { code: code.to_owned() }
}

/// Nothing waits any more, and the opinion is still there, whatever became of evidence and seat.
async fn nothing_is_lost(desk: &Desk, case: &str) {
    assert!(desk.client.outbox().await.unwrap().rows.is_empty(), "the answer was the last word");
    let written = desk.client.written(seat_of(desk, case).await).await.unwrap();
    assert_eq!(written.draft.opinion, OPINION, "what was written stays");
}

/// Of two reviewers one seals without a network, and the other's ballot decides the case meanwhile.
async fn decided_first(late_ballot: &'static str) -> (Hall, Desk, BallotId) {
    let mut hall = Hall::open(clock()).await;
    for name in ["lin", "wang"] {
        hall.add_reviewer(name, "correct horse").await;
    }
    hall.open_case_with("race", 2, |case: &mut Value, _| {
        case["vote_system"]["rule"] = json!({"kind": "first_to", "ballots": 1});
        case["vote_system"]["late_ballot"] = json!(late_ballot);
    })
    .await;
    let (mut lin, wang) = (ready(&hall, "lin", &["race"]).await, ready(&hall, "wang", &["race"]).await);
    hall.go_away().await;
    let ballot = seal(&lin, "race", 1).await;
    lin.stop().await;
    hall.come_back().await;
    seal(&wang, "race", 0).await;
    wang.client.send_now().await.unwrap();
    wang.row_of("race", |row| row.state == RowState::Counted).await;
    lin.start().await;
    (hall, lin, ballot)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_decided_first_records_the_late_ballot_with_its_points() {
    let (hall, lin, ballot) = decided_first("recorded").await;
    lin.client.sync_now().await.unwrap();
    assert!(lin.client.verdicts().await.unwrap().rows.is_empty(), "nothing is told before the own ballot is in");
    assert!(matches!(
        lin.row_of("race", |_| true).await.state,
        RowState::Held { .. } | RowState::Sealed { .. } | RowState::Recorded
    ));
    lin.client.send_now().await.unwrap();
    lin.row_of("race", |row| row.state == RowState::Recorded).await;
    assert_eq!(outcome(&lin, &ballot).await, BallotOutcome::Recorded);
    assert_eq!(hall.counted("race").await, 1, "the case did not wait for it");
    lin.client.sync_now().await.unwrap();
    let verdicts = lin.client.verdicts().await.unwrap().rows;
    let verdict = lin.client.verdict(verdicts[0].verdict.case.clone(), 1).await.unwrap();
    assert!(verdict.verified, "now the result is told");
    assert_eq!((verdict.own.counted, verdict.own.agreement), (false, Agreement::NotCounted), "and that it came late");
    let points = lin.client.points().await.unwrap();
    let earned: Vec<_> = points.ledger.iter().filter(|entry| entry.kind == LedgerKind::Earn).collect();
    assert_eq!(earned.len(), 1, "judged is judged: {earned:?}");
    assert_eq!((earned[0].points, earned[0].state), (verdict.own.points, LedgerState::Posted));
    assert_eq!(points.balance.available, verdict.own.points, "it can be given away");
    nothing_is_lost(&lin, "race").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_decided_first_refuses_the_late_ballot_where_its_vote_system_says_so() {
    let (hall, lin, ballot) = decided_first("refused").await;
    lin.client.send_now().await.unwrap();
    lin.row_of("race", |row| row.state == shown_as("problem_seat_ended")).await;
    assert_eq!(outcome(&lin, &ballot).await, refused(ProblemCode::SeatEnded));
    assert_eq!(hall.counted("race").await, 1);
    lin.client.sync_now().await.unwrap();
    assert_eq!(lin.row_of("race", |_| true).await.server_state, SeatState::ClosedEarly, "the seat has ended with it");
    assert_eq!(lin.client.verdicts().await.unwrap().rows.len(), 1, "so the result is told");
    let points = lin.client.points().await.unwrap();
    assert!(points.ledger.is_empty() && points.balance.available.get() == 0, "nothing was earned");
    // Its lease would be over by now: that is nobody's lapse.
    hall.pass(43_300).await;
    lin.client.sync_now().await.unwrap();
    assert_eq!(lapses(&lin).await, 0);
    nothing_is_lost(&lin, "race").await;
}

async fn lapses(desk: &Desk) -> u32 {
    let standing = desk.client.standing().await.unwrap();
    standing.quotas.iter().find(|quota| quota.kind == QuotaKind::Lapses).expect("a quota").used
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standing_that_is_frozen_meanwhile_is_told_and_the_sealed_ballot_is_kept() {
    let mut hall = Hall::open_with(clock(), |config| config.rules.lapses = 1).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case_with("short", 1, |case: &mut Value, _| case["vote_system"]["seat_lease_seconds"] = json!(3_600))
        .await;
    for case in ["sealed", "open", "offered"] {
        hall.open_case(case, 1).await;
    }
    let mut lin = ready(&hall, "lin", &["short", "sealed", "open"]).await;
    let offered = lin.row_of("offered", |row| row.state == RowState::Offered).await.seat;
    hall.go_away().await;
    let ballot = seal(&lin, "sealed", 0).await;
    let open = draft(&lin, "open", 0).await;
    lin.client.save_draft(seat_of(&lin, "open").await, open.clone(), Draft::default()).await.unwrap();
    let accept = new_id::<IntentId>();
    lin.client.accept_seat(accept.clone(), offered).await.unwrap();
    lin.stop().await;
    hall.come_back().await;
    hall.pass(3_700).await;

    lin.start().await;
    lin.client.send_now().await.unwrap();
    lin.client.sync_now().await.unwrap();
    let view = lin.client.app_status().await.unwrap();
    assert_eq!(view.standing, Some(StandingState::Frozen), "it is told on every screen");
    let freeze = lin.client.standing().await.unwrap().freeze.expect("with the reason");
    let words = [&freeze.reason, &freeze.appeal, &freeze.allowed];
    assert!(
        words.iter().all(|text| !text.zh_hans.is_empty() && !text.en.is_empty()),
        "and what can be done: {freeze:?}"
    );
    assert!(freeze.until.is_some_and(|until| until > freeze.since), "and when it ends");

    lin.row_of("sealed", |row| row.state == shown_as("problem_seat_ended")).await;
    assert_eq!(outcome(&lin, &ballot).await, refused(ProblemCode::SeatEnded), "kept for an appeal, with its receipt");
    assert_eq!(hall.counted("sealed").await, 0);
    lin.row_of("open", |row| row.state == RowState::Ended).await;
    let written = lin.client.written(seat_of(&lin, "open").await).await.unwrap();
    assert_eq!(written.draft, open, "a draft stays, though its seat went back");
    let sealing = lin.client.seal_ballot(new_id(), seat_of(&lin, "open").await, open, false).await;
    assert!(sealing.is_err(), "nothing can be sealed there");
    let outbox = lin.client.outbox().await.unwrap().rows;
    assert_eq!(outbox.iter().map(|row| &row.id).collect::<Vec<_>>(), [&accept], "the act that was refused asks");
    assert_eq!(outbox[0].last_answer.as_deref(), Some("problem_seat_ended"), "with the server's reason");
    lin.client.drop_intent(accept).await.unwrap();
    assert_eq!(lin.client.points().await.unwrap().ledger.len(), 0);
    nothing_is_lost(&lin, "sealed").await;

    // After a week it lifts by itself; what was refused stays refused.
    hall.pass(8 * 86_400).await;
    lin.client.sync_now().await.unwrap();
    assert_eq!(lin.client.app_status().await.unwrap().standing, Some(StandingState::Good));
    lin.client.send_now().await.unwrap();
    assert_eq!(hall.counted("sealed").await, 0, "nothing is sent by surprise");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_is_over_while_offline_is_told_and_what_was_written_stays() {
    let mut hall = Hall::open(clock()).await;
    hall.add_reviewer("lin", "correct horse").await;
    for case in ["sealed", "open"] {
        hall.open_case(case, 1).await;
    }
    let mut lin = ready(&hall, "lin", &["sealed", "open"]).await;
    hall.go_away().await;
    let ballot = seal(&lin, "sealed", 0).await;
    let open = draft(&lin, "open", 0).await;
    lin.client.save_draft(seat_of(&lin, "open").await, open.clone(), Draft::default()).await.unwrap();
    lin.stop().await;
    // Nobody has looked at the clock at the server, which has just come back; the evidence is wiped a minute
    // after the end.
    hall.pass(43_220).await;
    hall.come_back().await;

    lin.start().await;
    lin.client.sync_now().await.unwrap();
    lin.row_of("open", |row| row.state == RowState::LeaseOver).await;
    let late = lin.client.seal_ballot(new_id(), seat_of(&lin, "open").await, open.clone(), false).await;
    assert_eq!(late.map_err(|error| error.code()).unwrap_err(), "lease_over", "by the server's clock");
    lin.client.send_now().await.unwrap();
    lin.row_of("sealed", |row| row.state == shown_as("problem_lease_ended")).await;
    assert_eq!(outcome(&lin, &ballot).await, refused(ProblemCode::LeaseEnded));

    hall.pass(60).await;
    lin.client.sync_now().await.unwrap();
    lin.row_of("open", |row| row.state == RowState::Ended && row.server_state == SeatState::Lapsed).await;
    assert_eq!(lapses(&lin).await, 2, "both leases ran out");
    assert_eq!((hall.counted("sealed").await, hall.counted("open").await), (0, 0));
    assert_eq!(lin.client.written(seat_of(&lin, "open").await).await.unwrap().draft, open);
    nothing_is_lost(&lin, "sealed").await;
    lin.restart().await;
    lin.row_of("sealed", |row| row.state == shown_as("problem_lease_ended")).await;
}
