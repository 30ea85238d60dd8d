//! Links from outside: kept while locked, followed once, and only to what is on this machine.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on must fail")]

use pingli_client::view::{Lead, Place, RowState, Stage};
use pingli_protocol::{IntentId, UtcInstant};
use pingli_tests::{Desk, Hall, new_id};
use tokio::sync::broadcast::error::TryRecvError;

#[tokio::test(flavor = "multi_thread")]
async fn a_link_waits_behind_the_lock_and_leads_once() {
    let hall = Hall::open(UtcInstant::from_millis(1_790_000_000_000)).await;
    hall.add_reviewer("lin", "correct horse").await;
    hall.open_case("links-1", 1).await;
    let desk = Desk::new("lin", "correct horse").await;
    let client = &desk.client;
    let mut leads = client.leads();
    // A link that came before anybody signed in waits for that as well.
    client.follow_link("pingli://outbox");
    assert_eq!(client.app_status().await.unwrap().stage, Stage::SignedOut);
    assert_eq!(leads.try_recv(), Err(TryRecvError::Empty), "nobody is signed in");
    desk.sign_in(&hall.url).await;
    assert_eq!(leads.recv().await.unwrap(), Place::Outbox.into());

    let offered = desk.row(|row| row.state == RowState::Offered).await;
    client.follow_link("pingli://case/links-1");
    client.app_status().await.unwrap();
    let not_here = Lead { place: Some(Place::Docket), code: Some("link_not_here".to_owned()) };
    assert_eq!(leads.try_recv(), Ok(not_here), "a link takes no seat and fetches nothing");
    assert_eq!(desk.row(|_| true).await.state, RowState::Offered, "the seat is as it was");

    client.accept_seat(new_id::<IntentId>(), offered.seat.clone()).await.unwrap();
    desk.row(|row| row.state == RowState::ReadyOffline).await;
    client.set_passphrase(Some("a good passphrase".to_owned()), None).await.unwrap();
    client.lock_now().await.unwrap();
    client.follow_link("pingli://verdicts");
    client.follow_link("pingli://case/links-1/1");
    client.app_status().await.unwrap();
    assert_eq!(leads.try_recv(), Err(TryRecvError::Empty), "behind the lock a link leads nowhere");
    client.unlock(Some("a good passphrase".to_owned())).await.unwrap();
    assert_eq!(leads.try_recv(), Ok(Place::Room { seat: offered.seat }.into()), "the newest, after the lock");
    client.app_status().await.unwrap();
    assert_eq!(leads.try_recv(), Err(TryRecvError::Empty), "once");

    client.follow_link("pingli://seal/links-1?choice=support_buyer");
    client.app_status().await.unwrap();
    let refused = Lead { place: None, code: Some("link_invalid".to_owned()) };
    assert_eq!(leads.try_recv(), Ok(refused), "a link does nothing but lead");
}
