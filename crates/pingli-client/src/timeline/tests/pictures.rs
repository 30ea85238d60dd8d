//! Pictures that stand in two pieces of evidence, and a delivery after receipt.

use super::{delivered, order, told::Told};
use crate::view::{ObservationKind, TimelineView};
use serde_json::{Value, json};

/// One picture, told by the first digit of its file's hash and by its perceptual hash.
fn picture(file: &str, perceptual: Option<&str>) -> Value {
    json!([{"original": {"path": file, "sha256": file.repeat(64), "bytes": 1, "media_type": "image/jpeg"},
            "perceptual_hash": perceptual}])
}

fn two(first: Value, second: Value) -> TimelineView {
    Told::new().pictures("b-1", "buyer", "image", first).pictures("s-1", "seller", "image", second).view()
}

fn found(view: &TimelineView) -> Vec<&ObservationKind> {
    view.observations.iter().map(|one| &one.finding).collect()
}

#[test]
fn only_the_same_bytes_are_called_the_same_file() {
    let view = two(picture("a", Some("00ff00ff00ff00ff")), picture("b", Some("00ff00ff00ff00ff")));
    assert_eq!(
        found(&view),
        [&ObservationKind::SamePicture { distance: 0, same_file: false }],
        "another file with the very same perceptual hash"
    );
    let view = two(picture("a", Some("00ff00ff00ff00ff")), picture("a", Some("00ff00ff00ff00ff")));
    assert_eq!(found(&view), [&ObservationKind::SamePicture { distance: 0, same_file: true }]);
    let sources: Vec<_> = view.observations[0].sources.iter().map(|one| (one.evidence.as_str(), one.picture)).collect();
    assert_eq!(sources, [("b-1", Some(0)), ("s-1", Some(0))], "both places are named");
}

#[test]
fn the_same_file_is_seen_where_no_perceptual_hash_could_be_made() {
    assert_eq!(
        found(&two(picture("a", None), picture("a", None))),
        [&ObservationKind::SamePicture { distance: 0, same_file: true }]
    );
    assert!(two(picture("a", None), picture("b", None)).observations.is_empty(), "nothing to compare them by");
}

#[test]
fn pictures_are_nearly_the_same_up_to_five_bits() {
    let other = |hash: &str| two(picture("a", Some("0000000000000000")), picture("b", Some(hash))).observations.len();
    assert_eq!(other("000000000000001f"), 1, "five bits differ");
    assert_eq!(other("000000000000003f"), 0, "six bits differ");
}

#[test]
fn a_picture_twice_in_one_piece_or_in_the_chat_is_no_second_piece() {
    let twice = json!([picture("a", None)[0], picture("a", None)[0]]);
    let view = Told::new()
        .pictures("b-1", "buyer", "image", twice)
        .pictures("chat", "platform", "chat_log", picture("a", None))
        .view();
    assert!(view.observations.is_empty(), "{:?}", view.observations);
}

#[test]
fn a_delivery_scan_after_confirmed_receipt_is_observed_and_one_before_it_is_not() {
    let at = |confirmed: &str| {
        Told::new()
            .dates(json!([{"kind": "receipt_confirmed", "at": confirmed}]))
            .record("order", order(delivered(), json!([]), 9_500))
            .view()
            .observations
    };
    let late = at("2026-11-06T15:39:59+08:00");
    let [observation] = &late[..] else { panic!("expected one observation, got {late:?}") };
    let ObservationKind::DeliveredAfterReceipt { delivered, confirmed } = &observation.finding else {
        panic!("expected a delivery after receipt, got {observation:?}");
    };
    assert_eq!(delivered.instant().seconds_since(confirmed.instant()), 1, "one second is later");
    assert_eq!(observation.sources[0].evidence.as_str(), "order", "the record that has the scan");
    assert_eq!(at("2026-11-06T15:40:00+08:00"), [], "at the same moment nothing is said");
}
