//! The windows themselves.

use super::Open;
use crate::{error::CommandResult, events, windows};
use pingli_client::{protocol::SeatId, view::Place};
use tauri::{AppHandle, WebviewWindow};

/// Quits, after an attempt to send what waits when asked for.
#[tauri::command]
pub(crate) async fn quit(app: AppHandle, client: Open, send: bool) -> CommandResult<()> {
    windows::end(&app, &client, send).await;
    Ok(())
}

/// Opens a case in the second window, which is opened or brought to the front.
#[tauri::command]
pub(crate) async fn open_second(app: AppHandle, seat: SeatId) -> CommandResult<()> {
    windows::open_second(&app, Place::Room { seat })
}

/// Where the second window was led to last: it begins there.
#[tauri::command]
pub(crate) async fn led_to(app: AppHandle, window: WebviewWindow) -> CommandResult<Option<Place>> {
    Ok(windows::led_to(&app, window.label()))
}

/// Leads the main window to a place that the second does not have.
#[tauri::command]
pub(crate) async fn show_in_main(app: AppHandle, place: Place) -> CommandResult<()> {
    events::bring_to(&app, &place.into());
    Ok(())
}

/// The window has saved what was being written: it may go.
#[tauri::command]
pub(crate) async fn saved(app: AppHandle, window: WebviewWindow) -> CommandResult<()> {
    windows::saved(&app, window.label());
    Ok(())
}
