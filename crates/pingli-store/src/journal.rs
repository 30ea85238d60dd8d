//! The journal's hash chain: one per installation, in the order the reviewer acted. A link covers
//! what was meant, never the state of sending. Taking an act back is a link as well, and the act
//! stays one without its payload. The server is told of the newest link under a name that each
//! account has for the journal.

use crate::{NewIntent, Store, StoreError};
use pingli_protocol::{CaseId, IntentId, JournalId, SeatId, Sha256, UtcInstant};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

/// The lane of links that are no acts: that one was taken back, that the journal has another name.
pub(crate) const OWN_LANE: &str = "journal";

impl Store {
    /// The newest link of the journal: its place and its hash. The server may be told of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal_head(&self) -> Result<(i64, Sha256), StoreError> {
        head(&self.lock())
    }

    /// The hash of a link; none where there is no such link.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal_link(&self, seq: i64) -> Result<Option<Sha256>, StoreError> {
        let found = self.lock().query_row("select hash from intent where seq = ?1", [seq], |row| row.get(0));
        Ok(found.optional()?.map(Sha256::from_bytes))
    }

    /// The name of the journal at the account's server, and of the one it goes on from. `fresh` is
    /// taken when it has none yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal_name(&self, fresh: &JournalId) -> Result<(JournalId, Option<JournalId>), StoreError> {
        let account = self.account_id()?;
        let (name, before): (String, Option<String>) = self.transact(|tx| {
            tx.execute(
                "update account set journal = ?2 where id = ?1 and journal is null",
                params![account, fresh.as_str()],
            )?;
            let names = tx.query_row("select journal, journal_before from account where id = ?1", [account], |row| {
                Ok((row.get(0)?, row.get(1)?))
            });
            Ok(names?)
        })?;
        let read = |name: String| JournalId::new(name).map_err(|_| StoreError::Tampered);
        Ok((read(name)?, before.map(read).transpose()?))
    }

    /// The acts that the server gave receipts to under a journal, and that are done.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn acknowledged(&self, journal: &JournalId) -> Result<Vec<IntentId>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "select intent from receipt where account = ?1 and journal = ?2
             and exists (select 1 from intent where intent.id = receipt.intent and status = 'done')",
        )?;
        let rows = statement.query_map(params![account, journal.as_str()], |row| row.get::<_, String>(0))?;
        rows.map(|id| IntentId::new(id?).map_err(|_| StoreError::Tampered)).collect()
    }

    /// The acts that the server gave receipts to under no journal of that name, and that are done.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn acknowledged_elsewhere(&self, journal: &JournalId) -> Result<Vec<IntentId>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "select intent from receipt where account = ?1 and journal is not ?2
             and exists (select 1 from intent where intent.id = receipt.intent and status = 'done')",
        )?;
        let rows = statement.query_map(params![account, journal.as_str()], |row| row.get::<_, String>(0))?;
        rows.map(|id| IntentId::new(id?).map_err(|_| StoreError::Tampered)).collect()
    }

    /// Checks every link of the journal and returns how many there are.
    ///
    /// # Errors
    /// [`StoreError::Tampered`] at the first link that does not fit.
    pub fn check_journal(&self) -> Result<u64, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare(
            "select seq, id, lane, kind, payload_sha256, made_at, prev_hash, hash, payload, status
             from intent order by seq",
        )?;
        let mut rows = statement.query([])?;
        let (mut before, mut place, mut links) = ([0_u8; 32], 0_i64, 0_u64);
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            let payload_hash: [u8; 32] = row.get(4)?;
            let link = Link {
                seq,
                id: &row.get::<_, String>(1)?,
                lane: &row.get::<_, String>(2)?,
                kind: &row.get::<_, String>(3)?,
                payload_hash: &payload_hash,
                made_at: row.get(5)?,
            };
            let payload: String = row.get(8)?;
            let kept = row.get::<_, String>(9)? != "dropped";
            let fits = row.get::<_, [u8; 32]>(6)? == before
                && row.get::<_, [u8; 32]>(7)? == link.hash(&before)
                && seq == place + 1
                && (!kept || *Sha256::of(payload.as_bytes()).as_bytes() == payload_hash);
            if !fits {
                return Err(StoreError::Tampered);
            }
            before = link.hash(&before);
            place = seq;
            links += 1;
        }
        // What the chain says was taken back is taken back, and nothing else.
        let at_odds: bool = connection.query_row(
            "select exists (
                 select 1 from intent act left join intent taken on taken.id = 'drop:' || act.id
                 where (act.status = 'dropped') <> (taken.id is not null) and act.seq >
                     (select cast(value as integer) from meta where key = 'drops_are_links_after'))",
            [],
            |row| row.get(0),
        )?;
        if at_odds { Err(StoreError::Tampered) } else { Ok(links) }
    }
}

