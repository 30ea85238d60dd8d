//! The mirror of the server's records. A page and its cursor are written in one transaction.

use crate::{Store, StoreError};
use pingli_protocol::{
    SeatId, Sha256, UtcInstant,
    seat::Seat,
    sync::{Change, ChangeBody, Collection, digest},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

const fn name(collection: Collection) -> &'static str {
    match collection {
        Collection::CaseTypes => "case_types",
        Collection::Profile => "profile",
        Collection::Standing => "standing",
        Collection::Seats => "seats",
        Collection::Verdicts => "verdicts",
        Collection::Ledger => "ledger",
        Collection::Projects => "projects",
        Collection::Donations => "donations",
    }
}

impl Store {
    /// Where the next page of changes begins; none before the first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cursor(&self) -> Result<Option<String>, StoreError> {
        let id = self.account_id()?;
        Ok(self.lock().query_row("select cursor from account where id = ?1", [id], |row| row.get(0))?)
    }

    /// Applies a page of changes and its cursor.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of the page was kept.
    pub fn apply_page(&self, changes: &[Change], cursor: &str) -> Result<(), StoreError> {
        let account = self.account_id()?;
        self.transact(|tx| {
            apply(tx, account, changes)?;
            tx.execute("update account set cursor = ?2 where id = ?1", params![account, cursor])?;
            Ok(())
        })
    }

    /// Drops the mirror and puts another in its place; drafts and intents stay.
    ///
    /// # Errors
    /// [`StoreError`]; then the old mirror is still there.
    pub fn replace_mirror(&self, changes: &[Change], cursor: &str) -> Result<(), StoreError> {
        let account = self.account_id()?;
        self.transact(|tx| {
            tx.execute("delete from mirror where account = ?1", [account])?;
            apply(tx, account, changes)?;
            tx.execute("update account set cursor = ?2 where id = ?1", params![account, cursor])?;
            Ok(())
        })
    }

    /// Notes that the mirror is complete as of now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_complete(&self, now: UtcInstant) -> Result<(), StoreError> {
        let account = self.account_id()?;
        self.execute("update account set last_complete = ?2 where id = ?1", params![account, now.as_millis()])?;
        Ok(())
    }

    /// What a collection of the mirror comes to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn digest(&self, collection: Collection) -> Result<(u32, Sha256), StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("select id, version from mirror where account = ?1 and collection = ?2")?;
        let rows = statement.query_map(params![account, name(collection)], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })?;
        let records = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(digest(records.iter().map(|(id, version)| (id.as_str(), *version))))
    }

    /// All records of a collection, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn records<T>(
        &self,
        collection: Collection,
        pick: impl Fn(ChangeBody) -> Option<T>,
    ) -> Result<Vec<T>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("select body from mirror where account = ?1 and collection = ?2 order by id")?;
        let mut rows = statement.query(params![account, name(collection)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.extend(pick(serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?));
        }
        Ok(found)
    }

    /// The seats.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn seats(&self) -> Result<Vec<Seat>, StoreError> {
        self.records(Collection::Seats, |body| if let ChangeBody::Seat(seat) = body { Some(*seat) } else { None })
    }

    /// One seat.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] among others.
    pub fn seat(&self, id: &SeatId) -> Result<Seat, StoreError> {
        let account = self.account_id()?;
        let body: Option<String> = self
            .lock()
            .query_row(
                "select body from mirror where account = ?1 and collection = 'seats' and id = ?2",
                params![account, id.as_str()],
                |row| row.get(0),
            )
            .optional()?;
        match body.map(|body| serde_json::from_str(&body)).transpose()? {
            Some(ChangeBody::Seat(seat)) => Ok(*seat),
            _ => Err(StoreError::NotFound),
        }
    }
}

fn apply(tx: &Transaction<'_>, account: i64, changes: &[Change]) -> Result<(), StoreError> {
    for change in changes {
        let collection = name(change.body.collection());
        if matches!(change.body, ChangeBody::Gone { .. }) {
            tx.prepare_cached("delete from mirror where account = ?1 and collection = ?2 and id = ?3")?
                .execute(params![account, collection, change.id])?;
        } else {
            tx.prepare_cached(
                "insert into mirror (account, collection, id, version, body) values (?1, ?2, ?3, ?4, ?5)
                 on conflict (account, collection, id) do update
                     set version = excluded.version, body = excluded.body
                     where excluded.version >= mirror.version",
            )?
            .execute(params![
                account,
                collection,
                change.id,
                change.version,
                serde_json::to_string(&change.body)?
            ])?;
        }
    }
    Ok(())
}
