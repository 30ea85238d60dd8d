//! A disk in memory. What was written and not synced may be lost, reordered and torn when the power
//! goes; what was synced stays.

use crate::{locks::Locks, random::Random};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

/// The unit in which a write is torn.
const SECTOR: usize = 512;

/// What a call that fails says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no room.
    Full,
    /// It could not be read, written or synced.
    Io,
}

/// What happens at a call that would change the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The power goes before the call: from here on every call fails.
    PowerGoes {
        /// After so many more calls.
        after: u64,
    },
    /// Calls fail for a while; a write may be half done, and what a sync that failed should have
    /// brought to the disk may not be there.
    Fails {
        /// After so many more calls.
        after: u64,
        /// So many calls.
        times: u64,
        /// How.
        trouble: Trouble,
    },
}

/// A change that is not on the disk yet.
#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

#[derive(Debug, Default)]
struct File {
    /// As the program sees it.
    bytes: Vec<u8>,
    /// As it is on the disk for sure; none as long as its name is not.
    durable: Option<Vec<u8>>,
    /// What leads from one to the other.
    pending: Vec<Change>,
}

#[derive(Debug)]
struct State {
    files: BTreeMap<String, File>,
    /// Deleted, but the name may come back: the folder was not synced.
    deleted: BTreeMap<String, Vec<u8>>,
    fault: Option<Fault>,
    is_off: bool,
    calls: u64,
    random: Random,
    /// By file, of connections that are open.
    locks: BTreeMap<String, Locks>,
    /// Files that were opened so far, and those that are open.
    opened: u64,
    open: u64,
}

impl State {
    fn new(seed: u64) -> Self {
        Self {
            files: BTreeMap::new(),
            deleted: BTreeMap::new(),
            fault: None,
            is_off: false,
            calls: 0,
            random: Random::new(seed),
            locks: BTreeMap::new(),
            opened: 0,
            open: 0,
        }
    }
}

/// What all who know a disk share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Told when the last file was closed.
    closed: Condvar,
}

impl Shared {
    fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State::new(seed)), closed: Condvar::new() })
    }
}

/// A disk whose files lie in one folder, which has to exist nowhere else.
#[derive(Debug, Clone)]
pub struct Disk {
    folder: PathBuf,
    shared: Arc<Shared>,
}

