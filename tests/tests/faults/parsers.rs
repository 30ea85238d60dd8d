//! Every parser of ours under many thousand mutations of what it reads: no panic, no input that takes a
//! second, no memory beyond a bound. The bodies are those of the fuzz targets in `fuzz/`.

use crate::mutate::{Dice, mutate};
use pingli_tests::{FaultRow, rounds, seed};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

#[path = "../../../fuzz/bodies/client.rs"]
mod client;
#[path = "../../../fuzz/bodies/media.rs"]
mod media;
#[path = "../../../fuzz/bodies/server.rs"]
mod server;
#[path = "../../../fuzz/bodies/wire.rs"]
mod wire;

/// Inputs of an ordinary run, over all targets.
const ORDINARY: u64 = 50_000;
/// No input may take longer.
const LONGEST: Duration = Duration::from_secs(1);
/// The most memory that the process may have taken at its peak, in KiB.
const MOST_MEMORY: u64 = 512 << 10;

struct Target {
    name: &'static str,
    run: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
    words: &'static [&'static str],
    /// Of 1,000 inputs, so many.
    share: u64,
}

const fn target(
    name: &'static str,
    run: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
    words: &'static [&'static str],
    share: u64,
) -> Target {
    Target { name, run, seeds, words, share }
}

const TARGETS: [Target; 21] = [
    target("pack", wire::pack, wire::pack_seeds, &wire::WORDS, 60),
    target("pack_contents", wire::pack_contents, wire::pack_contents_seeds, &wire::WORDS, 60),
    target("case_document", wire::case_document, wire::case_document_seeds, &wire::WORDS, 60),
    target("change_page", wire::change_page, wire::change_page_seeds, &wire::WORDS, 60),
    target("acts", wire::acts, wire::act_seeds, &wire::WORDS, 50),
    target("signed_text", wire::signed_text, wire::signed_text_seeds, &wire::WORDS, 40),
    target("server_description", wire::server_description, wire::server_description_seeds, &wire::WORDS, 40),
    target("words", wire::words, wire::word_seeds, &wire::WORDS, 50),
    target("json_limits", wire::json_limits, wire::json_limits_seeds, &wire::WORDS, 50),
    target("chat", client::chat, client::chat_seeds, &client::WORDS, 60),
    target("body", client::body, client::body_seeds, &client::WORDS, 70),
    target("server_answer", client::server_answer, client::server_answer_seeds, &client::WORDS, 50),
    target("events", client::events, client::event_seeds, &client::WORDS, 40),
    target("link", client::link, client::link_seeds, &client::WORDS, 50),
    target("signed_in", client::signed_in, client::signed_in_seeds, &client::WORDS, 30),
    target("citations", client::citations, client::citation_seeds, &client::WORDS, 30),
    target("key_header", client::key_header, client::key_header_seeds, &client::WORDS, 50),
    target("exif", media::exif_facts, media::exif_seeds, &media::WORDS, 70),
    target("coarse_jpeg", media::coarse_jpeg, media::coarse_jpeg_seeds, &media::WORDS, 40),
    target("worker_answer", media::answer, media::answer_seeds, &media::WORDS, 40),
    // Its files are larger and cost more each.
    target("intake", server::intake, server::intake_seeds, &server::WORDS, 20),
];

/// Runs one input; what is wrong, if anything is.
fn fault(target: &Target, input: &[u8]) -> Option<String> {
    for again in [false, true] {
        let began = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| (target.run)(input))).is_err() {
            return Some("a panic".to_owned());
        }
        let took = began.elapsed();
        // A machine that is busy may have held it up: only what is slow twice is slow.
        if took < LONGEST {
            return None;
        }
        if again {
            return Some(format!("it took {took:?}"));
        }
    }
    None
}

fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

#[expect(clippy::print_stderr, reason = "an input that fails is kept in the log")]
fn tell(target: &Target, what: &str, input: &[u8]) {
    let shown: String =
        input.iter().take(600).flat_map(|byte| std::ascii::escape_default(*byte)).map(char::from).collect();
    eprintln!("{}: {what}, {} bytes: {shown}", target.name, input.len());
}

#[test]
fn every_seed_is_whole_and_reads() {
    for target in &TARGETS {
        for input in (target.seeds)() {
            assert_eq!(fault(target, &input), None, "{}", target.name);
        }
    }
    // A seed that no longer reads would leave its parser untried.
    assert!(client::chat_seeds().iter().all(|seed| pingli_client::parsers::chat_log(seed).is_some()));
    assert!(client::body_seeds().iter().all(|seed| pingli_client::parsers::evidence_body(seed).is_some()));
    assert!(
        client::link_seeds()
            .iter()
            .all(|seed| str::from_utf8(seed).is_ok_and(|text| text.parse::<pingli_client::Link>().is_ok()))
    );
    assert!(media::exif_seeds().iter().all(|seed| {
        pingli_media::parsers::exif(seed)
            .is_some_and(|facts| facts.captured_at.is_some() && facts.orientation == Some(6))
    }));
    assert!(media::coarse_jpeg_seeds().iter().all(|seed| pingli_media::parsers::coarse(seed).is_some()));
    assert!(media::answer_seeds().iter().all(|seed| pingli_media::parsers::worker_answer(seed).is_some()));
    let reads = |seed: &Vec<u8>| serde_json::from_slice::<pingli_protocol::sync::ChangePage>(seed).map(|_| ());
    for seed in wire::change_page_seeds() {
        reads(&seed).unwrap();
    }
    assert!(wire::server_description_seeds().iter().all(|seed| {
        serde_json::from_slice::<pingli_protocol::server::ServerDescription>(seed)
            .is_ok_and(|described| pingli_casepack::ServerKeys::first_meeting(&described.keys).is_ok())
    }));
    let header = |seed: &Vec<u8>| pingli_store::keys::HeaderFile::parse(seed);
    assert!(
        client::key_header_seeds().iter().all(|seed| matches!(header(seed), pingli_store::keys::HeaderFile::Read(_)))
    );
    assert!(pingli_server::intake::parsers::case_file(&server::intake_seeds()[0]).is_ok());
    assert!(pingli_server::intake::parsers::chat_file(&server::intake_seeds()[1]).is_ok());
}

