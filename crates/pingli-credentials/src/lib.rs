//! Content credentials (C2PA) of a file: whether they hold, and what they say. Nothing is fetched:
//! credentials that are kept elsewhere are not known. The standard's library and its many crates stay
//! behind this room; the media worker is the only one to enter it.

use c2pa::{Context, Error, Manifest, Reader, Settings, ValidationState};
use serde::{Deserialize, Serialize};
use std::io::Cursor;

/// The longest text kept, in characters.
const MAX_TEXT: usize = 100;

/// The most actions and the most faults that are told.
const MAX_LIST: usize = 50;

/// The standard's code for a fault that has no code of its own.
const GENERAL_ERROR: &str = "general.error";

/// The standard's code for a signer who is on no list, which is no fault of the credentials.
const UNTRUSTED: &str = "signingCredential.untrusted";

/// What every file with credentials has somewhere: the type of the box around them.
const BOX: &[u8] = b"jumb";

/// What the content credentials (C2PA) of a file say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Whether they hold.
    pub state: CredentialsState,
    /// The name in the signer's certificate, as it stands there.
    pub signer: Option<String>,
    /// When they were signed, as the signer says; mostly there is no such time.
    pub signed_at: Option<String>,
    /// The program or device that made the claim.
    pub generator: Option<String>,
    /// What was done, codes of the standard such as `c2pa.edited`, in their order.
    pub actions: Vec<String>,
    /// Why they do not hold, codes of the standard.
    pub faults: Vec<String>,
}

/// Whether content credentials hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialsState {
    /// They hold, and the signer is on the list of known ones.
    Valid,
    /// They hold; the signer is on no list here.
    UnknownSigner,
    /// They do not hold, or do not read.
    Invalid,
}

/// Whether a file may have credentials: a look at its bytes, nothing is read of them.
#[must_use]
pub fn may_have_credentials(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, BOX).is_some()
}

/// Reads and checks the credentials; none when the file carries none. `trust` holds the certificates
/// of the signers who are known, PEM one behind the other; it may be empty.
#[must_use]
pub fn read_credentials(bytes: &[u8], media_type: &str, trust: &str) -> Option<Credentials> {
    let reader = settings(trust)
        .and_then(|settings| Context::new().with_settings(settings))
        .and_then(|context| Reader::from_context(context).with_stream(media_type, Cursor::new(bytes)));
    match reader {
        Ok(reader) => Some(describe(&reader)),
        Err(Error::JumbfNotFound | Error::UnsupportedType | Error::RemoteManifestUrl(_)) => None,
        // There is something, and it does not read.
        Err(_) => Some(unreadable()),
    }
}

/// Credentials that are there and cannot be made sense of.
#[must_use]
pub fn unreadable() -> Credentials {
    Credentials {
        state: CredentialsState::Invalid,
        signer: None,
        signed_at: None,
        generator: None,
        actions: Vec::new(),
        faults: vec![GENERAL_ERROR.to_owned()],
    }
}

fn settings(trust: &str) -> c2pa::Result<Settings> {
    let mut settings = Settings::new();
    settings.verify.verify_after_reading = true;
    settings.verify.ocsp_fetch = false;
    settings.verify.remote_manifest_fetch = false;
    // The worker may open no file, so nothing must be put aside into one.
    settings.core.backing_store_memory_threshold_in_mb = 256;
    settings.core.max_decompressed_manifest_size_in_mb = 16;
    settings.core.decode_identity_assertions = false;
    if !trust.trim().is_empty() {
        // A list names authorities as well as single signers.
        settings.trust.user_anchors = Some(trust.to_owned());
        settings.trust.allowed_list = Some(trust.to_owned());
    }
    Ok(settings)
}

fn describe(reader: &Reader) -> Credentials {
    let manifest = reader.active_manifest();
    let state = match reader.validation_state() {
        ValidationState::Trusted => CredentialsState::Valid,
        ValidationState::Valid => CredentialsState::UnknownSigner,
        ValidationState::Invalid => CredentialsState::Invalid,
    };
    let failed = reader.validation_status().unwrap_or_default().iter().filter(|status| !status.passed());
    let mut faults: Vec<String> = Vec::new();
    for code in failed.filter_map(|status| clean(status.code())).filter(|code| code != UNTRUSTED).take(MAX_LIST) {
        if !faults.contains(&code) {
            faults.push(code);
        }
    }
    if state == CredentialsState::Invalid && faults.is_empty() {
        faults.push(GENERAL_ERROR.to_owned());
    }
    Credentials {
        state,
        signer: manifest.and_then(signer),
        signed_at: manifest.and_then(Manifest::time).and_then(|at| clean(&at)),
        generator: manifest.and_then(generator),
        actions: manifest.map(actions).unwrap_or_default(),
        faults: if state == CredentialsState::Invalid { faults } else { Vec::new() },
    }
}

/// The common name and the organisation, as they stand in the certificate.
fn signer(manifest: &Manifest) -> Option<String> {
    let (name, organisation) = (manifest.common_name(), manifest.issuer());
    match (name.as_deref().and_then(clean), organisation.as_deref().and_then(clean)) {
        (Some(name), Some(organisation)) if name != organisation => Some(format!("{name}, {organisation}")),
        (name, organisation) => name.or(organisation),
    }
}

/// The program or device, with its version where it gives one.
fn generator(manifest: &Manifest) -> Option<String> {
    let info = manifest.claim_generator_info.as_ref().and_then(|all| all.first());
    let named = info.map(|info| match &info.version {
        Some(version) => format!("{} {version}", info.name),
        None => info.name.clone(),
    });
    named.or_else(|| manifest.claim_generator.clone()).as_deref().and_then(clean)
}

fn actions(manifest: &Manifest) -> Vec<String> {
    let lists = manifest.assertions().iter().filter(|assertion| assertion.label().starts_with("c2pa.actions"));
    let lists = lists.filter_map(|assertion| assertion.value().ok()?.get("actions")?.as_array());
    let codes = lists.flatten().filter_map(|action| action.get("action")?.as_str());
    codes.filter_map(clean).take(MAX_LIST).collect()
}

/// A text without controls and characters that change direction or hide; none when nothing is left.
#[must_use]
pub fn clean(raw: &str) -> Option<String> {
    let hidden = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fffd}' | '\u{61c}' | '\u{e0000}'..='\u{e0fff}')
    };
    let clean: String = raw.chars().filter(|c| !hidden(c)).take(MAX_TEXT).collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}
