//! The lines of the push channel, in whatever pieces they come.

use super::RemoteError;

/// The longest line of the push channel.
const MAX_EVENT_LINE: usize = 8 * 1024;

/// The line that has not ended yet.
#[derive(Debug, Default)]
pub(crate) struct EventLines {
    line: Vec<u8>,
}

impl EventLines {
    /// Takes in a piece: how many changes its lines tell of.
    ///
    /// # Errors
    /// [`RemoteError::NotUnderstood`] when a line does not end.
    pub(crate) fn take_in(&mut self, piece: &[u8]) -> Result<usize, RemoteError> {
        let mut told = 0;
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            let ended = part.strip_suffix(b"\n");
            let text = ended.unwrap_or(part);
            if self.line.len() + text.len() > MAX_EVENT_LINE {
                return Err(RemoteError::NotUnderstood("an endless line on the push channel".to_owned()));
            }
            self.line.extend_from_slice(text);
            if ended.is_some() {
                told += usize::from(is_change(&self.line));
                self.line.clear();
            }
        }
        Ok(told)
    }
}

fn is_change(line: &[u8]) -> bool {
    line.strip_prefix(b"event:").is_some_and(|name| name.trim_ascii() == b"changed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_heard_however_the_bytes_are_cut() {
        let stream =
            b": alive\n\nevent: changed\ndata: {}\n\nevent:changed\r\n\nevent: other\nevents: changed\nevent: changed";
        for cut in 0..stream.len() {
            let (first, second) = stream.split_at(cut);
            let mut lines = EventLines::default();
            let told = lines.take_in(first).and_then(|told| Ok(told + lines.take_in(second)?));
            assert_eq!(told, Ok(2), "cut at byte {cut}; the last line has not ended");
        }
    }

    #[test]
    fn a_line_without_end_is_refused_and_never_kept() {
        let mut lines = EventLines::default();
        let mut result = Ok(0);
        for _ in 0..10_000 {
            result = lines.take_in(&[b'x'; 1000]);
            if result.is_err() {
                break;
            }
        }
        assert!(matches!(result, Err(RemoteError::NotUnderstood(_))), "the channel is given up");
        assert!(lines.line.len() <= MAX_EVENT_LINE, "and what was kept is bounded");
    }
}
