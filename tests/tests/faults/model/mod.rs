//! A reviewer with two machines, a server, and everything that may happen to them, by chance; what
//! must be true of it is looked up where it lies. A story that fails is made as short as it can be.

mod machine;

use crate::truth::{Done, Told, Truth};
use machine::Machine;
use pingli_client::{
    ClientError,
    view::{Draft, IntentKind, IntentState, RowState},
};
use pingli_protocol::{DonationId, IntentId, Points, SeatId, UtcInstant, charity::DonationState, seat::RecuseReason};
use pingli_store::StoreError;
use pingli_tests::{FaultRow, Hall, new_id, rounds, seed};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::sync::Mutex;

/// Stories of an ordinary run.
const STORIES: u32 = 24;
/// So many bring one counted ballot at least, one seat that is left, one donation.
const STORIES_AN_ACT: u64 = 6;
const LONGEST: usize = 36;
/// Stories are shortened by so many tries.
const SHORTENINGS: u32 = 100;

const ACCOUNT: (&str, &str) = ("lin", "correct horse");
const DAY: i64 = 86_400;
/// When every story begins.
const BEGIN: UtcInstant = UtcInstant::new(jiff::Timestamp::constant(1_790_000_000, 0));

/// What may happen; the first number says on which machine, the second of several seats or acts which.
#[derive(Debug, Clone, Copy)]
enum Step {
    Accept(u8, u8),
    Seal(u8, u8),
    Undo(u8, u8),
    Leave(u8, u8, IntentKind),
    Donate(u8, u8),
    Cancel(u8, u8),
    Retry(u8, u8),
    Send(u8),
    Sync(u8),
    /// The same command comes twice at once.
    Twice(u8, u8),
    /// Two windows do different things to one seat at once.
    Both(u8, u8),
    /// Two windows spend the same points at once.
    Spend(u8),
    /// An act is taken back while it is sent.
    UndoWhileSending(u8, u8),
    Away,
    Back,
    RestartServer,
    RestartClient(u8),
    OpenCase,
    Pass(i64),
    /// The device's clock is set, in days.
    Jump(u8, i64),
}

fn step() -> impl Strategy<Value = Step> {
    let of = || (0_u8..2, any::<u8>());
    prop_oneof![
        6 => of().prop_map(|(on, pick)| Step::Accept(on, pick)),
        7 => of().prop_map(|(on, pick)| Step::Seal(on, pick)),
        4 => of().prop_map(|(on, pick)| Step::Undo(on, pick)),
        2 => of().prop_map(|(on, pick)| Step::Leave(on, pick, IntentKind::Return)),
        2 => of().prop_map(|(on, pick)| Step::Leave(on, pick, IntentKind::Recuse)),
        3 => of().prop_map(|(on, pick)| Step::Donate(on, pick)),
        2 => of().prop_map(|(on, pick)| Step::Cancel(on, pick)),
        1 => of().prop_map(|(on, pick)| Step::Retry(on, pick)),
        5 => (0_u8..2).prop_map(Step::Send),
        4 => (0_u8..2).prop_map(Step::Sync),
        2 => of().prop_map(|(on, pick)| Step::Twice(on, pick)),
        3 => of().prop_map(|(on, pick)| Step::Both(on, pick)),
        2 => (0_u8..2).prop_map(Step::Spend),
        3 => of().prop_map(|(on, pick)| Step::UndoWhileSending(on, pick)),
        2 => Just(Step::Away),
        3 => Just(Step::Back),
        1 => Just(Step::RestartServer),
        2 => (0_u8..2).prop_map(Step::RestartClient),
        1 => Just(Step::OpenCase),
        3 => prop_oneof![1_i64..60, 600_i64..30_000, DAY..3 * DAY].prop_map(Step::Pass),
        2 => (0_u8..2, prop_oneof![Just(-1_i64), Just(1)]).prop_map(|(on, days)| Step::Jump(on, days)),
    ]
}

