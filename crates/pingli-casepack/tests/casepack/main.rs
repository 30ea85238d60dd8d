//! The case pack from outside: honest packs, hostile packs, keys.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "tests may stop at once and say why"
)]

mod hostile;
mod keys;
mod pack;
mod support;
