//! The outbox against a server that does what a test wants: loses answers, refuses, is away.

use super::{
    acts::{about, retry},
    send::turn,
    *,
};
use crate::{
    docket::fixtures::seat_of,
    open::{News, Opened},
    remote::{ChunkSink, Remote, RemoteError},
    testing::{self, FakeClock},
};
use async_trait::async_trait;
use pingli_casepack::{SigningKey, sign_text};
use pingli_protocol::{
    BallotId, CaseId, DonationId, IntentId, JournalId, SeatId, Sha256, UtcInstant,
    ballot::{Ballot, BallotOutcome, Receipt},
    charity::{Donation, DonationRequest},
    journal::{JournalHead, JournalUpdate, Place, ReceiptPage},
    problem::ProblemCode,
    seat::{DamageReceipt, DamageReport, RecuseRequest, SeatReceipt, SeatRequest, SeatState},
    server::{ServerDescription, SignedText},
    sync::{Change, ChangeBody, ChangePage},
};
use pingli_store::{Effect, NewIntent, Store, keys::DataKey};
use proptest::prelude::*;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};

mod holds;
mod unkept;

/// What the server does with the next ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    /// Takes it in and answers.
    Well,
    /// Cannot be reached.
    Away,
    /// Takes it in, and the answer is lost.
    Mute,
    /// Has no time.
    Busy,
    /// Does not take it.
    Refusing,
    /// Takes it in and never answers.
    Endless,
    /// Would take it in, but does not tell of the journal.
    Secretive,
}

/// A server in memory that counts how often it took each ballot in.
struct FakeServer {
    key: SigningKey,
    mood: Mutex<Mood>,
    ballots: Mutex<BTreeMap<String, (u32, String)>>,
    casts: Mutex<Vec<String>>,
    taken_in: tokio::sync::Notify,
    /// The newest link that it was told of.
    told: Mutex<(i64, Sha256)>,
}

impl FakeServer {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            key: SigningKey::from_seed(&[3; 32]),
            mood: Mutex::new(Mood::Well),
            ballots: Mutex::default(),
            casts: Mutex::default(),
            taken_in: tokio::sync::Notify::new(),
            told: Mutex::new((0, Sha256::from_bytes([0; 32]))),
        })
    }

    fn be(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    fn receipt(&self, text: &str) -> SignedText {
        let ballot: Ballot = serde_json::from_str(text).expect("a ballot");
        let receipt = Receipt {
            ballot: ballot.id,
            seat: ballot.seat,
            received_at: UtcInstant::from_millis(1),
            outcome: BallotOutcome::Counted,
            ballot_sha256: Sha256::of(text.as_bytes()),
        };
        sign_text(&self.key, serde_json::to_string(&receipt).expect("json"))
    }

    fn times_counted(&self, id: &str) -> u32 {
        lock(&self.ballots).get(id).map_or(0, |(times, _)| *times)
    }
}

fn away() -> RemoteError {
    RemoteError::NoConnection("away".to_owned())
}

#[async_trait]
impl Remote for Arc<FakeServer> {
    async fn ballot(&self, json: &str, place: &Place) -> Result<SignedText, RemoteError> {
        let mood = *lock(&self.mood);
        let ballot: Ballot = serde_json::from_str(json).expect("a ballot");
        lock(&self.casts).push(ballot.id.to_string());
        let refused = |code| RemoteError::Refused { status: 409, code, detail: String::new() };
        match mood {
            Mood::Away => return Err(away()),
            Mood::Busy => return Err(RemoteError::Busy { status: 503, retry_after: None, own_word: true }),
            Mood::Refusing => return Err(refused(ProblemCode::SeatEnded)),
            Mood::Well | Mood::Mute | Mood::Endless | Mood::Secretive => {}
        }
        lock(&self.ballots).entry(ballot.id.to_string()).or_insert((0, json.to_owned())).0 += 1;
        {
            let mut told = lock(&self.told);
            *told = (*told).max((place.seq, place.sha256));
        }
        self.taken_in.notify_one();
        if mood == Mood::Endless {
            return std::future::pending().await;
        }
        if mood == Mood::Mute {
            return Err(RemoteError::Unreachable("the answer was lost".to_owned()));
        }
        Ok(self.receipt(json))
    }

