//! Whether a key is a database's own, when no header says so: the cipher authenticates each page.

use super::DataKey;
use crate::database::DATABASE;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use zeroize::Zeroizing;

/// Tries a key on the database of a folder, and changes nothing there.
pub(super) fn opens(folder: &Path, key: &DataKey) -> bool {
    try_key(folder, key).is_ok()
}

fn try_key(folder: &Path, key: &DataKey) -> Result<(), rusqlite::Error> {
    let connection = Connection::open_with_flags(folder.join(DATABASE), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let pragma = Zeroizing::new(format!("pragma key = \"x'{}'\";", key.database_key_hex().as_str()));
    connection.execute_batch(&pragma)?;
    connection.execute_batch("pragma cipher_page_size = 16384; pragma cipher_hmac_algorithm = HMAC_SHA256;")?;
    connection.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))
}
