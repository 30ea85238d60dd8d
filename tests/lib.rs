//! Helpers of the whole-product stories: a server in a temporary folder, a reviewer's client beside
//! it, and a scripted browser that fills in the real sign-in page.
#![expect(clippy::expect_used, reason = "a story that cannot go on must fail")]

mod browser;
mod desk;
mod hall;
mod report;

pub use browser::sign_in_by_script;
pub use desk::{Desk, MemoryKeyring, new_id};
pub use hall::Hall;
pub use report::{FaultRow, rounds, seed};

/// The media worker, as it is built beside the stories.
pub(crate) fn media_worker() -> std::path::PathBuf {
    let story = std::env::current_exe().expect("a story");
    let folder = story.parent().and_then(std::path::Path::parent).expect("the folder of what was built");
    folder.join("pingli-media-worker").with_extension(std::env::consts::EXE_EXTENSION)
}

/// Damages a file in its last byte.
pub(crate) fn flip_last_byte(path: &std::path::Path) {
    let mut bytes = std::fs::read(path).expect("a file");
    *bytes.last_mut().expect("a byte") ^= 1;
    std::fs::write(path, bytes).expect("written");
}
