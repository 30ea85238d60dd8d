//! What is held for undo, while something else is under way.

use super::*;
use std::time::Duration;

/// Longer than a hold here, and shorter than the outbox sleeps when it knows of nothing to do.
const IN_TIME: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_neither_shortens_a_hold_nor_holds_up_its_end() {
    let desk = Desk::new();
    desk.server.be(Mood::Endless);
    let (slow, _) = desk.prepare("slow", None);
    let (held, _) = desk.prepare("held", Some(2));
    for new in [&slow, &held] {
        enqueue(&desk.open, new, Effect::None).expect("written");
    }
    let sending = tokio::spawn(keep_sending(Arc::downgrade(&desk.open)));
    desk.server.taken_in.notified().await;
    // Here no time has passed at all: however long the answer takes, the hold is not over.
    let early = tokio::time::timeout(Duration::from_secs(4), desk.server.taken_in.notified()).await;
    assert!(early.is_err(), "what is held for undo does not go before its time");
    assert!(matches!(desk.state(&held.id), Some(IntentState::Held { .. })), "and can be taken back");

    desk.server.be(Mood::Well);
    desk.pass(3);
    tokio::time::timeout(IN_TIME, desk.server.taken_in.notified()).await.expect("a slow answer holds nobody up");
    assert_eq!(desk.server.times_counted(held.id.as_str()), 1);
    sending.abort();
}
