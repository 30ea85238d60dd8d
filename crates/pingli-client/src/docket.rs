//! The docket: what each seat's state is on this machine, and which seats are shown.

use crate::{
    error::ClientError,
    open::{Open, lock},
    outbox::kind,
    packs::Downloads,
    view::{DocketRow, DocketView, RowState, Topic},
};
use pingli_protocol::{
    SeatId, UtcInstant,
    ballot::{BallotOutcome, Receipt},
    seat::{Seat, SeatState},
    sync::{ChangeBody, Collection},
};
use pingli_store::{Intent, IntentStatus, PackRow, PackState};
use std::collections::BTreeMap;

/// How long an ended seat stays in the docket.
const AFTER_THE_END_SECONDS: i64 = 24 * 3600;

/// What a row's state is made from.
pub(crate) struct Facts<'a> {
    pub(crate) seat: &'a Seat,
    pub(crate) pack: Option<&'a PackRow>,
    /// Bytes of a download under way.
    pub(crate) received: Option<u64>,
    pub(crate) intents: &'a [Intent],
    pub(crate) receipt: Option<&'a Receipt>,
    pub(crate) server_now: UtcInstant,
}

/// The state of a seat on this machine.
pub(crate) fn row_state(facts: &Facts<'_>) -> RowState {
    let own = |wanted: &str| facts.intents.iter().find(|i| i.kind == wanted && i.seat.as_ref() == Some(&facts.seat.id));
    let ballot = own(kind::BALLOT);
    // A refused one counts for nothing once another is sealed.
    let refused = |receipt: &Receipt| matches!(receipt.outcome, BallotOutcome::Refused { .. });
    if let Some(receipt) = facts.receipt.filter(|receipt| ballot.is_none() || !refused(receipt)) {
        return match &receipt.outcome {
            BallotOutcome::Counted => RowState::Counted,
            BallotOutcome::Recorded => RowState::Recorded,
            BallotOutcome::Refused { code } => RowState::Refused { code: crate::error::problem_code(*code) },
        };
    }
    if let Some(ballot) = ballot {
        return match (&ballot.status, ballot.held_until) {
            (IntentStatus::Parked { code }, _) => RowState::Refused { code: code.clone() },
            (_, Some(until)) if until > facts.server_now => RowState::Held { until },
            _ => RowState::Sealed { at: ballot.made_at },
        };
    }
    let leaving = own(kind::RETURN).or_else(|| own(kind::RECUSE));
    if leaving.is_some_and(|intent| intent.status == IntentStatus::Waiting) {
        return RowState::Leaving;
    }
    let over = facts.seat.lease_end <= facts.server_now;
    match facts.seat.state {
        SeatState::Counted => RowState::Counted,
        SeatState::Offered | SeatState::Accepted if over => RowState::LeaseOver,
        SeatState::Offered if own(kind::ACCEPT).is_some_and(|i| i.status == IntentStatus::Waiting) => RowState::Queued,
        SeatState::Offered => RowState::Offered,
        SeatState::Accepted => pack_state(facts),
        _ => RowState::Ended,
    }
}

fn pack_state(facts: &Facts<'_>) -> RowState {
    let Some(pack) = facts.pack else { return RowState::NotDownloaded };
    let bytes = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    match (&pack.state, facts.received) {
        (PackState::Ready, _) => RowState::ReadyOffline,
        (PackState::Damaged { code }, _) => RowState::Damaged { code: code.clone() },
        (PackState::Paused { code }, _) => RowState::DownloadPaused { code: code.clone() },
        (PackState::Queued, Some(received)) => {
            RowState::Downloading { received: bytes(received), total: bytes(pack.bytes) }
        }
        (PackState::Queued, None) => RowState::Queued,
    }
}

/// Whether a seat is shown: open, with something under way, or ended within a day.
fn is_shown(facts: &Facts<'_>) -> bool {
    let under_way = facts.intents.iter().any(|intent| intent.seat.as_ref() == Some(&facts.seat.id));
    let ended = match facts.receipt {
        Some(receipt) => receipt.received_at,
        None => facts.seat.lease_end,
    };
    facts.seat.state.is_open() && facts.receipt.is_none()
        || under_way
        || ended.plus_seconds(AFTER_THE_END_SECONDS) > facts.server_now
}

/// The receipts of ballots, by seat.
pub(crate) fn ballot_receipts(open: &Open) -> Result<BTreeMap<String, Receipt>, ClientError> {
    let mut found = BTreeMap::new();
    for (_, receipt) in open.store.receipts_of(kind::BALLOT)? {
        let receipt: Receipt = serde_json::from_str(&receipt.body).map_err(pingli_store::StoreError::from)?;
        // The newest of a seat comes first; an older one was refused and cast anew. But a refusal never
        // takes the place of what was taken in.
        let refused = |receipt: &Receipt| matches!(receipt.outcome, BallotOutcome::Refused { .. });
        let newest = found.entry(receipt.seat.as_str().to_owned()).or_insert_with(|| receipt.clone());
        if refused(newest) && !refused(&receipt) {
            *newest = receipt;
        }
    }
    Ok(found)
}

/// The state of one seat.
pub(crate) fn state_of(open: &Open, seat: &Seat) -> Result<RowState, ClientError> {
    let received = lock(&open.downloads).received(&seat.id);
    Ok(row_state(&Facts {
        seat,
        pack: open.store.pack(&seat.id)?.as_ref(),
        received,
        intents: &crate::outbox::shown_intents(open)?,
        receipt: ballot_receipts(open)?.get(seat.id.as_str()),
        server_now: open.server_now(),
    }))
}

/// The docket.
pub(crate) fn docket(open: &Open) -> Result<DocketView, ClientError> {
    let (packs, intents) = (open.store.packs()?, crate::outbox::shown_intents(open)?);
    let receipts = ballot_receipts(open)?;
    let (local, drafted) = (open.store.local_seats()?, open.store.drafted_seats()?);
    let server_now = open.server_now();
    let progress: Downloads = lock(&open.downloads).clone();
    let mut rows = Vec::new();
    for seat in open.store.seats()? {
        let facts = Facts {
            seat: &seat,
            pack: packs.iter().find(|pack| pack.seat == seat.id),
            received: progress.received(&seat.id),
            intents: &intents,
            receipt: receipts.get(seat.id.as_str()),
            server_now,
        };
        if !is_shown(&facts) {
            continue;
        }
        rows.push(DocketRow {
            state: row_state(&facts),
            later: local.get(seat.id.as_str()).is_some_and(|local| local.later),
            has_draft: drafted.contains(seat.id.as_str()),
            pack_bytes: i64::try_from(seat.pack.bytes).unwrap_or(i64::MAX),
            seat: seat.id,
            case: seat.case,
            round: seat.round,
            card: seat.card,
            server_state: seat.state,
            lease_end: seat.lease_end,
        });
    }
    rows.sort_by_key(|row| (row.later, row.lease_end));
    let pick = |body| if let ChangeBody::CaseType(case_type) = body { Some(*case_type) } else { None };
    let mut case_types = open.records(Collection::CaseTypes, pick)?;
    case_types.retain(|case_type| rows.iter().any(|row| row.card.case_type == case_type.code));
    Ok(DocketView { rows, case_types, server_now })
}

/// Puts a case off, or takes it up again.
pub(crate) fn put_later(open: &Open, seat: &SeatId, later: bool) -> Result<(), ClientError> {
    open.store.seat(seat)?;
    open.store.set_later(seat, later)?;
    open.news.changed([Topic::Docket]);
    Ok(())
}

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;
