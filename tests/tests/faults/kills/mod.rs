//! SIGKILL at every write call and at random, for the client's process and the server's; and the same
//! places with an error instead. Row F1.

mod places;
mod site;
mod tokens;

use crate::{
    program::Program,
    truth::{Done, Told, Truth},
};
use pingli_tests::{Chance, FaultRow, rounds, seed};
use places::Places;
use serde_json::{Value, json};
use site::{How, Site, Strike, work};
use std::{os::unix::process::ExitStatusExt as _, process::ExitStatus, time::Duration};

/// Points of an ordinary run; together the 2,000 of row F1.
const CLIENT_WRITES: u64 = 700;
const SERVER_WRITES: u64 = 500;
const RANDOM: u64 = 800;
const IO: u64 = 60;

/// So many points until everything is looked at and begun anew.
const POINTS_A_LIFE: u64 = 24;
/// So many points bring one counted ballot at least, one seat that is left, one donation.
const POINTS_AN_ACT: u64 = 60;
/// How often it is waited that the server has nothing more to say.
const MOST_LOOKS: u32 = 100;
/// Longer than a suite, in seconds.
const YEAR: i64 = 365 * 24 * 3600;
/// The signal that nothing survives.
const SIGKILL: i32 = 9;

/// Why an act may wait for the reviewer's word after kills: the server's own reasons. Whatever says that
/// this machine or the server lost something is none of them.
const PARKED: [(&str, &str); 6] = [
    ("accept", "problem_seat_ended"),
    ("return", "problem_seat_ended"),
    ("return", "problem_already_voted"),
    ("recuse", "problem_seat_ended"),
    ("recuse", "problem_already_voted"),
    ("cancel", "problem_too_late"),
];

/// One site over many lives, and what came of them.
struct Run {
    site: Site,
    chance: Chance,
    told: Told,
    points: u64,
    target: u64,
    /// What the server's books say was done, in all lives.
    done: Done,
    broken: Vec<String>,
}

impl Run {
    /// One life of a client whose server is killed at one place after another; `struck` is told after each
    /// end whether it was a kill.
    fn kill_the_server(&mut self, places: &mut Places, mut struck: impl FnMut(&mut Self, bool)) {
        let began = self.points;
        let mut client = self.site.client(None);
        self.did(&client, "start").expect("a client");
        while !self.life_is_over(began) {
            let status = match self.site.court(Some(places.strike())) {
                // It died while it was starting.
                Err(status) => status,
                Ok(court) => {
                    client.tell(&work(self.chance.bits(), 6));
                    self.did(&client, "work").expect("the client lives");
                    court.end()
                }
            };
            let killed = self.was_killed("the server", status);
            places.was_there(killed, self.site.counted());
            struck(self, killed);
        }
        drop(client);
        self.judge();
    }

    fn new(target: u64) -> Self {
        Self::with(Site::new(YEAR), target)
    }

    fn with(site: Site, target: u64) -> Self {
        Self {
            site,
            chance: Chance::new(seed()),
            told: Told::default(),
            points: 0,
            target: target * rounds(),
            done: Done::default(),
            broken: Vec::new(),
        }
    }

    /// Whether this life has come to its end, or the run.
    fn life_is_over(&self, began: u64) -> bool {
        self.points >= self.target || self.points - began >= POINTS_A_LIFE
    }

    fn hear(&mut self, line: &str) -> Value {
        let line = serde_json::from_str(line).unwrap_or(Value::Null);
        self.told.hear(&line);
        line
    }

    /// Listens until a command was done; no when the program died before.
    fn did(&mut self, client: &Program, what: &str) -> Option<Value> {
        while let Some(line) = client.line() {
            let line = self.hear(&line);
            if line["did"] == what {
                return Some(line["outcome"].clone());
            }
        }
        None
    }

