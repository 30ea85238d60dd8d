//! What the program is made of: licences, sources, doubles and lock files as `deny.toml` has them, the
//! bill of materials, and where unsafe code is. Over `cargo metadata`, so that it holds without
//! cargo-deny; nothing is fetched.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Licences of what builds or tests the window's pages and its driver, beside those of `deny.toml`.
const FOR_PAGES: [&str; 4] = ["0BSD", "BlueOak-1.0.0", "CC0-1.0", "MIT-0"];

/// Rooms that do not take the workspace's lints, which forbid unsafe code, and why.
const WITHOUT_FORBID: [(&str, &str); 2] = [
    ("pingli-media", "one call into libjpeg-turbo that the safe bindings lack"),
    ("pingli-faultfs", "for tests only: SQLite calls its file systems through tables of C functions"),
];

/// The files of those rooms that may have it.
const UNSAFE_FILES: [&str; 2] = ["crates/pingli-media/src/decode/jpeg/cropped.rs", "crates/pingli-faultfs/src/vfs.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn toml(path: &str) -> toml::Table {
    read(path).parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn packages() -> Vec<Value> {
    packages_of("")
}

/// The packages of a workspace; a lock file that does not fit its manifests fails here.
fn packages_of(folder: &str) -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(root().join(folder))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "the lock file fits: {}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    match metadata["packages"].take() {
        Value::Array(packages) => packages,
        _ => panic!("cargo lists packages"),
    }
}

fn texts(value: &toml::Value) -> BTreeSet<String> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

/// Whether one of the licences that an SPDX expression leaves to choose is allowed.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let allows = any_of(&mut words, allowed);
    allows && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut allows = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        allows |= all_of(words, allowed);
    }
    allows
}

fn all_of(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut allows = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        allows &= one(words, allowed);
    }
    allows
}

fn one(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let allows = any_of(words, allowed);
        return words.next() == Some(")") && allows;
    }
    let Some(name) = words.next() else { return false };
    match words.next_if_eq(&"WITH").and_then(|_| words.next()) {
        Some(exception) => allowed.contains(&format!("{name} WITH {exception}")),
        None => allowed.contains(name),
    }
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    let allowed = BTreeSet::from(["MIT", "ISC", "A WITH B"].map(str::to_owned));
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("GPL-3.0 OR MIT AND X", false),
        ("A", false),
        ("A WITH B", true),
        ("MIT X", false),
        ("(MIT", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn every_package_has_a_licence_that_we_take_and_comes_from_one_place() {
    let deny = toml("deny.toml");
    let allowed = texts(&deny["licenses"]["allow"]);
    let named = |list: &toml::Value| -> BTreeSet<String> {
        list.as_array().expect("a list").iter().map(|ban| ban["crate"].as_str().expect("a name").to_owned()).collect()
    };
    let banned = named(&deny["bans"]["deny"]);
    let mut used = BTreeSet::new();
    for package in packages() {
        let name = package["name"].as_str().expect("a name");
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence, &allowed), "{name} has the licence {licence:?}");
        used.extend(allowed.iter().filter(|one| licence.contains(one.as_str())).cloned());
        let ours = package["source"].is_null();
        assert!(ours || package["source"] == CRATES_IO, "{name} comes from {}", package["source"]);
        assert!(!banned.contains(name), "{name} is banned by deny.toml");
        if ours {
            let manifest = package["manifest_path"].as_str().expect("a path");
            assert!(Path::new(manifest).starts_with(root()), "{name} is in this repository");
            for dependency in package["dependencies"].as_array().expect("a list") {
                let wild = dependency["req"] == "*" && dependency["path"].is_null();
                assert!(!wild, "{name} takes any version of {}", dependency["name"]);
            }
        }
    }
    assert_eq!(used, allowed, "a licence that nobody has any more leaves the list");
}

