//! The program as an operator uses it.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// Runs the program; success, standard output.
fn run(arguments: &[&str], input: &str) -> (bool, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pingli-server"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // A command that reads nothing may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

fn case_folder(folder: &Path) -> String {
    let cases: Vec<serde_json::Value> = serde_json::from_str(include_str!("../../seed/history.json")).unwrap();
    let path = folder.join("docket/cases/phone-stand");
    std::fs::create_dir_all(&path).unwrap();
    std::fs::write(path.join("case.json"), cases[0].to_string()).unwrap();
    folder.join("docket").display().to_string()
}

#[test]
fn every_command_explains_itself() {
    for command in [
        &["serve"] as &[&str],
        &["docket", "import"],
        &["docket", "amend"],
        &["docket", "check"],
        &["openapi"],
        &["pack", "build"],
        &["pack", "verify"],
        &["demo"],
        &["user", "add"],
        &["user", "password"],
        &["key", "show"],
    ] {
        let (ok, help) = run(&[command, &["--help"]].concat(), "");
        assert!(ok && help.contains("Usage: pingli-server") && help.lines().count() > 5, "{command:?}: {help}");
    }
}

#[test]
fn a_folder_is_checked_imported_packed_and_verified() {
    let folder = TempDir::new().unwrap();
    let docket = case_folder(folder.path());
    let data = folder.path().join("data").display().to_string();
    let pack = folder.path().join("case.zip").display().to_string();
    assert_eq!(
        run(&["docket", "check", &docket], ""),
        (true, "OK       history-phone-stand\n1 cases, 0 refused\n".into())
    );
    let (ok, added) = run(&["user", "add", "lin", "--data", &data], "a password\n");
    assert!(ok && added.starts_with("added lin ("), "{added}");
    let opened = "opened     history-phone-stand\n1 cases, 0 refused\n";
    assert_eq!(run(&["docket", "import", &docket, "--data", &data], ""), (true, opened.into()));
    let unchanged = "unchanged  history-phone-stand\n1 cases, 0 refused\n";
    assert_eq!(run(&["docket", "import", &docket, "--data", &data], ""), (true, unchanged.into()));
    let (ok, built) = run(&["pack", "build", "history-phone-stand", "--out", &pack, "--data", &data], "");
    assert!(ok, "{built}");
    let (ok, verified) = run(&["pack", "verify", &pack, "--data", &data], "");
    assert!(ok && verified.starts_with("OK  history-phone-stand round 1 version 1"), "{verified}");
    let (ok, keys) = run(&["key", "show", "--data", &data], "");
    let list = folder.path().join("keys.json");
    std::fs::write(&list, keys).unwrap();
    assert!(ok);
    assert!(run(&["pack", "verify", &pack, "--keys", &list.display().to_string()], "").0, "with the keys alone");
    let mut bytes = std::fs::read(&pack).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&pack, bytes).unwrap();
    let (ok, refused) = run(&["pack", "verify", &pack, "--data", &data], "");
    assert!(!ok && refused.starts_with("refused"), "one bit is enough: {refused}");
}

#[test]
fn a_wrong_case_is_named_with_its_file_and_field() {
    let folder = TempDir::new().unwrap();
    let docket = case_folder(folder.path());
    let case = folder.path().join("docket/cases/phone-stand/case.json");
    let text = std::fs::read_to_string(&case).unwrap().replace("\"platform_record\"", "\"hearsay\"");
    std::fs::write(&case, text).unwrap();
    let (ok, told) = run(&["docket", "check", &docket], "");
    assert!(!ok && told.contains("phone-stand/case.json: evidence[0].grade: unknown variant `hearsay`"), "{told}");
}

#[test]
fn the_demo_keeps_to_this_machine() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().display().to_string();
    let (ok, told) = run(&["demo", "--data", &data, "--listen", "0.0.0.0:0"], "");
    assert!(!ok && told.is_empty(), "its password is known to everybody");
}
