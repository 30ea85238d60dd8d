//! Errors on their way to the window: a code, a message for the log, whether trying again may help.

use pingli_client::{ClientError, view::ErrorView};

/// What a command answers when it fails.
#[derive(Debug, serde::Serialize)]
#[serde(transparent)]
pub(crate) struct CommandError(ErrorView);

impl From<ClientError> for CommandError {
    fn from(error: ClientError) -> Self {
        let view = error.view();
        tracing::warn!(code = view.code, message = view.message, "command failed");
        Self(view)
    }
}

impl CommandError {
    /// The second window could not be opened.
    pub(crate) fn window() -> Self {
        Self(ErrorView { code: "window_failed".to_owned(), message: "no window".to_owned(), retry: true })
    }
}

/// The result of a command.
pub(crate) type CommandResult<T> = Result<T, CommandError>;
