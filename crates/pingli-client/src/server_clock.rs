//! The server's clock between exchanges: where it stood when an answer came, and what has passed
//! since by a clock that nobody can turn. The device's wall clock has no say in it (invariant 6).

use pingli_protocol::UtcInstant;
use serde::{Deserialize, Serialize};

/// An answer takes time to come, so what it says is a little old: by less than this it proves nothing
/// against what was known.
const ON_THE_WAY_MILLIS: i64 = 2_000;

/// What is known of the server's clock in this process.
#[derive(Debug, Default)]
pub(crate) struct ServerClock {
    met: Option<Met>,
    /// The difference to the device's clock that was last told, in seconds.
    told: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
struct Met {
    server: UtcInstant,
    monotonic: u64,
}

/// What is kept of a server's clock for the next run of the program: it goes on as long as the machine is
/// not started anew, whatever happens to the device's clock meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptClock {
    /// Whose clock.
    pub(crate) server: String,
    /// What the monotonic clock counts from.
    counts_from: String,
    at: UtcInstant,
    monotonic: u64,
}

impl ServerClock {
    /// Goes on from what was kept, if that was in this start of the machine.
    pub(crate) fn go_on(kept: &KeptClock, counts_from: Option<&str>, monotonic: u64) -> Self {
        let same = counts_from == Some(kept.counts_from.as_str()) && kept.monotonic <= monotonic;
        let met = Met { server: kept.at, monotonic: kept.monotonic };
        Self { met: same.then_some(met), told: None }
    }

    /// What to keep of it; nothing where it cannot be told what the monotonic clock counts from.
    pub(crate) fn keep(&self, server: String, counts_from: Option<String>) -> Option<KeptClock> {
        let Met { server: at, monotonic } = self.met?;
        Some(KeptClock { server, counts_from: counts_from?, at, monotonic })
    }

    /// An answer said what time it is; `monotonic` is when it came, in milliseconds that only rise. Says
    /// whether that is other than what was known.
    pub(crate) fn meet(&mut self, server: UtcInstant, monotonic: u64) -> bool {
        let late_by = self.now(monotonic).map(|known| known.as_millis() - server.as_millis());
        let news = late_by.is_none_or(|late_by| !(0..=ON_THE_WAY_MILLIS).contains(&late_by));
        if news {
            self.met = Some(Met { server, monotonic });
        }
        news
    }

    /// What it shows now; nothing before the first answer.
    pub(crate) fn now(&self, monotonic: u64) -> Option<UtcInstant> {
        let met = self.met?;
        let passed = i64::try_from(monotonic.saturating_sub(met.monotonic)).unwrap_or(i64::MAX);
        Some(UtcInstant::from_millis(met.server.as_millis().saturating_add(passed)))
    }

    /// Notes that the difference to the device's clock is told; says whether that is news. A second
    /// more or less says nothing.
    pub(crate) fn tell(&mut self, skew: i64) -> bool {
        let news = self.told.is_none_or(|told| (told - skew).abs() > 1);
        if news {
            self.told = Some(skew);
        }
        news
    }
}

/// How far the server's clock is ahead of the device's, in whole seconds.
pub(crate) fn skew_seconds(server: UtcInstant, device: UtcInstant) -> i64 {
    server.as_millis().saturating_sub(device.as_millis()).saturating_add(500).div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        open::lock,
        outbox,
        testing::{Machine, chat_body},
        view::Draft,
    };
    use serde_json::json;

    fn at(seconds: i64) -> UtcInstant {
        UtcInstant::from_millis(1_790_000_000_000).plus_seconds(seconds)
    }

    #[test]
    fn it_goes_on_by_itself_whatever_the_device_says() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.now(5_000), None, "nobody has said anything");
        clock.meet(at(0), 5_000);
        assert_eq!(clock.now(65_000), Some(at(60)), "a minute later it is a minute later");
    }

    #[test]
    fn a_slow_answer_does_not_set_it_back_and_a_turned_one_does() {
        let mut clock = ServerClock::default();
        clock.meet(at(0), 0);
        clock.meet(at(59), 60_000);
        assert_eq!(clock.now(60_000), Some(at(60)), "the answer was a second on its way");
        clock.meet(at(61), 60_000);
        assert_eq!(clock.now(60_000), Some(at(61)), "an answer is never early");
        clock.meet(at(-86_400), 60_000);
        assert_eq!(clock.now(60_000), Some(at(-86_400)), "the server's clock was set: it decides");
    }

    #[test]
    fn it_goes_on_in_the_next_run_as_long_as_the_machine_does() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.keep("court".to_owned(), Some("start 1".to_owned())), None, "nothing is known");
        clock.meet(at(0), 5_000);
        assert_eq!(clock.keep("court".to_owned(), None), None, "nor what is counted from");
        let kept = clock.keep("court".to_owned(), Some("start 1".to_owned())).expect("a clock");
        let shows = |counts_from, monotonic| ServerClock::go_on(&kept, counts_from, monotonic).now(monotonic);
        assert_eq!(shows(Some("start 1"), 65_000), Some(at(60)), "a minute later");
        assert_eq!(shows(Some("start 2"), 65_000), None, "the machine was started anew");
        assert_eq!(shows(None, 65_000), None, "or perhaps it was");
        assert_eq!(shows(Some("start 1"), 4_999), None, "a count that went back is another");
    }

    #[test]
    fn a_ballot_is_sealed_offline_although_the_devices_clock_jumped_while_the_program_was_away() {
        let mut machine =
            Machine::with(&[("p-1", "chat_log", chat_body(json!([{"seq": 1, "from": "b", "text": "x"}])))]);
        let start = |machine: &Machine, name| *lock(&machine.clock.started) = Some(name);
        let draft = Draft { choice: Some("support_buyer".parse().expect("an id")), ..Draft::default() };
        let seal = |machine: &Machine| {
            let id = uuid::Uuid::now_v7().into();
            outbox::seal(&machine.open, id, &machine.seat, &draft, false).map(|_| ())
        };
        start(&machine, "start 1");
        let met = machine.open.now();
        machine.open.meet_server(met).expect("kept");
        machine.clock.turn(7 * 86_400);
        machine.clock.pass(600);

        start(&machine, "start 2");
        machine.restart();
        let refused = seal(&machine).expect_err("nothing says better");
        assert_eq!(refused.code(), "lease_over", "after a start of the machine the device's clock is all there is");

        start(&machine, "start 1");
        machine.restart();
        assert_eq!(machine.open.server_now(), met.plus_seconds(600), "ten minutes have passed, whatever it shows");
        seal(&machine).expect("the lease goes on for hours");
    }

    #[test]
    fn a_difference_is_told_once() {
        let mut clock = ServerClock::default();
        assert!(clock.tell(0), "the first");
        assert!(!clock.tell(1), "a second is none");
        assert!(clock.tell(-86_400), "the device's clock jumped a day ahead");
        assert!(!clock.tell(-86_400), "that is known by now");
        assert_eq!(skew_seconds(at(0), at(86_400)), -86_400, "behind by a day");
    }
}
