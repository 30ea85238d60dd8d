//! The shell keeps to what it promises: which commands a window may call, what the page may load, what
//! never reaches the page. Read from the files themselves, so that a line added in one place only fails.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn files(folder: &str) -> Vec<(String, String)> {
    let mut found: Vec<_> = fs::read_dir(root().join(folder))
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path))
        .map(|(name, path)| (name, fs::read_to_string(path).expect("a text")))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{folder} has files: what is not looked at is not tried");
    found
}

/// The pieces of a text between two marks.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open).skip(1).map(move |rest| rest.split(close).next().unwrap_or_default())
}

/// The windows of the configuration; there is one at least.
fn windows(config: &Value) -> &[Value] {
    let windows = config["app"]["windows"].as_array().expect("windows");
    assert!(!windows.is_empty(), "without a window nothing would be tried");
    windows
}

fn strings<'a>(list: &'a Value, what: &str) -> Vec<&'a str> {
    list.as_array().unwrap_or_else(|| panic!("{what} is a list")).iter().map(|one| one.as_str().expect(what)).collect()
}

#[test]
fn what_the_window_asks_for_what_is_allowed_and_what_there_is_are_the_same_commands() {
    let library = read("src-tauri/src/lib.rs");
    let handler = between(&library, "generate_handler![", "]").next().expect("a handler");
    let there: BTreeSet<&str> =
        handler.split(',').filter_map(|one| one.trim().rsplit("::").next()).filter(|one| !one.is_empty()).collect();
    let [main, second] = lists_of_commands();
    let allowed: BTreeSet<&str> = main.union(&second).map(String::as_str).collect();
    let port = read("ui/src/backend/tauri.ts");
    let asked: BTreeSet<&str> = between(&port, "call", ";")
        .filter_map(|call| call.strip_prefix('(').or_else(|| call.strip_prefix("<void>(")))
        .filter_map(|call| between(call, "\"", "\"").next())
        .collect();
    assert!(there.len() > 40, "the handler was understood: {there:?}");
    assert_eq!(allowed, there, "permissions/reviewer.toml lists every command and no other");
    assert_eq!(asked, there, "ui/src/backend/tauri.ts calls every command and no other");
}

/// The commands that the main window may call, and those of the second.
fn lists_of_commands() -> [BTreeSet<String>; 2] {
    let permissions = read("src-tauri/permissions/reviewer.toml");
    assert_eq!(permissions.matches("[[permission]]").count(), 2, "one list for each window");
    ["allow-reviewer", "allow-case-room"].map(|name| {
        let (_, rest) = permissions.split_once(&format!("identifier = \"{name}\"")).expect("a permission");
        let list = between(rest, "commands.allow = [", "]").next().expect("a list of commands");
        let commands: Vec<String> = between(list, "\"", "\"").step_by(2).map(str::to_owned).collect();
        let once: BTreeSet<String> = commands.iter().cloned().collect();
        assert_eq!(once.len(), commands.len(), "{name} names each command once");
        once
    })
}

#[test]
fn the_second_window_may_read_write_and_seal_cases_and_nothing_else() {
    let [main, second] = lists_of_commands();
    let own: Vec<&str> = second.difference(&main).map(String::as_str).collect();
    assert_eq!(own, ["led_to", "show_in_main"], "what only the second does is find its place and lead the main one");
    for kept in [
        "discover_server",
        "sign_in",
        "cancel_sign_in",
        "sign_out",
        "lock_now",
        "set_passphrase",
        "keep_in_keyring",
        "save_settings",
        "donate",
        "cancel_donation",
        "drop_intent",
        "retry_intent",
        "send_now",
        "export_set_aside",
        "export_diagnostics",
        "dismiss_recovery",
        "storage",
        "open_second",
        "quit",
    ] {
        assert!(main.contains(kept) && !second.contains(kept), "{kept} is for the main window");
    }
    for shared in ["open_case", "close_case", "save_draft", "written", "seal_ballot", "unseal", "still_here", "saved"] {
        assert!(main.contains(shared) && second.contains(shared), "{shared} is for both");
    }
    let grants = |name: &str, permission: &str| {
        let capability = json(&format!("src-tauri/capabilities/{name}.json"));
        let granted = strings(&capability["permissions"], "permissions");
        assert_eq!(strings(&capability["windows"], "windows"), [name], "one window, one file");
        assert_eq!(granted, [permission, "core:event:allow-listen", "core:event:allow-unlisten"]);
    };
    grants("main", "allow-reviewer");
    grants("second", "allow-case-room");
    assert_eq!(files("src-tauri/capabilities").len(), 2, "there is no third window");
}

