//! Intake: an operator's folder of cases becomes signed packs and open panels. The folder is
//! hostile input: nothing outside it is read, and a case that is wrong in any way is refused whole
//! with the file, the field and the reason. The format is in `docs/intake.md`.

mod amend;
mod assemble;
mod check;
mod folder;
mod format;
mod import;
pub mod parsers;
mod signers;

pub use assemble::{Assembled, SourceBytes};
pub use folder::{CaseFolder, Docket};
pub use import::{BuiltPack, ImportReport, Imported};
pub(crate) use signers::known_signers;

/// Why a case, or a whole folder, is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {field}{}{reason}", if field.is_empty() { "" } else { ": " })]
pub struct IntakeFault {
    /// The file, relative to the intake folder.
    pub file: String,
    /// The field inside it, such as `evidence[3].media[0].file`; empty for the file itself.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl IntakeFault {
    pub(crate) fn new(file: impl Into<String>, field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { file: file.into(), field: field.into(), reason: reason.into() }
    }
}
