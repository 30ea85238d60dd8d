//! The places at which a program is struck: every call that changes something outside of it, before it and
//! after it by turns, spread over a whole run however many there are.

use super::site::{How, Strike};
use std::{collections::BTreeSet, fmt};

/// Calls that change something outside a process: data in files, syncs, talk with the other process,
/// names in folders; a letter each.
const CALLS: [&str; 4] = ["d", "s", "t", "n"];
/// More than a run has calls.
const BEYOND: u64 = 1 << 40;

/// The calls of one kind, with the process killed before them or after them.
#[derive(Debug, Default)]
struct Sweep {
    /// How often it was this one's turn.
    turns: u32,
    /// Places that were tried in this sweep.
    tried: BTreeSet<u64>,
    /// Places at which the process was killed.
    reached: BTreeSet<u64>,
}

impl Sweep {
    /// The next place of so many: wherever a run stops, what was tried is spread evenly.
    fn next(&mut self, there: u64) -> u64 {
        // The golden ratio leaves no gap and meets nothing twice before long.
        let share = (f64::from(self.turns) * 0.618_033_988_749_895).fract();
        self.turns += 1;
        let mut at = (share * there as f64) as u64 % there + 1;
        if self.tried.range(1..=there).count() as u64 == there {
            self.tried.clear();
        }
        while !self.tried.insert(at) {
            at = at % there + 1;
        }
        at
    }
}

/// Chooses the places, and keeps how many were reached.
#[derive(Debug, Default)]
pub(super) struct Places {
    turn: usize,
    at: u64,
    /// How many calls of each kind there were in the longest run that was not struck; none before the first.
    there: [u64; CALLS.len()],
    /// For each kind, before and after.
    sweeps: [[Sweep; 2]; CALLS.len()],
}

impl Places {
    /// The kinds take turns; each has first a run that tells how many calls it has.
    pub(super) fn strike(&mut self) -> Strike {
        self.turn = (self.turn + 1) % (2 * CALLS.len());
        let (kind, after) = self.place();
        self.at = match self.there[kind] {
            0 => BEYOND,
            there => self.sweeps[kind][after].next(there),
        };
        let how = if after == 1 { How::KillAfter } else { How::KillBefore };
        Strike { calls: CALLS[kind], at: self.at, how }
    }

    const fn place(&self) -> (usize, usize) {
        (self.turn % CALLS.len(), self.turn / CALLS.len())
    }

    /// Takes in whether the place was there, and where it was not, how many calls there were.
    pub(super) fn was_there(&mut self, struck: bool, counted: Option<u64>) {
        let (kind, after) = self.place();
        if struck {
            self.sweeps[kind][after].reached.insert(self.at);
        } else if let Some(counted) = counted {
            self.there[kind] = self.there[kind].max(counted);
        }
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("places reached before and after a call, of those in the longest run:")?;
        for ((name, there), [before, after]) in
            ["data", "syncs", "talk", "names"].iter().zip(self.there).zip(&self.sweeps)
        {
            write!(f, " {name} {} and {} of {there},", before.reached.len(), after.reached.len())?;
        }
        let reached: usize = self.sweeps.iter().flatten().map(|sweep| sweep.reached.len()).sum();
        write!(f, " together {reached} of {}", 2 * self.there.iter().sum::<u64>())
    }
}
