//! Intents: what the reviewer meant, written into the journal. An intent and its local
//! effect are written in one transaction; so are a receipt and the end of its intent.

use crate::{Store, StoreError, draft, journal, pack};
use pingli_protocol::{CaseId, IntentId, JournalId, SeatId, Sha256, UtcInstant, server::SignedText};
use rusqlite::{OptionalExtension as _, ToSql, Transaction, params};

/// An intent to be written.
#[derive(Clone)]
pub struct NewIntent {
    /// The id, the idempotency key to the end.
    pub id: IntentId,
    /// Intents of one lane go in order; lanes do not wait for each other.
    pub lane: String,
    /// What it is, a word of the client's.
    pub kind: &'static str,
    /// The request as it goes to the server, JSON.
    pub payload: String,
    /// The case's neutral title, or the project's name.
    pub title: String,
    /// The case, where it is about one.
    pub case: Option<CaseId>,
    /// The seat, where it is about one.
    pub seat: Option<SeatId>,
    /// Points, for a donation.
    pub points: Option<i64>,
    /// When the reviewer did it.
    pub made_at: UtcInstant,
    /// Until when it must be at the server.
    pub due: Option<UtcInstant>,
    /// Until when it is held for undo.
    pub held_until: Option<UtcInstant>,
}

/// What an intent does on this machine at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect<'a> {
    /// Nothing.
    None,
    /// The case's key goes: the act gives the case away.
    Shred(&'a SeatId),
    /// The draft is kept as it was sealed.
    SaveDraft(&'a SeatId, &'a str),
}

/// Whether an intent was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// It was.
    New,
    /// The same id was there before; nothing was done again.
    Already,
}

/// An intent in the journal.
#[derive(Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its place in the journal.
    pub seq: i64,
    /// The id.
    pub id: IntentId,
    /// The lane.
    pub lane: String,
    /// What it is.
    pub kind: String,
    /// The request, JSON; empty once it is dropped.
    pub payload: String,
    /// The case's neutral title, or the project's name.
    pub title: String,
    /// The case.
    pub case: Option<CaseId>,
    /// The seat.
    pub seat: Option<SeatId>,
    /// Points.
    pub points: Option<i64>,
    /// When the reviewer did it.
    pub made_at: UtcInstant,
    /// Until when it must be at the server.
    pub due: Option<UtcInstant>,
    /// Until when it is held for undo.
    pub held_until: Option<UtcInstant>,
    /// Its status.
    pub status: IntentStatus,
    /// Whether the server may have it: it was about to leave, and nothing was heard since that
    /// says otherwise.
    pub unknown: bool,
    /// How often it was tried.
    pub tries: u32,
    /// The last answer, an error code.
    pub last_answer: Option<String>,
}

impl std::fmt::Debug for Intent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intent")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The status of an intent. That it is being sent is known in memory only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntentStatus {
    /// It waits: held, for its turn or for a network.
    Waiting,
    /// The server will not take it; the reviewer decides.
    Parked {
        /// The code.
        code: String,
    },
    /// The server has it.
    Done,
    /// The reviewer took it back.
    Dropped,
}

/// What the server answered to an intent.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredReceipt {
    /// The exact text that the server signed, for a ballot.
    pub signed: Option<SignedText>,
    /// The receipt, JSON.
    pub body: String,
    /// When the server took it in.
    pub received_at: UtcInstant,
}

impl std::fmt::Debug for StoredReceipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredReceipt {{ received_at: {} }}", self.received_at)
    }
}

const COLUMNS: &str = "seq, id, lane, kind, payload, title, case_id, seat, points, made_at, due, held_until, status,
    parked_code, unknown, tries, last_answer";

fn intent(row: &rusqlite::Row<'_>) -> rusqlite::Result<Intent> {
    let id: String = row.get("id")?;
    let parked: Option<String> = row.get("parked_code")?;
    let status = match row.get::<_, String>("status")?.as_str() {
        "parked" => IntentStatus::Parked { code: parked.unwrap_or_default() },
        "done" => IntentStatus::Done,
        "dropped" => IntentStatus::Dropped,
        _ => IntentStatus::Waiting,
    };
    let time = |name: &str| row.get::<_, Option<i64>>(name).map(|at| at.map(UtcInstant::from_millis));
    Ok(Intent {
        seq: row.get("seq")?,
        id: IntentId::new(id).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(error))
        })?,
        lane: row.get("lane")?,
        kind: row.get("kind")?,
        payload: row.get("payload")?,
        title: row.get("title")?,
        case: row.get::<_, Option<String>>("case_id")?.and_then(|id| CaseId::new(id).ok()),
        seat: row.get::<_, Option<String>>("seat")?.and_then(|id| SeatId::new(id).ok()),
        points: row.get("points")?,
        made_at: UtcInstant::from_millis(row.get("made_at")?),
        due: time("due")?,
        held_until: time("held_until")?,
        status,
        unknown: row.get("unknown")?,
        tries: row.get("tries")?,
        last_answer: row.get("last_answer")?,
    })
}

