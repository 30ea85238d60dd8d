//! The case room: an open case, its evidence and what the reviewer wrote about it.

use crate::{
    contents, docket,
    draft::merge,
    error::ClientError,
    material,
    open::{Open, lock},
    outbox,
    view::{BodyView, CaseRoomView, Draft, Topic, WrittenView},
    windows::WindowId,
};
use pingli_casepack::{CASE_DOCUMENT_PATH, PackFault, PackIndex, PackLimits};
use pingli_protocol::{
    EvidenceId, SeatId, Sha256,
    case::{CaseDocument, Party, Role, Side},
    evidence::{EvidenceBody, EvidenceKind},
    seat::PackRef,
};
use pingli_store::{BlobReader, PackState, StoreError};
use std::{
    io::{Read as _, Write},
    sync::Arc,
};

/// The largest file that is read whole: what the decoding worker takes in.
const LARGEST_FILE: u64 = 64 << 20;
/// Bytes that are copied at once.
const COPIED_AT_ONCE: usize = 256 << 10;

/// A case whose pack was read. It lives in memory until another is opened or the store locks.
pub(crate) struct OpenRoom {
    pub(crate) seat: SeatId,
    pub(crate) sha256: Sha256,
    pub(crate) document: CaseDocument,
    pub(crate) index: PackIndex,
    pub(crate) pack: PackRef,
}

/// Takes a fault of a pack that was whole once: what is damage, and what is a disk in trouble.
pub(crate) fn fault(fault: PackFault) -> ClientError {
    match fault {
        // A chunk that does not open is damage on this machine's disk.
        PackFault::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => tampered(),
        PackFault::Io(error) => StoreError::Io(error).into(),
        fault => ClientError::PackDamaged(fault.code().to_owned()),
    }
}

fn tampered() -> ClientError {
    ClientError::PackDamaged(StoreError::Tampered.code().to_owned())
}

/// Opens the pack of a seat for reading.
pub(crate) fn reader(open: &Open, seat: &SeatId) -> Result<BlobReader, ClientError> {
    open.store.pack_reader(seat).map_err(|error| match error {
        StoreError::Tampered => tampered(),
        StoreError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            ClientError::PackDamaged("pack_missing".to_owned())
        }
        error => error.into(),
    })
}

/// Notes that what was ready is damaged: from now on nobody can vote on it, until it was fetched anew.
/// What still reads can be read.
fn note_damage(open: &Open, seat: &SeatId, error: ClientError) -> ClientError {
    if let ClientError::PackDamaged(code) = &error
        && let Ok(Some(row)) = open.store.pack(seat)
        && row.state == PackState::Ready
    {
        tracing::warn!(%seat, code, "a pack is damaged that was ready");
        match open.store.set_pack_state(seat, &PackState::Damaged { code: code.clone() }) {
            Ok(()) => open.news.changed([Topic::Docket, Topic::Room]),
            Err(error) => tracing::warn!(%error, "the damage could not be noted"),
        }
    }
    error
}

/// Reads a file of the case's pack that goes to the decoding worker; its hash is checked again.
pub(crate) fn read_file(open: &Open, room: &OpenRoom, path: &str) -> Result<Vec<u8>, ClientError> {
    if room.index.get(path).is_some_and(|packed| packed.bytes > LARGEST_FILE) {
        // It is no damage: there is no looking at it here, and it can still be exported.
        return Err(ClientError::Media("media_too_large"));
    }
    let read = reader(open, &room.seat)
        .and_then(|mut reader| room.index.read_file(&mut reader, path, LARGEST_FILE).map_err(fault));
    read.map_err(|error| note_damage(open, &room.seat, error))
}

