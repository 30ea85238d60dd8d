//! The server's keys and what they sign: packs, texts, and each other.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use pingli_protocol::{
    KeyId, Sha256, UtcInstant,
    server::{Endorsement, ServerKey, SignedText},
};
use serde::de::DeserializeOwned;

/// The only algorithm there is.
pub(crate) const ALGORITHM: &str = "Ed25519";

/// Why a signature is not taken.
#[derive(Debug, thiserror::Error)]
pub enum SignatureFault {
    /// The key is not one of the server's.
    #[error("signed with the unknown key {key}")]
    UnknownKey {
        /// The key named.
        key: KeyId,
    },
    /// The signature is not the key's over these bytes.
    #[error("the signature is wrong")]
    Wrong,
    /// The signature is not 64 bytes in base64.
    #[error("the signature does not read")]
    Malformed,
    /// The signature holds, and the text is not what was expected.
    #[error("the signed text does not read as expected, near column {}", .0.column())]
    Text(serde_json::Error),
}

impl SignatureFault {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => "signature_unknown_key",
            Self::Wrong => "signature_wrong",
            Self::Malformed => "signature_malformed",
            Self::Text(_) => "signature_text",
        }
    }
}

/// The most keys of one server: a new one each year for a lifetime. Their chain is walked once for
/// each, so that a longer list could hold the program up.
const MOST_KEYS: usize = 64;

/// Why a list of keys is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The list has more keys than any server has.
    #[error("the server has more than {MOST_KEYS} keys")]
    TooMany,
    /// The list has no key that could be the first.
    #[error("the server has no first key")]
    NoFirst,
    /// A key's algorithm, public key or endorsement does not read, or it is a weak point.
    #[error("the key {key} is malformed")]
    Malformed {
        /// The key.
        key: KeyId,
    },
    /// A known id now stands for another key.
    #[error("the key {key} has changed")]
    Changed {
        /// The key.
        key: KeyId,
    },
    /// No known key signed for this one.
    #[error("no known key signed for the key {key}")]
    NotEndorsed {
        /// The key.
        key: KeyId,
    },
}

impl KeyFault {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooMany => "keys_too_many",
            Self::NoFirst => "keys_no_first",
            Self::Malformed { .. } => "keys_malformed",
            Self::Changed { .. } => "keys_changed",
            Self::NotEndorsed { .. } => "keys_not_endorsed",
        }
    }
}

/// A server's private key. It is wiped from memory when dropped.
pub struct SigningKey {
    id: KeyId,
    key: ed25519_dalek::SigningKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

impl SigningKey {
    /// Derives the key from 32 random bytes. Its id is `k-` and the first 16 hexadecimal digits of
    /// the SHA-256 of the public key.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let digits = Sha256::of(key.verifying_key().as_bytes()).to_string();
        // An id made of a letter, a hyphen and hexadecimal digits is always well formed.
        let id = KeyId::new(format!("k-{}", &digits[..16])).unwrap_or_else(|_| unreachable!("hexadecimal digits"));
        Self { id, key }
    }

    /// The key's id.
    #[must_use]
    pub const fn id(&self) -> &KeyId {
        &self.id
    }

    /// The public key, 32 bytes in base64.
    #[must_use]
    pub fn public_key(&self) -> String {
        BASE64.encode(self.key.verifying_key().as_bytes())
    }

    /// The entry for the server's list of keys. `before` is the key that was current until now and
    /// signs for this one; none for a server's first key.
    #[must_use]
    pub fn server_key(&self, valid_from: UtcInstant, before: Option<&Self>) -> ServerKey {
        let public_key = self.public_key();
        let endorsed_by = before.map(|before| Endorsement {
            key: before.id.clone(),
            signature: before.sign_bytes(&endorsed_bytes(&self.id, &public_key, valid_from)),
        });
        ServerKey {
            id: self.id.clone(),
            algorithm: ALGORITHM.to_owned(),
            public_key,
            valid_from,
            valid_until: None,
            endorsed_by,
        }
    }

    /// Signs bytes; the signature in base64.
    #[must_use]
    pub fn sign_bytes(&self, bytes: &[u8]) -> String {
        BASE64.encode(self.key.sign(bytes).to_bytes())
    }
}

/// What a key's endorsement is a signature over.
fn endorsed_bytes(id: &KeyId, public_key: &str, valid_from: UtcInstant) -> Vec<u8> {
    format!("{id}\0{public_key}\0{valid_from}").into_bytes()
}

/// The keys of one server that this program trusts. Keys are never taken out: what an old key
/// signed stays readable.
#[derive(Debug, Clone, Default)]
pub struct ServerKeys {
    keys: Vec<(ServerKey, VerifyingKey)>,
}

impl ServerKeys {
    /// No keys at all: every signature is by an unknown key.
    #[must_use]
    pub const fn none() -> Self {
        Self { keys: Vec::new() }
    }

    /// Takes a server's whole list at the first meeting (sign-in). There must be one first key,
    /// without endorsement, and the others must be signed for, one by another.
    ///
    /// # Errors
    /// [`KeyFault`] when the list is not such a chain.
    pub fn first_meeting(keys: &[ServerKey]) -> Result<Self, KeyFault> {
        let first = keys.iter().find(|key| key.endorsed_by.is_none()).ok_or(KeyFault::NoFirst)?;
        Self::from_pinned(first, keys)
    }

