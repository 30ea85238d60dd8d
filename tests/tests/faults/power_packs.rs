//! F2 of the evidence: a pack of which the program said that it is whole is whole and has its name, however
//! the disk comes back.

use crate::replay::{Call, Folder, record};
use pingli_faultfs::Random;
use pingli_store::{BLOB_CHUNK, BlobKey, BlobReader};
use pingli_tests::{FaultRow, rounds, seed};
use std::{fs, io::Read as _};

/// States of an ordinary run.
const STATES: u64 = 120;

#[test]
fn a_pack_that_was_called_whole_is_whole_when_the_power_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("packs");
    let calls = record(folder.path(), &data, &["pack".as_ref(), data.as_os_str()]);
    let whole = calls.iter().position(|call| *call == Call::Said("whole".to_owned())).expect("it says so");
    let mut disk = Folder::default();
    calls[..whole].iter().for_each(|call| disk.take(call));
    let plain: Vec<u8> = (0..2 * BLOB_CHUNK + 77).map(|n| (n % 251) as u8).collect();
    let points = STATES * rounds();
    let (mut random, mut violations) = (Random::new(seed()), 0);
    for tried in 0..points {
        let path = folder.path().join(format!("state-{tried}"));
        let read = disk.any_state(&mut random).remove("pack").and_then(|bytes| {
            fs::write(&path, bytes).expect("written");
            let mut found = Vec::new();
            BlobReader::open(&path, &BlobKey::from_bytes([7; 32])).ok()?.read_to_end(&mut found).ok()?;
            Some(found)
        });
        violations += u64::from(read.as_ref() != Some(&plain));
        let _ = fs::remove_file(path);
    }
    FaultRow { id: "F2 pack", name: "power goes after a pack was called whole", points, violations, target: STATES }
        .close();
}
