//! The window, and what it is refused: it shows the program's own page and nothing else. It goes
//! nowhere, opens no other window, downloads nothing, and asks for no camera, place or notification.

use anyhow::Context as _;
use tauri::{
    AppHandle, Url, WebviewWindowBuilder,
    utils::config::WindowConfig,
    webview::{NewWindowResponse, PermissionResponse},
};

/// The label of the main window.
pub(crate) const MAIN: &str = "main";

/// Opens the main window as it is configured.
pub(crate) fn open(app: &AppHandle) -> anyhow::Result<()> {
    let config = app.config();
    let window =
        config.app.windows.iter().find(|window| window.label == MAIN).context("no main window is configured")?;
    let window = if driven_from_outside() { kept_apart(window.clone()) } else { window.clone() };
    let development = if tauri::is_dev() { config.build.dev_url.clone() } else { None };
    WebviewWindowBuilder::from_config(app, &window)?
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
    cfg!(debug_assertions) && std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|value| value == "true")
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
    fn in_development_the_page_comes_from_the_development_server_alone() {
        let server = Some("http://localhost:5183");
        assert!(own("http://localhost:5183/", server));
        for url in ["http://localhost:5184/", "https://localhost:5183/", "tauri://localhost/", "data:text/html,x"] {
            assert!(!own(url, server), "{url} must be refused");
        }
    }
}
