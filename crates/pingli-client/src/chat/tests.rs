//! Chat logs from the pack to the page, over a real store.

use super::{chat, chat_page, find};
use crate::{
    contents,
    error::ClientError,
    packs, room,
    testing::{Machine, chat_body, evidence},
    view::{ChatPage, ChatPlace, TimelineKind},
    windows::WindowId,
};
use pingli_store::{PackState, StoreError};
use proptest::prelude::*;
use serde_json::{Value, json};

const CANARY: &str = "杯沿的缺口-canary-3391";

/// `count` messages, every minute one, numbered 1, 2, 4, 5, 7, 8 and so on: each third is missing.
fn messages(count: u32) -> Value {
    let one = |place: u32| {
        let seq = place + place / 2 + 1;
        let at = pingli_protocol::UtcInstant::from_millis(1_762_000_000_000 + i64::from(place) * 60_000);
        let stamp = pingli_protocol::Stamp::new(at.timestamp(), jiff::tz::Offset::constant(8));
        let mut message = json!({"seq": seq, "at": stamp, "from": if place.is_multiple_of(3) { "s" } else { "b" },
                                 "text": format!("{CANARY} m{place} Ångström")});
        if place % 7 == 6 {
            message["quotes"] = json!(seq - 3);
        }
        message
    };
    Value::Array((0..count).map(one).collect())
}

fn machine(count: u32) -> Machine {
    Machine::with(&[("p-1", "chat_log", chat_body(messages(count)))])
}

fn page(machine: &Machine, place: ChatPlace, length: u32) -> ChatPage {
    chat_page(&machine.open, &machine.seat, &evidence("p-1"), place, length).expect("a page")
}

fn seqs(page: &ChatPage) -> Vec<u32> {
    page.lines.iter().map(|line| line.message.seq).collect()
}

#[test]
fn a_page_of_long_messages_ends_early_and_the_next_goes_on_there() {
    let long = "长".repeat(100_000);
    let message = |seq: u32| json!({"seq": seq, "from": "b", "text": format!("{seq} {long}"), "quotes": seq / 2});
    let machine = Machine::with(&[("p-1", "chat_log", chat_body((1..=40).map(message).collect()))]);
    let (mut at, mut seen) = (0, Vec::new());
    while at < 40 {
        let page = page(&machine, ChatPlace::Index { index: at }, 200);
        let bytes: usize = page.lines.iter().map(|line| line.message.text.len()).sum();
        assert!((1..=3).contains(&page.lines.len()) && bytes <= 1 << 20, "{} of {bytes} bytes", page.lines.len());
        seen.extend(seqs(&page));
        at += u32::try_from(page.lines.len()).expect("few");
    }
    assert_eq!(seen, Vec::from_iter(1..=40), "every one of them once, in their order");
    let found = page(&machine, ChatPlace::Seq { seq: 30 }, 200);
    assert_eq!((found.from, found.found), (29, Some(29)), "the one that was asked for is among them");
    assert_eq!(seqs(&found)[0], 30, "and comes first, where what is before it is too much");
}

#[test]
fn the_view_counts_messages_and_days_as_stated() {
    let messages = json!([
        {"seq": 1, "from": "b", "text": "no time"},
        {"seq": 2, "at": "2026-11-02T23:59:00+08:00", "from": "b", "text": "a"},
        {"seq": 3, "at": "2026-11-02T17:00:00Z", "from": "s", "text": "the same day where it was written"},
        {"seq": 4, "at": "2026-11-03T00:10:00+08:00", "from": "b", "text": "b"},
        {"seq": 5, "at": "2026-11-02T23:59:30+08:00", "from": "b", "text": "a stamp that goes back"},
    ]);
    let machine = Machine::with(&[("p-1", "chat_log", chat_body(messages))]);
    let view = chat(&machine.open, &machine.seat, &evidence("p-1")).expect("a view");
    assert_eq!((view.count, view.complete, view.participants.len()), (5, false, 2), "the fields of the log");
    assert_eq!(view.first_at.expect("a stamp").to_string(), "2026-11-02T23:59:00+08:00", "the first that has one");
    let days: Vec<_> = view.days.iter().map(|day| (day.day.as_str(), day.first, day.count)).collect();
    assert_eq!(days, [("2026-11-02", 1, 3), ("2026-11-03", 3, 1)], "each day once, with its first place");
}