/// Disks by folder.
static DISKS: Mutex<BTreeMap<PathBuf, Arc<Shared>>> = Mutex::new(BTreeMap::new());

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Disk {
    /// Makes an empty disk for a folder; SQLite finds it by the paths of its files.
    #[must_use]
    pub fn new(folder: &Path, seed: u64) -> Self {
        let shared = Shared::new(seed);
        lock(&DISKS).insert(folder.to_owned(), Arc::clone(&shared));
        Self { folder: folder.to_owned(), shared }
    }

    /// A disk for what SQLite writes for itself alone while it works, and never looks for again.
    pub(crate) fn scratch() -> Self {
        Self { folder: PathBuf::new(), shared: Shared::new(0) }
    }

    /// Puts a file on the disk, as if it had been synced.
    pub fn put(&self, path: &Path, bytes: &[u8]) {
        let file = File { bytes: bytes.to_vec(), durable: Some(bytes.to_vec()), pending: Vec::new() };
        lock(&self.shared.state).files.insert(path.to_string_lossy().into_owned(), file);
    }

    /// The disk that a file lies on.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let folder = Path::new(path).parent()?;
        let shared = lock(&DISKS).get(folder).map(Arc::clone)?;
        Some(Self { folder: folder.to_owned(), shared })
    }

    /// Removes the disk: SQLite finds it no longer.
    pub fn remove(&self) {
        lock(&DISKS).remove(&self.folder);
    }

    /// Lets something happen.
    pub fn expect(&self, fault: Fault) {
        lock(&self.shared.state).fault = Some(fault);
    }

    /// Whether the power is gone.
    #[must_use]
    pub fn is_off(&self) -> bool {
        lock(&self.shared.state).is_off
    }

    /// Calls so far that changed the disk or would have.
    #[must_use]
    pub fn calls(&self) -> u64 {
        lock(&self.shared.state).calls
    }

    /// Nothing happens any more; calls work again.
    pub fn mend(&self) {
        let mut state = lock(&self.shared.state);
        state.fault = None;
        state.is_off = false;
    }

    /// The power goes now: every call fails until [`Disk::power_on`].
    pub fn power_off(&self) {
        lock(&self.shared.state).is_off = true;
    }

    /// Waits until every file is closed: who has one open dies with the power, and must not write
    /// afterwards.
    pub fn wait_until_closed(&self) {
        let mut state = lock(&self.shared.state);
        while state.open > 0 {
            state = self.shared.closed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The power comes back: each file is what was synced, with any part of what was not. Waits until
    /// every file is closed.
    pub fn power_on(&self) {
        self.wait_until_closed();
        let mut guard = lock(&self.shared.state);
        let state = &mut *guard;
        for (name, bytes) in std::mem::take(&mut state.deleted) {
            if state.random.once_in(2) && !state.files.contains_key(&name) {
                state.files.insert(name, File { bytes: Vec::new(), durable: Some(bytes), pending: Vec::new() });
            }
        }
        for (name, mut file) in std::mem::take(&mut state.files) {
            let mut bytes = match file.durable.take() {
                Some(bytes) => bytes,
                // Its name was not on the disk for sure.
                None if state.random.once_in(2) => Vec::new(),
                None => continue,
            };
            survive(&mut bytes, &file.pending, &mut state.random);
            state.files.insert(name, File { durable: Some(bytes.clone()), bytes, pending: Vec::new() });
        }
        state.fault = None;
        state.is_off = false;
    }

    /// The bytes of a file as the program sees them.
    #[must_use]
    pub fn bytes(&self, path: &Path) -> Option<Vec<u8>> {
        lock(&self.shared.state).files.get(path.to_str()?).map(|file| file.bytes.clone())
    }

    /// Asks whether a call that changes something may go on.
    fn enter(state: &mut State) -> Result<(), Trouble> {
        state.calls += 1;
        if state.is_off {
            return Err(Trouble::Io);
        }
        match &mut state.fault {
            Some(Fault::PowerGoes { after: 0 }) => {
                state.is_off = true;
                Err(Trouble::Io)
            }
            Some(Fault::Fails { after: 0, times, trouble }) => {
                let trouble = *trouble;
                *times -= 1;
                if *times == 0 {
                    state.fault = None;
                }
                Err(trouble)
            }
            Some(Fault::PowerGoes { after } | Fault::Fails { after, .. }) => {
                *after -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Looks at the locks of a file, or changes them. They are no writes: they go on working when the
    /// power is off, until everything is closed.
    pub(crate) fn locks<T>(&self, name: &str, with: impl FnOnce(&mut Locks) -> T) -> T {
        with(lock(&self.shared.state).locks.entry(name.to_owned()).or_default())
    }

    /// Opens a file; answers with the number of the connection.
    pub(crate) fn open(&self, name: &str, may_create: bool) -> Result<u64, Trouble> {
        let mut state = lock(&self.shared.state);
        if state.is_off {
            return Err(Trouble::Io);
        }
        if !state.files.contains_key(name) {
            if !may_create {
                return Err(Trouble::Io);
            }
            state.deleted.remove(name);
            state.files.insert(name.to_owned(), File::default());
        }
        state.opened += 1;
        state.open += 1;
        Ok(state.opened)
    }

    /// A file is closed.
    pub(crate) fn close(&self, name: &str, number: u64) {
        let mut state = lock(&self.shared.state);
        if let Some(locks) = state.locks.get_mut(name) {
            locks.leave(number);
        }
        state.open -= 1;
        if state.open == 0 {
            self.shared.closed.notify_all();
        }
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        lock(&self.shared.state).files.contains_key(name)
    }

    pub(crate) fn delete(&self, name: &str, synced: bool) -> Result<bool, Trouble> {
        let mut state = lock(&self.shared.state);
        Self::enter(&mut state)?;
        let Some(file) = state.files.remove(name) else { return Ok(false) };
        if let Some(durable) = file.durable.filter(|_| !synced) {
            state.deleted.insert(name.to_owned(), durable);
        }
        Ok(true)
    }

    pub(crate) fn length(&self, name: &str) -> Result<usize, Trouble> {
        let state = lock(&self.shared.state);
        if state.is_off {
            return Err(Trouble::Io);
        }
        Ok(state.files.get(name).map_or(0, |file| file.bytes.len()))
    }

    /// Fills a buffer; says how many bytes there were.
    pub(crate) fn read(&self, name: &str, at: usize, buffer: &mut [u8]) -> Result<usize, Trouble> {
        let state = lock(&self.shared.state);
        if state.is_off {
            return Err(Trouble::Io);
        }
        let there = state.files.get(name).and_then(|file| file.bytes.get(at..)).unwrap_or_default();
        let count = there.len().min(buffer.len());
        buffer[..count].copy_from_slice(&there[..count]);
        Ok(count)
    }

    pub(crate) fn write(&self, name: &str, at: usize, bytes: &[u8]) -> Result<(), Trouble> {
        let mut state = lock(&self.shared.state);
        if state.is_off {
            return Err(Trouble::Io);
        }
        let entered = Self::enter(&mut state);
        let part = match entered {
            Ok(()) => bytes,
            // Half of it may be there.
            Err(_) => &bytes[..state.random.place(bytes.len() + 1)],
        };
        if let Some(file) = state.files.get_mut(name) {
            let change = Change::Write(at, part.to_vec());
            apply(&mut file.bytes, &change);
            file.pending.push(change);
        }
        entered
    }

    pub(crate) fn set_length(&self, name: &str, length: usize) -> Result<(), Trouble> {
        let mut state = lock(&self.shared.state);
        Self::enter(&mut state)?;
        if let Some(file) = state.files.get_mut(name) {
            file.bytes.resize(length, 0);
            file.pending.push(Change::Length(length));
        }
        Ok(())
    }

    pub(crate) fn sync(&self, name: &str) -> Result<(), Trouble> {
        let mut guard = lock(&self.shared.state);
        let state = &mut *guard;
        let entered = Self::enter(state);
        if let Some(file) = state.files.get_mut(name) {
            if entered.is_err() {
                // A system that failed to write may think afterwards that it had.
                if !state.is_off {
                    file.pending.retain(|_| state.random.once_in(2));
                }
                return entered;
            }
            // The first sync of a new file is one of its folder, too.
            if file.durable.is_none() {
                state.deleted.clear();
            }
            let durable = file.durable.get_or_insert_default();
            for change in file.pending.drain(..) {
                apply(durable, &change);
            }
        }
        entered
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write(at, part) => {
            if bytes.len() < at + part.len() {
                bytes.resize(at + part.len(), 0);
            }
            bytes[*at..at + part.len()].copy_from_slice(part);
        }
        Change::Length(length) => bytes.resize(*length, 0),
    }
}

/// Applies whatever survives: all, nothing, a beginning, some changes in their order, or some sectors
/// of them in any.
fn survive(bytes: &mut Vec<u8>, pending: &[Change], random: &mut Random) {
    let keep = random.below(5);
    let mut kept: Vec<Change> = match keep {
        0 => Vec::new(),
        1 => pending.to_vec(),
        2 => pending[..random.place(pending.len() + 1)].to_vec(),
        3 => pending.iter().filter(|_| !random.once_in(3)).cloned().collect(),
        _ => pending.iter().flat_map(sectors).filter(|_| !random.once_in(3)).collect(),
    };
    if keep == 4 && random.once_in(2) {
        for last in (1..kept.len()).rev() {
            kept.swap(last, random.place(last + 1));
        }
    }
    for change in &kept {
        apply(bytes, change);
    }
}

/// A write, cut at the borders of sectors.
fn sectors(change: &Change) -> Vec<Change> {
    let Change::Write(at, part) = change else { return vec![change.clone()] };
    let mut pieces = Vec::new();
    let (mut at, mut rest) = (*at, part.as_slice());
    while !rest.is_empty() {
        let (piece, left) = rest.split_at((SECTOR - at % SECTOR).min(rest.len()));
        pieces.push(Change::Write(at, piece.to_vec()));
        at += piece.len();
        rest = left;
    }
    pieces
}
