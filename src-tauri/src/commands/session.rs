//! Signing in and out, locking and unlocking.

use super::Open;
use crate::error::CommandResult;
use pingli_client::view::AppView;

/// The state of the whole program.
#[tauri::command]
pub(crate) async fn app_status(client: Open) -> CommandResult<AppView> {
    Ok(client.app_status().await?)
}

/// A judgment server on this machine, where one answers.
#[tauri::command]
pub(crate) async fn discover_server(client: Open) -> CommandResult<Option<String>> {
    Ok(client.discover_server().await)
}

/// Starts signing in to a server, in the system browser.
#[tauri::command]
pub(crate) async fn sign_in(client: Open, server: String) -> CommandResult<AppView> {
    Ok(client.sign_in(&server).await?)
}

/// Gives signing in up.
#[tauri::command]
pub(crate) async fn cancel_sign_in(client: Open) -> CommandResult<AppView> {
    Ok(client.cancel_sign_in().await?)
}

/// Signs out.
#[tauri::command]
pub(crate) async fn sign_out(client: Open) -> CommandResult<AppView> {
    Ok(client.sign_out().await?)
}

/// Opens the store, with a passphrase or by asking the keyring again.
#[tauri::command]
pub(crate) async fn unlock(client: Open, passphrase: Option<String>) -> CommandResult<AppView> {
    Ok(client.unlock(passphrase).await?)
}

/// Begins a session that keeps nothing.
#[tauri::command]
pub(crate) async fn keep_nothing(client: Open) -> CommandResult<AppView> {
    Ok(client.keep_nothing().await?)
}

/// Locks the store, or ends a session that keeps nothing.
#[tauri::command]
pub(crate) async fn lock_now(client: Open) -> CommandResult<AppView> {
    Ok(client.lock_now().await?)
}

/// Sets, changes or removes the recovery passphrase.
#[tauri::command]
pub(crate) async fn set_passphrase(
    client: Open,
    passphrase: Option<String>,
    current: Option<String>,
) -> CommandResult<AppView> {
    Ok(client.set_passphrase(passphrase, current).await?)
}

/// Puts the key into the keyring of this desktop.
#[tauri::command]
pub(crate) async fn keep_in_keyring(client: Open) -> CommandResult<AppView> {
    Ok(client.keep_in_keyring().await?)
}

/// The reviewer is before the window.
#[tauri::command]
pub(crate) async fn still_here(client: Open) -> CommandResult<()> {
    Ok(client.still_here().await?)
}
