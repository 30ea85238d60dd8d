//! The promise, proven by attack: nothing lost, nothing twice, nothing in the clear. One module a
//! kind of fault; `./bench faults` collects their rows.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a suite that cannot go on must fail")]

mod changed;
mod damage;
mod diagnostics;
mod forgotten;
mod journal;
mod keys;
mod keys_memory;
mod kills;
mod model;
mod mutate;
mod network;
mod overtaken;
mod parsers;
mod power;
mod power_court;
mod power_keys;
mod power_packs;
mod program;
mod recovery;
mod replay;
mod shop;
mod truth;
mod unkept;
mod windows;
mod wipe;
mod wiped;
