//! The stand-alone media worker; see `pingli_media::WorkerPool`. It is of no use by hand.

use std::process::ExitCode;

fn main() -> ExitCode {
    pingli_media::worker_main()
}
