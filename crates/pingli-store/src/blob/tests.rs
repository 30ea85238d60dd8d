//! Blobs: what is written is read, from any place, and nothing else is.

use super::*;
use proptest::prelude::*;

fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("random bytes");
}

fn key() -> BlobKey {
    BlobKey::from_bytes([7; 32])
}

fn pattern(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|i| (i * 31 % 251) as u8).collect()
}

fn write(path: &Path, plain: &[u8]) {
    let mut writer = BlobWriter::resume(path, &key(), plain.len() as u64, &fill).expect("a new file");
    writer.write(plain).expect("room");
    writer.finish().expect("all bytes came");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_is_written_is_read_from_any_place(
        bytes in 1_usize..200_000, at in 0_usize..200_000, cut in 0_usize..200_000,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("blob");
        let plain = pattern(bytes);
        let cut = cut.min(bytes);
        {
            // The first writer dies after `cut` bytes.
            let mut writer = BlobWriter::resume(&path, &key(), bytes as u64, &fill).expect("a new file");
            writer.write(&plain[..cut]).expect("room");
        }
        let mut writer = BlobWriter::resume(&path, &key(), bytes as u64, &fill).expect("a file to go on with");
        let from = writer.received() as usize;
        prop_assert!(from <= cut, "only what was written is there");
        writer.write(&plain[from..]).expect("room");
        writer.finish().expect("all bytes came");

        let mut reader = BlobReader::open(&path, &key()).expect("a whole file");
        let at = at.min(bytes);
        reader.seek(SeekFrom::Start(at as u64)).expect("a place in it");
        let mut found = Vec::new();
        reader.read_to_end(&mut found).expect("authentic chunks");
        prop_assert_eq!(&found[..], &plain[at..]);
    }
}

#[test]
fn a_flipped_bit_or_a_swapped_chunk_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("blob");
    let plain = pattern(3 * BLOB_CHUNK + 5);
    write(&path, &plain);
    let good = std::fs::read(&path).expect("the file");
    let read_all = |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        let mut all = Vec::new();
        BlobReader::open(&path, &key()).ok().and_then(|mut reader| reader.read_to_end(&mut all).ok()).map(|_| all)
    };
    assert_eq!(read_all(&good), Some(plain), "the file as it was written opens");
    for place in [3, 12, 26, 40, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        assert_eq!(read_all(&bad), None, "a flipped bit at {place} must be noticed");
    }
    let (header, record) = (HEADER as usize, RECORD as usize);
    let mut swapped = good.clone();
    swapped[header..header + record].copy_from_slice(&good[header + record..header + 2 * record]);
    swapped[header + record..header + 2 * record].copy_from_slice(&good[header..header + record]);
    assert_eq!(read_all(&swapped), None, "chunks are bound to their places");
    assert_eq!(read_all(&good[..header + 2 * record]), None, "a file cut at a chunk's end is not whole");
}

#[test]
fn another_key_opens_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("blob");
    write(&path, &pattern(100));
    let mut reader = BlobReader::open(&path, &BlobKey::from_bytes([8; 32])).expect("the header is no secret");
    let mut all = Vec::new();
    assert!(reader.read_to_end(&mut all).is_err(), "a chunk opens only with its key");
}
