//! The write-ahead log: which page images it holds, in the order they were written. Its checksums
//! are left aside: SQLite goes by them and stops at the first that is wrong, while each page is
//! sealed by itself.

use super::cipher::PAGE;
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

const HEADER: u64 = 32;
/// Bytes of a frame: its head and the page image.
pub(super) const FRAME: u64 = 24 + PAGE as u64;
/// Where the first page image begins.
pub(super) const FIRST_IMAGE: u64 = HEADER + 24;

/// A page image in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// The page, as the frame says.
    pub(super) number: u32,
    /// Where the image begins.
    pub(super) at: u64,
}

/// The page images of whole transactions, oldest first.
pub(super) fn frames(log: &mut File) -> io::Result<Vec<Frame>> {
    let length = log.metadata()?.len();
    let mut header = [0; HEADER as usize];
    if length < HEADER {
        return Ok(Vec::new());
    }
    log.seek(SeekFrom::Start(0))?;
    log.read_exact(&mut header)?;
    let salts = [four(&header, 16), four(&header, 20)];
    let (mut found, mut committed) = (Vec::new(), 0);
    for index in 0..(length - HEADER) / FRAME {
        let mut head = [0; 24];
        log.seek(SeekFrom::Start(HEADER + index * FRAME))?;
        log.read_exact(&mut head)?;
        // What an older log left behind has other salts; one flipped bit leaves one of them right.
        if four(&head, 8) != salts[0] && four(&head, 12) != salts[1] {
            break;
        }
        found.push(Frame { number: four(&head, 0), at: HEADER + index * FRAME + 24 });
        if four(&head, 4) != 0 {
            committed = found.len();
        }
    }
    // The rest belongs to a transaction that was never acknowledged.
    found.truncate(committed);
    Ok(found)
}

fn four(bytes: &[u8], at: usize) -> u32 {
    bytes[at..].iter().take(4).fold(0, |value, byte| (value << 8) | u32::from(*byte))
}
