//! The axis and the observations over a small case, told as data.

mod dates;
mod money;
mod order;
mod pictures;
mod told;

use super::{ChatOutline, Outliner};
use crate::view::{ObservationKind, TimelineKind, TimelineView};
use pingli_protocol::{Stamp, UtcInstant, case::Side};
use serde_json::{Value, json};
use told::Told;

/// A case with one order, one chat and pictures as given.
fn view(key_dates: Value, chat: Value, order: Value, media: Value) -> TimelineView {
    Told::new()
        .dates(key_dates)
        .chat("chat", chat)
        .record("order", order)
        .pictures("photos", "buyer", "image", media)
        .pictures("reply", "seller", "image", json!([]))
        .view()
}

fn chat(messages: Value) -> Value {
    json!({"kind": "chat_log", "platform": "p", "time_zone": "Asia/Shanghai", "complete": true, "messages": messages,
           "participants": [{"id": "b", "side": "buyer", "alias": "林**"}, {"id": "s", "side": "seller", "alias": "店"}]})
}

fn order(scans: Value, payments: Value, paid: i64) -> Value {
    let money = |minor: i64| json!({"minor": minor, "currency": "CNY"});
    json!({"kind": "order", "number": "1***2", "items": [], "payments": payments,
           "amounts": [{"kind": "goods", "amount": money(10_000)}, {"kind": "discount", "amount": money(-500)},
                       {"kind": "paid", "amount": money(paid)}],
           "shipments": [{"carrier": "示例快递", "tracking": "1***2", "sender": "seller", "scans": scans}]})
}

fn photo(exif: Value) -> Value {
    let file = json!({"path": "p", "sha256": "0".repeat(64), "bytes": 1, "media_type": "image/jpeg"});
    json!([{"original": file, "exif": exif, "group": "received"}])
}

fn message(seq: u32, at: &str, from: &str) -> Value {
    json!({"seq": seq, "at": format!("2026-11-{at}+08:00"), "from": from, "text": format!("m{seq}")})
}

fn delivered() -> Value {
    json!([{"at": "2026-11-06T15:40:00+08:00", "kind": "delivered", "place": "成都"}])
}

fn plain() -> (Value, Value, Value) {
    (chat(json!([])), order(delivered(), json!([]), 9_500), json!([]))
}

#[test]
fn a_chat_is_cut_into_runs_and_keeps_its_recorded_order() {
    let messages = json!([
        message(1, "02T14:03:27", "b"), message(2, "02T14:05:51", "s"), message(3, "02T14:05:49", "b"),
        message(4, "02T20:00:00", "b"), message(5, "03T00:00:01", "s"),
        {"seq": 6, "from": "b", "text": "no time"},
    ]);
    let (_, order, media) = plain();
    let view = view(json!([]), chat(messages), order, media);
    let runs: Vec<_> = view
        .items
        .iter()
        .filter(|item| item.kind == TimelineKind::Chat)
        .map(|item| (item.source.as_ref().and_then(|source| source.seq), item.count))
        .collect();
    assert_eq!(runs, [(Some(1), 3), (Some(4), 1), (Some(5), 1)], "a gap or a new day begins a new run");
    assert_eq!(view.without_time, 1, "a message without a time is counted, not placed");
}

#[test]
fn a_picture_taken_before_the_delivery_scan_is_observed() {
    let (chat, order, _) = plain();
    let exif = json!({"captured_local": "2026-11-05T15:40:00", "has_position": false});
    let view = view(json!([]), chat, order, photo(exif));
    let ObservationKind::TakenBeforeDelivery { seconds, .. } = view.observations[0].finding else {
        panic!("expected a picture before delivery, got {:?}", view.observations);
    };
    assert_eq!(seconds, 86_400, "the camera gave no offset, so the case's own zone is taken");
    let item = view.items.iter().find(|item| item.kind == TimelineKind::PhotoTaken).expect("it is on the axis");
    assert!(item.zone_assumed, "and the axis says so");
    assert_eq!(view.observations[0].sources.len(), 2, "the picture and the scan are both named");
}

#[test]
fn a_picture_taken_after_the_return_was_filed_is_observed() {
    let (chat, order, _) = plain();
    let dates = json!([{"kind": "return_filed", "at": "2026-11-08T21:02:00+08:00"}]);
    let exif = json!({"captured_at": "2026-11-09T20:14:00+08:00", "has_position": true});
    let view = view(dates, chat, order, photo(exif));
    assert!(
        matches!(view.observations[0].finding, ObservationKind::TakenAfterFiling { seconds: 83_520, .. }),
        "{:?}",
        view.observations
    );
}

#[test]
fn money_that_does_not_add_up_is_observed_and_money_that_does_is_not() {
    let pay = |kind: &str, minor: i64| json!({"kind": kind, "amount": {"minor": minor, "currency": "CNY"}});
    let kinds = |payments: Value, paid: i64| {
        let (chat, _, media) = plain();
        let found = view(json!([]), chat, order(delivered(), payments, paid), media).observations;
        found.into_iter().map(|observation| observation.finding).collect::<Vec<_>>()
    };
    assert_eq!(kinds(json!([pay("payment", 9_500), pay("refund", 9_500)]), 9_500), [], "10000 - 500 = 9500");
    assert!(
        matches!(kinds(json!([]), 9_400)[..], [ObservationKind::SumsDiffer { sum: 9_500, paid: 9_400, .. }]),
        "the bill is 9500"
    );
    assert!(
        matches!(
            kinds(json!([pay("payment", 9_500), pay("refund", 9_600)]), 9_500)[..],
            [ObservationKind::RefundAbovePaid { paid: 9_500, refunded: 9_600, .. }]
        ),
        "100 more came back than was paid"
    );
}

