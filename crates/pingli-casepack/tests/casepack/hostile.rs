//! Packs that lie: each is refused with the fault that names the lie, and no bytes ever panic.

use crate::support::*;
use pingli_casepack::{PackLimits, ServerKeys, SigningKey, verify};
use proptest::prelude::*;
use std::io::Cursor;

fn find<'a>(entries: &'a mut [Entry], path: &str) -> &'a mut Entry {
    let full = format!("{FOLDER}/{path}");
    entries.iter_mut().find(|entry| entry.path == full.as_bytes()).unwrap()
}

/// The code for a pack in which one entry lies.
fn code_with(path: &str, lie: impl FnOnce(&mut Entry)) -> &'static str {
    let mut entries = honest();
    lie(find(&mut entries, path));
    code(&zip_of(&entries))
}

/// The code for a pack whose key holder signs other contents.
fn code_signed(change: impl FnOnce(&mut std::collections::BTreeMap<String, Vec<u8>>)) -> &'static str {
    let mut contents = contents();
    change(&mut contents);
    sign_again(&mut contents);
    code(&zip_of(&entries(&contents)))
}

const PHOTO: &str = "data/evidence/b-2/1.jpg";

#[test]
fn every_flipped_byte_is_refused() {
    let (bytes, _) = pack();
    let case = *check(&bytes).unwrap().index.get("case.json").unwrap();
    // One hash covers all of the case document, so a sample of it will do.
    let inside = |at: &usize| (case.offset..case.offset + case.bytes).contains(&(*at as u64));
    for at in (0..bytes.len()).filter(|at| !inside(at) || at % 32 == 0) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        assert_ne!(code(&flipped), "accepted", "byte {at} of {}", bytes.len());
    }
}

#[test]
fn every_truncation_is_refused() {
    let (bytes, _) = pack();
    for length in 0..bytes.len() {
        let code = code(&bytes[..length]);
        let honest = ["pack_truncated", "pack_not_a_pack", "pack_stray_bytes"].contains(&code);
        assert!(honest, "{length} of {} bytes gave {code}", bytes.len());
    }
    assert_eq!(code(&bytes[..bytes.len() / 2]), "pack_truncated", "a partial download says that it is one");
}

#[test]
fn bytes_that_belong_to_nothing_are_refused() {
    let (bytes, _) = pack();
    assert_eq!(code(&[bytes.as_slice(), b"more"].concat()), "pack_stray_bytes");
    assert_eq!(code(&[b"more".as_slice(), &bytes].concat()), "pack_stray_bytes");
    assert_eq!(code(&[bytes.as_slice(), &bytes].concat()), "pack_stray_bytes", "two packs are not one");
    assert_eq!(code_with(PHOTO, |entry| entry.gap = b"hidden".to_vec()), "pack_stray_bytes");
    assert_eq!(code(b""), "pack_not_a_pack");
    assert_eq!(code(b"<html>Sign in to the free Wi-Fi</html>"), "pack_not_a_pack", "a captive portal");
}

#[test]
fn path_tricks_are_refused() {
    for path in [
        "data/../../../etc/cron.d/x",
        "data/evidence/../x",
        "data/./x",
        "data//x",
        "data/a\\b",
        "data/a\0b",
        "data/CON",
        "data/nul.txt",
        "data/a:b",
        "data/x.",
        "data/x ",
        "data/cafe\u{301}.jpg",
        "data/a\u{202e}gpj.exe",
        "data/CASE.json",
        "data/%2e%2e/x",
        "data/\u{7f}",
    ] {
        let mut entries = honest();
        entries.push(entry(&format!("{FOLDER}/{path}"), b"x"));
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        assert_eq!(code(&zip_of(&entries)), "pack_path", "{path:?}");
    }
    for path in ["/etc/passwd", "../x/y", "C:/x", "\\\\server\\x", "a\\b/c"] {
        let mut entries = honest();
        entries.insert(0, entry(path, b"x"));
        assert_eq!(code(&zip_of(&entries)), "pack_path", "{path:?}");
    }
    let long = format!("data/{}", "a/".repeat(130) + "b");
    assert_eq!(code_with(PHOTO, |entry| entry.path = format!("{FOLDER}/{long}").into_bytes()), "pack_path");
    assert_eq!(code_with(PHOTO, |entry| entry.path = b"x\xff\xfe/y".to_vec()), "pack_path", "not UTF-8");
    for path in ["loose", "other-folder/x"] {
        let mut entries = honest();
        entries.push(entry(path, b"x"));
        assert_eq!(code(&zip_of(&entries)), "pack_folder", "{path:?} is beside the folder");
    }
}