impl Store {
    /// Writes an intent and its local effect in one transaction. The same intent again is no second one;
    /// an id is never used for another.
    ///
    /// # Errors
    /// [`StoreError::IdReused`]; [`StoreError`]; then neither happened.
    pub fn enqueue(&self, new: &NewIntent, effect: Effect<'_>) -> Result<Enqueued, StoreError> {
        let account = self.account_id()?;
        let (enqueued, file) = self.transact(|tx| {
            let known = tx.query_row(
                "select account = ?2 and lane = ?3 and kind = ?4 and payload_sha256 = ?5 from intent where id = ?1",
                params![new.id.as_str(), account, new.lane, new.kind, Sha256::of(new.payload.as_bytes()).as_bytes(),],
                |row| row.get::<_, bool>(0),
            );
            match known.optional()? {
                Some(true) => return Ok((Enqueued::Already, None)),
                Some(false) => return Err(StoreError::IdReused),
                None => {}
            }
            journal::append(tx, account, new)?;
            let file = match effect {
                Effect::None => None,
                Effect::Shred(seat) => pack::shred_rows(tx, account, seat)?,
                Effect::SaveDraft(seat, body) => {
                    draft::save_draft(tx, account, seat, body, new.made_at)?;
                    None
                }
            };
            Ok((Enqueued::New, file))
        })?;
        if matches!(effect, Effect::Shred(_))
            && enqueued == Enqueued::New
            && let Err(error) = self.finish_shredding(file.as_deref())
        {
            // The act is in the journal and the key is gone: it did not fail.
            tracing::warn!(%error, "what is left of a case is removed later");
        }
        Ok(enqueued)
    }

