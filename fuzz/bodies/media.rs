//! Bodies over the media room: what a camera wrote, our own reader of the means in a JPEG, and the
//! answers of a worker.

use pingli_media::parsers::{coarse, exif, worker_answer};

/// EXIF in any container.
pub(crate) fn exif_facts(bytes: &[u8]) {
    let Some(facts) = exif(bytes) else { return };
    for text in [&facts.make, &facts.model, &facts.software].into_iter().flatten() {
        let hidden = |c: char| {
            c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{e0000}'..='\u{e0fff}').contains(&c)
        };
        assert!(!text.is_empty() && text.chars().count() <= 100, "a short text");
        assert!(!text.chars().any(hidden), "without anything that hides or turns: {text:?}");
    }
    for text in [&facts.captured_at, &facts.captured_local, &facts.modified_local].into_iter().flatten() {
        assert!(text.is_ascii() && (19..=25).contains(&text.len()), "a time: {text}");
    }
    assert!(facts.orientation.is_none_or(|value| (1..=8).contains(&value)));
}

/// An eighth of a JPEG.
pub(crate) fn coarse_jpeg(bytes: &[u8]) {
    let Some((width, height, rgb)) = coarse(bytes) else { return };
    assert_eq!(rgb, width as usize * height as usize * 3, "as many bytes as pixels");
}

/// The answer of a worker that somebody else may have taken over.
pub(crate) fn answer(bytes: &[u8]) {
    assert!(worker_answer(bytes).is_none_or(|jpeg| jpeg <= bytes.len()), "no more than came");
}

pub(crate) fn exif_seeds() -> Vec<Vec<u8>> {
    let ascii = |tag: u16, at: u32, count: u32| entry(tag, 2, count, at);
    // A TIFF with a maker, a model, a program, a time and an orientation, as cameras write it.
    let fields = [
        ascii(0x010f, 86, 6),
        ascii(0x0110, 92, 4),
        entry(0x0112, 3, 1, 6 << 16),
        ascii(0x0131, 96, 4),
        ascii(0x0132, 100, 20),
        entry(0x8769, 4, 1, 120),
    ];
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x06".to_vec();
    fields.iter().for_each(|field| tiff.extend(field));
    tiff.extend([0; 4]);
    tiff.extend(b"Ricoh\0G3\0\0ed\0\x002026:11:08 20:38:11\0");
    tiff.extend(b"\0\x02");
    tiff.extend(ascii(0x9003, 150, 20));
    tiff.extend(ascii(0x9011, 170, 7));
    tiff.extend([0; 4]);
    tiff.extend(b"2026:11:08 20:38:11\0+08:00\0");
    let segment = [b"Exif\0\0".as_slice(), &tiff].concat();
    let mut jpeg = b"\xff\xd8\xff\xe1".to_vec();
    jpeg.extend((segment.len() as u16 + 2).to_be_bytes());
    jpeg.extend(&segment);
    jpeg.extend(b"\xff\xd9");
    vec![tiff, jpeg]
}

fn entry(tag: u16, kind: u16, count: u32, value: u32) -> Vec<u8> {
    [tag.to_be_bytes().as_slice(), &kind.to_be_bytes(), &count.to_be_bytes(), &value.to_be_bytes()].concat()
}

pub(crate) fn coarse_jpeg_seeds() -> Vec<Vec<u8>> {
    // A progressive grey JPEG of 16×16: tables, frame, one scan of the means, one of detail.
    let mut jpeg = b"\xff\xd8\xff\xdb\x00\x43\x00".to_vec();
    jpeg.extend([1; 64]);
    jpeg.extend(b"\xff\xc2\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00");
    jpeg.extend(b"\xff\xc4\x00\x15\x00\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x00\x03");
    jpeg.extend(b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00");
    jpeg.extend(b"\x8a\x51\xff\x00\x20");
    jpeg.extend(b"\xff\xda\x00\x08\x01\x01\x00\x01\x05\x00\x12\x34\xff\xd9");
    // The same, not progressive: every block's mean with the end of its detail behind it.
    let mut baseline = b"\xff\xd8\xff\xdb\x00\x43\x00".to_vec();
    baseline.extend([1; 64]);
    baseline.extend(b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00");
    baseline.extend(b"\xff\xc4\x00\x15\x00\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x00\x03");
    baseline.extend(b"\xff\xc4\x00\x16\x10\x01\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\x00\x21\xf0");
    baseline.extend(b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00");
    baseline.extend(b"\x8a\x51\xff\x00\x20\x12\xff\xd9");
    vec![jpeg, baseline]
}

pub(crate) fn answer_seeds() -> Vec<Vec<u8>> {
    let frame = |header: &str, bytes: &[u8]| {
        [&(header.len() as u32).to_le_bytes(), header.as_bytes(), &(bytes.len() as u32).to_le_bytes(), bytes].concat()
    };
    vec![
        frame("{}", b""),
        frame(r#"{"picture":{"width":2,"height":1,"bytes":3,"damage":"partial"},"damage":null}"#, b"\xff\xd8\xff"),
        frame(
            r#"{"facts":{"media_type":"image/jpeg","width":1,"height":1,"pages":null,"exif":null,"perceptual_hash":null,"damage":null,"credentials":null}}"#,
            b"",
        ),
    ]
}

/// Words that the mutations put in.
pub(crate) const WORDS: [&str; 5] =
    ["\u{1}\u{2}\u{3}\u{4}", "Exif\0\0", "MM\0*", "II*\0", "\"bytes\":18446744073709551615"];
