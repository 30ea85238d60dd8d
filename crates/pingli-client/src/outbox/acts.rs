//! Acts that are written into the journal: taking a seat, giving it back, and what the reviewer
//! does about an act on its way.

use super::kind;
use crate::{
    error::ClientError,
    open::{Open, lock},
    view::Topic,
};
use pingli_protocol::{
    EvidenceId, IntentId, SeatId,
    seat::{DamageReport, RecuseReason, RecuseRequest, Seat, SeatRequest, SeatState},
};
use pingli_store::{Effect, Enqueued, Intent, IntentStatus, NewIntent, PackState, StoreError};
use serde::Serialize;

/// Checks that an id was made in the window: a UUIDv7.
pub(crate) fn check_op(id: &str) -> Result<(), ClientError> {
    match uuid::Uuid::try_parse(id) {
        Ok(parsed) if parsed.get_version_num() == 7 && parsed.to_string() == id => Ok(()),
        _ => Err(ClientError::InvalidId),
    }
}

/// Writes an act into the journal and wakes the outbox. The same id again does nothing again.
pub(crate) fn enqueue(open: &Open, new: &NewIntent, effect: Effect<'_>) -> Result<Enqueued, ClientError> {
    let enqueued = match open.store.enqueue(new, effect) {
        Err(StoreError::IdReused) => return Err(ClientError::InvalidId),
        // The act is in the journal and will go; only the file of its evidence is still there, without
        // its key. The next round of sync sweeps it.
        Err(error) if open.store.intent(&new.id).is_ok() => {
            tracing::warn!(%error, "the file of a case that was given up could not be removed yet");
            Enqueued::New
        }
        enqueued => enqueued?,
    };
    if enqueued == Enqueued::New {
        open.wake_outbox.notify_one();
        open.news.changed([Topic::Outbox, Topic::Docket, Topic::App]);
    }
    Ok(enqueued)
}

pub(super) fn json(request: &impl Serialize) -> Result<String, ClientError> {
    Ok(serde_json::to_string(request).map_err(StoreError::from)?)
}

/// An act about a seat.
pub(super) fn about(open: &Open, id: IntentId, kind: &'static str, seat: &Seat, payload: String) -> NewIntent {
    NewIntent {
        id,
        lane: format!("case:{}:{}", seat.case, seat.round),
        kind,
        payload,
        title: seat.card.title.clone(),
        case: Some(seat.case.clone()),
        seat: Some(seat.id.clone()),
        points: None,
        made_at: open.now(),
        due: Some(seat.lease_end),
        held_until: None,
    }
}

