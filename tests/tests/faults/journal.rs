//! Data that goes back to an earlier state, here or at the server: a lost tail of the log, a restored
//! backup, a folder in use on two machines, a server set back to yesterday. Nothing that was taken back
//! is sent, nothing counts twice, and nothing that counted is unknown.

use pingli_client::view::{DocketRow, Draft, IntentState, OutboxRow, RowState};
use pingli_protocol::{BallotId, IntentId, UtcInstant, ballot::BallotOutcome, problem::ProblemCode};
use pingli_tests::{Desk, FaultRow, Hall, new_id, rounds};

const ROLLED_BACK: &str = "journal_rolled_back";

fn now() -> UtcInstant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UtcInstant::from_millis(i64::try_from(since.as_millis()).unwrap())
}

/// A server, and a reviewer with these cases ready on the machine.
async fn with_cases(cases: &[&str]) -> (Hall, Desk) {
    let hall = Hall::open(now()).await;
    hall.add_reviewer("lin", "correct horse").await;
    for case in cases {
        hall.open_case(case, 1).await;
    }
    let desk = Desk::new("lin", "correct horse").await;
    desk.sign_in(&hall.url).await;
    for case in cases {
        let seat = desk.row_of(case, |row| row.state == RowState::Offered).await.seat;
        desk.client.accept_seat(new_id::<IntentId>(), seat).await.unwrap();
        desk.row_of(case, |row| row.state == RowState::ReadyOffline).await;
    }
    desk.client.sync_now().await.unwrap();
    (hall, desk)
}

fn ready(row: &DocketRow) -> bool {
    row.state == RowState::ReadyOffline
}

async fn seal(desk: &Desk, case: &str) -> BallotId {
    let seat = desk.row_of(case, ready).await.seat;
    let room = desk.client.open_case(seat.clone()).await.unwrap();
    let choice = room.document.case_type.options[0].id.clone();
    let draft = Draft { choice: Some(choice), opinion: "照聊天记录，支持。".to_owned(), ..Draft::default() };
    desk.client.seal_ballot(new_id(), seat, draft, false).await.unwrap().ballot
}

async fn outbox(desk: &Desk) -> Vec<OutboxRow> {
    desk.client.outbox().await.unwrap().rows
}

async fn parked(desk: &Desk) -> Vec<String> {
    let rows = outbox(desk).await.into_iter();
    let asks = |row: &OutboxRow| row.state == IntentState::Parked { code: ROLLED_BACK.to_owned() };
    rows.filter(asks).map(|row| row.id.to_string()).collect()
}