#[test]
fn pages_end_where_the_log_ends_and_are_never_longer_than_two_hundred() {
    let machine = machine(450);
    let first = page(&machine, ChatPlace::Index { index: 0 }, 1_000);
    assert_eq!((first.from, first.lines.len(), first.found), (0, 200, None), "no longer page");
    let last = page(&machine, ChatPlace::Index { index: 400 }, 100);
    assert_eq!((last.from, last.lines.len()), (400, 50), "the rest of the log");
    let beyond = page(&machine, ChatPlace::Index { index: u32::MAX }, 10);
    assert_eq!((beyond.from, beyond.lines.len()), (450, 0), "there is nothing behind the end");
    assert_eq!(first.lines[3].message.text, format!("{CANARY} m3 Ångström"), "the text is whole");
}

#[test]
fn a_message_that_is_asked_for_stands_in_the_middle_and_a_missing_one_is_said_to_be_missing() {
    let machine = machine(450);
    let found = page(&machine, ChatPlace::Seq { seq: 301 }, 20);
    assert_eq!((found.from, found.found), (190, Some(200)), "place 200 has the number 301");
    let near_start = page(&machine, ChatPlace::Seq { seq: 2 }, 20);
    assert_eq!((near_start.from, near_start.found), (0, Some(1)), "there is nothing before the beginning");
    let near_end = page(&machine, ChatPlace::Seq { seq: 674 }, 20);
    assert_eq!((near_end.from, near_end.found, near_end.lines.len()), (430, Some(449), 20), "a whole page at the end");
    let missing = page(&machine, ChatPlace::Seq { seq: 300 }, 20);
    assert_eq!((missing.found, missing.from), (None, 190), "the page is around where it would stand");
    let beyond = page(&machine, ChatPlace::Seq { seq: 9_999 }, 20);
    assert_eq!((beyond.found, beyond.from), (None, 430), "behind the last one is the end");
}

#[test]
fn a_quoted_message_comes_with_the_one_that_quotes_it_where_the_log_has_it() {
    let machine = machine(40);
    let lines = page(&machine, ChatPlace::Index { index: 6 }, 1).lines;
    let quoted = lines[0].quoted.as_ref().expect("it is in the log");
    assert_eq!((lines[0].message.seq, lines[0].message.quotes, quoted.seq), (10, Some(7), 7), "from another page");
    assert!(quoted.text.starts_with(CANARY), "with its text");
    let missing = page(&machine, ChatPlace::Index { index: 13 }, 1).lines;
    assert_eq!((missing[0].message.quotes, missing[0].quoted.is_none()), (Some(17), false), "17 is there");
    let text = serde_json::to_string(&room::case(&machine.open, &machine.seat).expect("a case").timeline);
    assert!(!text.expect("json").contains("quote_missing"), "and nothing is said to be missing");
}

#[tokio::test]
async fn a_search_is_literal_in_any_script_and_blind_to_case() {
    let machine = machine(4_100);
    let places = async |text: &str| {
        let hits = find(&machine.open, &WindowId::default(), machine.seat.clone(), evidence("p-1"), text)
            .await
            .expect("an answer");
        (hits.total, hits.places)
    };
    assert_eq!(places("M4099").await, (1, vec![4_099]), "the last message, in the third batch");
    assert_eq!(places("m409").await.0, 11, "m409 and m4090 to m4099");
    assert_eq!(places("缺口-canary").await.0, 4_100, "Chinese beside Latin");
    assert_eq!(places("åNGSTRÖM").await.0, 4_100, "letters with marks have two cases as well");
    assert_eq!(places("m.4").await.0, 0, "no pattern has a meaning");
    assert_eq!(places("").await, (0, Vec::new()), "nothing is nowhere");
    assert_eq!(places("\"seq\"").await.0, 0, "only texts are looked at, not how they are kept");
}