#[test]
fn a_quote_of_a_missing_message_is_observed() {
    let (_, order, media) = plain();
    let mut quoting = message(3, "02T14:06:00", "s");
    quoting["quotes"] = json!(2);
    let view = view(json!([]), chat(json!([message(1, "02T14:03:00", "b"), quoting])), order, media);
    assert_eq!(view.observations[0].finding, ObservationKind::QuoteMissing { seq: 3, quoted: 2 });
}

#[test]
fn a_promise_of_dispatch_is_set_against_the_first_scan() {
    let scans = json!([{"at": "2026-11-05T09:12:00+08:00", "kind": "picked_up"}]);
    let dates = json!([{"kind": "dispatch_promised", "at": "2026-11-04T14:20:00+08:00"}]);
    let view = view(dates, chat(json!([])), order(scans, json!([]), 9_500), json!([]));
    assert!(
        matches!(view.observations[0].finding, ObservationKind::DispatchAgainstPromise { seconds: 67_920, .. }),
        "{:?}",
        view.observations
    );
}

#[test]
fn a_picture_changed_by_a_program_names_the_program_and_one_written_by_the_camera_does_not() {
    let (chat, order, _) = plain();
    let exif = |modified: &str| json!({"captured_local": "2026-11-07T10:00:00", "modified_local": modified, "software": "Snap 5", "has_position": false});
    let edited = view(json!([]), chat.clone(), order.clone(), photo(exif("2026-11-07T22:00:00")));
    assert_eq!(edited.observations[0].finding, ObservationKind::EditedWith { software: "Snap 5".to_owned() });
    let untouched = view(json!([]), chat, order, photo(exif("2026-11-07T10:00:01")));
    assert!(untouched.observations.is_empty(), "a camera writes its own program's name too");
}

/// An outline of messages so many minutes apart.
fn outline(count: u32, minutes: i64) -> ChatOutline {
    let mut outliner = Outliner::default();
    for n in 0..count {
        let at = UtcInstant::from_millis(1_700_000_000_000 + i64::from(n) * minutes * 60_000);
        let stamp = Stamp::new(at.timestamp(), jiff::tz::Offset::constant(8));
        let message = json!({"seq": n + 1, "at": stamp, "from": "b", "text": "字".repeat(5_000)});
        outliner.message(&serde_json::from_value(message).expect("a message"));
    }
    let buyer = json!({"id": "b", "side": "buyer", "alias": "林**"});
    outliner.finish(&[serde_json::from_value(buyer).expect("a participant")])
}

#[test]
fn a_log_of_more_than_two_thousand_runs_is_told_by_the_hour_and_a_longer_one_by_the_day() {
    let sums = |outline: &ChatOutline| outline.runs.iter().map(|run| run.count).sum::<u32>();
    let runs = outline(2_000, 11);
    assert_eq!(runs.runs.len(), 2_000, "each is a run of its own");
    let hours = outline(2_001, 11);
    assert_eq!((hours.runs.len(), sums(&hours)), (367, 2_001), "2,001 times 11 minutes touch 367 hours");
    assert!(
        hours.runs.iter().all(|run| run.until.instant().seconds_since(run.at.instant()) < 3_600),
        "within the hour"
    );
    let days = outline(2_500, 61);
    assert_eq!((days.runs.len(), sums(&days)), (107, 2_500), "2,500 times 61 minutes touch 107 days");
    assert_eq!(days.runs[1].side, Some(Side::Buyer), "a merged run still has who spoke first");
    assert!(days.runs.iter().all(|run| run.words.chars().count() == 200), "of long words only the first are kept");
    let rising = days.runs.windows(2).all(|pair| pair[0].at.instant() < pair[1].at.instant());
    assert!(rising, "merged runs are in the order of time");
}

#[test]
fn stamps_that_jump_to_and_fro_make_no_more_runs_than_there_are_hours() {
    let mut outliner = Outliner::default();
    for n in 0..10_000_u32 {
        let hour = if n.is_multiple_of(2) { "02T08" } else { "04T09" };
        outliner.message(&serde_json::from_value(message(n + 1, &format!("{hour}:30:00"), "b")).expect("a message"));
    }
    let outline = outliner.finish(&[]);
    assert_eq!(outline.runs.iter().map(|run| run.count).collect::<Vec<_>>(), [5_000, 5_000], "two hours, two runs");
}

#[test]
fn of_many_quotes_that_lead_nowhere_the_first_are_named_and_all_are_counted() {
    let quoting = |seq: u32| json!({"seq": seq, "from": "b", "text": "", "quotes": if seq.is_multiple_of(2) { seq - 1 } else { seq + 10_000 }});
    let messages: Vec<Value> = (1..=500).map(quoting).collect();
    let (_, order, media) = plain();
    let observed = view(json!([]), chat(json!(messages)), order, media).observations;
    let named = observed.iter().filter(|found| matches!(found.finding, ObservationKind::QuoteMissing { .. })).count();
    assert_eq!(named, 100, "the first hundred by name");
    let more = observed.iter().find_map(|found| match found.finding {
        ObservationKind::MoreQuotesMissing { count } => Some(count),
        _ => None,
    });
    assert_eq!(more, Some(150), "250 lead nowhere, every second one");
}
