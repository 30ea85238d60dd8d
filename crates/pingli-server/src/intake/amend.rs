//! Amending: a case whose panel still votes gets a new version of its material, a new signed pack. What
//! was asked stays as it is, and so do the ballots that were cast; whoever still votes is told.

use super::{
    CaseFolder, Docket, ImportReport, Imported, IntakeFault,
    import::{Packed, files_of, is_same},
};
use crate::{
    app::App,
    court::panel,
    db::{
        ballots,
        cases::{self, CaseRow, CaseState},
        packs, seats,
    },
    error::{Error, Result},
};
use pingli_protocol::{UtcInstant, ballot::Ballot, case::CaseDocument};
use std::{path::Path, sync::Arc};

/// The only round that a folder can be about.
const ROUND: u32 = 1;

impl App {
    /// Amends the cases of an intake folder, or of the folder of a single case. A folder that is as it
    /// was changes nothing; a case that cannot be amended is refused, and the others go on. Case types in
    /// the folder are passed over: each case keeps the type that it was opened with.
    ///
    /// # Errors
    /// When the folder itself is no intake folder (a refusal that names the file), or the data
    /// folder fails.
    pub async fn amend(self: &Arc<Self>, folder: &Path) -> Result<ImportReport> {
        let docket = Docket::open(folder).map_err(|fault| Error::invalid(fault.to_string()))?;
        let mut report = ImportReport::default();
        for path in docket.cases {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            report.cases.push((name, self.amend_case(&path).await?.unwrap_or_else(Imported::Refused)));
        }
        Ok(report)
    }

    async fn amend_case(self: &Arc<Self>, path: &Path) -> Result<Result<Imported, IntakeFault>> {
        let folder = match CaseFolder::open(path) {
            Ok(folder) => folder,
            Err(fault) => return Ok(Err(fault)),
        };
        let name = folder.name().to_owned();
        let known = cases::by_id(&mut *self.db.read().await?, &folder.case.id, ROUND).await?;
        let Some(before) = known else {
            return Ok(Err(folder.fault("id", "no case has this number; docket import opens new ones")));
        };
        let case_type = before.document.case_type.clone();
        if folder.case.case_type != case_type.code {
            return Ok(Err(folder.fault("type", "a case keeps its type: another question is another case")));
        }
        if is_same(folder, case_type.clone(), before.intake).await? {
            return Ok(Ok(Imported::Unchanged(before.id)));
        }
        // Before anything is stored, and once more when it is.
        if let Err(refused) = may_amend(&before, self.now()) {
            return Ok(Err(refused.of(&name)));
        }
        let folder = match CaseFolder::open(path) {
            Ok(folder) => folder,
            Err(fault) => return Ok(Err(fault)),
        };
        let packed = match self.pack_away(folder, case_type, before.pack.version + 1).await? {
            Ok(packed) => packed,
            Err(fault) => return Ok(Err(fault)),
        };
        Ok(self.replace(&before, packed).await?.map_err(|refused| refused.of(&name)))
    }

    /// Puts the new version in the place of the one before, and tells everybody who still votes.
    async fn replace(&self, before: &CaseRow, packed: Packed) -> Result<Result<Imported, Refusal>> {
        let Packed { assembled, pack } = packed;
        let now = self.now();
        let mut tx = self.db.write().await?;
        let current = cases::by_id(&mut tx, &before.id, before.round).await?;
        let Some(current) = current.filter(|current| current.pack.sha256 == before.pack.sha256) else {
            return Ok(Err(Refusal("id", "somebody else amended the case meanwhile".to_owned())));
        };
        if let Err(refused) = may_amend(&current, now) {
            return Ok(Err(refused));
        }
        if assembled.document.vote_system != current.document.vote_system {
            return Ok(Err(Refusal("vote_system", "a panel that votes keeps its vote system".to_owned())));
        }
        for ballot in ballots::bodies(&mut tx, &current.id, current.round).await? {
            if let Err(refused) = still_holds(ballot, &assembled.document) {
                return Ok(Err(refused));
            }
        }
        let files = files_of(&assembled.document)?;
        let case = CaseRow {
            document: assembled.document,
            card: assembled.card,
            pack,
            intake: assembled.intake,
            ..current.clone()
        };
        packs::amend(&mut tx, &current, &case, &files, now).await?;
        for seat in seats::of_case(&mut tx, &case.id, case.round).await? {
            // A seat that has ended keeps the version that it ended with.
            if seat.state.is_open() {
                panel::publish_seat(&mut tx, &case, &seat).await?;
            }
        }
        self.commit(tx).await?;
        tracing::info!(case = %case.id, version = case.pack.version, "a case has a new version");
        Ok(Ok(Imported::Amended(case.id, case.pack.version)))
    }
}

/// Why a case is not amended: the field of `case.json`, and the reason.
struct Refusal(&'static str, String);

impl Refusal {
    fn of(self, folder: &str) -> IntakeFault {
        IntakeFault::new(format!("{folder}/case.json"), self.0, self.1)
    }
}

fn may_amend(case: &CaseRow, now: UtcInstant) -> Result<(), Refusal> {
    if case.state == CaseState::Voting && case.voting_end > now {
        return Ok(());
    }
    Err(Refusal("id", "its panel does not vote any more: what was decided is not amended".to_owned()))
}

/// A ballot stays as it was cast, on the version that it names. What it cites and finds must still be
/// there, or its opinion would be published with references to nothing.
fn still_holds(ballot: Ballot, document: &CaseDocument) -> Result<(), Refusal> {
    let rule_version = document.case.rule_version.clone();
    Ballot { rule_version, ..ballot }
        .check(document)
        .map_err(|fault| Refusal("", format!("a ballot that was cast would no longer hold: {fault}")))
}