/// Why an act may wait for the reviewer's word: what the other machine, the clock or the points left of it.
const PARKED: [(&str, &str); 15] = [
    ("accept", "problem_seat_ended"),
    ("accept", "problem_lease_ended"),
    ("accept", "problem_already_voted"),
    ("accept", "problem_frozen"),
    ("leave", "problem_seat_ended"),
    ("leave", "problem_lease_ended"),
    ("leave", "problem_already_voted"),
    ("leave", "problem_quota_used_up"),
    // A second act at one seat: another ballot, or giving it back.
    ("other", "problem_seat_ended"),
    ("other", "problem_lease_ended"),
    ("other", "problem_already_voted"),
    ("donate", "problem_not_enough_points"),
    ("donate", "problem_project_not_open"),
    ("cancel", "problem_too_late"),
    ("cancel", "problem_not_found"),
];

struct World {
    hall: Hall,
    now: UtcInstant,
    is_away: bool,
    cases: u32,
    machines: [Machine; 2],
    told: Told,
}

impl World {
    async fn new() -> Self {
        let hall = Hall::open(BEGIN).await;
        let reviewer = hall.add_reviewer(ACCOUNT.0, ACCOUNT.1).await;
        hall.grant(&reviewer, 50).await;
        for n in 0..3 {
            hall.open_case(&format!("case-{n}"), 1).await;
        }
        let machines = [Machine::new(BEGIN, ACCOUNT, &hall.url).await, Machine::new(BEGIN, ACCOUNT, &hall.url).await];
        Self { hall, now: BEGIN, is_away: false, cases: 3, machines, told: Told::default() }
    }

    fn on(&self, machine: u8) -> &Machine {
        &self.machines[usize::from(machine) % 2]
    }

    fn mean(&mut self, kind: &str) -> IntentId {
        let op: IntentId = new_id();
        self.told.mean(op.as_str(), kind);
        op
    }

