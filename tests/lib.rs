//! Helpers of the whole-product stories: a server in a temporary folder, a reviewer's client beside
//! it, and a scripted browser that fills in the real sign-in page.
#![expect(clippy::expect_used, reason = "a story that cannot go on must fail")]

mod browser;
mod chance;
mod court;
mod desk;
mod filed;
mod hall;
mod key_states;
mod keyrings;
pub mod proxy;
mod report;
mod scan;

pub use browser::{sign_in_by_script, sign_in_with};
pub use chance::Chance;
pub use court::{court_config, grant};
pub use desk::{Desk, MemoryKeyring, NoKeyring, new_id, start_without_keyring};
pub use filed::FileKeyring;
pub use hall::{Hall, open_case};
pub use key_states::{KeyErrand, KeyFlow, KeyOutcome, KeyPreparation, KeyState};
pub use keyrings::{Activation, Bus, Daemon, Login, Prompter, Prompts, keyrings, lock_login, signal};
pub use report::{FaultRow, rounds, seed};
pub use scan::Scanner;

/// The media worker, as it is built beside the stories and their programs.
#[must_use]
pub fn media_worker() -> std::path::PathBuf {
    let story = std::env::current_exe().expect("a story");
    let worker =
        |folder: &std::path::Path| folder.join("pingli-media-worker").with_extension(std::env::consts::EXE_EXTENSION);
    let folder = story.parent().expect("the folder of what was built");
    // Stories are one folder further down than programs.
    if worker(folder).exists() { worker(folder) } else { worker(folder.parent().expect("a folder above")) }
}

/// The key of the client's database in hexadecimal digits, derived from the data key as the store does it.
#[must_use]
pub fn database_key(data_key: &[u8]) -> String {
    use sha2::Digest as _;
    let purpose = "pingli database key 1";
    let mut hash = sha2::Sha256::new();
    hash.update((purpose.len() as u64).to_be_bytes());
    hash.update(purpose.as_bytes());
    hash.update(data_key);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Copies a folder and all below it.
///
/// # Panics
/// Where that cannot be done: a story that cannot go on must fail.
pub fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Damages a file in its last byte.
pub(crate) fn flip_last_byte(path: &std::path::Path) {
    let mut bytes = std::fs::read(path).expect("a file");
    *bytes.last_mut().expect("a byte") ^= 1;
    std::fs::write(path, bytes).expect("written");
}
