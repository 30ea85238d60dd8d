//! Takes evidence out of set-aside databases: when a case is wiped, it is wiped there too. Pages that
//! are wholly the reviewer's own stay; all others, the unreadable ones included, become zeros.

use super::QUARANTINE;
use crate::{
    StoreError,
    database::{DATABASE, LOG},
    head::HeadFile,
    keys::DataKey,
    pages::Pages,
    salvage::is_own,
};
use std::{fs, path::Path};

/// Scrubs every set-aside database of a folder.
pub(crate) fn scrub(folder: &Path, key: &DataKey) -> Result<(), StoreError> {
    let Ok(places) = fs::read_dir(folder.join(QUARANTINE)) else { return Ok(()) };
    for place in places {
        let place = place?.path();
        let salts: Vec<_> = HeadFile::read(&place, key)?.iter().map(|head| head.salt).collect();
        if let Some(mut pages) = Pages::open(&place.join(DATABASE), &place.join(LOG), key, &salts)? {
            pages.keep_only(&place.join(DATABASE), &place.join(LOG), is_own)?;
        }
    }
    Ok(())
}
