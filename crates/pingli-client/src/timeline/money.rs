//! The money of a case. An order and a payment record often state the same movement: it is one.

use super::Bodies;
use pingli_protocol::{EvidenceId, case::Case, evidence::EvidenceBody, order::Payment};
use std::collections::{BTreeMap, BTreeSet};

/// Money that moved once, with every piece of evidence that states it.
pub(super) struct Movement<'a> {
    pub(super) payment: &'a Payment,
    /// The evidence that has this entry, then the others.
    pub(super) stated_in: Vec<&'a EvidenceId>,
}

/// Every movement of money in a case, each once. An entry of another record is the same movement when
/// its kind, its amount and its instant are equal, or when one of the two has no time. What one record
/// states twice moved twice.
pub(super) fn movements<'a>(case: &'a Case, bodies: &'a Bodies) -> Vec<Movement<'a>> {
    let mut movements: Vec<Movement<'a>> = Vec::new();
    for evidence in &case.evidence {
        let payments = match bodies.get(&evidence.id) {
            Some(EvidenceBody::Order(order)) => &order.payments,
            Some(EvidenceBody::PaymentRefund(history)) => &history.payments,
            _ => continue,
        };
        // Each movement of the records before this one is stated by at most one entry of it.
        let mut before = Before::of(&movements);
        let equal: Vec<_> = payments.iter().map(|entry| before.take_equal(entry)).collect();
        for (entry, equal) in payments.iter().zip(equal) {
            match equal.or_else(|| before.take_untimed(entry)) {
                Some(known) => movements[known].is_stated_by(entry, &evidence.id),
                None => movements.push(Movement { payment: entry, stated_in: vec![&evidence.id] }),
            }
        }
    }
    movements
}

impl<'a> Movement<'a> {
    fn is_stated_by(&mut self, entry: &'a Payment, evidence: &'a EvidenceId) {
        if self.payment.at.is_none() && entry.at.is_some() {
            self.payment = entry;
            self.stated_in.insert(0, evidence);
        } else {
            self.stated_in.push(evidence);
        }
    }
}

/// Kind, amount and instant of an entry.
type Key<'a> = (u8, i64, &'a str, Option<i64>);

fn key(entry: &Payment) -> Key<'_> {
    let at = entry.at.map(|at| at.instant().as_millis());
    (entry.kind as u8, entry.amount.minor.get(), &entry.amount.currency, at)
}

/// The movements of earlier records that no entry of this one was found to state.
struct Before<'a>(BTreeMap<Key<'a>, BTreeSet<usize>>);

impl<'a> Before<'a> {
    fn of(movements: &[Movement<'a>]) -> Self {
        let mut free = BTreeMap::<_, BTreeSet<usize>>::new();
        for (place, movement) in movements.iter().enumerate() {
            free.entry(key(movement.payment)).or_default().insert(place);
        }
        Self(free)
    }

    /// The one with the same stamp, or with none like the entry.
    fn take_equal(&mut self, entry: &'a Payment) -> Option<usize> {
        self.take(key(entry))
    }

    /// The one that differs only in that it has no time, or that the entry has none.
    fn take_untimed(&mut self, entry: &'a Payment) -> Option<usize> {
        let (kind, minor, currency, at) = key(entry);
        let untimed = (kind, minor, currency, None);
        let last = (kind, minor, currency, Some(i64::MAX));
        let found = if at.is_some() { Some(untimed) } else { self.0.range(untimed..=last).next().map(|(key, _)| *key) };
        self.take(found?)
    }

    fn take(&mut self, key: Key<'a>) -> Option<usize> {
        let places = self.0.get_mut(&key)?;
        let place = places.pop_first();
        if places.is_empty() {
            self.0.remove(&key);
        }
        place
    }
}