/// Writes a file of the case's pack elsewhere, whatever its size; its hash is checked again.
pub(crate) fn copy_file(open: &Open, room: &OpenRoom, path: &str, to: &mut impl Write) -> Result<(), ClientError> {
    let mut reader = reader(open, &room.seat)?;
    let copied = room.index.stream_file(&mut reader, path).and_then(|mut stream| {
        let mut chunk = vec![0; COPIED_AT_ONCE];
        let mut written = Ok(());
        while written.is_ok() {
            let length = stream.read(&mut chunk)?;
            if length == 0 {
                break;
            }
            written = to.write_all(&chunk[..length]);
        }
        if written.is_ok() { stream.finish().map(|()| written) } else { Ok(written) }
    });
    match copied {
        Ok(written) => written.map_err(ClientError::File),
        Err(error) => Err(note_damage(open, &room.seat, fault(error))),
    }
}

/// The case of a seat, from memory or from its pack. A pack that was ready once and is damaged now
/// can still be read where it is whole.
pub(crate) fn room(open: &Open, seat: &SeatId) -> Result<Arc<OpenRoom>, ClientError> {
    let row = open.store.pack(seat)?.ok_or(ClientError::PackNotReady)?;
    if !matches!(row.state, PackState::Ready | PackState::Damaged { .. }) {
        return Err(ClientError::PackNotReady);
    }
    if let Some(room) = lock(&open.rooms).get(seat, row.sha256) {
        return Ok(room);
    }
    let record = |error| ClientError::from(StoreError::Record(error));
    let index = match (open.store.pack_index(seat), &row.state) {
        (Err(StoreError::NotFound), PackState::Damaged { code }) => {
            return Err(ClientError::PackDamaged(code.clone()));
        }
        (index, _) => index?,
    };
    let index: PackIndex = serde_json::from_str(&index).map_err(record)?;
    let key = open.store.seat(seat).map_err(|_| ClientError::NotFound("seat"))?.pack.key;
    let document = reader(open, seat).and_then(|mut reader| {
        let json = index
            .read_file(&mut reader, CASE_DOCUMENT_PATH, PackLimits::default().case_document_bytes)
            .map_err(fault)?;
        serde_json::from_slice(&json).map_err(record)
    });
    let document: CaseDocument = document.map_err(|error| note_damage(open, seat, error))?;
    let source = contents::Source { seat, document: &document, index: &index };
    contents::renew(open, &source, &row).map_err(|error| note_damage(open, seat, error))?;
    let room = Arc::new(OpenRoom {
        seat: seat.clone(),
        sha256: row.sha256,
        pack: PackRef { version: row.version, sha256: row.sha256, bytes: row.bytes, key },
        document,
        index,
    });
    lock(&open.rooms).keep(Arc::clone(&room));
    Ok(room)
}

/// The case of a seat, where it is the one that a window has open.
pub(crate) fn shown_room(open: &Open, window: &WindowId, seat: &SeatId) -> Result<Arc<OpenRoom>, ClientError> {
    if !lock(&open.shown).is_in(window, seat) {
        return Err(ClientError::NotFound("open case"));
    }
    room(open, seat)
}

/// Forgets what was read of a case: another pack is about to take its place.
pub(crate) fn forget_room(open: &Open, seat: &SeatId) {
    lock(&open.rooms).forget(seat);
    open.renditions.forget(seat);
}

/// Leaves a case in all windows and forgets it: its evidence is about to go.
pub(crate) fn close_room(open: &Open, seat: &SeatId) {
    lock(&open.shown).leave_everywhere(seat);
    forget_room(open, seat);
}

/// Opens a case whose pack is here, in a window.
pub(crate) async fn open_case(open: &Arc<Open>, window: &WindowId, seat: SeatId) -> Result<CaseRoomView, ClientError> {
    // Before anything is waited for, even for a thread that reads: whoever leaves meanwhile has left.
    lock(&open.shown).open(window, &seat);
    open.work(move |open| case(open, &seat)).await
}

