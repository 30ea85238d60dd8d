//! Packs that are as they should be: written, verified, read, and read by others.

use crate::support::*;
use pingli_casepack::{PackFault, PackIndex, WriteFault, evidence_files, write_pack};
use std::io::{Cursor, Read as _};

#[test]
fn a_pack_verifies_and_gives_back_what_was_put_in() {
    let (bytes, summary) = pack();
    let verified = check(&bytes).unwrap();
    assert!(verified.document == document(), "the case comes back as it went in");
    assert_eq!(verified.version, VERSION);
    assert_eq!((verified.sha256, verified.bytes), (summary.sha256, summary.bytes));
    assert_eq!(summary.sha256, pingli_protocol::Sha256::of(&bytes), "the hash is over the whole pack");
    assert_eq!(summary.bytes, bytes.len() as u64);
    assert_eq!(&verified.key, signer().id());

    let mut reader = Cursor::new(&bytes);
    for (path, expected) in files() {
        let mut found = Vec::new();
        verified.open_file(&mut reader, &path).unwrap().read_to_end(&mut found).unwrap();
        assert_eq!(found, expected, "{path} read by seeking");
        assert_eq!(verified.index.read_file(&mut reader, &path, u64::MAX).unwrap(), expected, "{path} read and hashed");
    }
    assert!(matches!(verified.open_file(&mut reader, "other"), Err(PackFault::NoSuchFile { .. })));
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    assert_eq!(pack().0, pack().0);
}

#[test]
fn an_index_can_be_stored_and_notices_changed_bytes() {
    let (mut bytes, _) = pack();
    let index = check(&bytes).unwrap().index;
    let stored: PackIndex = serde_json::from_str(&serde_json::to_string(&index).unwrap()).unwrap();
    assert_eq!(stored, index);

    let place = stored.get("evidence/b-2/1.jpg").unwrap().offset as usize;
    bytes[place] ^= 1;
    let fault = stored.read_file(&mut Cursor::new(&bytes), "evidence/b-2/1.jpg", u64::MAX).unwrap_err();
    assert_eq!(fault.code(), "pack_wrong_hash", "damage after verification is noticed");
    let fault = stored.read_file(&mut Cursor::new(&bytes[..place + 3]), "evidence/b-2/1.jpg", u64::MAX).unwrap_err();
    assert_eq!(fault.code(), "pack_truncated");
}

#[test]
fn the_contents_are_a_bag_and_carry_no_clock() {
    let contents = contents();
    let text = |path: &str| String::from_utf8(contents[path].clone()).unwrap();
    assert_eq!(text("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    let payload: usize =
        contents.iter().filter(|(path, _)| path.starts_with("data/")).map(|(_, bytes)| bytes.len()).sum();
    assert_eq!(
        text("bag-info.txt"),
        format!(
            "Bagging-Date: 2026-11-08\nExternal-Identifier: TM-2026-0001\nPayload-Oxum: {payload}.5\n\
             Pingli-Case-Format: 1\nPingli-Pack-Format: 1\nPingli-Round: 1\nPingli-Version: 3\n"
        ),
        "the date is the latest that the case states, in UTC"
    );
    assert_eq!(text("manifest-sha256.txt").lines().count(), 5);
}

#[test]
fn another_zip_reader_agrees() {
    let (bytes, _) = pack();
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(archive.len(), 10);
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.is_sorted(), "entries are in the order of their paths");
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        assert!(entry.name().unwrap().starts_with(FOLDER));
        assert_eq!(entry.compression(), zip::CompressionMethod::Stored);
        // Reading to the end checks the checksum.
        std::io::copy(&mut entry, &mut std::io::sink()).unwrap();
    }
}

#[test]
fn the_test_writer_writes_what_the_real_one_writes() {
    assert_eq!(zip_of(&honest()), pack().0, "so that each hostile pack differs in the one thing it is about");
    let mut again = contents();
    sign_again(&mut again);
    assert_eq!(zip_of(&entries(&again)), pack().0, "signing again changes nothing");
}

