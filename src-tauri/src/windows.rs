//! The two windows of the program: the main one, and a second for a case beside it. The second is opened
//! by the reviewer's own act; there is never a third, because each has its one label.

use crate::{
    error::{CommandError, CommandResult},
    events,
    window::{self, MAIN, SECOND},
};
use pingli_client::{
    Client,
    view::{Lead, Place},
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tauri::{AppHandle, Emitter as _, Manager as _, Window, WindowEvent};
use tokio::sync::oneshot;

/// How long a window may take to save what is being written, before it goes. A page that hangs keeps
/// nobody.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// What the shell remembers of its windows.
#[derive(Default)]
pub(crate) struct Windows(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// The window that had the focus last.
    front: Option<String>,
    /// Where the second window was led to last.
    led_to: Option<Place>,
    /// Windows that were asked to save, and who waits for them.
    saving: BTreeMap<String, Vec<oneshot::Sender<()>>>,
}

fn known(app: &AppHandle) -> MutexGuard<'_, Known> {
    app.state::<Windows>().inner().0.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens the second window at a place, or brings it to the front and leads it there.
pub(crate) fn open_second(app: &AppHandle, place: Place) -> CommandResult<()> {
    known(app).led_to = Some(place.clone());
    if app.get_webview_window(SECOND).is_some() {
        events::raise(app, SECOND);
        events::lead(app, SECOND, &Lead::from(place));
        return Ok(());
    }
    window::open(app, SECOND).map_err(|error| {
        tracing::error!(%error, "the second window could not be opened");
        CommandError::window()
    })
}

/// Where a window begins: the second where it was led to, the main one where it likes.
pub(crate) fn led_to(app: &AppHandle, window: &str) -> Option<Place> {
    if window == SECOND { known(app).led_to.clone() } else { None }
}

/// The window that had the focus last, or the main one.
pub(crate) fn front(app: &AppHandle) -> String {
    let last = known(app).front.clone();
    last.filter(|label| app.get_webview_window(label).is_some()).unwrap_or_else(|| MAIN.to_owned())
}

/// A window has saved what was being written.
pub(crate) fn saved(app: &AppHandle, window: &str) {
    for waits in known(app).saving.remove(window).unwrap_or_default() {
        // Whoever waited may have given up.
        let _ = waits.send(());
    }
}

/// Lets windows save what is being written, but not for ever.
async fn last_words(app: &AppHandle, windows: &[&str]) {
    let mut waiting = Vec::new();
    for window in windows.iter().filter(|label| app.get_webview_window(label).is_some()) {
        let (tell, told) = oneshot::channel();
        known(app).saving.entry((*window).to_owned()).or_default().push(tell);
        if app.emit_to(*window, "save_now", ()).is_ok() {
            waiting.push(told);
        }
    }
    let all = async {
        for told in waiting {
            let _ = told.await;
        }
    };
    if tokio::time::timeout(LAST_WORDS, all).await.is_err() {
        tracing::warn!("a window did not say that it has saved");
    }
}

/// Ends the program: both windows save, what waits is sent where that is asked for.
pub(crate) async fn end(app: &AppHandle, client: &Client, send: bool) {
    last_words(app, &[MAIN, SECOND]).await;
    client.shut_down(send).await;
    app.exit(0);
}

/// What happens to a window. Closing the second one closes just that; with the main one, the program
/// ends and takes the second along, unless acts wait: then the reviewer is asked first.
pub(crate) fn heed(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    match event {
        WindowEvent::Focused(true) => known(app).front = Some(window.label().to_owned()),
        WindowEvent::Destroyed => app.state::<Client>().in_window(window.label()).close_window(),
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            let (app, window) = (app.clone(), window.clone());
            tauri::async_runtime::spawn(async move {
                if window.label() == MAIN {
                    close_main(&app).await;
                } else {
                    last_words(&app, &[window.label()]).await;
                    let _ = window.destroy();
                }
            });
        }
        _ => {}
    }
}

async fn close_main(app: &AppHandle) {
    let client = app.state::<Client>().inner().clone();
    let waiting = client.waiting_to_send().await;
    let asked = waiting > 0 && app.emit_to(MAIN, "closing", serde_json::json!({ "waiting": waiting })).is_ok();
    if !asked {
        end(app, &client, false).await;
    }
}
