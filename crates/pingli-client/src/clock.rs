//! Time and randomness, passed in from outside.

use pingli_protocol::UtcInstant;

/// What the device says of time and place.
pub trait Clock: Send + Sync {
    /// The device's wall clock: advice, never the last word (invariant 6).
    fn now(&self) -> UtcInstant;

    /// Milliseconds that only rise, the time asleep included; for waiting, and for how time passes
    /// while the wall clock is turned.
    fn monotonic_millis(&self) -> u64;

    /// What [`Clock::monotonic_millis`] counts from: the same words mean the same beginning, also in
    /// another run of the program. None where that cannot be told.
    fn counts_from(&self) -> Option<String> {
        None
    }

    /// The reviewer's time zone.
    fn zone(&self) -> jiff::tz::TimeZone;
}

/// The machine's own clock and zone.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcInstant {
        UtcInstant::new(jiff::Timestamp::now())
    }

    fn monotonic_millis(&self) -> u64 {
        rising_millis()
    }

    fn counts_from(&self) -> Option<String> {
        started()
    }

    fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::system()
    }
}

/// A name for this start of the machine.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn started() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

/// A name for this start of the machine; nothing here tells it.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn started() -> Option<String> {
    None
}

/// Milliseconds since the machine started. Linux does not count sleep in its monotonic clock, other
/// systems do.
#[cfg(unix)]
fn rising_millis() -> u64 {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let at = clock_gettime(ClockId::Boottime);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let at = clock_gettime(ClockId::Monotonic);
    let (seconds, nanos) = (u64::try_from(at.tv_sec).unwrap_or(0), u64::try_from(at.tv_nsec).unwrap_or(0));
    seconds.saturating_mul(1000).saturating_add(nanos / 1_000_000)
}

/// Milliseconds since the program first asked.
#[cfg(not(unix))]
fn rising_millis() -> u64 {
    static STARTED: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    u64::try_from(STARTED.get_or_init(std::time::Instant::now).elapsed().as_millis()).unwrap_or(u64::MAX)
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
