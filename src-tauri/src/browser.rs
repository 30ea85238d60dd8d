//! Opens the sign-in page in the system browser. `BROWSER` names another program, as is the custom;
//! a machine without a browser has its sign-in page driven that way.

use tauri_plugin_opener::OpenerExt as _;

/// Opens a page; what fails is logged, and the window shows the address to copy.
pub(crate) fn open(app: &tauri::AppHandle, url: &str) {
    let opened = match std::env::var_os("BROWSER").filter(|browser| !browser.is_empty()) {
        Some(browser) => std::process::Command::new(browser)
            .arg(url)
            .stdin(std::process::Stdio::null())
            .spawn()
            .map(|mut child| {
                // Waits on its own thread, so that no dead process is left behind.
                std::thread::spawn(move || child.wait());
            })
            .map_err(|error| error.to_string()),
        None => app.opener().open_url(url, None::<&str>).map_err(|error| error.to_string()),
    };
    if let Err(error) = opened {
        tracing::warn!(error, "the sign-in page could not be opened");
    }
}
