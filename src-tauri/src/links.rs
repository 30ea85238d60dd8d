//! Deep links among a program's arguments: on Linux and Windows a link starts the program once more,
//! and the second hands its arguments to the first.

use pingli_client::{LINK_SCHEME, LONGEST_LINK};
use std::ffi::OsStr;

/// The first argument that means to be a link, cut where no link is as long. What it says is for the
/// client to read.
pub(crate) fn among<T: AsRef<OsStr>>(arguments: impl IntoIterator<Item = T>) -> Option<String> {
    arguments.into_iter().skip(1).find_map(|argument| {
        let text = argument.as_ref().to_str()?;
        text.strip_prefix(LINK_SCHEME)?.starts_with(':').then(|| text.chars().take(LONGEST_LINK + 1).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_among_other_arguments() {
        assert_eq!(among(["pingli", "--sign-in", "pingli://outbox"]).as_deref(), Some("pingli://outbox"));
        assert_eq!(among(["pingli://outbox"]), None, "the program's own name is none");
        assert_eq!(among(["pingli", "--sign-in", "https://case/1", "pinglix://outbox", "pingli"]), None);
        assert_eq!(among(["pingli", "pingli://a", "pingli://b"]).as_deref(), Some("pingli://a"), "the first");
        let endless = format!("pingli://case/{}", "x".repeat(1 << 20));
        assert!(among(["pingli", &endless]).is_some_and(|text| text.len() == LONGEST_LINK + 1), "and not all of it");
    }

    #[cfg(unix)]
    #[test]
    fn arguments_that_are_no_text_are_passed_over() {
        use std::os::unix::ffi::OsStrExt as _;
        let arguments = [OsStr::new("pingli"), OsStr::from_bytes(b"pingli://\xff"), OsStr::new("pingli://outbox")];
        assert_eq!(among(arguments).as_deref(), Some("pingli://outbox"));
    }
}
