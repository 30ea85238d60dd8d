//! The shell: windows, dialogs, notifications, and commands that only translate. What the program
//! does is in `pingli-client`.

mod alone;
mod browser;
#[cfg(target_os = "linux")]
mod bus;
mod commands;
mod dialogs;
mod environment;
mod error;
mod events;
mod evidence;
mod files;
mod hardening;
mod links;
mod notifications;
mod window;
mod windows;

pub use hardening::harden;

use anyhow::Context as _;
use pingli_client::{Client, ClientConfig};
use std::path::PathBuf;
use tauri::Manager as _;
use tracing_subscriber::EnvFilter;

/// Where the program keeps its data: `PINGLI_DATA_DIR`, else the user's data folder.
fn data_dir() -> anyhow::Result<PathBuf> {
    if let Some(folder) = std::env::var_os("PINGLI_DATA_DIR").filter(|folder| !folder.is_empty()) {
        return Ok(PathBuf::from(folder));
    }
    let home = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share")))
        .context("neither PINGLI_DATA_DIR nor HOME says where to keep data")?;
    Ok(home.join("pingli"))
}

/// Opens the window and runs until it is closed.
///
/// # Errors
/// When the window, or the folder for its data, cannot be made.
pub fn run() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_env("PINGLI_LOG").unwrap_or_else(|_| EnvFilter::new("info")))
        .with_writer(std::io::stderr)
        .init();
    environment::settle()?;
    let data_dir = data_dir()?;
    let sign_in_at_start = std::env::args_os().any(|argument| argument == "--sign-in");

    tauri::Builder::default()
        // A second start may ask for the window in front before anything else is ready.
        .manage(windows::Windows::default())
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            events::raise(app, &windows::front(app));
            if let (Some(link), Some(client)) = (links::among(arguments), app.try_state::<Client>()) {
                client.follow_link(&link);
            }
        }))
        // No link of a page opens anything: the one address that does is the sign-in page's, from here.
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .register_asynchronous_uri_scheme_protocol(evidence::SCHEME, |context, request, responder| {
            let client = context.app_handle().state::<Client>().in_window(context.webview_label());
            tauri::async_runtime::spawn(async move { responder.respond(evidence::answer(client, request).await) });
        })
        .setup(move |app| {
            let handle = app.handle().clone();
            if !alone::hold(&handle, &data_dir)? {
                return Ok(());
            }
            let opener = handle.clone();
            let config = ClientConfig {
                media_worker: (std::env::current_exe()?, vec![pingli_media::WORKER_ARGUMENT.to_owned()]),
                open_url: std::sync::Arc::new(move |url| browser::open(&opener, url)),
                ..ClientConfig::new(data_dir)
            };
            let client = Client::begin(config)?;
            app.manage(client.clone());
            tauri::async_runtime::spawn(events::forward_changes(handle.clone(), client.subscribe()));
            tauri::async_runtime::spawn(events::forward_notices(handle.clone(), client.clone(), client.notices()));
            tauri::async_runtime::spawn(events::forward_leads(handle.clone(), client.leads()));
            if let Some(link) = links::among(std::env::args_os()) {
                client.follow_link(&link);
            }
            // The window is there before the keyring has answered, which may take it seconds.
            tauri::async_runtime::spawn(async move {
                client.open_at_start().await;
                if sign_in_at_start {
                    client.sign_in_if_signed_out().await;
                }
            });
            window::open(&handle, window::MAIN)?;
            Ok(())
        })
        .on_window_event(windows::heed)
        .invoke_handler(tauri::generate_handler![
            commands::session::app_status,
            commands::session::discover_server,
            commands::session::sign_in,
            commands::session::cancel_sign_in,
            commands::session::sign_out,
            commands::session::unlock,
            commands::session::keep_nothing,
            commands::session::lock_now,
            commands::session::set_passphrase,
            commands::session::keep_in_keyring,
            commands::session::still_here,
            commands::docket::docket,
            commands::docket::accept_seat,
            commands::docket::return_seat,
            commands::docket::recuse_seat,
            commands::docket::put_later,
            commands::docket::make_offline,
            commands::docket::cancel_download,
            commands::room::open_case,
            commands::room::close_case,
            commands::room::evidence_bodies,
            commands::room::chat,
            commands::room::chat_page,
            commands::room::chat_find,
            commands::room::mark_opened,
            commands::room::report_damage,
            commands::room::written,
            commands::room::save_draft,
            commands::room::add_active_time,
            commands::room::seal_ballot,
            commands::room::unseal,
            commands::room::export_original,
            commands::outbox::outbox,
            commands::outbox::retry_intent,
            commands::outbox::drop_intent,
            commands::outbox::send_now,
            commands::outbox::sync_now,
            commands::verdicts::verdicts,
            commands::verdicts::verdict,
            commands::verdicts::receipt,
            commands::charity::points,
            commands::charity::donate,
            commands::charity::cancel_donation,
            commands::charity::standing,
            commands::settings::settings,
            commands::settings::save_settings,
            commands::settings::storage,
            commands::settings::dismiss_recovery,
            commands::settings::export_set_aside,
            commands::settings::export_diagnostics,
            commands::frame::quit,
            commands::frame::open_second,
            commands::frame::led_to,
            commands::frame::show_in_main,
            commands::frame::saved,
        ])
        .run(tauri::generate_context!())
        .context("the window could not be opened")
}
