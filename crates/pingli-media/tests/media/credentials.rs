//! Content credentials: files signed here, changed, stripped, and nonsense in their place.

use crate::{command, inputs::*, pool};
use c2pa::{Builder, Context, EphemeralSigner, Signer as _};
use image::ImageFormat;
use pingli_media::{Credentials, CredentialsState, RenderRequest, WorkerPool};
use std::io::Cursor;

const NAME: &str = "camera.example";

fn signed(bytes: &[u8], media_type: &str, signer: &EphemeralSigner, generator: &str) -> Vec<u8> {
    let definition = serde_json::json!({
        "claim_generator_info": [{"name": generator, "version": "2.1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [
            {
                "action": "c2pa.created",
                "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
            },
            {"action": "c2pa.color_adjustments"},
        ]}}],
    });
    let mut out = Cursor::new(Vec::new());
    let mut builder = Builder::from_context(Context::new()).with_definition(definition.to_string()).unwrap();
    builder.sign(signer, media_type, &mut Cursor::new(bytes), &mut out).unwrap();
    out.into_inner()
}

fn credentials(pool: &WorkerPool, bytes: &[u8]) -> Option<Credentials> {
    let intake = pool.intake(bytes, &RenderRequest::default()).unwrap();
    assert!(intake.picture.is_some(), "whatever the credentials are, the picture is shown");
    intake.facts.credentials
}

fn pem(certificate: &[u8]) -> String {
    let pem = pem_lines(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{pem}-----END CERTIFICATE-----\n")
}

fn pem_lines(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number =
            three.iter().chain([0; 3].iter()).take(3).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        for place in 0..4 {
            let letter = if place <= three.len() { LETTERS[(number >> (18 - 6 * place) & 63) as usize] } else { b'=' };
            text.push(char::from(letter));
        }
    }
    text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect()
}

#[test]
fn what_was_signed_and_not_changed_holds() {
    let pool = pool();
    let signer = EphemeralSigner::new(NAME).unwrap();
    for (format, media_type) in
        [(ImageFormat::Jpeg, "image/jpeg"), (ImageFormat::Png, "image/png"), (ImageFormat::WebP, "image/webp")]
    {
        let bytes = signed(&encoded(quarters(160, 120), format), media_type, &signer, "Test camera");
        let found = credentials(&pool, &bytes).unwrap();
        assert_eq!(found.state, CredentialsState::UnknownSigner, "{media_type}: {found:?}");
        assert!(found.signer.as_ref().is_some_and(|name| name.contains(NAME)), "{media_type}: {found:?}");
        assert_eq!(found.generator.as_deref(), Some("Test camera 2.1"), "{media_type}");
        assert_eq!(found.actions, ["c2pa.created", "c2pa.color_adjustments"], "{media_type}");
        assert_eq!(found.faults, [""; 0], "{media_type}: an unknown signer is no fault");
    }
}

#[test]
fn a_signer_on_the_list_is_known_and_another_is_not() {
    let (known, other) = (EphemeralSigner::new(NAME).unwrap(), EphemeralSigner::new(NAME).unwrap());
    let authority = known.certs().unwrap().pop().unwrap();
    let pool = WorkerPool::new(command(), 1).trusting(pem(&authority));
    let plain = jpeg(quarters(160, 120));
    let state = |signer| credentials(&pool, &signed(&plain, "image/jpeg", signer, "Test camera")).unwrap().state;
    assert_eq!(state(&known), CredentialsState::Valid);
    assert_eq!(state(&other), CredentialsState::UnknownSigner, "the same name, another key");
}

#[test]
fn a_changed_picture_is_told_with_the_standards_code() {
    let pool = pool();
    let signer = EphemeralSigner::new(NAME).unwrap();
    let mut bytes = signed(&jpeg(noise(160, 120)), "image/jpeg", &signer, "Test camera");
    let place = bytes.len() - 500;
    bytes[place] ^= 1;
    let found = credentials(&pool, &bytes).unwrap();
    assert_eq!(found.state, CredentialsState::Invalid);
    assert!(found.faults.iter().any(|code| code == "assertion.dataHash.mismatch"), "{:?}", found.faults);
}

#[test]
fn without_credentials_nothing_is_known() {
    let pool = pool();
    let plain = jpeg(quarters(160, 120));
    assert_eq!(credentials(&pool, &plain), None);
    let signer = EphemeralSigner::new(NAME).unwrap();
    let signed = signed(&plain, "image/jpeg", &signer, "Test camera");
    let stripped = pool.render(&signed, &RenderRequest::default()).unwrap().jpeg;
    assert_eq!(credentials(&pool, &stripped), None, "a rendition carries none");
    let mentioned = with_app1(&plain, b"http://example.org/\0jumb c2pa");
    assert_eq!(credentials(&pool, &mentioned), None, "the word alone is nothing");
}

#[test]
fn hostile_credentials_are_invalid_and_harm_nothing() {
    let pool = pool();
    let signer = EphemeralSigner::new(NAME).unwrap();
    let whole = signed(&jpeg(quarters(64, 48)), "image/jpeg", &signer, "Test \u{202e}camera\u{7}");
    let found = credentials(&pool, &whole).unwrap();
    assert_eq!(found.generator.as_deref(), Some("Test camera 2.1"), "no controls, no changes of direction");
    let start = whole.windows(4).position(|four| four == b"jumb").unwrap();
    let mut state = 3_u32;
    let mut invalid = 0;
    for _ in 0..60 {
        let mut flipped = whole.clone();
        for _ in 0..4 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            flipped[start + 4 + state as usize % 6_000] ^= 1 << (state >> 29);
        }
        let intake = pool.intake(&flipped, &RenderRequest::default()).unwrap();
        let found = intake.facts.credentials;
        assert!(found.as_ref().is_none_or(|found| found.state != CredentialsState::Valid), "{found:?}");
        invalid += usize::from(found.is_some_and(|found| found.state == CredentialsState::Invalid));
    }
    assert!(invalid > 30, "most changes are noticed: {invalid} of 60");
}