#[tokio::test]
async fn a_newer_search_of_the_same_log_ends_the_older_one() {
    let machine = machine(10);
    let (here, other) = (WindowId::from("main"), WindowId::from("second"));
    let in_window = |window, text| find(&machine.open, window, machine.seat.clone(), evidence("p-1"), text);
    let (older, newer, elsewhere) = tokio::join!(in_window(&here, "m"), in_window(&here, "m1"), in_window(&other, "m"));
    assert_eq!(elsewhere.map(|hits| hits.total).ok(), Some(10), "another window's search is its own");
    let outcomes = [older, newer].map(|hits| hits.map(|hits| hits.total).map_err(|error| error.code()));
    assert!(outcomes.iter().any(|outcome| outcome.is_ok()), "the newest one is answered: {outcomes:?}");
    for outcome in &outcomes {
        assert!(matches!(outcome.as_ref().map_err(String::as_str), Ok(1 | 10) | Err("superseded")), "{outcome:?}");
    }
}

#[test]
fn a_body_is_served_whole_and_a_chat_is_not() {
    let statement = json!({"kind": "statement", "side": "buyer", "paragraphs": ["杯子裂了。"]});
    let machine = Machine::with(&[
        ("p-1", "chat_log", chat_body(messages(3))),
        ("b-1", "statement", statement.clone()),
        ("b-2", "statement", json!({"kind": "hologram"})),
    ]);
    let body = |id: &str| room::evidence_body(&machine.open, &machine.seat, &evidence(id));
    assert_eq!(
        serde_json::to_value(body("b-1").expect("a body")).expect("json"),
        json!({"kind": "statement",
        "side": "buyer", "at": null, "paragraphs": ["杯子裂了。"]}),
        "as it is in the pack"
    );
    assert_eq!(body("p-1").expect_err("no body").code(), "not_found", "a chat is read by pages");
    assert_eq!(body("b-2").expect_err("no body").code(), "evidence_unreadable", "a kind of a later program's");
}

#[test]
fn a_log_that_does_not_read_is_not_there_and_leaves_nothing() {
    let broken = [
        "{\"kind\":\"chat_log\",\"messages\":[{\"seq\":1,\"text\":\"a\"},{\"seq\":\"x\"}]}",
        "{\"kind\":\"chat_log\",\"platform\":\"p\",\"participants\":[],\"time_zone\":\"UTC\",\"complete\":true}",
        "{\"kind\":\"order\",\"platform\":\"p\",\"participants\":[],\"time_zone\":\"UTC\",\"complete\":true,\"messages\":[]}",
        "{\"kind\":\"chat_log\",\"platform\":\"p\",\"platform\":\"p\",\"participants\":[],\"time_zone\":\"UTC\",\"complete\":true,\"messages\":[]}",
        "{\"kind\":\"chat_log\",\"platform\":\"p\",\"participants\":[],\"time_zone\":\"UTC\",\"complete\":true,\"messages\":[]} x",
        "[]",
        "",
    ];
    for text in broken {
        let machine = Machine::with(&[("p-1", "chat_log", json!(text))]);
        let error = chat(&machine.open, &machine.seat, &evidence("p-1")).expect_err("no log");
        assert_eq!(error.code(), "not_found", "{text}");
        assert!(room::case(&machine.open, &machine.seat).is_ok(), "the rest of the case is there: {text}");
    }
    let whole = "{\"later\":{\"a\":[1]},\"messages\":[{\"seq\":1,\"text\":\"a\",\"later\":1}],\"kind\":\"chat_log\",\
        \"platform\":\"p\",\"participants\":[],\"time_zone\":\"UTC\",\"complete\":true}";
    let machine = Machine::with(&[("p-1", "chat_log", json!(whole))]);
    let view = chat(&machine.open, &machine.seat, &evidence("p-1")).expect("fields in any order, unknown ones too");
    assert_eq!(view.count, 1, "its message is there");
}

#[test]
fn a_crash_before_ready_leaves_a_pack_that_is_not_ready_and_is_read_again() {
    let mut machine = Machine::downloaded(&[("p-1", "chat_log", chat_body(messages(50)))]);
    // Half of a log was written when the program died.
    let mut writer = machine.open.store.begin_chat(&machine.seat, &evidence("p-1")).expect("a log");
    for seq in 0..4_000 {
        writer.push(seq, "half".to_owned(), "{}".to_owned()).expect("kept");
    }
    drop(writer);
    machine.restart();
    let refused = chat(&machine.open, &machine.seat, &evidence("p-1")).expect_err("not ready");
    assert_eq!(refused.code(), "pack_not_ready", "nobody reads half a log");
    assert!(machine.open.store.chat(&machine.seat, &evidence("p-1")).expect("an answer").is_none(), "nor by its id");
    packs::check(&machine.open, &machine.seat).expect("done again");
    let view = chat(&machine.open, &machine.seat, &evidence("p-1")).expect("a view");
    assert_eq!(view.count, 50, "the whole log and nothing of the half one");
    assert_eq!(seqs(&page(&machine, ChatPlace::Index { index: 0 }, 3)), [1, 2, 4], "in its order");
}

