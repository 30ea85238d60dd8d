//! The media type of a file by its first bytes, never by its name.

/// Returns the media type of a file by its content; `application/octet-stream` when it is none
/// that this program knows. Cheap, and safe on any bytes.
#[must_use]
pub fn sniff(bytes: &[u8]) -> &'static str {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if at(0, b"\xff\xd8\xff") {
        "image/jpeg"
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        "image/png"
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        "image/gif"
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        "image/webp"
    } else if at(0, b"II*\0") || at(0, b"MM\0*") {
        "image/tiff"
    } else if at(0, b"%PDF-") {
        "application/pdf"
    } else if at(4, b"ftyp") {
        iso_brand(bytes)
    } else if is_bmp(bytes) {
        "image/bmp"
    } else if is_svg(bytes) {
        "image/svg+xml"
    } else if at(0, b"PK\x03\x04") {
        "application/zip"
    } else {
        "application/octet-stream"
    }
}

/// The kinds of ISO media files, by their main brand and then by the compatible ones.
fn iso_brand(bytes: &[u8]) -> &'static str {
    let length = bytes.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let end = length.clamp(12, 256).min(bytes.len());
    let brands = bytes.get(8..end).unwrap_or_default().chunks_exact(4);
    for brand in brands {
        match brand {
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => return "image/heic",
            b"avif" | b"avis" => return "image/avif",
            b"isom" | b"iso2" | b"mp41" | b"mp42" | b"avc1" | b"M4V " => return "video/mp4",
            b"qt  " => return "video/quicktime",
            // The general brands say nothing about the coding; the next one does.
            _ => {}
        }
    }
    if matches!(bytes.get(8..12), Some(b"mif1" | b"msf1")) { "image/heif" } else { "application/octet-stream" }
}

fn is_bmp(bytes: &[u8]) -> bool {
    // Two letters alone would make many a text a picture, so the size of the header must fit too.
    let header = bytes.get(14..18).and_then(|size| size.first_chunk()).map(|size| u32::from_le_bytes(*size));
    bytes.starts_with(b"BM") && matches!(header, Some(12 | 40 | 52 | 56 | 64 | 108 | 124))
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with("<svg") || (head.starts_with("<?xml") || head.starts_with("<!")) && head.contains("<svg")
}

#[cfg(test)]
mod tests {
    use super::sniff;

    #[test]
    fn content_decides() {
        for (bytes, kind) in [
            (b"\xff\xd8\xff\xe0".as_slice(), "image/jpeg"),
            (b"\x89PNG\r\n\x1a\nrest", "image/png"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "image/avif"),
            (b"\0\0\0\x18ftypisom\0\0\0\0avc1mp41", "video/mp4"),
            (b"%PDF-1.7", "application/pdf"),
            (b"  <?xml version='1.0'?><svg onload='x'>", "image/svg+xml"),
            (b"BMW is a car", "application/octet-stream"),
            (b"<html>", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ] {
            assert_eq!(sniff(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
