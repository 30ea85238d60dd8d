//! How a store is opened. The program always takes the defaults; suites of faults put a file system
//! of their own under the database.

/// How sure a commit is when it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// It is on the disk.
    #[default]
    Full,
    /// It may be lost when the power goes. Only to see that a suite notices.
    Normal,
}

/// How a store is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    /// SQLite's file system; none for the system's own. One without shared memory needs
    /// [`StoreOptions::exclusive`].
    pub vfs: Option<String>,
    /// Whether the database is locked for as long as the store is open.
    pub exclusive: bool,
    /// How sure a commit is.
    pub synchronous: Synchronous,
    /// Commits after which the log is moved into the database, if it is not long before.
    pub checkpoint_after: u32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { vfs: None, exclusive: false, synchronous: Synchronous::Full, checkpoint_after: 1_000 }
    }
}