    /// Begins with a key that was pinned before and takes from the list what leads on from it.
    ///
    /// # Errors
    /// As [`ServerKeys::accept`]; [`KeyFault::Malformed`] when the pinned key itself does not read.
    pub fn from_pinned(pinned: &ServerKey, offered: &[ServerKey]) -> Result<Self, KeyFault> {
        let verifying = read_key(pinned)?;
        Self { keys: vec![(pinned.clone(), verifying)] }.accept(offered)
    }

    /// Takes the server's current list: known keys must be unchanged, and each new one must be
    /// signed for by a known one (in any order of the list).
    ///
    /// # Errors
    /// [`KeyFault::TooMany`], [`KeyFault::Changed`], [`KeyFault::NotEndorsed`] or
    /// [`KeyFault::Malformed`]; then nothing of the list is taken.
    pub fn accept(&self, offered: &[ServerKey]) -> Result<Self, KeyFault> {
        if offered.len() > MOST_KEYS {
            return Err(KeyFault::TooMany);
        }
        let mut trusted = self.clone();
        let mut waiting: Vec<&ServerKey> = offered.iter().collect();
        loop {
            let before = waiting.len();
            let mut later = Vec::new();
            for key in waiting {
                let verifying = read_key(key)?;
                if let Some((known, known_verifying)) = trusted.keys.iter_mut().find(|(known, _)| known.id == key.id) {
                    if *known_verifying != verifying {
                        return Err(KeyFault::Changed { key: key.id.clone() });
                    }
                    known.valid_until = key.valid_until;
                } else if trusted.endorses(key)? {
                    trusted.keys.push((key.clone(), verifying));
                } else {
                    later.push(key);
                }
            }
            match later.first() {
                None => return Ok(trusted),
                Some(stuck) if later.len() == before => return Err(KeyFault::NotEndorsed { key: stuck.id.clone() }),
                Some(_) => waiting = later,
            }
        }
    }

    /// The trusted keys as they were listed, oldest trust first; [`ServerKeys::first_meeting`] over
    /// this list gives the same trust again.
    #[must_use]
    pub fn list(&self) -> Vec<ServerKey> {
        self.keys.iter().map(|(key, _)| key.clone()).collect()
    }

    /// Whether a key is trusted.
    #[must_use]
    pub fn knows(&self, key: &KeyId) -> bool {
        self.keys.iter().any(|(known, _)| known.id == *key)
    }

    /// Checks a signature (base64) over exactly these bytes, strictly: no weak keys, no second form
    /// of a signature.
    ///
    /// # Errors
    /// [`SignatureFault`], never [`SignatureFault::Text`].
    pub fn check(&self, key: &KeyId, bytes: &[u8], signature: &str) -> Result<(), SignatureFault> {
        let (_, verifying) = self
            .keys
            .iter()
            .find(|(known, _)| known.id == *key)
            .ok_or_else(|| SignatureFault::UnknownKey { key: key.clone() })?;
        let raw = BASE64.decode(signature).map_err(|_| SignatureFault::Malformed)?;
        let signature = Signature::from_slice(&raw).map_err(|_| SignatureFault::Malformed)?;
        verifying.verify_strict(bytes, &signature).map_err(|_| SignatureFault::Wrong)
    }

    /// Whether a known key signed for this one; a wrong signature of a known key is a fault.
    fn endorses(&self, key: &ServerKey) -> Result<bool, KeyFault> {
        let Some(endorsement) = &key.endorsed_by else { return Ok(false) };
        if !self.knows(&endorsement.key) {
            return Ok(false);
        }
        self.check(&endorsement.key, &endorsed_bytes(&key.id, &key.public_key, key.valid_from), &endorsement.signature)
            .map(|()| true)
            .map_err(|_| KeyFault::Malformed { key: key.id.clone() })
    }
}

fn read_key(key: &ServerKey) -> Result<VerifyingKey, KeyFault> {
    let malformed = || KeyFault::Malformed { key: key.id.clone() };
    if key.algorithm != ALGORITHM {
        return Err(malformed());
    }
    let raw = BASE64.decode(&key.public_key).map_err(|_| malformed())?;
    let raw: [u8; 32] = raw.try_into().map_err(|_| malformed())?;
    let verifying = VerifyingKey::from_bytes(&raw).map_err(|_| malformed())?;
    if verifying.is_weak() { Err(malformed()) } else { Ok(verifying) }
}

/// Signs a text as it stands.
#[must_use]
pub fn sign_text(key: &SigningKey, text: impl Into<String>) -> SignedText {
    let text = text.into();
    SignedText { signature: key.sign_bytes(text.as_bytes()), key: key.id.clone(), text }
}

/// Checks a text's signature and reads the JSON in it.
///
/// # Errors
/// [`SignatureFault`]; the text is not looked at before the signature holds.
pub fn open_text<T: DeserializeOwned>(signed: &SignedText, keys: &ServerKeys) -> Result<T, SignatureFault> {
    keys.check(&signed.key, signed.text.as_bytes(), &signed.signature)?;
    serde_json::from_str(&signed.text).map_err(SignatureFault::Text)
}
