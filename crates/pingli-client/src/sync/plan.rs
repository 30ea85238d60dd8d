//! What follows from a complete mirror: pure functions over it.

use crate::error::ClientError;
use pingli_protocol::{
    SeatId, Sha256, UtcInstant,
    seat::{Seat, SeatState},
    sync::{Collection, CollectionDigest},
};
use pingli_store::{PackRow, PackState};
use std::collections::BTreeMap;

/// A lapse is the server's word, or this long after its clock passed the lease's end.
const LAPSE_GRACE_SECONDS: i64 = 60;

/// Whether the mirror comes to what the server says.
pub(super) fn agree(
    digests: &[CollectionDigest],
    own: impl Fn(Collection) -> Result<(u32, Sha256), ClientError>,
) -> Result<bool, ClientError> {
    for digest in digests {
        if own(digest.collection)? != (digest.count, digest.sha256) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What the plan is made from.
pub(super) struct Facts<'a> {
    pub(super) seats: &'a [Seat],
    pub(super) packs: &'a [PackRow],
    /// When the case of a seat was decided, by case and round.
    pub(super) decided: &'a BTreeMap<(String, u32), UtcInstant>,
    pub(super) server_now: UtcInstant,
    pub(super) keep_days: u32,
    pub(super) download_at_once: bool,
}

/// One step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tidy {
    /// Queue the pack of a seat.
    Fetch(SeatId),
    /// Destroy the key of its evidence.
    Shred(SeatId),
}

/// Plans what to fetch and what to shred.
pub(super) fn tidy(facts: &Facts<'_>) -> Vec<Tidy> {
    let mut steps = Vec::new();
    for pack in facts.packs {
        let seat = facts.seats.iter().find(|seat| seat.id == pack.seat);
        if seat.is_none_or(|seat| is_over(seat, facts)) {
            steps.push(Tidy::Shred(pack.seat.clone()));
        }
    }
    for seat in facts.seats {
        let wanted = facts.download_at_once && seat.state == SeatState::Accepted && !is_over(seat, facts);
        let pack = facts.packs.iter().find(|pack| pack.seat == seat.id);
        // A pack that is ready is never changed under the reader; one that is not may as well be
        // the newer one.
        let has = pack.is_some_and(|pack| pack.sha256 == seat.pack.sha256 || pack.state == PackState::Ready);
        if wanted && !has {
            steps.push(Tidy::Fetch(seat.id.clone()));
        }
    }
    steps
}

/// Whether the evidence of a seat may no longer be kept.
fn is_over(seat: &Seat, facts: &Facts<'_>) -> bool {
    let kept_until = |from: UtcInstant| from.plus_seconds(i64::from(facts.keep_days) * 86_400);
    match seat.state {
        SeatState::Offered => false,
        SeatState::Accepted => seat.lease_end.plus_seconds(LAPSE_GRACE_SECONDS) <= facts.server_now,
        SeatState::Declined | SeatState::Returned | SeatState::Recused | SeatState::Lapsed | SeatState::Revoked => true,
        SeatState::Counted | SeatState::ClosedEarly => {
            let decided = facts.decided.get(&(seat.case.as_str().to_owned(), seat.round)).copied();
            kept_until(decided.unwrap_or(seat.voting_end)) <= facts.server_now
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docket::fixtures::{pack_row, seat};

    const NOW: UtcInstant = UtcInstant::new(jiff::Timestamp::UNIX_EPOCH);

    fn plan(seat: Seat, has_pack: bool, decided: Option<i64>) -> Vec<Tidy> {
        let packs: Vec<PackRow> = has_pack.then(|| pack_row(&seat, PackState::Ready)).into_iter().collect();
        let decided = decided
            .map(|days| ((seat.case.as_str().to_owned(), seat.round), NOW.plus_seconds(-days * 86_400)))
            .into_iter()
            .collect();
        let facts = Facts {
            seats: &[seat],
            packs: &packs,
            decided: &decided,
            server_now: NOW,
            keep_days: 7,
            download_at_once: true,
        };
        tidy(&facts)
    }

    #[test]
    fn an_accepted_seat_is_fetched_and_an_ended_one_is_shredded() {
        let in_an_hour = NOW.plus_seconds(3600);
        let id = seat(SeatState::Accepted, in_an_hour).id;
        let fetch = || vec![Tidy::Fetch(id.clone())];
        let shred = || vec![Tidy::Shred(id.clone())];
        let long_ago = NOW.plus_seconds(-61);
        for (state, lease_end, has_pack, decided, expected, why) in [
            (SeatState::Offered, in_an_hour, false, None, vec![], "nothing before the conflict card"),
            (SeatState::Accepted, in_an_hour, false, None, fetch(), "accepted cases are fetched at once"),
            (SeatState::Accepted, in_an_hour, true, None, vec![], "what is here stays"),
            (SeatState::Accepted, long_ago, true, None, shred(), "the lease ran out by the server's clock"),
            (SeatState::Accepted, NOW.plus_seconds(-59), true, None, vec![], "not in the last minute yet"),
            (SeatState::Returned, in_an_hour, true, None, shred(), "given back"),
            (SeatState::Recused, in_an_hour, true, None, shred(), "given up"),
            (SeatState::Lapsed, in_an_hour, true, None, shred(), "lapsed by the server's word"),
            (SeatState::Revoked, in_an_hour, true, None, shred(), "taken away"),
            (SeatState::Counted, in_an_hour, true, None, vec![], "its verdict is still to come"),
            (SeatState::Counted, in_an_hour, true, Some(6), vec![], "six days after the verdict"),
            (SeatState::Counted, in_an_hour, true, Some(7), shred(), "the retention is over"),
        ] {
            assert_eq!(plan(seat(state, lease_end), has_pack, decided), expected, "{why}");
        }
    }

    #[test]
    fn a_pack_of_a_seat_that_is_gone_is_shredded() {
        let gone = seat(SeatState::Accepted, NOW.plus_seconds(3600));
        let packs = [pack_row(&gone, PackState::Ready)];
        let facts = Facts {
            seats: &[],
            packs: &packs,
            decided: &BTreeMap::new(),
            server_now: NOW,
            keep_days: 7,
            download_at_once: true,
        };
        assert_eq!(tidy(&facts), [Tidy::Shred(gone.id)], "the server knows nothing of it");
    }

    #[test]
    fn one_digest_that_differs_is_a_mirror_that_differs() {
        let sha256 = Sha256::of(b"");
        let digest = |count| CollectionDigest { collection: Collection::Seats, count, sha256 };
        assert!(agree(&[digest(2)], |_| Ok((2, sha256))).expect("no error"), "the same");
        assert!(!agree(&[digest(2)], |_| Ok((3, sha256))).expect("no error"), "another count");
        assert!(!agree(&[digest(2)], |_| Ok((2, Sha256::of(b"x")))).expect("no error"), "another hash");
    }
}
