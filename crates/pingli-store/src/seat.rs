//! What only this machine knows of a seat, and what the reviewer was told of.

use crate::{Store, StoreError};
use pingli_protocol::{EvidenceId, SeatId, UtcInstant, case::Side};
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};

/// What only this machine knows of a seat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalSeat {
    /// Whether the reviewer put it off.
    pub later: bool,
    /// When the case was first opened.
    pub first_opened: Option<UtcInstant>,
    /// Seconds the case was in front of the reviewer.
    pub active_seconds: u32,
    /// The order in which sides are shown.
    pub side_order: Option<Vec<Side>>,
}

fn local_seat(row: &rusqlite::Row<'_>) -> Result<LocalSeat, StoreError> {
    let order: Option<String> = row.get("side_order")?;
    Ok(LocalSeat {
        later: row.get("later")?,
        first_opened: row.get::<_, Option<i64>>("first_opened")?.map(UtcInstant::from_millis),
        active_seconds: row.get("active_seconds")?,
        side_order: order.map(|text| serde_json::from_str(&text)).transpose()?,
    })
}

/// What the reviewer was told of, or looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenKind {
    /// Told of an offered seat.
    ToldSeat,
    /// Told of a verdict.
    ToldVerdict,
    /// Told that a lease ends soon.
    ToldLease,
    /// Looked at a verdict.
    Verdict,
    /// Read a version of a case's material.
    Material,
}

impl SeenKind {
    const ALL: [Self; 5] = [Self::ToldSeat, Self::ToldVerdict, Self::ToldLease, Self::Verdict, Self::Material];

    /// Its word in the database.
    const fn word(self) -> &'static str {
        match self {
            Self::ToldSeat => "told_seat",
            Self::ToldVerdict => "told_verdict",
            Self::ToldLease => "told_lease",
            Self::Verdict => "verdict",
            Self::Material => "material",
        }
    }

    /// Whether a text is the word of one: a row of a damaged database is known by it.
    pub(crate) fn is_word(text: &str) -> bool {
        Self::ALL.into_iter().any(|kind| kind.word() == text)
    }
}

impl Store {
    /// What this machine knows of one seat.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn local_seat(&self, seat: &SeatId) -> Result<LocalSeat, StoreError> {
        Ok(self.local_seats()?.remove(seat.as_str()).unwrap_or_default())
    }

    /// What this machine knows of all seats, by seat.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn local_seats(&self) -> Result<BTreeMap<String, LocalSeat>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "select seat, later, first_opened, active_seconds, side_order from seat_local where account = ?1",
        )?;
        let mut rows = statement.query([account])?;
        let mut found = BTreeMap::new();
        while let Some(row) = rows.next()? {
            found.insert(row.get("seat")?, local_seat(row)?);
        }
        Ok(found)
    }

    /// Puts a seat off, or takes it up again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_later(&self, seat: &SeatId, later: bool) -> Result<(), StoreError> {
        self.execute(
            "insert into seat_local (account, seat, later) values (?1, ?2, ?3)
             on conflict (account, seat) do update set later = excluded.later",
            params![self.account_id()?, seat.as_str(), later],
        )?;
        Ok(())
    }

    /// Notes that the case was opened and fixes the order of its sides; both only the first time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_seat(&self, seat: &SeatId, now: UtcInstant, side_order: &[Side]) -> Result<LocalSeat, StoreError> {
        let account = self.account_id()?;
        self.execute(
            "insert into seat_local (account, seat, first_opened, side_order) values (?1, ?2, ?3, ?4)
             on conflict (account, seat) do update set
                 first_opened = coalesce(first_opened, excluded.first_opened),
                 side_order = coalesce(side_order, excluded.side_order)",
            params![account, seat.as_str(), now.as_millis(), serde_json::to_string(side_order)?],
        )?;
        self.local_seat(seat)
    }

    /// Adds to the seconds the case was in front of the reviewer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_active_seconds(&self, seat: &SeatId, seconds: u32) -> Result<(), StoreError> {
        self.execute(
            "insert into seat_local (account, seat, active_seconds) values (?1, ?2, ?3)
             on conflict (account, seat) do update
                 set active_seconds = min(active_seconds + excluded.active_seconds, 31536000)",
            params![self.account_id()?, seat.as_str(), seconds],
        )?;
        Ok(())
    }

    /// Notes that a piece of evidence was opened.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_evidence_opened(&self, seat: &SeatId, evidence: &EvidenceId) -> Result<(), StoreError> {
        self.execute(
            "insert or ignore into evidence_opened (account, seat, evidence) values (?1, ?2, ?3)",
            params![self.account_id()?, seat.as_str(), evidence.as_str()],
        )?;
        Ok(())
    }

    /// The evidence of a seat that was opened.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn opened_evidence(&self, seat: &SeatId) -> Result<Vec<EvidenceId>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "select evidence from evidence_opened where account = ?1 and seat = ?2 order by evidence",
        )?;
        let rows = statement.query_map(params![account, seat.as_str()], |row| row.get::<_, String>(0))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().filter_map(|id| EvidenceId::new(id).ok()).collect())
    }

    /// Notes that the reviewer was told of something, or looked at it; says whether it is new.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_seen(&self, kind: SeenKind, key: &str) -> Result<bool, StoreError> {
        let rows = self.execute(
            "insert or ignore into seen (account, kind, key) values (?1, ?2, ?3)",
            params![self.account_id()?, kind.word(), key],
        )?;
        Ok(rows > 0)
    }

    /// What of a kind the reviewer was told of, or looked at.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn seen(&self, kind: SeenKind) -> Result<BTreeSet<String>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement = connection.prepare_cached("select key from seen where account = ?1 and kind = ?2")?;
        let rows = statement.query_map(params![account, kind.word()], |row| row.get::<_, String>(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
