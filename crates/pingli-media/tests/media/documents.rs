//! PDFs that would do something, that go round in circles, or that unfold without end. Each is drawn
//! or refused within the limits, and the next file is shown.

use crate::{inputs::*, pool};
use pingli_media::{Damage, Intake, RenderRequest, WorkerPool};
use std::fmt::Write as _;

const CATALOGUE: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES: &str = "<< /Type /Pages /Count 1 /Kids [3 0 R] >>";
const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>";

fn green() -> String {
    stream("", "0 1 0 rg 0 0 200 100 re f")
}

fn intake(pool: &WorkerPool, bytes: &[u8]) -> Intake {
    pool.intake(bytes, &RenderRequest::default()).unwrap()
}

fn is_green(intake: &Intake) -> bool {
    let Some(picture) = &intake.picture else { return false };
    let shown = shown(picture);
    let middle = shown.get_pixel(shown.width() / 2, shown.height() / 2).0;
    middle[1] > 200 && middle[0] < 60 && middle[2] < 60
}

#[test]
fn what_a_document_would_do_is_not_done() {
    let pool = pool();
    let actions = [
        "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        "/OpenAction << /S /Launch /F (/bin/true) /Win << /F (calc.exe) >> >>",
        "/OpenAction << /S /URI /URI (https://elsewhere.example/seen) >>",
        "/OpenAction << /S /GoToR /F (file:///etc/passwd) >>",
        "/OpenAction << /S /SubmitForm /F (https://elsewhere.example/) >>",
        "/AA << /WC << /S /JavaScript /JS (1) >> /DS << /S /Launch /F (x) >> >>",
        "/Names << /JavaScript << /Names [(x) << /S /JavaScript /JS (1) >>] >> /EmbeddedFiles << /Names [(a.exe) << /Type /Filespec /F (a.exe) /EF << /F 4 0 R >> >>] >> >>",
        "/AcroForm << /XFA 4 0 R /Fields [] >>",
    ];
    for action in actions {
        let catalogue = format!("<< /Type /Catalog /Pages 2 0 R {action} >>");
        let intake = intake(&pool, &pdf(&[&catalogue, PAGES, PAGE, &green()]));
        assert!(is_green(&intake), "{action}: the page is drawn, {:?}", intake.facts.damage);
    }
    // An attachment that is shown as a note on the page, and links that cover it.
    let notes = "/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 200 100] /FS << /F (a.exe) >> >> \
                 << /Type /Annot /Subtype /Link /Rect [0 0 200 100] /A << /S /URI /URI (javascript:1) >> >>] >>";
    let page = PAGE.replace(">>", notes);
    assert!(is_green(&intake(&pool, &pdf(&[CATALOGUE, PAGES, &page, &green()]))), "the page without its notes");
    // Pictures and texts from elsewhere are not fetched.
    let outside = "<< /F << /FS /URL /F (https://elsewhere.example/x) >> /Length 0 >>\nstream\n\nendstream";
    let found = intake(&pool, &pdf(&[CATALOGUE, PAGES, PAGE, outside]));
    assert!(found.picture.is_some() || found.facts.damage.is_some(), "an empty page or none");
}

#[test]
fn circles_come_to_an_end() {
    let pool = pool();
    let form = |dictionary: &str, content: &str| {
        stream(&format!("/Type /XObject /Subtype /Form /BBox [0 0 200 100] {dictionary}"), content)
    };
    let page = PAGE.replace(
        "/Contents 4 0 R",
        "/Contents 4 0 R /Resources << /XObject << /X 5 0 R >> /Pattern << /P 5 0 R >> /Font << /F 5 0 R >> >>",
    );
    let twice = form("/Resources << /XObject << /X 6 0 R >> >>", &"/X Do ".repeat(20));
    let back = form("/Resources << /XObject << /X 5 0 R >> >>", &"/X Do ".repeat(20));
    let calls = stream("", "/X Do");
    let pattern = stream(
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 /Resources << /Pattern << /P 5 0 R >> >>",
        "/Pattern cs /P scn 0 0 1 1 re f",
    );
    let paints = stream("", "/Pattern cs /P scn 0 0 200 100 re f");
    let glyphs = "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> \
                  /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [1] /Resources << /Font << /F 5 0 R >> >> >>";
    let glyph = stream("", "BT /F 9 Tf (aaaaaaaa) Tj ET");
    let mask = stream(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 5 0 R",
        "x",
    );
    for (what, objects) in [
        ("two forms that draw each other", vec![CATALOGUE, PAGES, &page, &calls, &twice, &back]),
        ("a pattern painted with itself", vec![CATALOGUE, PAGES, &page, &paints, &pattern]),
        ("a letter written with itself", vec![CATALOGUE, PAGES, &page, &glyph, glyphs, &glyph]),
        ("a picture that masks itself", vec![CATALOGUE, PAGES, &page, &calls, &mask]),
        ("contents that contain themselves", vec![CATALOGUE, PAGES, PAGE, "[4 0 R 4 0 R]"]),
        ("a length that is itself", vec![CATALOGUE, PAGES, PAGE, "<< /Length 4 0 R >>\nstream\n0 1 0 rg\nendstream"]),
        (
            "a size inherited in a circle",
            vec![
                CATALOGUE,
                "<< /Type /Pages /Parent 3 0 R /Count 1 /Kids [3 0 R] >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox 3 0 R /Contents 4 0 R >>",
            ],
        ),
        ("a catalogue that is its own pages", vec!["<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 99999999 >>"]),
    ] {
        let found = intake(&pool, &pdf(&objects));
        assert!(found.picture.is_some() || found.facts.damage.is_some(), "{what}");
    }
    assert!(is_green(&intake(&pool, &pdf(&[CATALOGUE, PAGES, PAGE, &green()]))), "and the next file is shown");
}

