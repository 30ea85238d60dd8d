//! Writes what was saved into a new database.

use super::{LAST, RECOVERED, Recovery};
use crate::{
    Store, StoreError,
    database::put_value,
    journal::{self, Entry},
    pages::Value,
    salvage::{Salvage, Saved, intent},
};
use pingli_protocol::UtcInstant;
use rusqlite::{Transaction, params, params_from_iter, types::Value as Sql};
use std::collections::BTreeSet;

/// Columns of an account that are saved; the mirror is pulled anew, and the journal begins anew.
const ACCOUNT: usize = 7;

impl Store {
    /// Writes everything that was saved in one transaction.
    pub(super) fn restore(&self, salvage: &Salvage, place: &str, now: UtcInstant) -> Result<Recovery, StoreError> {
        self.transact(|tx| {
            let known = accounts(tx, salvage)?;
            meta(tx, salvage, &known)?;
            let (intents_saved, intents_asked) = intents(tx, salvage, &known)?;
            let mut recovery = Recovery {
                at: now,
                intents_saved,
                intents_asked,
                drafts_saved: 0,
                receipts_saved: 0,
                pages_lost: salvage.pages_lost,
                rows_lost: salvage.rows_lost,
                place: place.to_owned(),
            };
            for (table, row) in salvage.others() {
                other(tx, table, row)?;
                recovery.drafts_saved += u32::from(table == "draft");
                recovery.receipts_saved += u32::from(table == "receipt");
            }
            packs_are_checked_again(tx)?;
            put_value(tx, LAST, &serde_json::to_string(&recovery)?)?;
            Ok(recovery)
        })
    }
}

fn sql(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Int(value) => Sql::Integer(*value),
        Value::Real(value) => Sql::Real(*value),
        Value::Text(value) => Sql::Text(value.clone()),
        Value::Blob(value) => Sql::Blob(value.clone()),
    }
}

/// Accounts whose row was saved. What belongs to another one waits under a name that nobody has
/// until somebody signs in.
fn accounts(tx: &Transaction<'_>, salvage: &Salvage) -> Result<BTreeSet<i64>, StoreError> {
    let mut known = BTreeSet::new();
    for row in salvage.accounts() {
        let (Some(id), Some(skew)) = (row.values[0].int(), row.values[9].int()) else { continue };
        let rows = tx.execute(
            "insert or ignore into account (id, server, reviewer, description, keys, profile, tokens)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params_from_iter(row.values[..ACCOUNT].iter().map(sql)),
        )?;
        if rows > 0 {
            // The new chain has other hashes than the server was told of: it goes on under another name.
            let before = row.values.iter().skip(10).find_map(Value::text);
            tx.execute("update account set skew = ?2, journal_before = ?3 where id = ?1", params![id, skew, before])?;
            known.insert(id);
        }
    }
    let owners = salvage.intents().map(|row| &row.values[intent::ACCOUNT]);
    let owners = owners.chain(salvage.others().map(|(_, row)| &row.values[0])).filter_map(Value::int);
    for lost in owners.collect::<BTreeSet<_>>().difference(&known) {
        tx.execute(
            "insert into account (id, server, reviewer, description, keys, profile) values (?1, '', ?1, '', '', '')",
            [lost],
        )?;
    }
    Ok(known)
}

fn meta(tx: &Transaction<'_>, salvage: &Salvage, known: &BTreeSet<i64>) -> Result<(), StoreError> {
    let mut signed_in = None;
    for row in salvage.meta() {
        match (row.values[0].text(), row.values[1].text()) {
            (Some("account"), Some(id)) => signed_in = id.parse::<i64>().ok(),
            (Some(key), Some(value)) if key != LAST => put_value(tx, key, value)?,
            _ => {}
        }
    }
    // Where it is lost who was signed in, the only one there is was.
    let signed_in = signed_in.or_else(|| known.first().copied().filter(|_| known.len() == 1));
    if let Some(id) = signed_in.filter(|id| known.contains(id)) {
        put_value(tx, "account", &id.to_string())?;
    }
    Ok(())
}

/// Appends the acts to a new journal. One that waits goes on waiting, unless it may have been taken
/// back in the part that was lost, or nobody knows whose it is: then the reviewer decides.
fn intents(tx: &Transaction<'_>, salvage: &Salvage, known: &BTreeSet<i64>) -> Result<(u32, u32), StoreError> {
    let (mut saved, mut asked) = (0, 0);
    for row in salvage.intents() {
        let text = |place: usize| row.values[place].text().unwrap_or_default();
        let number = |place: usize| row.values[place].int().unwrap_or_default();
        let account = number(intent::ACCOUNT);
        let entry = Entry {
            id: text(intent::ID),
            lane: text(intent::LANE),
            kind: text(intent::KIND),
            payload: text(intent::PAYLOAD),
        };
        let made_at = UtcInstant::from_millis(number(intent::MADE_AT));
        let seq = journal::append_entry(tx, account, &entry, made_at, text(intent::STATUS))?;
        let state = row.values[7..=10].iter().chain([&row.values[12]]).chain(&row.values[16..=20]).map(sql);
        tx.execute(
            "update intent set title = ?2, case_id = ?3, seat = ?4, points = ?5, due = ?6, held_until = ?7,
                 parked_code = ?8, unknown = ?9, tries = ?10, last_answer = ?11 where seq = ?1",
            params_from_iter(std::iter::once(Sql::Integer(seq)).chain(state)),
        )?;
        // The journal's own links are no acts of the reviewer's.
        saved += u32::from(entry.lane != journal::OWN_LANE);
        if row.doubtful || !known.contains(&account) {
            let parked = tx.execute(
                "update intent set status = 'parked', parked_code = ?2, held_until = null
                 where seq = ?1 and status = 'waiting'",
                params![seq, RECOVERED],
            )?;
            asked += u32::from(parked > 0);
        }
    }
    // That an act was taken back may have been on a lost page: its link is not asked for.
    let last: i64 = tx.query_row("select coalesce(max(seq), 0) from intent", [], |row| row.get(0))?;
    put_value(tx, "drops_are_links_after", &last.to_string())?;
    Ok((saved, asked))
}

fn other(tx: &Transaction<'_>, table: &str, row: &Saved) -> Result<(), StoreError> {
    let columns = match table {
        "draft" => "account, seat, body, saved_at",
        "forgotten_receipt" => "account, intent, received_at, signed, body",
        "receipt" => "account, intent, seat, case_id, kind, signed, body, received_at",
        "seat_local" => "account, seat, later, first_opened, active_seconds, side_order",
        "case_key" => "account, seat, key",
        "seen" => "account, kind, key",
        "evidence_opened" => "account, seat, evidence",
        _ => "account, seat, version, sha256, bytes, file, state, code, received",
    };
    let count = columns.split(',').count();
    let places = vec!["?"; count].join(", ");
    let statement = format!("insert or ignore into {table} ({columns}) values ({places})");
    tx.prepare_cached(&statement)?.execute(params_from_iter(row.values[..count].iter().map(sql)))?;
    Ok(())
}

/// What was made from a pack is made again when it is checked; a pack without its key is gone.
fn packs_are_checked_again(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute_batch(
        "delete from pack where not exists
             (select 1 from case_key where case_key.account = pack.account and case_key.seat = pack.seat);
         delete from case_key where not exists
             (select 1 from pack where case_key.account = pack.account and case_key.seat = pack.seat);
         update pack set state = 'queued', code = null where state = 'ready';",
    )?;
    Ok(())
}
