//! The window's TypeScript types are generated from the Rust ones and committed. This test fails
//! when they are stale; `PINGLI_WRITE_TYPES=1` writes them.
#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use pingli_client::view;
use pingli_protocol::{
    ballot::{BallotFault, Receipt},
    case::CaseDocument,
    evidence::EvidenceBody,
    problem::ProblemCode,
    seat::RecuseReason,
    standing::Standing,
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use ts_rs::{Config, ExportError, TS};

fn export_types(folder: &Path) -> Result<(), ExportError> {
    let config = Config::new().with_out_dir(folder).with_large_int("number");
    view::AppView::export_all(&config)?;
    view::LockReason::export_all(&config)?;
    view::Topic::export_all(&config)?;
    view::Notice::export_all(&config)?;
    view::Lead::export_all(&config)?;
    view::DocketView::export_all(&config)?;
    view::CaseRoomView::export_all(&config)?;
    view::SealedView::export_all(&config)?;
    view::Draft::export_all(&config)?;
    view::WrittenView::export_all(&config)?;
    view::TimelineView::export_all(&config)?;
    view::BodyView::export_all(&config)?;
    view::ChatOpening::export_all(&config)?;
    view::ChatPlace::export_all(&config)?;
    view::ChatPage::export_all(&config)?;
    view::ChatHits::export_all(&config)?;
    view::OutboxView::export_all(&config)?;
    view::ReceiptView::export_all(&config)?;
    view::VerdictsView::export_all(&config)?;
    view::VerdictView::export_all(&config)?;
    view::PointsView::export_all(&config)?;
    view::Settings::export_all(&config)?;
    view::StorageView::export_all(&config)?;
    view::ErrorView::export_all(&config)?;
    CaseDocument::export_all(&config)?;
    EvidenceBody::export_all(&config)?;
    Standing::export_all(&config)?;
    RecuseReason::export_all(&config)?;
    Receipt::export_all(&config)?;
    BallotFault::export_all(&config)?;
    ProblemCode::export_all(&config)
}

fn read_folder(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.expect("a folder that can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("a text file");
                files.insert(path.strip_prefix(folder).expect("below the folder").to_owned(), text);
            }
        }
    }
    files
}

#[test]
fn the_windows_types_are_the_ones_that_rust_has() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/backend/generated");
    if std::env::var_os("PINGLI_WRITE_TYPES").is_some() {
        if committed.exists() {
            fs::remove_dir_all(&committed).expect("the old types go");
        }
        fs::create_dir_all(&committed).expect("a folder for the types");
        export_types(&committed).expect("types that can be written");
    }
    let fresh = tempfile::tempdir().expect("a temporary folder");
    export_types(fresh.path()).expect("types that can be written");
    let (expected, found) = (read_folder(fresh.path()), read_folder(&committed));
    for (path, text) in &expected {
        assert_eq!(found.get(path), Some(text), "{} is stale: run this test with PINGLI_WRITE_TYPES=1", path.display());
    }
    let gone: Vec<_> = found.keys().filter(|path| !expected.contains_key(*path)).collect();
    assert!(gone.is_empty(), "these types are no longer there: {gone:?}; run this test with PINGLI_WRITE_TYPES=1");
}
