//! The population: simulated reviewers with habits. On each case some are quick; the others leave
//! it to the person at the desk first, until that person's seat has ended or their patience has.
//! They learn about that seat as the person's own program does, from the public API.

use super::{
    opinion::{Phrases, Thought},
    person::Person,
};
use crate::error::Result;
use pingli_protocol::{
    BallotId, CaseId, IntentId, Sha256, UtcInstant,
    ballot::{Ballot, Finding, IssueFinding},
    case::CaseDocument,
    case_type::OptionKind,
    seat::{Seat, SeatReceipt, SeatRequest, SeatState},
    server::SignedText,
    sync::{ChangeBody, ChangePage},
};
use rand::{Rng, SeedableRng as _, rngs::StdRng};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::Mutex, time::Instant};

/// How the population goes about a case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    /// Seconds between two ballots on one case, about.
    pub(crate) pace: f64,
    /// How long most of them leave a case to the person at the desk.
    pub(crate) patience: Duration,
    /// Whether they wait at all.
    pub(crate) waits: bool,
}

/// What the population shares: whose turn it is, and the packs that somebody has read.
pub(crate) struct Population {
    habits: Habits,
    phrases: Phrases,
    turns: Mutex<HashMap<CaseId, Turn>>,
    packs: Mutex<HashMap<Sha256, Arc<CaseDocument>>>,
    /// Open seats of the person at the desk.
    desk: Mutex<BTreeMap<CaseId, SeatState>>,
}

struct Turn {
    first_seen: Instant,
    next: Instant,
    ballots: u32,
}

impl Population {
    pub(crate) fn new(habits: Habits) -> Result<Self> {
        Ok(Self {
            habits,
            phrases: Phrases::built_in()?,
            turns: Mutex::default(),
            packs: Mutex::default(),
            desk: Mutex::default(),
        })
    }

