//! Stories of the whole server: its routes without a socket, with a clock that the test turns.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must fail")]

mod amend;
mod api;
mod batch;
mod charity;
mod cli;
mod intake;
mod journals;
mod once;
mod openapi;
mod panel;
mod running;
mod sign_in;
mod sync;
mod world;
