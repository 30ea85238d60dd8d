//! The media worker from outside: real worker processes, made-up pictures, hostile files, and real
//! photos where there are some.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests may stop at once and say why"
)]

mod coarse;
mod credentials;
mod documents;
mod hostile;
mod inputs;
mod pictures;
mod pool;
mod real;
mod regions;
mod slow;
#[cfg(target_os = "linux")]
mod walls;

use pingli_media::{WorkerCommand, WorkerPool};

/// A pool of the real worker.
pub(crate) fn pool() -> WorkerPool {
    WorkerPool::new(command(), 2)
}

pub(crate) fn command() -> WorkerCommand {
    WorkerCommand::program(env!("CARGO_BIN_EXE_pingli-media-worker"))
}