#[test]
fn files_are_asked_for_once_and_in_order() {
    let mut asked = Vec::new();
    let mut out = Cursor::new(Vec::new());
    write_pack(&mut out, &document(), 1, &signer(), |file| {
        asked.push(file.path.clone());
        open(file)
    })
    .unwrap();
    let document = document();
    let listed: Vec<&str> = evidence_files(&document).unwrap().iter().map(|file| file.path.as_str()).collect();
    assert_eq!(asked, listed);
    assert!(listed.is_sorted());
}

#[test]
fn a_source_that_is_not_what_the_case_says_is_refused() {
    for other in [b"\xff\xd8\xff another".as_slice(), b"\xff\xd8\xff the original and more", b""] {
        let fault = write_pack(Cursor::new(Vec::new()), &document(), 1, &signer(), |file| {
            if file.path == "evidence/b-2/1.jpg" { Ok(Cursor::new(other.to_vec())) } else { open(file) }
        })
        .unwrap_err();
        assert!(matches!(fault, WriteFault::Changed { .. }), "{fault}");
    }
}

#[test]
fn a_case_with_unsafe_or_clashing_paths_cannot_be_packed() {
    for (path, code) in [
        ("../secret", "pack_path"),
        ("evidence\\b-1", "pack_path"),
        ("case.json", "pack_path"),
        ("evidence/B-1/body.json", "pack_clash"),
        ("evidence/b-1", "pack_clash"),
        ("evidence/b-1/body.json", "pack_clash"),
    ] {
        let mut document = document();
        document.case.evidence[1].media[0].original.path = path.to_owned();
        let fault = write_pack(Cursor::new(Vec::new()), &document, 1, &signer(), open).unwrap_err();
        assert_eq!(fault.code(), code, "{path}");
    }
}

#[test]
fn a_case_beyond_four_gigabytes_is_refused_before_anything_is_read() {
    for bytes in [1 << 33, u64::MAX - 5, u64::MAX] {
        let mut document = document();
        document.case.evidence[1].media[0].original.bytes = bytes;
        let fault = write_pack(Cursor::new(Vec::new()), &document, 1, &signer(), |_| -> std::io::Result<&[u8]> {
            panic!("no file is opened")
        })
        .unwrap_err();
        assert!(matches!(fault, WriteFault::TooLarge), "{fault}");
    }
}

#[test]
fn one_file_may_be_named_twice_with_the_same_facts() {
    let mut document = document();
    let again = document.case.evidence[1].media[0].clone();
    document.case.evidence[1].media.push(again);
    let mut out = Cursor::new(Vec::new());
    write_pack(&mut out, &document, 1, &signer(), open).unwrap();
    check(out.get_ref()).unwrap();
}

#[test]
fn a_case_number_with_a_colon_gets_a_folder_that_windows_takes() {
    let mut document = document();
    document.case.id = pingli_protocol::CaseId::new("TM:2026:1").unwrap();
    let mut out = Cursor::new(Vec::new());
    write_pack(&mut out, &document, 1, &signer(), open).unwrap();
    let verified = check(out.get_ref()).unwrap();
    assert_eq!(verified.document.case.id.as_str(), "TM:2026:1");
}

/// Any BagIt validator can check a pack: here the reference one, where it is installed.
#[test]
fn the_unzipped_bag_passes_bagit_py() {
    let Some(python) = std::env::var_os("PINGLI_BAGIT_PYTHON") else {
        eprintln!("bagit.py was not asked: PINGLI_BAGIT_PYTHON names no Python that has it");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    zip::ZipArchive::new(Cursor::new(pack().0)).unwrap().extract(folder.path()).unwrap();
    let bag = folder.path().join(FOLDER);
    let validate = || {
        let ran = std::process::Command::new(&python).args(["-m", "bagit", "--validate"]).arg(&bag).output().unwrap();
        (ran.status.success(), String::from_utf8_lossy(&ran.stderr).into_owned())
    };
    let (valid, said) = validate();
    assert!(valid, "bagit.py said: {said}");

    std::fs::write(bag.join("data/evidence/b-2/1.jpg"), b"\xff\xd8\xff the orig1nal").unwrap();
    assert!(!validate().0, "and it can tell a changed bag");
}
