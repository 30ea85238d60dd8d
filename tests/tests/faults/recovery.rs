//! A damaged database in the whole product: the reviewer goes on with what was saved, is told, and no
//! ballot is lost or sent twice.

use crate::shop::clock;
use pingli_client::view::{Draft, RowState};
use pingli_protocol::IntentId;
use pingli_tests::{Desk, Hall, new_id};
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_from_a_damaged_database_is_sent_and_counts_once() {
    let mut hall = Hall::open(clock()).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case("story-1", 1).await;
    let mut desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let offered = desk.row(|row| row.state == RowState::Offered).await;
    desk.client.accept_seat(new_id::<IntentId>(), offered.seat.clone()).await.unwrap();
    let ready = desk.row(|row| row.state == RowState::ReadyOffline).await;
    hall.go_away().await;
    let room = desk.client.open_case(ready.seat.clone()).await.unwrap();
    let choice = room.document.case_type.options[0].id.clone();
    let draft =
        Draft { choice: Some(choice), opinion: "支持买家，聊天里写明了。".to_owned(), ..Draft::default() };
    let sealed = desk.client.seal_ballot(new_id(), ready.seat.clone(), draft.clone(), false).await.unwrap();

    // The schema's page is the one that every other page is found by.
    desk.restart_after(|folder| {
        let path = folder.join("pingli.db");
        let mut bytes = fs::read(&path).unwrap();
        bytes[8_192] ^= 1;
        fs::write(path, bytes).unwrap();
    })
    .await;
    let view = desk.client.app_status().await.unwrap();
    let told = view.recovery.expect("it is told");
    assert_eq!((told.pages_lost, told.intents_asked), (1, 0), "nothing of the reviewer's was on that page");
    assert_eq!(view.waiting, 1, "the ballot waits as before");
    hall.come_back().await;
    desk.client.sync_now().await.unwrap();
    desk.client.send_now().await.unwrap();
    desk.row(|row| row.state == RowState::Counted).await;
    let receipt = desk.client.receipt(sealed.ballot).await.unwrap();
    assert!(receipt.verified, "the server has it, under the id that it was sealed with");
    desk.restart().await;
    assert_eq!(desk.client.outbox().await.unwrap().rows.len(), 0, "and once");
}
