//! What a crash leaves behind: no core dump of this process or of the web view's, and a line that
//! says where it was and never what with.

/// Puts both in place; before any thread, first thing in `main`.
pub fn harden() {
    forbid_core_dumps();
    std::panic::set_hook(Box::new(|panic| complain(&place(panic.location()))));
}

/// Where a panic was. Its message may quote what the program was reading (slicing a text in the middle
/// of a character does), so nothing of it is kept.
fn place(location: Option<&std::panic::Location<'_>>) -> String {
    let at = location.map_or_else(|| "somewhere".to_owned(), |at| format!("{}:{}", at.file(), at.line()));
    format!("the program found a fault in itself at {at}")
}

fn complain(line: &str) {
    use std::io::Write as _;
    // Nobody may be listening any more.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Core dumps would have keys and evidence in them. A limit of one byte, not of none: it is what Linux
/// heeds also where dumps are piped to a program (`core_pattern` with `|`), and it is handed on to the
/// web view's processes. Being "not dumpable" is neither, and makes desktop portals refuse the program.
#[cfg(target_os = "linux")]
fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let least = Rlimit { current: Some(1), maximum: Some(1) };
    if setrlimit(Resource::Core, least).is_err() {
        // Fails only where an even lower limit is set already.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}

#[cfg(not(target_os = "linux"))]
fn forbid_core_dumps() {}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;

    #[test]
    fn a_crash_says_where_and_never_what_with() {
        // Slicing inside a character quotes the whole text in its message.
        let (tell, told) = std::sync::mpsc::channel();
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let _ = tell.send((panic.to_string(), place(panic.location())));
        }));
        let secret = String::from("杯子到手就裂了");
        let sliced = std::panic::catch_unwind(|| secret[..1].len());
        std::panic::set_hook(before);
        assert!(sliced.is_err(), "there is no half a character");
        let (message, line) = told.try_recv().expect("the hook was called");
        assert!(message.contains("杯子"), "what Rust would print: {message}");
        assert!(!line.contains("杯子") && line.contains("hardening.rs"), "what is printed: {line}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn no_core_is_dumped_by_this_process_or_its_children() {
        forbid_core_dumps();
        let shown = std::process::Command::new("cat").arg("/proc/self/limits").output().expect("cat runs");
        let limits = String::from_utf8_lossy(&shown.stdout).into_owned();
        let line = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
        let figures: Vec<&str> = line.split_whitespace().filter(|word| word.parse::<u64>().is_ok()).collect();
        assert!(figures == ["1", "1"] || figures == ["0", "0"], "soft and hard, handed on: {line}");
    }
}
