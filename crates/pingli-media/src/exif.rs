//! What a camera wrote into a picture. Broken EXIF never fails the picture: what cannot be read is
//! simply not known.

use crate::facts::ExifFacts;
use exif::{DateTime, Exif, Field, In, Reader, Tag, Value};
use pingli_credentials::clean;
use std::io::Cursor;

/// Reads the facts out of a picture's bytes; none when there is no EXIF that reads.
pub(crate) fn read_exif(bytes: &[u8]) -> Option<ExifFacts> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif = reader
        .read_from_container(&mut Cursor::new(before_the_picture(bytes)))
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()?;
    let taken = time(&exif, Tag::DateTimeOriginal);
    let offset = taken.as_ref().and_then(|_| offset_minutes(&exif));
    let facts = ExifFacts {
        captured_at: taken.as_ref().zip(offset).map(|(at, offset)| format!("{}{}", local(at), offset_text(offset))),
        captured_local: taken.as_ref().filter(|_| offset.is_none()).map(local),
        modified_local: time(&exif, Tag::DateTime).as_ref().map(local),
        make: text(&exif, Tag::Make),
        model: text(&exif, Tag::Model),
        software: text(&exif, Tag::Software),
        orientation: orientation(&exif),
        has_position: has_position(&exif),
    };
    (facts != ExifFacts::default()).then_some(facts)
}

/// A JPEG up to where its picture begins, which a reader would otherwise search to the end; other files
/// whole.
fn before_the_picture(bytes: &[u8]) -> &[u8] {
    let mut at = if bytes.starts_with(b"\xff\xd8") { 2 } else { bytes.len() };
    while let Some([0xff, marker @ 0xc0..=0xfe, high, low]) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        if *marker == 0xda {
            return bytes.get(..at).unwrap_or(bytes);
        }
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
    }
    bytes
}

fn field(exif: &Exif, tag: Tag) -> Option<&Field> {
    exif.get_field(tag, In::PRIMARY)
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &field(exif, tag)?.value {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    clean(&String::from_utf8_lossy(ascii(exif, tag)?))
}

/// A time that a calendar has; cameras without a clock write zeros or spaces.
fn time(exif: &Exif, tag: Tag) -> Option<DateTime> {
    let at = DateTime::from_ascii(ascii(exif, tag)?).ok()?;
    let leap = at.year % 4 == 0 && (at.year % 100 != 0 || at.year % 400 == 0);
    let days = match at.month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    let fits = at.year > 0 && (1..=days).contains(&at.day) && at.hour < 24 && at.minute < 60 && at.second < 60;
    fits.then_some(at)
}

fn local(at: &DateTime) -> String {
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", at.year, at.month, at.day, at.hour, at.minute, at.second)
}

/// Minutes east of UTC at the time of the exposure; the offsets of other times say nothing of it.
fn offset_minutes(exif: &Exif) -> Option<i16> {
    let mut at = DateTime { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, nanosecond: None, offset: None };
    at.parse_offset(ascii(exif, Tag::OffsetTimeOriginal)?).ok()?;
    at.offset.filter(|minutes| (-14 * 60..=14 * 60).contains(minutes))
}

fn offset_text(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

fn orientation(exif: &Exif) -> Option<u8> {
    let value = field(exif, Tag::Orientation)?.value.get_uint(0)?;
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value))
}

fn has_position(exif: &Exif) -> bool {
    [Tag::GPSLatitude, Tag::GPSLongitude].into_iter().any(|tag| field(exif, tag).is_some())
}
