//! Picks the reviewer's own rows from a damaged database, page by page: acts, drafts, receipts,
//! accounts, settings, what was looked at, and the keys of evidence that is still beside it. A row is
//! known by its shape, so that neither the schema nor an inner page has to read. What the server has is
//! pulled again.

use crate::{
    StoreError,
    head::Head,
    keys::DataKey,
    pages::{Kind, Pages, Row, Value},
    seat::SeenKind,
};
use std::{collections::BTreeMap, path::Path};

/// A table whose rows are saved.
struct Table {
    name: &'static str,
    kind: Kind,
    /// A letter a column: `r` row number, `i` number, `t` text, `b` bytes; a capital may be null.
    shape: &'static str,
    /// Columns that every row has; the others came later.
    least: usize,
    /// Columns of the primary key, the row number being one.
    key: usize,
    fits: fn(&[Value]) -> bool,
}

const META: usize = 0;
const ACCOUNT: usize = 1;
const INTENT: usize = 2;
const DRAFT: usize = 3;
const RECEIPT: usize = 4;
const SEAT_LOCAL: usize = 5;
const CASE_KEY: usize = 6;
const PACK: usize = 7;
const MARK: usize = 8;
const FORGOTTEN: usize = 9;
const SEEN: usize = 10;
const OPENED: usize = 11;

const TABLES: [Table; 12] = [
    Table { name: "meta", kind: Kind::TableLeaf, shape: "tt", least: 2, key: 1, fits: any },
    Table { name: "account", kind: Kind::TableLeaf, shape: "rtttttTTIiTT", least: 10, key: 1, fits: any },
    Table {
        name: "intent",
        kind: Kind::TableLeaf,
        shape: "rtitttbtTTIiIbbtITiiT",
        least: 21,
        key: 1,
        fits: is_authentic,
    },
    Table { name: "draft", kind: Kind::Index, shape: "itti", least: 4, key: 2, fits: has_json_body },
    Table { name: "receipt", kind: Kind::Index, shape: "itTTtTtiT", least: 8, key: 2, fits: any },
    Table { name: "seat_local", kind: Kind::Index, shape: "itiIiT", least: 6, key: 2, fits: any },
    Table { name: "case_key", kind: Kind::Index, shape: "itb", least: 3, key: 2, fits: any },
    Table { name: "pack", kind: Kind::Index, shape: "ititittTiTiiT", least: 10, key: 2, fits: any },
    Table { name: "mark", kind: Kind::TableLeaf, shape: "rbi", least: 3, key: 1, fits: any },
    Table { name: "forgotten_receipt", kind: Kind::Index, shape: "itiTt", least: 5, key: 3, fits: any },
    Table { name: "seen", kind: Kind::Index, shape: "itt", least: 3, key: 3, fits: is_seen },
    Table { name: "evidence_opened", kind: Kind::Index, shape: "itt", least: 3, key: 3, fits: any },
];

const fn any(_: &[Value]) -> bool {
    true
}

/// A draft is JSON; the index of chat logs has the same shape.
fn has_json_body(values: &[Value]) -> bool {
    values[2].text().is_some_and(|body| body.starts_with('{'))
}

/// What was seen has one of our words; which evidence was opened has the id of a seat in its place.
fn is_seen(values: &[Value]) -> bool {
    values[1].text().is_some_and(SeenKind::is_word)
}

/// What an act says is what its link of the journal was made of.
fn is_authentic(values: &[Value]) -> bool {
    let dropped = values[intent::STATUS].text() == Some("dropped");
    let payload = values[intent::PAYLOAD].text().unwrap_or_default();
    let sha256 = values[intent::PAYLOAD_SHA256].bytes::<32>();
    dropped || sha256 == Some(*pingli_protocol::Sha256::of(payload.as_bytes()).as_bytes())
}

/// Places of an act's columns.
pub(crate) mod intent {
    pub(crate) const ID: usize = 1;
    pub(crate) const ACCOUNT: usize = 2;
    pub(crate) const LANE: usize = 3;
    pub(crate) const KIND: usize = 4;
    pub(crate) const PAYLOAD: usize = 5;
    pub(crate) const PAYLOAD_SHA256: usize = 6;
    pub(crate) const MADE_AT: usize = 11;
    pub(crate) const STATUS: usize = 15;
}

impl Table {
    fn has(&self, row: &Row) -> bool {
        let shape = self.shape.as_bytes();
        // An act may have columns of a newer program; small rows are told by their exact length.
        let longest = if self.least == shape.len() && shape.len() < 20 { shape.len() } else { shape.len() + 8 };
        self.kind == row.kind
            && (self.least..=longest).contains(&row.values.len())
            && row.values.iter().zip(shape).all(|(value, kind)| {
                let nullable = kind.is_ascii_uppercase() && value.is_null();
                nullable
                    || match kind.to_ascii_lowercase() {
                        b'r' => value.is_null(),
                        b'i' => matches!(value, Value::Int(_)),
                        b't' => matches!(value, Value::Text(_)),
                        _ => matches!(value, Value::Blob(_)),
                    }
            })
            && (self.fits)(&row.values)
    }