#[test]
fn a_pack_that_an_older_program_made_ready_is_read_when_it_is_opened() {
    let mut machine = machine(30);
    let current = machine.open.store.pack(&machine.seat).expect("an answer").expect("a pack");
    machine.open.store.clear_chats(&machine.seat).expect("cleared");
    let none = pingli_store::Contents { rows_version: 0, timeline_version: 0, timeline: "" };
    machine.open.store.set_pack_contents(&machine.seat, &none).expect("as it was before");
    machine.restart();
    let case = room::case(&machine.open, &machine.seat).expect("a case");
    assert!(case.timeline.items.iter().any(|item| item.kind == TimelineKind::Chat), "the timeline was computed");
    assert_eq!(page(&machine, ChatPlace::Index { index: 0 }, 200).lines.len(), 30, "the rows were made");
    let row = machine.open.store.pack(&machine.seat).expect("an answer").expect("a pack");
    assert_eq!(row.rows_version, current.rows_version, "and it is not done a second time");
}

#[test]
fn newer_rules_compute_the_timeline_from_the_rows() {
    let mut machine = machine(30);
    let before = room::case(&machine.open, &machine.seat).expect("a case").timeline;
    let row = machine.open.store.pack(&machine.seat).expect("an answer").expect("a pack");
    let older = pingli_store::Contents { rows_version: row.rows_version, timeline_version: 0, timeline: "{}" };
    machine.open.store.set_pack_contents(&machine.seat, &older).expect("as it was before");
    machine.restart();
    let after = room::case(&machine.open, &machine.seat).expect("a case").timeline;
    assert_eq!(before, after, "the rows say the same as the pack");
    assert!(!after.items.is_empty(), "and it is not empty");
}

#[test]
fn a_shredded_pack_takes_its_chat_with_it() {
    let machine = machine(3_000);
    let (log, _) = machine.open.store.chat(&machine.seat, &evidence("p-1")).expect("an answer").expect("a log");
    machine.open.store.shred_pack(&machine.seat).expect("shredded");
    assert!(machine.open.store.chat(&machine.seat, &evidence("p-1")).expect("an answer").is_none(), "no log");
    assert!(machine.open.store.chat_rows(log, 0, 10, usize::MAX).expect("an answer").is_empty(), "no message");
    let refused = chat(&machine.open, &machine.seat, &evidence("p-1")).expect_err("gone");
    assert_eq!(refused.code(), "pack_not_ready", "the case is not here");
}

#[test]
fn a_log_that_is_shredded_while_it_is_written_stays_shredded() {
    let machine = Machine::downloaded(&[("p-1", "chat_log", chat_body(messages(1)))]);
    let mut writer = machine.open.store.begin_chat(&machine.seat, &evidence("p-1")).expect("a log");
    writer.push(1, CANARY.to_owned(), "{}".to_owned()).expect("kept for later");
    machine.open.store.shred_pack(&machine.seat).expect("shredded");
    assert!(matches!(writer.finish("{}"), Err(StoreError::NotFound)), "the late writer is told");
    assert!(matches!(machine.open.store.begin_chat(&machine.seat, &evidence("p-1")), Err(StoreError::NotFound)));
}

