//! Pictures of an open case: renditions that a window can show, and the export of an original by
//! the reviewer's own act. Nothing of them touches the disk but that export.

mod kept;
mod turns;

use crate::{
    error::ClientError,
    open::{Open, lock},
    room::{OpenRoom, copy_file, read_file, shown_room},
    windows::WindowId,
};
use kept::Kept;
pub use pingli_media::Region;
use pingli_media::{Damage, MediaFault, RenderRequest};
use pingli_protocol::{
    EvidenceId, SeatId,
    evidence::{EvidenceFile, MediaFile},
};
use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    path::Path,
    sync::{Arc, Mutex},
};
use turns::{Turns, Urgency};

/// A thumbnail's longer side, in pixels.
const THUMB_SIDE: u32 = 320;
/// The longer side of what fills a screen, in pixels: a preview, a page.
const SCREEN_SIDE: u32 = 2048;
/// JPEG quality of a part of a picture, which is looked at closely.
const REGION_QUALITY: u8 = 92;
/// Bytes of thumbnails that are kept in memory.
const THUMBS_BYTES: usize = 16 << 20;
/// Bytes of parts and pages that are kept in memory.
const PARTS_BYTES: usize = 32 << 20;

/// Which rendition of a picture or document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rendition {
    /// At most 320 pixels.
    Thumb,
    /// The pack's preview, at most [`SCREEN_SIDE`] pixels.
    Screen,
    /// A page of a document, from 0, at most 2,048 pixels.
    Page(u32),
    /// A part of the upright original.
    Region(Region),
}

/// One picture of one seat.
type Picture = (SeatId, EvidenceId, u32);

/// One rendition of one picture of one seat.
type Key = (SeatId, EvidenceId, u32, Rendition);

/// Renditions in memory, and the queue of those that are being made.
pub(crate) struct Renditions {
    thumbs: Mutex<Kept<Key>>,
    parts: Mutex<Kept<Key>>,
    /// Previews that the worker has decoded whole and found to be what they say: these, and no other bytes
    /// of a pack, may go to a window as they are.
    looked_at: Mutex<BTreeSet<Picture>>,
    turns: Arc<Turns>,
}

impl Renditions {
    /// Nothing in memory, and as many turns at once as there are workers.
    pub(crate) fn new(workers: usize) -> Self {
        let turns = Turns::new(workers);
        let (thumbs, parts) = (Mutex::new(Kept::new(THUMBS_BYTES)), Mutex::new(Kept::new(PARTS_BYTES)));
        Self { thumbs, parts, looked_at: Mutex::default(), turns }
    }

    fn kept(&self, rendition: Rendition) -> &Mutex<Kept<Key>> {
        match rendition {
            Rendition::Thumb => &self.thumbs,
            Rendition::Screen | Rendition::Page(_) | Rendition::Region(_) => &self.parts,
        }
    }

    /// Forgets the renditions of a seat.
    pub(crate) fn forget(&self, seat: &SeatId) {
        for kept in [&self.thumbs, &self.parts] {
            lock(kept).forget(|(kept, ..)| kept == seat);
        }
        lock(&self.looked_at).retain(|(looked_at, ..)| looked_at != seat);
    }

    /// Renditions are made again.
    pub(crate) fn reopen(&self) {
        self.turns.open();
    }

    /// Sends everybody away who waits for a turn, and forgets all renditions.
    pub(crate) fn close(&self) {
        self.turns.close();
        for kept in [&self.thumbs, &self.parts] {
            lock(kept).forget(|_| true);
        }
        lock(&self.looked_at).clear();
    }
}

fn media<'a>(room: &'a OpenRoom, evidence: &EvidenceId, index: u32) -> Result<&'a MediaFile, ClientError> {
    let evidence = room.document.case.evidence(evidence).ok_or(ClientError::NotFound("evidence"))?;
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    evidence.media.get(index).ok_or(ClientError::NotFound("picture"))
}

