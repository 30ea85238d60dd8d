//! What crosses the wire keeps its form: samples, refusals, and round trips.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use pingli_protocol::{
    BallotId, Fen, MAX_INTEGER, Points, SeatId, Sha256, Stamp, UtcInstant,
    ballot::{Ballot, BallotOutcome, Finding, IssueFinding},
    case::Side,
    journal::{ActKind, JournalHead, JournalUpdate, KeptReceipt, Place, ReceiptPage},
    ledger::{Balance, LedgerEntry, LedgerKind, LedgerReference, LedgerState},
    problem::ProblemCode,
    sync::digest,
};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn ids_refuse_what_could_be_a_path_or_a_query() {
    for text in ["", ".", "..", "a/b", "a b", "a\0", "案", "a?b", &"x".repeat(129)] {
        assert!(SeatId::new(text).is_err(), "{text:?} must not be an id");
    }
    for text in ["seat-1", "a.b", "019a0b2c-7d1e-7000-8000-000000000001"] {
        assert!(SeatId::new(text).is_ok(), "{text:?} is an id");
    }
}

#[test]
fn a_stamp_keeps_the_offset_it_was_stated_with() {
    let text = "2026-11-02T14:03:27+08:00";
    let stamp: Stamp = text.parse().expect("a valid stamp");
    assert_eq!(stamp.to_string(), text, "the offset is part of the statement");
    assert_eq!(stamp.instant().to_string(), "2026-11-02T06:03:27Z", "and the instant is in UTC");
    let no_rfc_3339 = "2026-11-02T14:03:27+08:00:30";
    for wrong in ["2026-11-02T14:03:27", "2026-11-02", "14:03", "2026-13-02T14:03:27Z", "yesterday", no_rfc_3339] {
        assert!(wrong.parse::<Stamp>().is_err(), "{wrong} is no stamp");
    }
}

#[test]
fn amounts_beyond_what_a_window_holds_exactly_are_refused() {
    assert!(serde_json::from_value::<Points>(json!(MAX_INTEGER)).is_ok(), "2^53 - 1 is exact");
    assert!(serde_json::from_value::<Points>(json!(MAX_INTEGER + 1)).is_err(), "2^53 is not");
    assert!(serde_json::from_value::<Fen>(json!(-MAX_INTEGER - 1)).is_err(), "nor is its negative");
    assert!(serde_json::from_value::<Fen>(json!(1.5)).is_err(), "and there are no fractions");
}

#[test]
fn one_point_is_one_fen() {
    let points = Points::new(1_250).expect("in range");
    assert_eq!(points.to_fen(), Fen::new(1_250).expect("in range"), "1,250 points are 12.50 yuan");
}

#[test]
fn a_ballot_reads_as_it_is_documented() {
    let ballot = Ballot {
        id: BallotId::new("019a0b2c-7d1e-7000-8000-000000000001").expect("an id"),
        seat: SeatId::new("seat-1").expect("an id"),
        case: "tea-cup-crack".parse().expect("an id"),
        round: 1,
        pack_sha256: Sha256::of(b"pack"),
        rule_version: "2026-03".to_owned(),
        choice: "support_buyer".parse().expect("an id"),
        reason_codes: vec![],
        opinion: "杯底裂纹贯穿。".to_owned(),
        cited: vec!["b-2".parse().expect("an id")],
        findings: vec![IssueFinding {
            issue: "i-1".parse().expect("an id"),
            finding: Finding::Favours { side: Side::Buyer },
        }],
        opened_at: "2026-11-21T11:00:00Z".parse().expect("a time"),
        decided_at: "2026-11-21T11:08:00Z".parse().expect("a time"),
        active_seconds: 431,
        client_version: "0.1.0".to_owned(),
    };
    insta::assert_json_snapshot!(ballot);
    assert_eq!(format!("{ballot:?}"), "Ballot {..}", "a ballot never prints what it says");
    assert_eq!(
        serde_json::to_value(BallotOutcome::Refused { code: ProblemCode::LeaseEnded }).expect("serialises"),
        json!({"kind": "refused", "code": "lease_ended"}),
    );
}

