//! What a server forgot that was set back, where sending it again is not enough: a ballot that it had
//! refused, and donations that were taken back.

use crate::shop::clock;
use pingli_client::view::{Draft, RowState};
use pingli_protocol::{
    BallotId, DonationId, IntentId, ballot::BallotOutcome, charity::DonationState, problem::ProblemCode,
};
use pingli_tests::{Desk, Hall, new_id};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_that_was_refused_is_not_sent_again_and_does_not_count_now() {
    let mut hall = Hall::open(clock()).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case("amended", 1).await;
    let mut desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let seat = desk.row(|row| row.state == RowState::Offered).await.seat;
    desk.client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    desk.row(|row| row.state == RowState::ReadyOffline).await;
    hall.go_away().await;
    let room = desk.client.open_case(seat.clone()).await.unwrap();
    let choice = room.document.case_type.options[0].id.clone();
    let draft = Draft { choice: Some(choice), opinion: "看的是旧的一版。".to_owned(), ..Draft::default() };
    let old = desk.client.seal_ballot(new_id(), seat.clone(), draft.clone(), false).await.unwrap().ballot;
    desk.stop().await;
    let yesterday = hall.backup();
    hall.come_back().await;
    hall.amend_case("amended", |case, _| case["summary"] = json!("补充了一份材料。")).await;
    desk.start().await;
    desk.client.send_now().await.unwrap();
    let changed = BallotOutcome::Refused { code: ProblemCode::PackChanged };
    let outcome = async |desk: &Desk| desk.client.receipt(old.clone()).await.expect("a receipt").receipt.outcome;
    assert_eq!(outcome(&desk).await, changed);

    // The server is as it was when the version that was read was the newest: the ballot would count.
    hall.go_back_to(&yesterday).await;
    for _ in 0..2 {
        desk.client.sync_now().await.unwrap();
        desk.client.send_now().await.unwrap();
    }
    assert_eq!(hall.counted("amended").await, 0, "the reviewer was told that it does not count");
    assert_eq!(outcome(&desk).await, changed, "and that stands");
    assert!(desk.client.outbox().await.unwrap().rows.is_empty(), "nothing waits");
    let new = desk.client.seal_ballot(new_id(), seat, draft, false).await.expect("it can be sealed anew").ballot;
    desk.client.send_now().await.unwrap();
    desk.row(|row| row.state == RowState::Counted).await;
    let counted = hall.ballots("amended").await;
    assert_eq!(counted.iter().map(|ballot| &ballot.id).collect::<Vec<_>>(), [&new], "one, and the right one");
}

#[tokio::test(flavor = "multi_thread")]
async fn donations_that_were_taken_back_are_not_given_by_sending_them_again() {
    let mut hall = Hall::open(clock()).await;
    let lin = hall.add_reviewer("lin", "correct horse").await;
    hall.grant(&lin, 10_000).await;
    let desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let points = desk.client.points().await.unwrap();
    let available = points.balance.available;
    let project = &points.projects[0];
    let yesterday = hall.back_up().await;
    // Several: of one the two requests might come in the right order by chance.
    for _ in 0..6 {
        let donation = new_id::<DonationId>();
        desk.client.donate(donation.clone(), project.id.clone(), project.minimum).await.unwrap();
        desk.client.send_now().await.unwrap();
        desk.client.sync_now().await.unwrap();
        desk.client.cancel_donation(new_id(), donation).await.unwrap();
        desk.client.send_now().await.unwrap();
    }
    desk.client.sync_now().await.unwrap();
    assert_eq!(desk.client.points().await.unwrap().balance.available, available, "all of it was taken back");

    hall.go_back_to(&yesterday).await;
    for _ in 0..2 {
        desk.client.sync_now().await.unwrap();
        desk.client.send_now().await.unwrap();
    }
    desk.client.sync_now().await.unwrap();
    let outbox = desk.client.outbox().await.unwrap().rows;
    assert!(outbox.is_empty(), "every act went through again: {outbox:?}");
    // What is not taken back by now is given.
    hall.pass(86_400).await;
    desk.client.sync_now().await.unwrap();
    let points = desk.client.points().await.unwrap();
    assert_eq!(points.donations.len(), 6, "the server knows them again");
    assert!(points.donations.iter().all(|donation| donation.state == DonationState::Cancelled));
    assert_eq!(points.balance.available, available, "and nothing was given");
}

/// What was acknowledged before the database was damaged is in the journal of before.
#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_from_before_a_damage_is_missed_when_the_server_is_set_back_later() {
    for goes_on in [false, true] {
        let mut hall = Hall::open(clock()).await;
        hall.add_reviewer("lin", "correct horse").await;
        for case in ["early", "later"] {
            hall.open_case(case, 1).await;
        }
        let mut desk = Desk::new("lin", "correct horse").await;
        desk.sign_in(&hall.url).await;
        for case in ["early", "later"] {
            let seat = desk.row_of(case, |row| row.state == RowState::Offered).await.seat;
            desk.client.accept_seat(new_id::<IntentId>(), seat).await.unwrap();
            desk.row_of(case, |row| row.state == RowState::ReadyOffline).await;
        }
        let yesterday = hall.back_up().await;
        let early = vote(&desk, "early").await;
        // The schema's page is the one that every other page is found by.
        desk.restart_after(|folder| {
            let path = folder.join("pingli.db");
            let mut bytes = std::fs::read(&path).unwrap();
            bytes[8_192] ^= 1;
            std::fs::write(path, bytes).unwrap();
        })
        .await;
        assert!(desk.client.app_status().await.unwrap().recovery.is_some(), "the database was made anew");
        desk.client.sync_now().await.unwrap();
        if goes_on {
            desk.row_of("later", |row| row.state == RowState::ReadyOffline).await;
            vote(&desk, "later").await;
        }
        let sent = hall.counted("later").await;
        assert_eq!((hall.counted("early").await, sent), (1, usize::from(goes_on)));

        hall.go_back_to(&yesterday).await;
        for _ in 0..2 {
            desk.client.sync_now().await.unwrap();
            desk.client.send_now().await.unwrap();
        }
        assert_eq!((hall.counted("early").await, hall.counted("later").await), (1, sent), "all of it is there again");
        desk.row_of("early", |row| row.state == RowState::Counted).await;
        assert!(desk.client.receipt(early).await.unwrap().verified, "with its receipt");
        desk.restart().await;
        desk.client.sync_now().await.unwrap();
        assert!(desk.client.outbox().await.unwrap().rows.is_empty(), "and nothing is sent a third time");
    }
}

async fn vote(desk: &Desk, case: &str) -> BallotId {
    let seat = desk.row_of(case, |_| true).await.seat;
    let room = desk.client.open_case(seat.clone()).await.unwrap();
    let choice = room.document.case_type.options[0].id.clone();
    let draft = Draft { choice: Some(choice), ..Draft::default() };
    let ballot = desk.client.seal_ballot(new_id(), seat, draft, false).await.unwrap().ballot;
    desk.client.send_now().await.unwrap();
    desk.row_of(case, |row| row.state == RowState::Counted).await;
    ballot
}
