//! What may be sent now: one intent per lane at a time, in the order of the journal. Pure, but for
//! what is remembered in memory: who is on the way, and who waits until when.

use super::{HOLD_SECONDS, kind};
use pingli_protocol::{IntentId, UtcInstant};
use pingli_store::{Intent, IntentStatus};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// The first wait, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// What is remembered in memory. A crash forgets it, and that is right: everything is tried anew.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    sending: BTreeSet<IntentId>,
    waits: BTreeMap<IntentId, Wait>,
    /// When holds end, in monotonic milliseconds: the device's clock is asked once, when an intent is
    /// first seen, because somebody may turn it.
    holds: BTreeMap<IntentId, u64>,
}

#[derive(Debug, Clone, Copy)]
struct Wait {
    failures: u32,
    /// Monotonic milliseconds.
    until: u64,
}

/// What to do now.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// These may be sent, each in its own lane.
    pub(crate) send: Vec<IntentId>,
    /// Milliseconds until something changes by itself.
    pub(crate) again_in: Option<u64>,
}

impl Lanes {
    /// Plans the next step.
    pub(crate) fn plan(&mut self, intents: &[Intent], now: UtcInstant, monotonic: u64) -> Plan {
        let mut plan = Plan::default();
        self.holds.retain(|id, _| intents.iter().any(|intent| intent.id == *id));
        // What is first in each lane: it decides for all behind it.
        let mut first: BTreeMap<&str, &IntentStatus> = BTreeMap::new();
        for intent in intents {
            let behind = first.get(intent.lane.as_str());
            match (&intent.status, behind) {
                (IntentStatus::Waiting, None) => {}
                // A seat can be given up whatever became of the act before.
                (IntentStatus::Waiting, Some(IntentStatus::Parked { .. })) if is_leaving(intent) => {}
                // A parked one waits for the reviewer, and so do those behind it; but donations have
                // only the balance in common, and one that was refused takes nothing from it.
                (IntentStatus::Parked { .. }, None) if intent.kind != kind::DONATE => {
                    first.insert(&intent.lane, &intent.status);
                    continue;
                }
                _ => continue,
            }
            first.insert(&intent.lane, &intent.status);
            if self.is_sending(&intent.id) || takes_back_one_of(intent, intents) {
                continue;
            }
            let held = self.hold_left(intent, now, monotonic);
            let wait = held.max(self.waits_for(&intent.id, monotonic).unwrap_or(0));
            if wait == 0 {
                plan.send.push(intent.id.clone());
            } else {
                plan.again_in = Some(plan.again_in.map_or(wait, |other| other.min(wait)));
            }
        }
        plan
    }

    /// Milliseconds that an intent is still held for undo. The wall clock may be turned meanwhile: it
    /// is asked when an intent is first looked at, and then no more.
    pub(crate) fn hold_left(&mut self, intent: &Intent, now: UtcInstant, monotonic: u64) -> u64 {
        let Some(until) = intent.held_until else {
            self.holds.remove(&intent.id);
            return 0;
        };
        let hold = until.as_millis().saturating_sub(now.as_millis()).clamp(0, HOLD_SECONDS * 1000);
        let first_seen = || monotonic.saturating_add(hold.unsigned_abs());
        self.holds.entry(intent.id.clone()).or_insert_with(first_seen).saturating_sub(monotonic)
    }

    pub(crate) fn is_sending(&self, id: &IntentId) -> bool {
        self.sending.contains(id)
    }

    /// Whether anything is on its way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.sending.is_empty()
    }

    /// Milliseconds until an intent is tried again; none when it need not wait.
    pub(crate) fn waits_for(&self, id: &IntentId, monotonic: u64) -> Option<u64> {
        self.waits.get(id).map(|wait| wait.until.saturating_sub(monotonic)).filter(|millis| *millis > 0)
    }

    /// Takes an intent on its way.
    pub(crate) fn begin(&mut self, id: &IntentId) {
        self.sending.insert(id.clone());
    }

    /// It is no longer on its way.
    pub(crate) fn end(&mut self, id: &IntentId) {
        self.sending.remove(id);
    }

    /// It waits: longer after each failure, with full jitter, or as long as the server asked.
    /// `random` is a number of 64 random bits.
    pub(crate) fn back_off(&mut self, id: &IntentId, monotonic: u64, asked: Option<Duration>, random: u64) {
        let failures = self.waits.get(id).map_or(0, |wait| wait.failures);
        let wait = backoff(failures, random).max(asked.unwrap_or_default());
        let until = monotonic.saturating_add(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        self.waits.insert(id.clone(), Wait { failures: failures + 1, until });
    }

    /// The network is back, or the reviewer wants it now: nobody waits any more.
    pub(crate) fn forget_waits(&mut self) {
        self.waits.clear();
    }

    /// One intent need not wait any more.
    pub(crate) fn forget_wait(&mut self, id: &IntentId) {
        self.waits.remove(id);
    }
}

