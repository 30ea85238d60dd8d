//! The system keyring, asked on a thread of its own with a deadline, because a mute service never
//! answers (reliability paper).

use std::{sync::mpsc, thread, time::Duration};
use zeroize::Zeroizing;

/// How long the keyring may take to answer.
const DEADLINE: Duration = Duration::from_secs(5);

/// The service name of every entry.
const SERVICE: &str = "pingli";

/// Why the keyring did not do as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringFault {
    /// It is locked, or its prompt was dismissed.
    #[error("the keyring is locked")]
    Locked,
    /// There is none, or it crashed, or it does not answer.
    #[error("there is no keyring that answers")]
    Unavailable,
}

/// A secret as the keyring keeps it.
pub type Secret = Zeroizing<Vec<u8>>;

/// A keyring: the system's, or another in tests.
pub trait Keyring: Send + Sync {
    /// Reads all secrets under a name; none when there is no entry.
    ///
    /// # Errors
    /// [`KeyringFault`].
    fn get(&self, name: &str) -> Result<Vec<Secret>, KeyringFault>;

    /// Writes a secret under a name.
    ///
    /// # Errors
    /// [`KeyringFault`].
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringFault>;

    /// Removes what is under a name; nothing there is no fault.
    ///
    /// # Errors
    /// [`KeyringFault`].
    fn remove(&self, name: &str) -> Result<(), KeyringFault>;
}

/// The keyring of the system: Secret Service, Keychain or Credential Manager.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemKeyring;

impl Keyring for SystemKeyring {
    fn get(&self, name: &str) -> Result<Vec<Secret>, KeyringFault> {
        let name = name.to_owned();
        with_deadline(move || match open(&name)?.get_secret() {
            Ok(secret) => Ok(vec![Zeroizing::new(secret)]),
            Err(keyring::Error::NoEntry) => Ok(Vec::new()),
            Err(keyring::Error::Ambiguous(entries)) => {
                let secrets = entries.iter().map(|entry| entry.get_secret().map(Zeroizing::new));
                secrets.collect::<Result<_, _>>().map_err(|error| fault(&error))
            }
            Err(error) => Err(fault(&error)),
        })
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringFault> {
        let (name, secret) = (name.to_owned(), Zeroizing::new(secret.to_vec()));
        with_deadline(move || open(&name)?.set_secret(&secret).map_err(|error| fault(&error)))
    }

    fn remove(&self, name: &str) -> Result<(), KeyringFault> {
        let name = name.to_owned();
        with_deadline(move || match open(&name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(fault(&error)),
        })
    }
}

fn open(name: &str) -> Result<keyring::Entry, KeyringFault> {
    keyring::Entry::new(SERVICE, name).map_err(|error| fault(&error))
}

fn fault(error: &keyring::Error) -> KeyringFault {
    match error {
        keyring::Error::NoStorageAccess(_) => KeyringFault::Locked,
        _ => KeyringFault::Unavailable,
    }
}

/// Asks on a thread of its own; a thread that never ends costs a stack, not the program.
fn with_deadline<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, KeyringFault> + Send + 'static,
) -> Result<T, KeyringFault> {
    let (done, wait) = mpsc::sync_channel(1);
    let started = thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        // Nobody waits any more when the deadline has passed.
        let _ = done.send(ask());
    });
    if started.is_err() {
        return Err(KeyringFault::Unavailable);
    }
    wait.recv_timeout(DEADLINE).unwrap_or(Err(KeyringFault::Unavailable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::print_stderr, reason = "one line says that it was not tried")]
    fn the_real_keyring_keeps_a_secret() {
        if std::env::var_os("PINGLI_TEST_KEYRING").is_none() {
            eprintln!("the system keyring was not tried: set PINGLI_TEST_KEYRING=1 where one runs");
            return;
        }
        let name = format!("test {}", uuid::Uuid::now_v7());
        assert_eq!(SystemKeyring.get(&name), Ok(Vec::new()), "a new name has no secret");
        SystemKeyring.set(&name, b"a secret").expect("the keyring takes a secret");
        let found = SystemKeyring.get(&name).expect("the keyring answers");
        assert_eq!(found, vec![Zeroizing::new(b"a secret".to_vec())], "what was written is read back");
        SystemKeyring.remove(&name).expect("the keyring forgets");
        assert_eq!(SystemKeyring.get(&name), Ok(Vec::new()), "a removed secret is gone");
    }

    #[test]
    fn a_keyring_that_is_not_there_is_a_fault_and_no_hang() {
        assert_eq!(
            with_deadline::<()>(|| Err(KeyringFault::Unavailable)),
            Err(KeyringFault::Unavailable),
            "the fault comes through the thread"
        );
    }
}
