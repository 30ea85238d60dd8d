//! Time and randomness, passed in from outside.

use pingli_protocol::UtcInstant;
use std::time::Instant;

/// What the device says of time and place.
pub trait Clock: Send + Sync {
    /// The device's wall clock: advice, never the last word (invariant 6).
    fn now(&self) -> UtcInstant;

    /// Milliseconds that only rise; for waiting.
    fn monotonic_millis(&self) -> u64;

    /// The reviewer's time zone.
    fn zone(&self) -> jiff::tz::TimeZone;
}

/// The machine's own clock and zone.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> UtcInstant {
        UtcInstant::new(jiff::Timestamp::now())
    }

    fn monotonic_millis(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::system()
    }
}

/// A source of random bytes.
pub trait Randomness: Send + Sync {
    /// Fills a buffer.
    fn fill(&self, bytes: &mut [u8]);
}

/// The system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness there are no keys: nothing sensible can go on.
        #[expect(clippy::expect_used, reason = "a system without randomness cannot keep a secret")]
        getrandom::fill(bytes).expect("the system gives random bytes");
    }
}