#[test]
fn paths_that_are_one_somewhere_are_refused() {
    for (path, expected) in [
        ("data/evidence/b-2/1.jpg", "pack_duplicate"),
        ("data/evidence/b-2/1.JPG", "pack_clash"),
        ("data/EVIDENCE/x", "pack_clash"),
        ("data/evidence/b-2/1.jpg/x", "pack_clash"),
        ("data/evidence/b-2/\u{ff11}.jpg", "pack_clash"),
        ("BAGIT.txt", "pack_clash"),
    ] {
        let mut entries = honest();
        entries.push(entry(&format!("{FOLDER}/{path}"), b"x"));
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        assert_eq!(code(&zip_of(&entries)), expected, "{path}");
    }
    let mut entries = honest();
    let again = entries[2].clone();
    entries.push(again);
    assert_eq!(code(&zip_of(&entries)), "pack_duplicate", "also when the two are far apart");
    let mut entries = honest();
    entries.swap(0, 1);
    assert_eq!(code(&zip_of(&entries)), "pack_out_of_order");
}

#[test]
fn unusual_entries_are_refused() {
    for (expected, lie) in [
        ("pack_not_a_file", (|entry| entry.attributes = 0o120_777 << 16) as fn(&mut Entry)),
        ("pack_not_a_file", |entry| entry.attributes = 0o040_755 << 16),
        ("pack_not_a_file", |entry| entry.attributes = 0o020_644 << 16),
        ("pack_not_a_file", |entry| entry.attributes |= 0x10),
        ("pack_unusual_entry", |entry| entry.attributes = 0o104_755 << 16),
        ("pack_unusual_entry", |entry| entry.attributes = 0),
        ("pack_encrypted", |entry| entry.flags |= 1),
        ("pack_encrypted", |entry| entry.flags |= 1 << 6),
        ("pack_data_descriptor", |entry| entry.flags |= 1 << 3),
        ("pack_unusual_entry", |entry| entry.flags = 0),
        ("pack_compressed", |entry| entry.method = 8),
        ("pack_compressed", |entry| entry.method = 93),
        ("pack_unusual_entry", |entry| entry.extra = b"\x75\x70\x05\0\x01aaaa".to_vec()),
        ("pack_unusual_entry", |entry| entry.comment = b"hello".to_vec()),
        ("pack_directory", |entry| entry.size = u32::MAX),
        ("pack_header_mismatch", |entry| entry.local_path = Some(entry.path.to_ascii_uppercase())),
        ("pack_overlap", |entry| entry.size -= 1),
    ] {
        let found = code_with(PHOTO, lie);
        // A size that is short leaves bytes over, one that is long reaches into the next entry.
        let also = expected == "pack_overlap" && found == "pack_stray_bytes";
        assert!(found == expected || also, "{found} instead of {expected}");
    }
    assert_eq!(code_with(PHOTO, |entry| entry.size += 40), "pack_overlap");
    assert_eq!(code_with(PHOTO, |entry| entry.header_at = Some(0)), "pack_overlap");
    assert_eq!(code_with(PHOTO, |entry| entry.crc ^= 1), "pack_wrong_checksum");
}

