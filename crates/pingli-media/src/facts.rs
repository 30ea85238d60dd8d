//! What is found out about a file, and what may be asked of one.

use pingli_credentials::Credentials;
use serde::{Deserialize, Serialize};

/// What is known of a media file. It is never empty: a file that cannot be read has its type and
/// its damage.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MediaFacts {
    /// The media type by content, such as `image/jpeg`; `application/octet-stream` when unknown.
    pub media_type: String,
    /// Pixels across, orientation applied; points across for a PDF's first page; 0 when unknown.
    pub width: u32,
    /// Pixels down, orientation applied; points down for a PDF's first page; 0 when unknown.
    pub height: u32,
    /// The number of pages of a PDF.
    pub pages: Option<u32>,
    /// What the camera wrote; none when the file has no EXIF that reads.
    pub exif: Option<ExifFacts>,
    /// Content credentials (C2PA) that the file carries; intake alone looks for them.
    pub credentials: Option<Credentials>,
    /// The 64-bit difference hash of the upright picture, 16 hexadecimal digits; none when nothing
    /// could be decoded.
    pub perceptual_hash: Option<String>,
    /// What went wrong, where something did.
    pub damage: Option<Damage>,
}

/// What a camera wrote into a picture. The place is never among it: only whether there was one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExifFacts {
    /// When it was taken, RFC 3339 with the offset the camera gave.
    pub captured_at: Option<String>,
    /// When it was taken, where the camera gave no offset: local time, `2026-11-08T20:38:11`.
    pub captured_local: Option<String>,
    /// When the file was last changed, local time.
    pub modified_local: Option<String>,
    /// The maker of the camera.
    pub make: Option<String>,
    /// The camera's model.
    pub model: Option<String>,
    /// The program that wrote the file.
    pub software: Option<String>,
    /// The orientation tag, 1 to 8.
    pub orientation: Option<u8>,
    /// Whether the file has a position.
    pub has_position: bool,
}

/// What went wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// A part could be read.
    Partial,
    /// Nothing could be read.
    Unreadable,
    /// The format is not one that can be shown.
    Unsupported,
    /// It would take more memory or time than is allowed.
    TooLarge,
}

/// What to render.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderRequest {
    /// The longer side is made at most this many pixels; a smaller picture is not enlarged. A PDF
    /// page is drawn at this size.
    pub max_side: u32,
    /// A turn on top of the orientation the camera wrote.
    pub turn: Turn,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// The page of a PDF, from 0; other files have only page 0.
    pub page: u32,
    /// Only this part of a picture, instead of the whole of it at `max_side`. A PDF has no parts.
    pub region: Option<Region>,
}

impl Default for RenderRequest {
    /// What a case pack's preview is: 2,048 pixels, quality 85.
    fn default() -> Self {
        Self { max_side: 2048, turn: Turn::None, quality: 85, page: 0, region: None }
    }
}

/// A part of a picture, in pixels of the upright original, made smaller by halving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Region {
    /// How often both sides are halved: 0 to [`Region::MAX_HALVINGS`].
    pub halvings: u8,
    /// Pixels from the left.
    pub x: u32,
    /// Pixels from the top.
    pub y: u32,
    /// Pixels across, before halving.
    pub width: u32,
    /// Pixels down, before halving.
    pub height: u32,
}

impl Region {
    /// The most halvings.
    pub const MAX_HALVINGS: u8 = 4;
    /// The most pixels that each side of the result may have.
    pub const MAX_SIDE: u32 = 4096;

    /// The size of the result; none when this is no region that may be asked for: too large, halved
    /// to nothing, or beyond all numbers.
    #[must_use]
    pub const fn size(&self) -> Option<(u32, u32)> {
        if self.halvings > Self::MAX_HALVINGS
            || self.x.checked_add(self.width).is_none()
            || self.y.checked_add(self.height).is_none()
        {
            return None;
        }
        let (width, height) = (self.width >> self.halvings, self.height >> self.halvings);
        let fits = width > 0 && height > 0 && width <= Self::MAX_SIDE && height <= Self::MAX_SIDE;
        if fits { Some((width, height)) } else { None }
    }
}

/// A turn by quarters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// As the camera says.
    #[default]
    None,
    /// A quarter to the right.
    Right,
    /// Upside down.
    Half,
    /// A quarter to the left.
    Left,
}

/// A rendition.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// A baseline JPEG without any metadata, upright.
    pub jpeg: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// [`Damage::Partial`] when a part of the picture is missing (grey); none otherwise.
    pub damage: Option<Damage>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture {{ {}×{}, {} bytes, {:?} }}", self.width, self.height, self.jpeg.len(), self.damage)
    }
}

/// Facts and renditions of one file, from one decoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// The facts.
    pub facts: MediaFacts,
    /// The rendition; none when nothing could be decoded, and then `facts.damage` says why.
    pub picture: Option<Picture>,
    /// The picture in full size, where the original takes long to decode (HEIC, AVIF, TIFF) and its
    /// full size is within the limits.
    pub full: Option<Picture>,
}

/// What a worker can reach of the system, as it found by trying.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Walls {
    /// How many environment variables it sees.
    pub variables: usize,
    /// How many open files it inherited beyond its three pipes.
    pub inherited_files: usize,
    /// Whether it can open a file or a folder.
    pub opens_files: bool,
    /// Whether it can listen on a socket.
    pub opens_sockets: bool,
    /// Whether it can start a program.
    pub starts_programs: bool,
    /// The most memory it may address, in bytes.
    pub memory_limit: Option<u64>,
}

impl Walls {
    /// What a worker can reach although it must not, in words for the log; empty where all walls stand.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let gaps = [
            (self.opens_files, "it can open files"),
            (self.opens_sockets, "it can use the network"),
            (self.starts_programs, "it can start programs"),
            (self.memory_limit.is_none(), "its memory has no limit"),
            (self.variables > 0, "it sees the environment"),
            (self.inherited_files > 0, "it has files of the program open"),
        ];
        gaps.into_iter().filter_map(|(gap, words)| gap.then_some(words)).collect()
    }
}

/// What a worker is made to take, to see that its limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strain {
    /// So many bytes of memory, each page of it written to.
    Memory(u64),
    /// So many seconds of processor time.
    Seconds(u64),
}