#[test]
fn trees_and_lists_without_end_come_to_an_end() {
    let pool = pool();
    // Pages below pages below pages, 20,000 deep, with the only page at the bottom.
    let mut objects = vec![CATALOGUE.to_owned()];
    objects.extend((3..20_003).map(|kid| format!("<< /Type /Pages /Count 1 /Kids [{kid} 0 R] >>")));
    objects.push("<< /Type /Page /MediaBox [0 0 200 100] >>".to_owned());
    let deep = pdf(&objects.iter().map(String::as_str).collect::<Vec<_>>());
    let nested = pdf(&[
        CATALOGUE,
        PAGES,
        &PAGE.replace("/Contents", &format!("/X {} /Contents", "[".repeat(200_000))),
        &green(),
    ]);
    let dictionaries = pdf(&[
        CATALOGUE,
        PAGES,
        &PAGE.replace("/Contents", &format!("/X {} /Contents", "<< /A ".repeat(100_000))),
        &green(),
    ]);
    let saves = pdf(&[CATALOGUE, PAGES, PAGE, &stream("", &"q ".repeat(500_000))]);
    let clips = pdf(&[CATALOGUE, PAGES, PAGE, &stream("", &"0 0 200 100 re W n ".repeat(20_000))]);
    let marks = pdf(&[CATALOGUE, PAGES, PAGE, &stream("", &"/A << /B ".repeat(50_000))]);
    // A table of places that leads to itself, for ever.
    let mut looped = String::from_utf8(pdf(&[CATALOGUE, PAGES, PAGE, &green()])).unwrap();
    let table = looped.rfind("xref\n0").unwrap();
    looped = looped.replace("/Root 1 0 R", &format!("/Root 1 0 R /Prev {table}"));
    let many_pages = {
        let kids = "3 0 R ".repeat(300_000);
        pdf(&[CATALOGUE, &format!("<< /Type /Pages /Count 300000 /Kids [{kids}] >>"), PAGE, &green()])
    };
    for (what, bytes) in [
        ("20,000 levels of pages", deep.as_slice()),
        ("200,000 lists inside each other", &nested),
        ("100,000 dictionaries inside each other", &dictionaries),
        ("500,000 saved states", &saves),
        ("20,000 clips", &clips),
        ("50,000 marks inside each other", &marks),
        ("a table that follows itself", looped.as_bytes()),
        ("300,000 pages that are one", &many_pages),
    ] {
        let found = intake(&pool, bytes);
        assert!(found.picture.is_some() || found.facts.damage.is_some(), "{what}");
    }
    assert!(is_green(&intake(&pool, &pdf(&[CATALOGUE, PAGES, PAGE, &green()]))), "and the next file is shown");
}

#[test]
fn a_million_objects_cost_no_more_than_their_bytes() {
    let mut text = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    let green = green();
    for (number, body) in
        (1..).zip([CATALOGUE, PAGES, PAGE, &green].into_iter().chain(std::iter::repeat_n("1", 1_000_000)))
    {
        places.push(text.len());
        write!(text, "{number} 0 obj\n{body}\nendobj\n").unwrap();
    }
    let table = text.len();
    write!(text, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).unwrap();
    places.iter().for_each(|place| writeln!(text, "{place:010} 00000 n ").unwrap());
    write!(text, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", places.len() + 1).unwrap();
    let found = intake(&pool(), text.as_bytes());
    assert!(is_green(&found) || found.facts.damage == Some(Damage::TooLarge), "{:?}", found.facts);
}

#[test]
fn streams_that_unfold_without_end_are_cut_off() {
    let pool = pool();
    let packed = |filters: &str, bytes: &[u8]| {
        let mut out = format!("<< /Filter {filters} /Length {} >>\nstream\n", bytes.len()).into_bytes();
        out.extend(bytes);
        out.extend(b"\nendstream");
        out
    };
    let once = zeros(560 << 20);
    let mut twice = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut twice, &once).unwrap();
    let twice = twice.finish().unwrap();
    let hexadecimal = "0".repeat(4 << 20);
    for (what, contents) in [
        ("560 MiB of nothing", packed("/FlateDecode", &once)),
        ("packed twice", packed("[/FlateDecode /FlateDecode]", &twice)),
        ("a thousand filters", packed(&format!("[{}]", "/ASCIIHexDecode ".repeat(1_000)), hexadecimal.as_bytes())),
        ("run lengths", packed("[/RunLengthDecode /RunLengthDecode]", &[129; 1 << 20])),
    ] {
        let bytes = with_contents(&contents);
        let found = intake(&pool, &bytes);
        assert!(found.picture.is_some() || found.facts.damage.is_some(), "{what}");
    }
    assert!(is_green(&intake(&pool, &pdf(&[CATALOGUE, PAGES, PAGE, &green()]))), "and the next file is shown");
}

/// A PDF whose page has these contents, which may be any bytes.
fn with_contents(contents: &[u8]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, body) in (1..).zip([CATALOGUE.as_bytes(), PAGES.as_bytes(), PAGE.as_bytes(), contents]) {
        places.push(out.len());
        out.extend([format!("{number} 0 obj\n").as_bytes(), body, b"\nendobj\n"].concat());
    }
    let table = out.len();
    let mut end = "xref\n0 5\n0000000000 65535 f \n".to_owned();
    places.iter().for_each(|place| writeln!(end, "{place:010} 00000 n ").unwrap());
    write!(end, "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").unwrap();
    out.extend(end.into_bytes());
    out
}