/// A case whose pack is here. It counts as opened from now on.
pub(crate) fn case(open: &Open, seat: &SeatId) -> Result<CaseRoomView, ClientError> {
    let wanted = open.store.seat(seat)?;
    let room = room(open, seat)?;
    let local = open.store.open_seat(seat, open.now(), &draw_side_order(open, &room.document))?;
    let first = first_look(&room.document);
    if let Some(first) = &first {
        open.store.mark_evidence_opened(seat, first)?;
    }
    Ok(CaseRoomView {
        seat: seat.clone(),
        state: docket::state_of(open, &wanted)?,
        document: room.document.clone(),
        side_order: local.side_order.unwrap_or_default(),
        pack: room.pack.clone(),
        newer_pack: wanted.pack.sha256 != room.sha256,
        change: material::change(open, seat, &room)?,
        lease_end: wanted.lease_end,
        server_now: open.server_now(),
        draft: draft(open, seat)?,
        opened: open.store.opened_evidence(seat)?,
        first,
        timeline: serde_json::from_str(&open.store.pack_timeline(seat)?).map_err(StoreError::from)?,
        sealed: outbox::sealed_view(open, seat)?,
    })
}

/// What is looked at first: the chat, which says most, or else whatever comes first.
fn first_look(document: &CaseDocument) -> Option<EvidenceId> {
    let evidence = &document.case.evidence;
    let chat = evidence.iter().find(|piece| piece.kind == EvidenceKind::ChatLog);
    chat.or(evidence.first()).map(|piece| piece.id.clone())
}

/// The sides that evidence may speak for. The platform is one where it asks for something or answers
/// for it, as in an appeal, and not where it only keeps the record, or where two others are there.
fn sides_of(parties: &[Party]) -> Vec<Side> {
    let mut sides = Vec::new();
    for party in parties {
        let keeps_the_record = party.side == Side::Platform && party.role == Role::Neutral;
        if !keeps_the_record && !sides.contains(&party.side) {
            sides.push(party.side);
        }
    }
    if sides.len() > 2 {
        sides.retain(|side| *side != Side::Platform);
    }
    sides
}

/// Draws the order of the sides.
fn draw_side_order(open: &Open, document: &CaseDocument) -> Vec<Side> {
    let mut sides = sides_of(&document.case.parties);
    let mut random = [0; 8];
    for last in (1..sides.len()).rev() {
        open.fill(&mut random);
        // Far fewer sides than 2^64: the remainder is as good as even.
        let chosen = u64::from_ne_bytes(random) % (last as u64 + 1);
        sides.swap(last, usize::try_from(chosen).unwrap_or(0));
    }
    sides
}

/// The structured body of a piece of evidence; a chat log is read page by page instead.
pub(crate) fn evidence_body(open: &Open, seat: &SeatId, evidence: &EvidenceId) -> Result<EvidenceBody, ClientError> {
    let room = room(open, seat)?;
    let evidence = room.document.case.evidence(evidence).ok_or(ClientError::NotFound("evidence"))?;
    let file = evidence.body.as_ref().filter(|_| evidence.kind != EvidenceKind::ChatLog);
    let file = file.ok_or(ClientError::NotFound("body"))?;
    let body = reader(open, seat).and_then(|mut reader| contents::body(&room.index, &mut reader, file));
    body.map_err(|error| note_damage(open, seat, error))?.ok_or(ClientError::Unreadable)
}

/// The structured bodies of pieces of evidence, in the order asked for.
pub(crate) fn evidence_bodies(open: &Open, seat: &SeatId, evidence: &[EvidenceId]) -> Vec<BodyView> {
    let one = |id| match evidence_body(open, seat, id) {
        Ok(body) => BodyView::Here { body: Box::new(body) },
        Err(error) => BodyView::Missing { error: error.view() },
    };
    evidence.iter().map(one).collect()
}

/// Notes that a piece of evidence was opened.
pub(crate) fn mark_opened(
    open: &Open,
    window: &WindowId,
    seat: &SeatId,
    evidence: &EvidenceId,
) -> Result<(), ClientError> {
    if room(open, seat)?.document.case.evidence(evidence).is_none() {
        return Err(ClientError::NotFound("evidence"));
    }
    open.store.mark_evidence_opened(seat, evidence)?;
    tell_other_window(open, window, seat);
    Ok(())
}

/// What another window with the same case open shows of the reviewer's own work is stale.
fn tell_other_window(open: &Open, window: &WindowId, seat: &SeatId) {
    if lock(&open.shown).is_elsewhere(window, seat) {
        open.news.changed([Topic::Draft]);
    }
}

