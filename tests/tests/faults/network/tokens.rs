//! Refresh tokens against the real server: crashes, two machines, many requests at once.

use super::{
    A_YEAR, AT_ONCE,
    desk::{NetDesk, http},
    line::Line,
};
use pingli_client::{
    remote::{HttpConfig, Remote as _, RemoteError, TokenKeeper as _},
    view::Stage,
};
use pingli_tests::proxy::Fault;
use std::sync::atomic::Ordering;

/// Patience enough for a busy machine.
fn patient() -> HttpConfig {
    HttpConfig { extra_roots: http().extra_roots, ..HttpConfig::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_the_change_and_the_keeping_signs_nobody_out() {
    let desk = NetDesk::open(AT_ONCE).await;
    let line = Line::open(&desk).await;
    let old = line.keeper.tokens().unwrap().refresh.clone();
    for _ in 0..3 {
        // The server changes the token, and the machine dies before the new one is on its disk.
        line.keeper.dies.store(true, Ordering::SeqCst);
        let died = line.remote(&patient()).changes(None, 10, None).await;
        assert!(matches!(died, Err(RemoteError::Local(_))), "what is not kept is not used: {died:?}");
        line.keeper.dies.store(false, Ordering::SeqCst);
        assert_eq!(line.keeper.tokens().unwrap().refresh, old, "the old one is on the disk");
    }
    line.remote(&patient()).changes(None, 10, None).await.expect("the old one is still good");
    assert_ne!(line.keeper.tokens().unwrap().refresh, old, "and was changed at last");
    line.remote(&patient()).changes(None, 10, None).await.expect("the new one is good");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_token_is_not_good_for_ever() {
    let desk = NetDesk::open(AT_ONCE).await;
    let line = Line::open(&desk).await;
    line.keeper.dies.store(true, Ordering::SeqCst);
    assert!(line.remote(&patient()).changes(None, 10, None).await.is_err(), "changed, and lost");
    line.keeper.dies.store(false, Ordering::SeqCst);
    desk.hall.pass(10 * 60 + 1).await;
    let late = line.remote(&patient()).changes(None, 10, None).await;
    assert_eq!(late.unwrap_err(), RemoteError::SignedOut, "after ten minutes it may be somebody else's");
    assert!(line.keeper.tokens().is_none(), "the reviewer has to sign in again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_offline_ends_at_its_server_when_that_is_back() {
    const ENDED: &str = "select count(*) from token_families where revoked_at is not null and id <> ?";
    let desk = NetDesk::open(A_YEAR).await;
    desk.proxy.plan(&[], Fault::Refused, 0);
    desk.client.sign_out().await.expect("signing out never waits for a network");
    assert_eq!(desk.client.app_status().await.unwrap().stage, Stage::SignedOut);
    assert_eq!(desk.count(ENDED, "").await, 0, "the server knows nothing of it");
    desk.proxy.lift();
    desk.sign_in().await;
    let ended = async || (desk.count(ENDED, "").await == 1).then_some(());
    desk.until("the end of the session before", ended).await;
    desk.client.sync_now().await.expect("and the new one goes on");
    assert_eq!(desk.count(ENDED, "").await, 1, "only that one");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_machines_of_one_reviewer_do_not_disturb_each_other() {
    let desk = NetDesk::open(AT_ONCE).await;
    let (here, there) = (Line::open(&desk).await, Line::open(&desk).await);
    for _ in 0..5 {
        here.remote(&patient()).changes(None, 10, None).await.expect("here");
        there.remote(&patient()).changes(None, 10, None).await.expect("there");
    }
    here.remote(&patient()).revoke().await.expect("signed out here");
    there.remote(&patient()).changes(None, 10, None).await.expect("and still signed in there");
    let gone = here.remote(&patient()).changes(None, 10, None).await;
    assert_eq!(gone.unwrap_err(), RemoteError::SignedOut, "a session that was ended stays ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_requests_at_once_change_tokens_without_losing_one() {
    let desk = NetDesk::open(AT_ONCE).await;
    let line = Line::open(&desk).await;
    // Two sessions over the same tokens, as after a reconnection: their changes cross.
    let (first, second) = (line.remote(&patient()), line.remote(&patient()));
    for _ in 0..4 {
        let answers = tokio::join!(
            first.changes(None, 10, None),
            second.changes(None, 10, None),
            first.changes(None, 10, None),
            second.changes(None, 10, None)
        );
        for answer in [answers.0, answers.1, answers.2, answers.3] {
            // One of two that crossed may have to ask again; it is not signed out.
            assert!(!matches!(answer, Err(RemoteError::SignedOut)), "crossing changes sign nobody out");
        }
        assert!(line.keeper.tokens().is_some(), "the session goes on");
    }
    first.changes(None, 10, None).await.expect("and is good");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_outlives_its_server_being_away() {
    let mut desk = NetDesk::open(A_YEAR).await;
    let line = Line::open(&desk).await;
    desk.hall.go_away().await;
    let away = line.remote(&patient()).changes(None, 10, None).await.unwrap_err();
    assert!(away.is_transient(), "nobody is signed out by an outage: {away}");
    desk.hall.come_back().await;
    line.remote(&patient()).changes(None, 10, None).await.expect("and goes on");
}
