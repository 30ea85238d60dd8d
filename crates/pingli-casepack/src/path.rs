//! Which paths a pack may hold: those that name the same file on every system and can never leave
//! the folder they are unpacked in.

use std::collections::BTreeMap;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// The longest path below the pack's folder, in bytes.
const MAX_PATH: usize = 240;
/// The longest part of a path, in bytes.
const MAX_PART: usize = 120;

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// Nothing, or nothing between two slashes.
    #[error("a part of it is empty")]
    Empty,
    /// More than 240 bytes, or a part of more than 120.
    #[error("it is too long")]
    TooLong,
    /// `.` or `..`.
    #[error("it goes up or stays")]
    Relative,
    /// A slash or a drive at its beginning.
    #[error("it is absolute")]
    Absolute,
    /// A character that some system takes for something else: `\ : * ? " < > | %`, NUL and other
    /// controls, invisible and direction-changing characters.
    #[error("it has a character that is not allowed")]
    Character,
    /// A name such as CON or LPT1.
    #[error("it names a device")]
    Device,
    /// A part ends in a dot or a space, or begins with a space.
    #[error("a part of it ends in a dot or has spaces at its ends")]
    Ending,
    /// Not in Unicode's composed form (NFC).
    #[error("it is not in composed Unicode form")]
    Form,
    /// `case.json`, which the pack itself writes.
    #[error("it is reserved")]
    Reserved,
}

/// Checks a path as [`pingli_protocol::evidence::EvidenceFile::path`] may have it: relative to the
/// pack's `data/`, parts divided by `/`.
///
/// # Errors
/// [`PathFault`] says what is wrong with it.
pub fn check_path(path: &str) -> Result<(), PathFault> {
    if path.starts_with('/') || path.starts_with('\\') || path.as_bytes().get(1) == Some(&b':') {
        return Err(PathFault::Absolute);
    }
    if path.len() > MAX_PATH {
        return Err(PathFault::TooLong);
    }
    if fold(path) == crate::CASE_DOCUMENT_PATH {
        return Err(PathFault::Reserved);
    }
    path.split('/').try_for_each(check_part)
}

/// Checks one part of a path.
pub(crate) fn check_part(part: &str) -> Result<(), PathFault> {
    check_part_within(part, MAX_PART)
}

/// Checks one part of a path that may have so many bytes.
pub(crate) fn check_part_within(part: &str, longest: usize) -> Result<(), PathFault> {
    if part.is_empty() {
        return Err(PathFault::Empty);
    }
    if part.len() > longest {
        return Err(PathFault::TooLong);
    }
    if part == "." || part == ".." {
        return Err(PathFault::Relative);
    }
    if part.chars().any(is_refused) {
        return Err(PathFault::Character);
    }
    if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        return Err(PathFault::Ending);
    }
    if !is_nfc(part) {
        return Err(PathFault::Form);
    }
    let stem = part.split('.').next().unwrap_or_default();
    if is_device(stem.trim_end()) { Err(PathFault::Device) } else { Ok(()) }
}

fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%')
        // Invisible, direction-changing and tag characters, and those that are no characters.
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}'
            | '\u{e0000}'..='\u{10ffff}')
}

fn is_device(stem: &str) -> bool {
    let upper = stem.to_ascii_uppercase();
    if matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$") {
        return true;
    }
    let port = upper.strip_prefix("COM").or_else(|| upper.strip_prefix("LPT"));
    let mut rest = port.unwrap_or_default().chars();
    matches!((rest.next(), rest.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

/// The form in which two paths are one file on a system that minds neither case nor Unicode form.
fn fold(path: &str) -> String {
    let lower: String = path.nfkc().flat_map(char::to_lowercase).collect();
    // Once more through upper case, so that ß and ſ meet ss and s as they do on such systems.
    let upper: String = lower.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    upper.nfkc().collect()
}

/// Watches a set of paths for two that would be one file, or a file that would be a folder.
#[derive(Default)]
pub(crate) struct Clashes {
    /// Folded path to its exact spelling, and whether it is a file.
    seen: BTreeMap<String, (String, Node)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    File,
    Folder,
}

impl Clashes {
    /// Adds a file's path; false when it clashes with one that was added before.
    pub(crate) fn add(&mut self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(at, _)| (&path[..at], Node::Folder));
        folders.chain([(path, Node::File)]).all(|(prefix, node)| self.add_node(prefix, node))
    }

    fn add_node(&mut self, prefix: &str, node: Node) -> bool {
        match self.seen.get(&fold(prefix)) {
            None => {
                self.seen.insert(fold(prefix), (prefix.to_owned(), node));
                true
            }
            Some((spelling, known)) => spelling == prefix && node == Node::Folder && *known == Node::Folder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_pass() {
        for path in
            ["evidence/b-1/body.json", "evidence/b-2/杯底 自然光.jpg", "a", "café/été.jpg", "COM10.txt", "e/con1.jpg"]
        {
            assert_eq!(check_path(path), Ok(()), "{path} is an ordinary path");
        }
    }

    #[test]
    fn tricks_are_refused_by_name() {
        use PathFault::*;
        let long_part = "a".repeat(121);
        let long_path = "abcdefghi/".repeat(25);
        for (path, fault) in [
            ("", Empty),
            ("a//b", Empty),
            ("a/", Empty),
            ("../a", Relative),
            ("a/../../b", Relative),
            ("./a", Relative),
            ("/etc/passwd", Absolute),
            ("C:/a", Absolute),
            ("\\\\server\\share", Absolute),
            ("a\\b", Character),
            ("a\0b", Character),
            ("a\nb", Character),
            ("ab:c", Character),
            ("a%0Ab", Character),
            ("gnp\u{202e}jpg.exe", Character),
            ("a\u{200b}", Character),
            ("a\u{e0041}", Character),
            ("con", Device),
            ("a/NUL.txt", Device),
            ("a/lpt1.tar.gz", Device),
            ("com¹", Device),
            ("aux .jpg", Device),
            ("a.", Ending),
            ("a /b", Ending),
            ("cafe\u{301}", Form),
            (long_part.as_str(), TooLong),
            (long_path.as_str(), TooLong),
            ("case.json", Reserved),
            ("CASE.JSON", Reserved),
        ] {
            assert_eq!(check_path(path), Err(fault), "{path:?}");
        }
    }

    #[test]
    fn paths_that_are_one_file_somewhere_clash() {
        for (first, second) in [
            ("a/Photo.jpg", "a/photo.JPG"),
            ("A/x", "a/y"),
            ("a", "a/b"),
            ("a/b", "a"),
            ("straße", "STRASSE"),
            ("\u{fb01}le", "file"),
            ("Ａ", "a"),
            ("same", "same"),
        ] {
            let mut clashes = Clashes::default();
            assert!(clashes.add(first));
            assert!(!clashes.add(second), "{first} and {second} are one file somewhere");
        }
        let mut clashes = Clashes::default();
        assert!(clashes.add("a/x") && clashes.add("a/y") && clashes.add("b/x"), "different files do not clash");
    }
}
