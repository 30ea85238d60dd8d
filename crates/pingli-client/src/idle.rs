//! When the reviewer was last seen. The time is over when either clock says so: the monotonic one stands
//! still while the machine sleeps, and the wall clock may be turned back.

use crate::{clock::Clock, open::lock};
use std::{
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// How often the clocks are looked at: a machine that wakes up is locked after this at the latest.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// An instant by both clocks, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Instant {
    monotonic: u64,
    wall: i64,
}

impl Instant {
    fn now(clock: &dyn Clock) -> Self {
        Self { monotonic: clock.monotonic_millis(), wall: clock.now().as_millis() }
    }

    fn millis_since(self, before: Self) -> u64 {
        let monotonic = self.monotonic.saturating_sub(before.monotonic);
        let wall = u64::try_from(self.wall.saturating_sub(before.wall)).unwrap_or(0);
        monotonic.max(wall)
    }
}

/// The watch over an open store.
#[derive(Debug)]
pub(crate) struct Idle {
    seen: Mutex<Instant>,
    /// Minutes; 0 never.
    after: AtomicU32,
    /// Told when the time changed, or the clocks are to be looked at.
    pub(crate) wake: Notify,
}

impl Idle {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self { seen: Mutex::new(Instant::now(clock)), after: AtomicU32::new(0), wake: Notify::new() }
    }

    /// Locks after so many minutes from now on; 0 never.
    pub(crate) fn lock_after(&self, minutes: u32) {
        self.after.store(minutes, Ordering::Release);
        self.wake.notify_one();
    }

    /// The reviewer is here.
    pub(crate) fn seen(&self, clock: &dyn Clock) {
        *lock(&self.seen) = Instant::now(clock);
    }

    /// The time that is left; none when it never ends.
    fn left(&self, clock: &dyn Clock) -> Option<Duration> {
        let minutes = self.after.load(Ordering::Acquire);
        let idle = Instant::now(clock).millis_since(*lock(&self.seen));
        (minutes > 0).then(|| Duration::from_millis((u64::from(minutes) * 60_000).saturating_sub(idle)))
    }

    /// Whether the time is over.
    pub(crate) fn is_over(&self, clock: &dyn Clock) -> bool {
        self.left(clock).is_some_and(|left| left.is_zero())
    }

    /// Waits until it is worth looking again.
    pub(crate) async fn wait(&self, clock: &dyn Clock) {
        match self.left(clock) {
            None => self.wake.notified().await,
            Some(left) => {
                let _ = tokio::time::timeout(left.min(LOOK_AGAIN), self.wake.notified()).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pingli_protocol::UtcInstant;
    use std::sync::atomic::{AtomicI64, AtomicU64};

    #[derive(Default)]
    struct Hands {
        monotonic: AtomicU64,
        wall: AtomicI64,
    }

    impl Hands {
        fn turn(&self, monotonic: u64, wall: i64) {
            self.monotonic.fetch_add(monotonic * 60_000, Ordering::SeqCst);
            self.wall.fetch_add(wall * 60_000, Ordering::SeqCst);
        }
    }

    impl Clock for Hands {
        fn now(&self) -> UtcInstant {
            UtcInstant::from_millis(self.wall.load(Ordering::SeqCst))
        }
        fn monotonic_millis(&self) -> u64 {
            self.monotonic.load(Ordering::SeqCst)
        }
        fn zone(&self) -> jiff::tz::TimeZone {
            jiff::tz::TimeZone::UTC
        }
    }

    #[test]
    fn the_time_is_over_when_either_clock_says_so() {
        let hands = Hands::default();
        let idle = Idle::new(&hands);
        hands.turn(600, 600);
        assert!(!idle.is_over(&hands), "never, unless it was asked for");
        idle.lock_after(15);
        idle.seen(&hands);
        hands.turn(14, 14);
        assert!(!idle.is_over(&hands), "not yet");
        idle.seen(&hands);
        hands.turn(14, 14);
        assert!(!idle.is_over(&hands), "the reviewer was seen in between");
        hands.turn(1, 1);
        assert!(idle.is_over(&hands), "now");
        idle.seen(&hands);
        hands.turn(0, 15);
        assert!(idle.is_over(&hands), "the machine slept: only the wall clock went on");
        idle.seen(&hands);
        hands.turn(15, -600);
        assert!(idle.is_over(&hands), "a wall clock that was turned back keeps nothing open");
        idle.lock_after(0);
        assert!(!idle.is_over(&hands), "switched off");
    }
}