#[test]
fn each_capability_names_its_windows_and_nothing_but_the_reviewers_verbs_and_events() {
    let windows: BTreeSet<String> = windows(&json("tauri.conf.json"))
        .iter()
        .map(|window| window["label"].as_str().expect("a label").to_owned())
        .collect();
    for (name, text) in files("src-tauri/capabilities") {
        let capability: Value = serde_json::from_str(&text).expect("JSON");
        for window in strings(&capability["windows"], "windows") {
            assert!(windows.contains(window), "{name}: {window} is a window by name, never a pattern");
        }
        for permission in strings(&capability["permissions"], "permissions") {
            let known = ["allow-reviewer", "allow-case-room", "core:event:allow-listen", "core:event:allow-unlisten"];
            assert!(known.contains(&permission), "{name}: {permission} is more than the window needs");
        }
        for key in ["remote", "webviews", "platforms"] {
            assert!(capability.get(key).is_none(), "{name}: {key} is not for this program");
        }
    }
    assert_eq!(files("src-tauri/permissions").len(), 1, "one file of commands");
}

#[test]
fn the_policy_of_the_page_allows_no_inline_code_and_no_remote_origin() {
    let config = json("tauri.conf.json");
    let policy = config["app"]["security"]["csp"].as_object().expect("a policy");
    assert_eq!(policy["default-src"], "'none'", "what is not named is refused");
    for (directive, sources) in policy {
        for source in sources.as_str().expect("text").split(' ') {
            let own = matches!(source, "'none'" | "'self'" | "ipc:" | "http://ipc.localhost")
                || matches!(source, "pingli-evidence:" | "http://pingli-evidence.localhost") && directive == "img-src";
            assert!(own, "{directive} {source} is not the program's own");
        }
    }
    for directive in ["base-uri", "form-action", "frame-ancestors"] {
        assert_eq!(policy[directive], "'none'", "{directive} does not follow default-src");
    }
    let security = &config["app"]["security"];
    for loose in ["dangerousDisableAssetCspModification", "devCsp", "assetProtocol", "headers"] {
        assert!(security.get(loose).is_none(), "{loose} is not set");
    }
    assert_eq!(security["freezePrototype"], true);
    assert!(config["app"].get("withGlobalTauri").is_none_or(|on| on == false), "a page script finds no Tauri object");
}

#[test]
fn every_window_is_incognito_and_has_no_tools_of_a_developer() {
    for window in windows(&json("tauri.conf.json")) {
        assert_eq!(window["incognito"], true, "what the web view keeps is gone with it");
        assert_eq!(window["dragDropEnabled"], false);
        assert_eq!(window["create"], false, "a window is made in one place, with its guards");
        assert!(window.get("devtools").is_none_or(|on| on == false));
        assert!(window.get("url").is_none_or(|url| url == "index.html"));
        let title = window["title"].as_str().expect("a title");
        assert!(title.starts_with("评理 Pingli") && title.chars().count() < 16, "a title tells nothing of a case");
    }
    let manifest = read("Cargo.toml");
    for line in manifest.lines().filter(|line| line.contains("tauri")) {
        assert!(!line.contains("devtools"), "a release has no developer's tools: {line}");
    }
    let release =
        manifest.split("[profile.release]").nth(1).and_then(|rest| rest.split("\n[").next()).expect("a release");
    assert!(release.contains("panic = \"abort\"") && release.contains("strip = true"));
}

#[test]
fn the_built_page_has_no_inline_code_and_loads_nothing_from_elsewhere() {
    // The shell is not built without it; a runner shows nothing of what a test that passes would say.
    assert!(root().join("ui/dist/index.html").exists(), "`npm --prefix ui run build` makes the page first");
    let page = read("ui/dist/index.html");
    assert!(page.contains("<script"), "the page was understood");
    for tag in between(&page, "<script", "</script>") {
        let (head, body) = tag.split_once('>').expect("a tag");
        assert!(head.contains(" src=\"") && body.trim().is_empty(), "inline script: {tag}");
    }
    assert!(
        !page.contains("<style") && !page.contains(" style=") && !page.contains("http-equiv"),
        "inline style, or a policy beside the policy"
    );
    for attribute in ["href=\"", "src=\""] {
        for address in between(&page, attribute, "\"") {
            assert!(address.starts_with('/') && !address.starts_with("//"), "{address} is not in the bundle");
        }
    }
    for event in between(&page, " on", "\"") {
        assert!(!event.ends_with('='), "inline handler: on{event}");
    }
    for (name, text) in files("ui/dist/assets") {
        if name.ends_with(".css") {
            assert!(!text.contains("@import"), "{name} imports");
            for address in between(&text, "url(", ")") {
                assert!(!address.contains("//") && !address.contains("data:"), "{name} loads {address}");
            }
        } else if name.ends_with(".js") {
            for code in [
                "eval(",
                "new Function(",
                "document.write(",
                "localStorage",
                "sessionStorage",
                "indexedDB",
                "document.cookie",
            ] {
                assert!(!text.contains(code), "{name} has {code}");
            }
        }
    }
}

#[test]
fn no_view_and_no_command_gives_the_window_a_token() {
    for (name, text) in files("ui/src/backend/generated") {
        let text = text.to_lowercase();
        for word in ["token", "secret", "bearer", "password", "private_key", "code_verifier"] {
            assert!(!text.contains(word), "{name} has a {word}: it must not reach the window");
        }
    }
    for (name, text) in files("src-tauri/src/commands") {
        for line in text.lines().filter(|line| line.contains("CommandResult<")) {
            assert!(!line.to_lowercase().contains("token"), "{name}: {line}");
        }
    }
}