#[test]
fn no_mutation_panics_hangs_or_takes_much_memory() {
    if let Some(folder) = std::env::var_os("PINGLI_WRITE_CORPUS").map(std::path::PathBuf::from) {
        write_corpus(&folder);
    }
    let (seed, rounds) = (seed(), rounds());
    // The default hook would write a page for each panic that is counted below.
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let (mut points, mut violations) = (0, 0);
    let shares: u64 = TARGETS.iter().map(|target| target.share).sum();
    for (number, target) in (0_u64..).zip(&TARGETS) {
        let seeds = (target.seeds)();
        let mut dice = Dice::new(seed.wrapping_add(number));
        for _ in 0..(ORDINARY * rounds * target.share).div_ceil(shares) {
            let (one, other) = (dice.pick(&seeds).clone(), dice.pick(&seeds).clone());
            let input = mutate(&mut dice, &one, &other, target.words);
            points += 1;
            if let Some(what) = fault(target, &input) {
                violations += 1;
                tell(target, &what, &input);
            }
        }
    }
    std::panic::set_hook(before);
    let peak = peak_memory_kib();
    assert!(peak < MOST_MEMORY, "the parsers took {peak} KiB at their peak");
    FaultRow {
        id: "H parsers",
        name: "mutated inputs of every parser: no panic, no second, no memory beyond 512 MiB",
        points,
        violations,
        target: ORDINARY,
    }
    .close();
}

/// Writes the seeds where `cargo fuzz` looks for them: a folder for each target.
fn write_corpus(folder: &std::path::Path) {
    for target in &TARGETS {
        let home = folder.join(target.name);
        std::fs::create_dir_all(&home).expect("a folder");
        for (number, input) in (0..).zip((target.seeds)()) {
            std::fs::write(home.join(format!("seed-{number}")), input).expect("a seed");
        }
    }
}

/// Documents that grow when they are read, as large as they may come.
#[test]
fn what_grows_when_it_is_read_is_refused_before() {
    use pingli_client::parsers::{answer, evidence_body, failure};
    let before = peak_memory_kib();
    let list = |item: &str, bytes: usize| format!("{}{item}", format!("{item},").repeat(bytes / (item.len() + 1)));
    let page = |changes: &str, cursor: &str| {
        format!(
            r#"{{"changes":[{changes}],"cursor":{cursor},"more":false,"server_time":"2026-11-20T12:00:00Z","digests":[]}}"#
        )
    };
    let gone = r#"{"id":"","version":1,"body":{"kind":"gone","record":{"collection":"seats"}}}"#;
    let texts = |bytes| format!(r#"{{"kind":"statement","side":"buyer","paragraphs":[{}]}}"#, list(r#""""#, bytes));
    let deep = |open: &str, depth: usize| open.repeat(depth);
    let read = |json: &str| answer::<pingli_protocol::sync::ChangePage>(json.as_bytes()).map(|page| page.changes.len());
    assert_eq!(read(&page(gone, r#""c""#)), Ok(1), "an ordinary page");
    for (what, json) in [
        ("a million changes and more", page(&list(gone, 15 << 20), r#""c""#)),
        ("a text of 5 MiB", page("", &format!("\"{}\"", "x".repeat(5 << 20)))),
        ("100,000 deep", page(&deep("[", 100_000), r#""c""#)),
        ("100,000 deep in a field that nobody knows", page("", &format!(r#""c","x":{}"#, deep("{\"a\":", 100_000)))),
        ("17 MiB", page("", &format!("\"c\"{}", " ".repeat(17 << 20)))),
        ("a name twice", page("", r#""c","cursor":"d""#)),
        ("a lone surrogate", page("", r#""\ud800""#)),
        ("a version of 2^63", page(&gone.replace("\"version\":1", "\"version\":9223372036854775808"), r#""c""#)),
    ] {
        assert!(read(&json).is_err(), "{what}");
    }
    assert!(evidence_body(texts(1 << 20).as_bytes()).is_some(), "350,000 paragraphs are read");
    assert!(evidence_body(texts(60 << 20).as_bytes()).is_none(), "20 million are not");
    let line = format!(r#"{{"kind":"statement","side":"buyer","paragraphs":["{}"]}}"#, "长".repeat(350_000));
    assert!(evidence_body(line.as_bytes()).is_some(), "a line of 1 MiB is evidence like any other");
    let problem =
        |detail: &str| format!(r#"{{"type":"t","title":"t","status":409,"code":"seat_ended","detail":{detail}}}"#);
    assert!(!failure(409, None, problem("\"d\"").as_bytes()).is_transient(), "a refusal");
    for (what, detail) in [("deep", deep("[", 60_000)), ("long", format!("\"{}\"", "x".repeat(60_000)))] {
        assert!(failure(409, None, problem(&detail).as_bytes()).is_transient(), "{what} is no problem document");
    }
    let grown = peak_memory_kib().saturating_sub(before);
    assert!(grown < MOST_MEMORY, "it took {grown} KiB");
}
