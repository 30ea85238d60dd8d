//! The material of a case changes while the reviewer judges it, online or away: a ballot never counts on
//! another version than the one that was read, nothing is given up, and the reviewer is told what changed.

use crate::shop::clock;
use pingli_client::view::{CaseRoomView, Draft, MaterialChange, RowState, RuleChange};
use pingli_protocol::{BallotId, IntentId, SeatId, ballot::BallotOutcome, problem::ProblemCode};
use pingli_tests::{Desk, Hall, new_id};
use serde_json::{Value, json};
use std::time::Duration;

const CASE: &str = "changing";
const OPINION: &str = "照通知和商品页，申诉成立。";

fn draft(room: &CaseRoomView) -> Draft {
    let choice = room.document.case_type.options[0].id.clone();
    Draft { choice: Some(choice), opinion: OPINION.to_owned(), ..Draft::default() }
}

/// A server, and a reviewer with the case ready on the machine.
async fn ready() -> (Hall, Desk, SeatId) {
    let hall = Hall::open(clock()).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case(CASE, 1).await;
    let desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let seat = desk.row(|row| row.state == RowState::Offered).await.seat;
    desk.client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    desk.row(|row| row.state == RowState::ReadyOffline).await;
    (hall, desk, seat)
}

async fn amend(hall: &Hall, rule: Option<&str>) {
    hall.amend_case(CASE, |case: &mut Value, _| {
        case["summary"] = json!("补充了一份材料。");
        if let Some(rule) = rule {
            case["rule_version"] = json!(rule);
        }
    })
    .await;
}

/// Opens the case until this version of its material is here.
async fn room_of(desk: &Desk, seat: &SeatId, version: u32) -> CaseRoomView {
    let mut changes = desk.client.subscribe();
    let waiting = async {
        loop {
            match desk.client.open_case(seat.clone()).await {
                Ok(room) if room.pack.version == version => return room,
                _ => drop(changes.recv().await),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("the version never came")
}

async fn seal(desk: &Desk, seat: &SeatId, draft: &Draft, confirmed: bool) -> Result<BallotId, String> {
    let sealed = desk.client.seal_ballot(new_id(), seat.clone(), draft.clone(), confirmed).await;
    sealed.map(|sealed| sealed.ballot).map_err(|error| error.code())
}

async fn outcome(desk: &Desk, ballot: &BallotId) -> BallotOutcome {
    let receipt = desk.client.receipt(ballot.clone()).await.expect("a receipt");
    assert!(receipt.verified, "signed by the server");
    receipt.receipt.outcome
}

/// The newer version is fetched on the reviewer's word, what changed is said, and the ballot counts once, on
/// what was read.
async fn judge_anew(hall: &Hall, desk: &Desk, seat: &SeatId, rule: Option<RuleChange>) -> BallotId {
    let stale = room_of(desk, seat, 1).await;
    assert!(stale.newer_pack, "it is said that there is a newer version");
    assert_eq!((&stale.change, stale.draft.opinion.as_str()), (&None, OPINION), "under the reader nothing changes");
    for confirmed in [false, true] {
        let refused = seal(desk, seat, &draft(&stale), confirmed).await;
        assert_eq!(refused, Err("pack_changed".to_owned()), "it would be refused, whatever the reviewer says");
    }
    assert!(desk.client.outbox().await.unwrap().rows.is_empty(), "nothing was sealed");

    desk.client.make_offline(vec![seat.clone()]).await.unwrap();
    let room = room_of(desk, seat, 2).await;
    assert_eq!(room.document.case.summary, "补充了一份材料。", "the newer version is here");
    assert!(!room.newer_pack && room.draft.opinion == OPINION, "with the draft as it was");
    assert_eq!(room.change, Some(MaterialChange { from_version: 1, to_version: 2, rule }), "and says what changed");
    assert_eq!(seal(desk, seat, &draft(&room), false).await, Err("pack_changed".to_owned()), "it asks first");
    assert!(desk.client.open_case(seat.clone()).await.unwrap().change.is_some(), "being asked is no yes");
    let ballot = seal(desk, seat, &draft(&room), true).await.expect("with the reviewer's word");
    desk.client.send_now().await.unwrap();
    desk.row_of(CASE, |row| row.state == RowState::Counted).await;
    assert_eq!(outcome(desk, &ballot).await, BallotOutcome::Counted);
    let ballots = hall.ballots(CASE).await;
    assert_eq!(ballots.len(), 1, "once");
    assert_eq!((&ballots[0].id, ballots[0].pack_sha256), (&ballot, room.pack.sha256), "on the version that was read");
    assert_eq!(ballots[0].rule_version, room.document.case.rule_version, "by its rule");
    ballot
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_that_changes_while_it_is_judged_is_read_anew_before_it_is_sealed() {
    let (hall, desk, seat) = ready().await;
    let room = desk.client.open_case(seat.clone()).await.unwrap();
    desk.client.save_draft(seat.clone(), draft(&room), Draft::default()).await.unwrap();
    amend(&hall, None).await;
    desk.client.sync_now().await.unwrap();
    judge_anew(&hall, &desk, &seat, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_another_version_is_told_with_both_versions() {
    let (hall, desk, seat) = ready().await;
    let room = desk.client.open_case(seat.clone()).await.unwrap();
    desk.client.save_draft(seat.clone(), draft(&room), Draft::default()).await.unwrap();
    amend(&hall, Some("2026-09")).await;
    desk.client.sync_now().await.unwrap();
    let rule = RuleChange { from: "2026-01".to_owned(), to: "2026-09".to_owned() };
    judge_anew(&hall, &desk, &seat, Some(rule)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_sealed_offline_on_the_version_before_comes_back_and_is_sealed_anew() {
    let (mut hall, mut desk, seat) = ready().await;
    hall.go_away().await;
    let room = desk.client.open_case(seat.clone()).await.unwrap();
    let old = seal(&desk, &seat, &draft(&room), false).await.expect("sealed offline");
    desk.stop().await;
    hall.come_back().await;
    amend(&hall, Some("2026-09")).await;
    desk.start().await;
    let mut notices = desk.client.notices();
    desk.client.send_now().await.unwrap();
    let changed = BallotOutcome::Refused { code: ProblemCode::PackChanged };
    assert_eq!(outcome(&desk, &old).await, changed, "the server says so, with its signature");
    assert_eq!(hall.counted(CASE).await, 0);
    let code = "problem_pack_changed".to_owned();
    desk.row_of(CASE, |row| row.state == RowState::Refused { code: code.clone() }).await;
    let told =
        async { while !matches!(notices.recv().await, Ok(pingli_client::view::Notice::BallotRefused { .. })) {} };
    tokio::time::timeout(Duration::from_secs(20), told).await.expect("a notice tells of it");
    assert!(desk.client.outbox().await.unwrap().rows.is_empty(), "the answer was the last word on that ballot");

    desk.client.sync_now().await.unwrap();
    let rule = RuleChange { from: "2026-01".to_owned(), to: "2026-09".to_owned() };
    let new = judge_anew(&hall, &desk, &seat, Some(rule)).await;
    assert_ne!(new, old, "it is another ballot");
    desk.restart().await;
    desk.client.sync_now().await.unwrap();
    desk.client.send_now().await.unwrap();
    assert_eq!((outcome(&desk, &old).await, hall.counted(CASE).await), (changed, 1), "each has its own receipt");
    desk.row_of(CASE, |row| row.state == RowState::Counted).await;
}