async fn is_counted(desk: &Desk, ballot: &BallotId) -> bool {
    desk.client
        .receipt(ballot.clone())
        .await
        .is_ok_and(|view| view.verified && view.receipt.outcome == BallotOutcome::Counted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_sends_nothing_by_surprise_and_knows_what_counted() {
    let (mut hall, mut desk) = with_cases(&["sent", "taken-back", "meant", "later"]).await;
    hall.go_away().await;
    let (sent, taken_back, meant) =
        (seal(&desk, "sent").await, seal(&desk, "taken-back").await, seal(&desk, "meant").await);
    desk.stop().await;
    let backup = desk.backup();
    desk.start().await;
    desk.client.unseal(taken_back.clone()).await.unwrap();
    hall.come_back().await;
    let first = sent.as_str().parse::<IntentId>().unwrap();
    desk.client.retry_intent(first).await.unwrap();
    desk.row_of("sent", |row| row.state == RowState::Counted).await;
    desk.client.sync_now().await.unwrap();

    desk.stop().await;
    desk.restore(&backup);
    desk.start().await;
    desk.client.send_now().await.unwrap();
    desk.client.sync_now().await.unwrap();
    assert!(is_counted(&desk, &sent).await, "the receipt that the backup did not have was taken in");
    assert_eq!(hall.counted("sent").await, 1, "and it counts once");
    assert_eq!(parked(&desk).await, [taken_back.as_str(), meant.as_str()], "what waits asks the reviewer");
    assert_eq!((hall.counted("taken-back").await, hall.counted("meant").await), (0, 0), "nothing was sent by surprise");

    desk.client.drop_intent(taken_back.as_str().parse().unwrap()).await.unwrap();
    desk.client.retry_intent(meant.as_str().parse().unwrap()).await.unwrap();
    desk.row_of("meant", |row| row.state == RowState::Counted).await;
    assert_eq!((hall.counted("taken-back").await, hall.counted("meant").await), (0, 1), "the reviewer's word decides");
    desk.row_of("taken-back", ready).await;

    // From here on the two agree again.
    desk.stop().await;
    desk.start().await;
    let later = seal(&desk, "later").await;
    desk.client.send_now().await.unwrap();
    desk.row_of("later", |row| row.state == RowState::Counted).await;
    assert!(is_counted(&desk, &later).await);
    assert!(outbox(&desk).await.is_empty(), "and nothing asks any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_only_taken_back_is_not_sent_from_a_backup() {
    let (mut hall, mut desk) = with_cases(&["regretted"]).await;
    hall.go_away().await;
    let regretted = seal(&desk, "regretted").await;
    desk.stop().await;
    let backup = desk.backup();
    desk.start().await;
    desk.client.unseal(regretted.clone()).await.unwrap();
    hall.come_back().await;
    desk.client.sync_now().await.unwrap();

    desk.stop().await;
    desk.restore(&backup);
    desk.start().await;
    desk.client.send_now().await.unwrap();
    assert_eq!(parked(&desk).await, [regretted.as_str()], "the server knew that there was a later link");
    assert_eq!(hall.counted("regretted").await, 0, "and the ballot stays taken back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_tail_of_the_log_is_recognised_and_what_counted_is_known() {
    let (hall, mut desk) = with_cases(&["counted", "held", "after"]).await;
    let log = "pingli.db-wal";
    let before = std::fs::metadata(desk.folder().join(log)).unwrap().len();
    let counted = seal(&desk, "counted").await;
    desk.client.send_now().await.unwrap();
    desk.row_of("counted", |row| row.state == RowState::Counted).await;
    seal(&desk, "held").await;
    desk.client.sync_now().await.unwrap();
    // The machine dies; one byte of what it wrote last is not what it was.
    let crashed = desk.backup();
    let path = crashed.path().join(log);
    let mut bytes = std::fs::read(&path).unwrap();
    assert!(bytes.len() as u64 > before, "the log has a tail");
    bytes[usize::try_from(before).unwrap() + 100] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    // The head beside the database, which would know it here, is lost as well.
    std::fs::remove_file(crashed.path().join("pingli.head")).unwrap();
    desk.stop().await;
    desk.restore(&crashed);
    desk.start().await;
    assert!(outbox(&desk).await.is_empty(), "here nothing is known of either ballot");

    desk.client.sync_now().await.unwrap();
    assert!(is_counted(&desk, &counted).await, "the receipt came from the server");
    assert_eq!(desk.row_of("counted", |_| true).await.state, RowState::Counted);
    assert_eq!(hall.counted("counted").await, 1, "once");
    // The held one was lost with the tail before it was sent: its case is open as before.
    seal(&desk, "held").await;
    seal(&desk, "after").await;
    desk.client.send_now().await.unwrap();
    desk.row_of("held", |row| row.state == RowState::Counted).await;
    desk.row_of("after", |row| row.state == RowState::Counted).await;
    assert_eq!((hall.counted("held").await, hall.counted("after").await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_machines_with_a_copy_of_one_folder_the_second_asks() {
    let (mut hall, mut first) = with_cases(&["both", "second-only", "first-only"]).await;
    first.stop().await;
    let mut second = first.twin();
    hall.go_away().await;
    first.start().await;
    second.start().await;
    let ours = seal(&first, "both").await;
    let (theirs, other) = (seal(&second, "both").await, seal(&second, "second-only").await);
    second.stop().await;
    hall.come_back().await;
    first.client.send_now().await.unwrap();
    first.row_of("both", |row| row.state == RowState::Counted).await;

    second.start().await;
    second.client.send_now().await.unwrap();
    assert_eq!(parked(&second).await, [theirs.as_str(), other.as_str()], "another act stands in the same place");
    assert_eq!((hall.counted("both").await, hall.counted("second-only").await), (1, 0), "nothing more was sent");
    assert!(is_counted(&second, &ours).await, "what the first machine sent is known on the second");

    // The reviewer says yes to both: one counts, the other is refused with a receipt of its own.
    for ballot in [&theirs, &other] {
        second.client.retry_intent(ballot.as_str().parse().unwrap()).await.unwrap();
    }
    second.row_of("second-only", |row| row.state == RowState::Counted).await;
    second.client.send_now().await.unwrap();
    let refused = second.client.receipt(theirs.clone()).await.unwrap().receipt.outcome;
    assert_eq!(refused, BallotOutcome::Refused { code: ProblemCode::AlreadyVoted });
    assert_eq!((hall.counted("both").await, hall.counted("second-only").await), (1, 1), "one each");

    // The first machine goes on undisturbed.
    first.client.sync_now().await.unwrap();
    seal(&first, "first-only").await;
    first.client.send_now().await.unwrap();
    first.row_of("first-only", |row| row.state == RowState::Counted).await;
    assert!(outbox(&first).await.is_empty(), "nothing asks there");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_forgot_that_was_set_back_is_sent_again_and_counts_once() {
    let (mut hall, desk) = with_cases(&["kept", "forgotten"]).await;
    let kept = seal(&desk, "kept").await;
    desk.client.send_now().await.unwrap();
    desk.row_of("kept", |row| row.state == RowState::Counted).await;
    hall.go_away().await;
    let yesterday = hall.backup();
    hall.come_back().await;
    let forgotten = seal(&desk, "forgotten").await;
    desk.client.send_now().await.unwrap();
    desk.row_of("forgotten", |row| row.state == RowState::Counted).await;
    let first = desk.client.receipt(forgotten.clone()).await.unwrap().receipt;

    hall.go_away().await;
    hall.put_back(&yesterday);
    hall.pass(3_600).await;
    hall.come_back().await;
    desk.client.sync_now().await.unwrap();
    desk.client.send_now().await.unwrap();
    desk.row_of("forgotten", |row| row.state == RowState::Counted).await;
    let again = desk.client.receipt(forgotten.clone()).await.unwrap();
    assert!(again.verified && again.receipt.received_at > first.received_at, "it was taken in anew");
    assert!(is_counted(&desk, &kept).await, "what the server still knew was left alone");
    assert_eq!((hall.counted("kept").await, hall.counted("forgotten").await), (1, 1), "once each");
    desk.client.sync_now().await.unwrap();
    assert!(outbox(&desk).await.is_empty(), "and nothing is sent a third time");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_forgot_and_takes_no_more_is_shown_as_refused() {
    let (mut hall, desk) = with_cases(&["late"]).await;
    hall.go_away().await;
    let yesterday = hall.backup();
    hall.come_back().await;
    let ballot = seal(&desk, "late").await;
    desk.client.send_now().await.unwrap();
    desk.row_of("late", |row| row.state == RowState::Counted).await;
    hall.go_away().await;
    hall.put_back(&yesterday);
    hall.pass(2 * 86_400).await;
    hall.come_back().await;
    desk.client.sync_now().await.unwrap();
    desk.client.send_now().await.unwrap();
    desk.row_of("late", |row| matches!(row.state, RowState::Refused { .. })).await;
    let receipt = desk.client.receipt(ballot).await.unwrap();
    let ended = BallotOutcome::Refused { code: ProblemCode::LeaseEnded };
    assert!(receipt.verified && receipt.receipt.outcome == ended, "no false word that it counts");
    assert_eq!(hall.counted("late").await, 0);
}

/// Both are set back to the same moment, and to different ones.
#[tokio::test(flavor = "multi_thread")]
async fn wherever_either_is_set_back_to_each_act_ends_once_or_asks() {
    let points = 4 * rounds();
    let mut violations = 0;
    for point in 0..points {
        let (mut hall, mut desk) = with_cases(&["a", "b"]).await;
        let mut backups = Vec::new();
        for step in 0..3 {
            desk.stop().await;
            hall.go_away().await;
            backups.push((desk.backup(), hall.backup()));
            hall.come_back().await;
            desk.start().await;
            match step {
                0 => drop(seal(&desk, "a").await),
                1 => drop(seal(&desk, "b").await),
                _ => break,
            }
            desk.client.send_now().await.unwrap();
            desk.client.sync_now().await.unwrap();
        }
        let (here, there) = (usize::try_from(point % 2).unwrap(), usize::try_from((point / 2) % 2).unwrap());
        desk.stop().await;
        hall.go_away().await;
        desk.restore(&backups[here].0);
        hall.put_back(&backups[there].1);
        hall.come_back().await;
        desk.start().await;
        for _ in 0..2 {
            desk.client.send_now().await.unwrap();
            desk.client.sync_now().await.unwrap();
        }
        for case in ["a", "b"] {
            let counted = hall.counted(case).await;
            let state = desk.row_of(case, |_| true).await.state;
            let agrees = match counted {
                // Ready to be voted on, or asking.
                0 => {
                    state == RowState::ReadyOffline
                        || matches!(&state, RowState::Refused { code } if code == ROLLED_BACK)
                }
                1 => state == RowState::Counted,
                _ => false,
            };
            if !agrees {
                violations += 1;
                #[expect(clippy::print_stderr, reason = "says which point it was")]
                {
                    eprintln!("{case}: {counted} counted, shown as {state:?}; here {here}, there {there}");
                }
            }
        }
    }
    FaultRow { id: "F7 set back", name: "client and server set back to earlier states", points, violations, target: 4 }
        .close();
}
