//! Rows of `./bench faults`: what a suite tried and how often an invariant was violated. They are
//! written only when `PINGLI_FAULT_REPORT` names a folder, one file a row, so that suites run in
//! processes of their own.

use serde_json::json;
use std::path::PathBuf;

/// One row: `points` were tried and `violations` of them broke an invariant.
#[derive(Debug, Clone, Copy)]
pub struct FaultRow {
    /// Begins with the row's id in the targets: "F1 client writes".
    pub id: &'static str,
    /// What was tried, in words.
    pub name: &'static str,
    /// How many points were tried.
    pub points: u64,
    /// How many of them broke an invariant.
    pub violations: u64,
    /// How many points an ordinary run has to try.
    pub target: u64,
}

impl FaultRow {
    /// Writes the row where `./test` and `./bench faults` collect it, and fails when anything was violated
    /// or too little was tried: a suite may call this as its last assertion.
    ///
    /// # Panics
    /// When the row does not hold.
    pub fn close(self) {
        self.close_having_seen("");
    }

    /// The same; `seen` says what the points came to: places that were reached, acts that were done.
    ///
    /// # Panics
    /// When the row does not hold.
    pub fn close_having_seen(self, seen: &str) {
        let row = json!([{
            "id": self.id, "name": self.name, "ours": self.violations, "reference": 0, "ratio": null,
            "unit": "violations", "points": self.points, "target": format!("0 in {}", self.target),
            "holds": self.violations == 0 && self.points >= self.target, "seen": seen,
        }]);
        write(self.id, &row.to_string());
        assert_eq!(self.violations, 0, "{}: {} of {} points broke an invariant", self.id, self.violations, self.points);
        assert!(self.points >= self.target, "{}: {} points of {} were tried", self.id, self.points, self.target);
    }
}

fn write(id: &str, row: &str) {
    if let Some(folder) = std::env::var_os("PINGLI_FAULT_REPORT").map(PathBuf::from) {
        std::fs::create_dir_all(&folder).expect("the folder of the report");
        std::fs::write(folder.join(format!("{}.json", id.replace(' ', "-"))), row).expect("a row that is written");
    }
}

/// How many times as many points are tried as in an ordinary run: `PINGLI_FAULT_ROUNDS`, 1 when it is
/// not set.
#[must_use]
pub fn rounds() -> u64 {
    std::env::var("PINGLI_FAULT_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}

/// The seed of a run: `PINGLI_FAULT_SEED`, else one from the clock. It is printed, so that a run that
/// failed can be had again.
#[must_use]
pub fn seed() -> u64 {
    let seed = std::env::var("PINGLI_FAULT_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_nanos() & u128::from(u64::MAX)).unwrap_or_default()
    });
    #[expect(clippy::print_stderr, reason = "the seed is what makes a failure repeatable")]
    {
        eprintln!("PINGLI_FAULT_SEED={seed}");
    }
    seed
}
