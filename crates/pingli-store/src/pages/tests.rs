//! The page reader: garbage never makes it fail, and what it reads is what SQLite reads.

use super::{Kind, Pages, Value, cell, record::record};
use crate::{
    Store,
    database::{DATABASE, LOG},
    keys::DataKey,
};
use proptest::prelude::*;
use rusqlite::params;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn garbage_never_makes_it_fail(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..2_000), kind in 0_usize..4, number in 1_u32..3,
    ) {
        let start = if number == 1 { 100 } else { 0 };
        if let Some(first) = bytes.get_mut(start) {
            *first = [0x0d, 0x0a, 0x02, *first][kind];
        }
        for cell in cell::cells(number, &bytes).into_iter().flat_map(|(_, cells)| cells) {
            prop_assert!(cell.here.len() <= cell.size);
            let _ = record(cell.here);
        }
        let _ = record(&bytes);
    }
}

#[test]
fn every_row_is_read_as_sqlite_reads_it_from_the_database_and_from_its_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = DataKey::from_bytes([3; 32]);
    let store = Store::open(folder.path(), &key).expect("a store");
    let values = [0, 1, -1, 127, -128, 40_000, -8_000_000, 1 << 40, i64::MIN, i64::MAX];
    {
        let connection = store.lock();
        connection
            .execute_batch(
                "create table try_rows (n integer primary key, i integer, t text, b blob) strict;
                 create table try_keys (k text primary key, i integer, t text) strict, without rowid;",
            )
            .expect("tables");
        connection.execute_batch("begin").expect("begun");
        for n in 0..400_i64 {
            // Some records go on over several pages.
            let size = usize::try_from(if n % 37 == 0 { 300 * (n + 1) } else { n * 13 }).expect("a size");
            let (i, t, b) = (values[n as usize % values.len()], "词".repeat(size / 3), vec![n as u8; size % 5_000]);
            connection.execute("insert into try_rows values (?1, ?2, ?3, ?4)", params![n, i, t, b]).expect("a row");
            connection
                .execute("insert into try_keys values (?1, ?2, ?3)", params![format!("k{n}"), i, t])
                .expect("a row");
        }
        connection.execute("delete from try_rows where n % 7 = 3", []).expect("deleted");
        connection.execute_batch("commit").expect("committed");
    }
    for emptied in [false, true] {
        if emptied {
            store.checkpoint().expect("moved");
        }
        let (database, log) = (folder.path().join(DATABASE), folder.path().join(LOG));
        let mut pages = Pages::open(&database, &log, &key, &[]).expect("files").expect("pages");
        let (mut rows, mut keys) = (Vec::new(), Vec::new());
        for number in pages.numbers() {
            let page = pages.page(number).expect("read").expect("a page that is whole");
            let (found, broken) = pages.rows(&page).expect("read");
            assert_eq!(broken, 0, "every row of page {number} reads");
            for row in found {
                let is_text = |place: usize| matches!(row.values.get(place), Some(Value::Text(_)));
                if row.kind == Kind::TableLeaf && row.values.len() == 4 && row.values[0].is_null() && is_text(2) {
                    rows.push((row.number, row.values));
                } else if row.kind == Kind::Index && row.values.len() == 3 && is_text(0) && is_text(2) {
                    keys.push(row.values);
                }
            }
        }
        rows.sort_by_key(|(number, _)| *number);
        let connection = store.lock();
        let mut statement = connection.prepare("select n, i, t, b from try_rows order by n").expect("sql");
        let wanted: Vec<_> = statement
            .query_map([], |row| {
                let values =
                    vec![Value::Null, Value::Int(row.get(1)?), Value::Text(row.get(2)?), Value::Blob(row.get(3)?)];
                Ok((Some(row.get(0)?), values))
            })
            .expect("rows")
            .collect::<Result<_, _>>()
            .expect("rows");
        assert!(rows == wanted, "{} rows of {}", rows.len(), wanted.len());
        let count: i64 = connection.query_row("select count(*) from try_keys", [], |row| row.get(0)).expect("a count");
        assert_eq!(keys.len() as i64, count, "rows by key, inner pages included");
    }
}