/// Whether an act with this id is in the journal already: a command may come twice. The id of some
/// other act is refused.
pub(crate) fn is_known(
    open: &Open,
    id: &IntentId,
    kind: &'static str,
    seat: Option<&SeatId>,
) -> Result<bool, ClientError> {
    match open.store.intent(id) {
        Ok(intent) if intent.kind == kind && intent.seat.as_ref() == seat => Ok(true),
        Ok(_) => Err(ClientError::InvalidId),
        Err(StoreError::NotFound) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether an act of a kind about a seat is under way.
pub(super) fn is_under_way(open: &Open, seat: &SeatId, kinds: &[&str]) -> Result<bool, ClientError> {
    let intents = open.store.open_intents()?;
    Ok(intents.iter().any(|intent| intent.seat.as_ref() == Some(seat) && kinds.contains(&intent.kind.as_str())))
}

/// Takes a seat.
pub(crate) fn accept(open: &Open, op: IntentId, seat: &SeatId) -> Result<(), ClientError> {
    check_op(op.as_str())?;
    let _acting = lock(&open.acting);
    if is_known(open, &op, kind::ACCEPT, Some(seat))? {
        return Ok(());
    }
    let seat = open.store.seat(seat)?;
    let under_way = is_under_way(open, &seat.id, &[kind::ACCEPT, kind::RETURN, kind::RECUSE])?;
    if seat.state != SeatState::Offered || under_way {
        return Err(ClientError::SeatState);
    }
    if seat.lease_end <= open.server_now() {
        return Err(ClientError::LeaseOver);
    }
    let payload = json(&SeatRequest { id: op.clone() })?;
    enqueue(open, &about(open, op, kind::ACCEPT, &seat, payload), Effect::None)?;
    Ok(())
}

/// Gives a seat back; its pack is shredded in the same act.
pub(crate) fn give_back(open: &Open, op: IntentId, seat: &SeatId) -> Result<(), ClientError> {
    check_op(op.as_str())?;
    let _acting = lock(&open.acting);
    if is_known(open, &op, kind::RETURN, Some(seat))? {
        return Ok(());
    }
    let seat = leavable(open, seat)?;
    let payload = json(&SeatRequest { id: op.clone() })?;
    leave(open, &about(open, op, kind::RETURN, &seat, payload), &seat.id)
}

/// Gives a seat up for a conflict of interest; its pack is shredded in the same act.
pub(crate) fn recuse(open: &Open, op: IntentId, seat: &SeatId, reason: RecuseReason) -> Result<(), ClientError> {
    check_op(op.as_str())?;
    let _acting = lock(&open.acting);
    if is_known(open, &op, kind::RECUSE, Some(seat))? {
        return Ok(());
    }
    let seat = leavable(open, seat)?;
    let opened = open.store.local_seat(&seat.id)?.first_opened.is_some();
    let payload = json(&RecuseRequest { id: op.clone(), reason, opened })?;
    leave(open, &about(open, op, kind::RECUSE, &seat, payload), &seat.id)
}

/// Tells the server that a seat's pack is damaged; when it has answered, the pack is fetched anew.
pub(crate) fn report_damage(
    open: &Open,
    op: IntentId,
    seat: &SeatId,
    evidence: Option<EvidenceId>,
) -> Result<(), ClientError> {
    check_op(op.as_str())?;
    let _acting = lock(&open.acting);
    if is_known(open, &op, kind::REPORT_DAMAGE, Some(seat))? {
        return Ok(());
    }
    let seat = open.store.seat(seat)?;
    let pack = open.store.pack(&seat.id)?.ok_or(ClientError::PackNotReady)?;
    let PackState::Damaged { code } = pack.state else { return Err(ClientError::SeatState) };
    if is_under_way(open, &seat.id, &[kind::REPORT_DAMAGE, kind::RETURN, kind::RECUSE])? {
        return Err(ClientError::SeatState);
    }
    let payload = json(&DamageReport { id: op.clone(), pack_sha256: pack.sha256, code, evidence })?;
    let about = about(open, op, kind::REPORT_DAMAGE, &seat, payload);
    // A lane of its own: it waits for no ballot, and none waits for it.
    enqueue(open, &NewIntent { lane: format!("damage:{}", seat.id), ..about }, Effect::None)?;
    Ok(())
}

fn leavable(open: &Open, seat: &SeatId) -> Result<Seat, ClientError> {
    let seat = open.store.seat(seat)?;
    let under_way = is_under_way(open, &seat.id, &[kind::BALLOT, kind::RETURN, kind::RECUSE])?;
    if seat.state.is_open() && !under_way { Ok(seat) } else { Err(ClientError::SeatState) }
}

/// Whether a seat is being given up, or was, and the mirror does not know it yet: its evidence is not fetched
/// again.
pub(crate) fn is_leaving(open: &Open, seat: &SeatId) -> Result<bool, ClientError> {
    let kinds = [kind::RETURN, kind::RECUSE];
    if is_under_way(open, seat, &kinds)? {
        return Ok(true);
    }
    for kind in kinds {
        if open.store.done_intents(kind)?.iter().any(|intent| intent.seat.as_ref() == Some(seat)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn leave(open: &Open, new: &NewIntent, seat: &SeatId) -> Result<(), ClientError> {
    if open.keeps_nothing {
        // It is not given away before the server has acknowledged it.
        enqueue(open, new, Effect::None)?;
        return Ok(());
    }
    forget(open, seat);
    enqueue(open, new, Effect::Shred(seat))?;
    Ok(())
}

/// Forgets a case that is given away, and fetches no more of it.
fn forget(open: &Open, seat: &SeatId) {
    crate::room::close_room(open, seat);
    lock(&open.downloads).stop(seat);
}

/// Shreds the evidence of a case that was given away, after the server has acknowledged it.
pub(super) fn gave_away(open: &Open, seat: &SeatId) {
    forget(open, seat);
    if let Err(error) = open.store.shred_pack(seat) {
        tracing::warn!(%error, "the evidence of a case that was given up goes with the next round");
    }
}

/// Lets a parked act be tried again, or an act be tried at once.
pub(crate) fn retry(open: &Open, id: &IntentId) -> Result<(), ClientError> {
    match open.store.intent(id)?.status {
        IntentStatus::Parked { .. } => open.store.unpark(id)?,
        IntentStatus::Waiting => open.store.release_holds(Some(id))?,
        IntentStatus::Done | IntentStatus::Dropped => return Err(ClientError::NotFound("act")),
    }
    lock(&open.lanes).forget_wait(id);
    open.wake_outbox.notify_one();
    open.news.changed([Topic::Outbox, Topic::Docket, Topic::App]);
    Ok(())
}

/// Drops an act before the server has it; the draft of a ballot stays.
pub(crate) fn drop_act(open: &Open, id: &IntentId) -> Result<(), ClientError> {
    take_back(open, id, None).map(|_| ())
}

/// Takes an act back that the server cannot have, of a kind where one is given; twice is as once.
pub(super) fn take_back(open: &Open, id: &IntentId, kind: Option<&'static str>) -> Result<Intent, ClientError> {
    // Held against the sender, and the act is read under it: from here on it either is on its way, or
    // is not sent any more.
    let lanes = lock(&open.lanes);
    let intent = open.store.intent(id)?;
    if kind.is_some_and(|kind| intent.kind != kind) {
        return Err(ClientError::NotUndoable);
    }
    match intent.status {
        IntentStatus::Dropped => return Ok(intent),
        IntentStatus::Waiting | IntentStatus::Parked { .. } if !lanes.is_sending(id) && !intent.unknown => {}
        _ => return Err(ClientError::NotUndoable),
    }
    open.store.drop_intent(id, None, open.now())?;
    drop(lanes);
    // Those behind it need not wait for it any more.
    open.wake_outbox.notify_one();
    // The sooner the server knows of it, the less a backup can bring back.
    open.wake_sync.notify_one();
    open.news.changed([Topic::Outbox, Topic::Docket, Topic::Room, Topic::Points, Topic::App]);
    Ok(intent)
}