/// A picture of the case that a window has open, as JPEG.
pub(crate) async fn picture(open: &Arc<Open>, window: WindowId, key: Key) -> Result<Vec<u8>, ClientError> {
    let rendition = key.3;
    if !lock(&open.shown).is_in(&window, &key.0) {
        return Err(ClientError::NotFound("open case"));
    }
    if let Some(jpeg) = lock(open.renditions.kept(rendition)).get(&key) {
        return Ok(jpeg);
    }
    let urgency = match rendition {
        Rendition::Screen if is_looked_at(open, &key) => {
            return open.work(move |open| preview(open, &window, &key)).await;
        }
        Rendition::Thumb => Urgency::InOrder,
        // What was looked at before is of no use once something else is looked at.
        Rendition::Screen | Rendition::Page(_) | Rendition::Region(_) => Urgency::NewestFirst,
    };
    let turn = open.renditions.turns.take(urgency).await.ok_or(ClientError::Locked)?;
    open.work(move |open| {
        let _turn = turn;
        let jpeg = match rendition {
            Rendition::Thumb => look_at(open, &key, &preview(open, &window, &key)?)?,
            Rendition::Screen => screen(open, &window, &key)?,
            Rendition::Page(page) => draw_page(open, &window, &key, page)?,
            Rendition::Region(region) => cut_region(open, &window, &key, region)?,
        };
        // The case may have been closed meanwhile; then nothing of it stays.
        let shown = lock(&open.shown);
        if shown.is_anywhere(&key.0) {
            let mut kept = lock(open.renditions.kept(rendition));
            kept.forget(|(seat, ..)| !shown.is_anywhere(seat));
            kept.keep(key, jpeg.clone());
        }
        Ok(jpeg)
    })
    .await
}

fn preview(open: &Open, window: &WindowId, (seat, evidence, index, _): &Key) -> Result<Vec<u8>, ClientError> {
    let room = shown_room(open, window, seat)?;
    let preview = media(&room, evidence, *index)?.preview.as_ref().ok_or(ClientError::NotFound("preview"))?;
    read_file(open, &room, &preview.path)
}

fn is_looked_at(open: &Open, (seat, evidence, index, _): &Key) -> bool {
    lock(&open.renditions.looked_at).contains(&(seat.clone(), evidence.clone(), *index))
}

/// Has a preview decoded, makes its thumbnail, and notes that it is a picture of the size that a preview
/// has, where it is.
fn look_at(open: &Open, key: &Key, preview: &[u8]) -> Result<Vec<u8>, ClientError> {
    let request = RenderRequest { max_side: THUMB_SIDE, quality: 80, ..RenderRequest::default() };
    let taken = open.media.intake(preview, &request).map_err(|fault| not_made(&fault))?;
    let facts = &taken.facts;
    let nothing = || not_made(&MediaFault::Damaged(facts.damage.unwrap_or(Damage::Unreadable)));
    let thumb = taken.picture.ok_or_else(nothing)?;
    if facts.media_type == "image/jpeg" && facts.damage.is_none() && facts.width.max(facts.height) <= SCREEN_SIDE {
        let (seat, evidence, index, _) = key;
        lock(&open.renditions.looked_at).insert((seat.clone(), evidence.clone(), *index));
    }
    Ok(thumb.jpeg)
}

/// What fills the screen: the preview of the pack where the worker found it to be one, or what can be made
/// of it.
fn screen(open: &Open, window: &WindowId, key: &Key) -> Result<Vec<u8>, ClientError> {
    let preview = preview(open, window, key)?;
    if !is_looked_at(open, key) {
        look_at(open, key, &preview)?;
    }
    if is_looked_at(open, key) {
        return Ok(preview);
    }
    render(open, &preview, &RenderRequest { max_side: SCREEN_SIDE, ..RenderRequest::default() })
}

/// A page of a document. The first one is the preview.
fn draw_page(open: &Open, window: &WindowId, key: &Key, page: u32) -> Result<Vec<u8>, ClientError> {
    let (seat, evidence, index, _) = key;
    let room = shown_room(open, window, seat)?;
    let file = media(&room, evidence, *index)?;
    if page >= file.pages.unwrap_or(0) {
        return Err(ClientError::NotFound("page"));
    }
    if page == 0 && file.preview.is_some() {
        return screen(open, window, key);
    }
    let request = RenderRequest { max_side: SCREEN_SIDE, page, ..RenderRequest::default() };
    render(open, &read_file(open, &room, &file.original.path)?, &request)
}