    /// The intents that are not done and not dropped, in the order of the journal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_intents(&self) -> Result<Vec<Intent>, StoreError> {
        self.intents("status in ('waiting', 'parked')", &[])
    }

    /// The finished intents of a kind, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn done_intents(&self, kind: &str) -> Result<Vec<Intent>, StoreError> {
        let mut found = self.intents("status = 'done' and kind = ?2", &[&kind])?;
        found.reverse();
        Ok(found)
    }

    fn intents(&self, condition: &str, values: &[&dyn ToSql]) -> Result<Vec<Intent>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let sql = format!("select {COLUMNS} from intent where account = ?1 and {condition} order by seq");
        let mut statement = connection.prepare_cached(&sql)?;
        let values: Vec<&dyn ToSql> = std::iter::once(&account as &dyn ToSql).chain(values.iter().copied()).collect();
        let rows = statement.query_map(values.as_slice(), intent)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One intent.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] among others.
    pub fn intent(&self, id: &IntentId) -> Result<Intent, StoreError> {
        let account = self.account_id()?;
        let sql = format!("select {COLUMNS} from intent where account = ?1 and id = ?2");
        let found = self.lock().query_row(&sql, params![account, id.as_str()], intent).optional()?;
        found.ok_or(StoreError::NotFound)
    }

    /// Notes, before a waiting intent leaves, that the server may have it from now on; a program that
    /// dies in between must not let it be taken back. Returns it as it was before; none when it does
    /// not wait any more.
    ///
    /// # Errors
    /// [`StoreError`]; then it must not leave.
    pub fn note_leaving(&self, id: &IntentId) -> Result<Option<Intent>, StoreError> {
        let found = self.intent(id)?;
        if found.status != IntentStatus::Waiting {
            return Ok(None);
        }
        if !found.unknown {
            let rows =
                self.execute("update intent set unknown = 1 where id = ?1 and status = 'waiting'", [id.as_str()])?;
            if rows == 0 {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    /// The act at a place of the journal; none where the account has none there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn intent_at(&self, seq: i64) -> Result<Option<Intent>, StoreError> {
        Ok(self.intents("seq = ?2 and lane <> 'journal'", &[&seq])?.pop())
    }

    /// Notes a try that did not end: its answer, and whether the server may have it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_try(&self, id: &IntentId, answer: &str, reached: Reached) -> Result<(), StoreError> {
        self.execute(
            "update intent set tries = tries + 1, last_answer = ?2, unknown = ?3
             where id = ?1 and status = 'waiting'",
            params![id.as_str(), answer, reached == Reached::Perhaps],
        )?;
        Ok(())
    }

    /// Parks an intent: it cannot go as it is, the reviewer decides.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn park(&self, id: &IntentId, code: &str, reached: Reached) -> Result<(), StoreError> {
        self.execute(
            "update intent set status = 'parked', parked_code = ?2, tries = tries + 1, last_answer = ?2, unknown = ?3
             where id = ?1 and status = 'waiting'",
            params![id.as_str(), code, reached == Reached::Perhaps],
        )?;
        Ok(())
    }

    /// Lets a parked intent wait again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is not parked.
    pub fn unpark(&self, id: &IntentId) -> Result<(), StoreError> {
        let rows = self.execute(
            "update intent set status = 'waiting', parked_code = null, held_until = null
             where id = ?1 and status = 'parked'",
            [id.as_str()],
        )?;
        if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
    }

    /// Ends the hold of all intents, or of one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn release_holds(&self, id: Option<&IntentId>) -> Result<(), StoreError> {
        self.execute(
            "update intent set held_until = null
             where account = ?1 and status = 'waiting' and (?2 is null or id = ?2)",
            params![self.account_id()?, id.map(IntentId::as_str)],
        )?;
        Ok(())
    }

    /// Takes an intent back, which is a link of the journal. The intent stays as a tombstone without
    /// its payload, and a draft comes back where there is one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is done or dropped.
    pub fn drop_intent(
        &self,
        id: &IntentId,
        draft_back: Option<(&SeatId, &str)>,
        now: UtcInstant,
    ) -> Result<(), StoreError> {
        let account = self.account_id()?;
        self.transact(|tx| {
            let rows = tx.execute(
                "update intent set status = 'dropped', payload = '', title = '', parked_code = null
                 where account = ?1 and id = ?2 and status in ('waiting', 'parked')",
                params![account, id.as_str()],
            )?;
            if rows == 0 {
                return Err(StoreError::NotFound);
            }
            journal::append_drop(tx, account, id, now)?;
            if let Some((seat, body)) = draft_back {
                draft::save_draft(tx, account, seat, body, now)?;
            }
            Ok(())
        })
    }

    /// Ends an intent with what the server answered, both or neither; `journal` is the one that the
    /// server has its place in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn finish(
        &self,
        id: &IntentId,
        receipt: &StoredReceipt,
        journal: Option<&JournalId>,
    ) -> Result<(), StoreError> {
        self.transact(|tx| finish(tx, id, receipt, journal))
    }

    /// What the server answered to an intent.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn receipt(&self, id: &str) -> Result<Option<StoredReceipt>, StoreError> {
        let account = self.account_id()?;
        let found = self
            .lock()
            .query_row(
                "select signed, body, received_at from receipt where account = ?1 and intent = ?2",
                params![account, id],
                |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)),
            )
            .optional()?;
        let Some((signed, body, received_at)) = found else { return Ok(None) };
        let signed = signed.map(|text| serde_json::from_str(&text)).transpose()?;
        Ok(Some(StoredReceipt { signed, body, received_at: UtcInstant::from_millis(received_at) }))
    }

    /// What the server answered to all intents of a kind, with their ids.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn receipts_of(&self, kind: &str) -> Result<Vec<(String, StoredReceipt)>, StoreError> {
        let account = self.account_id()?;
        let ids: Vec<String> = {
            let connection = self.lock();
            let mut statement = connection.prepare_cached(
                "select intent from receipt where account = ?1 and kind = ?2 order by received_at desc",
            )?;
            let rows = statement.query_map(params![account, kind], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(receipt) = self.receipt(&id)? {
                found.push((id, receipt));
            }
        }
        Ok(found)
    }
}

/// Ends an intent within a transaction.
pub(crate) fn finish(
    tx: &Transaction<'_>,
    id: &IntentId,
    receipt: &StoredReceipt,
    journal: Option<&JournalId>,
) -> Result<(), StoreError> {
    tx.execute(
        "insert or ignore into receipt (account, intent, seat, case_id, kind, signed, body, received_at, journal)
         select account, id, seat, case_id, kind, ?2, ?3, ?4, ?5 from intent where id = ?1",
        params![
            id.as_str(),
            receipt.signed.as_ref().map(serde_json::to_string).transpose()?,
            receipt.body,
            receipt.received_at.as_millis(),
            journal.map(JournalId::as_str),
        ],
    )?;
    tx.execute(
        "update intent set status = 'done', tries = tries + 1, unknown = 0, last_answer = null,
             parked_code = null, held_until = null
         where id = ?1 and status <> 'dropped'",
        [id.as_str()],
    )?;
    Ok(())
}

/// Whether a request may have come to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// It did not, or the server said that it kept nothing.
    No,
    /// No answer came.
    Perhaps,
}
