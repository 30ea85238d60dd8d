//! The case pack: a signed BagIt bag in a ZIP, written, read and verified over Read + Seek.
