//! Sign-in: OAuth 2.0 authorization code with PKCE for native apps (RFC 6749, 7636, 8252), token
//! rotation and revocation.

pub mod attempts;
pub(crate) mod authorize;
pub(crate) mod page;
pub mod password;
pub(crate) mod token;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use pingli_protocol::Sha256;

use crate::error::{Error, Result};

/// Makes a secret of 256 random bits.
pub(crate) fn make_secret() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| Error::Broken(format!("no randomness: {e}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The S256 challenge of a PKCE verifier.
#[must_use]
pub fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::of(verifier.as_bytes()).as_bytes())
}
