//! The folder of a session that keeps nothing: below the data folder, encrypted with a key that only
//! memory has, and gone when the session ends. Of one that was killed a folder is left that nothing
//! opens; the next start removes it.

use crate::{
    StoreError,
    database::{DATABASE, LOG, PACKS, SHARED},
    head,
};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// How the names of such folders begin.
const PREFIX: &str = "session-";
/// The file that the living session holds locked.
const ALIVE: &str = "alive";

/// A session's folder. It goes when this is dropped.
#[derive(Debug)]
pub struct UnkeptFolder {
    path: PathBuf,
    /// Locked for as long as the session lives, so that another program leaves the folder alone.
    alive: Option<File>,
}

impl UnkeptFolder {
    /// Makes the folder of a new session; `fill` gives random bytes.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn make(data_folder: &Path, fill: &dyn Fn(&mut [u8])) -> Result<Self, StoreError> {
        let mut random = [0; 8];
        fill(&mut random);
        let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = data_folder.join(format!("{PREFIX}{digits}"));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        let mut folder = Self { path, alive: None };
        let alive = File::create(folder.path.join(ALIVE))?;
        alive.try_lock().map_err(io::Error::from)?;
        folder.alive = Some(alive);
        Ok(folder)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes what killed sessions left; the folder of one that still runs stays.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn sweep(data_folder: &Path) -> Result<(), StoreError> {
        for entry in fs::read_dir(data_folder)? {
            let entry = entry?;
            let is_one = entry.file_name().to_string_lossy().starts_with(PREFIX) && entry.file_type()?.is_dir();
            if !is_one {
                continue;
            }
            let held = match File::open(entry.path().join(ALIVE)) {
                Ok(alive) => alive.try_lock().is_err(),
                Err(_) => false,
            };
            if !held {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    /// Moves database and evidence of a closed session to where kept data is. The database comes last but
    /// one: without it there is no data, and with it everything else is there. A head that a crash leaves
    /// behind is made anew.
    ///
    /// # Errors
    /// [`StoreError::Io`]; also when there is data already. Then the session's folder is as it was.
    pub fn keep_in(&self, data_folder: &Path) -> Result<(), StoreError> {
        let taken = [DATABASE, LOG, SHARED, head::FILE].iter().any(|name| data_folder.join(name).exists());
        if taken {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
        }
        let packs = data_folder.join(PACKS);
        match fs::remove_dir(&packs) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let names = [PACKS, LOG, DATABASE, head::FILE];
        for (n, name) in names.iter().enumerate() {
            match fs::rename(self.path.join(name), data_folder.join(name)) {
                Err(error) if *name == LOG && error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    for moved in &names[..n] {
                        let _ = fs::rename(data_folder.join(moved), self.path.join(moved));
                    }
                    return Err(error.into());
                }
                Ok(()) => {}
            }
        }
        #[cfg(unix)]
        File::open(data_folder)?.sync_all()?;
        Ok(())
    }
}

impl Drop for UnkeptFolder {
    fn drop(&mut self) {
        // Not every system removes a file that is open.
        self.alive = None;
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, "what is left of the session, which nothing opens, is removed at the next start");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, keys::DataKey};

    fn fill(bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("random bytes");
    }

    fn is_session(entry: &fs::DirEntry) -> bool {
        entry.file_name().to_string_lossy().starts_with(PREFIX)
    }

    fn entries(folder: &Path) -> usize {
        fs::read_dir(folder).expect("a folder").count()
    }

    #[test]
    fn a_session_that_ends_leaves_nothing_and_one_that_runs_is_left_alone() {
        let data = tempfile::tempdir().expect("a folder");
        let key = DataKey::from_bytes([1; 32]);
        let folder = UnkeptFolder::make(data.path(), &fill).expect("a session");
        let store = Store::open(folder.path(), &key).expect("a store");
        store.put_value("a", "b").expect("kept");
        UnkeptFolder::sweep(data.path()).expect("swept");
        assert_eq!(store.value("a").expect("read").as_deref(), Some("b"), "another program leaves it alone");
        assert!(folder.path().join(DATABASE).exists(), "with all its files");
        drop(store);
        drop(folder);
        assert_eq!(entries(data.path()), 0, "nothing is left");
    }

    #[test]
    fn what_a_killed_session_left_goes_at_the_next_start_and_nothing_else_does() {
        let data = tempfile::tempdir().expect("a folder");
        let killed = data.path().join("session-0011223344556677");
        fs::create_dir_all(killed.join(PACKS)).expect("a folder");
        fs::write(killed.join(ALIVE), []).expect("nobody holds it");
        fs::create_dir(data.path().join("session-without-a-lock")).expect("a folder");
        fs::create_dir(data.path().join("packs")).expect("a folder");
        fs::write(data.path().join("session-notes.txt"), "mine").expect("a file");
        UnkeptFolder::sweep(data.path()).expect("swept");
        assert!(!killed.exists(), "it is gone");
        assert_eq!(entries(data.path()), 2, "what is not a session's stays");
    }

    #[test]
    fn a_session_can_be_kept_but_never_over_data() {
        let data = tempfile::tempdir().expect("a folder");
        let key = DataKey::from_bytes([1; 32]);
        let session = || {
            let folder = UnkeptFolder::make(data.path(), &fill).expect("a session");
            let store = Store::open(folder.path(), &key).expect("a store");
            store.put_value("a", "b").expect("kept");
            folder
        };
        session().keep_in(data.path()).expect("kept");
        assert!(
            data.path().read_dir().expect("a folder").flatten().all(|entry| !is_session(&entry)),
            "in one place only"
        );
        fs::remove_file(data.path().join(head::FILE)).expect("what a crash would leave behind");
        let store = Store::open(data.path(), &key).expect("a store");
        assert_eq!(store.value("a").expect("read").as_deref(), Some("b"), "with what was in it");
        drop(store);
        let before = fs::read(data.path().join(DATABASE)).expect("a database");
        assert!(session().keep_in(data.path()).is_err(), "there is data");
        assert_eq!(fs::read(data.path().join(DATABASE)).expect("a database"), before, "and it is as it was");
    }
}