    fn hear(&mut self, op: &IntentId, answer: &Result<(), ClientError>) {
        match answer {
            Ok(()) => self.told.ack(op.as_str()),
            // What goes wrong inside the program is never an answer to the reviewer.
            Err(ClientError::Store(StoreError::NotFound)) => {}
            Err(error) => assert!(!matches!(error, ClientError::BrokenOff | ClientError::Store(_)), "{error}"),
        }
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Accept(on, pick) => {
                let Some(row) = self.on(on).seat(pick, |row| row.state == RowState::Offered).await else { return };
                let op = self.mean("accept");
                let answer = self.on(on).client.accept_seat(op.clone(), row.seat).await;
                self.hear(&op, &answer);
            }
            Step::Seal(on, pick) => {
                let Some(seat) = self.ready(on, pick).await else { return };
                let op = self.mean("ballot");
                let answer = self.seal(on, &op, &seat).await;
                self.hear(&op, &answer);
            }
            Step::Undo(on, pick) => self.undo(on, pick).await,
            Step::Leave(on, pick, how) => {
                let open = |state: &RowState| matches!(state, RowState::ReadyOffline | RowState::Offered);
                let Some(row) = self.on(on).seat(pick, |row| open(&row.state)).await else { return };
                let op = self.mean("leave");
                let answer = self.leave(on, &op, row.seat, how).await;
                self.hear(&op, &answer);
            }
            Step::Donate(on, pick) => {
                let op = self.mean("donate");
                let answer = self.donate(on, &op, 10 * (1 + i64::from(pick % 4))).await;
                self.hear(&op, &answer);
            }
            Step::Cancel(on, pick) => self.cancel(on, pick).await,
            Step::Retry(on, pick) => {
                let rows = self.on(on).outbox().await;
                if let Some(row) = rows.get(usize::from(pick) % rows.len().max(1)) {
                    let _ = self.on(on).client.retry_intent(row.id.clone()).await;
                }
            }
            Step::Send(on) => self.on(on).client.send_now().await.expect("tried"),
            Step::Sync(on) => {
                let synced = self.on(on).client.sync_now().await;
                assert!(synced.is_ok() || self.is_away, "a server that is there answers: {synced:?}");
            }
            Step::Twice(on, pick) => {
                let Some(seat) = self.ready(on, pick).await else { return };
                let op = self.mean("ballot");
                let (one, two) = tokio::join!(self.seal(on, &op, &seat), self.seal(on, &op, &seat));
                assert_eq!(one.is_ok(), two.is_ok(), "the same command twice has one answer: {one:?} {two:?}");
                self.hear(&op, &one);
            }
            Step::Both(on, pick) => {
                let Some(seat) = self.ready(on, pick).await else { return };
                let (vote, other) = (self.mean("ballot"), self.mean("other"));
                let second = async {
                    match pick % 2 {
                        0 => self.seal(on, &other, &seat).await,
                        _ => self.leave(on, &other, seat.clone(), IntentKind::Return).await,
                    }
                };
                let (one, two) = tokio::join!(self.seal(on, &vote, &seat), second);
                assert!(!(one.is_ok() && two.is_ok()), "one seat, one act");
                self.hear(&vote, &one);
                self.hear(&other, &two);
            }
            Step::Spend(on) => {
                let (first, second) = (self.mean("donate"), self.mean("donate"));
                let (one, two) = tokio::join!(self.donate(on, &first, 30), self.donate(on, &second, 30));
                self.hear(&first, &one);
                self.hear(&second, &two);
            }
            Step::UndoWhileSending(on, pick) => {
                let sending = self.on(on).client.clone();
                let (sent, ()) = tokio::join!(sending.send_now(), self.undo(on, pick));
                sent.expect("tried");
            }
            Step::Away if !self.is_away => {
                self.hall.go_away().await;
                self.is_away = true;
            }
            Step::Back if self.is_away => {
                self.hall.come_back().await;
                self.is_away = false;
            }
            Step::RestartServer if !self.is_away => {
                self.hall.go_away().await;
                self.hall.come_back().await;
            }
            Step::RestartClient(on) => self.machines[usize::from(on) % 2].restart().await,
            Step::OpenCase if !self.is_away => {
                self.hall.open_case(&format!("case-{}", self.cases), 1).await;
                self.cases += 1;
            }
            Step::Pass(seconds) => {
                self.now = self.now.plus_seconds(seconds);
                self.hall.pass(seconds).await;
                self.machines.iter().for_each(|machine| machine.clock.pass(seconds));
            }
            Step::Jump(on, days) => self.on(on).clock.set(self.now.plus_seconds(days * DAY)),
            Step::Away | Step::Back | Step::RestartServer | Step::OpenCase => {}
        }
    }

    /// A seat whose case can be voted on.
    async fn ready(&self, on: u8, pick: u8) -> Option<SeatId> {
        let machine = self.on(on);
        if !self.is_away {
            machine.downloads_end().await;
        }
        let row = machine.seat(pick, |row| matches!(row.state, RowState::ReadyOffline)).await?;
        Some(row.seat)
    }

    async fn seal(&self, on: u8, op: &IntentId, seat: &SeatId) -> Result<(), ClientError> {
        let client = &self.on(on).client;
        let room = client.open_case(seat.clone()).await?;
        let choice = room.document.case_type.options.first().map(|option| option.id.clone());
        let draft = Draft { choice, opinion: "因为聊天里写明了。".to_owned(), ..Draft::default() };
        client.seal_ballot(op.as_str().parse().expect("an id"), seat.clone(), draft, false).await.map(|_| ())
    }

    async fn leave(&self, on: u8, op: &IntentId, seat: SeatId, how: IntentKind) -> Result<(), ClientError> {
        let client = &self.on(on).client;
        match how {
            IntentKind::Recuse => client.recuse_seat(op.clone(), seat, RecuseReason::KnowsParty).await,
            _ => client.return_seat(op.clone(), seat).await,
        }
    }

    async fn donate(&self, on: u8, op: &IntentId, points: i64) -> Result<(), ClientError> {
        let client = &self.on(on).client;
        let project = client.points().await?.projects.first().expect("a project").id.clone();
        let points = Points::new(points).expect("in range");
        client.donate(op.as_str().parse().expect("an id"), project, points).await
    }

    async fn undo(&mut self, on: u8, pick: u8) {
        let rows = self.on(on).outbox().await;
        let Some(row) = rows.get(usize::from(pick) % rows.len().max(1)) else { return };
        let client = &self.on(on).client;
        let undone = match row.kind {
            IntentKind::Ballot => client.unseal(row.id.as_str().parse().expect("an id")).await.map(|_| ()),
            _ => client.drop_intent(row.id.clone()).await,
        };
        if undone.is_ok() {
            self.told.undo(row.id.as_str());
        }
    }

    async fn cancel(&mut self, on: u8, pick: u8) {
        let donations = self.on(on).client.points().await.expect("points").donations;
        let submitted = donations.iter().filter(|donation| donation.state == DonationState::Submitted);
        let mut ids: Vec<DonationId> = submitted.map(|donation| donation.id.clone()).collect();
        let rows = self.on(on).outbox().await;
        let waiting = rows.iter().filter(|row| row.kind == IntentKind::Donate);
        ids.extend(waiting.map(|row| row.id.as_str().parse().expect("an id")));
        let Some(id) = ids.get(usize::from(pick) % ids.len().max(1)) else { return };
        let op = self.mean("cancel");
        let answer = self.on(on).client.cancel_donation(op.clone(), id.clone()).await;
        self.hear(&op, &answer);
    }

    /// What must be true at every moment.
    async fn check(&self) {
        for machine in &self.machines {
            let points = machine.client.points().await.expect("points");
            assert!(points.balance.available.get() >= 0, "nothing is given that is not there");
            for row in machine.outbox().await {
                if let IntentState::Parked { code } = row.state {
                    assert!(code.starts_with("problem_"), "only the server refuses for good: {code}");
                }
            }
        }
    }

    /// Everything is well again and comes to rest; then everything is looked at.
    async fn judge(mut self) -> Done {
        self.step(Step::Back).await;
        for machine in &self.machines {
            machine.clock.set(self.now);
        }
        // What one machine does to the other's mirror comes with a second look.
        for machine in self.machines.iter().chain(&self.machines) {
            machine.settle().await.expect("it comes to rest");
        }
        self.check().await;
        let desks = self.machines.each_ref().map(Machine::folder);
        let truth = Truth::open(&self.hall.data(), &desks);
        let (violations, done) = (truth.violations(&self.told, &PARKED), truth.done());
        drop(truth);
        assert!(violations.is_empty(), "{violations:#?}");
        for machine in &self.machines {
            machine.client.shut_down(false).await;
        }
        done
    }
}