/// A part of the upright original, or of the JPEG that stands in for it.
fn cut_region(
    open: &Open,
    window: &WindowId,
    (seat, evidence, index, _): &Key,
    region: Region,
) -> Result<Vec<u8>, ClientError> {
    let room = shown_room(open, window, seat)?;
    let file = media(&room, evidence, *index)?;
    let source = region_source(file, &region).ok_or(ClientError::NotFound("region"))?;
    let request = RenderRequest { region: Some(region), quality: REGION_QUALITY, ..RenderRequest::default() };
    render(open, &read_file(open, &room, &source.path)?, &request)
}

/// The file that a region is taken from; none when there is no such region in it.
fn region_source<'a>(file: &'a MediaFile, region: &Region) -> Option<&'a EvidenceFile> {
    region.size()?;
    let inside = region.x + region.width <= file.width && region.y + region.height <= file.height;
    inside.then(|| file.full.as_ref().unwrap_or(&file.original))
}

fn render(open: &Open, bytes: &[u8], request: &RenderRequest) -> Result<Vec<u8>, ClientError> {
    Ok(open.media.render(bytes, request).map_err(|fault| not_made(&fault))?.jpeg)
}

fn not_made(fault: &MediaFault) -> ClientError {
    tracing::warn!(%fault, "a rendition could not be made");
    ClientError::Media(fault.code())
}

/// The file name of an original, without anything that could be a path.
pub(crate) fn original_name(
    open: &Open,
    window: &WindowId,
    seat: &SeatId,
    evidence: &EvidenceId,
    index: u32,
) -> Result<String, ClientError> {
    let room = shown_room(open, window, seat)?;
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
    window: &WindowId,
    seat: &SeatId,
    evidence: &EvidenceId,
    index: u32,
    path: &Path,
) -> Result<(), ClientError> {
    let room = shown_room(open, window, seat)?;
    let original = &media(&room, evidence, index)?.original.path;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(ClientError::File)?;
    let written = copy_file(open, &room, original, &mut file).and_then(|()| file.sync_all().map_err(ClientError::File));
    if written.is_err() {
        // Nobody should take a part of it for the whole.
        let _ = std::fs::remove_file(path);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn photo(full: bool) -> MediaFile {
        let file = |path: &str| {
            let sha256 = pingli_protocol::Sha256::of(path.as_bytes());
            json!({"path": path, "sha256": sha256, "bytes": 9, "media_type": "image/heic"})
        };
        let mut media = json!({"original": file("media/a.heic"), "width": 4000, "height": 3000});
        if full {
            media["full"] = file("full/a.jpg");
        }
        serde_json::from_value(media).expect("a media file")
    }

    #[test]
    fn a_region_is_taken_from_what_is_quick_to_decode() {
        let region = Region { halvings: 0, x: 3000, y: 2000, width: 1000, height: 1000 };
        let source = |full| region_source(&photo(full), &region).map(|file| file.path.clone());
        assert_eq!(source(false).as_deref(), Some("media/a.heic"));
        assert_eq!(source(true).as_deref(), Some("full/a.jpg"));
    }

    #[test]
    fn a_region_over_the_edge_is_not_there() {
        let within =
            |x, y, width, height| region_source(&photo(false), &Region { halvings: 1, x, y, width, height }).is_some();
        assert!(within(0, 0, 4000, 3000));
        assert!(!within(1, 0, 4000, 3000) && !within(0, 1, 4000, 3000) && !within(0, 0, 4001, 10));
        assert!(!within(u32::MAX, 0, 10, 10) && !within(0, 0, 10, u32::MAX), "no number is too large to be refused");
        assert!(!within(0, 0, 1, 10), "halved to nothing");
    }

    #[test]
    fn a_closed_case_leaves_no_picture_behind() {
        let renditions = Renditions::new(2);
        let seat = |id: &str| SeatId::new(id).expect("an id");
        let key = |id: &str, rendition| (seat(id), "b-1".parse().expect("an id"), 0, rendition);
        for rendition in [Rendition::Thumb, Rendition::Page(3)] {
            for id in ["s-1", "s-2"] {
                lock(renditions.kept(rendition)).keep(key(id, rendition), vec![1; 10]);
            }
        }
        renditions.forget(&seat("s-1"));
        for rendition in [Rendition::Thumb, Rendition::Page(3)] {
            assert_eq!(lock(renditions.kept(rendition)).get(&key("s-1", rendition)), None);
            assert!(lock(renditions.kept(rendition)).get(&key("s-2", rendition)).is_some());
        }
    }
}
