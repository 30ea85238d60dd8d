//! Guards the arrows of ARCHITECTURE.md: which room may know which, over `cargo metadata`.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use serde_json::Value;
use std::{collections::BTreeSet, process::Command};

/// Who may depend on whom among our own packages. Everything that is not listed is forbidden.
const ALLOWED: [(&str, &[&str]); 10] = [
    ("pingli-protocol", &[]),
    ("pingli-casepack", &["pingli-protocol"]),
    ("pingli-credentials", &[]),
    ("pingli-faultfs", &[]),
    ("pingli-media", &["pingli-credentials"]),
    ("pingli-store", &["pingli-protocol"]),
    ("pingli-client", &["pingli-protocol", "pingli-casepack", "pingli-media", "pingli-store"]),
    ("pingli-server", &["pingli-protocol", "pingli-casepack", "pingli-media"]),
    ("pingli", &["pingli-client", "pingli-media"]),
    (
        "pingli-tests",
        &[
            "pingli-protocol",
            "pingli-casepack",
            "pingli-media",
            "pingli-store",
            "pingli-client",
            "pingli-server",
            "pingli-faultfs",
        ],
    ),
];

/// What a room must never depend on, not even for its tests.
const FORBIDDEN: [(&str, &[&str]); 8] = [
    ("pingli-protocol", &["tokio", "rusqlite", "sqlx", "reqwest", "hyper", "axum", "tauri"]),
    ("pingli-casepack", &["tokio", "rusqlite", "sqlx", "reqwest", "axum", "tauri"]),
    ("pingli-credentials", &["tokio", "rusqlite", "sqlx", "reqwest", "axum", "tauri"]),
    ("pingli-media", &["rusqlite", "sqlx", "reqwest", "axum", "tauri"]),
    ("pingli-store", &["tauri", "reqwest", "axum", "sqlx", "tokio"]),
    ("pingli-client", &["tauri", "rusqlite", "sqlx", "axum", "keyring"]),
    ("pingli-server", &["tauri", "rusqlite", "keyring"]),
    ("pingli", &["rusqlite", "sqlx", "reqwest", "keyring"]),
];

fn packages() -> Vec<(String, BTreeSet<String>)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
    metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| (name(package), package["dependencies"].as_array().expect("a list").iter().map(name).collect()))
        .collect()
}

#[test]
fn every_room_knows_only_the_rooms_below_it() {
    let packages = packages();
    let names: BTreeSet<&str> = packages.iter().map(|(name, _)| name.as_str()).collect();
    let listed: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, listed, "a new room needs its arrows here and in ARCHITECTURE.md");
    for (name, dependencies) in &packages {
        let allowed = ALLOWED.iter().find(|(room, _)| room == name).expect("listed").1;
        for own in dependencies.iter().filter(|dependency| names.contains(dependency.as_str())) {
            assert!(allowed.contains(&own.as_str()), "{name} must not know {own}");
        }
    }
}

#[test]
fn no_room_drags_in_what_belongs_to_another() {
    for (name, dependencies) in &packages() {
        let forbidden = FORBIDDEN.iter().find(|(room, _)| room == name).map_or(&[][..], |(_, list)| list);
        for dependency in dependencies {
            assert!(!forbidden.contains(&dependency.as_str()), "{name} must not use {dependency}");
        }
    }
}