    async fn ballot_receipt(&self, ballot: &BallotId) -> Result<Option<SignedText>, RemoteError> {
        if *lock(&self.mood) == Mood::Away {
            return Err(away());
        }
        let known = lock(&self.ballots).get(ballot.as_str()).map(|(_, text)| text.clone());
        Ok(known.map(|text| self.receipt(&text)))
    }

    async fn describe(&self) -> Result<ServerDescription, RemoteError> {
        Err(away())
    }
    async fn changes(&self, _: Option<&str>, _: u32, _: Option<&JournalId>) -> Result<ChangePage, RemoteError> {
        Err(away())
    }
    async fn journal(&self, _: &JournalId) -> Result<Option<JournalHead>, RemoteError> {
        match *lock(&self.mood) {
            Mood::Away => return Err(away()),
            Mood::Secretive => {
                return Err(RemoteError::Refused { status: 403, code: ProblemCode::Frozen, detail: String::new() });
            }
            _ => {}
        }
        let (seq, sha256) = *lock(&self.told);
        let receipts = u32::try_from(lock(&self.ballots).len()).expect("a few");
        Ok(Some(JournalHead { seq, sha256, receipts }))
    }
    async fn tell_journal(&self, _: &JournalId, _: &JournalUpdate) -> Result<JournalHead, RemoteError> {
        Err(away())
    }
    async fn journal_receipts(&self, _: &JournalId, _: i64) -> Result<ReceiptPage, RemoteError> {
        Err(away())
    }
    async fn listen(&self, _: &(dyn Fn() + Send + Sync)) -> Result<(), RemoteError> {
        Err(away())
    }
    async fn pack(&self, _: &Sha256, _: u64, _: &mut ChunkSink<'_>) -> Result<(), RemoteError> {
        Err(away())
    }
    async fn accept(&self, _: &SeatId, _: &SeatRequest, _: &Place) -> Result<SeatReceipt, RemoteError> {
        Err(away())
    }
    async fn return_seat(&self, _: &SeatId, _: &SeatRequest, _: &Place) -> Result<SeatReceipt, RemoteError> {
        Err(away())
    }
    async fn recuse(&self, _: &SeatId, _: &RecuseRequest, _: &Place) -> Result<SeatReceipt, RemoteError> {
        Err(away())
    }
    async fn report_damage(&self, _: &SeatId, _: &DamageReport, _: &Place) -> Result<DamageReceipt, RemoteError> {
        Err(away())
    }
    async fn donate(&self, _: &DonationRequest, _: &Place) -> Result<Donation, RemoteError> {
        Err(away())
    }
    async fn cancel_donation(&self, _: &DonationId, _: &Place) -> Result<Donation, RemoteError> {
        Err(away())
    }
    async fn revoke(&self) -> Result<(), RemoteError> {
        Err(away())
    }
}

struct Desk {
    folder: tempfile::TempDir,
    server: Arc<FakeServer>,
    clock: Arc<FakeClock>,
    open: Arc<Open>,
}

