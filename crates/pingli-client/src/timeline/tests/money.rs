//! Sums over all records of a case, and money that two of them state.

use super::{order, told::Told};
use crate::view::{ObservationKind, TimelineKind, TimelineView};
use serde_json::{Value, json};

fn pay(kind: &str, at: Option<&str>, minor: i64) -> Value {
    let at = at.map(|at| format!("2026-11-{at}+08:00"));
    json!({"at": at, "kind": kind, "amount": {"minor": minor, "currency": "CNY"}})
}

/// A case whose order has some payments and whose payment record has others.
fn two(in_order: Value, in_record: Value) -> TimelineView {
    Told::new()
        .record("order", order(json!([]), in_order, 9_500))
        .record("money", json!({"kind": "payment_refund", "payments": in_record}))
        .view()
}

fn above(view: &TimelineView) -> Option<(i64, i64)> {
    view.observations.iter().find_map(|one| match one.finding {
        ObservationKind::RefundAbovePaid { paid, refunded, .. } => Some((paid, refunded)),
        _ => None,
    })
}

const PAID: Option<&str> = Some("02T14:20:05");
const BACK: Option<&str> = Some("09T10:00:00");

#[test]
fn a_record_of_the_refund_alone_is_set_against_the_payment_in_the_order() {
    let view = two(json!([pay("payment", PAID, 9_500)]), json!([pay("refund", BACK, 9_500)]));
    assert_eq!(above(&view), None, "the order has the payment, the record has the refund, and they are equal");
}

#[test]
fn where_no_payment_is_recorded_nothing_is_said_of_refunds() {
    assert_eq!(above(&two(json!([]), json!([pay("refund", BACK, 9_500)]))), None, "what was paid is not known");
}

#[test]
fn an_excess_that_is_split_across_two_records_is_observed_with_both() {
    let view = two(
        json!([pay("payment", PAID, 9_500), pay("refund", BACK, 9_000)]),
        json!([pay("refund", Some("10T09:00:00"), 600)]),
    );
    assert_eq!(above(&view), Some((9_500, 9_600)), "9000 and 600 came back");
    let sources: Vec<_> = view.observations[0].sources.iter().map(|source| source.evidence.as_str()).collect();
    assert_eq!(sources, ["order", "money"]);
}

#[test]
fn what_two_records_state_moved_once_and_what_one_states_twice_moved_twice() {
    let both = json!([pay("payment", PAID, 9_500), pay("refund", BACK, 9_500)]);
    let view = two(both.clone(), both);
    assert_eq!(above(&view), None);
    let money: Vec<_> = view
        .items
        .iter()
        .map(|item| (item.kind, item.source.as_ref().map(|one| one.evidence.as_str()), item.also.len()))
        .collect();
    assert_eq!(
        money,
        [(TimelineKind::Payment, Some("order"), 1), (TimelineKind::Refund, Some("order"), 1)],
        "each stands on the axis once and names the other record"
    );
    let twice = json!([pay("payment", PAID, 9_500), pay("refund", BACK, 9_500), pay("refund", BACK, 9_500)]);
    let view = two(twice, json!([pay("refund", BACK, 9_500)]));
    assert_eq!(above(&view), Some((9_500, 19_000)), "one record has two refunds, and the other states one of them");
}

#[test]
fn an_equal_instant_in_another_zone_is_the_same_and_another_second_or_amount_is_not() {
    let zoned = json!({"at": "2026-11-02T06:20:05Z", "kind": "payment", "amount": {"minor": 9_500, "currency": "CNY"}});
    let count = |entry: Value| two(json!([pay("payment", PAID, 9_500)]), json!([entry])).items.len();
    assert_eq!(count(zoned), 1);
    assert_eq!(count(pay("payment", Some("02T14:20:06"), 9_500)), 2);
    assert_eq!(count(pay("payment", PAID, 9_501)), 2);
    assert_eq!(count(pay("refund", PAID, 9_500)), 2);
}

#[test]
fn an_entry_without_a_time_may_be_one_that_another_record_dates() {
    let view = two(
        json!([pay("payment", None, 9_500), pay("refund", None, 9_500)]),
        json!([pay("payment", PAID, 9_500), pay("refund", BACK, 9_500)]),
    );
    assert_eq!((above(&view), view.without_time), (None, 0), "nothing came back twice, and all of it has a time");
    assert_eq!(view.items[0].source.as_ref().map(|one| one.evidence.as_str()), Some("money"), "who has the time");
    let view = two(
        json!([pay("refund", BACK, 100), pay("payment", PAID, 9_500)]),
        json!([pay("refund", None, 100), pay("refund", BACK, 100)]),
    );
    assert_eq!((view.items.len(), view.without_time), (2, 1), "the equal stamp is found first; the other is another");
}

#[test]
fn currencies_are_not_added_up() {
    let dollars = |kind: &str| json!({"kind": kind, "amount": {"minor": 9_000, "currency": "USD"}});
    let view = two(json!([pay("payment", PAID, 9_500), pay("refund", BACK, 9_500)]), json!([dollars("refund")]));
    assert_eq!(above(&view), None, "no payment in dollars is recorded");
}
