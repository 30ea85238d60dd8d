//! A file system in memory for SQLite that loses power, fills up and fails, so that suites of faults
//! can attack a database at every call. For tests only: no shipped package depends on it.

mod disk;
mod locks;
mod random;
mod vfs;

pub use disk::{Disk, Fault, Trouble};
pub use random::Random;
pub use vfs::{NAME, register};
