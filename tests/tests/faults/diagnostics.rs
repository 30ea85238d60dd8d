//! An exported diagnostics file says how the program is, and nothing of cases, of the reviewer, or of what
//! opens anything.

use crate::shop::clock;
use pingli_client::view::{Draft, Note, RowState};
use pingli_protocol::IntentId;
use pingli_tests::{Desk, Hall, Scanner, new_id};
use serde_json::{Value, json};

const EVIDENCE: &str = "杯沿磕了一块-evidence-canary";
const TITLE: &str = "杯子裂了没有-title-canary";
const WRITTEN: &str = "我看过照片-written-canary";
const REVIEWER: &str = "reviewer-canary";
const PASSPHRASE: &str = "a passphrase canary";

/// Puts the canaries into every text of a case.
fn mark(case: &mut Value) {
    fn every_text(value: &mut Value, name: &str) {
        match value {
            Value::String(text) if ["text", "summary", "alias", "purpose", "caption", "method"].contains(&name) => {
                *text = format!("{text} {EVIDENCE}");
            }
            Value::Array(all) => all.iter_mut().for_each(|one| every_text(one, name)),
            Value::Object(fields) => fields.iter_mut().for_each(|(name, one)| every_text(one, name)),
            _ => {}
        }
    }
    every_text(case, "");
    case["title"] = json!(TITLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn exported_diagnostics_have_states_and_counts_alone() {
    let mut hall = Hall::open(clock()).await;
    hall.add_reviewer(REVIEWER, "correct horse").await;
    for case in ["case-canary-1", "case-canary-2"] {
        hall.open_case_with(case, 1, |case, _| mark(case)).await;
    }
    let desk = Desk::new(REVIEWER, "correct horse").await;
    desk.sign_in(&hall.url).await;
    let mut seats = Vec::new();
    for case in ["case-canary-1", "case-canary-2"] {
        let seat = desk.row_of(case, |row| row.state == RowState::Offered).await.seat;
        desk.client.accept_seat(new_id::<IntentId>(), seat.clone()).await.unwrap();
        desk.row_of(case, |row| row.state == RowState::ReadyOffline).await;
        seats.push(seat);
    }
    desk.client.set_passphrase(Some(PASSPHRASE.to_owned()), None).await.unwrap();
    let room = desk.client.open_case(seats[0].clone()).await.unwrap();
    let draft = Draft {
        choice: Some(room.document.case_type.options[0].id.clone()),
        opinion: WRITTEN.to_owned(),
        notes: vec![Note { id: "n".to_owned(), text: WRITTEN.to_owned(), anchor: None }],
        ..Draft::default()
    };
    // One act is held, one waits with its last answer.
    hall.go_away().await;
    let ballot = desk.client.seal_ballot(new_id(), seats[0].clone(), draft, false).await.unwrap().ballot;
    desk.client.return_seat(new_id(), seats[1].clone()).await.unwrap();
    desk.client.send_now().await.unwrap();
    let tokens = pingli_store::Store::open(desk.folder(), &desk.data_key()).unwrap().tokens().unwrap().unwrap();

    let mut scanner = Scanner::default();
    for (name, text) in [
        ("evidence", EVIDENCE),
        ("a title", TITLE),
        ("what was written", WRITTEN),
        ("the reviewer's name", REVIEWER),
        ("the passphrase", PASSPHRASE),
        ("the access token", &tokens.access),
        ("the refresh token", &tokens.refresh),
        ("a case", "case-canary-1"),
        ("a seat", seats[0].as_str()),
        ("a ballot", ballot.as_str()),
    ] {
        scanner.text(name, text);
    }
    assert!(scanner.finds_all_planted(), "what is looked for would be found");
    let rooms = serde_json::to_vec(&(&room.document, desk.client.docket().await.unwrap())).unwrap();
    let shown = scanner.look(&rooms);
    for name in ["evidence", "a title", "a case", "a seat"] {
        assert!(shown.keys().any(|(found, _)| found == name), "{name} is there to be found");
    }

    let file = desk.folder().join("diagnostics.json");
    desk.client.export_diagnostics(&file).await.unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let report: Value = serde_json::from_slice(&bytes).unwrap();
    let kinds: Vec<_> = report["outbox"].as_array().unwrap().iter().map(|act| act["kind"].clone()).collect();
    assert_eq!(kinds, [json!("ballot"), json!("return")], "it says what waits");
    assert_eq!(report["outbox"][1]["last_answer"], "server_down", "and why");
    assert!(scanner.look(&bytes).is_empty(), "{:?}", scanner.look(&bytes));
}
