//! The commands, three lines each: take the client, call one verb, map the error. What a window may
//! call is listed in `permissions/`.

pub(crate) mod charity;
pub(crate) mod docket;
pub(crate) mod frame;
pub(crate) mod outbox;
pub(crate) mod room;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod verdicts;

use pingli_client::Client;
use tauri::{
    Manager as _, Runtime,
    ipc::{CommandArg, CommandItem, InvokeError},
};

/// The client as a command gets it: as the window asks it that called the command.
pub(crate) struct Open(Client);

impl std::ops::Deref for Open {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.0
    }
}

impl<'de, R: Runtime> CommandArg<'de, R> for Open {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let webview = command.message.webview_ref();
        let client = webview.try_state::<Client>().ok_or_else(|| InvokeError::from("there is no client yet"))?;
        Ok(Self(client.in_window(webview.label())))
    }
}
