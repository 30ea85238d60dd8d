//! Which case is open in which window. Two windows may show two cases, or the same one twice; pictures
//! go to a window of its own case only.

use pingli_protocol::{SeatId, Sha256};
use std::{collections::BTreeMap, sync::Arc};

use crate::room::OpenRoom;

/// A window of the program, by the name that the shell gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WindowId(Arc<str>);

impl From<&str> for WindowId {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

/// The seat whose case each window has open.
#[derive(Debug, Default)]
pub(crate) struct Shown(BTreeMap<WindowId, SeatId>);

impl Shown {
    /// A window opens a case, and with that leaves the one before.
    pub(crate) fn open(&mut self, window: &WindowId, seat: &SeatId) {
        self.0.insert(window.clone(), seat.clone());
    }

    /// A window leaves a case, unless it has opened another since.
    pub(crate) fn leave(&mut self, window: &WindowId, seat: &SeatId) {
        if self.0.get(window) == Some(seat) {
            self.0.remove(window);
        }
    }

    /// A window is gone.
    pub(crate) fn close(&mut self, window: &WindowId) {
        self.0.remove(window);
    }

    /// All windows leave a case.
    pub(crate) fn leave_everywhere(&mut self, seat: &SeatId) {
        self.0.retain(|_, open| open != seat);
    }

    /// Whether a window has this case open.
    pub(crate) fn is_in(&self, window: &WindowId, seat: &SeatId) -> bool {
        self.0.get(window) == Some(seat)
    }

    /// Whether any window has this case open.
    pub(crate) fn is_anywhere(&self, seat: &SeatId) -> bool {
        self.0.values().any(|open| open == seat)
    }

    /// Whether another window than this one has the case open.
    pub(crate) fn is_elsewhere(&self, window: &WindowId, seat: &SeatId) -> bool {
        self.0.iter().any(|(other, open)| other != window && open == seat)
    }
}

/// How many cases are kept as they were read: one for each window.
const MOST_ROOMS: usize = 2;

/// The cases that were read last, the newest at the end.
#[derive(Default)]
pub(crate) struct Rooms(Vec<Arc<OpenRoom>>);

impl Rooms {
    /// The case of a seat, as it was read from the pack with this hash.
    pub(crate) fn get(&mut self, seat: &SeatId, sha256: Sha256) -> Option<Arc<OpenRoom>> {
        let at = self.0.iter().position(|room| room.seat == *seat && room.sha256 == sha256)?;
        // In front of the other it would be the next to go.
        self.0[at..].rotate_left(1);
        self.0.last().cloned()
    }

    /// Keeps a case in the place of the one that was used longest ago.
    pub(crate) fn keep(&mut self, room: Arc<OpenRoom>) {
        self.forget(&room.seat);
        if self.0.len() >= MOST_ROOMS {
            self.0.remove(0);
        }
        self.0.push(room);
    }

    /// Forgets the case of a seat.
    pub(crate) fn forget(&mut self, seat: &SeatId) {
        self.0.retain(|room| room.seat != *seat);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_window_has_a_case_of_its_own() {
        let (main, second) = (WindowId::from("main"), WindowId::from("second"));
        let seat = |id: &str| SeatId::new(id).expect("an id");
        let mut shown = Shown::default();
        shown.open(&main, &seat("a"));
        shown.open(&second, &seat("b"));
        assert!(shown.is_in(&main, &seat("a")) && !shown.is_in(&main, &seat("b")), "its own");
        assert!(!shown.is_elsewhere(&main, &seat("a")) && shown.is_elsewhere(&main, &seat("b")));
        shown.leave(&main, &seat("b"));
        assert!(shown.is_in(&second, &seat("b")), "nobody leaves for another");
        shown.open(&second, &seat("a"));
        assert!(shown.is_elsewhere(&main, &seat("a")) && !shown.is_anywhere(&seat("b")), "the same case twice");
        shown.close(&second);
        assert!(shown.is_in(&main, &seat("a")), "one that closes leaves the other");
        shown.leave_everywhere(&seat("a"));
        assert!(!shown.is_anywhere(&seat("a")));
    }
}
