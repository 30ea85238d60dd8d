//! F2 on the other end: the power of the judgment server goes. The real server's acts over a disk that
//! drops, reorders and tears what was not synced; whatever it answered is answered again, word for
//! word, and its effect is there once.

use pingli_faultfs::{Disk, Fault, Random, register};
use pingli_protocol::{
    Points, ReviewerId, SeatId, UtcInstant, ballot::Ballot, charity::DonationRequest, seat::SeatState,
};
use pingli_server::{
    App, Clock, Config, DatabaseOptions, ManualClock, Synchronous,
    court::{ballot, charity, panel},
    db::{ledger, seats},
};
use pingli_tests::{FaultRow, court_config, grant, new_id, open_case, rounds, seed};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::task::JoinSet;

/// Points of an ordinary run.
const POINTS: u64 = 200;
/// Cuts that one server lives through.
const LIVES: u64 = 12;
const CASES: u32 = 12;
/// More points than anybody gives away here.
const GRANTED: i64 = 1_000_000;
const DATABASE: &str = "pingli.sqlite";

/// What a reviewer asks of the server.
#[derive(Debug, Clone)]
enum Deed {
    Accept(ReviewerId, SeatId, pingli_protocol::IntentId),
    Return(ReviewerId, SeatId, pingli_protocol::IntentId),
    Cast(ReviewerId, Box<Ballot>),
    Donate(ReviewerId, DonationRequest),
}

impl Deed {
    /// Asks as the routes do; the answer is the receipt.
    async fn ask(self, app: Arc<App>) -> Option<String> {
        let answer = match self {
            Self::Accept(who, seat, id) => panel::accept(&app, &who, seat, id, None).await,
            Self::Return(who, seat, id) => panel::give_back(&app, &who, seat, id, None).await,
            Self::Cast(who, ballot) => {
                let body = serde_json::to_string(&ballot).unwrap();
                ballot::cast(&app, &who, *ballot, body, None).await
            }
            Self::Donate(who, request) => charity::donate(&app, &who, request, None).await,
        };
        answer.ok()
    }
}

/// A server with reviewers, their seats and points, as it is before anything happens.
struct Template {
    folder: tempfile::TempDir,
    database: Vec<u8>,
    reviewers: Vec<ReviewerId>,
}

impl Template {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(&config(&folder.path().join("data"), Arc::new(clock()), None)).await.unwrap();
        let mut reviewers = Vec::new();
        for name in ["lin", "wang"] {
            let reviewer = app.add_user(name, name, "correct horse").await.unwrap();
            grant(&app, &reviewer, GRANTED).await;
            reviewers.push(reviewer);
        }
        for n in 0..CASES {
            let id = format!("power-{n}");
            open_case(&app, &folder.path().join(&id), &id, 2, |_, _| {}).await;
        }
        app.db.close().await;
        let database = fs::read(folder.path().join("data").join(DATABASE)).unwrap();
        Self { folder, database, reviewers }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

fn clock() -> ManualClock {
    ManualClock::at(UtcInstant::from_millis(1_790_000_000_000))
}

fn config(data: &Path, clock: Arc<ManualClock>, synchronous: Option<Synchronous>) -> Config {
    let mut config = court_config(data, "127.0.0.1:0".parse().unwrap());
    config.clock = clock as Arc<dyn Clock>;
    config.media_worker = Some(pingli_media::WorkerCommand::program(pingli_tests::media_worker()));
    if let Some(synchronous) = synchronous {
        config.database = DatabaseOptions { vfs: Some(pingli_faultfs::NAME.to_owned()), synchronous };
    }
    config
}

/// A server on a disk that loses power, and what it answered.
struct Life<'t> {
    template: &'t Template,
    disk: Disk,
    random: Random,
    clock: Arc<ManualClock>,
    synchronous: Synchronous,
    answered: Vec<(Deed, String)>,
    /// Asked when the power went: it may be there or not.
    under_way: Vec<Deed>,
    /// How many answers were looked at after a cut.
    looked_at: usize,
}

