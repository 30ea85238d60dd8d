//! Files that want too much, that lie, or that end too soon.

use crate::{inputs::*, pool};
use image::ImageFormat;
use pingli_media::{Damage, MediaFault, RenderRequest, sniff};

fn damage(bytes: &[u8]) -> Option<Damage> {
    let intake = pool().intake(bytes, &RenderRequest::default()).unwrap();
    assert_eq!(intake.picture.is_some(), matches!(intake.facts.damage, None | Some(Damage::Partial)));
    intake.facts.damage
}

#[test]
fn a_picture_of_400_million_pixels_is_refused_by_its_header() {
    let rows = zeros(1 << 20);
    let bomb = png(&[ihdr(20_000, 20_000, 1, 0), (b"IDAT", rows), (b"IEND", Vec::new())]);
    assert!(bomb.len() < 1_000_000, "small on disk: {}", bomb.len());
    assert_eq!(damage(&bomb), Some(Damage::TooLarge));
    for (width, height, depth, color) in [(9_900, 9_900, 16, 6), (70_000, 10, 8, 2), (u32::MAX >> 1, 1, 8, 0)] {
        let bomb = png(&[ihdr(width, height, depth, color), (b"IDAT", zeros(100)), (b"IEND", Vec::new())]);
        assert_eq!(damage(&bomb), Some(Damage::TooLarge), "{width}×{height}");
    }
}

#[test]
fn a_jpeg_that_claims_to_be_huge_costs_little() {
    let mut bytes = jpeg(quarters(64, 64));
    let frame = bytes.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xff, 0x00, 0xff, 0x00]);
    assert_eq!(damage(&bytes), Some(Damage::TooLarge));
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x10, 0x00, 0x10, 0x00]);
    assert_eq!(damage(&bytes), Some(Damage::Partial), "16 million pixels of which there are 4,096");
}

#[test]
fn text_chunks_and_profiles_that_inflate_are_no_trouble() {
    let bomb = zeros(16 << 20);
    let row = zeros(7 * 2);
    let with = |kind: &'static [u8; 4], head: &[u8]| {
        let body = [head, &bomb].concat();
        png(&[ihdr(2, 2, 8, 2), (kind, body), (b"IDAT", row.clone()), (b"IEND", Vec::new())])
    };
    for (kind, head) in [(b"zTXt", b"k\0\0".as_slice()), (b"iCCP", b"k\0\0"), (b"iTXt", b"k\0\x01\0\0\0")] {
        let found = damage(&with(kind, head));
        assert!(matches!(found, None | Some(Damage::TooLarge)), "{}: {found:?}", String::from_utf8_lossy(kind));
    }
}

#[test]
fn an_endless_animation_is_its_first_frame() {
    let first = encoded(quarters(64, 48), ImageFormat::Gif);
    let end = first.len() - 1;
    let start = first.windows(2).position(|two| two == [0x21, 0xf9]).unwrap();
    let mut endless = first[..end].to_vec();
    for _ in 0..5_000 {
        endless.extend(&first[start..end]);
    }
    let facts = pool().inspect(&endless).unwrap();
    assert_eq!((facts.width, facts.height, facts.damage), (64, 48, None), "and it has no end either");
}

#[test]
fn an_animated_png_that_claims_four_billion_frames_is_its_first() {
    let rows = zeros((64 * 3 + 1) * 48);
    let control = [u32::MAX.to_be_bytes(), 0_u32.to_be_bytes()].concat();
    let frame = |number: u32| {
        let mut bytes = [number, 64, 48, 0, 0].map(u32::to_be_bytes).concat();
        bytes.extend([0, 0, 0, 0, 0, 0]);
        bytes
    };
    let mut chunks = vec![ihdr(64, 48, 8, 2), (b"acTL", control), (b"fcTL", frame(0)), (b"IDAT", rows.clone())];
    for number in 0..2_000_u32 {
        chunks.push((b"fcTL", frame(2 * number + 1)));
        chunks.push((b"fdAT", [(2 * number + 2).to_be_bytes().as_slice(), &rows].concat()));
    }
    chunks.push((b"IEND", Vec::new()));
    let facts = pool().inspect(&png(&chunks)).unwrap();
    assert_eq!((facts.width, facts.height, facts.damage), (64, 48, None));
}

