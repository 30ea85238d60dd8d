//! Importing: each case of a folder is assembled, packed, signed, stored and opened for its panel.

use super::{Assembled, CaseFolder, Docket, IntakeFault, assemble::assemble};
use crate::{
    app::{App, put_case_type},
    court::panel,
    db::cases::{self, CaseRow, CaseState},
    error::{Error, Result},
    files::FileKind,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use pingli_casepack::evidence_files;
use pingli_protocol::{CaseId, Sha256, case::CaseDocument, case_type::CaseType, seat::PackRef};
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why a case with a number that is known is not imported again.
const TAKEN: &str =
    "this case number is taken by a case with other content; docket amend makes a new version of a case";

/// What became of one case of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// It is open for its panel.
    Opened(CaseId),
    /// It was there already, exactly so.
    Unchanged(CaseId),
    /// It was there, and its material has this version from now on.
    Amended(CaseId, u32),
    /// It was refused.
    Refused(IntakeFault),
}

/// What became of a folder, case by case.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// Each case's folder name and what became of it.
    pub cases: Vec<(String, Imported)>,
}

impl ImportReport {
    /// How many were refused.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.cases.iter().filter(|(_, what)| matches!(what, Imported::Refused(_))).count()
    }
}

/// A pack in the data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltPack {
    /// The file.
    pub path: PathBuf,
    /// Its hash.
    pub sha256: Sha256,
    /// Its size.
    pub bytes: u64,
}

/// A pack that was written for a case.
pub(crate) struct Packed {
    pub(crate) assembled: Assembled,
    pub(crate) pack: PackRef,
}

impl App {
    /// Imports an intake folder, or the folder of a single case. A case that is wrong is refused
    /// whole; the others go on.
    ///
    /// # Errors
    /// When the folder itself is no intake folder (a refusal that names the file), or the data
    /// folder fails.
    pub async fn import(self: &Arc<Self>, folder: &Path) -> Result<ImportReport> {
        let docket = Docket::open(folder).map_err(|fault| Error::invalid(fault.to_string()))?;
        if !docket.case_types.is_empty() {
            let mut tx = self.db.write().await?;
            for case_type in &docket.case_types {
                put_case_type(&mut tx, case_type).await?;
            }
            self.commit(tx).await?;
        }
        let import_one = |path: PathBuf| async {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let became = self.import_case(path).await?.unwrap_or_else(Imported::Refused);
            Ok::<_, Error>((name, became))
        };
        // Two at a time keep both media workers busy.
        let cases = stream::iter(docket.cases).map(import_one).buffered(2).try_collect().await?;
        Ok(ImportReport { cases })
    }

    async fn import_case(self: &Arc<Self>, path: PathBuf) -> Result<Result<Imported, IntakeFault>> {
        let folder = match CaseFolder::open(&path) {
            Ok(folder) => folder,
            Err(fault) => return Ok(Err(fault)),
        };
        let id = folder.case.id.clone();
        let mut tx = self.db.read().await?;
        let known = cases::intake_of(&mut tx, &id).await?;
        let case_type = cases::case_type(&mut tx, &folder.case.case_type).await?;
        drop(tx);
        let Some(case_type) = case_type else {
            return Ok(Err(folder.fault("type", "no such case type")));
        };
        if let Some(known) = known {
            let taken = folder.fault("id", TAKEN);
            let same = is_same(folder, case_type, known).await?;
            return Ok(if same { Ok(Imported::Unchanged(id)) } else { Err(taken) });
        }
        let packed = match self.pack_away(folder, case_type, 1).await? {
            Ok(packed) => packed,
            Err(fault) => return Ok(Err(fault)),
        };
        self.open_case(packed).await?;
        Ok(Ok(Imported::Opened(id)))
    }

    /// Does [`App::pack`] away from the threads that serve the network.
    pub(super) async fn pack_away(
        self: &Arc<Self>,
        folder: CaseFolder,
        case_type: CaseType,
        version: u32,
    ) -> Result<Result<Packed, IntakeFault>> {
        let app = Arc::clone(self);
        tokio::task::spawn_blocking(move || app.pack(folder, &case_type, version)).await.map_err(broke_off)?
    }

    /// Assembles a case, stores its files and writes its pack. Blocking.
    ///
    /// # Errors
    /// The outer one when the data folder fails, the inner one when the case is refused.
    fn pack(&self, folder: CaseFolder, case_type: &CaseType, version: u32) -> Result<Result<Packed, IntakeFault>> {
        let name = folder.name().to_owned();
        let mut failed = None;
        let mut keep = |source: super::SourceBytes| {
            self.files.keep_bytes(FileKind::Evidence, &source.bytes).map(|_| ()).map_err(|e| {
                let fault = IntakeFault::new(&name, "", "could not be stored");
                failed = Some(e);
                fault
            })
        };
        let assembled = assemble(folder, case_type, Some(&self.media), &mut keep);
        if let Some(error) = failed {
            return Err(error);
        }
        let assembled = match assembled {
            Ok(assembled) => assembled,
            Err(fault) => return Ok(Err(fault)),
        };
        let mut incoming = self.files.incoming()?;
        let signer = self.keys.current();
        let written = pingli_casepack::write_pack(&mut incoming.file, &assembled.document, version, signer, |file| {
            File::open(self.files.path(FileKind::Evidence, file.sha256))
        });
        let summary = match written {
            Ok(summary) => summary,
            Err(fault) => return Ok(Err(IntakeFault::new(name, "", format!("cannot be packed: {fault}")))),
        };
        self.files.keep(incoming, FileKind::Pack, summary.sha256)?;
        let pack = PackRef { version, sha256: summary.sha256, bytes: summary.bytes, key: signer.id().clone() };
        Ok(Ok(Packed { assembled, pack }))
    }

