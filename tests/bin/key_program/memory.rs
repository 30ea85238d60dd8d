//! A program that opens, works and locks as it is told, while somebody looks at its memory.

use crate::program::ACCOUNT;
use pingli_client::{
    Client, ClientConfig,
    view::{RowState, Stage},
};
use pingli_protocol::IntentId;
use pingli_store::keys::PassphraseCost;
use pingli_tests::{media_worker, new_id, sign_in_by_script};
use std::{fs::File, io::Read as _, path::Path, sync::Arc};

/// Longest line on the standard input.
const LINE: usize = 128;

/// Does what the lines say: `open` with a passphrase, `sign-in` at a server, `case` takes a case and opens
/// it, `lock`; says each first word when that is done, and waits.
#[expect(clippy::print_stdout, reason = "says what it has done")]
pub(crate) fn work(folder: &Path) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let config = ClientConfig {
        keyring: Arc::new(pingli_tests::MemoryKeyring::default()),
        media_worker: (media_worker(), Vec::new()),
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        open_url: Arc::new(move |url| {
            let url = url.to_owned();
            tokio::spawn(async move { sign_in_by_script(&url, ACCOUNT.0, ACCOUNT.1).await });
        }),
        ..ClientConfig::new(folder)
    };
    let client = Client::begin(config).expect("a client");
    // The library's standard input keeps what went through it: a passphrase that is found is the program's.
    let mut orders = File::open("/dev/stdin").expect("orders");
    while let Some(mut line) = next(&mut orders) {
        let (order, word) = line.split_once(' ').unwrap_or((line.as_str(), ""));
        let order = order.to_owned();
        runtime.block_on(async {
            match order.as_str() {
                "open" => drop(client.unlock(Some(word.to_owned())).await.expect("it opens")),
                "sign-in" => sign_in(&client, word).await,
                "case" => open_a_case(&client).await,
                _ => drop(client.lock_now().await.expect("there is a passphrase")),
            }
        });
        zeroize::Zeroize::zeroize(&mut line);
        println!("{order}");
    }
}

/// The next line; nothing of it stays in a buffer.
fn next(from: &mut File) -> Option<String> {
    let mut line = String::with_capacity(LINE);
    loop {
        let mut byte = [0];
        match from.read(&mut byte) {
            Ok(1) if byte[0] == b'\n' => return Some(line),
            Ok(1) => line.push(char::from(byte[0])),
            _ => return None,
        }
        assert!(line.len() < LINE, "a short line");
    }
}

async fn sign_in(client: &Client, server: &str) {
    let mut changes = client.subscribe();
    client.sign_in(server).await.expect("a sign-in that begins");
    loop {
        let view = client.app_status().await.expect("a state");
        if view.stage == Stage::Ready && view.sync.last_complete.is_some() {
            return;
        }
        let _ = changes.recv().await;
    }
}

async fn open_a_case(client: &Client) {
    let mut changes = client.subscribe();
    let seat = client.docket().await.expect("a docket").rows.remove(0).seat;
    client.accept_seat(new_id::<IntentId>(), seat.clone()).await.expect("taken");
    loop {
        let row = client.docket().await.expect("a docket").rows.remove(0);
        if row.state == RowState::ReadyOffline {
            break;
        }
        let _ = changes.recv().await;
    }
    client.open_case(seat).await.expect("a case");
    client.sync_now().await.expect("and one more round with the token");
}
