//! The outbox: what the reviewer meant, on its way to the server. Exactly once: an intent keeps its
//! id to the end, a crash loses nothing because "sending" lives in memory only, and an answer that
//! never came is asked for before a ballot is sent again. Before an intent leaves, the journal says
//! that the server may have it: from then on it cannot be taken back until the server has spoken.

mod acts;
mod at_once;
mod lanes;
mod seal;
mod send;
#[cfg(test)]
mod tests;

pub(crate) use acts::{accept, check_op, drop_act, enqueue, give_back, is_known, is_leaving, recuse, report_damage};
pub(crate) use at_once::{act, again};
pub(crate) use lanes::Lanes;
#[cfg(test)]
pub(crate) use seal::seal;
pub(crate) use seal::{seal_and_send, sealed_view, unseal};
pub(crate) use send::{keep_sending, send_all_now, stored_receipt};

use crate::{
    error::ClientError,
    open::{Open, lock},
    view::{IntentKind, IntentState, OutboxRow, OutboxView},
};
use pingli_protocol::UtcInstant;
use pingli_store::{Intent, IntentStatus};

/// How long a ballot is held for undo.
pub(crate) const HOLD_SECONDS: i64 = 30;

/// What an intent is, as the store keeps it.
pub(crate) mod kind {
    pub(crate) const ACCEPT: &str = "accept";
    pub(crate) const BALLOT: &str = "ballot";
    pub(crate) const RETURN: &str = "return";
    pub(crate) const RECUSE: &str = "recuse";
    pub(crate) const REPORT_DAMAGE: &str = "report_damage";
    pub(crate) const DONATE: &str = "donate";
    pub(crate) const CANCEL_DONATION: &str = "cancel_donation";
}

fn kind_of(intent: &Intent) -> Result<IntentKind, ClientError> {
    Ok(match intent.kind.as_str() {
        kind::ACCEPT => IntentKind::Accept,
        kind::BALLOT => IntentKind::Ballot,
        kind::RETURN => IntentKind::Return,
        kind::RECUSE => IntentKind::Recuse,
        kind::REPORT_DAMAGE => IntentKind::ReportDamage,
        kind::DONATE => IntentKind::Donate,
        kind::CANCEL_DONATION => IntentKind::CancelDonation,
        _ => return Err(ClientError::Inconsistent("intent")),
    })
}

/// The open intents as they are shown: held until when, by the server's clock, as all countdowns are;
/// none where the hold is over.
pub(crate) fn shown_intents(open: &Open) -> Result<Vec<Intent>, ClientError> {
    Ok(open.store.open_intents()?.into_iter().map(|intent| shown(open, intent)).collect())
}

/// An intent as it is shown.
pub(crate) fn shown(open: &Open, mut intent: Intent) -> Intent {
    let left = lock(&open.lanes).hold_left(&intent, open.now(), open.config.clock.monotonic_millis());
    let left = i64::try_from(left).ok().filter(|left| *left > 0);
    intent.held_until = left.map(|left| UtcInstant::from_millis(open.server_now().as_millis() + left));
    intent
}

/// Everything in the outbox, oldest first.
pub(crate) fn outbox(open: &Open) -> Result<OutboxView, ClientError> {
    let (now, monotonic) = (open.now(), open.config.clock.monotonic_millis());
    let intents = open.store.open_intents()?;
    let server_now = open.server_now();
    let mut lanes = lock(&open.lanes);
    let mut rows = Vec::with_capacity(intents.len());
    for intent in intents {
        let sending = lanes.is_sending(&intent.id);
        let held = i64::try_from(lanes.hold_left(&intent, now, monotonic)).unwrap_or(0);
        let state = match &intent.status {
            IntentStatus::Parked { code } => IntentState::Parked { code: code.clone() },
            _ if sending => IntentState::Sending,
            _ if held > 0 => IntentState::Held { until: UtcInstant::from_millis(server_now.as_millis() + held) },
            _ if intent.unknown => IntentState::Unknown,
            _ => {
                let wait = lanes.waits_for(&intent.id, monotonic);
                let seconds = wait.map(|millis| i64::try_from(millis.div_ceil(1000)).unwrap_or(i64::MAX));
                IntentState::Waiting { next_try: seconds.map(|seconds| now.plus_seconds(seconds)) }
            }
        };
        rows.push(OutboxRow {
            kind: kind_of(&intent)?,
            state,
            undoable: !sending && !intent.unknown,
            id: intent.id,
            title: intent.title,
            case: intent.case,
            points: intent.points,
            made_at: intent.made_at,
            due: intent.due,
            tries: intent.tries,
            last_answer: intent.last_answer,
        });
    }
    Ok(OutboxView { rows })
}
