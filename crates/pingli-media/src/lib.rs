//! Pictures and documents to pixels, in a worker process with limits; EXIF and perceptual hash.
//!
//! The library side is [`WorkerPool`]: it hands bytes to worker processes over pipes and gets facts
//! and JPEGs back. A worker opens no file, sees no environment and may use 512 MiB and 5 seconds of
//! processor time for one job. Nothing is decoded in the calling process.
//!
//! Any program can be its own worker: call [`run_worker_if_asked`] first thing in `main`.

mod decode;
mod exif;
mod facts;
mod frame;
mod hash;
pub mod parsers;
mod pool;
mod sandbox;
mod sniff;
mod worker;

pub use facts::{Damage, ExifFacts, Intake, MediaFacts, Picture, Region, RenderRequest, Strain, Turn, Walls};
pub use pingli_credentials::{Credentials, CredentialsState};
pub use pool::{MediaFault, WorkerCommand, WorkerLimits, WorkerPool};
pub use sniff::sniff;
pub use worker::{WORKER_ARGUMENT, run_worker_if_asked, worker_main};
