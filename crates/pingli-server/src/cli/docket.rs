//! The commands about intake folders.

use super::{DataFolder, open, say};
use clap::Subcommand;
use pingli_server::{
    App,
    intake::{ImportReport, Imported},
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Subcommand)]
pub(super) enum Docket {
    /// Import an intake folder: check it, make previews, sign one pack per case, draw the panels.
    /// Importing the same folder again changes nothing. A running server takes notice by itself
    Import {
        /// The intake folder (docs/intake.md), or the folder of one case
        dir: PathBuf,
        #[command(flatten)]
        folder: DataFolder,
    },
    /// Give cases whose panels still vote a new version of their material: check the folder, sign
    /// new packs, tell everybody who has not voted yet. Ballots that were cast stay as they are. A
    /// running server takes notice by itself
    Amend {
        /// The intake folder (docs/intake.md), or the folder of one case; each case under the number that
        /// it has
        dir: PathBuf,
        #[command(flatten)]
        folder: DataFolder,
    },
    /// Check an intake folder without storing anything: prints each case as OK, or the file, the
    /// field and the reason
    Check {
        /// The intake folder (docs/intake.md), or the folder of one case
        dir: PathBuf,
    },
}

/// Runs a command about an intake folder.
pub(super) async fn run(command: Docket) -> anyhow::Result<ExitCode> {
    match command {
        Docket::Import { dir, folder } => report(&open(&folder.data).await?.import(&dir).await?),
        Docket::Amend { dir, folder } => report(&open(&folder.data).await?.amend(&dir).await?),
        Docket::Check { dir } => check(&dir),
    }
}

fn report(report: &ImportReport) -> anyhow::Result<ExitCode> {
    for (name, became) in &report.cases {
        match became {
            Imported::Opened(id) => say(&format!("opened     {id}"))?,
            Imported::Amended(id, version) => say(&format!("amended    {id} (version {version})"))?,
            Imported::Unchanged(id) => say(&format!("unchanged  {id}"))?,
            Imported::Refused(fault) => say(&format!("refused    {name}\n  {fault}"))?,
        }
    }
    let refused = report.refused();
    say(&format!("{} cases, {refused} refused", report.cases.len()))?;
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(dir: &Path) -> anyhow::Result<ExitCode> {
    let checked = App::check_docket(dir)?;
    let mut wrong = 0_usize;
    for (name, result) in &checked {
        match result {
            Ok(id) => say(&format!("OK       {id}"))?,
            Err(fault) => {
                wrong += 1;
                say(&format!("refused  {name}\n  {fault}"))?;
            }
        }
    }
    say(&format!("{} cases, {wrong} refused", checked.len()))?;
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
