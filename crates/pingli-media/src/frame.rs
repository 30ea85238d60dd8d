//! What goes through the pipes: a length, a JSON header, a length, raw bytes. Both lengths are
//! 32-bit, little-endian, and bounded before anything is reserved.

use crate::facts::{Damage, MediaFacts, RenderRequest, Strain, Walls};
use pingli_credentials::Credentials;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};

/// The largest header: a list of known signers is in one.
const MAX_HEADER: u32 = 4 << 20;

/// A job; the file's bytes follow it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Job {
    /// Facts only.
    Inspect,
    /// A rendition only.
    Render(RenderRequest),
    /// Facts and renditions from one decoding.
    Intake(RenderRequest, Effort),
    /// Content credentials; the certificates of known signers, PEM.
    Credentials(String),
    /// Taking memory or time, and nothing else.
    Strain(Strain),
}

/// How much is done at intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effort {
    /// All of it: also the full size, where a format takes long to decode.
    Whole,
    /// What is left to do when that was too much: any picture of it will do.
    Least,
}

/// What comes back; the JPEG of the rendition follows it, and then the one in full size.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) facts: Option<MediaFacts>,
    pub(crate) picture: Option<PictureHeader>,
    pub(crate) full: Option<PictureHeader>,
    /// Why there is no rendition although one was asked for.
    pub(crate) damage: Option<Damage>,
    pub(crate) credentials: Option<Credentials>,
    /// What the worker can reach of the system; said once, when it is ready.
    pub(crate) walls: Option<Walls>,
}

/// A rendition without its bytes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct PictureHeader {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The length of its JPEG.
    pub(crate) bytes: usize,
    pub(crate) damage: Option<Damage>,
}

pub(crate) fn write_frame<W: Write, H: Serialize>(out: &mut W, header: &H, bytes: &[u8]) -> io::Result<()> {
    let header = serde_json::to_vec(header)?;
    let too_long = |_| io::Error::from(io::ErrorKind::InvalidInput);
    out.write_all(&u32::try_from(header.len()).map_err(too_long)?.to_le_bytes())?;
    out.write_all(&header)?;
    out.write_all(&u32::try_from(bytes.len()).map_err(too_long)?.to_le_bytes())?;
    out.write_all(bytes)?;
    out.flush()
}

/// Reads a frame whose bytes are at most `limit`.
pub(crate) fn read_frame<R: Read, H: DeserializeOwned>(input: &mut R, limit: u32) -> io::Result<(H, Vec<u8>)> {
    let header = read_part(input, MAX_HEADER)?;
    let bytes = read_part(input, limit)?;
    Ok((serde_json::from_slice(&header)?, bytes))
}

fn read_part<R: Read>(input: &mut R, limit: u32) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > limit {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}
