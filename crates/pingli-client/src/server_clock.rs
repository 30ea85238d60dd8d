//! The server's clock between exchanges: where it stood when an answer came, and what has passed
//! since by a clock that nobody can turn. The device's wall clock has no say in it (invariant 6).

use pingli_protocol::UtcInstant;

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

impl ServerClock {
    /// An answer said what time it is; `monotonic` is when it came, in milliseconds that only rise.
    pub(crate) fn meet(&mut self, server: UtcInstant, monotonic: u64) {
        let late_by = self.now(monotonic).map(|known| known.as_millis() - server.as_millis());
        if late_by.is_none_or(|late_by| !(0..=ON_THE_WAY_MILLIS).contains(&late_by)) {
            self.met = Some(Met { server, monotonic });
        }
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
    fn a_difference_is_told_once() {
        let mut clock = ServerClock::default();
        assert!(clock.tell(0), "the first");
        assert!(!clock.tell(1), "a second is none");
        assert!(clock.tell(-86_400), "the device's clock jumped a day ahead");
        assert!(!clock.tell(-86_400), "that is known by now");
        assert_eq!(skew_seconds(at(0), at(86_400)), -86_400, "behind by a day");
    }
}
