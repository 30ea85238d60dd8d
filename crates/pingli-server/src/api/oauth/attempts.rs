//! Failed sign-ins: so many per name and address, and per address, within ten minutes. Kept in
//! memory; a successful sign-in costs nothing.

use pingli_protocol::UtcInstant;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

const WINDOW: i64 = 600;
const PER_NAME: u32 = 8;
const PER_ADDRESS: u32 = 60;
/// More keys than this are not kept apart: the oldest are forgotten.
const KEYS: usize = 20_000;

/// Failed sign-ins, counted.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, (UtcInstant, u32)>>);

impl Attempts {
    /// Seconds to wait before another try, when there were too many.
    pub(crate) fn wait(&self, address: &str, name: &str, now: UtcInstant) -> Option<u64> {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = |key: String, limit: u32| match counted.get(&key) {
            Some((since, count)) if *count >= limit && now.seconds_since(*since) < WINDOW => {
                u64::try_from(WINDOW - now.seconds_since(*since)).ok()
            }
            _ => None,
        };
        left(pair(address, name), PER_NAME).max(left(address.to_owned(), PER_ADDRESS))
    }

    /// Counts a failed try.
    pub(crate) fn failed(&self, address: &str, name: &str, now: UtcInstant) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() > KEYS {
            counted.retain(|_, (since, _)| now.seconds_since(*since) < WINDOW);
            if counted.len() > KEYS {
                counted.clear();
            }
        }
        for key in [pair(address, name), address.to_owned()] {
            let entry = counted.entry(key).or_insert((now, 0));
            if now.seconds_since(entry.0) >= WINDOW {
                *entry = (now, 0);
            }
            entry.1 += 1;
        }
    }
}

fn pair(address: &str, name: &str) -> String {
    // The hash bounds the length of what is kept.
    format!("{address} {}", pingli_protocol::Sha256::of(name.as_bytes()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;

    #[test]
    fn the_ninth_try_of_a_name_waits_and_others_do_not() {
        let attempts = Attempts::default();
        let now: UtcInstant = "2026-11-21T08:00:00Z".parse().unwrap();
        for _ in 0..PER_NAME {
            assert_eq!(attempts.wait("10.0.0.1", "lin", now), None);
            attempts.failed("10.0.0.1", "lin", now);
        }
        assert_eq!(attempts.wait("10.0.0.1", "lin", now.plus_seconds(100)), Some(500));
        assert_eq!(attempts.wait("10.0.0.1", "wang", now), None, "another name");
        assert_eq!(attempts.wait("10.0.0.2", "lin", now), None, "another address");
        assert_eq!(attempts.wait("10.0.0.1", "lin", now.plus_seconds(WINDOW)), None, "ten minutes later");
    }
}