impl<'t> Life<'t> {
    fn new(template: &'t Template, seed: u64, synchronous: Synchronous) -> Self {
        register();
        let disk = Disk::new(&template.data(), seed ^ 0x5eed);
        disk.put(&template.data().join(DATABASE), &template.database);
        let (random, clock) = (Random::new(seed), Arc::new(clock()));
        Self { template, disk, random, clock, synchronous, answered: Vec::new(), under_way: Vec::new(), looked_at: 0 }
    }

    async fn open(&self) -> pingli_server::Result<Arc<App>> {
        App::open(&config(&self.template.data(), Arc::clone(&self.clock), Some(self.synchronous))).await
    }

    /// Draws what comes next.
    async fn deed(&mut self, app: &App) -> Option<Deed> {
        let reviewers = &self.template.reviewers;
        let who = reviewers[self.random.place(reviewers.len())].clone();
        if self.random.once_in(2) {
            let points = Points::new(10 + 10 * i64::try_from(self.random.below(20)).unwrap()).unwrap();
            let project = "orphans-insurance".parse().unwrap();
            return Some(Deed::Donate(who, DonationRequest { id: new_id(), project, points }));
        }
        let mut tx = app.db.read().await.ok()?;
        let open = seats::open_of_reviewer(&mut tx, &who).await.ok()?;
        let seat = open.get(self.random.place(open.len()))?.clone();
        if seat.state == SeatState::Offered {
            return Some(Deed::Accept(who, seat.id, new_id()));
        }
        if self.random.once_in(5) {
            return Some(Deed::Return(who, seat.id, new_id()));
        }
        let case = panel::case_of(&mut tx, &seat).await.ok()?;
        let ballot = Ballot {
            id: new_id(),
            seat: seat.id,
            case: case.id,
            round: case.round,
            pack_sha256: case.pack.sha256,
            rule_version: case.document.case.rule_version.clone(),
            choice: case.document.case_type.options.first()?.id.clone(),
            reason_codes: Vec::new(),
            opinion: "因为".repeat(1 + self.random.place(1_500)),
            cited: Vec::new(),
            findings: Vec::new(),
            opened_at: case.opened_at,
            decided_at: case.opened_at,
            active_seconds: 60,
            client_version: "0".to_owned(),
        };
        Some(Deed::Cast(who, Box::new(ballot)))
    }

    /// Asks until the power goes, sometimes for several things at once.
    async fn work(&mut self, app: &Arc<App>, most: u64) {
        for _ in 0..most {
            self.clock.advance(1);
            let mut at_once = JoinSet::new();
            for _ in 0..1 + self.random.below(3) {
                let Some(deed) = self.deed(app).await else { break };
                let again = deed.clone();
                let app = Arc::clone(app);
                at_once.spawn(async move { (again, deed.ask(app).await) });
            }
            for (deed, answer) in at_once.join_all().await {
                match answer {
                    Some(answer) => self.answered.push((deed, answer)),
                    // Refused, or lost with the power.
                    None => self.under_way.push(deed),
                }
            }
            if self.disk.is_off() {
                return;
            }
            // What was refused while the power was on was not kept.
            self.under_way.clear();
        }
    }

    /// Opens the server and asks again for what it answered.
    async fn verify(&mut self) -> Result<Arc<App>, String> {
        self.clock.advance(1);
        let app = self.open().await.map_err(|error| format!("it does not open: {error}"))?;
        let found = self.look(&app).await;
        if found.is_err() {
            app.db.close().await;
        }
        found.map(|()| app)
    }

