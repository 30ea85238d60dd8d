//! What the window shows and sends: the shapes on the window's side of [`crate::Client`].
//! Every text for people is a code or a server's text; sentences live in the window's messages.

mod app;
mod charity;
mod chat;
mod docket;
mod draft;
mod outbox;
mod room;
mod settings;
mod timeline;
mod verdict;

pub use app::*;
pub use charity::*;
pub use chat::*;
pub use docket::*;
pub use draft::*;
pub use outbox::*;
pub use room::*;
pub use settings::*;
pub use timeline::*;
pub use verdict::*;
