//! One program on a data folder. A second start asks the first one for its window over the session
//! bus; where there is no bus, the lock of the folder keeps the second program out, or both would send
//! the same outbox. The system gives the lock back when its process ends, however it ends.

use crate::dialogs;
use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// The file that is locked; it stays empty.
const NAME: &str = "in-use.lock";

/// So long a program that is just ending may still hold its folder.
const PATIENCE: Duration = Duration::from_secs(5);

/// A folder that is this process's until it ends.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

/// Takes a folder, which is made when it is not there; nothing when another program has it.
///
/// # Errors
/// When the folder or the file in it cannot be made.
pub(crate) fn take(folder: &Path, patience: Duration) -> io::Result<Option<FolderLock>> {
    fs::create_dir_all(folder)?;
    let file = File::options().create(true).append(true).open(folder.join(NAME))?;
    let end = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(FolderLock { _file: file })),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                // A file system without locks: better one program too many than none.
                tracing::warn!(%error, "the data folder cannot be locked");
                return Ok(Some(FolderLock { _file: file }));
            }
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => return Ok(None),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Takes the folder for as long as the program runs. Where another has it this says so in a dialog, ends
/// the program when that is closed, and answers with false.
///
/// # Errors
/// When the folder cannot be made or locked.
pub(crate) fn hold(app: &tauri::AppHandle, folder: &Path) -> io::Result<bool> {
    use tauri::Manager as _;
    match take(folder, PATIENCE)? {
        Some(lock) => {
            app.manage(lock);
            Ok(true)
        }
        None => {
            tracing::error!("another program has this data folder");
            dialogs::say_and_end(app, dialogs::Last::FolderInUse);
            Ok(false)
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_program_at_a_time() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("new");
        let first = take(&folder, Duration::ZERO).unwrap();
        assert!(first.is_some(), "the folder is made and taken");
        assert!(take(&folder, Duration::from_millis(120)).unwrap().is_none(), "it is not waited for without end");
        drop(first);
        assert!(take(&folder, Duration::ZERO).unwrap().is_some(), "whoever ends gives it back");
    }

    #[test]
    fn a_program_that_is_just_ending_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let first = take(folder.path(), Duration::ZERO).unwrap();
        let ending = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            drop(first);
        });
        assert!(take(folder.path(), PATIENCE).unwrap().is_some());
        ending.join().unwrap();
    }
}
