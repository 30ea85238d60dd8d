//! After a damage: what was saved is told until the reviewer has read it, and the damaged files can be
//! taken elsewhere, encrypted as they are.

use crate::{
    error::ClientError,
    open::Open,
    view::{RecoveryView, Topic},
};
use std::path::Path;

/// What the last recovery came to, until the reviewer has read it.
pub(crate) fn view(open: &Open) -> Result<Option<RecoveryView>, ClientError> {
    Ok(open.store.last_recovery()?.map(|recovery| RecoveryView {
        at: recovery.at,
        intents_saved: recovery.intents_saved,
        intents_asked: recovery.intents_asked,
        drafts_saved: recovery.drafts_saved,
        pages_lost: recovery.pages_lost,
        place: pingli_store::set_aside_folder(open.store.folder(), &recovery.place).display().to_string(),
    }))
}

/// The reviewer has read it.
pub(crate) fn dismiss(open: &Open) -> Result<(), ClientError> {
    open.store.dismiss_recovery()?;
    open.news.changed([Topic::App]);
    Ok(())
}

/// Copies the damaged files into a folder that the reviewer named; says where they are.
pub(crate) fn export(open: &Open, to: &Path) -> Result<String, ClientError> {
    let recovery = open.store.last_recovery()?.ok_or(pingli_store::StoreError::NotFound)?;
    Ok(pingli_store::export_set_aside(open.store.folder(), &recovery.place, to)?.display().to_string())
}
