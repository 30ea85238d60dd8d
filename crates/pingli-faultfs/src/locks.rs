//! Locks and shared memory of a database that several connections of one process have open, as SQLite
//! wants them of a file system. They are memory alone: when the power goes, they are gone.

use std::collections::BTreeMap;

/// Bytes of a piece of shared memory, as SQLite asks for it.
pub(crate) const REGION: usize = 32 * 1024;

/// Places of the shared memory that can be locked.
const SLOTS: usize = 8;

/// How far a connection has locked a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Level {
    #[default]
    None,
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

#[derive(Debug, Default)]
struct Slot {
    shared: Vec<u64>,
    exclusive: Option<u64>,
}

/// The locks of one file, and the memory that its connections share. Connections have numbers.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    levels: BTreeMap<u64, Level>,
    slots: [Slot; SLOTS],
    users: Vec<u64>,
    /// In words, so that they lie as SQLite's structures need it.
    regions: Vec<Box<[u64]>>,
}

impl Locks {
    fn others(&self, who: u64) -> Level {
        self.levels.iter().filter(|(one, _)| **one != who).map(|(_, level)| *level).max().unwrap_or_default()
    }

    /// Locks a file further; says whether it could be. Whoever wants it alone and has to wait keeps new
    /// readers away meanwhile.
    pub(crate) fn lock(&mut self, who: u64, wanted: Level) -> bool {
        let own = self.levels.get(&who).copied().unwrap_or_default();
        let others = self.others(who);
        let may = match wanted {
            Level::None | Level::Shared => own >= Level::Shared || others < Level::Pending,
            Level::Reserved => others < Level::Reserved,
            Level::Pending | Level::Exclusive => others == Level::None,
        };
        if may {
            self.levels.insert(who, own.max(wanted));
        } else if wanted == Level::Exclusive && others < Level::Reserved {
            self.levels.insert(who, Level::Pending);
        }
        may
    }

    /// Unlocks a file down to a level.
    pub(crate) fn unlock(&mut self, who: u64, to: Level) {
        self.levels.insert(who, to);
    }

    /// Whether somebody is about to write.
    pub(crate) fn is_reserved(&self) -> bool {
        self.levels.values().any(|level| *level >= Level::Reserved)
    }

    /// Locks places of the shared memory, all or none of them; says whether it could be.
    pub(crate) fn lock_slots(&mut self, who: u64, from: usize, count: usize, exclusive: bool) -> bool {
        let Some(slots) = self.slots.get_mut(from..from + count) else { return false };
        let may = slots.iter().all(|slot| {
            let held = slot.exclusive.is_some_and(|one| one != who);
            !held && (!exclusive || slot.shared.iter().all(|one| *one == who))
        });
        for slot in slots.iter_mut().filter(|_| may) {
            if exclusive {
                slot.exclusive = Some(who);
            } else {
                slot.shared.push(who);
            }
        }
        may
    }

    /// Unlocks places of the shared memory.
    pub(crate) fn unlock_slots(&mut self, who: u64, from: usize, count: usize) {
        for slot in self.slots.iter_mut().skip(from).take(count) {
            slot.exclusive.take_if(|one| *one == who);
            slot.shared.retain(|one| *one != who);
        }
    }

    /// The address of a piece of the shared memory; none when it is not there and may not be made.
    pub(crate) fn region(&mut self, who: u64, number: usize, may_make: bool) -> Option<*mut u64> {
        if !self.users.contains(&who) {
            self.users.push(who);
        }
        if may_make {
            while self.regions.len() <= number {
                self.regions.push(vec![0; REGION / size_of::<u64>()].into_boxed_slice());
            }
        }
        self.regions.get_mut(number).map(|region| region.as_mut_ptr())
    }

    /// A connection uses the shared memory no more. With the last one it goes.
    pub(crate) fn leave_memory(&mut self, who: u64) {
        self.unlock_slots(who, 0, SLOTS);
        self.users.retain(|one| *one != who);
        if self.users.is_empty() {
            self.regions.clear();
        }
    }

    /// A connection is closed.
    pub(crate) fn leave(&mut self, who: u64) {
        self.leave_memory(who);
        self.levels.remove(&who);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_writes_while_others_read_and_nobody_reads_what_is_locked_alone() {
        let mut locks = Locks::default();
        assert!(locks.lock(1, Level::Shared) && locks.lock(2, Level::Shared), "readers");
        assert!(locks.lock(1, Level::Reserved) && !locks.lock(2, Level::Reserved), "one is about to write");
        assert!(!locks.lock(1, Level::Exclusive) && !locks.lock(3, Level::Shared), "it waits, and nobody new comes");
        locks.unlock(2, Level::None);
        assert!(locks.lock(1, Level::Exclusive) && !locks.lock(2, Level::Shared), "alone");
        locks.leave(1);
        assert!(locks.lock(2, Level::Exclusive), "whoever left holds nothing");
    }

    #[test]
    fn places_are_shared_or_held_alone_and_memory_goes_with_the_last() {
        let mut locks = Locks::default();
        assert!(locks.lock_slots(1, 3, 1, false) && locks.lock_slots(2, 3, 1, false), "shared");
        assert!(!locks.lock_slots(1, 2, 3, true), "not alone: another shares one of them");
        assert!(locks.lock_slots(2, 2, 1, true), "none of them was taken by that");
        locks.unlock_slots(2, 2, 2);
        assert!(locks.lock_slots(1, 2, 3, true), "now alone");
        assert!(locks.region(1, 1, false).is_none(), "not made yet");
        let made = locks.region(1, 1, true);
        assert_eq!(locks.region(2, 1, false), made, "the same for both");
        locks.leave_memory(1);
        assert_eq!(locks.region(2, 1, false), made, "one still has it");
        locks.leave_memory(2);
        assert!(locks.region(3, 1, false).is_none(), "gone with the last");
    }
}