#[test]
fn a_bomb_of_overlapping_entries_is_refused() {
    // Many entries that all show the same bytes: small on disk, endless when unpacked.
    let kernel = vec![0; 4096];
    let entries: Vec<Entry> = (0..5000)
        .map(|n| {
            let mut entry = entry(&format!("{FOLDER}/data/{n:05}"), if n == 0 { &kernel } else { b"" });
            (entry.size, entry.crc, entry.header_at) = (4096, crc32fast::hash(&kernel), Some(0));
            entry
        })
        .collect();
    assert_eq!(code(&zip_of(&entries)), "pack_overlap");
}

#[test]
fn a_compressed_bomb_is_refused_before_it_is_inflated() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file(format!("{FOLDER}/bagit.txt"), options).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    // An honest tool's ZIP with its own times and fields is still no pack.
    assert_eq!(code(&bytes), "pack_unusual_entry");
    assert_eq!(
        code_with(PHOTO, |entry| {
            entry.method = 8;
            entry.bytes = b"\xed\xc1\x01\x01".to_vec();
        }),
        "pack_compressed"
    );
}

#[test]
fn limits_hold() {
    let (bytes, _) = pack();
    let with = |limits| verify(&mut Cursor::new(&bytes), &keys(), &limits).unwrap_err().code();
    assert_eq!(with(PackLimits { entries: 9, ..PackLimits::default() }), "pack_too_many_entries");
    assert_eq!(with(PackLimits { pack_bytes: 100, ..PackLimits::default() }), "pack_too_large");
    assert_eq!(with(PackLimits { case_document_bytes: 100, ..PackLimits::default() }), "pack_too_large");

    let many: Vec<Entry> = (0..30_000).map(|n| entry(&format!("{FOLDER}/data/{n:06}"), b"")).collect();
    assert_eq!(code(&zip_of(&many)), "pack_too_many_entries");
    // A directory that claims more than there is.
    assert_eq!(code(&finish(Vec::new(), &[], 20_000)), "pack_directory");
    assert_eq!(code(&finish(Vec::new(), &[], 0)), "pack_directory");
    assert_eq!(code(&finish(Vec::new(), &[], u16::MAX)), "pack_directory", "the mark of a ZIP64");
}

