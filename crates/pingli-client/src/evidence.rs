//! Pictures of an open case: renditions that a window can show, and the export of an original by
//! the reviewer's own act. Nothing of them touches the disk but that export.

use crate::{
    error::ClientError,
    open::{Open, lock},
    room::{read_file, room},
};
use pingli_media::RenderRequest;
use pingli_protocol::{EvidenceId, SeatId, evidence::MediaFile};
use std::{collections::VecDeque, fs::OpenOptions, io::Write as _, path::Path};

/// A thumbnail's longer side, in pixels.
const THUMB_SIDE: u32 = 320;
/// Bytes of thumbnails that are kept in memory.
const THUMBS_BYTES: usize = 16 << 20;

/// Which rendition of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rendition {
    /// At most 320 pixels.
    Thumb,
    /// The pack's preview, at most 2,048 pixels.
    Screen,
}

/// Thumbnails in memory, the oldest first to go.
#[derive(Default)]
pub(crate) struct Thumbs {
    kept: VecDeque<((SeatId, EvidenceId, u32), Vec<u8>)>,
    bytes: usize,
}

impl Thumbs {
    fn get(&self, key: &(SeatId, EvidenceId, u32)) -> Option<Vec<u8>> {
        self.kept.iter().find(|(kept, _)| kept == key).map(|(_, jpeg)| jpeg.clone())
    }

    fn keep(&mut self, key: (SeatId, EvidenceId, u32), jpeg: Vec<u8>) {
        self.bytes += jpeg.len();
        self.kept.push_back((key, jpeg));
        while self.bytes > THUMBS_BYTES
            && let Some((_, oldest)) = self.kept.pop_front()
        {
            self.bytes -= oldest.len();
        }
    }

    /// Forgets the thumbnails of a seat.
    pub(crate) fn forget(&mut self, seat: &SeatId) {
        self.kept.retain(|((kept, ..), _)| kept != seat);
        self.bytes = self.kept.iter().map(|(_, jpeg)| jpeg.len()).sum();
    }
}

fn media<'a>(room: &'a crate::room::OpenRoom, evidence: &EvidenceId, index: u32) -> Result<&'a MediaFile, ClientError> {
    let evidence = room.document.case.evidence(evidence).ok_or(ClientError::NotFound("evidence"))?;
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    evidence.media.get(index).ok_or(ClientError::NotFound("picture"))
}

/// A picture as JPEG.
pub(crate) fn picture(
    open: &Open,
    seat: &SeatId,
    evidence: &EvidenceId,
    index: u32,
    rendition: Rendition,
) -> Result<Vec<u8>, ClientError> {
    let key = (seat.clone(), evidence.clone(), index);
    if rendition == Rendition::Thumb
        && let Some(jpeg) = lock(&open.thumbs).get(&key)
    {
        return Ok(jpeg);
    }
    let room = room(open, seat)?;
    let preview = media(&room, evidence, index)?.preview.as_ref().ok_or(ClientError::NotFound("preview"))?;
    let preview = read_file(open, &room, &preview.path)?;
    match rendition {
        Rendition::Screen => Ok(preview),
        Rendition::Thumb => {
            let request = RenderRequest { max_side: THUMB_SIDE, quality: 80, ..RenderRequest::default() };
            let thumb = open.media.render(&preview, &request).map_err(|fault| {
                tracing::warn!(%fault, "a thumbnail could not be made");
                ClientError::Media(fault.code())
            })?;
            lock(&open.thumbs).keep(key, thumb.jpeg.clone());
            Ok(thumb.jpeg)
        }
    }
}

/// The file name of an original, without anything that could be a path.
pub(crate) fn original_name(
    open: &Open,
    seat: &SeatId,
    evidence: &EvidenceId,
    index: u32,
) -> Result<String, ClientError> {
    let room = room(open, seat)?;
    let file = media(&room, evidence, index)?;
    let given = if file.name.is_empty() { file.original.path.as_str() } else { file.name.as_str() };
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe: String = last.chars().filter(|c| !c.is_control() && !r#"<>:"|?*"#.contains(*c)).take(100).collect();
    let safe = safe.trim_matches(['.', ' ']);
    Ok(if safe.is_empty() { format!("{evidence}-{}", index + 1) } else { safe.to_owned() })
}

/// Writes an original to a file. Only the reviewer may read it.
pub(crate) fn export_original(
    open: &Open,
    seat: &SeatId,
    evidence: &EvidenceId,
    index: u32,
    path: &Path,
) -> Result<(), ClientError> {
    let room = room(open, seat)?;
    let bytes = read_file(open, &room, &media(&room, evidence, index)?.original.path)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(ClientError::File)?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(ClientError::File)
}
