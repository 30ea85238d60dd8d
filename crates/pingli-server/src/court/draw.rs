//! The draw: who may sit on a panel, and which of them do. Pure, so that it can be checked.

use crate::{
    config::GameRules,
    db::{accounts::AccountState, seats::Candidate},
};
use rand::Rng;

/// Why a reviewer is not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ineligible {
    /// The standing is frozen or lost.
    Standing,
    /// As many seats are held as may be.
    OpenSeats,
}

/// Whether a reviewer may be drawn. More rules (age of the account, trade with a party, the same
/// household) take their place here, each with what it needs to know in [`Candidate`].
///
/// # Errors
/// [`Ineligible`] names the first rule that speaks against it.
pub fn check_eligible(candidate: &Candidate, rules: &GameRules) -> Result<(), Ineligible> {
    if candidate.state != AccountState::Good {
        return Err(Ineligible::Standing);
    }
    if candidate.open_seats >= rules.open_seat_cap {
        return Err(Ineligible::OpenSeats);
    }
    Ok(())
}

/// Draws so many at random, each set equally likely: a partial Fisher-Yates shuffle. All of them
/// when there are no more.
pub fn draw<T>(mut pool: Vec<T>, seats: usize, rng: &mut impl Rng) -> Vec<T> {
    let drawn = seats.min(pool.len());
    for place in 0..drawn {
        let other = rng.random_range(place..pool.len());
        pool.swap(place, other);
    }
    pool.truncate(drawn);
    pool
}

/// Draws with the system's cryptographic randomness.
#[must_use]
pub fn draw_panel<T>(pool: Vec<T>, seats: usize) -> Vec<T> {
    draw(pool, seats, &mut rand::rng())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{SeedableRng as _, rngs::StdRng};
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_draw_takes_different_members_of_the_pool(size in 0_usize..200, seats in 0_usize..250, seed: u64) {
            let drawn = draw((0..size).collect(), seats, &mut StdRng::seed_from_u64(seed));
            prop_assert_eq!(drawn.len(), seats.min(size));
            let different: BTreeSet<_> = drawn.iter().collect();
            prop_assert_eq!(different.len(), drawn.len(), "nobody is drawn twice");
            prop_assert!(drawn.iter().all(|member| *member < size));
        }
    }

    #[test]
    fn everybody_and_every_pair_is_drawn_equally_often() {
        let (size, seats, rounds) = (12_usize, 5, 40_000_u32);
        let mut rng = StdRng::seed_from_u64(2016);
        let mut single = vec![0_u32; size];
        let mut pairs = vec![0_u32; size * size];
        for _ in 0..rounds {
            let drawn = draw((0..size).collect::<Vec<_>>(), seats, &mut rng);
            for (i, a) in drawn.iter().enumerate() {
                single[*a] += 1;
                for b in &drawn[i + 1..] {
                    pairs[a.min(b) * size + a.max(b)] += 1;
                }
            }
        }
        // Five standard deviations of a binomial: a wrong shuffle is far outside, a right one
        // fails once in millions of seeds, and the seed is fixed.
        let near = |count: u32, p: f64| {
            let n = f64::from(rounds);
            (f64::from(count) - n * p).abs() < 5.0 * (n * p * (1.0 - p)).sqrt()
        };
        assert!(single.iter().all(|count| near(*count, 5.0 / 12.0)), "members are not equally likely: {single:?}");
        let pair = 5.0 * 4.0 / (12.0 * 11.0);
        for a in 0..size {
            for b in a + 1..size {
                assert!(near(pairs[a * size + b], pair), "the pair {a}, {b} is not as likely as others");
            }
        }
    }

    #[test]
    fn a_frozen_reviewer_and_one_with_full_hands_are_not_drawn() {
        let rules = GameRules::default();
        let candidate = |state, open_seats| Candidate {
            reviewer: pingli_protocol::ReviewerId::new("r-1").unwrap(),
            state,
            open_seats,
        };
        assert_eq!(check_eligible(&candidate(AccountState::Good, 0), &rules), Ok(()));
        assert_eq!(check_eligible(&candidate(AccountState::Frozen, 0), &rules), Err(Ineligible::Standing));
        assert_eq!(check_eligible(&candidate(AccountState::Removed, 0), &rules), Err(Ineligible::Standing));
        let full = candidate(AccountState::Good, rules.open_seat_cap);
        assert_eq!(check_eligible(&full, &rules), Err(Ineligible::OpenSeats));
    }
}
