//! What a locked program still has in memory: the keys that were there while it was open are not.

use pingli_store::keys::{KeyStore, Keyring as _, PassphraseCost};
use pingli_tests::MemoryKeyring;
use sha2::Digest as _;
use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::FileExt as _,
    process::{Command, Stdio},
    sync::Arc,
};

const PASSPHRASE: &str = "a good passphrase";

/// How often any of these bytes stand in what a process has written to.
fn found(process: u32, needles: &[Vec<u8>]) -> usize {
    const CHUNK: usize = 4 << 20;
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let longest = needles.iter().map(Vec::len).max().unwrap();
    let mut buffer = vec![0; CHUNK + longest];
    let mut hits = 0;
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (mut at, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        while at < to {
            let length = usize::try_from(to - at).unwrap().min(buffer.len());
            // Some mappings, of devices say, cannot be read; keys are not kept there.
            let Ok(read) = memory.read_at(&mut buffer[..length], at) else { break };
            for needle in needles {
                hits += buffer[..read].windows(needle.len()).filter(|window| window == needle).count();
            }
            at += CHUNK as u64;
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

#[test]
fn a_locked_program_has_no_key_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let cost = PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 };
    let keyring = Arc::new(MemoryKeyring::default());
    let fill = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
    let keys = KeyStore::new(folder.path(), Arc::clone(&keyring) as _, fill, cost);
    let key = keys.unlock_by_keyring().unwrap();
    keys.set_passphrase(&key, PASSPHRASE).unwrap();
    let header = pingli_store::keys::HeaderFile::read(folder.path()).unwrap();
    let secret = keyring.get(&header.any().unwrap().entry).unwrap().remove(0);
    let database = derived(&secret, "pingli database key 1");
    let hex: String = database.iter().map(|byte| format!("{byte:02x}")).collect();
    let needles = [secret.to_vec(), database, hex.clone().into_bytes(), hex.to_uppercase().into_bytes()];

    let mut program = Command::new(env!("CARGO_BIN_EXE_pingli-key-program"))
        .arg("memory")
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut say = program.stdin.take().unwrap();
    let mut hear = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut ask = |what: &str| {
        writeln!(say, "{what}").unwrap();
        assert_eq!(hear.next().unwrap().unwrap(), what, "the program does as it is told");
    };
    ask(PASSPHRASE);
    assert!(found(program.id(), &needles[..1]) > 0, "while it is open the key is there: the search finds it");
    ask("lock");
    let left = needles.iter().map(|needle| found(program.id(), std::slice::from_ref(needle))).collect::<Vec<_>>();
    program.kill().unwrap();
    program.wait().unwrap();
    assert_eq!(left, [0; 4], "data key, database key, and the same in digits, after the lock");
}
