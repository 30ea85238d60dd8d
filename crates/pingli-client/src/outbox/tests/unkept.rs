//! Acts of a session that keeps nothing: acknowledged at once, or not done.

use super::*;
use crate::outbox::{act, again};
use std::time::Duration;

fn desk() -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, clock) = (FakeServer::new(), Arc::new(FakeClock::default()));
    let remote = Arc::clone(&server);
    let open = testing::open_session(folder.path(), &clock, |config| {
        config.remote = Arc::new(move |_| Ok(Arc::new(Arc::clone(&remote)) as Arc<dyn Remote>));
    });
    testing::sign_in(&open, &server.key);
    Desk { folder, server, clock, open }
}

/// Does what the verb does, with the ballot that was prepared; the same command may come again.
async fn seal(desk: &Desk, prepared: &Prepared) -> Result<(), ClientError> {
    let (id, (new, _)) = (prepared.0.id.clone(), prepared.clone());
    act(&desk.open, &id, move |open| enqueue(open, &new, Effect::None).map(|_| ())).await
}

type Prepared = (NewIntent, SeatId);

fn casts(desk: &Desk) -> usize {
    lock(&desk.server.casts).len()
}

#[tokio::test]
async fn what_goes_through_is_acknowledged_when_the_verb_answers() {
    let desk = desk();
    let ballot = desk.prepare("a", None);
    seal(&desk, &ballot).await.expect("acknowledged");
    assert!(desk.has_receipt(&ballot.0.id), "the receipt is here already");
    assert_eq!(outbox(&desk.open).expect("a view").rows.len(), 0, "and nothing waits");
    seal(&desk, &ballot).await.expect("the same command again");
    assert_eq!((casts(&desk), desk.server.times_counted(ballot.0.id.as_str())), (1, 1), "sent once, counted once");
}

#[tokio::test]
async fn what_does_not_reach_the_server_is_not_kept_for_later() {
    for mood in [Mood::Away, Mood::Busy] {
        let desk = desk();
        desk.server.be(mood);
        let ballot = desk.prepare("a", None);
        let refused = seal(&desk, &ballot).await.expect_err("the server is needed");
        assert_eq!((refused.code().as_str(), refused.retry()), ("server_needed", true), "said plainly ({mood:?})");
        assert_eq!(outbox(&desk.open).expect("a view").rows.len(), 0, "nothing waits ({mood:?})");
        let before = casts(&desk);
        desk.server.be(Mood::Well);
        desk.pass(3600);
        desk.turn().await;
        assert_eq!(casts(&desk), before, "and nothing goes by surprise ({mood:?})");
        assert!(seal(&desk, &ballot).await.is_err(), "what was taken back is not sent under its id ({mood:?})");
        seal(&desk, &desk.prepare("a", None)).await.expect("trying again is another act");
        assert_eq!(lock(&desk.server.ballots).len(), 1, "one ballot ({mood:?})");
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_before_the_verb_answers() {
    let desk = desk();
    desk.server.be(Mood::Mute);
    let ballot = desk.prepare("a", None);
    seal(&desk, &ballot).await.expect("its receipt was found");
    assert_eq!(casts(&desk), 1, "it was asked for, not sent again");
    assert!(desk.has_receipt(&ballot.0.id), "and is here");
}

#[tokio::test]
async fn what_the_server_may_have_is_neither_done_nor_undone_until_it_says_so() {
    let desk = desk();
    desk.server.be(Mood::Mute);
    let ballot = desk.prepare("a", None);
    let id = ballot.0.id.clone();
    // The server takes it in, and the network goes with the answer.
    let gone = async {
        desk.server.taken_in.notified().await;
        desk.server.be(Mood::Away);
    };
    let (answer, ()) = tokio::join!(seal(&desk, &ballot), gone);
    assert_eq!(answer.expect_err("nothing final").code(), "answer_awaited", "said as it is");
    assert!(matches!(desk.state(&id), Some(IntentState::Unknown)), "it stays in sight");
    assert!(matches!(drop_act(&desk.open, &id), Err(ClientError::NotUndoable)), "and cannot be taken back");
    desk.server.be(Mood::Well);
    seal(&desk, &ballot).await.expect("trying again asks for the same id");
    assert_eq!((casts(&desk), desk.server.times_counted(id.as_str())), (1, 1), "sent once, counted once");
}

#[tokio::test]
async fn a_refusal_stays_in_sight_also_when_trying_again_does_not_get_through() {
    let desk = desk();
    desk.server.be(Mood::Refusing);
    let ballot = desk.prepare("a", None);
    let id = ballot.0.id.clone();
    seal(&desk, &ballot).await.expect("the server has spoken");
    let parked = IntentState::Parked { code: "problem_seat_ended".to_owned() };
    assert_eq!(desk.state(&id), Some(parked.clone()), "with its reason");
    desk.server.be(Mood::Away);
    let refused = again(&desk.open, id.clone()).await.expect_err("the server is needed");
    assert_eq!(refused.code(), "server_needed", "it does not wait for later");
    assert_eq!(desk.state(&id), Some(parked), "it is where it was");
    desk.server.be(Mood::Well);
    again(&desk.open, id.clone()).await.expect("the server took it");
    assert_eq!(desk.server.times_counted(id.as_str()), 1, "under the same id");
}

#[tokio::test]
async fn the_end_of_the_session_does_not_wait_for_an_answer_that_never_comes() {
    let desk = desk();
    desk.server.be(Mood::Endless);
    let ballot = desk.prepare("a", None);
    let ending = async {
        desk.server.taken_in.notified().await;
        desk.open.stop();
    };
    let both = async { tokio::join!(seal(&desk, &ballot), ending).0 };
    let answer = tokio::time::timeout(Duration::from_secs(20), both).await.expect("it ends with the session");
    assert_eq!(answer.expect_err("nothing final").code(), "answer_awaited", "the server may have it");
}
