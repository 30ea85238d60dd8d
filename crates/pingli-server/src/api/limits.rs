//! How many writes an account may make: a bucket each that fills steadily, in memory. One program that
//! has gone wild takes the disk from nobody else; a reviewer who comes back with a full outbox is never
//! near it.

use super::reviewer::Reviewer;
use crate::{
    app::App,
    config::WriteLimit,
    error::{Error, Result},
};
use axum::extract::FromRequestParts;
use http::request::Parts;
use pingli_protocol::{ReviewerId, problem::ProblemCode};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// More buckets than this are not kept: full ones are forgotten first, which changes nothing.
const BUCKETS: usize = 100_000;

/// The buckets of all accounts.
#[derive(Debug)]
pub(crate) struct Limits {
    limit: WriteLimit,
    /// When each bucket will be full again.
    full_at: Mutex<HashMap<ReviewerId, Instant>>,
}

impl Limits {
    pub(crate) fn new(limit: WriteLimit) -> Self {
        Self { limit, full_at: Mutex::default() }
    }

    /// Takes one write out of a bucket, or says how long to wait for it.
    fn take(&self, reviewer: &ReviewerId, now: Instant) -> Result<(), Duration> {
        let one = Duration::from_secs(1) / self.limit.per_second.max(1);
        let whole = one * self.limit.burst.max(1);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= BUCKETS {
            full_at.retain(|_, at| *at > now);
        }
        let at = full_at.get(reviewer).copied().unwrap_or(now).max(now) + one;
        let missing = at.saturating_duration_since(now);
        if missing > whole {
            return Err(missing.saturating_sub(whole));
        }
        full_at.insert(reviewer.clone(), at);
        Ok(())
    }
}

/// The reviewer who is signed in and writes.
pub(crate) struct Acting(pub(crate) ReviewerId);

impl FromRequestParts<Arc<App>> for Acting {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let Reviewer(reviewer) = Reviewer::from_request_parts(parts, app).await?;
        match app.limits.take(&reviewer, Instant::now()) {
            Ok(()) => Ok(Self(reviewer)),
            Err(wait) => Err(Error::Refused {
                code: ProblemCode::TooManyRequests,
                status: crate::error::usual_status(ProblemCode::TooManyRequests),
                detail: "too many writes at once".to_owned(),
                retry_after: Some(wait.as_secs() + 1),
            }),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_lets_a_full_outbox_through_and_then_a_steady_stream() {
        let limits = Limits::new(WriteLimit { burst: 40, per_second: 2 });
        let (lin, wang): (ReviewerId, ReviewerId) = ("lin".parse().unwrap(), "wang".parse().unwrap());
        let now = Instant::now();
        for _ in 0..40 {
            assert_eq!(limits.take(&lin, now), Ok(()), "all at once");
        }
        assert_eq!(limits.take(&lin, now), Err(Duration::from_millis(500)), "and not one more");
        assert_eq!(limits.take(&wang, now), Ok(()), "somebody else's bucket is full");
        assert_eq!(limits.take(&lin, now + Duration::from_millis(500)), Ok(()), "half a second later one more");
        assert!(limits.take(&lin, now + Duration::from_millis(500)).is_err(), "one, not two");
        for _ in 0..40 {
            assert_eq!(limits.take(&lin, now + Duration::from_secs(60)), Ok(()), "a rest fills it");
        }
    }
}
