//! A program that opens and locks as it is told, while somebody looks at its memory.

use pingli_client::{Client, ClientConfig};
use pingli_store::keys::PassphraseCost;
use std::{io::BufRead as _, path::Path, sync::Arc};

/// Opens a folder with the passphrase on the first line, locks at the next line, and waits.
#[expect(clippy::print_stdout, reason = "says what it has done")]
pub(crate) fn open_and_lock(folder: &Path) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let config = ClientConfig {
        keyring: Arc::new(pingli_tests::MemoryKeyring::default()),
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..ClientConfig::new(folder)
    };
    let client = Client::begin(config).expect("a client");
    let mut lines = std::io::stdin().lock().lines().map_while(Result::ok);
    let passphrase = lines.next().expect("a passphrase");
    runtime.block_on(client.unlock(Some(passphrase.clone()))).expect("it opens");
    println!("{passphrase}");
    for line in lines {
        runtime.block_on(client.lock_now()).expect("there is a passphrase");
        println!("{line}");
    }
}
