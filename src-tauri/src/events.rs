//! From the client's streams to the window: what became stale, and what a notification tells.

use crate::notifications;
use pingli_client::{Client, view::Topic};
use std::collections::BTreeSet;
use tauri::{AppHandle, Emitter as _};
use tokio::sync::broadcast::error::RecvError;

/// What became stale.
#[derive(Debug, Clone, serde::Serialize)]
struct Changed {
    topics: BTreeSet<Topic>,
}

/// Passes changes on to the window until the client is gone. A window that missed some is told that
/// everything is stale.
pub(crate) async fn forward_changes(app: AppHandle, client: Client) {
    let mut changes = client.subscribe();
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

/// Shows the client's notices until the client is gone.
pub(crate) async fn forward_notices(app: AppHandle, client: Client) {
    let mut notices = client.notices();
    loop {
        match notices.recv().await {
            Ok(notice) => {
                let settings = client.settings().await.unwrap_or_default();
                notifications::show(&app, &notice, &settings);
            }
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "notices were missed"),
            Err(RecvError::Closed) => return,
        }
    }
}