#[test]
fn broken_profiles_of_colours_are_no_trouble() {
    let row = zeros(7 * 2);
    let profiles = [
        Vec::new(),
        b"k\0\0".to_vec(),
        [b"k\0\0".as_slice(), &zeros(3)].concat(),
        [b"k\0\0".as_slice(), b"not deflated"].concat(),
        [b"k\0\xff".as_slice(), &zeros(128)].concat(),
        [vec![b'k'; 300], zeros(128)].concat(),
    ];
    for profile in profiles {
        let bytes = png(&[ihdr(2, 2, 8, 2), (b"iCCP", profile), (b"IDAT", row.clone()), (b"IEND", Vec::new())]);
        let found = damage(&bytes);
        assert!(matches!(found, None | Some(Damage::Unreadable)), "{found:?}");
    }
    // In a JPEG: pieces of a profile that lie about their number, their order and their length.
    let whole = jpeg(quarters(64, 48));
    let lying = [(0_u8, 0_u8), (1, 255), (255, 1), (2, 1), (1, 1)];
    for (number, of) in lying {
        let mut profile = b"ICC_PROFILE\0".to_vec();
        profile.extend([number, of]);
        profile.extend(u32::MAX.to_be_bytes());
        profile.extend(b"lcms acspRGB XYZ ");
        let mut bytes = whole[..2].to_vec();
        for _ in 0..300 {
            bytes.extend([0xff, 0xe2]);
            bytes.extend((profile.len() as u16 + 2).to_be_bytes());
            bytes.extend(&profile);
        }
        bytes.extend(&whole[2..]);
        assert_eq!(damage(&bytes), None, "piece {number} of {of}");
    }
}

#[test]
fn what_is_left_of_a_cut_picture_is_shown_and_called_partial() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png] {
        let bytes = encoded(noise(200, 200), format);
        for eighths in 2..8 {
            let cut = &bytes[..bytes.len() * eighths / 8];
            let intake = pool().intake(cut, &RenderRequest::default()).unwrap();
            assert_eq!(intake.facts.damage, Some(Damage::Partial), "{format:?} cut at {eighths}/8");
            let picture = intake.picture.unwrap();
            assert_eq!((picture.width, picture.height), (200, 200));
            assert_eq!(picture.damage, Some(Damage::Partial), "the rendition says so too");
        }
    }
}

#[test]
fn every_format_survives_being_cut_and_flipped_anywhere() {
    let pool = pool();
    for format in
        [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::WebP]
    {
        let bytes = encoded(quarters(40, 30), format);
        let step = (bytes.len() / 60).max(1);
        for at in (0..bytes.len()).step_by(step) {
            // No assertion on the facts: any answer is an answer, and a dead worker is replaced.
            pool.inspect(&bytes[..at]).unwrap();
            let mut flipped = bytes.clone();
            flipped[at] ^= 0xff;
            pool.inspect(&flipped).unwrap();
        }
        let again = pool.inspect(&bytes).unwrap();
        assert_eq!(again.damage, None, "{format:?} whole, after all that");
    }
}

#[test]
fn what_is_no_picture_is_called_unsupported_or_unreadable() {
    for (bytes, kind, expected) in [
        (b"".as_slice(), "application/octet-stream", Damage::Unsupported),
        (b"hello", "application/octet-stream", Damage::Unsupported),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "image/svg+xml", Damage::Unsupported),
        (b"PK\x03\x04", "application/zip", Damage::Unsupported),
        (b"\xff\xd8\xff", "image/jpeg", Damage::Unreadable),
        (b"\xff\xd8\xff\xe0<html><script>", "image/jpeg", Damage::Unreadable),
        (b"\x89PNG\r\n\x1a\n", "image/png", Damage::Unreadable),
        (b"GIF89a", "image/gif", Damage::Unreadable),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic", Damage::Unreadable),
        (b"%PDF-1.7", "application/pdf", Damage::Unreadable),
    ] {
        let facts = pool().inspect(bytes).unwrap();
        assert_eq!(
            (facts.media_type.as_str(), facts.damage),
            (kind, Some(expected)),
            "{:?}",
            bytes.escape_ascii().to_string()
        );
        assert_eq!(facts.media_type, sniff(bytes));
        let refused = pool().render(bytes, &RenderRequest::default());
        assert!(matches!(refused, Err(MediaFault::Damaged(damage)) if damage == expected));
    }
}

