//! The signers of content credentials whom the operator knows. At first there is no such list, and every
//! signer is unknown.

use crate::error::{Error, Result};
use std::{io::ErrorKind, path::Path};

/// The file in the data folder: certificates of signers, or of the authorities that vouch for them,
/// PEM one behind the other.
const FILE: &str = "known-signers.pem";

/// The most bytes of the list.
const MAX_BYTES: usize = 1 << 20;

/// Reads the list; empty when there is none.
///
/// # Errors
/// When it cannot be read, is no PEM or is longer than 1 MiB: a list that is there must be heeded.
pub(crate) fn known_signers(data: &Path) -> Result<String> {
    match std::fs::read_to_string(data.join(FILE)) {
        Ok(list) if list.len() > MAX_BYTES => Err(Error::invalid(format!("{FILE} is longer than 1 MiB"))),
        Ok(list) if !list.contains("-----BEGIN CERTIFICATE-----") => {
            Err(Error::invalid(format!("{FILE} has no certificate in it")))
        }
        Ok(list) => Ok(list),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Error::file("read the known signers")(error)),
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;

    #[test]
    fn no_list_is_an_empty_one_and_nonsense_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(known_signers(folder.path()).expect("no list"), "");
        for nonsense in ["", "hello", &"x".repeat(MAX_BYTES + 1)] {
            std::fs::write(folder.path().join(FILE), nonsense).expect("written");
            assert!(known_signers(folder.path()).is_err(), "{} bytes of nonsense", nonsense.len());
        }
        let list = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::fs::write(folder.path().join(FILE), list).expect("written");
        assert_eq!(known_signers(folder.path()).expect("a list"), list);
    }
}