    /// Takes in how a program ended that was to be struck, and answers whether it was. One that the shim
    /// says it killed was killed; any other came to its end by itself and found nothing wrong.
    fn was_killed(&mut self, who: &str, status: ExitStatus) -> bool {
        let struck = self.site.was_struck();
        let as_it_should = if struck { status.signal() == Some(SIGKILL) } else { status.success() };
        if !as_it_should {
            self.broken.push(format!("{who} ended with {status} and was {}struck", if struck { "" } else { "not " }));
        }
        self.points += u64::from(struck && as_it_should);
        struck
    }

    /// A program that is about to be killed has not ended by itself.
    fn lives(&mut self, who: &str, program: &mut Program) {
        if !program.runs() {
            self.broken.push(format!("{who} ended before it was killed"));
        }
    }

    fn truth(&self) -> Truth {
        Truth::open(&self.site.court_folder(), &[&self.site.client_folder()])
    }

    /// Lets everything come to rest and looks at it.
    fn judge(&mut self) {
        let court = self.site.court(None).expect("the server starts again");
        self.judge_with(court);
    }

    fn judge_with(&mut self, court: Program) {
        let mut client = self.site.client(None);
        let started = self.did(&client, "start");
        assert!(started.is_some(), "the client starts again");
        let (mut found, mut restless) = (Vec::new(), 0);
        for _ in 0..MOST_LOOKS {
            client.tell(&json!({"do": "settle"}));
            let left = self.did(&client, "settle").expect("the client lives");
            found = self.truth().violations(&self.told, &PARKED);
            found.extend(left.as_str().map(|left| format!("it does not come to rest: {left}")));
            restless += u32::from(left.is_string());
            if found.is_empty() || restless > 2 {
                break;
            }
            // A donation becomes certain, a verdict final: the server says so when it is. What is broken
            // stays so.
            let _ = client.line_within(Duration::from_millis(20));
        }
        client.tell(&json!({"do": "quit"}));
        self.did(&client, "quit");
        drop(client);
        if !found.is_empty() {
            #[expect(clippy::print_stderr, reason = "what is broken is told where it was found")]
            {
                eprintln!("after {} points: {found:#?}", self.points);
            }
        }
        self.broken.extend(found);
        self.done += self.truth().done();
        court.end();
        self.told = Told::default();
    }

    /// Ends the run: nothing is broken, and there was something to break. `seen` is what else was seen.
    fn close(self, id: &'static str, name: &'static str, seen: &str) {
        let violations = self.broken.len() as u64;
        #[expect(clippy::print_stderr, reason = "what is broken, and what the run came to")]
        {
            for one in &self.broken {
                eprintln!("{one}");
            }
            eprintln!("{id}: {} points; {:?}; {seen}", self.points, self.done);
        }
        assert!(
            self.done.is_enough(self.points / POINTS_AN_ACT),
            "hardly anything was done that could break: {:?}",
            self.done
        );
        let seen = format!("{}{}{seen}", self.done, if seen.is_empty() { "" } else { "; " });
        FaultRow { id, name, points: self.points, violations, target: self.target }.close_having_seen(&seen);
    }
}

#[test]
fn a_client_killed_at_every_call_loses_nothing_and_sends_nothing_twice() {
    let mut run = Run::new(CLIENT_WRITES);
    run.site.arm();
    let mut places = Places::default();
    while run.points < run.target {
        run.site.renew();
        let court = run.site.court(None).expect("a server");
        let began = run.points;
        while !run.life_is_over(began) {
            let mut client = run.site.client(Some(places.strike()));
            client.tell(&work(run.chance.bits(), 6));
            run.did(&client, "work");
            let killed = run.was_killed("the client", client.end());
            places.was_there(killed, run.site.counted());
        }
        run.judge_with(court);
    }
    let seen = places.to_string();
    run.close("F1 client writes", "the client is killed at every write, sync, request and change of a file", &seen);
}

