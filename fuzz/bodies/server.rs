//! Bodies over the server: the files of an intake folder.

use pingli_server::intake::parsers::{case_file, chat_file, docket_file};

/// The files of an intake folder, each as every kind.
pub(crate) fn intake(bytes: &[u8]) {
    let _ = (case_file(bytes), docket_file(bytes));
    assert!(chat_file(bytes).is_ok_and(|messages| messages <= bytes.len()) || chat_file(bytes).is_err());
}

pub(crate) fn intake_seeds() -> Vec<Vec<u8>> {
    [
        include_str!("../../demo/cases/tea-cup-crack/case.json"),
        include_str!("../../demo/cases/ice-silk/chat-1.json"),
        r#"{"format":1,"name":"demo","case_types":[]}"#,
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

/// Words that the mutations put in.
pub(crate) const WORDS: [&str; 5] =
    ["\"body_file\":\"../x\"", "\"format\":1", "\"media\":[{\"file\":", "\u{feff}", "\"vote_system\":"];
