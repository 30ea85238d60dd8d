//! Keys, chains of keys and signed texts.

use pingli_casepack::{KeyFault, ServerKeys, SignatureFault, SigningKey, open_text, sign_text};
use pingli_protocol::{KeyId, UtcInstant, server::ServerKey};
use serde_json::{Value, json};

fn at(day: u32) -> UtcInstant {
    format!("2026-01-{day:02}T00:00:00Z").parse().unwrap()
}

fn chain() -> ([SigningKey; 3], Vec<ServerKey>) {
    let keys = [1, 2, 3].map(|seed| SigningKey::from_seed(&[seed; 32]));
    let list = vec![
        keys[0].server_key(at(1), None),
        keys[1].server_key(at(2), Some(&keys[0])),
        keys[2].server_key(at(3), Some(&keys[1])),
    ];
    (keys, list)
}

#[test]
fn a_chain_is_trusted_from_its_first_key_in_any_order() {
    let (keys, mut list) = chain();
    list.reverse();
    let trusted = ServerKeys::first_meeting(&list).unwrap();
    assert!(keys.iter().all(|key| trusted.knows(key.id())));
    let again = ServerKeys::first_meeting(&trusted.list()).unwrap();
    assert_eq!(again.list(), trusted.list(), "a stored list gives the same trust");
}

#[test]
fn rotation_is_accepted_only_when_a_known_key_signs_for_it() {
    let (_, list) = chain();
    let pinned = ServerKeys::first_meeting(&list[..1]).unwrap();
    assert_eq!(pinned.accept(&list).unwrap().list().len(), 3);
    assert_eq!(
        pinned.accept(&[list[0].clone(), list[2].clone()]).unwrap_err(),
        KeyFault::NotEndorsed { key: list[2].id.clone() },
        "the link between them is missing"
    );
    let stranger = SigningKey::from_seed(&[9; 32]);
    let own_word = stranger.server_key(at(4), Some(&stranger));
    assert!(matches!(pinned.accept(&[own_word]), Err(KeyFault::NotEndorsed { .. })), "a key cannot vouch for itself");
    let bare = stranger.server_key(at(4), None);
    assert!(matches!(pinned.accept(&[bare]), Err(KeyFault::NotEndorsed { .. })), "nor come without a word");
    assert!(pinned.accept(&[]).unwrap().knows(&list[0].id), "keys are never taken out");
}

#[test]
fn a_known_id_cannot_change_its_key() {
    let (_, list) = chain();
    let pinned = ServerKeys::first_meeting(&list).unwrap();
    let other = SigningKey::from_seed(&[9; 32]).server_key(at(1), None);
    let swapped = ServerKey { id: list[0].id.clone(), ..other };
    assert_eq!(pinned.accept(&[swapped]).unwrap_err(), KeyFault::Changed { key: list[0].id.clone() });
}

#[test]
fn an_endorsement_covers_id_key_and_date() {
    let (_, list) = chain();
    let pinned = ServerKeys::first_meeting(&list[..1]).unwrap();
    let later = ServerKey { valid_from: at(9), ..list[1].clone() };
    let renamed = ServerKey { id: KeyId::new("k-other").unwrap(), ..list[1].clone() };
    let rekeyed = ServerKey { public_key: list[2].public_key.clone(), ..list[1].clone() };
    for changed in [later, renamed, rekeyed] {
        assert!(matches!(pinned.accept(&[changed]), Err(KeyFault::Malformed { .. })));
    }
}

#[test]
fn malformed_and_weak_keys_are_refused() {
    let (_, list) = chain();
    let with = |public_key: &str| ServerKey { public_key: public_key.into(), ..list[0].clone() };
    let identity = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for key in [with(""), with("AAAA"), with("not base64"), with(identity)] {
        assert!(matches!(ServerKeys::first_meeting(&[key]), Err(KeyFault::Malformed { .. })));
    }
    let rsa = ServerKey { algorithm: "RSA".into(), ..list[0].clone() };
    assert!(matches!(ServerKeys::first_meeting(&[rsa]), Err(KeyFault::Malformed { .. })));
    assert_eq!(ServerKeys::first_meeting(&[]).unwrap_err(), KeyFault::NoFirst);
}

#[test]
fn a_signed_text_opens_only_unchanged_and_under_its_key() {
    let (keys, list) = chain();
    let trusted = ServerKeys::first_meeting(&list).unwrap();
    let signed = sign_text(&keys[2], json!({"outcome": "decided"}).to_string());
    let opened: Value = open_text(&signed, &trusted).unwrap();
    assert_eq!(opened["outcome"], "decided");

    let mut changed = signed.clone();
    changed.text.push(' ');
    assert!(matches!(open_text::<Value>(&changed, &trusted), Err(SignatureFault::Wrong)));
    let mut renamed = signed.clone();
    renamed.key = keys[0].id().clone();
    assert!(matches!(open_text::<Value>(&renamed, &trusted), Err(SignatureFault::Wrong)));
    let mut mangled = signed.clone();
    mangled.signature = "AAAA".into();
    assert!(matches!(open_text::<Value>(&mangled, &trusted), Err(SignatureFault::Malformed)));
    assert!(matches!(open_text::<Value>(&signed, &ServerKeys::none()), Err(SignatureFault::UnknownKey { .. })));
    assert!(matches!(open_text::<u32>(&signed, &trusted), Err(SignatureFault::Text(_))));
}

#[test]
fn a_private_key_does_not_show_itself() {
    let shown = format!("{:?}", SigningKey::from_seed(&[1; 32]));
    assert_eq!(shown, format!("SigningKey({})", SigningKey::from_seed(&[1; 32]).id()));
}

#[test]
fn a_list_of_keys_without_end_is_not_walked() {
    // Each key signs for the next and the list is the wrong way round, so that every pass takes one.
    let keys: Vec<SigningKey> = (0..=200_u8).map(|seed| SigningKey::from_seed(&[seed; 32])).collect();
    let mut list = vec![keys[0].server_key(at(1), None)];
    list.extend(keys.windows(2).map(|pair| pair[1].server_key(at(2), Some(&pair[0]))));
    list.reverse();
    assert_eq!(ServerKeys::first_meeting(&list).unwrap_err(), KeyFault::TooMany);
    let pinned = ServerKeys::from_pinned(&list[200], &[]).unwrap();
    assert_eq!(pinned.accept(&list).unwrap_err(), KeyFault::TooMany, "at the next meeting either");
    assert_eq!(ServerKeys::first_meeting(&list[137..]).unwrap().list().len(), 64, "a long life of rotations is fine");
}