#[test]
fn a_server_killed_at_every_call_forgets_nothing_that_it_answered() {
    let mut run = Run::new(SERVER_WRITES);
    run.site.arm();
    let mut places = Places::default();
    while run.points < run.target {
        run.site.renew();
        run.kill_the_server(&mut places, |_, _| {});
    }
    let seen = places.to_string();
    run.close("F1 server writes", "the server is killed at every write, sync and answer", &seen);
}

#[test]
fn client_and_server_killed_at_random_lose_nothing_and_count_nothing_twice() {
    let mut run = Run::new(RANDOM);
    while run.points < run.target {
        run.site.renew();
        let mut court = run.site.court(None).expect("a server");
        let began = run.points;
        while !run.life_is_over(began) {
            let mut client = run.site.client(None);
            client.tell(&work(run.chance.bits(), 400));
            // After so many lines, and a moment more.
            for _ in 0..run.chance.below(10) {
                let Some(line) = client.line() else { break };
                run.hear(&line);
            }
            if let Some(line) = client.line_within(Duration::from_micros(run.chance.below(3000))) {
                run.hear(&line);
            }
            let (client_dies, court_dies) = (run.chance.below(3) != 0, run.chance.below(3) == 0);
            if court_dies || !client_dies {
                run.lives("the server", &mut court);
                court.kill();
                run.points += 1;
                court = run.site.court(None).expect("the server starts again");
            }
            // The client outlives the server for a while, or dies with it.
            for _ in 0..if client_dies { 0 } else { 6 } {
                let Some(line) = client.line() else { break };
                run.hear(&line);
            }
            run.lives("the client", &mut client);
            for line in client.kill() {
                run.hear(&line);
            }
            run.points += 1;
        }
        run.judge_with(court);
    }
    run.close("F1 random", "client and server are killed at random moments", "");
}

#[test]
fn a_write_that_fails_is_said_and_nothing_acknowledged_is_lost() {
    let mut run = Run::new(IO);
    run.site.arm();
    while run.points < run.target {
        run.site.renew();
        let began = run.points;
        while !run.life_is_over(began) {
            let how = [How::Fail(NO_ROOM), How::FailOn(NO_ROOM), How::Fail(IO_ERROR), How::FailOn(IO_ERROR)];
            let how = how[usize::try_from(run.chance.below(4)).expect("small")];
            let calls = ["d", "s", "n"][usize::try_from(run.chance.below(3)).expect("small")];
            let strike = Strike { calls, at: 1 + run.chance.below(40), how };
            let of_client = run.chance.below(2) == 0;
            let court = run.site.court(Some(strike).filter(|_| !of_client)).ok();
            let mut client = run.site.client(Some(strike).filter(|_| of_client));
            client.tell(&work(run.chance.bits(), 12));
            run.did(&client, "work");
            drop((client, court));
            run.points += u64::from(run.site.was_struck());
        }
        // Every refusal has a code that the window has words for.
        for code in &run.told.codes {
            let known = KNOWN.contains(&code.as_str()) || code.starts_with("problem_");
            if !known {
                run.broken.push(format!("the code {code} says nothing to the reviewer"));
            }
        }
        run.judge();
    }
    run.close("F1 io", "writes of the client and of the server fail: no room, I/O errors", "");
}

/// No space left on the device; an error of the device.
const NO_ROOM: i32 = 28;
const IO_ERROR: i32 = 5;

/// Codes that an act may be refused with while a disk or a server is in trouble.
const KNOWN: [&str; 19] = [
    "already_sealed",
    "answer_unreadable",
    "connection_broken",
    "lease_over",
    "locked",
    "not_a_judgment_server",
    "not_found",
    "not_undoable",
    "offline",
    "pack_damaged",
    "pack_not_ready",
    "seat_state",
    "server_busy",
    "server_down",
    "storage_failed",
    "store_failed",
    "store_full",
    "store_io",
    "timeout",
];
