//! A window, and what it is refused: it shows the program's own page and nothing else. It goes
//! nowhere, opens no other window, downloads nothing, and asks for no camera, place or notification.

use anyhow::Context as _;
use tauri::{
    AppHandle, Url, WebviewWindowBuilder,
    utils::config::WindowConfig,
    webview::{NewWindowResponse, PermissionResponse},
};

/// The label of the main window.
pub(crate) const MAIN: &str = "main";

/// The label of the second window, for a case beside the main one.
pub(crate) const SECOND: &str = "second";

/// Opens a window as it is configured.
pub(crate) fn open(app: &AppHandle, label: &str) -> anyhow::Result<()> {
    let config = app.config();
    let window = config.app.windows.iter().find(|window| window.label == label);
    let window = window.with_context(|| format!("no {label} window is configured"))?;
    let driven = driven_from_outside();
    let window = if driven { kept_apart(window.clone()) } else { window.clone() };
    let development = if tauri::is_dev() { config.build.dev_url.clone() } else { None };
    let mut builder = WebviewWindowBuilder::from_config(app, &window)?;
    let name = if driven || label == MAIN { None } else { Some(ContextName::new()?) };
    if let Some(name) = &name {
        builder = builder.data_directory(name.0.clone());
    }
    builder
        .on_navigation(move |url| is_own_page(url, development.as_ref()) || refuse("navigation"))
        .on_new_window(|_, _| {
            refuse("a new window");
            NewWindowResponse::Deny
        })
        .on_download(|_, _| refuse("a download"))
        .on_permission_request(|_, kind| {
            tracing::warn!(?kind, "the page asked for a permission: refused");
            PermissionResponse::Deny
        })
        .build()?;
    Ok(())
}

/// Says what was refused, without where it led: an address may come from evidence.
fn refuse(what: &str) -> bool {
    tracing::warn!(what, "the page tried what it may not: refused");
    false
}

/// Whether an address is the program's own page: where Tauri serves the built bundle, or the
/// development server while the program is developed.
fn is_own_page(url: &Url, development: Option<&Url>) -> bool {
    if let Some(server) = development {
        return url.origin() == server.origin() && server.has_host();
    }
    let host = url.host_str();
    let bundle = match url.scheme() {
        "tauri" => host == Some("localhost"),
        // Windows serves custom schemes over a host of their own.
        "http" | "https" => host == Some("tauri.localhost"),
        _ => false,
    };
    bundle && url.port().is_none() && matches!(url.path(), "" | "/" | "/index.html")
}

/// Whether a WebDriver holds the window: the tests and the guided tour. Only a development build lets one.
fn driven_from_outside() -> bool {
    may_be_driven(cfg!(debug_assertions), std::env::var("TAURI_WEBVIEW_AUTOMATION").ok().as_deref())
}

fn may_be_driven(development: bool, asked: Option<&str>) -> bool {
    development && asked == Some("true")
}

/// A folder that nothing is kept in, and that goes at once: tauri-runtime-wry (2.12) knows a web view's
/// context by its data folder, and gives a context the program's schemes only once. An incognito web view
/// has a context of its own whatever the folder, so without another folder's name each time, a second one
/// would find no page.
struct ContextName(std::path::PathBuf);

impl ContextName {
    fn new() -> std::io::Result<Self> {
        static OPENED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = OPENED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("pingli-window-{}-{number}", std::process::id()));
        std::fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for ContextName {
    fn drop(&mut self) {
        // What is not empty stays, and would be a fault that a scan finds.
        let _ = std::fs::remove_dir(&self.0);
    }
}

/// The window without incognito: wry (0.57) gives an incognito web view a context of its own that no
/// WebDriver may drive. What the web view keeps then goes to the system's folder for temporary
/// files, never beside the evidence.
fn kept_apart(mut window: WindowConfig) -> WindowConfig {
    window.incognito = false;
    window.data_directory = Some(std::env::temp_dir().join(format!("pingli-driven-{}", std::process::id())));
    window
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;

    fn own(url: &str, development: Option<&str>) -> bool {
        let parse = |text: &str| text.parse::<Url>().expect("an address");
        is_own_page(&parse(url), development.map(parse).as_ref())
    }

    #[test]
    fn the_window_goes_to_the_programs_own_page_only() {
        for url in
            ["tauri://localhost", "tauri://localhost/", "tauri://localhost/index.html#x", "http://tauri.localhost/"]
        {
            assert!(own(url, None), "{url} is the program's page");
        }
        for url in [
            "https://example.org/",
            "http://localhost:5183/",
            "http://127.0.0.1/",
            "http://tauri.localhost.example.org/",
            "http://tauri.localhost:8080/",
            "tauri://example.org/",
            "tauri://localhost/pingli.svg",
            "file:///etc/passwd",
            "about:blank",
            "data:text/html,x",
            "javascript:alert(1)",
            "blob:tauri://localhost/1",
            "pingli-evidence://localhost/s/b-1/0/screen",
            "ipc://localhost/docket",
        ] {
            assert!(!own(url, None), "{url} must be refused");
        }
    }

    #[test]
    fn only_a_development_build_lets_a_driver_in() {
        assert!(may_be_driven(true, Some("true")));
        assert!(!may_be_driven(true, None) && !may_be_driven(true, Some("1")));
        assert!(!may_be_driven(false, Some("true")), "what a reviewer installs is always incognito");
    }

    #[test]
    fn in_development_the_page_comes_from_the_development_server_alone() {
        let server = Some("http://localhost:5183");
        assert!(own("http://localhost:5183/", server));
        for url in ["http://localhost:5184/", "https://localhost:5183/", "tauri://localhost/", "data:text/html,x"] {
            assert!(!own(url, server), "{url} must be refused");
        }
    }
}