fn open_store(folder: &Path, server: &Arc<FakeServer>, clock: &Arc<FakeClock>) -> Arc<Open> {
    let remote = Arc::clone(server);
    testing::open_store(folder, clock, |config| {
        config.remote = Arc::new(move |_| Ok(Arc::new(Arc::clone(&remote)) as Arc<dyn Remote>));
    })
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (server, clock) = (FakeServer::new(), Arc::new(FakeClock::default()));
        let open = open_store(folder.path(), &server, &clock);
        testing::sign_in(&open, &server.key);
        Self { folder, server, clock, open }
    }

    /// Seals a ballot for a case as the client does, without its pack.
    fn seal(&self, case: &str) -> IntentId {
        let (new, _) = self.prepare(case, Some(30));
        enqueue(&self.open, &new, Effect::None).expect("written");
        new.id
    }

    /// A ballot that is to be sealed, held for so many seconds, and its seat.
    fn prepare(&self, case: &str, hold: Option<i64>) -> (NewIntent, SeatId) {
        let seat = seat_of(case, SeatState::Accepted, self.open.now().plus_seconds(86_400));
        let page = [Change { id: seat.id.to_string(), version: 1, body: ChangeBody::Seat(Box::new(seat.clone())) }];
        self.open.store.apply_page(&page, "1").expect("a mirror");
        let id = IntentId::from(uuid::Uuid::now_v7());
        let ballot = Ballot {
            id: id.as_str().parse().expect("an id"),
            seat: seat.id.clone(),
            case: seat.case.clone(),
            round: 1,
            pack_sha256: seat.pack.sha256,
            rule_version: "1".to_owned(),
            choice: "support_buyer".parse().expect("an id"),
            reason_codes: Vec::new(),
            opinion: String::new(),
            cited: Vec::new(),
            findings: Vec::new(),
            opened_at: self.open.now(),
            decided_at: self.open.now(),
            active_seconds: 0,
            client_version: "0".to_owned(),
        };
        let payload = serde_json::to_string(&ballot).expect("json");
        let held_until = hold.map(|seconds| self.open.now().plus_seconds(seconds));
        (NewIntent { held_until, ..about(&self.open, id, kind::BALLOT, &seat, payload) }, seat.id)
    }

    fn pass(&self, seconds: i64) {
        self.clock.pass(seconds);
    }

    async fn turn(&self) {
        turn(&self.open).await.expect("a turn");
    }

    /// The program dies and starts again: only the disk is left.
    fn crash(&mut self) {
        self.open = open_store(self.folder.path(), &self.server, &self.clock);
    }

    fn state(&self, id: &IntentId) -> Option<IntentState> {
        outbox(&self.open).expect("a view").rows.into_iter().find(|row| row.id == *id).map(|row| row.state)
    }

    fn has_receipt(&self, id: &IntentId) -> bool {
        self.open.store.receipt(id.as_str()).expect("an answer").is_some()
    }
}

#[tokio::test]
async fn a_ballot_sealed_offline_is_counted_once() {
    let desk = Desk::new();
    desk.server.be(Mood::Away);
    let id = desk.seal("a");
    desk.turn().await;
    assert!(matches!(desk.state(&id), Some(IntentState::Held { .. })), "held for undo, nothing was sent");
    desk.pass(31);
    desk.turn().await;
    assert!(matches!(desk.state(&id), Some(IntentState::Waiting { .. })), "it never left, so it just waits");
    desk.server.be(Mood::Well);
    desk.pass(3600);
    desk.turn().await;
    desk.turn().await;
    assert_eq!(desk.server.times_counted(id.as_str()), 1, "counted once");
    assert!(desk.has_receipt(&id) && desk.state(&id).is_none(), "it left the outbox with its receipt");
}

#[tokio::test]
async fn an_answer_that_never_came_is_asked_for_before_it_is_sent_again() {
    let mut desk = Desk::new();
    let id = desk.seal("a");
    desk.pass(31);
    desk.server.be(Mood::Mute);
    desk.turn().await;
    assert!(matches!(desk.state(&id), Some(IntentState::Unknown)), "the server may have it");
    assert!(
        matches!(seal::unseal(&desk.open, &id.as_str().parse().expect("an id")), Err(ClientError::NotUndoable)),
        "what the server may have cannot be taken back"
    );
    desk.crash();
    desk.server.be(Mood::Well);
    desk.turn().await;
    assert_eq!(lock(&desk.server.casts).len(), 1, "it was asked for, not sent again");
    assert!(desk.has_receipt(&id), "and its receipt was found");
}

#[tokio::test]
async fn a_lost_request_is_sent_again_once_the_server_says_it_has_nothing() {
    let desk = Desk::new();
    let id = desk.seal("a");
    desk.pass(31);
    desk.server.be(Mood::Mute);
    desk.turn().await;
    lock(&desk.server.ballots).clear();
    desk.server.be(Mood::Well);
    desk.pass(3600);
    desk.turn().await;
    assert_eq!(desk.server.times_counted(id.as_str()), 1, "it was sent again and counted");
}

