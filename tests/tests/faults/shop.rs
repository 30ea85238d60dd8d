//! A reviewer's store and a model of what it acknowledged, for the suites that break the disk under
//! it. What happens is drawn from a seed.

use pingli_faultfs::Random;
use pingli_protocol::{
    CaseId, IntentId, Localized, ReviewerId, SeatId, UtcInstant,
    server::{ServerDescription, SignIn},
    standing::Profile,
    sync::{Change, ChangeBody, Collection},
};
use pingli_store::{
    Account, Effect, Intent, IntentStatus, NewIntent, Reached, Store, StoreError, StoredReceipt, StoredTokens,
    keys::DataKey,
};
use std::collections::BTreeMap;

/// The key of every store here.
pub(crate) fn key() -> DataKey {
    DataKey::from_bytes([5; 32])
}

pub(crate) fn now() -> UtcInstant {
    UtcInstant::from_millis(1_790_000_000_000)
}

/// This machine's clock.
pub(crate) fn clock() -> UtcInstant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    UtcInstant::from_millis(i64::try_from(since.as_millis()).expect("a time"))
}

fn tokens(n: u64) -> StoredTokens {
    StoredTokens { access: format!("access-{n}"), refresh: format!("refresh-{n}"), expires_at: 1 }
}

/// Somebody who is signed in.
pub(crate) fn account() -> Account {
    Account {
        server: "http://127.0.0.1:7420".to_owned(),
        description: ServerDescription {
            name: Localized::new("判定中心", "Server"),
            protocol_versions: vec![1],
            keys: Vec::new(),
            sign_in: SignIn {
                authorization_endpoint: String::new(),
                token_endpoint: String::new(),
                revocation_endpoint: String::new(),
                client_id: String::new(),
            },
            languages: Vec::new(),
            server_time: now(),
        },
        keys: Vec::new(),
        profile: Profile {
            id: ReviewerId::new("r-1").expect("an id"),
            display_name: "r".to_owned(),
            member_since: now(),
        },
        has_session: true,
        skew_seconds: 0,
        last_complete: None,
    }
}

/// What is known of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Act {
    pub(crate) status: IntentStatus,
    pub(crate) payload: String,
    unknown: bool,
    tries: u32,
    answer: Option<String>,
    receipt: Option<String>,
}

/// What the store acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) signed_in: bool,
    pub(crate) acts: BTreeMap<String, Act>,
    pub(crate) drafts: BTreeMap<String, String>,
    tokens: String,
    setting: Option<String>,
    /// Where the mirror stands, and what is in it.
    pub(crate) cursor: Option<String>,
    pub(crate) mirror: BTreeMap<String, String>,
}

/// What a reviewer and the network do to a store.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    SignIn,
    Seal { id: String, seat: String, payload: String, draft: String },
    Try { id: String, answer: String, perhaps: bool },
    Park { id: String, code: String, perhaps: bool },
    Unpark { id: String },
    Drop { id: String },
    Finish { id: String, body: String },
    Draft { seat: String, body: String },
    Tokens(u64),
    Setting(String),
    Page { cursor: String, records: BTreeMap<String, String> },
    Checkpoint,
}

impl Deed {
    /// Draws what comes next; `n` numbers it.
    pub(crate) fn draw(random: &mut Random, model: &Model, n: u64) -> Self {
        if !model.signed_in {
            return Self::SignIn;
        }
        let of = |random: &mut Random, wanted: fn(&IntentStatus) -> bool| {
            let ids: Vec<_> = model.acts.iter().filter(|(_, act)| wanted(&act.status)).map(|(id, _)| id).collect();
            (!ids.is_empty()).then(|| ids[random.place(ids.len())].clone())
        };
        let waits = |status: &IntentStatus| *status == IntentStatus::Waiting;
        let parked = |status: &IntentStatus| matches!(status, IntentStatus::Parked { .. });
        let most = if random.once_in(20) { 40_000 } else { 2_000 };
        let size = random.place(most);
        let text = |what: &str| format!("{{\"{what}\":\"{n}{}\"}}", "x".repeat(size));
        let deed = match random.below(14) {
            0..=2 => None,
            3 => of(random, waits).map(|id| Self::Try { id, answer: format!("a{n}"), perhaps: random.once_in(2) }),
            4 => of(random, waits).map(|id| Self::Park { id, code: format!("c{n}"), perhaps: random.once_in(2) }),
            5 => of(random, parked).map(|id| Self::Unpark { id }),
            6 => of(random, waits).map(|id| Self::Drop { id }),
            7 => of(random, waits).map(|id| Self::Finish { id, body: text("receipt") }),
            8 => Some(Self::Draft { seat: format!("s-{}", random.below(30)), body: text("draft") }),
            9 => Some(Self::Tokens(n)),
            10 => Some(Self::Setting(text("setting"))),
            11 | 12 => {
                let records = (0..1 + random.below(4)).map(|_| (format!("p-{}", random.below(40)), text("record")));
                Some(Self::Page { cursor: format!("after-{n}"), records: records.collect() })
            }
            _ if random.once_in(3) => Some(Self::Checkpoint),
            _ => None,
        };
        deed.unwrap_or_else(|| Self::Seal {
            id: format!("i-{n}"),
            seat: format!("s-{}", random.below(30)),
            payload: text("ballot"),
            draft: text("sealed"),
        })
    }