#[test]
fn a_journal_reads_as_it_is_documented() {
    let sha256 = Sha256::of(b"link");
    let head = JournalHead { seq: 7, sha256, receipts: 3 };
    let journal = "5f0c6f5e-1c1b-4a57-9d3c-0d6a3f1b2c4d".parse().expect("an id");
    let update = JournalUpdate { seq: 8, sha256, predecessor: Some(journal) };
    let receipt = KeptReceipt {
        seq: 7,
        sha256,
        id: "019a0b2c-7d1e-7000-8000-000000000001".parse().expect("an id"),
        kind: ActKind::CancelDonation,
        body: "{}".to_owned(),
    };
    insta::assert_json_snapshot!((head, update, ReceiptPage { receipts: vec![receipt], more: false }));
    let newer: ActKind = serde_json::from_value(json!("an_act_of_next_year")).expect("reads");
    assert_eq!(newer, ActKind::Unknown, "an older program must not fail on a newer server's receipts");
}

#[test]
fn a_place_in_a_journal_has_one_text() {
    let hash = Sha256::of(b"link").to_string();
    let text = format!("j-1;7;{hash}");
    let place: Place = text.parse().expect("a place");
    assert_eq!((place.seq, place.to_string()), (7, text), "it reads back as it was");
    let long = "9".repeat(16);
    for wrong in [
        String::new(),
        "j-1;7".to_owned(),
        format!("j-1;7;{hash};"),
        format!("j-1;0;{hash}"),
        format!("j-1;07;{hash}"),
        format!("j-1;+7;{hash}"),
        format!("j-1;-7;{hash}"),
        format!("j-1; 7;{hash}"),
        format!("j-1;{long};{hash}"),
        format!("j-1;7;{}", hash.to_uppercase()),
        format!(";7;{hash}"),
        format!("j/1;7;{hash}"),
    ] {
        assert!(wrong.parse::<Place>().is_err(), "{wrong:?} is no place");
    }
}

#[test]
fn an_unknown_problem_code_is_read_as_unknown() {
    let code: ProblemCode = serde_json::from_value(json!("a_code_of_next_year")).expect("reads");
    assert_eq!(code, ProblemCode::Unknown, "an older program must not fail on a newer server's code");
}

#[test]
fn a_digest_does_not_depend_on_the_order_of_records() {
    assert_eq!(digest([("a", 1), ("b", 2)]), digest([("b", 2), ("a", 1)]), "records are sorted first");
    assert_ne!(digest([("a", 1), ("b", 2)]), digest([("a", 1), ("b", 3)]), "a version is part of it");
    assert_ne!(digest([("a1", 1)]), digest([("a", 11)]), "id and version are kept apart");
}

fn entry(kind: LedgerKind, state: LedgerState, points: i64) -> LedgerEntry {
    LedgerEntry {
        id: "e".parse().expect("an id"),
        at: UtcInstant::from_millis(0),
        kind,
        points: Points::new(points).expect("in range"),
        refers_to: LedgerReference::Note { text: String::new() },
        state,
    }
}

#[test]
fn available_is_balance_less_holds() {
    use LedgerKind::{Donate, Earn, Hold, Release};
    use LedgerState::{Pending, Posted};
    let sums = |entries: &[LedgerEntry]| {
        let b = Balance::of(entries).expect("exact");
        (b.balance.get(), b.held.get(), b.available.get(), b.pending.get())
    };
    let mut entries = vec![entry(Earn, Posted, 100), entry(Earn, Pending, 10)];
    assert_eq!(sums(&entries), (100, 0, 100, 10), "pending points cannot be given away");
    entries.push(entry(Hold, Posted, -60));
    assert_eq!(sums(&entries), (100, 60, 40, 10), "a hold sets points aside without spending them");
    entries.extend([entry(Release, Posted, 60), entry(Donate, Posted, -60)]);
    assert_eq!(sums(&entries), (40, 0, 40, 10), "a confirmed donation spends what was held");
}

proptest! {
    #[test]
    fn a_hash_reads_back_from_its_text(bytes in any::<[u8; 32]>()) {
        let hash = Sha256::from_bytes(bytes);
        prop_assert_eq!(hash.to_string().parse::<Sha256>(), Ok(hash));
    }

    #[test]
    fn no_text_makes_the_parsers_panic(text in ".{0,80}") {
        let _ = text.parse::<Sha256>();
        let _ = text.parse::<Stamp>();
        let _ = text.parse::<UtcInstant>();
        let _ = text.parse::<Place>();
        let _ = SeatId::new(text);
    }

    #[test]
    fn milliseconds_round_trip(millis in -60_000_000_000_000_i64..250_000_000_000_000) {
        prop_assert_eq!(UtcInstant::from_millis(millis).as_millis(), millis);
    }
}
