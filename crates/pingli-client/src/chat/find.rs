//! Search inside one log: a literal scan, upper and lower case being the same. The store is given
//! free every few thousand messages, and a scan ends when nobody waits for it any longer.

use super::log_of;
use crate::{
    error::ClientError,
    open::{Open, lock},
    view::ChatHits,
    windows::WindowId,
};
use pingli_protocol::{EvidenceId, SeatId};
use pingli_store::ChatId;
use std::{collections::HashMap, sync::Arc};

/// Messages that are looked at before others get their turn.
const AT_ONCE: u32 = 2_000;
/// Places that are told; all hits are counted.
const MOST_PLACES: usize = 10_000;

/// The newest search of each log in each window; an older one ends when it sees that.
#[derive(Debug, Default)]
pub(crate) struct Finds(HashMap<(WindowId, ChatId), u64>);

impl Finds {
    fn begin(&mut self, window: &WindowId, log: ChatId) -> u64 {
        let turn = self.0.entry((window.clone(), log)).or_default();
        *turn += 1;
        *turn
    }

    fn is_newest(&self, window: &WindowId, log: ChatId, turn: u64) -> bool {
        self.0.get(&(window.clone(), log)) == Some(&turn)
    }
}

/// Finds the messages whose text has this one. Dropping the future ends the scan.
pub(crate) async fn find(
    open: &Arc<Open>,
    window: &WindowId,
    seat: SeatId,
    evidence: EvidenceId,
    text: &str,
) -> Result<ChatHits, ClientError> {
    let (log, _) = open.work(move |open| log_of(open, &seat, &evidence)).await?;
    let turn = lock(&open.finds).begin(window, log);
    let needle = Arc::new(Needle::new(text));
    let mut hits = ChatHits { total: 0, places: Vec::new() };
    if needle.text.is_empty() {
        return Ok(hits);
    }
    for from in (0..).step_by(AT_ONCE as usize) {
        if !lock(&open.finds).is_newest(window, log, turn) {
            return Err(ClientError::Superseded);
        }
        let needle = Arc::clone(&needle);
        let (seen, places) = open
            .work(move |open| {
                let (mut places, mut scratch) = (Vec::new(), String::new());
                let seen = open.store.chat_texts(log, from, AT_ONCE, &mut |place, text| {
                    if needle.is_in(text, &mut scratch) {
                        places.push(place);
                    }
                })?;
                Ok((seen, places))
            })
            .await?;
        hits.total = hits.total.saturating_add(u32::try_from(places.len()).unwrap_or(u32::MAX));
        let room = MOST_PLACES - hits.places.len();
        hits.places.extend(places.into_iter().take(room));
        if seen < AT_ONCE {
            break;
        }
    }
    Ok(hits)
}

/// A text to be found.
pub(super) struct Needle {
    text: String,
    /// Whether its letters have two cases; Chinese has none, and then no text need be folded.
    has_case: bool,
}

impl Needle {
    pub(super) fn new(text: &str) -> Self {
        let mut folded = String::new();
        fold(text, &mut folded);
        let has_case = text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        Self { text: folded, has_case }
    }

    pub(super) fn is_in(&self, text: &str, scratch: &mut String) -> bool {
        if !self.has_case {
            return text.contains(&self.text);
        }
        fold(text, scratch);
        scratch.contains(&self.text)
    }
}

/// Letter by letter, so that no letter's neighbours change how it is folded.
fn fold(text: &str, into: &mut String) {
    into.clear();
    into.extend(text.chars().flat_map(char::to_lowercase));
}