#[test]
fn a_package_is_there_twice_only_where_it_is_said_why() {
    let mut versions: BTreeMap<String, BTreeSet<(Vec<u64>, String)>> = BTreeMap::new();
    for package in packages() {
        let (name, version) = (package["name"].as_str().expect("a name"), package["version"].as_str().expect("one"));
        let numbers = version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect();
        versions.entry(name.to_owned()).or_default().insert((numbers, version.to_owned()));
    }
    let mut older = BTreeSet::new();
    for (name, mut versions) in versions {
        versions.pop_last();
        older.extend(versions.into_iter().map(|(_, version)| format!("{name}@{version}")));
    }
    let deny = toml("deny.toml");
    let mut listed = BTreeSet::new();
    for skip in deny["bans"]["skip"].as_array().expect("a list") {
        assert!(skip["reason"].as_str().is_some_and(|reason| reason.len() > 3), "{skip} has a reason");
        listed.insert(skip["crate"].as_str().expect("a name").to_owned());
    }
    let new: Vec<_> = older.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&older).collect();
    assert!(new.is_empty(), "an older version beside a newer one, not in deny.toml: {new:?}");
    assert!(stale.is_empty(), "in deny.toml, and there once only: {stale:?}");
}

#[test]
fn the_fuzz_targets_have_a_lock_file_that_fits_and_run_over_what_is_shipped() {
    let locked = |file: &str| -> BTreeMap<(String, String), String> {
        let lock = toml(file);
        let text = |package: &toml::Value, field: &str| {
            package.get(field).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
        };
        let packages = lock["package"].as_array().expect("packages").iter();
        packages.map(|one| ((text(one, "name"), text(one, "version")), text(one, "checksum"))).collect()
    };
    let (shipped, fuzzed) = (locked("Cargo.lock"), locked("fuzz/Cargo.lock"));
    let names: BTreeSet<_> = shipped.keys().map(|(name, _)| name).collect();
    let other: Vec<_> =
        fuzzed.iter().filter(|(one, hash)| names.contains(&one.0) && shipped.get(*one) != Some(*hash)).collect();
    assert!(other.is_empty(), "another version than the program's: {other:?}");
    let targets = packages_of("fuzz");
    assert!(targets.iter().any(|package| package["name"] == "pingli-fuzz"), "the lock file fits the manifest");
}

#[test]
fn every_locked_package_has_its_hash() {
    for file in ["Cargo.lock", "fuzz/Cargo.lock"] {
        for package in toml(file)["package"].as_array().expect("packages") {
            let Some(source) = package.get("source") else { continue };
            assert_eq!(source.as_str(), Some(CRATES_IO), "{file}: {}", package["name"]);
            let checksum = package.get("checksum").and_then(toml::Value::as_str).unwrap_or_default();
            assert_eq!(checksum.len(), 64, "{file}: {} has the hash of what is fetched", package["name"]);
        }
    }
    let mut allowed = texts(&toml("deny.toml")["licenses"]["allow"]);
    allowed.extend(FOR_PAGES.map(str::to_owned));
    for file in ["ui/package-lock.json", "tests/window/package-lock.json"] {
        let lock: Value = serde_json::from_str(&read(file)).expect("a lock file");
        for (path, package) in lock["packages"].as_object().expect("packages") {
            if path.is_empty() {
                continue;
            }
            let integrity = package["integrity"].as_str().unwrap_or_default();
            assert!(integrity.starts_with("sha512-"), "{file}: {path} has the hash of what is fetched");
            let from = package["resolved"].as_str().unwrap_or("https://registry.npmjs.org/");
            assert!(from.starts_with("https://registry.npmjs.org/"), "{file}: {path} comes from {from}");
            assert!(package["link"].is_null(), "{file}: {path} is a link");
            assert!(package["hasInstallScript"].is_null(), "{file}: {path} runs a script when it is installed");
            let licence = package["license"].as_str().unwrap_or_default();
            assert!(is_allowed(licence, &allowed), "{file}: {path} has the licence {licence:?}");
        }
    }
}

