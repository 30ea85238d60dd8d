//! Settings, storage, and diagnostics without evidence.

use crate::{
    error::ClientError,
    open::Open,
    view::{Settings, StorageView, Topic},
};
use pingli_store::{IntentStatus, PackState, StoreError};
use serde_json::json;
use std::path::Path;

/// Saves the settings after checking their ranges.
pub(crate) fn save(open: &Open, settings: Settings) -> Result<Settings, ClientError> {
    let hours = settings.quiet_hours.is_none_or(|(from, to)| from < 24 && to < 24);
    let ranges = (100..=200).contains(&settings.text_percent)
        && settings.keep_days <= 365
        && settings.lock_after_minutes <= 24 * 60;
    if !hours || !ranges {
        return Err(ClientError::InvalidSetting);
    }
    // A session that keeps nothing ends instead of being locked.
    if settings.lock_after_minutes > 0 && !open.keeps_nothing && !open.keys.slots()?.1 {
        return Err(ClientError::LockNeedsPassphrase);
    }
    let proxy_changed = open.settings()?.proxy != settings.proxy;
    open.store.put_value("settings", &serde_json::to_string(&settings).map_err(StoreError::from)?)?;
    if proxy_changed {
        open.hang_up();
        open.wake_sync.notify_one();
    }
    open.news.changed([Topic::Settings]);
    Ok(settings)
}

/// Never locks by itself: without a passphrase nothing could be locked.
pub(crate) fn never_lock(open: &Open) -> Result<(), ClientError> {
    let settings = open.settings()?;
    if settings.lock_after_minutes > 0 {
        save(open, Settings { lock_after_minutes: 0, ..settings })?;
    }
    Ok(())
}

/// What is kept on this machine.
pub(crate) fn storage(open: &Open) -> Result<StorageView, ClientError> {
    let cases = match open.store.packs() {
        Ok(packs) => packs.len(),
        Err(StoreError::NoAccount) => 0,
        Err(error) => return Err(error.into()),
    };
    Ok(StorageView {
        folder: open.store.folder().display().to_string(),
        database_bytes: i64::try_from(open.store.database_bytes()).unwrap_or(i64::MAX),
        evidence_bytes: i64::try_from(open.store.evidence_bytes()).unwrap_or(i64::MAX),
        cases: u32::try_from(cases).unwrap_or(u32::MAX),
    })
}

/// Writes states and counts to a file: no evidence, no names, no titles, no tokens.
pub(crate) fn export_diagnostics(open: &Open, path: &Path) -> Result<(), ClientError> {
    let account = open.store.account()?;
    let (mut intents, mut packs) = (Vec::new(), Vec::new());
    if account.is_some() {
        for intent in open.store.open_intents()? {
            let parked = matches!(intent.status, IntentStatus::Parked { .. });
            intents.push(json!({"kind": intent.kind, "tries": intent.tries, "last_answer": intent.last_answer,
                "parked": parked, "unknown": intent.unknown}));
        }
        for pack in open.store.packs()? {
            let state = match pack.state {
                PackState::Queued => "queued".to_owned(),
                PackState::Paused { code } => format!("paused: {code}"),
                PackState::Ready => "ready".to_owned(),
                PackState::Damaged { code } => format!("damaged: {code}"),
            };
            packs.push(json!({"bytes": pack.bytes, "received": pack.received, "state": state}));
        }
    }
    let journal = open.store.check_journal().map_or_else(|error| json!(error.code()), |links| json!(links));
    let (connection, error) = {
        let line = open.line();
        (line.connection, line.error.clone())
    };
    let report = json!({
        "version": crate::VERSION,
        "system": std::env::consts::OS,
        "signed_in": account.is_some(),
        "skew_seconds": account.as_ref().map(|account| account.skew_seconds),
        "last_complete": account.as_ref().and_then(|account| account.last_complete),
        "connection": connection,
        "error": error,
        "database_bytes": open.store.database_bytes(),
        "evidence_bytes": open.store.evidence_bytes(),
        "journal": journal,
        "outbox": intents,
        "packs": packs,
    });
    let text = serde_json::to_string_pretty(&report).map_err(StoreError::from)?;
    std::fs::write(path, text).map_err(ClientError::File)
}