    async fn look(&mut self, app: &Arc<App>) -> Result<(), String> {
        for deed in std::mem::take(&mut self.under_way) {
            if let Some(answer) = deed.clone().ask(Arc::clone(app)).await {
                self.answered.push((deed, answer));
            }
        }
        let old = (0..5).map(|_| self.random.place(self.looked_at)).filter(|_| self.looked_at > 0);
        for at in (self.looked_at..self.answered.len()).chain(old.collect::<Vec<_>>()) {
            let (deed, answer) = &self.answered[at];
            let again = deed.clone().ask(Arc::clone(app)).await;
            if again.as_deref() != Some(answer.as_str()) {
                return Err(format!("answer {at} is another now: {deed:?}\n{answer}\n{again:?}"));
            }
        }
        self.looked_at = self.answered.len();
        let mut tx = app.db.read().await.map_err(|error| format!("it does not read: {error}"))?;
        for who in &self.template.reviewers {
            let given = self.answered.iter().filter_map(|(deed, _)| match deed {
                Deed::Donate(donor, request) if donor == who => Some(request.points.get()),
                _ => None,
            });
            let given: i64 = given.sum();
            let balance = ledger::balance(&mut tx, who).await.map_err(|error| format!("no balance: {error}"))?;
            let held = balance.held.get();
            if held != given {
                return Err(format!("{held} points are held, and {given} were given"));
            }
        }
        let whole: String = sqlx::query_scalar("pragma integrity_check")
            .fetch_one(&mut *tx)
            .await
            .map_err(|error| format!("it is not looked over: {error}"))?;
        if whole == "ok" { Ok(()) } else { Err(whole) }
    }

    /// One point: the power goes at some call.
    async fn point(&mut self) -> Result<(), String> {
        // Some cuts come while the server starts.
        let most = if self.random.once_in(4) { 12 } else { 120 };
        self.disk.expect(Fault::PowerGoes { after: self.random.below(most) });
        if let Ok(app) = self.open().await {
            self.work(&app, 20).await;
            self.disk.power_off();
            app.db.close().await;
        }
        self.disk.power_off();
        self.power_on().await;
        let app = self.verify().await?;
        if self.random.once_in(2) {
            self.disk.power_off();
        }
        app.db.close().await;
        drop(app);
        if self.disk.is_off() {
            self.power_on().await;
        }
        Ok(())
    }

    async fn power_on(&self) {
        let disk = self.disk.clone();
        // Connections of the server that died close on threads of their own.
        tokio::task::spawn_blocking(move || disk.power_on()).await.unwrap();
    }
}

impl Drop for Life<'_> {
    fn drop(&mut self) {
        self.disk.remove();
    }
}

/// Lets servers live until so many points were tried; returns what broke.
async fn live(points: u64, seed: u64, synchronous: Synchronous) -> Vec<String> {
    let template = Template::new().await;
    let (mut broken, mut tried) = (Vec::new(), 0);
    while tried < points {
        let seed = seed.wrapping_add(tried);
        let mut life = Life::new(&template, seed, synchronous);
        for cut in 0..LIVES.min(points - tried) {
            tried += 1;
            if let Err(what) = life.point().await {
                broken.push(format!("life {seed}, cut {cut}, {} answers: {what}", life.answered.len()));
                // A server that lost something is no measure for the next point.
                break;
            }
        }
    }
    broken
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_answered_is_answered_again_when_the_power_comes_back() {
    let points = POINTS * rounds();
    let broken = live(points, seed(), Synchronous::Full).await;
    assert!(broken.is_empty(), "{} of {points} broke: {:#?}", broken.len(), &broken[..broken.len().min(5)]);
    let violations = broken.len() as u64;
    FaultRow {
        id: "F2 server",
        name: "power goes at any call of the server's database",
        points,
        violations,
        target: POINTS,
    }
    .close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_sync_its_commits_is_found_out() {
    let broken = live(40, seed(), Synchronous::Normal).await;
    assert!(broken.len() > 3, "a disk that loses power must show it: {} of 40", broken.len());
    assert!(broken.iter().any(|what| what.contains("is another now")), "answers: {broken:?}");
}
