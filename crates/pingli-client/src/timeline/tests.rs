//! The axis and the observations over a small case, told as data.

use super::{Bodies, timeline};
use crate::view::{ObservationKind, TimelineKind, TimelineView};
use pingli_protocol::case::CaseDocument;
use serde_json::{Value, json};

/// A case with one order, one chat and pictures as given.
fn view(key_dates: Value, chat: Value, order: Value, media: Value) -> TimelineView {
    let evidence = |id: &str, side: &str, kind: &str, media: Value| {
        json!({"id": id, "number": {"side": side, "n": 1}, "kind": kind, "title": id, "grade": "platform_record",
               "media": media})
    };
    let document: CaseDocument = serde_json::from_value(json!({
        "format": 1,
        "case": {
            "id": "c", "round": 1, "title": "t", "summary": "s", "language": "zh-Hans", "time_zone": "Asia/Shanghai",
            "rule_version": "1", "parties": [], "claims": [], "issues": [], "events": [], "key_dates": key_dates,
            "evidence": [
                evidence("chat", "platform", "chat_log", json!([])),
                evidence("order", "platform", "order", json!([])),
                evidence("photos", "buyer", "image", media),
                evidence("reply", "seller", "image", json!([])),
            ],
        },
        "case_type": {
            "code": "transaction_dispute", "title": {"zh-Hans": "a", "en": "a"}, "question": {"zh-Hans": "a", "en": "a"},
            "options": [], "required_evidence": [], "reason_codes": [], "vote_system": VOTES.parse::<Value>().expect("json"),
            "estimated_minutes": 5, "offline_ok": true, "points": 10, "weight": "light",
            "line_of_defence": "transaction", "route": "final", "study_licence": "",
        },
        "vote_system": VOTES.parse::<Value>().expect("json"),
    }))
    .expect("the case reads");
    let mut bodies = Bodies::new();
    bodies.insert("chat".parse().expect("an id"), serde_json::from_value(chat).expect("the chat reads"));
    bodies.insert("order".parse().expect("an id"), serde_json::from_value(order).expect("the order reads"));
    timeline(&document, &bodies)
}

const VOTES: &str = r#"{"panel_size":31,"rule":{"kind":"plurality"},"quorum":11,"early_finish":true,
    "cannot_decide":"excluded","tie":"staff","voting_window_seconds":86400,"seat_lease_seconds":43200,
    "late_ballot":"recorded"}"#;

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
