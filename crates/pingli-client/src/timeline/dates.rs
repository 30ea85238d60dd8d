//! The dates that the rules look at, on the axis: each on the item that records it, or by itself.

use crate::view::{TimelineItem, TimelineKind};
use pingli_protocol::{
    Stamp,
    case::{Case, KeyDate, KeyDateKind},
};

/// A date and the record of it may differ by so many seconds.
const SAME_SECONDS: i64 = 60;

/// The kinds of items that can be the record of a date, the likeliest first. A promise is no event, so
/// nothing records that its time has come.
const fn records_of(kind: KeyDateKind) -> &'static [TimelineKind] {
    use TimelineKind::{Claim, Document, OrderStatus, PartyAct, Payment, PlatformAct, Refund, Review, Scan, Statement};
    match kind {
        KeyDateKind::Ordered | KeyDateKind::ReceiptConfirmed => &[OrderStatus, PartyAct],
        KeyDateKind::Paid => &[Payment, OrderStatus],
        KeyDateKind::DispatchPromised => &[],
        KeyDateKind::Dispatched | KeyDateKind::Delivered => &[Scan, OrderStatus],
        KeyDateKind::ReturnFiled => &[Claim, OrderStatus, PartyAct, Statement],
        KeyDateKind::Refunded => &[Refund, OrderStatus],
        KeyDateKind::Reviewed => &[Review],
        KeyDateKind::Penalised => &[PlatformAct, Document],
        KeyDateKind::AppealFiled => &[Claim, PartyAct, Statement],
        KeyDateKind::ReportFiled => &[Claim, PartyAct, Document, Statement],
        KeyDateKind::Registered => &[Document],
    }
}

fn seconds_apart(one: Stamp, other: Stamp) -> i64 {
    one.instant().seconds_since(other.instant()).abs()
}

/// The item that records a date: one that can be opened before one that cannot, then the likeliest kind,
/// then the nearest.
fn record<'a>(items: impl Iterator<Item = &'a mut TimelineItem>, date: &KeyDate) -> Option<&'a mut TimelineItem> {
    let kinds = records_of(date.kind);
    items
        .filter_map(|item| {
            let rank = kinds.iter().position(|kind| *kind == item.kind)?;
            let apart = seconds_apart(item.at, date.at);
            (apart <= SAME_SECONDS).then_some(((item.source.is_none(), rank, apart), item))
        })
        .min_by_key(|(order, _)| *order)
        .map(|(_, item)| item)
}

/// Marks the items that record the dates of a case; answers the dates that none of them records.
pub(super) fn mark<'a>(case: &'a Case, items: &mut [&mut TimelineItem]) -> Vec<&'a KeyDate> {
    let mut alone = Vec::new();
    for date in &case.key_dates {
        match record(items.iter_mut().map(|item| &mut **item), date) {
            Some(item) => item.key_dates.push(date.kind),
            None => alone.push(date),
        }
    }
    alone
}

/// A date of the case, with the place of its item on the axis.
pub(super) fn find(case: &Case, items: &[TimelineItem], kind: KeyDateKind) -> Option<(Stamp, usize)> {
    let at = case.key_date(kind)?;
    let is_it = |item: &TimelineItem| item.key_dates.contains(&kind) && seconds_apart(item.at, at) <= SAME_SECONDS;
    Some((at, items.iter().position(is_it)?))
}