#[test]
fn a_polyglot_becomes_pixels_and_nothing_else() {
    let tail = b"PK\x03\x04 a zip <script>alert(1)</script> %PDF-1.7";
    let polyglot = [jpeg(quarters(64, 48)), tail.to_vec()].concat();
    let intake = pool().intake(&polyglot, &RenderRequest::default()).unwrap();
    assert_eq!(intake.facts.media_type, "image/jpeg");
    let jpeg = intake.picture.unwrap().jpeg;
    assert!(!jpeg.windows(8).any(|eight| eight == b"<script>"), "nothing of the tail is carried over");
}

#[test]
fn a_jpeg_of_a_thousand_scans_ends() {
    let mut encoder = turbojpeg::Compressor::new().unwrap();
    encoder.set_progressive(true).unwrap();
    let picture = noise(512, 512);
    let format = turbojpeg::PixelFormat::RGB;
    let image =
        turbojpeg::Image { pixels: picture.as_raw().as_slice(), width: 512, pitch: 512 * 3, height: 512, format };
    let bytes = encoder.compress_to_vec(image).unwrap();
    assert_eq!(damage(&bytes), None, "an ordinary progressive picture is one");
    // The last scan, again and again.
    let scan = bytes.windows(2).rposition(|two| two == [0xff, 0xda]).unwrap();
    let end = bytes.len() - 2;
    let mut bomb = bytes[..end].to_vec();
    for _ in 0..1_000 {
        bomb.extend(&bytes[scan..end]);
    }
    bomb.extend([0xff, 0xd9]);
    let intake = pool().intake(&bomb, &RenderRequest::default()).unwrap();
    // Its first scans are read, the thousand are stepped over: an eighth of it.
    let reduced = intake.picture.is_some_and(|picture| picture.width.max(picture.height) <= 64);
    assert!(reduced || intake.facts.damage.is_some(), "{:?}", intake.facts);
}

#[test]
fn pdfs_with_tricks_are_drawn_or_refused_within_the_limits() {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>";
    let pages = "<< /Type /Pages /Count 1 /Kids [3 0 R] >>";
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 200 100] /Resources << /XObject << /X 5 0 R >> >>",
        "/X Do /X Do",
    );
    let actions = "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> \
                   /AA << /WC << /S /Launch /F (calc.exe) >> >> >>";
    let plain = stream("", "0 1 0 rg 0 0 200 100 re f");
    let calls = stream("", "/X Do");
    for (what, bytes) in [
        ("scripts and launches", pdf(&[actions, pages, page, &plain, &form])),
        ("a form that draws itself", pdf(&["<< /Type /Catalog /Pages 2 0 R >>", pages, page, &calls, &form])),
        (
            "pages that hold themselves",
            pdf(&["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"]),
        ),
        (
            "an endless page",
            pdf(&["<< /Type /Catalog /Pages 2 0 R >>", pages, &page.replace("200 100", "1e30 1e30"), &plain, &form]),
        ),
        (
            "a hair of a page",
            pdf(&["<< /Type /Catalog /Pages 2 0 R >>", pages, &page.replace("200 100", "0.001 5000"), &plain, &form]),
        ),
    ] {
        let intake = pool().intake(&bytes, &RenderRequest::default()).unwrap();
        let shown = intake.picture.is_some();
        assert!(shown || intake.facts.damage.is_some(), "{what}: {:?}", intake.facts);
    }
    let objects: Vec<&str> = ["<< /Type /Catalog /Pages 2 0 R >>", pages, page, plain.as_str(), form.as_str()]
        .into_iter()
        .chain(std::iter::repeat_n("(x)", 100_000))
        .collect();
    assert_eq!(damage(&pdf(&objects)), None, "many objects that no page uses cost nothing");
}
