//! Active time: how long a case was in front of the reviewer. Each window tells of its own; the reviewer
//! is one, so that no second is counted twice.

/// Until when time is counted, by the clock that only rises.
#[derive(Debug, Default)]
pub(crate) struct ActiveTime {
    until: Option<i64>,
}

impl ActiveTime {
    /// Of the seconds that a window tells of, which end `now` (milliseconds of the rising clock), those
    /// that no window told of before. What is less than half a second is left for the next time.
    pub(crate) fn count(&mut self, now: u64, seconds: u32) -> u32 {
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        let began = now - i64::from(seconds) * 1000;
        let from = self.until.map_or(began, |until| until.max(began));
        let fresh = u32::try_from((now - from + 500).max(0) / 1000).unwrap_or(0);
        self.until = Some(from + i64::from(fresh) * 1000);
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_windows_at_once_are_one_reviewer() {
        let mut active = ActiveTime::default();
        let mut total = 0;
        // One tells every 15 s from 15, the other every 15 s from 22.
        for at in (15_u64..=600).filter(|at| at % 15 == 0 || at % 15 == 7) {
            total += active.count(at * 1000, 15);
        }
        assert_eq!(total, 600, "ten minutes are ten minutes");
        assert_eq!(active.count(600_000, 15), 0, "told twice, counted once");
    }

    #[test]
    fn a_clock_that_ticks_unevenly_loses_nothing() {
        let mut active = ActiveTime::default();
        let total: u32 = (1..=100_u64).map(|n| active.count(n * 15_000 + n % 2 * 40, 15)).sum();
        assert!((1499..=1500).contains(&total), "{total}");
    }

    #[test]
    fn time_in_between_is_not_made_up() {
        let mut active = ActiveTime::default();
        assert_eq!(active.count(0, 15), 15, "the first time is believed");
        assert_eq!(active.count(3_600_000, 15), 15, "an hour away is no hour");
    }
}