#[test]
fn a_hundred_thousand_entries_are_not_even_listed() {
    let many: Vec<Entry> = (0..100_000).map(|n| entry(&format!("{FOLDER}/data/{n:06}"), b"")).collect();
    // Their number, cut to the 16 bits that it has there.
    let bytes = zip_of(&many);
    assert_eq!(code(&bytes), "pack_too_many_entries", "34,464 are still too many");
    // A number that is small enough, before the same directory.
    let end = bytes.len() - 22;
    let mut few = bytes.clone();
    few[end + 8..end + 12].copy_from_slice(&[10, 0, 10, 0]);
    assert_eq!(code(&few), "pack_directory");
    // The form that such a ZIP really has: the number is in a ZIP64 end, the old end says "see there".
    let mut large = bytes[..end].to_vec();
    let (at, length) = (u64::from(u32_at(&bytes, end + 16)), u64::from(u32_at(&bytes, end + 12)));
    large.extend(0x0606_4b50_u32.to_le_bytes());
    large.extend(44_u64.to_le_bytes());
    large.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    [100_000, 100_000, length, at].iter().for_each(|field| large.extend(field.to_le_bytes()));
    large.extend(0x0706_4b50_u32.to_le_bytes());
    large.extend(0_u32.to_le_bytes());
    large.extend((end as u64).to_le_bytes());
    large.extend(1_u32.to_le_bytes());
    large.extend(&bytes[end..end + 8]);
    large.extend([0xff; 12]);
    large.extend([0; 2]);
    assert_eq!(code(&large), "pack_directory");
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[test]
fn sizes_that_disagree_are_refused() {
    let (bytes, _) = pack();
    let path = format!("{FOLDER}/{PHOTO}");
    let named: Vec<usize> =
        bytes.windows(path.len()).enumerate().filter(|(_, w)| *w == path.as_bytes()).map(|(at, _)| at).collect();
    let [local, central] = named[..] else { panic!("a local header and one in the directory") };
    // The two sizes of a header lie 12 and 8 bytes before the lengths at its end.
    for (at, expected) in [
        (local - 12, "pack_header_mismatch"),
        (local - 8, "pack_header_mismatch"),
        (central - 26, "pack_wrong_size"),
        (central - 22, "pack_wrong_size"),
    ] {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert_eq!(code(&other), expected, "byte {at}");
    }
}

#[test]
fn files_and_manifest_must_agree() {
    let mut entries = honest();
    entries.retain(|entry| !entry.path.ends_with(b"1.jpg"));
    assert_eq!(code(&zip_of(&entries)), "pack_missing_file");

    let mut extra = contents();
    extra.insert("data/evidence/zz.txt".into(), b"x".to_vec());
    assert_eq!(code(&zip_of(&crate::support::entries(&extra))), "pack_extra_file", "not in the manifest");
    extra.remove("data/evidence/zz.txt");
    extra.insert("notes.txt".into(), b"x".to_vec());
    assert_eq!(code(&zip_of(&crate::support::entries(&extra))), "pack_extra_file", "not a tag file either");

    let swap = |path: &str, bytes: &[u8]| {
        let mut other = contents();
        other.insert(path.into(), bytes.to_vec());
        code(&zip_of(&crate::support::entries(&other)))
    };
    assert_eq!(swap(PHOTO, b"\xff\xd8\xff the orig1nal"), "pack_wrong_hash");
    assert_eq!(swap("data/case.json", b"{}"), "pack_wrong_hash");
    assert_eq!(swap("bag-info.txt", b"x: y\n"), "pack_wrong_hash");
    assert_eq!(swap("manifest-sha256.txt", b""), "pack_wrong_hash");
    assert_eq!(swap("tagmanifest-sha256.txt", b""), "pack_wrong_signature");
    assert_eq!(swap("signature.json", b"{}"), "pack_tag_file");
    assert_eq!(swap("signature.json", b"\xff"), "pack_wrong_hash");
    assert_eq!(swap("bagit.txt", b"BagIt-Version: 0.97\n"), "pack_wrong_hash");
}

#[test]
fn even_the_key_holder_cannot_sign_a_pack_that_is_none() {
    assert_eq!(code_signed(|_| {}), "accepted", "signing again changes nothing");
    assert_eq!(code_signed(|c| drop(c.insert("data/zz.txt".into(), b"x".to_vec()))), "pack_extra_file");
    assert_eq!(code_signed(|c| drop(c.remove(PHOTO))), "pack_missing_file");
    assert_eq!(code_signed(|c| drop(c.remove("data/case.json"))), "pack_missing_file");
    assert_eq!(
        code_signed(|c| drop(c.insert(PHOTO.into(), b"\xff\xd8\xff the orig1nal".to_vec()))),
        "pack_case_disagrees"
    );
    assert_eq!(code_signed(|c| drop(c.insert("bagit.txt".into(), b"BagIt-Version: 2.0\n".to_vec()))), "pack_tag_file");
    assert_eq!(code_signed(|c| drop(c.insert("data/case.json".into(), b"{}".to_vec()))), "pack_case_document");
    for (what, json) in [
        ("100,000 lists inside each other", "[".repeat(100_000)),
        ("100,000 objects inside each other", "{\"format\":".repeat(100_000)),
        ("more values than memory should hold", format!("{{\"format\":1,\"x\":[{}0]}}", "0,".repeat(2_100_000))),
        ("a text of 9 MiB", format!("{{\"format\":1,\"x\":\"{}\"}}", "x".repeat(9 << 20))),
    ] {
        let code = code_signed(|c| drop(c.insert("data/case.json".into(), json.into_bytes())));
        assert_eq!(code, "pack_too_much", "{what}");
    }

    let edited = |from: &str, to: &str| {
        code_signed(|contents| {
            let json = String::from_utf8(contents["data/case.json"].clone()).unwrap();
            assert!(json.contains(from), "the test changes something");
            contents.insert("data/case.json".into(), json.replacen(from, to, 1).into_bytes());
        })
    };
    assert_eq!(edited("\"format\": 1", "\"format\": 2"), "pack_newer_format");
    assert_eq!(edited("TM-2026-0001", "TM-2026-0002"), "pack_folder");
    assert_eq!(edited("\"round\": 1", "\"round\": 2"), "pack_folder");
    assert_eq!(edited("\"bytes\": 16,", "\"bytes\": 17,"), "pack_wrong_size");

    let info = |from: &str, to: &str| {
        code_signed(|contents| {
            let text = String::from_utf8(contents["bag-info.txt"].clone()).unwrap();
            assert!(text.contains(from), "the test changes something");
            contents.insert("bag-info.txt".into(), text.replacen(from, to, 1).into_bytes());
        })
    };
    assert_eq!(info("Pingli-Pack-Format: 1", "Pingli-Pack-Format: 2"), "pack_newer_format");
    assert_eq!(info("Pingli-Pack-Format: 1", "Pingli-Pack-Format: one"), "pack_tag_file");
    assert_eq!(info("Pingli-Version: 3", "Pingli-Version: 4"), "pack_tag_file");
    assert_eq!(info("Payload-Oxum: ", "Payload-Oxum: 1"), "pack_tag_file");

    for manifest in ["", "x\n", "0  data/case.json\n"] {
        let mut contents = contents();
        contents.insert("manifest-sha256.txt".into(), manifest.into());
        sign_tags_again(&mut contents);
        assert_eq!(code(&zip_of(&entries(&contents))), "pack_tag_file", "{manifest:?}");
    }
}

#[test]
fn only_the_servers_keys_are_taken() {
    let (bytes, _) = pack();
    let refused =
        |keys: &ServerKeys| verify(&mut Cursor::new(&bytes), keys, &PackLimits::default()).unwrap_err().code();
    assert_eq!(refused(&ServerKeys::none()), "pack_unknown_key");
    let other = SigningKey::from_seed(&[8; 32]).server_key("2026-01-01T00:00:00Z".parse().unwrap(), None);
    assert_eq!(refused(&ServerKeys::first_meeting(std::slice::from_ref(&other)).unwrap()), "pack_unknown_key");
    // Another key under the right key's id.
    let borrowed = pingli_protocol::server::ServerKey { id: signer().id().clone(), ..other };
    assert_eq!(refused(&ServerKeys::first_meeting(&[borrowed]).unwrap()), "pack_wrong_signature");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert_ne!(code(&bytes), "accepted");
    }

    #[test]
    fn no_splice_is_accepted(from in 0..4000_usize, to in 0..4000_usize, length in 1..200_usize) {
        let (bytes, _) = pack();
        let (from, to) = (from % bytes.len(), to % bytes.len());
        let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
        let mut over = bytes.clone();
        let end = (to + piece.len()).min(over.len());
        over[to..end].copy_from_slice(&piece[..end - to]);
        if over != bytes {
            prop_assert_ne!(code(&over), "accepted", "{} bytes of {} over {}", length, from, to);
        }
        let mut between = bytes.clone();
        between.splice(to..to, piece);
        prop_assert_ne!(code(&between), "accepted", "{} bytes of {} before {}", length, from, to);
    }

    #[test]
    fn no_directory_panics(at in 0..1200_usize, value in any::<u32>(), wide in any::<bool>()) {
        let (mut bytes, _) = pack();
        let at = bytes.len() - 1 - at % (bytes.len() / 3);
        let field = value.to_le_bytes();
        let end = (at + if wide { 4 } else { 2 }).min(bytes.len());
        let before = bytes.clone();
        bytes[at..end].copy_from_slice(&field[..end - at]);
        if bytes != before {
            prop_assert_ne!(code(&bytes), "accepted");
        }
    }
}
