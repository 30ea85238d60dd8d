//! What a hostile server costs: the real client in a process of its own, answers that never end, that
//! lie about their length or that grow when they are read, and how much memory the process took at its
//! highest.

use crate::program::{Program, STUCK};
use pingli_client::{
    Client, ClientConfig,
    remote::HttpConfig,
    view::{RowState, Settings, Stage},
};
use pingli_protocol::{IntentId, UtcInstant};
use pingli_store::keys::PassphraseCost;
use pingli_tests::{
    FaultRow, FileKeyring, Hall, new_id,
    proxy::{Endpoint, Fault, Proxy},
    sign_in_with,
};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Command, sync::Arc};

/// The most that one answer may cost beside what the client has anyway, in KiB: 16 MiB of text, once more
/// while the buffer for it grows, and 32 bytes for each of at most a million values, once more while
/// their list grows: 96 MiB, and a little for the way there.
const MOST: u64 = (16 + 16 + 32 + 32 + 16) << 10;

/// What is tried, what it is asked for, and what is done to it.
const CELLS: [(&str, &[Endpoint], &[Fault]); 5] = [
    ("sync", &[Endpoint::Changes], &ANSWERS),
    ("sync", &[Endpoint::Token], &ANSWERS),
    ("accept", &[Endpoint::Accept], &ANSWERS),
    ("pack", &[Endpoint::Pack, Endpoint::PackRange], &[Fault::Endless, Fault::EndlessByLength, Fault::GzipBomb]),
    ("events", &[Endpoint::Events], &[Fault::Endless, Fault::EndlessLine, Fault::GzipBomb]),
];

/// Seats whose packs are asked for: one a try, and one for the end.
const ACCEPTED: usize = 5;

const ANSWERS: [Fault; 7] = [
    Fault::Endless,
    Fault::EndlessByLength,
    Fault::EndlessPacked,
    Fault::GzipBomb,
    Fault::LongString,
    Fault::Deep,
    Fault::Wide,
];

/// Memory of a process in KiB, by the name of its line.
fn memory(process: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
}

/// A reviewer who is signed in, with some seats accepted and others offered; downloads begin when asked
/// for.
async fn prepare(folder: &Path, hall: &Hall, proxy: &Proxy, http: HttpConfig) {
    hall.add_reviewer("lin", "correct horse").await;
    for n in 0..ANSWERS.len() + ACCEPTED {
        hall.open_case(&format!("memory-{n}"), 1).await;
    }
    let browser = pingli_client::remote::build_http(&http).unwrap();
    let config = ClientConfig {
        http,
        keyring: Arc::new(FileKeyring(folder.join("key"))),
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        open_url: Arc::new(move |url| {
            let (url, browser) = (url.to_owned(), browser.clone());
            tokio::spawn(async move { sign_in_with(browser.client(), &url, "lin", "correct horse").await });
        }),
        ..ClientConfig::new(folder.join("data"))
    };
    let client = Client::start(config).await.unwrap();
    client.save_settings(Settings { download_at_once: false, ..Settings::default() }).await.unwrap();
    let mut changes = client.subscribe();
    client.sign_in(&proxy.url()).await.unwrap();
    let prepared = async {
        loop {
            let view = client.app_status().await.unwrap();
            let rows = client.docket().await.map(|view| view.rows).unwrap_or_default();
            let offered: Vec<_> = rows.into_iter().filter(|row| row.state == RowState::Offered).collect();
            if view.stage == Stage::Ready && offered.len() >= ACCEPTED {
                for row in offered.into_iter().take(ACCEPTED) {
                    client.accept_seat(new_id::<IntentId>(), row.seat).await.unwrap();
                }
                return client.send_now().await.unwrap();
            }
            let _ = changes.recv().await;
        }
    };
    tokio::time::timeout(STUCK, prepared).await.expect("signed in");
    client.sync_now().await.unwrap();
    client.shut_down(false).await;
}

/// Gives an order and waits until it is done; answers with the code.
fn ask(client: &mut Program, what: &str) -> Option<String> {
    client.tell(&json!({"do": "try", "what": what}));
    loop {
        let line: Value = serde_json::from_str(&client.line().expect("the client lives")).unwrap();
        if line["did"] == "try" {
            return line["outcome"].as_str().map(str::to_owned);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_costs_more_memory_than_an_answer_may() {
    let folder = tempfile::tempdir().unwrap();
    let proxy = Proxy::open().await;
    let public = proxy.url();
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = UtcInstant::from_millis(i64::try_from(since.as_millis()).unwrap());
    let hall = Hall::open_with(now, move |config| {
        config.public_url = Some(public.parse().unwrap());
        // Every request changes its token first.
        config.rules.access_token = super::AT_ONCE;
    })
    .await;
    proxy.lead_to(hall.address());
    let http = HttpConfig { extra_roots: vec![Proxy::root()], ..HttpConfig::default() };
    prepare(folder.path(), &hall, &proxy, http).await;
    let root = folder.path().join("root.der");
    fs::write(&root, Proxy::root()).unwrap();
    // A client without bounds ends by this one, and takes nobody along.
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 6000000; exec \"$0\" \"$1\"", env!("CARGO_BIN_EXE_pingli-tests-client")]);
    command.arg(folder.path()).env("PINGLI_TESTS_ROOT", root);
    let mut client = Program::start(command);
    let process = client.id();
    assert_eq!(ask(&mut client, "sync"), None, "all is well at first");

    let (mut points, mut broken) = (0, Vec::new());
    for (what, endpoints, faults) in CELLS {
        for fault in faults {
            points += 1;
            let before = memory(process, "VmRSS");
            fs::write(format!("/proc/{process}/clear_refs"), "5").unwrap();
            proxy.plan(endpoints, *fault, 0);
            let code = if what == "events" {
                // The channel is opened anew, and its end is noticed by the next.
                proxy.hang_up();
                tokio::time::timeout(STUCK, proxy.ended()).await.expect("an end of the channel");
                Some(String::new())
            } else {
                tokio::task::block_in_place(|| ask(&mut client, what))
            };
            let cost = memory(process, "VmHWM").saturating_sub(before);
            let befell = proxy.hits() > 0;
            proxy.lift();
            if code.is_none() || !befell || cost > MOST {
                broken.push(format!("{what} × {fault:?}: {code:?}, {cost} KiB"));
            }
            if std::env::var_os("PINGLI_FAULT_COSTS").is_some() {
                #[expect(clippy::print_stderr, reason = "asked for")]
                {
                    eprintln!("{what} × {fault:?}: {code:?}, {cost} KiB");
                }
            }
        }
    }
    assert_eq!(tokio::task::block_in_place(|| ask(&mut client, "pack")), None, "and afterwards it goes on");
    let packs = fs::read_dir(folder.path().join("data/packs")).unwrap().flatten();
    let bytes: u64 = packs.map(|entry| entry.metadata().unwrap().len()).sum();
    assert!(bytes < 1 << 20, "nothing of it is on the disk: {bytes} bytes");
    client.end();
    assert!(broken.is_empty(), "{broken:#?}");
    let violations = broken.len() as u64;
    FaultRow { id: "F5 memory", name: "answers that never end, by their cost", points, violations, target: 27 }.close();
}