struct Link<'a> {
    seq: i64,
    id: &'a str,
    lane: &'a str,
    kind: &'a str,
    payload_hash: &'a [u8; 32],
    made_at: i64,
}

impl Link<'_> {
    fn hash(&self, before: &[u8; 32]) -> [u8; 32] {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        hash.update(before);
        hash.update(self.seq.to_be_bytes());
        for text in [self.id, self.lane, self.kind] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.update(self.payload_hash);
        hash.update(self.made_at.to_be_bytes());
        hash.finalize().into()
    }
}

fn head(connection: &Connection) -> Result<(i64, Sha256), StoreError> {
    let found = connection
        .query_row("select seq, hash from intent order by seq desc limit 1", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?))
        })
        .optional()?;
    Ok(found.map_or((0, Sha256::from_bytes([0; 32])), |(seq, hash)| (seq, Sha256::from_bytes(hash))))
}

/// Appends an act.
pub(crate) fn append(tx: &Transaction<'_>, account: i64, new: &NewIntent) -> Result<(), StoreError> {
    let entry = Entry { id: new.id.as_str(), lane: &new.lane, kind: new.kind, payload: &new.payload };
    let seq = append_entry(tx, account, &entry, new.made_at, "waiting")?;
    tx.execute(
        "update intent set title = ?2, case_id = ?3, seat = ?4, points = ?5, due = ?6, held_until = ?7 where seq = ?1",
        params![
            seq,
            new.title,
            new.case.as_ref().map(CaseId::as_str),
            new.seat.as_ref().map(SeatId::as_str),
            new.points,
            new.due.map(UtcInstant::as_millis),
            new.held_until.map(UtcInstant::as_millis),
        ],
    )?;
    Ok(())
}

/// Appends that an act was taken back. It happens here only, so it is done.
pub(crate) fn append_drop(
    tx: &Transaction<'_>,
    account: i64,
    taken: &IntentId,
    now: UtcInstant,
) -> Result<(), StoreError> {
    let entry = Entry { id: &format!("drop:{taken}"), lane: OWN_LANE, kind: "drop", payload: taken.as_str() };
    append_entry(tx, account, &entry, now, "done")?;
    Ok(())
}

/// Appends that the journal goes on under another name.
pub(crate) fn append_continuation(
    tx: &Transaction<'_>,
    account: i64,
    next: &JournalId,
    before: &str,
    now: UtcInstant,
) -> Result<(), StoreError> {
    let entry = Entry { id: &format!("continue:{next}"), lane: OWN_LANE, kind: "continue", payload: before };
    append_entry(tx, account, &entry, now, "done")?;
    Ok(())
}

/// What a link covers, beside its place and time.
pub(crate) struct Entry<'a> {
    pub(crate) id: &'a str,
    pub(crate) lane: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) payload: &'a str,
}

pub(crate) fn append_entry(
    tx: &Transaction<'_>,
    account: i64,
    entry: &Entry<'_>,
    made_at: UtcInstant,
    status: &str,
) -> Result<i64, StoreError> {
    let (last, before) = head(tx)?;
    let payload_hash = Sha256::of(entry.payload.as_bytes());
    let link = Link {
        seq: last + 1,
        id: entry.id,
        lane: entry.lane,
        kind: entry.kind,
        payload_hash: payload_hash.as_bytes(),
        made_at: made_at.as_millis(),
    };
    tx.execute(
        "insert into intent (seq, id, account, lane, kind, payload, payload_sha256, title, made_at, prev_hash, hash,
             status)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', ?8, ?9, ?10, ?11)",
        params![
            link.seq,
            link.id,
            account,
            link.lane,
            link.kind,
            entry.payload,
            payload_hash.as_bytes(),
            link.made_at,
            before.as_bytes(),
            link.hash(before.as_bytes()),
            status,
        ],
    )?;
    Ok(link.seq)
}
