//! The readers of an intake folder's files, for the fuzz targets (`fuzz/`) and the mutations in
//! `./test`: each takes any bytes and must come back.

use super::{
    IntakeFault,
    folder::read_json,
    format::{CaseFile, ChatFile, DocketFile},
};

/// Reads a `case.json`: how many pieces of evidence it has.
///
/// # Errors
/// [`IntakeFault`] names the field.
pub fn case_file(bytes: &[u8]) -> Result<usize, IntakeFault> {
    read_json::<CaseFile>(bytes, "case.json").map(|case| case.evidence.len())
}

/// Reads a `docket.json`: how many case types it has.
///
/// # Errors
/// [`IntakeFault`] names the field.
pub fn docket_file(bytes: &[u8]) -> Result<usize, IntakeFault> {
    read_json::<DocketFile>(bytes, "docket.json").map(|docket| docket.case_types.len())
}

/// Reads a chat log in a file of its own: how many messages it has.
///
/// # Errors
/// [`IntakeFault`] names the field.
pub fn chat_file(bytes: &[u8]) -> Result<usize, IntakeFault> {
    let file = read_json::<ChatFile>(bytes, "chat.json")?;
    let log = file.into_log().map_err(|reason| IntakeFault::new("chat.json", "kind", reason))?;
    Ok(log.messages.len())
}
