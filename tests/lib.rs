//! Helpers of the whole-product stories: a server in a temporary folder, a reviewer's client beside
//! it, and a scripted browser that fills in the real sign-in page.
#![expect(clippy::expect_used, reason = "a story that cannot go on must fail")]

mod browser;
mod desk;
mod hall;

pub use browser::sign_in_by_script;
pub use desk::{Desk, MemoryKeyring, new_id};
pub use hall::Hall;

/// Damages a file in its last byte.
pub(crate) fn flip_last_byte(path: &std::path::Path) {
    let mut bytes = std::fs::read(path).expect("a file");
    *bytes.last_mut().expect("a byte") ^= 1;
    std::fs::write(path, bytes).expect("written");
}
