//! The dates that matter on the axis, and the observations that lean on them.

use super::{order, photo, told::Told};
use crate::view::{ObservationKind, TimelineItem, TimelineKind, TimelineView};
use pingli_protocol::case::KeyDateKind;
use serde_json::{Value, json};

fn date(kind: &str, at: &str) -> Value {
    json!({"kind": kind, "at": format!("2026-11-{at}+08:00")})
}

/// An order with states and a delivery scan.
fn record(history: &[(&str, &str)]) -> Value {
    let mut order = order(json!([{"at": "2026-11-06T15:40:00+08:00", "kind": "delivered"}]), json!([]), 9_500);
    let state = |(at, status): &(&str, &str)| json!({"at": format!("2026-11-{at}+08:00"), "status": status});
    order["history"] = history.iter().map(state).collect();
    order
}

fn with_dates(view: &TimelineView) -> Vec<(TimelineKind, &[KeyDateKind], bool)> {
    let dated = view.items.iter().filter(|item| !item.key_dates.is_empty());
    dated.map(|item| (item.kind, &item.key_dates[..], item.source.is_some())).collect()
}

/// What an observation leans on, told by the dates of the items.
fn leans_on(view: &TimelineView, n: usize) -> Vec<&TimelineItem> {
    view.observations[n].leans_on.iter().map(|place| &view.items[*place as usize]).collect()
}

fn evidence(view: &TimelineView, n: usize) -> Vec<&str> {
    view.observations[n].sources.iter().map(|source| source.evidence.as_str()).collect()
}

#[test]
fn a_date_stands_on_the_record_of_it_or_by_itself() {
    let view = Told::new()
        .dates(json!([
            date("delivered", "06T15:41:00"),
            date("return_filed", "08T21:02:15"),
            date("receipt_confirmed", "10T20:00:00"),
            date("dispatch_promised", "04T14:20:05"),
        ]))
        .record("order", record(&[("08T21:02:15", "returned"), ("10T20:01:01", "confirmed")]))
        .view();
    assert_eq!(
        with_dates(&view),
        [
            (TimelineKind::KeyDate, &[KeyDateKind::DispatchPromised][..], false),
            (TimelineKind::Scan, &[KeyDateKind::Delivered][..], true),
            (TimelineKind::OrderStatus, &[KeyDateKind::ReturnFiled][..], true),
            (TimelineKind::KeyDate, &[KeyDateKind::ReceiptConfirmed][..], false),
        ],
        "a minute apart is the same; 61 seconds are not; a promise is never an event"
    );
    assert_eq!(view.items.len(), 5, "no date stands twice");
}

#[test]
fn of_several_records_the_likeliest_is_taken_and_one_may_have_two_dates() {
    let told = |dates: Value| {
        let view = Told::new().dates(dates).record("order", record(&[("06T15:40:00", "received")])).view();
        with_dates(&view).iter().map(|(kind, dates, _)| (*kind, dates.len())).collect::<Vec<_>>()
    };
    assert_eq!(told(json!([date("delivered", "06T15:40:00")])), [(TimelineKind::Scan, 1)], "a scan before a state");
    assert_eq!(
        told(json!([date("ordered", "06T15:40:00"), date("receipt_confirmed", "06T15:40:10")])),
        [(TimelineKind::OrderStatus, 2)]
    );
    let claims = json!([{"side": "buyer", "text": "c", "filed_at": "2026-11-06T15:40:00+08:00"}]);
    let dates = json!([date("return_filed", "06T15:40:00")]);
    let view = Told::new().dates(dates).claims(claims).record("order", record(&[("06T15:40:09", "filed")])).view();
    assert_eq!(
        with_dates(&view),
        [(TimelineKind::OrderStatus, &[KeyDateKind::ReturnFiled][..], true)],
        "what can be opened before what cannot"
    );
}

#[test]
fn a_photo_after_filing_names_the_record_of_the_filing_and_its_place_on_the_axis() {
    let taken = photo(json!({"captured_at": "2026-11-09T20:14:00+08:00", "has_position": false}));
    let told = |history: &[(&str, &str)]| {
        Told::new()
            .dates(json!([date("return_filed", "08T21:02:00")]))
            .record("order", record(history))
            .pictures("photos", "buyer", "image", taken.clone())
            .view()
    };
    let recorded = told(&[("08T21:02:15", "returned")]);
    assert!(matches!(recorded.observations[0].finding, ObservationKind::TakenAfterFiling { .. }));
    assert_eq!(evidence(&recorded, 0), ["photos", "order"]);
    let places: Vec<_> = leans_on(&recorded, 0).iter().map(|item| (item.kind, item.text.as_str())).collect();
    assert_eq!(places, [(TimelineKind::OrderStatus, "returned")]);
    let alone = told(&[]);
    assert_eq!(evidence(&alone, 0), ["photos"], "no record of it is here");
    assert_eq!(leans_on(&alone, 0)[0].key_dates, [KeyDateKind::ReturnFiled], "the date itself is on the axis");
}

#[test]
fn a_claim_that_stands_for_the_filing_is_named_by_its_place() {
    let view = Told::new()
        .claims(json!([{"side": "buyer", "text": "c", "filed_at": "2026-11-08T21:02:00+08:00"}]))
        .pictures(
            "photos",
            "buyer",
            "image",
            photo(json!({"captured_at": "2026-11-09T20:14:00+08:00", "has_position": false})),
        )
        .view();
    assert_eq!(leans_on(&view, 0)[0].kind, TimelineKind::Claim);
}

#[test]
fn a_dispatch_that_only_the_dates_tell_of_names_both() {
    let dates = json!([date("dispatch_promised", "04T14:20:05"), date("dispatched", "05T09:12:00")]);
    let view = Told::new().dates(dates).record("order", record(&[])).view();
    let dates: Vec<_> = leans_on(&view, 0).iter().flat_map(|item| item.key_dates.clone()).collect();
    assert_eq!(dates, [KeyDateKind::Dispatched, KeyDateKind::DispatchPromised]);
    let dates = json!([date("dispatch_promised", "04T14:20:05"), date("dispatched", "05T09:12:00")]);
    let view = Told::new().dates(dates).record("order", record(&[("05T09:12:30", "sent")])).view();
    assert_eq!(evidence(&view, 0), ["order"], "and the record of it, where there is one");
}

#[test]
fn a_delivery_after_receipt_names_the_scan_and_the_confirmation() {
    let dates = json!([date("receipt_confirmed", "06T12:00:00")]);
    let view = Told::new().dates(dates).record("order", record(&[("06T12:00:00", "confirmed")])).view();
    assert!(matches!(view.observations[0].finding, ObservationKind::DeliveredAfterReceipt { .. }));
    assert_eq!(evidence(&view, 0), ["order"], "both are in one record, which is named once");
    assert_eq!(leans_on(&view, 0)[0].key_dates, [KeyDateKind::ReceiptConfirmed]);
}
