//! The server's clock, handed in so that tests can turn it.

use pingli_protocol::UtcInstant;
use std::sync::atomic::{AtomicI64, Ordering};

/// Says what time it is.
pub trait Clock: Send + Sync + std::fmt::Debug + 'static {
    /// Now, in whole milliseconds.
    fn now(&self) -> UtcInstant;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcInstant {
        // Whole milliseconds, because that is what the database keeps: a time reads back as it was.
        UtcInstant::from_millis(jiff::Timestamp::now().as_millisecond())
    }
}

/// A clock that stands still until it is turned; for tests and simulations.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at an instant.
    #[must_use]
    pub fn at(now: UtcInstant) -> Self {
        Self(AtomicI64::new(now.as_millis()))
    }

    /// Turns the clock on by so many seconds.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UtcInstant {
        UtcInstant::from_millis(self.0.load(Ordering::SeqCst))
    }
}