async fn tell(steps: &[Step]) -> Done {
    let mut world = World::new().await;
    for step in steps {
        world.step(*step).await;
        world.check().await;
    }
    world.judge().await
}

#[test]
fn whatever_happens_each_act_ends_once_or_waits_for_the_reviewer() {
    let stories = STORIES * u32::try_from(rounds()).expect("few");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed().to_le_bytes());
    let config =
        Config { cases: stories, max_shrink_iters: SHORTENINGS, failure_persistence: None, ..Config::default() };
    let done = Mutex::new(Done::default());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let told = runner.run(&prop::collection::vec(step(), 12..LONGEST), |steps| {
        // One thread for all that waits: a seed repeats as well as it can.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let came_of_it = runtime.block_on(tell(&steps));
        *done.lock().expect("no panic before") += came_of_it;
        Ok(())
    });
    if let Err(error) = &told {
        panic!("{error}");
    }
    let (points, target) = (u64::from(stories), u64::from(STORIES) * rounds());
    let name = "two machines, two windows, outages, restarts and clocks that jump";
    let done = done.into_inner().expect("no panic before");
    assert!(done.is_enough(points / STORIES_AN_ACT), "hardly anything was done that could break: {done}");
    FaultRow { id: "F1 model", name, points, violations: 0, target }.close_having_seen(&done.to_string());
}
