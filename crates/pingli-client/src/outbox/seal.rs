//! Sealing a ballot, and taking it back.

use super::{
    HOLD_SECONDS, act,
    acts::{about, check_op, is_under_way, json, take_back},
    enqueue, kind, shown,
};
use crate::{
    citations,
    error::ClientError,
    material,
    open::{Open, lock},
    room,
    view::{Draft, RowState, SealedView, Topic},
};
use pingli_protocol::{
    BallotId, IntentId, SeatId, UtcInstant,
    ballot::{Ballot, BallotOutcome},
    seat::{Seat, SeatState},
};
use pingli_store::{Effect, Intent, IntentStatus, NewIntent, PackState, StoreError};
use std::sync::Arc;

/// It must go so long before the lease ends.
const BEFORE_LEASE_END_SECONDS: i64 = 10;

/// For how long a ballot is held, in seconds.
fn hold_seconds(server_now: UtcInstant, lease_end: UtcInstant) -> i64 {
    let room = lease_end.plus_seconds(-BEFORE_LEASE_END_SECONDS).seconds_since(server_now);
    room.clamp(0, HOLD_SECONDS)
}

/// Seals a ballot: checked against the pack, written into the journal with its draft, and held.
pub(crate) fn seal(
    open: &Open,
    op: BallotId,
    seat: &SeatId,
    draft: &Draft,
    confirm_pack_change: bool,
) -> Result<SealedView, ClientError> {
    check_op(op.as_str())?;
    let id = intent_id(&op)?;
    let _acting = lock(&open.acting);
    match open.store.intent(&id) {
        // It was taken back, in another window perhaps: it is sealed by another act, or not at all.
        Ok(intent) if intent.status == IntentStatus::Dropped => return Err(ClientError::SeatState),
        // The command came twice: the ballot is sealed already.
        Ok(intent) if intent.kind == kind::BALLOT && intent.seat.as_ref() == Some(seat) => {
            return Ok(sealed(open, intent));
        }
        Ok(_) => return Err(ClientError::InvalidId),
        Err(StoreError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let seat = open.store.seat(seat)?;
    let case = room::room(open, &seat.id)?;
    may_vote(open, &seat)?;
    let changed = material::change(open, &seat.id, &case)?.is_some();
    // On an earlier version than the server has nothing can be sealed, whatever the reviewer says to it: it
    // would be refused. The newer one has to be read first.
    if seat.pack.sha256 != case.sha256 || (changed && !confirm_pack_change) {
        return Err(ClientError::PackChanged);
    }
    if changed {
        material::accept(open, &seat.id, &case)?;
    }
    let local = open.store.local_seat(&seat.id)?;
    let now = open.now();
    let ballot = Ballot {
        id: op,
        seat: seat.id.clone(),
        case: seat.case.clone(),
        round: seat.round,
        pack_sha256: case.sha256,
        rule_version: case.document.case.rule_version.clone(),
        choice: draft.choice.clone().ok_or(ClientError::ChoiceRequired)?,
        reason_codes: draft.reason_codes.clone(),
        opinion: draft.opinion.clone(),
        cited: citations::cited(open, &seat.id, &case.document, &draft.opinion)?,
        findings: draft.findings.clone(),
        // A clock that was set back must not make the ballot invalid.
        opened_at: local.first_opened.unwrap_or(now).min(now),
        decided_at: now,
        active_seconds: local.active_seconds,
        client_version: crate::VERSION.to_owned(),
    };
    ballot.check(&case.document)?;
    // Where nothing is kept it goes at once: what is held for undo would end with the program.
    let held = (!open.keeps_nothing).then(|| now.plus_seconds(hold_seconds(open.server_now(), seat.lease_end)));
    let new = NewIntent { held_until: held, ..about(open, id.clone(), kind::BALLOT, &seat, json(&ballot)?) };
    let draft = json(draft)?;
    // Where this is the last word of a log, the program died while it sealed.
    tracing::debug!("a ballot is written");
    enqueue(open, &new, Effect::SaveDraft(&seat.id, &draft))?;
    open.news.changed([Topic::Room]);
    Ok(sealed(open, open.store.intent(&id)?))
}

/// Seals a ballot. In a session that keeps nothing it goes at once, and this answers when the server has
/// acknowledged it.
pub(crate) async fn seal_and_send(
    open: &Arc<Open>,
    op: BallotId,
    seat: SeatId,
    draft: Draft,
    confirm_pack_change: bool,
) -> Result<SealedView, ClientError> {
    let id = intent_id(&op)?;
    act(open, &id, move |open| seal(open, op, &seat, &draft, confirm_pack_change)).await?;
    open.work(move |open| Ok(sealed(open, open.store.intent(&id)?))).await
}

fn may_vote(open: &Open, seat: &Seat) -> Result<(), ClientError> {
    if is_under_way(open, &seat.id, &[kind::BALLOT])? {
        return Err(ClientError::AlreadySealed);
    }
    if is_under_way(open, &seat.id, &[kind::RETURN, kind::RECUSE])? || seat.state != SeatState::Accepted {
        return Err(ClientError::SeatState);
    }
    match crate::docket::state_of(open, seat)? {
        // What was refused (another pack, an invalid ballot) may be cast anew.
        RowState::ReadyOffline | RowState::Refused { .. } if seat.lease_end > open.server_now() => {
            is_whole(open, &seat.id)
        }
        RowState::ReadyOffline | RowState::Refused { .. } | RowState::LeaseOver => Err(ClientError::LeaseOver),
        RowState::Damaged { code } => Err(ClientError::PackDamaged(code)),
        _ => Err(ClientError::SeatState),
    }
}

/// Whether the evidence of a seat is here and as it was signed (invariant 7). What was refused says nothing
/// of it.
fn is_whole(open: &Open, seat: &SeatId) -> Result<(), ClientError> {
    match open.store.pack(seat)?.map(|pack| pack.state) {
        Some(PackState::Ready) => Ok(()),
        Some(PackState::Damaged { code }) => Err(ClientError::PackDamaged(code)),
        Some(PackState::Queued | PackState::Paused { .. }) | None => Err(ClientError::PackNotReady),
    }
}

fn intent_id(ballot: &BallotId) -> Result<IntentId, ClientError> {
    IntentId::new(ballot.as_str()).map_err(|_| ClientError::InvalidId)
}

fn sealed(open: &Open, intent: Intent) -> SealedView {
    let intent = shown(open, intent);
    let sending = lock(&open.lanes).is_sending(&intent.id);
    SealedView {
        // An intent's id that came from a ballot's reads as one.
        ballot: BallotId::new(intent.id.as_str()).unwrap_or_else(|_| unreachable!("ids have one alphabet")),
        sealed_at: intent.made_at,
        held_until: intent.held_until.unwrap_or(intent.made_at),
        undoable: intent.status == IntentStatus::Waiting && !intent.unknown && !sending,
    }
}

/// The sealed ballot of a seat: on its way, or at the server.
pub(crate) fn sealed_view(open: &Open, seat: &SeatId) -> Result<Option<SealedView>, ClientError> {
    let of_seat = |intent: &Intent| intent.kind == kind::BALLOT && intent.seat.as_ref() == Some(seat);
    let found = open.store.open_intents()?.into_iter().find(of_seat);
    let found = match found {
        Some(intent) => Some(intent),
        // A refused one is no longer in the way: the reviewer may vote again.
        None if is_refused(open, seat)? => None,
        None => open.store.done_intents(kind::BALLOT)?.into_iter().find(of_seat),
    };
    Ok(found.map(|intent| sealed(open, intent)))
}

fn is_refused(open: &Open, seat: &SeatId) -> Result<bool, ClientError> {
    let receipts = crate::docket::ballot_receipts(open)?;
    Ok(receipts.get(seat.as_str()).is_some_and(|receipt| matches!(receipt.outcome, BallotOutcome::Refused { .. })))
}

/// Takes a ballot back before the server has it; the draft is as it was.
pub(crate) fn unseal(open: &Open, ballot: &BallotId) -> Result<Draft, ClientError> {
    let intent = take_back(open, &intent_id(ballot)?, Some(kind::BALLOT))?;
    room::draft(open, &intent.seat.ok_or(ClientError::Inconsistent("ballot without a seat"))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Machine;
    use pingli_protocol::{Sha256, ballot::Receipt, problem::ProblemCode};
    use pingli_store::StoredReceipt;
    use serde_json::json;

    #[test]
    fn a_ballot_is_held_for_undo_but_never_into_the_end_of_its_lease() {
        let now = UtcInstant::from_millis(1_000_000_000);
        let hold = |lease_seconds| hold_seconds(now, now.plus_seconds(lease_seconds));
        assert_eq!(hold(3600), 30, "half a minute");
        assert_eq!(hold(25), 15, "10 s before the lease ends");
        assert_eq!(hold(5), 0, "at once in the last moment");
        assert_eq!(hold(-3600), 0, "or after it: the server decides");
    }

    #[test]
    fn a_ballot_that_was_refused_opens_no_damaged_case_to_another() {
        let statement = json!({"kind": "statement", "side": "buyer", "paragraphs": ["a"]});
        let machine = Machine::with(&[("b-1", "statement", statement)]);
        let (open, seat) = (&machine.open, &machine.seat);
        let draft = Draft { choice: Some("support_buyer".parse().expect("an id")), ..Draft::default() };
        let seal_anew = || seal(open, BallotId::from(uuid::Uuid::now_v7()), seat, &draft, false);
        let first = seal_anew().expect("a whole case").ballot;
        let receipt = Receipt {
            ballot: first.clone(),
            seat: seat.clone(),
            received_at: open.now(),
            outcome: BallotOutcome::Refused { code: ProblemCode::InvalidBallot },
            ballot_sha256: Sha256::of(b""),
        };
        let body = serde_json::to_string(&receipt).expect("json");
        let refused = StoredReceipt { signed: None, body, received_at: open.now() };
        open.store.finish(&intent_id(&first).expect("an id"), &refused, None).expect("kept");
        open.store.set_pack_state(seat, &PackState::Damaged { code: "pack_wrong_hash".to_owned() }).expect("noted");
        let locked = seal_anew().expect_err("voting is locked").code();
        assert_eq!(locked, "pack_damaged", "invariant 7, whatever became of the ballot before");
        open.store.set_pack_state(seat, &PackState::Ready).expect("whole again");
        seal_anew().expect("what was refused may be cast anew");
    }
}
