//! Where to save files: the system's own dialog.

use std::path::PathBuf;
use tauri_plugin_dialog::DialogExt as _;

/// Asks where to save a file of this name; nothing when the reviewer closes the dialog.
pub(crate) async fn ask_where_to_save(app: &tauri::AppHandle, name: &str) -> Option<PathBuf> {
    let (answer, asked) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |path| {
        // The receiver is gone only when the window was closed meanwhile.
        let _ = answer.send(path);
    });
    asked.await.ok().flatten()?.into_path().ok()
}

/// Asks for a folder; nothing when the reviewer closes the dialog.
pub(crate) async fn ask_for_folder(app: &tauri::AppHandle) -> Option<PathBuf> {
    let (answer, asked) = tokio::sync::oneshot::channel();
    app.dialog().file().pick_folder(move |path| {
        // The receiver is gone only when the window was closed meanwhile.
        let _ = answer.send(path);
    });
    asked.await.ok().flatten()?.into_path().ok()
}
