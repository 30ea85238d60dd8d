#![no_main]
#![allow(dead_code, missing_docs)]

#[path = "../bodies/client.rs"]
mod client;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| client::server_answer(bytes));
