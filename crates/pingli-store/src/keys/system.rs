//! The keyring of the system. Each question opens a connection of its own: the library's shared one
//! is made once in a process, so a service that came late, or came back, would never be reached.

use super::{
    keyring::{Keyring, KeyringFault, Secret, TellLate},
    line::Line,
};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The service name of every entry.
const SERVICE: &str = "pingli";

/// The keyring of the system: Secret Service, Keychain or Credential Manager. Clones stand in one line.
#[derive(Clone, Default)]
pub struct SystemKeyring(Arc<Line>);

impl std::fmt::Debug for SystemKeyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SystemKeyring {..}")
    }
}

impl Keyring for SystemKeyring {
    fn get(&self, name: &str) -> Result<Vec<Secret>, KeyringFault> {
        let name = name.to_owned();
        self.0.ask(move || match open(&name)?.get_secret() {
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
        self.0.ask(move || open(&name)?.set_secret(&secret).map_err(|error| fault(&error)))
    }

    fn remove(&self, name: &str) -> Result<(), KeyringFault> {
        let name = name.to_owned();
        self.0.ask(move || match open(&name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(fault(&error)),
        })
    }

    fn tell_late(&self, tell: TellLate) {
        self.0.tell_late(tell);
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn open(name: &str) -> Result<keyring::Entry, KeyringFault> {
    use keyring_core::api::CredentialStoreApi as _;
    let store = zbus_secret_service_keyring_store::Store::new().map_err(|error| fault(&error))?;
    let inner = store.build(SERVICE, name, None).map_err(|error| fault(&error))?;
    Ok(keyring::Entry { inner })
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn open(name: &str) -> Result<keyring::Entry, KeyringFault> {
    keyring::Entry::new(SERVICE, name).map_err(|error| fault(&error))
}

/// What a failure means: a lock that the reviewer can open, or a keyring that is of no use. A service
/// without a collection counts as the latter, though the library calls it a matter of access.
fn fault(error: &keyring::Error) -> KeyringFault {
    #[cfg(all(unix, not(target_os = "macos")))]
    if let keyring::Error::PlatformFailure(source) | keyring::Error::NoStorageAccess(source) = error {
        use secret_service::Error;
        return match source.downcast_ref::<Error>() {
            Some(Error::Locked | Error::Prompt) => KeyringFault::Locked,
            _ => KeyringFault::Unavailable,
        };
    }
    match error {
        keyring::Error::NoStorageAccess(_) => KeyringFault::Locked,
        _ => KeyringFault::Unavailable,
    }
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
        let keyring = SystemKeyring::default();
        let name = format!("test {}", uuid::Uuid::now_v7());
        assert_eq!(keyring.get(&name), Ok(Vec::new()), "a new name has no secret");
        keyring.set(&name, b"a secret").expect("the keyring takes a secret");
        let found = keyring.get(&name).expect("the keyring answers");
        assert_eq!(found, vec![Zeroizing::new(b"a secret".to_vec())], "what was written is read back");
        keyring.remove(&name).expect("the keyring forgets");
        assert_eq!(keyring.get(&name), Ok(Vec::new()), "a removed secret is gone");
    }
}
