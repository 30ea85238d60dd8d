//! Drafts: what the reviewer wrote about a seat, saved as it is typed.

use crate::{Store, StoreError};
use pingli_protocol::{SeatId, UtcInstant};
use rusqlite::{OptionalExtension as _, params};
use std::collections::BTreeSet;

impl Store {
    /// The draft of a seat, as JSON.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn draft(&self, seat: &SeatId) -> Result<Option<String>, StoreError> {
        let account = self.account_id()?;
        let found = self.lock().query_row(
            "select body from draft where account = ?1 and seat = ?2",
            params![account, seat.as_str()],
            |row| row.get(0),
        );
        Ok(found.optional()?)
    }

    /// Saves the whole draft of a seat.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_draft(&self, seat: &SeatId, body: &str, now: UtcInstant) -> Result<(), StoreError> {
        let account = self.account_id()?;
        self.transact(|tx| save_draft(tx, account, seat, body, now))
    }

    /// The seats that have a draft.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn drafted_seats(&self) -> Result<BTreeSet<String>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement = connection.prepare_cached("select seat from draft where account = ?1")?;
        let rows = statement.query_map([account], |row| row.get::<_, String>(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

pub(crate) fn save_draft(
    connection: &rusqlite::Connection,
    account: i64,
    seat: &SeatId,
    body: &str,
    now: UtcInstant,
) -> Result<(), StoreError> {
    connection.execute(
        "insert into draft (account, seat, body, saved_at) values (?1, ?2, ?3, ?4)
         on conflict (account, seat) do update set body = excluded.body, saved_at = excluded.saved_at",
        params![account, seat.as_str(), body, now.as_millis()],
    )?;
    Ok(())
}
