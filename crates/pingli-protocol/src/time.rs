//! Instants: the server's own in UTC, and those that a person, a phone or a camera stated, which
//! keep the offset they were stated with.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 time with an offset, such as 2026-11-02T14:03:27+08:00")]
pub struct InvalidTime;

/// An instant in UTC, RFC 3339 with `Z` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
#[schema(value_type = String, format = DateTime)]
pub struct UtcInstant(jiff::Timestamp);

impl UtcInstant {
    /// Takes an instant of the library's type.
    #[must_use]
    pub const fn new(at: jiff::Timestamp) -> Self {
        Self(at)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// An instant from milliseconds since 1970; the nearest representable one at the ends of time.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(jiff::Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        }))
    }

    /// The instant as the library's type.
    #[must_use]
    pub const fn timestamp(self) -> jiff::Timestamp {
        self.0
    }

    /// This instant and so many seconds more (or fewer); saturates at the ends of time.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_millis(self.as_millis().saturating_add(seconds.saturating_mul(1000)))
    }

    /// Whole seconds from `earlier` to this instant; negative when it is later.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.as_second() - earlier.0.as_second()
    }
}

impl From<jiff::Timestamp> for UtcInstant {
    fn from(at: jiff::Timestamp) -> Self {
        Self(at)
    }
}

impl std::fmt::Display for UtcInstant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<UtcInstant> for String {
    fn from(at: UtcInstant) -> Self {
        at.to_string()
    }
}

impl TryFrom<String> for UtcInstant {
    type Error = InvalidTime;
    fn try_from(text: String) -> Result<Self, InvalidTime> {
        text.parse()
    }
}

impl std::str::FromStr for UtcInstant {
    type Err = InvalidTime;
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        text.parse().map(Self).map_err(|_| InvalidTime)
    }
}

/// An instant as somebody stated it: the offset from UTC is part of the statement and is kept.
/// Two stamps are equal only when both agree; order them by [`Stamp::instant`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
#[schema(value_type = String, format = DateTime)]
pub struct Stamp(Stated);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Stated {
    at: jiff::Timestamp,
    offset: jiff::tz::Offset,
}

impl Stamp {
    /// Makes a stamp from an instant and an offset.
    #[must_use]
    pub const fn new(at: jiff::Timestamp, offset: jiff::tz::Offset) -> Self {
        Self(Stated { at, offset })
    }

    /// The instant, without the offset.
    #[must_use]
    pub const fn instant(&self) -> UtcInstant {
        UtcInstant(self.0.at)
    }

    /// Seconds east of UTC.
    #[must_use]
    pub const fn offset_seconds(&self) -> i32 {
        self.0.offset.seconds()
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.at.display_with_offset(self.0.offset).fmt(f)
    }
}

impl From<Stamp> for String {
    fn from(stamp: Stamp) -> Self {
        stamp.to_string()
    }
}

impl TryFrom<String> for Stamp {
    type Error = InvalidTime;
    fn try_from(text: String) -> Result<Self, InvalidTime> {
        text.parse()
    }
}

impl std::str::FromStr for Stamp {
    type Err = InvalidTime;
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let pieces = jiff::fmt::temporal::Pieces::parse(text).map_err(|_| InvalidTime)?;
        // RFC 3339 has hours and minutes; seconds would be lost when the stamp is written.
        let offset = pieces.to_numeric_offset().filter(|offset| offset.seconds() % 60 == 0).ok_or(InvalidTime)?;
        Ok(Self(Stated { at: text.parse().map_err(|_| InvalidTime)?, offset }))
    }
}
