//! One program in one state of the key store: the real client with the system's keyring, on whatever
//! bus its environment names. Reads a [`KeyErrand`] and prints a [`KeyOutcome`].
//!
//! Everything runs on one thread, so that a call of the keyring that blocked it could not be missed.
#![expect(clippy::expect_used, reason = "a story that cannot go on must fail")]

#[path = "key_program/flows.rs"]
mod flows;
#[path = "key_program/memory.rs"]
mod memory;
#[path = "key_program/power.rs"]
mod power;
#[path = "key_program/program.rs"]
mod program;
#[path = "key_program/unkept.rs"]
mod unkept;

use pingli_tests::{KeyErrand, KeyOutcome};
use std::{io::Read as _, path::Path};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["memory", folder] => return memory::work(Path::new(folder)),
        ["unkept", server, opinion] => return unkept::work(server, opinion),
        ["power", folder, keyring] => return power::change_slots(Path::new(folder), Path::new(keyring)),
        ["pack", folder] => return power::write_pack(Path::new(folder)),
        _ => {}
    }
    let mut errand = String::new();
    std::io::stdin().read_to_string(&mut errand).expect("an errand");
    let errand: KeyErrand = serde_json::from_str(&errand).expect("an errand");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome: KeyOutcome = runtime.block_on(flows::run(errand));
    // A keyring that never answers must not keep the program from ending.
    runtime.shutdown_background();
    #[expect(clippy::print_stdout, reason = "the outcome")]
    {
        println!("{}", serde_json::to_string(&outcome).expect("an outcome"));
    }
}
