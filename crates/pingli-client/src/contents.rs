//! What is made from a pack once every byte of it is checked: its chats go into rows, and its
//! timeline is computed and kept. Made anew when the rules for it are newer than what is kept.

use crate::{
    chat,
    error::ClientError,
    open::{Open, lock},
    room,
    timeline::{Bodies, Chats, TIMELINE_RULES, timeline},
};
use pingli_casepack::PackIndex;
use pingli_protocol::{
    SeatId,
    case::CaseDocument,
    evidence::{Evidence, EvidenceBody, EvidenceFile, EvidenceKind},
    limits::JsonLimits,
};
use pingli_store::{BlobReader, Contents, PackRow, StoreError};

/// The version of the way in which chats are kept; raise it when that changes.
const ROWS: u32 = 1;
/// The largest body that is read as a whole; a chat log is read as a stream and may be larger.
const LARGEST_BODY: u64 = JsonLimits::DOCUMENT.bytes as u64;
/// All bodies of a case together.
const ALL_BODIES: u64 = 256 << 20;

/// A pack that is here, opened for reading.
pub(crate) struct Source<'a> {
    pub(crate) seat: &'a SeatId,
    pub(crate) document: &'a CaseDocument,
    pub(crate) index: &'a PackIndex,
}

/// Makes everything from a pack that was just checked, and notes that it is ready.
pub(crate) fn make_ready(
    open: &Open,
    source: &Source<'_>,
    reader: &mut BlobReader,
    go_on: &dyn Fn() -> Result<(), ClientError>,
) -> Result<(), ClientError> {
    let chats = take_in_chats(open, source, reader, go_on)?;
    let timeline = compute(source, reader, &chats)?;
    let index = serde_json::to_string(source.index).map_err(StoreError::from)?;
    Ok(open.store.pack_is_ready(source.seat, &index, &contents(&timeline))?)
}

/// Makes anew what was made by older rules, or by a program that made nothing.
pub(crate) fn renew(open: &Open, source: &Source<'_>, row: &PackRow) -> Result<(), ClientError> {
    let is_current = |row: &PackRow| row.rows_version == ROWS && row.timeline_version == TIMELINE_RULES;
    if is_current(row) {
        return Ok(());
    }
    // One at a time: the window may ask for the case and its pictures at once.
    let _turn = lock(&open.renewing);
    let row = open.store.pack(source.seat)?.ok_or(ClientError::PackNotReady)?;
    if is_current(&row) {
        return Ok(());
    }
    let mut reader = room::reader(open, source.seat)?;
    let chats = if row.rows_version == ROWS {
        outlines(open, source)?
    } else {
        take_in_chats(open, source, &mut reader, &|| Ok(()))?
    };
    let timeline = compute(source, &mut reader, &chats)?;
    Ok(open.store.set_pack_contents(source.seat, &contents(&timeline))?)
}

const fn contents(timeline: &str) -> Contents<'_> {
    Contents { rows_version: ROWS, timeline_version: TIMELINE_RULES, timeline }
}

fn bodies(document: &CaseDocument) -> impl Iterator<Item = (&Evidence, &EvidenceFile)> {
    document.case.evidence.iter().filter_map(|evidence| Some((evidence, evidence.body.as_ref()?)))
}

fn take_in_chats(
    open: &Open,
    source: &Source<'_>,
    reader: &mut BlobReader,
    go_on: &dyn Fn() -> Result<(), ClientError>,
) -> Result<Chats, ClientError> {
    // What a crash in the middle left.
    open.store.clear_chats(source.seat)?;
    let mut chats = Chats::new();
    for (evidence, file) in bodies(source.document) {
        if evidence.kind == EvidenceKind::ChatLog {
            let stream = source.index.stream_file(reader, &file.path).map_err(room::fault)?;
            let outline = chat::take_in(open, source.seat, &evidence.id, stream, go_on)?;
            chats.extend(outline.map(|outline| (evidence.id.clone(), outline)));
        }
    }
    Ok(chats)
}

fn outlines(open: &Open, source: &Source<'_>) -> Result<Chats, ClientError> {
    let mut chats = Chats::new();
    for (evidence, _) in bodies(source.document) {
        let outline = chat::outline_again(open, source.seat, &evidence.id)?;
        chats.extend(outline.map(|outline| (evidence.id.clone(), outline)));
    }
    Ok(chats)
}

/// The timeline of a pack, JSON.
fn compute(source: &Source<'_>, reader: &mut BlobReader, chats: &Chats) -> Result<String, ClientError> {
    let (mut found, mut bytes) = (Bodies::new(), 0);
    for (evidence, file) in bodies(source.document) {
        if evidence.kind == EvidenceKind::ChatLog || bytes + file.bytes > ALL_BODIES {
            continue;
        }
        bytes += file.bytes;
        found.extend(body(source.index, reader, file)?.map(|body| (evidence.id.clone(), body)));
    }
    Ok(serde_json::to_string(&timeline(source.document, &found, chats)).map_err(StoreError::from)?)
}

/// Reads a structured body. None when it is too large or of a kind that this program does not know:
/// it is shown as not readable, no more.
pub(crate) fn body(
    index: &PackIndex,
    reader: &mut BlobReader,
    file: &EvidenceFile,
) -> Result<Option<EvidenceBody>, ClientError> {
    if index.get(&file.path).is_some_and(|packed| packed.bytes > LARGEST_BODY) {
        tracing::warn!("a body of evidence is too large to be read");
        return Ok(None);
    }
    Ok(read_body(&index.read_file(reader, &file.path, LARGEST_BODY).map_err(room::fault)?))
}

/// Reads a structured body that wants no more than a document may.
pub(crate) fn read_body(json: &[u8]) -> Option<EvidenceBody> {
    if let Err(error) = JsonLimits::DOCUMENT.check(json) {
        tracing::warn!(%error, "a body of evidence is not read");
        return None;
    }
    match serde_json::from_slice(json) {
        Ok(body) => Some(body),
        Err(error) => {
            tracing::warn!(line = error.line(), "a body of evidence does not read");
            None
        }
    }
}
