#![no_main]
#![allow(dead_code, missing_docs)]

#[path = "../bodies/wire.rs"]
mod wire;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wire::case_document(bytes));
