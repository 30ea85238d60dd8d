#![no_main]
#![allow(dead_code, missing_docs)]

#[path = "../bodies/media.rs"]
mod media;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| media::coarse_jpeg(bytes));