    fn key(&self, row: &Row) -> String {
        match row.number.filter(|_| self.shape.starts_with('r')) {
            Some(number) => format!("{number:020}"),
            None => format!("{:?}", &row.values[..self.key]),
        }
    }
}

/// A row that was saved.
#[derive(Debug, Clone)]
pub(crate) struct Saved {
    /// Its values; the row number stands in its column.
    pub(crate) values: Vec<Value>,
    /// Whether a newer version of it may have been lost.
    pub(crate) doubtful: bool,
}

/// What was saved.
#[derive(Default)]
pub(crate) struct Salvage {
    tables: [BTreeMap<String, Saved>; TABLES.len()],
    /// Pages that do not read.
    pub(crate) pages_lost: u32,
    /// Rows on good pages that go on on a bad one.
    pub(crate) rows_lost: u32,
}

impl Salvage {
    /// Reads everything that can be read.
    ///
    /// # Errors
    /// [`StoreError::Io`] when a file cannot be read at all: that is no damage.
    pub(crate) fn read(
        database: &Path,
        log: &Path,
        key: &DataKey,
        remembered: Option<&Head>,
    ) -> Result<Self, StoreError> {
        let mut found = Self::default();
        let salts: Vec<_> = remembered.iter().map(|head| head.salt).collect();
        let Some(mut pages) = Pages::open(database, log, key, &salts)? else { return Ok(found) };
        for number in pages.numbers() {
            let Some(page) = pages.page(number)? else {
                found.pages_lost += 1;
                continue;
            };
            let (rows, broken) = pages.rows(&page)?;
            for row in rows {
                found.take(row, page.newest);
            }
            found.rows_lost += broken;
        }
        let whole = !pages.log_is_torn && found.reaches(remembered);
        if !whole {
            found.tables.iter_mut().flat_map(BTreeMap::values_mut).for_each(|row| row.doubtful = true);
        }
        Ok(found)
    }

    fn take(&mut self, mut row: Row, newest: bool) {
        let Some(place) = TABLES.iter().position(|table| table.has(&row)) else { return };
        let key = TABLES[place].key(&row);
        if let (Some(number), Some(first)) = (row.number, row.values.first_mut())
            && first.is_null()
        {
            *first = Value::Int(number);
        }
        let saved = Saved { values: row.values, doubtful: !newest };
        let table = &mut self.tables[place];
        let better = table
            .get(&key)
            .is_none_or(|other| (saved.doubtful, how_open(place, &saved)) < (other.doubtful, how_open(place, other)));
        if better {
            table.insert(key, saved);
        }
    }

    /// Whether nothing newer is known to have been there.
    fn reaches(&self, remembered: Option<&Head>) -> bool {
        let mark = self.tables[MARK].values().next();
        let commits = mark.and_then(|row| row.values.get(2)).and_then(Value::int);
        matches!((remembered, commits), (Some(head), Some(commits)) if commits >= head.commits)
    }

    pub(crate) fn meta(&self) -> impl Iterator<Item = &Saved> {
        self.tables[META].values()
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = &Saved> {
        self.tables[ACCOUNT].values()
    }

    /// The acts in the order of the journal.
    pub(crate) fn intents(&self) -> impl Iterator<Item = &Saved> {
        self.tables[INTENT].values()
    }

    /// The rows of the other tables, with the table's name; each begins with its account.
    pub(crate) fn others(&self) -> impl Iterator<Item = (&'static str, &Saved)> {
        [DRAFT, RECEIPT, FORGOTTEN, SEAT_LOCAL, SEEN, OPENED, CASE_KEY, PACK]
            .into_iter()
            .flat_map(|place| self.tables[place].values().map(move |row| (TABLES[place].name, row)))
    }
}

/// Of two versions of an act the one that went further is taken: what was taken back does not wait
/// again.
fn how_open(place: usize, saved: &Saved) -> u8 {
    if place != INTENT {
        return 0;
    }
    match saved.values[intent::STATUS].text() {
        Some("done") => 0,
        Some("dropped") => 1,
        Some("parked") => 2,
        _ => 3,
    }
}

/// Whether a page's rows are all the reviewer's own, none of them evidence.
pub(crate) fn is_own(rows: &[Row]) -> bool {
    !rows.is_empty()
        && rows.iter().all(|row| {
            TABLES.iter().position(|table| table.has(row)).is_some_and(|place| place != CASE_KEY && place != PACK)
        })
}