/// What the reviewer wrote about a case and opened of it.
pub(crate) fn written(open: &Open, seat: &SeatId) -> Result<WrittenView, ClientError> {
    Ok(WrittenView { draft: draft(open, seat)?, opened: open.store.opened_evidence(seat)? })
}

/// The draft of a seat; an empty one where nothing was written.
pub(crate) fn draft(open: &Open, seat: &SeatId) -> Result<Draft, ClientError> {
    let text = open.store.draft(seat)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose().map_err(StoreError::from)?.unwrap_or_default())
}

/// Saves the draft of a seat as a window has it; `base` is what the window had before its changes. What
/// another window wrote since is kept beside them. Answers with the draft as it was kept. A sealed
/// ballot's draft stays as it was sealed.
pub(crate) fn save_draft(
    open: &Open,
    window: &WindowId,
    seat: &SeatId,
    mine: &Draft,
    base: &Draft,
) -> Result<Draft, ClientError> {
    open.store.seat(seat)?;
    let _acting = lock(&open.acting);
    if outbox::sealed_view(open, seat)?.is_some() {
        return Err(ClientError::AlreadySealed);
    }
    let first = open.store.draft(seat)?.is_none();
    let kept = merge(base, mine, &draft(open, seat)?);
    open.store.save_draft(seat, &serde_json::to_string(&kept).map_err(StoreError::from)?, open.now())?;
    if first {
        open.news.changed([Topic::Docket]);
    }
    tell_other_window(open, window, seat);
    Ok(kept)
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;
    use crate::testing::{Machine, chat_body};
    use std::{pin::pin, sync::mpsc, task::Poll};

    fn sides(parties: &[(&str, &str)]) -> Vec<Side> {
        let party = |(side, role): &(&str, &str)| serde_json::json!({ "side": side, "role": role, "alias": "a" });
        let parties: Vec<_> = parties.iter().map(party).collect();
        sides_of(&serde_json::from_value::<Vec<Party>>(parties.into()).expect("parties"))
    }

    #[test]
    fn whoever_leaves_while_a_case_still_waits_to_be_read_has_left() {
        let messages = serde_json::json!([{"seq": 1, "from": "b", "text": "x"}]);
        let machine = Machine::with(&[("p-1", "chat_log", chat_body(messages))]);
        let (open, seat, window) = (&machine.open, &machine.seat, WindowId::from("main"));
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build();
        runtime.expect("a runtime").block_on(async {
            let (go_on, waits) = mpsc::channel::<()>();
            // The one thread that could read it is taken.
            let taken = tokio::task::spawn_blocking(move || waits.recv());
            let mut opening = pin!(open_case(open, &window, seat.clone()));
            std::future::poll_fn(|context| Poll::Ready(opening.as_mut().poll(context).is_pending())).await;
            lock(&open.shown).leave(&window, seat);
            go_on.send(()).expect("it waits");
            taken.await.expect("a thread").expect("a word");
            opening.await.expect("a case");
            assert!(!lock(&open.shown).is_in(&window, seat), "a case that was left is not shown afterwards");
        });
    }

    #[test]
    fn evidence_speaks_for_the_platform_only_where_it_is_a_party_against_one_other() {
        let dispute = [("buyer", "claimant"), ("seller", "respondent"), ("platform", "neutral")];
        assert_eq!(sides(&dispute), [Side::Buyer, Side::Seller], "the platform keeps the record");
        let appeal = [("appellant", "claimant"), ("platform", "respondent")];
        assert_eq!(sides(&appeal), [Side::Appellant, Side::Platform], "for the penalty or against it");
        let rule = [("platform", "claimant"), ("seller", "neutral"), ("buyer", "neutral")];
        assert_eq!(sides(&rule), [Side::Seller, Side::Buyer], "whom a rule concerns");
        assert_eq!(sides(&[("seller", "claimant"), ("seller", "claimant")]), [Side::Seller], "each side once");
    }
}
