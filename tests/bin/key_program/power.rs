//! Programs whose disk loses power afterwards: one changes where a data folder's key is kept, from its first
//! start on, and one writes a pack. They say what is done.

use pingli_store::{
    BLOB_CHUNK, BlobKey, BlobWriter, Store,
    keys::{KeyStore, PassphraseCost},
};
use pingli_tests::FileKeyring;
use std::{path::Path, sync::Arc};

/// Makes a key in a new folder, its keyring being a file, and changes its slots in every way.
#[expect(clippy::print_stdout, reason = "says what it has done")]
pub(crate) fn change_slots(folder: &Path, keyring: &Path) {
    let fill = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).expect("random bytes"));
    let cost = PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 };
    let keys = KeyStore::new(folder, Arc::new(FileKeyring(keyring.to_owned())), fill, cost);
    let key = keys.unlock_by_keyring().expect("a first start");
    println!("key");
    drop(Store::open(folder, &key).expect("a database"));
    println!("data");
    for passphrase in ["one", "two"] {
        keys.set_passphrase(&key, passphrase).expect("it is taken");
        println!("passphrase {passphrase}");
    }
    keys.keep_in_keyring(&key).expect("it is kept");
    println!("kept");
    keys.remove_passphrase(&key).expect("it is taken away");
    println!("removed");
    keys.set_passphrase(&key, "three").expect("it is taken");
    println!("passphrase three");
}

/// Writes a pack, stops in the middle, goes on, and says when it is whole.
#[expect(clippy::print_stdout, reason = "says what it has done")]
pub(crate) fn write_pack(folder: &Path) {
    std::fs::create_dir(folder).expect("a folder");
    let plain: Vec<u8> = (0..2 * BLOB_CHUNK + 77).map(|n| (n % 251) as u8).collect();
    let fill = |bytes: &mut [u8]| getrandom::fill(bytes).expect("random bytes");
    let begin = || {
        let key = BlobKey::from_bytes([7; 32]);
        BlobWriter::resume(&folder.join("pack"), &key, plain.len() as u64, &fill).expect("a file")
    };
    begin().write(&plain[..BLOB_CHUNK + 5]).expect("room");
    let mut writer = begin();
    let from = usize::try_from(writer.received()).expect("a place");
    writer.write(&plain[from..]).expect("room");
    writer.finish().expect("whole");
    println!("whole");
}