fn is_leaving(intent: &Intent) -> bool {
    matches!(intent.kind.as_str(), kind::RETURN | kind::RECUSE)
}

/// Whether an act takes back a donation that is itself still on its way: after a server was set back both
/// are sent again, and the donation comes first.
fn takes_back_one_of(intent: &Intent, intents: &[Intent]) -> bool {
    intent.kind == kind::CANCEL_DONATION
        && intents.iter().any(|other| {
            other.kind == kind::DONATE && intent.lane.strip_prefix("cancel:").is_some_and(|id| id == other.id.as_str())
        })
}

/// The wait after so many failures: up to 1 s, 2 s, 4 s … 15 min, anywhere below it by chance.
fn backoff(failures: u32, random: u64) -> Duration {
    let ceiling = FIRST_WAIT.saturating_mul(1 << failures.min(10)).min(LONGEST_WAIT);
    let millis = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random % millis + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn intent(id: &str, lane: &str, status: IntentStatus) -> Intent {
        Intent {
            seq: 1,
            id: IntentId::new(id).expect("an id"),
            lane: lane.to_owned(),
            kind: "ballot".to_owned(),
            payload: String::new(),
            title: String::new(),
            case: None,
            seat: None,
            points: None,
            made_at: UtcInstant::from_millis(0),
            due: None,
            held_until: None,
            status,
            unknown: false,
            tries: 0,
            last_answer: None,
        }
    }

    fn sent(plan: &Plan) -> Vec<&str> {
        plan.send.iter().map(IntentId::as_str).collect()
    }

    const NOW: UtcInstant = UtcInstant::new(jiff::Timestamp::UNIX_EPOCH);

    #[test]
    fn one_parked_intent_does_not_stop_other_cases() {
        let parked = IntentStatus::Parked { code: "problem_seat_ended".to_owned() };
        let intents = [
            intent("a1", "case:a", parked),
            intent("a2", "case:a", IntentStatus::Waiting),
            intent("b1", "case:b", IntentStatus::Waiting),
            intent("b2", "case:b", IntentStatus::Waiting),
        ];
        let mut lanes = Lanes::default();
        let plan = lanes.plan(&intents, NOW, 0);
        assert_eq!(sent(&plan), ["b1"], "the other lane goes on, in order; the parked lane waits for the reviewer");
    }

    fn held(seconds: i64) -> Intent {
        let held_until = Some(NOW.plus_seconds(seconds));
        Intent { held_until, ..intent("a1", "case:a", IntentStatus::Waiting) }
    }

    #[test]
    fn a_held_intent_goes_when_its_time_has_come() {
        let (held, mut lanes) = ([held(30)], Lanes::default());
        let plan = lanes.plan(&held, NOW, 0);
        assert_eq!((plan.send.len(), plan.again_in), (0, Some(30_000)), "it is held for undo");
        assert_eq!(sent(&lanes.plan(&held, NOW.plus_seconds(30), 30_000)), ["a1"], "then it goes");
    }

    #[test]
    fn a_clock_that_jumps_a_day_neither_ends_a_hold_nor_makes_it_longer() {
        const DAY: i64 = 86_400;
        for jump in [DAY, -DAY] {
            let (held, mut lanes) = ([held(30)], Lanes::default());
            lanes.plan(&held, NOW, 1_000);
            let turned = |seconds| NOW.plus_seconds(jump + seconds);
            let plan = lanes.plan(&held, turned(10), 11_000);
            assert_eq!((plan.send.len(), plan.again_in), (0, Some(20_000)), "20 s of undo are left ({jump})");
            assert_eq!(sent(&lanes.plan(&held, turned(30), 31_000)), ["a1"], "then it goes ({jump})");
        }
        // The clock was set back while the program was not running.
        let mut lanes = Lanes::default();
        let plan = lanes.plan(&[held(DAY)], NOW, 5_000);
        assert_eq!(plan.again_in, Some(30_000), "half a minute from when it was first seen, not a day");
        assert_eq!(sent(&lanes.plan(&[held(DAY)], NOW, 35_000)), ["a1"], "a lease would not wait");
    }

    #[test]
    fn a_hold_that_was_released_is_over() {
        let (mut lanes, mut intents) = (Lanes::default(), [held(30)]);
        lanes.plan(&intents, NOW, 0);
        intents[0].held_until = None;
        assert_eq!(sent(&lanes.plan(&intents, NOW, 1)), ["a1"], "the reviewer wants it sent now");
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nothing_for_longer() {
        let mut held = intent("a1", "case:a", IntentStatus::Waiting);
        held.held_until = Some(NOW.plus_seconds(30));
        let mut lanes = Lanes::default();
        lanes.plan(std::slice::from_ref(&held), NOW, 0);
        let yesterday = NOW.plus_seconds(-86_400);
        let plan = lanes.plan(std::slice::from_ref(&held), yesterday, 10_000);
        assert_eq!((plan.send.len(), plan.again_in), (0, Some(20_000)), "10 s later it is held for 20 s more");
        assert_eq!(sent(&lanes.plan(std::slice::from_ref(&held), yesterday, 30_000)), ["a1"], "half a minute is over");
        let plan = Lanes::default().plan(&[held], yesterday, 0);
        assert_eq!(plan.again_in, Some(30_000), "a program that starts on the wrong day holds it half a minute");
    }

    #[test]
    fn a_refused_donation_holds_up_no_other_and_a_refused_act_no_return() {
        let parked = || IntentStatus::Parked { code: "problem_frozen".to_owned() };
        let of = |id, lane, kind: &str, status| Intent { kind: kind.to_owned(), ..intent(id, lane, status) };
        let intents = [
            of("d1", "donations", kind::DONATE, parked()),
            of("d2", "donations", kind::DONATE, IntentStatus::Waiting),
            of("d3", "donations", kind::DONATE, IntentStatus::Waiting),
            of("a1", "case:a", kind::ACCEPT, parked()),
            of("a2", "case:a", kind::RETURN, IntentStatus::Waiting),
            of("b1", "case:b", kind::ACCEPT, IntentStatus::Waiting),
            of("b2", "case:b", kind::RETURN, IntentStatus::Waiting),
        ];
        let plan = Lanes::default().plan(&intents, NOW, 0);
        assert_eq!(sent(&plan), ["d2", "a2", "b1"], "one at a time; the seat can be given back");
    }

    #[test]
    fn an_intent_on_its_way_is_not_sent_twice() {
        let intents = [intent("a1", "case:a", IntentStatus::Waiting)];
        let mut lanes = Lanes::default();
        lanes.begin(&intents[0].id);
        assert_eq!(sent(&lanes.plan(&intents, NOW, 0)), Vec::<&str>::new(), "it is on its way");
    }

    #[test]
    fn a_wait_that_the_server_asked_for_is_kept_and_ends_when_the_network_is_back() {
        let intents = [intent("a1", "case:a", IntentStatus::Waiting)];
        let mut lanes = Lanes::default();
        lanes.back_off(&intents[0].id, 1_000, Some(Duration::from_secs(120)), 0);
        assert_eq!(lanes.plan(&intents, NOW, 1_000).again_in, Some(120_000), "as long as it asked");
        assert_eq!(sent(&lanes.plan(&intents, NOW, 121_000)), ["a1"], "then again");
        lanes.forget_waits();
        assert_eq!(sent(&lanes.plan(&intents, NOW, 1_000)), ["a1"], "the network is back");
    }

    proptest! {
        #[test]
        fn a_wait_grows_and_never_exceeds_fifteen_minutes(failures in 0_u32..64, random: u64) {
            let wait = backoff(failures, random);
            prop_assert!(wait > Duration::ZERO && wait <= LONGEST_WAIT);
            prop_assert!(wait <= FIRST_WAIT * (1 << failures.min(10)));
        }
    }
}
