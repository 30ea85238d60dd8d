//! What is no receipt. The server's own refusal ends nothing as done: the act is parked with the server's
//! reason, and goes through once when the reviewer tries it again. A receipt whose signature does not hold
//! says nothing: it is asked for again.

use super::{
    A_YEAR,
    acts::{Tried, befallen},
    desk::NetDesk,
};
use pingli_client::view::IntentState;
use pingli_tests::proxy::{Endpoint, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_parks_an_act_with_its_reason_and_is_no_receipt() {
    let mut desk = NetDesk::open(A_YEAR).await;
    desk.rich().await;
    let acts = [
        (Endpoint::Accept, 409, "seat_ended"),
        (Endpoint::Return, 410, "seat_ended"),
        (Endpoint::Recuse, 403, "frozen"),
        (Endpoint::Damage, 404, "not_found"),
        (Endpoint::Ballot, 409, "already_voted"),
        (Endpoint::Donate, 422, "not_enough_points"),
        (Endpoint::CancelDonation, 400, "invalid_request"),
    ];
    for (endpoint, status, code) in acts {
        let mut act = desk.prepare(endpoint).await;
        desk.proxy.plan(befallen(endpoint), Fault::Refusal(status, code), 0);
        let tried = desk.attempt(&mut act).await;
        assert_eq!(tried, Tried::GivenUp(format!("problem_{code}")), "{endpoint:?} × {status}");
        assert!(desk.client.receipt(act.id().parse().unwrap()).await.is_err(), "{endpoint:?}: there is no receipt");
        desk.proxy.lift();
        desk.client.retry_intent(act.id().parse().unwrap()).await.unwrap();
        desk.finish(&mut act).await.unwrap_or_else(|error| panic!("{endpoint:?} tried again: {error}"));
        desk.verify(&act).await.unwrap_or_else(|error| panic!("{endpoint:?} tried again: {error}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_somebody_changed_is_not_believed() {
    let mut desk = NetDesk::open(A_YEAR).await;
    for endpoint in [Endpoint::Ballot, Endpoint::BallotReceipt] {
        let mut act = desk.prepare(endpoint).await;
        desk.proxy.plan(befallen(endpoint), Fault::Forged, 0);
        let tried = desk.attempt(&mut act).await;
        assert!(desk.proxy.hits() > 0, "it was forged");
        assert_eq!(tried, Tried::Waits("signature_wrong".to_owned()), "{endpoint:?}: it waits for a true one");
        assert!(desk.client.receipt(act.id().parse().unwrap()).await.is_err(), "{endpoint:?}: nothing is kept of it");
        desk.proxy.lift();
        desk.finish(&mut act).await.unwrap_or_else(|error| panic!("{endpoint:?}: {error}"));
        desk.verify(&act).await.unwrap_or_else(|error| panic!("{endpoint:?}: {error}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_an_hour_is_left_alone_for_an_hour() {
    let mut desk = NetDesk::open(A_YEAR).await;
    for status in [429, 503] {
        let mut act = desk.prepare(Endpoint::Accept).await;
        desk.proxy.plan(befallen(Endpoint::Accept), Fault::RetryAfter(status, 3_600), 0);
        assert_eq!(desk.attempt(&mut act).await, Tried::Waits("server_busy".to_owned()));
        let stands = desk.last_answer(act.id()).await;
        let Some((IntentState::Waiting { next_try: Some(at) }, _)) = stands else {
            panic!("it waits until it is tried again, and not {stands:?}");
        };
        let wait = at.seconds_since(crate::shop::clock());
        assert!((3_500..=3_700).contains(&wait), "{status}: tried again in {wait} s");
        desk.proxy.lift();
        desk.finish(&mut act).await.unwrap();
        desk.verify(&act).await.unwrap();
    }
}
