//! Settings, storage and diagnostics.

use super::Open;
use crate::{error::CommandResult, files};
use pingli_client::view::{Settings, StorageView};

/// The settings.
#[tauri::command]
pub(crate) async fn settings(client: Open) -> CommandResult<Settings> {
    Ok(client.settings().await?)
}

/// Saves the settings; answers with them as they were kept.
#[tauri::command]
pub(crate) async fn save_settings(client: Open, settings: Settings) -> CommandResult<Settings> {
    Ok(client.save_settings(settings).await?)
}

/// What is kept on this machine.
#[tauri::command]
pub(crate) async fn storage(client: Open) -> CommandResult<StorageView> {
    Ok(client.storage().await?)
}

/// The reviewer has read what was saved from a damaged database.
#[tauri::command]
pub(crate) async fn dismiss_recovery(client: Open) -> CommandResult<()> {
    Ok(client.dismiss_recovery().await?)
}

/// Copies the files of a damaged database, encrypted as they are, into a folder that the reviewer names.
#[tauri::command]
pub(crate) async fn export_set_aside(app: tauri::AppHandle, client: Open) -> CommandResult<Option<String>> {
    let Some(folder) = files::ask_for_folder(&app).await else {
        return Ok(None);
    };
    Ok(Some(client.export_set_aside(&folder).await?))
}

/// Writes diagnostics without evidence to a file that the reviewer names.
#[tauri::command]
pub(crate) async fn export_diagnostics(app: tauri::AppHandle, client: Open) -> CommandResult<Option<String>> {
    let Some(path) = files::ask_where_to_save(&app, "pingli-diagnostics.json").await else {
        return Ok(None);
    };
    client.export_diagnostics(&path).await?;
    Ok(Some(path.display().to_string()))
}
