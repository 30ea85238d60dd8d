//! Decoding without limits is forbidden in this crate's own source.

use std::{fs, path::Path};

#[test]
fn nothing_is_decoded_without_limits() {
    let forbidden = [
        "load_from_memory",
        "image::open",
        "ImageReader::open",
        "ImageReader::new",
        "from_decoder",
        "no_limits",
        "::load(",
        "guess_format",
    ];
    let mut files = 0;
    for folder in ["src", "src/decode", "src/decode/jpeg", "src/decode/jpeg/coarse", "src/bin"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Ok(source) = fs::read_to_string(&path) else { continue };
            files += 1;
            for word in forbidden {
                assert!(!source.contains(word), "{} uses {word}", path.display());
            }
        }
    }
    assert!(files > 10, "the source was found");
}