#[test]
fn the_bill_of_materials_names_everything_that_is_locked() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str| {
        let file = folder.path().join(name);
        let output = Command::new("python3")
            .arg(root().join("scripts/sbom.py"))
            .args([Path::new("--out"), &file])
            .output()
            .expect("python3 runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::read_to_string(file).expect("a bill of materials")
    };
    let text = write("sbom.json");
    assert_eq!(text, write("again.json"), "the same commit gives the same bytes");
    let bill: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    let mut components: BTreeMap<&str, &Value> = BTreeMap::new();
    for component in bill["components"].as_array().expect("components").iter().chain([&bill["metadata"]["component"]]) {
        let reference = component["bom-ref"].as_str().expect("a reference");
        for field in ["name", "version", "purl", "type", "scope"] {
            assert!(component[field].as_str().is_some_and(|text| !text.is_empty()), "{reference} has its {field}");
        }
        let licence = component["licenses"][0]["expression"].as_str().unwrap_or_default();
        assert!(!licence.is_empty() && licence != "NOASSERTION" && !licence.contains('/'), "{reference}: {licence}");
        assert!(components.insert(reference, component).is_none(), "{reference} is there once");
    }
    let hash = |reference: &str| components.get(reference).map(|component| component["hashes"][0]["content"].clone());
    let lock = toml("Cargo.lock");
    for package in lock["package"].as_array().expect("packages") {
        let text = |field: &str| package.get(field).and_then(toml::Value::as_str);
        let reference = format!("pkg:cargo/{}@{}", text("name").expect("a name"), text("version").expect("a version"));
        let expected = text("checksum").map_or(Value::Null, Value::from);
        assert_eq!(hash(&reference), Some(expected), "{reference} with its hash");
    }
    let pages: Value = serde_json::from_str(&read("ui/package-lock.json")).expect("a lock file");
    let named = components.keys().filter(|reference| reference.starts_with("pkg:npm/")).count();
    assert_eq!(named + 1, pages["packages"].as_object().expect("packages").len(), "every package of the pages");
    for entry in bill["dependencies"].as_array().expect("dependencies") {
        for reference in entry["dependsOn"].as_array().expect("a list").iter().chain([&entry["ref"]]) {
            assert!(components.contains_key(reference.as_str().expect("a text")), "{reference} is a component");
        }
    }
    let scope = |name: &str| {
        let found = components.values().find(|component| component["name"] == name);
        found.map(|component| component["scope"].clone())
    };
    assert_eq!(
        (scope("tauri"), scope("svelte")),
        (Some("required".into()), Some("required".into())),
        "what is shipped"
    );
    assert_eq!((scope("wiremock"), scope("vitest")), (Some("excluded".into()), Some("excluded".into())), "what tests");
}

#[test]
fn unsafe_code_is_forbidden_where_it_is_not_named() {
    let forbids = |lints: &toml::Value| lints["rust"]["unsafe_code"].as_str() == Some("forbid");
    assert!(forbids(&toml("Cargo.toml")["workspace"]["lints"]), "the workspace forbids it");
    for package in packages().iter().filter(|package| package["source"].is_null()) {
        let name = package["name"].as_str().expect("a name");
        let manifest = std::fs::read_to_string(package["manifest_path"].as_str().expect("a path")).expect("a manifest");
        let manifest: toml::Table = manifest.parse().expect("a manifest");
        let inherits = manifest["lints"].get("workspace").and_then(toml::Value::as_bool) == Some(true);
        let excused = WITHOUT_FORBID.iter().any(|(room, _)| *room == name);
        assert_eq!(inherits, !excused, "{name} takes the workspace's lints, or is named here with its reason");
        if excused {
            assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("deny"), "{name} denies it elsewhere");
        }
    }
    let mut folders = ["crates", "src-tauri", "tests", "fuzz"].map(|folder| root().join(folder)).to_vec();
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let skipped = ["node_modules", "target", "corpus", "artifacts"].iter().any(|name| path.ends_with(name));
            if path.is_dir() && !skipped {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                // Put together here, so that this file does not find itself.
                let words = [["unsafe", " {"], ["unsafe", " fn"], ["unsafe", " impl"], ["(unsafe", "_code"]];
                if words.iter().any(|word| text.contains(&word.concat())) {
                    found.insert(path.strip_prefix(root()).expect("in the repository").display().to_string());
                }
            }
        }
    }
    let new: Vec<_> = found.iter().filter(|file| !UNSAFE_FILES.contains(&file.as_str())).collect();
    assert!(new.is_empty() && !found.is_empty(), "unsafe code in {new:?}");
}
