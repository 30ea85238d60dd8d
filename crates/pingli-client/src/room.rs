//! The case room: an open case, its evidence and what the reviewer wrote about it.

use crate::{
    docket,
    error::ClientError,
    open::{Open, lock},
    outbox,
    timeline::{Bodies, timeline},
    view::{CaseRoomView, Draft, TimelineView, Topic},
};
use pingli_casepack::{CASE_DOCUMENT_PATH, PackFault, PackIndex};
use pingli_protocol::{
    EvidenceId, SeatId, Sha256,
    case::{CaseDocument, Side},
    evidence::EvidenceBody,
    seat::PackRef,
};
use pingli_store::{PackState, StoreError};
use std::sync::Arc;

/// A case whose pack was read. It lives in memory until another is opened or the store locks.
pub(crate) struct OpenRoom {
    seat: SeatId,
    pub(crate) sha256: Sha256,
    pub(crate) document: CaseDocument,
    pub(crate) index: PackIndex,
    pack: PackRef,
    bodies: Bodies,
    timeline: TimelineView,
}

/// Reads a file of the case's pack; its hash is checked again.
pub(crate) fn read_file(open: &Open, room: &OpenRoom, path: &str) -> Result<Vec<u8>, ClientError> {
    let mut reader = open.store.pack_reader(&room.seat)?;
    room.index.read_file(&mut reader, path).map_err(|fault| match fault {
        PackFault::Io(error) if error.kind() != std::io::ErrorKind::InvalidData => StoreError::Io(error).into(),
        fault => ClientError::PackDamaged(fault.code().to_owned()),
    })
}

/// The case of a seat, from memory or from its pack.
pub(crate) fn room(open: &Open, seat: &SeatId) -> Result<Arc<OpenRoom>, ClientError> {
    let row = open.store.pack(seat)?.ok_or(ClientError::PackNotReady)?;
    match row.state {
        PackState::Ready => {}
        PackState::Damaged { code } => return Err(ClientError::PackDamaged(code)),
        _ => return Err(ClientError::PackNotReady),
    }
    if let Some(room) = &*lock(&open.room)
        && room.seat == *seat
        && room.sha256 == row.sha256
    {
        return Ok(Arc::clone(room));
    }
    let record = |error| ClientError::from(StoreError::Record(error));
    let index: PackIndex = serde_json::from_str(&open.store.pack_index(seat)?).map_err(record)?;
    let pack = open.store.seat(seat).map_or_else(|_| None, |seat| Some(seat.pack));
    let mut reader = open.store.pack_reader(seat)?;
    let mut read = |path: &str| index.read_file(&mut reader, path).map_err(|fault| fault.code().to_owned());
    let damaged = ClientError::PackDamaged;
    let json = read(CASE_DOCUMENT_PATH).map_err(damaged)?;
    let document: CaseDocument = serde_json::from_slice(&json).map_err(record)?;
    let mut bodies = Bodies::new();
    for evidence in &document.case.evidence {
        if let Some(file) = &evidence.body {
            let json = read(&file.path).map_err(damaged)?;
            // A body of a kind that this program does not know is shown as not readable, no more.
            match serde_json::from_slice(&json) {
                Ok(body) => drop(bodies.insert(evidence.id.clone(), body)),
                Err(error) => tracing::warn!(line = error.line(), "a body of evidence does not read"),
            }
        }
    }
    let key = pack.map(|pack| pack.key).ok_or(ClientError::NotFound("seat"))?;
    let room = Arc::new(OpenRoom {
        seat: seat.clone(),
        sha256: row.sha256,
        timeline: timeline(&document, &bodies),
        pack: PackRef { version: row.version, sha256: row.sha256, bytes: row.bytes, key },
        document,
        index,
        bodies,
    });
    *lock(&open.room) = Some(Arc::clone(&room));
    Ok(room)
}

/// Forgets an open case: its evidence is about to go.
pub(crate) fn close_room(open: &Open, seat: &SeatId) {
    let mut room = lock(&open.room);
    if room.as_ref().is_some_and(|room| room.seat == *seat) {
        *room = None;
    }
    lock(&open.thumbs).forget(seat);
}

/// Opens a case whose pack is here.
pub(crate) fn open_case(open: &Open, seat: &SeatId) -> Result<CaseRoomView, ClientError> {
    let wanted = open.store.seat(seat)?;
    let room = room(open, seat)?;
    let local = open.store.open_seat(seat, open.now(), &draw_side_order(open, &room.document))?;
    Ok(CaseRoomView {
        seat: seat.clone(),
        state: docket::state_of(open, &wanted)?,
        document: room.document.clone(),
        side_order: local.side_order.unwrap_or_default(),
        pack: room.pack.clone(),
        newer_pack: wanted.pack.sha256 != room.sha256,
        lease_end: wanted.lease_end,
        server_now: open.server_now(),
        draft: draft(open, seat)?,
        opened: open.store.opened_evidence(seat)?,
        timeline: room.timeline.clone(),
        sealed: outbox::sealed_view(open, seat)?,
    })
}

/// Draws the order of the sides. The platform is no side that anybody could favour.
fn draw_side_order(open: &Open, document: &CaseDocument) -> Vec<Side> {
    let mut sides = Vec::new();
    for party in &document.case.parties {
        if party.side != Side::Platform && !sides.contains(&party.side) {
            sides.push(party.side);
        }
    }
    let mut random = [0; 8];
    for last in (1..sides.len()).rev() {
        open.fill(&mut random);
        // Far fewer sides than 2^64: the remainder is as good as even.
        let chosen = u64::from_ne_bytes(random) % (last as u64 + 1);
        sides.swap(last, usize::try_from(chosen).unwrap_or(0));
    }
    sides
}

/// The structured body of a piece of evidence.
pub(crate) fn evidence_body(open: &Open, seat: &SeatId, evidence: &EvidenceId) -> Result<EvidenceBody, ClientError> {
    room(open, seat)?.bodies.get(evidence).cloned().ok_or(ClientError::NotFound("evidence"))
}

/// Notes that a piece of evidence was opened.
pub(crate) fn mark_opened(open: &Open, seat: &SeatId, evidence: &EvidenceId) -> Result<(), ClientError> {
    if room(open, seat)?.document.case.evidence(evidence).is_none() {
        return Err(ClientError::NotFound("evidence"));
    }
    open.store.mark_evidence_opened(seat, evidence)?;
    Ok(())
}

/// The draft of a seat; an empty one where nothing was written.
pub(crate) fn draft(open: &Open, seat: &SeatId) -> Result<Draft, ClientError> {
    let text = open.store.draft(seat)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose().map_err(StoreError::from)?.unwrap_or_default())
}

/// Saves the whole draft of a seat. A sealed ballot's draft stays as it was sealed.
pub(crate) fn save_draft(open: &Open, seat: &SeatId, draft: &Draft) -> Result<(), ClientError> {
    open.store.seat(seat)?;
    if outbox::sealed_view(open, seat)?.is_some() {
        return Err(ClientError::SeatState);
    }
    let first = open.store.draft(seat)?.is_none();
    open.store.save_draft(seat, &serde_json::to_string(draft).map_err(StoreError::from)?, open.now())?;
    if first {
        open.news.changed([Topic::Docket]);
    }
    Ok(())
}
