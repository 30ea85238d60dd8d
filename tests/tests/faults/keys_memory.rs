//! What a locked program still has in memory, after it was signed in and had a case open: nothing that would
//! open the data.

use crate::shop::clock;
use pingli_store::{
    Store,
    keys::{KeyStore, Keyring as _, PassphraseCost},
};
use pingli_tests::{Hall, MemoryKeyring, Scanner};
use sha2::Digest as _;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::FileExt as _,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

const PASSPHRASE: &str = "a good passphrase";

/// How much is looked at at a time, and what overlaps: more than the longest shape of what is looked for.
const PIECE: usize = 256 << 10;
const OVERLAP: usize = 1 << 10;

/// How often each of what is looked for stands in what a process has written to.
fn found(process: u32, scanner: &Scanner) -> BTreeMap<String, usize> {
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let (mut buffer, zeros) = (vec![0; PIECE + OVERLAP], vec![0; PIECE + OVERLAP]);
    let mut hits = BTreeMap::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (mut at, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        while at < to {
            let length = usize::try_from(to - at).unwrap().min(buffer.len());
            // Some mappings, of devices say, cannot be read; keys are not kept there.
            let Ok(read) = memory.read_at(&mut buffer[..length], at) else { break };
            // Much was never written to.
            if buffer[..read] != zeros[..read] {
                for ((name, _), times) in scanner.look(&buffer[..read]) {
                    *hits.entry(name).or_default() += times;
                }
            }
            at += PIECE as u64;
        }
    }
    hits
}

fn derived(key: &[u8], purpose: &str) -> Vec<u8> {
    let mut hash = sha2::Sha256::new();
    hash.update((purpose.len() as u64).to_be_bytes());
    hash.update(purpose.as_bytes());
    hash.update(key);
    hash.finalize().to_vec()
}

/// The key of a folder's only case, read beside the program that has it open.
fn case_key(folder: &Path, database_key: &str) -> Vec<u8> {
    let database = rusqlite::Connection::open(folder.join("pingli.db")).unwrap();
    database
        .execute_batch(&format!(
            "pragma key = \"x'{database_key}'\"; pragma cipher_page_size = 16384; pragma cipher_hmac_algorithm = HMAC_SHA256;"
        ))
        .unwrap();
    database.query_row("select key from case_key", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_locked_program_has_neither_its_key_nor_its_passphrase_in_memory() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let hall = runtime.block_on(async {
        let hall = Hall::open(clock()).await;
        hall.add_reviewer("lin", "correct horse").await;
        hall.open_case("memory", 1).await;
        hall
    });
    let folder = tempfile::tempdir().unwrap();
    let cost = PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 };
    let keyring = Arc::new(MemoryKeyring::default());
    let fill = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
    let keys = KeyStore::new(folder.path(), Arc::clone(&keyring) as _, fill, cost);
    let key = keys.unlock_by_keyring().unwrap();
    keys.set_passphrase(&key, PASSPHRASE).unwrap();
    let header = pingli_store::keys::HeaderFile::read(folder.path()).unwrap();
    let secret = keyring.get(&header.any().unwrap().entry).unwrap().remove(0);

    let mut program = Command::new(env!("CARGO_BIN_EXE_pingli-key-program"))
        .arg("memory")
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut say = program.stdin.take().unwrap();
    let mut hear = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut ask = |order: &str| {
        writeln!(say, "{order}").unwrap();
        let word = order.split(' ').next().unwrap();
        assert_eq!(hear.next().unwrap().unwrap(), word, "the program does as it is told");
    };
    ask(&format!("open {PASSPHRASE}"));
    ask(&format!("sign-in {}", hall.url));
    ask("case");
    let database = derived(&secret, "pingli database key 1");
    let case = case_key(folder.path(), &pingli_tests::database_key(&secret));
    let tokens = Store::open(folder.path(), &key).unwrap().tokens().unwrap().unwrap();
    let mut scanner = Scanner::default();
    scanner.bytes("the data key", &secret);
    scanner.bytes("the database's key", &database);
    scanner.bytes("the case's key", &case);
    scanner.text("the passphrase", PASSPHRASE);
    scanner.text("the access token", &tokens.access);
    scanner.text("the refresh token", &tokens.refresh);
    assert!(scanner.finds_all_planted(), "what is looked for would be found");
    let open = found(program.id(), &scanner);
    ask("lock");
    let mut locked = found(program.id(), &scanner);
    program.kill().unwrap();
    program.wait().unwrap();
    // The search finds what is there while it is open.
    for name in ["the data key", "the case's key", "the access token"] {
        assert!(open.contains_key(name), "{name}, while it is open: {open:?}");
    }
    // What libraries had in their buffers is not wiped: tokens and the keys of cases may stay until the program
    // ends (SECURITY.md).
    locked.retain(|name, _| !name.ends_with("token") && *name != "the case's key");
    assert_eq!(locked, BTreeMap::new(), "after the lock; before, {open:?}");
}