#[test]
fn a_body_that_is_damaged_on_the_disk_locks_voting_and_says_so_while_the_rest_still_reads() {
    let long = "长".repeat(60_000);
    let statement = |text: &str| json!({"kind": "statement", "side": "buyer", "paragraphs": [text]});
    let mut machine = Machine::with(&[
        ("b-1", "statement", statement("杯子裂了。")),
        ("b-2", "statement", statement(&long)),
        ("p-1", "chat_log", chat_body(messages(3))),
    ]);
    let path = machine.folder.path().join("packs").join("0123456789abcdef");
    let mut bytes = std::fs::read(&path).expect("a file");
    // In the second chunk: of the long statement, not of the case document.
    bytes[90_000] ^= 1;
    std::fs::write(&path, bytes).expect("written");
    machine.restart();
    let room = room::case(&machine.open, &machine.seat).expect("the case document is whole");
    assert_eq!(room.state, crate::view::RowState::ReadyOffline, "nobody has noticed");
    let body = |id: &str| room::evidence_body(&machine.open, &machine.seat, &evidence(id));
    assert_eq!(body("b-2").expect_err("damaged").code(), "pack_damaged", "the place says so");
    let row = machine.open.store.pack(&machine.seat).expect("an answer").expect("a pack");
    assert!(matches!(row.state, PackState::Damaged { .. }), "the pack is not ready any more");
    assert!(body("b-1").is_ok(), "what is whole can be read");
    assert_eq!(page(&machine, ChatPlace::Index { index: 0 }, 9).lines.len(), 3, "so can the chat");
    let room = room::case(&machine.open, &machine.seat).expect("the case document is whole");
    assert!(matches!(room.state, crate::view::RowState::Damaged { .. }), "and the room says that voting is locked");
}

#[test]
fn a_download_that_is_stopped_stops_while_its_chat_is_read() {
    let machine = Machine::downloaded(&[("p-1", "chat_log", chat_body(messages(400)))]);
    let index: pingli_casepack::PackIndex;
    let document;
    {
        let mut reader = machine.open.store.pack_reader(&machine.seat).expect("a pack");
        let keys = machine.open.server_keys().expect("keys");
        let pack = pingli_casepack::verify(&mut reader, &keys, &pingli_casepack::PackLimits::default()).expect("sound");
        (index, document) = (pack.index, pack.document);
    }
    let mut reader = machine.open.store.pack_reader(&machine.seat).expect("a pack");
    let source = contents::Source { seat: &machine.seat, document: &document, index: &index };
    let stopped = contents::make_ready(&machine.open, &source, &mut reader, &|| Err(ClientError::BrokenOff));
    assert!(matches!(stopped, Err(ClientError::BrokenOff)), "the reviewer's word is heard in the middle");
    let row = machine.open.store.pack(&machine.seat).expect("an answer").expect("a pack");
    assert_eq!(row.state, PackState::Queued, "and it is not ready");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn pages_put_together_are_the_log(texts in prop::collection::vec(".{0,40}", 1..60), length in 1_u32..30) {
        let messages: Vec<Value> = (1..).zip(&texts).map(|(seq, text): (u32, _)| json!({"seq": seq, "from": "b", "text": text})).collect();
        let machine = Machine::with(&[("p-1", "chat_log", chat_body(Value::Array(messages)))]);
        let mut found = Vec::new();
        let mut index = 0;
        loop {
            let page = page(&machine, ChatPlace::Index { index }, length);
            if page.lines.is_empty() {
                break;
            }
            index += u32::try_from(page.lines.len()).expect("few");
            found.extend(page.lines.into_iter().map(|line| line.message.text));
        }
        prop_assert_eq!(found, texts);
    }
}

/// A log whose only message has a text of so many bytes, made while it is read.
fn endless(bytes: u64) -> impl std::io::Read {
    use std::io::Read as _;
    let head = r#"{"kind":"chat_log","platform":"","time_zone":"","complete":true,"participants":[],"messages":[{"seq":1,"text":""#;
    let tail = r#""}]}"#;
    head.as_bytes().chain(std::io::repeat(b'x').take(bytes)).chain(tail.as_bytes())
}

#[test]
fn a_message_without_end_is_given_up_and_not_held() {
    let mut seen = 0;
    let mut count = |message: pingli_protocol::chat::ChatMessage| {
        seen = message.text.len();
        Ok(())
    };
    assert!(super::read::read_log(endless(1 << 20), &mut count).is_ok(), "a line of 1 MiB is a message");
    assert_eq!(seen, 1 << 20);
    // Of four gigabytes only the first few mebibytes are ever read.
    let read = super::read::read_log(endless(4 << 30), &mut |_| Ok(()));
    assert!(matches!(read, Err(super::read::ReadFault::TooMuch)));
    let many = r#"{"seq":1,"text":"","media":[],"x":null},"#.repeat(300_000);
    let log = format!(
        r#"{{"kind":"chat_log","messages":[{}{{"seq":2}}],"platform":"","time_zone":"","complete":true,"participants":[]}}"#,
        many
    );
    assert_eq!(super::count_messages(log.as_bytes()), Some(300_001), "many short ones go on and on");
}
