//! What is said before there is a window: then the program ends.

use pingli_client::{protocol::Lang, system_language};
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};

/// Why the program cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Last {
    /// Another program works on the data folder.
    FolderInUse,
}

/// Says it in the system's language, and ends the program when that was read.
pub(crate) fn say_and_end(app: &AppHandle, last: Last) {
    let (title, text) = words(last, system_language());
    let ending = app.clone();
    let dialog = app.dialog().message(text).title(title).kind(MessageDialogKind::Error);
    dialog.show(move |_| ending.exit(1));
}

const fn words(last: Last, language: Lang) -> (&'static str, &'static str) {
    match (last, language) {
        (Last::FolderInUse, Lang::En) => (
            "Pingli is open already",
            "Another Pingli is working on the same data. Go on in its window, or end it and start again.",
        ),
        (Last::FolderInUse, _) => {
            ("评理已经打开", "另一个评理正在使用同一份数据。请到那个窗口继续，或先退出它再重新打开。")
        }
    }
}
