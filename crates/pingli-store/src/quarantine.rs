//! A damaged database is set aside, never deleted.

use crate::{StoreError, database::DATABASE};
use pingli_protocol::UtcInstant;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Moves database, log and packs to `quarantine/<time>/` and says where. Its rows are not salvaged
/// yet; the files are kept whole.
///
/// # Errors
/// [`StoreError::Io`].
pub fn quarantine_database(folder: &Path, now: UtcInstant) -> Result<PathBuf, StoreError> {
    let place = folder.join("quarantine").join(now.as_millis().to_string());
    fs::create_dir_all(&place)?;
    for name in [DATABASE, "pingli.db-wal", "pingli.db-shm", crate::database::PACKS] {
        let from = folder.join(name);
        if from.exists() {
            fs::rename(&from, place.join(name))?;
        }
    }
    Ok(place)
}
