//! The session bus, asked once before anything else is. A bus that takes a connection and never answers
//! would hold whoever asks it without a deadline of his own (the toolkit, the plugin that finds the first
//! instance), and with them the start.

use std::{sync::mpsc, thread, time::Duration};
use zbus::blocking::connection::Builder;

/// Where the session bus is, as its clients are told.
pub(crate) const ADDRESS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// An address where nobody listens: each client fails at once.
pub(crate) const NOWHERE: &str = "unix:path=/nonexistent/bus";

/// How long the bus may take to greet.
const DEADLINE: Duration = Duration::from_secs(5);

/// Whether there is a bus that does not answer. One that is not there, or refuses, is told at once by
/// whoever asks.
pub(crate) fn is_mute() -> bool {
    is_mute_within(DEADLINE, Builder::session)
}

fn is_mute_within(deadline: Duration, bus: impl FnOnce() -> zbus::Result<Builder<'static>> + Send + 'static) -> bool {
    let (done, waiting) = mpsc::sync_channel(1);
    let asking = thread::Builder::new().name("session bus".to_owned()).spawn(move || {
        // Connecting is a conversation: the bus greets, and gives a name.
        let connected = bus().and_then(Builder::build);
        // Nobody waits any more where it took too long.
        let _ = done.send(connected.is_ok());
    });
    asking.is_ok() && matches!(waiting.recv_timeout(deadline), Err(mpsc::RecvTimeoutError::Timeout))
}

#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;

    #[test]
    fn a_bus_that_never_answers_is_told_from_one_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("bus");
        let is_mute =
            |address: String| is_mute_within(Duration::from_millis(500), move || Builder::address(address.as_str()));
        let address = format!("unix:path={}", socket.display());
        assert!(!is_mute(NOWHERE.to_owned()), "no bus at all");
        assert!(!is_mute(address.clone()), "nobody listens");
        let listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(is_mute(address.clone()), "somebody takes the connection and says nothing");
        drop(listening);
        assert!(!is_mute(address), "nobody listens any more");
    }
}
