//! Every code that an error can have has its words in the window: what happened, what is safe, what
//! to do now. The codes are read from the sources, so that a new one cannot be forgotten.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use std::{collections::BTreeSet, fs, path::Path};

/// Where codes are made.
const SOURCES: [&str; 7] = [
    "crates/pingli-client/src/error.rs",
    "crates/pingli-client/src/remote/error.rs",
    "crates/pingli-client/src/sign_in/mod.rs",
    "crates/pingli-store/src/error.rs",
    "crates/pingli-casepack/src/fault.rs",
    "crates/pingli-casepack/src/signature.rs",
    "crates/pingli-media/src/pool.rs",
];

fn text(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The literals in double quotes that look like codes.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let inner = text.split('"').skip(1).step_by(2);
    inner.filter(|word| word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
}

/// The codes in the bodies of functions named `code`.
fn codes_of(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in source.split("fn code(&self)").skip(1) {
        // As the formatter leaves it: the function ends where its indentation does.
        let body = rest.split_once("\n    }\n").map_or(rest, |(body, _)| body);
        found.extend(literals(body).map(str::to_owned));
    }
    found
}

/// The codes that have words of their own, in both languages: the compiler of the window sees to the
/// second.
fn with_words() -> BTreeSet<String> {
    let problems = text("ui/src/messages/problems.ts");
    let (_, table) = problems.split_once("const zh = {").expect("a table");
    let (table, _) = table.split_once("} satisfies").expect("its end");
    let keys = table.lines().filter_map(|line| line.strip_prefix("  ").and_then(|line| line.split_once(": {")));
    keys.map(|(key, _)| key.trim().to_owned()).collect()
}

/// The prefixes whose codes share words.
fn shared(code: &str) -> bool {
    let problems = text("ui/src/messages/problems.ts");
    let patterns = problems.split("if (/^").skip(1).filter_map(|rest| rest.split_once("/.test(plain)"));
    let prefixes = patterns.flat_map(|(pattern, _)| {
        let pattern = pattern.trim_end_matches('_').trim_matches(['(', ')']);
        pattern.split('|').map(|prefix| format!("{prefix}_")).collect::<Vec<_>>()
    });
    prefixes.into_iter().any(|prefix| code.starts_with(&prefix))
}

#[test]
fn every_code_has_words() {
    let (mut codes, words) = (BTreeSet::new(), with_words());
    for source in SOURCES {
        let found = codes_of(&text(source));
        assert!(!found.is_empty(), "{source} makes codes no more, or makes them in another way");
        codes.extend(found);
    }
    for name in ["ProblemCode", "BallotFault"] {
        let union = text(&format!("ui/src/backend/generated/{name}.ts"));
        let prefix = if name == "BallotFault" { "ballot_" } else { "" };
        codes.extend(literals(&union).map(|word| format!("{prefix}{word}")));
    }
    assert!(codes.len() > 80, "the codes were not found: {codes:?}");
    let missing: Vec<_> = codes.iter().filter(|code| !words.contains(*code) && !shared(code)).collect();
    assert!(missing.is_empty(), "these codes have no words in ui/src/messages/problems.ts: {missing:?}");
}
