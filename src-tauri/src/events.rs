//! From the client's streams to the windows: what became stale, what a notification tells, and where a
//! link leads. A window hears of places, never of the link itself.

use crate::{notifications, window::MAIN};
use pingli_client::{
    Client,
    view::{Lead, Notice, Settings, Topic},
};
use std::collections::BTreeSet;
use tauri::{AppHandle, Emitter as _, Manager as _};
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// What became stale.
#[derive(Debug, Clone, serde::Serialize)]
struct Changed {
    topics: BTreeSet<Topic>,
}

/// Passes changes on to every window until the client is gone. A window that missed some is told that
/// everything is stale.
pub(crate) async fn forward_changes(app: AppHandle, mut changes: Receiver<BTreeSet<Topic>>) {
    loop {
        let topics = match changes.recv().await {
            Ok(topics) => topics,
            Err(RecvError::Lagged(_)) => Topic::ALL.into(),
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = app.emit("changed", Changed { topics }) {
            tracing::warn!(%error, "the window did not hear of a change");
        }
    }
}

/// Shows the client's notices until the client is gone. What a locked store says is in the language
/// that was set while it was open.
pub(crate) async fn forward_notices(app: AppHandle, client: Client, mut notices: Receiver<Notice>) {
    let (mut changes, mut settings) = (client.subscribe(), Settings::default());
    loop {
        tokio::select! {
            notice = notices.recv() => match notice {
                Ok(notice) => notifications::show(&app, &notice, &settings),
                Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "notices were missed"),
                Err(RecvError::Closed) => return,
            },
            changed = changes.recv() => {
                let stale = match &changed {
                    Ok(topics) => topics.contains(&Topic::Settings),
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => return,
                };
                if stale && let Ok(now) = client.settings().await {
                    settings = now;
                }
            }
        }
    }
}

/// Leads the main window to where links lead until the client is gone.
pub(crate) async fn forward_leads(app: AppHandle, mut leads: Receiver<Lead>) {
    loop {
        match leads.recv().await {
            Ok(lead) => bring_to(&app, &lead),
            // Only the last one counts.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Brings the main window, which has every screen, to the front and to a place.
pub(crate) fn bring_to(app: &AppHandle, lead: &Lead) {
    raise(app, MAIN);
    self::lead(app, MAIN, lead);
}

/// Leads one window to a place.
pub(crate) fn lead(app: &AppHandle, window: &str, lead: &Lead) {
    if let Err(error) = app.emit_to(window, "navigate", lead) {
        tracing::warn!(%error, "the window did not hear where to go");
    }
}

/// Brings a window to the front.
pub(crate) fn raise(app: &AppHandle, window: &str) {
    if let Some(window) = app.get_webview_window(window) {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}
