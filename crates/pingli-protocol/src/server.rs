//! What a judgment server says of itself, and texts that it signs.

use crate::{KeyId, Lang, Localized, UtcInstant};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Where a server describes itself, below its origin.
pub const WELL_KNOWN_PATH: &str = "/.well-known/pingli-server";

/// A server's description of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ServerDescription {
    /// The server's name.
    pub name: Localized,
    /// The protocol versions it speaks.
    pub protocol_versions: Vec<u32>,
    /// Its signing keys, by date. A client pins the key it met at sign-in and accepts another only
    /// if it is signed for by one it knows.
    pub keys: Vec<ServerKey>,
    /// How to sign in.
    pub sign_in: SignIn,
    /// The languages of its own texts.
    pub languages: Vec<Lang>,
    /// Its clock.
    pub server_time: UtcInstant,
}

/// One of a server's signing keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ServerKey {
    /// The key's id.
    pub id: KeyId,
    /// Always `Ed25519`.
    pub algorithm: String,
    /// The public key, 32 bytes in base64.
    pub public_key: String,
    /// From when it signs.
    pub valid_from: UtcInstant,
    /// Until when it signs; none for the current one.
    #[serde(default)]
    pub valid_until: Option<UtcInstant>,
    /// The signature of the key before it over `id NUL public_key NUL valid_from`, base64; none for
    /// the first.
    #[serde(default)]
    pub endorsed_by: Option<Endorsement>,
}

/// One key's word for the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Endorsement {
    /// The key that signs.
    pub key: KeyId,
    /// Its signature, base64.
    pub signature: String,
}

/// How to sign in: OAuth 2.0 authorization code with PKCE (RFC 6749, 7636, 8252).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SignIn {
    /// Where the browser goes.
    pub authorization_endpoint: String,
    /// Where the code is changed for tokens.
    pub token_endpoint: String,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: String,
    /// The public client's id.
    pub client_id: String,
}

/// A text that the server signed: exactly these bytes, never a re-serialised form of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SignedText {
    /// What was signed, in UTF-8; a JSON document.
    pub text: String,
    /// The key.
    pub key: KeyId,
    /// The Ed25519 signature, 64 bytes in base64.
    pub signature: String,
}
