//! Two reviewers of one machine: what still goes on for the one before goes nowhere under the session of
//! the next.

use super::{A_YEAR, desk::http};
use pingli_client::{
    Client, ClientConfig,
    remote::{HttpConfig, build_http},
    view::{Draft, IntentState, RowState, Stage},
};
use pingli_protocol::{IntentId, UtcInstant};
use pingli_store::keys::PassphraseCost;
use pingli_tests::{
    Hall, MemoryKeyring, new_id,
    proxy::{Endpoint, Fault, Proxy},
    sign_in_with,
};
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

const PASSWORD: &str = "correct horse";

/// Long enough for whatever is waited for here.
const LONG: Duration = Duration::from_secs(60);

/// Patience enough for a busy machine.
fn patient() -> HttpConfig {
    HttpConfig { extra_roots: http().extra_roots, ..HttpConfig::default() }
}

/// A program whose browser signs in whoever sits there.
async fn start(folder: &Path, who: &Arc<Mutex<&'static str>>) -> Client {
    let who = Arc::clone(who);
    let config = ClientConfig {
        keyring: Arc::new(MemoryKeyring::default()),
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        http: patient(),
        open_url: Arc::new(move |url| {
            let (url, who) = (url.to_owned(), *who.lock().unwrap());
            let page = async move { sign_in_with(build_http(&patient()).unwrap().client(), &url, who, PASSWORD).await };
            tokio::spawn(page);
        }),
        ..ClientConfig::new(folder)
    };
    Client::start(config).await.unwrap()
}

/// Looks again with every change until there is something to see.
async fn until<T>(client: &Client, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let mut changes = client.subscribe();
    let waiting = async {
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            let _ = tokio::time::timeout(Duration::from_millis(200), changes.recv()).await;
        }
    };
    tokio::time::timeout(LONG, waiting).await.unwrap_or_else(|_| panic!("never: {what}"))
}

async fn sign_in(client: &Client, proxy: &Proxy, who: &str) {
    client.sign_in(&proxy.url()).await.unwrap();
    until(client, "somebody else is signed in", async || {
        let view = client.app_status().await.unwrap();
        let is_there = view.profile.is_some_and(|profile| profile.display_name == who);
        (is_there && view.stage == Stage::Ready && view.sync.last_complete.is_some()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_of_one_reviewer_does_not_go_out_under_the_session_of_the_next() {
    let proxy = Proxy::open().await;
    let public = proxy.url();
    let hall = Hall::open_with(crate::shop::clock(), move |config| {
        config.public_url = Some(public.parse().unwrap());
        config.rules.access_token = A_YEAR;
    })
    .await;
    proxy.lead_to(hall.address());
    let (folder, who) = (tempfile::tempdir().unwrap(), Arc::new(Mutex::new("lin")));
    let client = start(folder.path(), &who).await;
    hall.add_reviewer("lin", PASSWORD).await;
    hall.open_case("lins", 1).await;
    hall.add_reviewer("wang", PASSWORD).await;
    sign_in(&client, &proxy, "lin").await;
    let row = async || client.docket().await.unwrap().rows.into_iter().next();
    let seat = until(&client, "an offer", async || row().await.map(|row| row.seat)).await;
    client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    let ready = async || row().await.filter(|row| row.state == RowState::ReadyOffline);
    until(&client, "the pack", ready).await;
    let choice = client.open_case(seat.clone()).await.unwrap().document.case_type.options[0].id.clone();

    // The ballot may have arrived, so it is asked for first; and the answer to that takes its time.
    let draft = Draft { choice: Some(choice), ..Draft::default() };
    proxy.plan(&[Endpoint::Ballot], Fault::ResetAfterRequest, 0);
    let ballot = client.seal_ballot(new_id(), seat, draft, false).await.unwrap().ballot;
    client.send_now().await.unwrap();
    proxy.plan(&[Endpoint::BallotReceipt], Fault::Late, 0);
    client.retry_intent(ballot.as_str().parse().unwrap()).await.unwrap();
    tokio::time::timeout(LONG, proxy.befell()).await.expect("it is asked for");
    *who.lock().unwrap() = "wang";
    sign_in(&client, &proxy, "wang").await;
    proxy.lift();
    // What may go out now has the time of several exchanges for it.
    for _ in 0..3 {
        client.sync_now().await.unwrap();
    }
    assert!(client.outbox().await.unwrap().rows.is_empty(), "wang has done nothing");
    assert!(row().await.is_none(), "and has no seat");

    *who.lock().unwrap() = "lin";
    sign_in(&client, &proxy, "lin").await;
    let parked = |state: &IntentState| matches!(state, IntentState::Parked { .. });
    let rows = client.outbox().await.unwrap().rows;
    assert!(!rows.iter().any(|row| parked(&row.state)), "nobody was asked about it as wang: {rows:?}");
    client.send_now().await.unwrap();
    until(&client, "the ballot counts", async || row().await.filter(|row| row.state == RowState::Counted)).await;
    assert_eq!(hall.counted("lins").await, 1, "once");
    let receipt = client.receipt(ballot).await.unwrap();
    assert!(receipt.verified && receipt.receipt.received_at > UtcInstant::from_millis(0), "with its receipt");
}
