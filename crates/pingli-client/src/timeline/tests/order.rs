//! The recorded order of a chat on the axis, and which messages a run has.

use super::{chat, message, order, told::Told};
use crate::{
    timeline::Outliner,
    view::{TimelineItem, TimelineKind},
};
use serde_json::{Value, json};

/// What stands on the axis, told by its first and last message, or by its amount.
fn told(items: &[TimelineItem]) -> Vec<String> {
    items
        .iter()
        .map(|item| match item.kind {
            TimelineKind::Chat => {
                let first = item.source.as_ref().and_then(|source| source.seq).expect("a run has a first message");
                format!("{first}-{} {}", item.last_seq.expect("a run has a last message"), &item.at.to_string()[11..16])
            }
            kind => format!("{kind:?} {}", &item.at.to_string()[11..16]),
        })
        .collect()
}

fn paid_at(times: &[&str]) -> Value {
    let pay = |at: &&str| json!({"at": format!("2026-11-{at}+08:00"), "kind": "payment", "amount": {"minor": 1, "currency": "CNY"}});
    order(json!([]), Value::Array(times.iter().map(pay).collect()), 9_500)
}

#[test]
fn a_run_whose_stamp_jumps_back_stays_after_the_run_before_it() {
    let messages = json!([
        message(1, "02T10:00:00", "b"),
        message(2, "02T10:05:00", "s"),
        message(3, "02T09:30:00", "s"),
        message(4, "02T09:31:00", "b"),
        message(5, "01T08:00:00", "b"),
        message(6, "02T10:20:00", "s"),
    ]);
    let view =
        Told::new().chat("chat", chat(messages)).record("order", paid_at(&["02T09:45:00", "02T10:10:00"])).view();
    assert_eq!(
        told(&view.items),
        ["Payment 09:45", "1-2 10:00", "3-4 09:30", "5-5 08:00", "Payment 10:10", "6-6 10:20"],
        "messages 3 to 5 were recorded after message 2, whatever their stamps; they are shown with their stamps"
    );
}

#[test]
fn one_log_does_not_move_the_runs_of_another() {
    let first = json!([message(1, "02T12:00:00", "b"), message(2, "02T10:00:00", "s")]);
    let second = json!([message(1, "02T11:00:00", "b")]);
    let view = Told::new().chat("one", chat(first)).chat("two", chat(second)).view();
    let evidence: Vec<_> = view.items.iter().filter_map(|item| Some(item.source.as_ref()?.evidence.as_str())).collect();
    assert_eq!(evidence, ["two", "one", "one"]);
}

#[test]
fn a_run_says_its_last_message_where_some_in_between_have_no_time() {
    let without = |seq: u32| json!({"seq": seq, "from": "b", "text": "no time"});
    let messages = json!([
        message(1, "02T10:00:00", "b"),
        without(2),
        without(3),
        message(4, "02T10:05:00", "s"),
        without(5),
        message(6, "02T20:00:00", "s"),
    ]);
    let view = Told::new().chat("chat", chat(messages)).view();
    assert_eq!(told(&view.items), ["1-4 10:00", "6-6 20:00"], "four messages to read, though two are counted");
    assert_eq!(view.items.iter().map(|item| (item.count, item.gathered)).collect::<Vec<_>>(), [(2, false), (1, false)]);
}

#[test]
fn an_hour_gathered_from_all_over_the_log_says_so() {
    let mut outliner = Outliner::default();
    for n in 0..10_000_u32 {
        let hour = if n.is_multiple_of(2) { "02T08" } else { "04T09" };
        outliner.message(&serde_json::from_value(message(n + 1, &format!("{hour}:30:00"), "b")).expect("a message"));
    }
    let outline = outliner.finish(&[]);
    assert!(outline.gathered, "there are more than two thousand runs");
    let ends: Vec<_> = outline.runs.iter().map(|run| (run.seq, run.last_seq)).collect();
    assert_eq!(ends, [(1, 9_999), (2, 10_000)], "every second message is of the other hour");
}