#[tokio::test]
async fn a_refused_ballot_is_parked_until_the_reviewer_decides() {
    let desk = Desk::new();
    let mut notices = desk.open.news.notices.subscribe();
    let (refused, other) = (desk.seal("a"), desk.seal("b"));
    desk.pass(31);
    desk.server.be(Mood::Refusing);
    desk.turn().await;
    desk.server.be(Mood::Well);
    desk.pass(86_400);
    desk.turn().await;
    let parked = IntentState::Parked { code: "problem_seat_ended".to_owned() };
    assert_eq!(desk.state(&refused), Some(parked), "it stays visible with its reason");
    assert!(notices.try_recv().is_ok(), "the reviewer was told");
    retry(&desk.open, &refused).expect("parked");
    retry(&desk.open, &other).expect("parked");
    desk.turn().await;
    assert_eq!(desk.server.times_counted(refused.as_str()), 1, "the reviewer's retry went through");
}

#[tokio::test]
async fn nothing_goes_while_the_server_does_not_tell_of_the_journal() {
    let desk = Desk::new();
    let id = desk.seal("a");
    desk.pass(31);
    desk.server.be(Mood::Secretive);
    for _ in 0..3 {
        desk.turn().await;
        desk.pass(3600);
    }
    assert!(lock(&desk.server.casts).is_empty(), "a refusal is no word that it keeps no journals");
    let waits = outbox(&desk.open).expect("a view").rows.remove(0);
    assert!(matches!(waits.state, IntentState::Waiting { .. }), "it waits: {:?}", waits.state);
    assert_eq!(waits.last_answer.as_deref(), Some("problem_frozen"), "and says why");
    assert_eq!(waits.tries, 3, "it is tried again");
    desk.server.be(Mood::Well);
    desk.turn().await;
    assert_eq!(desk.server.times_counted(id.as_str()), 1, "it goes once they were compared");
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_during_a_hold_is_noticed_and_changes_nothing() {
    const DAY: i64 = 86_400;
    for jump in [DAY, -DAY] {
        let desk = Desk::new();
        let before = desk.open.now();
        desk.open.meet_server(before).expect("kept");
        let id = desk.seal("a");
        desk.turn().await;
        let mut changes = desk.open.news.changes.subscribe();
        desk.clock.turn(jump);
        desk.open.look_at_the_clock().expect("kept");
        assert!(
            changes.try_recv().expect("news").contains(&crate::view::Topic::App),
            "the window is told at once ({jump})"
        );
        assert_eq!(desk.open.skew(), -jump, "by how much the device's clock differs");
        desk.pass(20);
        desk.turn().await;
        assert_eq!(desk.open.server_now(), before.plus_seconds(20), "the server's clock went on as before");
        let until = before.plus_seconds(30);
        assert_eq!(desk.state(&id), Some(IntentState::Held { until }), "10 s of undo are left ({jump})");
        desk.pass(11);
        desk.turn().await;
        assert_eq!(desk.server.times_counted(id.as_str()), 1, "then it went, no day later ({jump})");
        // The next exchange says the same; the one after a change of the server's clock another thing.
        desk.open.meet_server(before.plus_seconds(31)).expect("kept");
        assert_eq!(desk.open.skew(), -jump, "nothing new");
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_while_the_program_was_away_holds_nothing_for_a_day() {
    let mut desk = Desk::new();
    let id = desk.seal("a");
    desk.turn().await;
    desk.clock.turn(-86_400);
    desk.crash();
    desk.turn().await;
    assert!(matches!(desk.state(&id), Some(IntentState::Held { .. })), "its undo begins anew at most");
    desk.pass(30);
    desk.turn().await;
    assert_eq!(desk.server.times_counted(id.as_str()), 1, "the lease would not have waited a day");
}

#[tokio::test]
async fn a_ballot_taken_back_in_time_is_never_sent() {
    let desk = Desk::new();
    let id = desk.seal("a");
    seal::unseal(&desk.open, &id.as_str().parse().expect("an id")).expect("held");
    desk.pass(86_400);
    desk.turn().await;
    assert!(lock(&desk.server.casts).is_empty(), "nothing was sent");
    assert_eq!(desk.open.store.check_journal().expect("sound"), 2, "act and taking back are links of the journal");
}

#[tokio::test]
async fn a_ballot_that_the_server_may_have_is_not_taken_back_however_the_program_ended() {
    let mut desk = Desk::new();
    let id = desk.seal("a");
    desk.pass(31);
    desk.server.be(Mood::Endless);
    let server = Arc::clone(&desk.server);
    // The turn is dropped in the middle: the window was closed, or the program is about to die.
    tokio::select! {
        () = desk.turn() => panic!("no answer came"),
        () = server.taken_in.notified() => {}
    }
    let ballot = || id.as_str().parse().expect("an id");
    assert!(matches!(unseal(&desk.open, &ballot()), Err(ClientError::NotUndoable)), "the server has it already");
    desk.crash();
    assert!(matches!(unseal(&desk.open, &ballot()), Err(ClientError::NotUndoable)), "also after a crash");
    assert!(matches!(drop_act(&desk.open, &id), Err(ClientError::NotUndoable)), "by neither way");
    // Nothing that only this machine says takes the doubt away.
    desk.server.be(Mood::Away);
    desk.turn().await;
    assert!(matches!(unseal(&desk.open, &ballot()), Err(ClientError::NotUndoable)), "nor after an hour offline");
    desk.server.be(Mood::Well);
    desk.pass(3600);
    desk.turn().await;
    assert_eq!(desk.server.times_counted(id.as_str()), 1, "counted once");
    assert_eq!(lock(&desk.server.casts).len(), 1, "it was asked for, not sent again");
    assert!(desk.has_receipt(&id), "with its receipt");
}

#[tokio::test]
async fn an_act_that_never_left_can_be_taken_back_twice() {
    let desk = Desk::new();
    let id = desk.seal("a");
    desk.pass(31);
    desk.server.be(Mood::Away);
    desk.turn().await;
    drop_act(&desk.open, &id).expect("it never left");
    drop_act(&desk.open, &id).expect("the same command again");
    unseal(&desk.open, &id.as_str().parse().expect("an id")).expect("and by the other way");
    desk.server.be(Mood::Well);
    desk.pass(3600);
    desk.turn().await;
    assert_eq!(desk.server.times_counted(id.as_str()), 0, "it never arrives");
}

#[tokio::test]
async fn a_receipt_of_a_stranger_is_not_taken() {
    let desk = Desk::new();
    let id = desk.seal("a");
    desk.pass(31);
    let stranger =
        FakeServer { key: SigningKey::from_seed(&[4; 32]), ..Arc::into_inner(FakeServer::new()).expect("one") };
    let remote = Arc::new(stranger);
    let mut config = desk.open.config.clone();
    config.remote = Arc::new(move |_| Ok(Arc::new(Arc::clone(&remote)) as Arc<dyn Remote>));
    let store = Store::open(desk.folder.path(), &DataKey::from_bytes([1; 32])).expect("a store");
    let open = Arc::new(Open::new(
        config,
        desk.open.keys.clone(),
        Opened { key: DataKey::from_bytes([1; 32]), store, session: None },
        News::new(),
    ));
    turn(&open).await.expect("a turn");
    assert!(!desk.has_receipt(&id), "a receipt that the pinned key did not sign is none");
    assert!(matches!(desk.state(&id), Some(IntentState::Unknown | IntentState::Waiting { .. })), "the ballot stays");
}

#[test]
fn of_many_windows_that_act_at_once_one_does() {
    let desk = Desk::new();
    let seat = seat_of("a", SeatState::Offered, desk.open.now().plus_seconds(3600));
    let change = Change { id: seat.id.to_string(), version: 1, body: ChangeBody::Seat(Box::new(seat.clone())) };
    desk.open.store.apply_page(&[change], "1").expect("a mirror");
    let began = std::sync::Barrier::new(8);
    let taken = std::thread::scope(|scope| {
        let act = || {
            began.wait();
            accept(&desk.open, IntentId::from(uuid::Uuid::now_v7()), &seat.id)
        };
        let windows: Vec<_> = (0..8).map(|_| scope.spawn(act)).collect();
        windows.into_iter().filter_map(|window| window.join().expect("an end").ok()).count()
    });
    assert_eq!(taken, 1, "the others were told that the seat is taken");
    assert_eq!(outbox(&desk.open).expect("a view").rows.len(), 1, "one act");
}

#[tokio::test]
async fn the_same_command_twice_is_one_act() {
    let desk = Desk::new();
    let seat = seat_of("a", SeatState::Offered, desk.open.now().plus_seconds(3600));
    let change = Change { id: seat.id.to_string(), version: 1, body: ChangeBody::Seat(Box::new(seat.clone())) };
    desk.open.store.apply_page(&[change], "1").expect("a mirror");
    let op = IntentId::from(uuid::Uuid::now_v7());
    accept(&desk.open, op.clone(), &seat.id).expect("taken");
    accept(&desk.open, op.clone(), &seat.id).expect("the same command again");
    assert!(matches!(give_back(&desk.open, op, &seat.id), Err(ClientError::InvalidId)), "the id of another act");
    assert_eq!(outbox(&desk.open).expect("a view").rows.len(), 1, "one act");
    let made_up = IntentId::new("not-a-uuid").expect("an id");
    assert!(matches!(accept(&desk.open, made_up, &seat.id), Err(ClientError::InvalidId)), "ids are UUIDv7");
}

/// What may happen between sealing and the end.
#[derive(Debug, Clone)]
enum Step {
    Seal(u8),
    Mood(Mood),
    Turn,
    Crash,
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let mood =
        prop_oneof![Just(Mood::Well), Just(Mood::Away), Just(Mood::Mute), Just(Mood::Busy), Just(Mood::Refusing)];
    prop_oneof![
        (0_u8..3).prop_map(Step::Seal),
        mood.prop_map(Step::Mood),
        Just(Step::Turn),
        Just(Step::Crash),
        (1_i64..2000).prop_map(Step::Pass)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_order_of_online_offline_and_crash_delivers_each_ballot_once_or_parks_it(
        steps in prop::collection::vec(step(), 1..25)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut desk = Desk::new();
            let mut sealed = Vec::new();
            for step in steps {
                match step {
                    Step::Seal(case) => sealed.push(desk.seal(&case.to_string())),
                    Step::Mood(mood) => desk.server.be(mood),
                    Step::Turn => desk.turn().await,
                    Step::Crash => desk.crash(),
                    Step::Pass(seconds) => desk.pass(seconds),
                }
            }
            desk.server.be(Mood::Well);
            desk.pass(86_400);
            desk.turn().await;
            for id in &sealed {
                let (times, state) = (desk.server.times_counted(id.as_str()), desk.state(id));
                match state {
                    None => {
                        assert_eq!(times, 1, "{id} left the outbox, so it was counted exactly once");
                        assert!(desk.has_receipt(id), "{id} left the outbox with its receipt");
                    }
                    Some(IntentState::Parked { .. }) => assert_eq!(times, 0, "{id} was refused, so it does not count"),
                    // Behind a parked one in the lane of its case.
                    Some(IntentState::Waiting { .. }) => {
                        assert_eq!(times, 0, "{id} waits for the reviewer's word about the one before");
                        let case = desk.open.store.intent(id).expect("there").case;
                        assert!(parked_before(&desk, case.as_ref()), "{id} waits although nothing is before it");
                    }
                    other => panic!("{id} is neither delivered nor parked: {other:?}"),
                }
            }
            assert_eq!(desk.open.store.check_journal().expect("sound"), sealed.len() as u64, "every act is a link");
        });
    }
}

fn parked_before(desk: &Desk, case: Option<&CaseId>) -> bool {
    let rows = outbox(&desk.open).expect("a view").rows;
    rows.iter().any(|row| row.case.as_ref() == case && matches!(row.state, IntentState::Parked { .. }))
}