    async fn open_case(&self, packed: Packed) -> Result<()> {
        let now = self.now();
        let Packed { assembled, pack } = packed;
        let files = files_of(&assembled.document)?;
        let case = CaseRow {
            id: assembled.document.case.id.clone(),
            round: assembled.document.case.round,
            state: CaseState::Voting,
            voting_end: now.plus_seconds(assembled.document.vote_system.voting_window_seconds),
            document: assembled.document,
            card: assembled.card,
            pack,
            intake: assembled.intake,
            opened_at: now,
            decided_at: None,
            final_at: None,
        };
        let mut tx = self.db.write().await?;
        cases::add(&mut tx, &case, &files).await?;
        panel::fill(self, &mut tx, &case, now).await?;
        self.commit(tx).await
    }

    /// Whether there is a case of that number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_case(&self, id: &str) -> Result<bool> {
        let Ok(id) = CaseId::new(id) else { return Ok(false) };
        Ok(cases::intake_of(&mut *self.db.read().await?, &id).await?.is_some())
    }

    /// The pack of a case: by its id in this data folder, or built from an intake case folder.
    ///
    /// # Errors
    /// `not_found` when there is no such case; `invalid_request` when the folder is refused.
    pub async fn build_pack(self: &Arc<Self>, case: &str) -> Result<BuiltPack> {
        let folder = Path::new(case);
        let pack = if folder.join("case.json").is_file() {
            let folder = CaseFolder::open(folder).map_err(|fault| Error::invalid(fault.to_string()))?;
            let code = folder.case.case_type.clone();
            let case_type = cases::case_type(&mut *self.db.read().await?, &code)
                .await?
                .ok_or_else(|| Error::invalid(folder.fault("type", "no such case type").to_string()))?;
            let packed = self.pack_away(folder, case_type, 1).await?;
            packed.map_err(|fault| Error::invalid(fault.to_string()))?.pack
        } else {
            let id = CaseId::new(case).map_err(|e| Error::invalid(e.to_string()))?;
            let stored = cases::by_id(&mut *self.db.read().await?, &id, 1).await?;
            stored.ok_or_else(|| Error::not_found("case"))?.pack
        };
        let path = self.files.path(FileKind::Pack, pack.sha256);
        Ok(BuiltPack { path, sha256: pack.sha256, bytes: pack.bytes })
    }

    /// Checks an intake folder without storing anything; pictures are not decoded.
    ///
    /// # Errors
    /// When the folder itself is no intake folder.
    pub fn check_docket(folder: &Path) -> Result<Vec<(String, std::result::Result<CaseId, IntakeFault>)>> {
        let docket = Docket::open(folder).map_err(|fault| Error::invalid(fault.to_string()))?;
        let mut types: Vec<CaseType> = serde_json::from_str(crate::app::CASE_TYPES)?;
        for own in docket.case_types {
            types.retain(|case_type| case_type.code != own.code);
            types.push(own);
        }
        Ok(docket
            .cases
            .iter()
            .map(|path| {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                (name, check_one(path, &types))
            })
            .collect())
    }
}

/// Whether a folder has exactly the files that a case came from. Without workers no picture is decoded:
/// enough to see whether anything changed.
pub(super) async fn is_same(folder: CaseFolder, case_type: CaseType, known: Sha256) -> Result<bool> {
    let assembled = tokio::task::spawn_blocking(move || assemble(folder, &case_type, None, &mut |_| Ok(())));
    Ok(assembled.await.map_err(broke_off)?.is_ok_and(|assembled| assembled.intake == known))
}

/// The files of a case's pack, each with its size and media type.
pub(super) fn files_of(document: &CaseDocument) -> Result<Vec<(Sha256, u64, String)>> {
    let files = evidence_files(document).map_err(|e| Error::Broken(e.to_string()))?;
    Ok(files.into_iter().map(|file| (file.sha256, file.bytes, file.media_type.clone())).collect())
}

fn broke_off(error: tokio::task::JoinError) -> Error {
    Error::Broken(format!("intake broke off: {error}"))
}

fn check_one(path: &Path, types: &[CaseType]) -> std::result::Result<CaseId, IntakeFault> {
    let folder = CaseFolder::open(path)?;
    let case_type = types
        .iter()
        .find(|case_type| case_type.code == folder.case.case_type)
        .ok_or_else(|| folder.fault("type", "no such case type"))?;
    assemble(folder, case_type, None, &mut |_| Ok(())).map(|assembled| assembled.document.case.id)
}