    /// Does it to a store.
    pub(crate) fn to_store(&self, store: &Store) -> Result<(), StoreError> {
        let act = |id: &str| IntentId::new(id).expect("an id");
        let of = |seat: &str| SeatId::new(seat).expect("an id");
        match self {
            Self::SignIn => store.sign_in(&account(), &tokens(0)),
            Self::Seal { id, seat, payload, draft } => {
                let new = NewIntent {
                    id: act(id),
                    lane: format!("case:{seat}"),
                    kind: "ballot",
                    payload: payload.clone(),
                    title: "t".to_owned(),
                    case: Some(CaseId::new("c-1").expect("an id")),
                    seat: Some(of(seat)),
                    points: None,
                    made_at: now(),
                    due: None,
                    held_until: None,
                };
                store.enqueue(&new, Effect::SaveDraft(&of(seat), draft)).map(|_| ())
            }
            Self::Try { id, answer, perhaps } => {
                let reached = if *perhaps { Reached::Perhaps } else { Reached::No };
                store.note_try(&act(id), answer, reached)
            }
            Self::Park { id, code, perhaps } => {
                let reached = if *perhaps { Reached::Perhaps } else { Reached::No };
                store.park(&act(id), code, reached)
            }
            Self::Unpark { id } => store.unpark(&act(id)),
            Self::Drop { id } => store.drop_intent(&act(id), None, now()),
            Self::Finish { id, body } => {
                let receipt = StoredReceipt { signed: None, body: body.clone(), received_at: now() };
                store.finish(&act(id), &receipt, None)
            }
            Self::Draft { seat, body } => store.save_draft(&of(seat), body, now()),
            Self::Tokens(n) => {
                let was = store.tokens()?.map(|tokens| tokens.refresh.clone()).unwrap_or_default();
                store.replace_tokens(&was, Some(&tokens(*n))).map(|_| ())
            }
            Self::Setting(text) => store.put_value("settings", text),
            Self::Page { cursor, records } => {
                let change = |(id, text): (&String, &String)| Change {
                    id: id.clone(),
                    version: 1,
                    body: ChangeBody::Profile(Profile {
                        id: ReviewerId::new(id.as_str()).expect("an id"),
                        display_name: text.clone(),
                        member_since: now(),
                    }),
                };
                store.apply_page(&records.iter().map(change).collect::<Vec<_>>(), cursor)
            }
            Self::Checkpoint => store.checkpoint(),
        }
    }

    /// Does it to the model.
    pub(crate) fn to_model(&self, model: &mut Model) {
        let act = |model: &mut Model, id: &str, change: &dyn Fn(&mut Act)| {
            change(model.acts.get_mut(id).expect("an act that is there"));
        };
        match self {
            Self::SignIn => {
                model.signed_in = true;
                model.tokens = tokens(0).refresh.clone();
            }
            Self::Seal { id, seat, payload, draft } => {
                let act = Act {
                    status: IntentStatus::Waiting,
                    payload: payload.clone(),
                    unknown: false,
                    tries: 0,
                    answer: None,
                    receipt: None,
                };
                model.acts.insert(id.clone(), act);
                model.drafts.insert(seat.clone(), draft.clone());
            }
            Self::Try { id, answer, perhaps } => act(model, id, &|act| {
                act.tries += 1;
                act.answer = Some(answer.clone());
                act.unknown = *perhaps;
            }),
            Self::Park { id, code, perhaps } => act(model, id, &|act| {
                act.status = IntentStatus::Parked { code: code.clone() };
                act.tries += 1;
                act.answer = Some(code.clone());
                act.unknown = *perhaps;
            }),
            Self::Unpark { id } => act(model, id, &|act| act.status = IntentStatus::Waiting),
            Self::Drop { id } => act(model, id, &|act| {
                act.status = IntentStatus::Dropped;
                act.payload = String::new();
            }),
            Self::Finish { id, body } => act(model, id, &|act| {
                act.status = IntentStatus::Done;
                act.tries += 1;
                act.unknown = false;
                act.answer = None;
                act.receipt = Some(body.clone());
            }),
            Self::Draft { seat, body } => {
                model.drafts.insert(seat.clone(), body.clone());
            }
            Self::Tokens(n) => model.tokens = tokens(*n).refresh.clone(),
            Self::Setting(text) => model.setting = Some(text.clone()),
            Self::Page { cursor, records } => {
                model.cursor = Some(cursor.clone());
                model.mirror.extend(records.clone());
            }
            Self::Checkpoint => {}
        }
    }
}

/// What a store says it has, of the acts that may be there.
pub(crate) fn observe<'a>(store: &Store, ids: impl Iterator<Item = &'a String>) -> Result<Model, StoreError> {
    let mut model = Model { setting: store.value("settings")?, ..Model::default() };
    if store.account()?.is_none() {
        return Ok(model);
    }
    model.signed_in = true;
    model.tokens = store.tokens()?.map(|tokens| tokens.refresh.clone()).unwrap_or_default();
    model.cursor = store.cursor()?;
    let records = store.records(Collection::Profile, |body| match body {
        ChangeBody::Profile(profile) => Some((profile.id.as_str().to_owned(), profile.display_name)),
        _ => None,
    })?;
    model.mirror = records.into_iter().collect();
    for id in ids {
        match store.intent(&IntentId::new(id.as_str()).expect("an id")) {
            Ok(Intent { status, payload, unknown, tries, last_answer: answer, .. }) => {
                let receipt = store.receipt(id)?.map(|receipt| receipt.body);
                model.acts.insert(id.clone(), Act { status, payload, unknown, tries, answer, receipt });
            }
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    for seat in store.drafted_seats()? {
        let draft = store.draft(&SeatId::new(seat.as_str()).expect("an id"))?;
        model.drafts.insert(seat, draft.unwrap_or_default());
    }
    Ok(model)
}
