//! Two windows of one program: both write, both seal, one closes. One ballot, nothing lost of what was
//! written, and pictures for the window that has their case open.

use pingli_client::{
    Client,
    view::{Draft, Note, RowState, Topic},
};
use pingli_protocol::{BallotId, IntentId, OptionId, SeatId, UtcInstant};
use pingli_tests::{Desk, FaultRow, Hall, new_id, rounds};

fn now() -> UtcInstant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UtcInstant::from_millis(i64::try_from(since.as_millis()).unwrap())
}

/// A server, a reviewer, and a case that is ready.
async fn one_case() -> (Hall, Desk, SeatId) {
    let hall = Hall::open(now()).await;
    hall.add_reviewer("lin", "correct horse").await;
    let desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    let seat = take(&hall, &desk, "windows-0").await;
    (hall, desk, seat)
}

async fn take(hall: &Hall, desk: &Desk, case: &str) -> SeatId {
    hall.open_case(case, 1).await;
    desk.client.sync_now().await.unwrap();
    let seat = desk.row_of(case, |row| row.state == RowState::Offered).await.seat;
    desk.client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
    desk.row_of(case, |row| row.state == RowState::ReadyOffline).await.seat
}

fn windows(desk: &Desk) -> [Client; 2] {
    ["main", "second"].map(|name| desk.client.in_window(name))
}

fn opinion(choice: &OptionId, text: &str) -> Draft {
    Draft { choice: Some(choice.clone()), opinion: text.to_owned(), ..Draft::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_that_seal_one_seat_at_once_cast_one_ballot() {
    let (hall, desk, first) = one_case().await;
    let [main, second] = windows(&desk);
    let points = 6 * rounds();
    let mut violations = 0;
    let mut won = [0, 0];
    for round in 0..points {
        let case = format!("windows-{round}");
        let seat = if round == 0 { first.clone() } else { take(&hall, &desk, &case).await };
        let room = main.open_case(seat.clone()).await.unwrap();
        second.open_case(seat.clone()).await.unwrap();
        let choice = &room.document.case_type.options[0].id;
        let seal = |client: &Client, text: &str| {
            let (client, seat, draft) = (client.clone(), seat.clone(), opinion(choice, text));
            tokio::spawn(async move { client.seal_ballot(new_id::<BallotId>(), seat, draft, false).await })
        };
        let (a, b) = tokio::join!(seal(&main, "从主窗口。"), seal(&second, "从第二个窗口。"));
        let (a, b) = (a.unwrap(), b.unwrap());
        won[usize::from(a.is_err())] += 1;
        let (sealed, refused, text) = match (a, b) {
            (Ok(sealed), Err(refused)) => (sealed, refused, "从主窗口。"),
            (Err(refused), Ok(sealed)) => (sealed, refused, "从第二个窗口。"),
            other => panic!("one is sealed and the other is not: {other:?}"),
        };
        violations += u64::from(refused.code() != "already_sealed");
        // Both show the one ballot, with what it says.
        for window in [&main, &second] {
            let room = window.open_case(seat.clone()).await.unwrap();
            let same = room.sealed.is_some_and(|shown| shown.ballot == sealed.ballot) && room.draft.opinion == text;
            violations += u64::from(!same);
        }
        // It can be taken back from either, and sealed again: still one.
        if round % 3 == 2 {
            second.unseal(sealed.ballot.clone()).await.unwrap();
            // A window that has not heard of it yet presses once more: what was taken back stays so.
            let late = main.seal_ballot(sealed.ballot, seat.clone(), opinion(choice, text), false).await;
            violations += u64::from(late.is_ok());
            main.seal_ballot(new_id::<BallotId>(), seat.clone(), opinion(choice, text), false).await.unwrap();
        }
        main.send_now().await.unwrap();
        desk.row_of(&case, |row| row.state == RowState::Counted).await;
        violations += u64::from(hall.counted(&case).await != 1);
    }
    FaultRow { id: "F1 two windows", name: "one seat sealed in two windows at once", points, violations, target: 6 }
        .close();
    assert_eq!(won[0] + won[1], points, "somebody won each time");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_windows_write_at_once_is_all_there() {
    let (_hall, desk, seat) = one_case().await;
    let mut writers = Vec::new();
    for client in windows(&desk) {
        client.open_case(seat.clone()).await.unwrap();
    }
    for (at, client) in windows(&desk).into_iter().enumerate() {
        let seat = seat.clone();
        writers.push(tokio::spawn(async move {
            let mut base = Draft::default();
            for n in 0..20 {
                let mut mine = base.clone();
                mine.notes.push(Note { id: format!("{at}-{n}"), text: "笔记".to_owned(), anchor: None });
                base = client.save_draft(seat.clone(), mine, base).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let written = desk.client.written(seat).await.unwrap();
    let ids: std::collections::BTreeSet<_> = written.draft.notes.iter().map(|note| note.id.as_str()).collect();
    assert_eq!((ids.len(), written.draft.notes.len()), (40, 40), "each note of both, once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_tells_the_other_of_what_it_writes_and_nobody_else() {
    let (_hall, desk, seat) = one_case().await;
    let [main, second] = windows(&desk);
    main.open_case(seat.clone()).await.unwrap();
    let mut changes = desk.client.subscribe();
    let mut told = || std::iter::from_fn(|| changes.try_recv().ok()).any(|topics| topics.contains(&Topic::Draft));
    told();
    let write = async |window: &Client, text: &str, base: &str| {
        let draft = |text: &str| Draft { opinion: text.to_owned(), ..Draft::default() };
        window.save_draft(seat.clone(), draft(text), draft(base)).await.unwrap()
    };
    write(&main, "一", "").await;
    assert!(!told(), "alone it tells nobody, and reads nothing again");
    second.open_case(seat.clone()).await.unwrap();
    assert_eq!(write(&second, "一二", "一").await.opinion, "一二");
    assert!(told(), "the same case is open in the other");
    second.close_window();
    write(&main, "一二三", "一二").await;
    assert!(!told(), "and is not any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_locks_both_windows_and_two_windows_are_one_reviewer() {
    let (hall, desk, seat) = one_case().await;
    let [main, second] = windows(&desk);
    for window in [&main, &second] {
        window.open_case(seat.clone()).await.unwrap();
        window.add_active_time(seat.clone(), 600).await.unwrap();
    }
    let choice = main.open_case(seat.clone()).await.unwrap().document.case_type.options[0].id.clone();
    main.set_passphrase(Some("correct horse".to_owned()), None).await.unwrap();
    second.still_here().await.unwrap();
    main.lock_now().await.unwrap();
    let locked = |code: String| assert_eq!(code, "locked");
    locked(second.written(seat.clone()).await.unwrap_err().code());
    locked(second.open_case(seat.clone()).await.unwrap_err().code());
    second.unlock(Some("correct horse".to_owned())).await.unwrap();
    let sealed = main.seal_ballot(new_id(), seat, opinion(&choice, "照聊天记录。"), false).await.unwrap();
    main.send_now().await.unwrap();
    let receipt = main.receipt(sealed.ballot).await.unwrap();
    assert!(receipt.verified, "one window locks, the other unlocks, both go on");
    let mut books = hall.app().db.read().await.unwrap();
    let case = "windows-0".parse().unwrap();
    let ballots = pingli_server::db::ballots::bodies(&mut books, &case, 1).await.unwrap();
    let seconds: Vec<_> = ballots.iter().map(|ballot| ballot.active_seconds).collect();
    assert_eq!(seconds, [600], "ten minutes told by both are ten minutes");
}
