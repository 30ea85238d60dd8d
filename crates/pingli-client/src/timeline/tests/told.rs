//! A small case for the tests, told piece by piece.

use crate::{
    timeline::{Bodies, ChatOutline, Chats, timeline},
    view::TimelineView,
};
use pingli_protocol::{case::CaseDocument, chat::ChatLog};
use serde_json::{Value, json};

const VOTES: &str = r#"{"panel_size":31,"rule":{"kind":"plurality"},"quorum":11,"early_finish":true,
    "cannot_decide":"excluded","tie":"staff","voting_window_seconds":86400,"seat_lease_seconds":43200,
    "late_ballot":"recorded"}"#;

/// A case whose evidence, dates and claims are added one by one.
pub(super) struct Told {
    evidence: Vec<Value>,
    dates: Value,
    claims: Value,
    bodies: Bodies,
    chats: Chats,
}

impl Told {
    pub(super) fn new() -> Self {
        Self { evidence: Vec::new(), dates: json!([]), claims: json!([]), bodies: Bodies::new(), chats: Chats::new() }
    }

    pub(super) fn dates(mut self, dates: Value) -> Self {
        self.dates = dates;
        self
    }

    pub(super) fn claims(mut self, claims: Value) -> Self {
        self.claims = claims;
        self
    }

    /// A piece of evidence of pictures, or of none.
    pub(super) fn pictures(mut self, id: &str, side: &str, kind: &str, media: Value) -> Self {
        self.evidence.push(json!({"id": id, "number": {"side": side, "n": 1}, "kind": kind, "title": id,
            "grade": "platform_record", "media": media}));
        self
    }

    /// A record of the platform with its body.
    pub(super) fn record(self, id: &str, body: Value) -> Self {
        let kind = body["kind"].as_str().expect("a kind").to_owned();
        let mut told = self.pictures(id, "platform", &kind, json!([]));
        told.bodies.insert(id.parse().expect("an id"), serde_json::from_value(body).expect("the body reads"));
        told
    }

    /// A chat log, in outline.
    pub(super) fn chat(self, id: &str, chat: Value) -> Self {
        let log: ChatLog = serde_json::from_value(chat).expect("the chat reads");
        let mut told = self.pictures(id, "platform", "chat_log", json!([]));
        told.chats.insert(id.parse().expect("an id"), ChatOutline::of(&log));
        told
    }

    pub(super) fn view(self) -> TimelineView {
        let document: CaseDocument = serde_json::from_value(json!({
            "format": 1,
            "case": {
                "id": "c", "round": 1, "title": "t", "summary": "s", "language": "zh-Hans",
                "time_zone": "Asia/Shanghai", "rule_version": "1", "parties": [], "claims": self.claims,
                "issues": [], "events": [], "key_dates": self.dates, "evidence": self.evidence,
            },
            "case_type": {
                "code": "transaction_dispute", "title": {"zh-Hans": "a", "en": "a"},
                "question": {"zh-Hans": "a", "en": "a"}, "options": [], "required_evidence": [],
                "reason_codes": [], "vote_system": VOTES.parse::<Value>().expect("json"), "estimated_minutes": 5,
                "offline_ok": true, "points": 10, "weight": "light", "line_of_defence": "transaction",
                "route": "final", "study_licence": "",
            },
            "vote_system": VOTES.parse::<Value>().expect("json"),
        }))
        .expect("the case reads");
        timeline(&document, &self.bodies, &self.chats)
    }
}