    /// Follows the seats of the person at the desk, signed in as that person.
    pub(crate) async fn watch_desk(self: Arc<Self>, mut desk: Person) {
        let mut cursor = String::new();
        loop {
            match changed_seats(&mut desk, &mut cursor).await {
                Ok(seats) => self.desk.lock().await.extend(seats.into_iter().map(|seat| (seat.case, seat.state))),
                Err(error) => tracing::debug!(%error, "the demo cannot see the desk"),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// Lives the life of one reviewer.
    pub(crate) async fn live(self: Arc<Self>, mut person: Person, seed: u64) {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut cursor = String::new();
        let mut seats: BTreeMap<String, Seat> = BTreeMap::new();
        loop {
            if let Err(error) = self.one_round(&mut person, &mut cursor, &mut seats, &mut rng).await {
                tracing::debug!(%error, "a simulated reviewer broke off");
            }
            let breath = self.habits.pace.min(2.0) * rng.random_range(0.4..1.2);
            tokio::time::sleep(Duration::from_secs_f64(breath.max(0.02))).await;
        }
    }

    async fn one_round(
        &self,
        person: &mut Person,
        cursor: &mut String,
        seats: &mut BTreeMap<String, Seat>,
        rng: &mut StdRng,
    ) -> Result<()> {
        let first_look = cursor.is_empty();
        for seat in changed_seats(person, cursor).await? {
            if first_look && seat.state == SeatState::Counted {
                // Cast before the demo was started again: it counts among the quick ones.
                self.note_earlier_ballot(&seat.case).await;
            }
            seats.insert(seat.id.to_string(), seat);
        }
        seats.retain(|_, seat| seat.state.is_open());
        let ids: Vec<String> = seats.keys().cloned().collect();
        for id in ids {
            let Some(seat) = seats.get_mut(&id) else { continue };
            if seat.state == SeatState::Offered {
                let request = SeatRequest { id: IntentId::from(uuid::Uuid::now_v7()) };
                let path = format!("/api/v1/seats/{}/accept", seat.id);
                if person.post::<SeatReceipt>(&path, &request).await?.is_some() {
                    seat.state = SeatState::Accepted;
                }
                continue;
            }
            if self.take_turn(seat, rng).await && self.vote(person, seat, rng).await? {
                seats.remove(&id);
            }
        }
        Ok(())
    }

    async fn note_earlier_ballot(&self, case: &CaseId) {
        let now = Instant::now();
        let mut turns = self.turns.lock().await;
        turns.entry(case.clone()).or_insert(Turn { first_seen: now, next: now, ballots: 0 }).ballots += 1;
    }

    /// Whether it is this reviewer's turn to vote on a case now.
    async fn take_turn(&self, seat: &Seat, rng: &mut StdRng) -> bool {
        let now = Instant::now();
        let mut turns = self.turns.lock().await;
        let turn = turns.entry(seat.case.clone()).or_insert(Turn { first_seen: now, next: now, ballots: 0 });
        if turn.next > now {
            return false;
        }
        // Too few to decide anything under any of the seed's vote systems.
        let quick = seat.card.vote_system.panel_size * 2 / 5;
        if self.habits.waits && turn.ballots >= quick && !self.desk_is_done(seat, turn.first_seen).await {
            return false;
        }
        turn.ballots += 1;
        turn.next = now + Duration::from_secs_f64(self.habits.pace * rng.random_range(0.5..1.5));
        true
    }

    async fn desk_is_done(&self, seat: &Seat, first_seen: Instant) -> bool {
        let waiting = self.desk.lock().await.get(&seat.case).is_some_and(|state| state.is_open());
        !waiting || first_seen.elapsed() > self.habits.patience
    }

    /// Reads the pack, makes up a mind, and votes.
    async fn vote(&self, person: &mut Person, seat: &Seat, rng: &mut StdRng) -> Result<bool> {
        let document = self.read(person, seat.pack.sha256).await?;
        let Some(thought) = self.phrases.think(&document, rng) else { return Ok(false) };
        let ballot = ballot(seat, &document, thought, rng);
        Ok(person.post::<SignedText>("/api/v1/ballots", &ballot).await?.is_some())
    }

    /// A pack that one of them has fetched and verified serves all of them.
    async fn read(&self, person: &mut Person, sha256: Sha256) -> Result<Arc<CaseDocument>> {
        let mut packs = self.packs.lock().await;
        if let Some(document) = packs.get(&sha256) {
            return Ok(Arc::clone(document));
        }
        let document = Arc::new(person.pack(sha256).await?);
        packs.insert(sha256, Arc::clone(&document));
        Ok(document)
    }

    /// Votes on every open seat of a person at once; used for history.
    pub(crate) async fn vote_on_all(&self, person: &mut Person, rng: &mut StdRng) -> Result<u32> {
        let mut voted = 0;
        for seat in changed_seats(person, &mut String::new()).await? {
            if seat.state.is_open() && self.vote(person, &seat, rng).await? {
                voted += 1;
            }
        }
        Ok(voted)
    }
}

/// The seats that changed after a cursor, which moves on.
async fn changed_seats(person: &mut Person, cursor: &mut String) -> Result<Vec<Seat>> {
    let mut seats = Vec::new();
    loop {
        let path = match cursor.as_str() {
            "" => "/api/v1/changes?limit=500".to_owned(),
            after => format!("/api/v1/changes?limit=500&after={after}"),
        };
        let page: ChangePage = person.get(&path).await?;
        seats.extend(page.changes.into_iter().filter_map(|change| match change.body {
            ChangeBody::Seat(seat) => Some(*seat),
            _ => None,
        }));
        *cursor = page.cursor;
        if !page.more {
            return Ok(seats);
        }
    }
}

fn ballot(seat: &Seat, document: &CaseDocument, thought: Thought, rng: &mut StdRng) -> Ballot {
    let now = UtcInstant::from_millis(jiff::Timestamp::now().as_millisecond());
    let minutes = i64::from(seat.card.estimated_minutes);
    let active = rng.random_range(minutes * 20..=minutes * 90);
    let finding = match document.case_type.option(&thought.choice).map(|option| option.kind) {
        Some(OptionKind::Side { side }) => Finding::Favours { side },
        _ => Finding::Neutral,
    };
    let findings = document
        .case
        .issues
        .iter()
        .filter_map(|issue| {
            let roll: f64 = rng.random();
            // Three in ten say nothing about an issue, one or two in ten stay between the sides.
            let finding = if roll < 0.55 { finding } else { Finding::Neutral };
            (roll < 0.7).then(|| IssueFinding { issue: issue.id.clone(), finding })
        })
        .collect();
    Ballot {
        id: BallotId::from(uuid::Uuid::now_v7()),
        seat: seat.id.clone(),
        case: seat.case.clone(),
        round: seat.round,
        pack_sha256: seat.pack.sha256,
        rule_version: document.case.rule_version.clone(),
        choice: thought.choice,
        reason_codes: thought.reasons,
        opinion: thought.opinion,
        cited: thought.cited,
        findings,
        opened_at: now.plus_seconds(-active),
        decided_at: now,
        active_seconds: u32::try_from(active).unwrap_or(0),
        client_version: concat!("pingli-demo-population/", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}
