//! What a keyring is to the key store: it keeps secrets under names, or says why it does not.

use std::sync::Arc;
use zeroize::Zeroizing;

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

/// Is called when a keyring answered after nobody waited any more.
pub type TellLate = Arc<dyn Fn() + Send + Sync>;

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

    /// Lets somebody know when an answer came too late for whoever asked: the reviewer took their
    /// time over the keyring's own prompt, and asking again will do. A keyring that always answers
    /// has nothing to tell.
    fn tell_late(&self, tell: TellLate) {
        drop(tell);
    }
}
