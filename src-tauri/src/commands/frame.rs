//! The window itself.

use super::Open;
use crate::error::CommandResult;

/// Quits, after an attempt to send what waits when asked for.
#[tauri::command]
pub(crate) async fn quit(app: tauri::AppHandle, client: Open<'_>, send: bool) -> CommandResult<()> {
    client.shut_down(send).await;
    app.exit(0);
    Ok(())
}
