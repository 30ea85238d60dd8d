#![no_main]
#![allow(dead_code, missing_docs)]

#[path = "../bodies/server.rs"]
mod server;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| server::intake(bytes));
