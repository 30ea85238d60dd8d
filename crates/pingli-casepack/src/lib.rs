//! The case pack: everything a seat may see of a case, as a BagIt 1.0 bag (RFC 8493) in a ZIP with
//! SHA-256 manifests and an Ed25519 signature. Written, verified and read over `Read + Seek`; this
//! crate opens no file, reads no clock and draws no randomness. The format is in
//! `docs/case-pack.md`.
//!
//! A pack has exactly one form: the same case, version and key give the same bytes, and
//! [`verify`] refuses every byte that differs from what [`write_pack`] would have written around
//! the signed contents.

mod bag;
mod fault;
mod index;
mod limits;
mod path;
mod signature;
mod verify;
mod write;
mod zip;

pub use fault::{PackFault, WriteFault};
pub use index::{FileStream, PackIndex, PackedFile};
pub use limits::PackLimits;
pub use path::{PathFault, check_path};
pub use signature::{KeyFault, ServerKeys, SignatureFault, SigningKey, open_text, sign_text};
pub use verify::{VerifiedPack, verify};
pub use write::{PackSummary, evidence_files, write_pack};

/// The path of the case document below the pack's `data/`.
pub const CASE_DOCUMENT_PATH: &str = "case.json";

/// The media type of a case pack.
pub const PACK_MEDIA_TYPE: &str = "application/zip";
