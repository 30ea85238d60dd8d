//! Chat logs, message by message. What a message is, is the client's business: here it has a place,
//! a number, a text and the rest.

use crate::{Store, StoreError};
use pingli_protocol::{EvidenceId, SeatId};
use rusqlite::{OptionalExtension as _, Transaction, params};

/// Messages that are written in one transaction.
const BATCH: usize = 2_000;
/// Bytes after which a transaction is not waited for any longer.
const BATCH_BYTES: usize = 1 << 20;

// What is asked of a log of any length; each goes straight to its first row by an index. Left to
// itself the planner looks for a number by walking through the log.
const ROWS: &str = "select place, seq, text, body from chat_message where log = ?1 and place >= ?2 and place < ?3
    order by place";
const ROW_BY_SEQ: &str = "select place, seq, text, body from chat_message indexed by chat_message_seq
    where log = ?1 and seq = ?2 order by place limit 1";
const PLACE_BY_SEQ: &str = "select place, seq from chat_message indexed by chat_message_seq
    where log = ?1 and seq >= ?2 order by seq, place limit 1";
const TEXTS: &str = "select place, text from chat_message where log = ?1 and place >= ?2 order by place limit ?3";

/// A chat log in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChatId(i64);

/// A message as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatRow {
    /// The place in the log, from 0.
    pub place: u32,
    /// The number that the platform gave it.
    pub seq: u32,
    /// The text.
    pub text: String,
    /// The rest of the message, JSON.
    pub body: String,
}

impl ChatRow {
    /// Bytes of what was said and of what belongs to it.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.text.len() + self.body.len()
    }
}

impl std::fmt::Debug for ChatRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChatRow {{ {} }}", self.place)
    }
}

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<ChatRow> {
    Ok(ChatRow { place: row.get(0)?, seq: row.get(1)?, text: row.get(2)?, body: row.get(3)? })
}

/// Writes a log's messages in their order, some thousand in a transaction, so that others get their
/// turn in between. Nobody reads them before [`ChatWriter::finish`].
#[derive(Debug)]
pub struct ChatWriter<'s> {
    store: &'s Store,
    log: ChatId,
    next: u32,
    waiting: Vec<ChatRow>,
    bytes: usize,
}

impl ChatWriter<'_> {
    /// Takes the next message.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the log was shredded meanwhile; [`StoreError`].
    pub fn push(&mut self, seq: u32, text: String, body: String) -> Result<(), StoreError> {
        self.bytes += text.len() + body.len();
        self.waiting.push(ChatRow { place: self.next, seq, text, body });
        self.next = self.next.checked_add(1).ok_or(StoreError::Tampered)?;
        if self.waiting.len() >= BATCH || self.bytes >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    /// Ends the log with what there is to say about it as a whole, JSON. It can be read from now on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the log was shredded meanwhile; [`StoreError`].
    pub fn finish(mut self, head: &str) -> Result<(), StoreError> {
        self.flush()?;
        self.store
            .execute("update chat_log set head = ?2, count = ?3 where id = ?1", params![self.log.0, head, self.next])?;
        Ok(())
    }

    /// Takes back what was written: the log does not read to its end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn abandon(self) -> Result<(), StoreError> {
        self.store.transact(|tx| {
            tx.execute("delete from chat_message where log = ?1", [self.log.0])?;
            tx.execute("delete from chat_log where id = ?1", [self.log.0])?;
            Ok(())
        })
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.store.transact(|tx| {
            let there = tx.query_row("select 1 from chat_log where id = ?1", [self.log.0], |_| Ok(()));
            there.optional()?.ok_or(StoreError::NotFound)?;
            let mut insert = tx
                .prepare_cached("insert into chat_message (log, place, seq, text, body) values (?1, ?2, ?3, ?4, ?5)")?;
            for message in &self.waiting {
                insert.execute(params![self.log.0, message.place, message.seq, message.text, message.body])?;
            }
            Ok(())
        })?;
        self.waiting.clear();
        self.bytes = 0;
        Ok(())
    }
}

impl Store {
    /// Begins to write a chat log of a seat's pack.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the seat has no pack; [`StoreError::Sql`] when the log is there.
    pub fn begin_chat(&self, seat: &SeatId, evidence: &EvidenceId) -> Result<ChatWriter<'_>, StoreError> {
        let account = self.account_id()?;
        let log = self.transact(|tx| {
            let log = tx.query_row(
                "insert into chat_log (account, seat, evidence)
                 select account, seat, ?3 from pack where account = ?1 and seat = ?2 returning id",
                params![account, seat.as_str(), evidence.as_str()],
                |row| row.get(0),
            );
            log.optional()?.ok_or(StoreError::NotFound)
        })?;
        let log = ChatId(log);
        Ok(ChatWriter { store: self, log, next: 0, waiting: Vec::new(), bytes: 0 })
    }

    /// Removes the chat logs of a seat's pack: they are written anew.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn clear_chats(&self, seat: &SeatId) -> Result<(), StoreError> {
        let account = self.account_id()?;
        self.transact(|tx| shred_chats(tx, account, seat))
    }

    /// A chat log that is wholly here, and how many messages it has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chat(&self, seat: &SeatId, evidence: &EvidenceId) -> Result<Option<(ChatId, u32)>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "select id, count from chat_log
             where account = ?1 and seat = ?2 and evidence = ?3 and count is not null",
        )?;
        let found = statement.query_row(params![account, seat.as_str(), evidence.as_str()], |row| {
            Ok((ChatId(row.get(0)?), row.get(1)?))
        });
        Ok(found.optional()?)
    }

    /// What there is to say about a log as a whole, JSON.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was shredded meanwhile; [`StoreError`].
    pub fn chat_head(&self, log: ChatId) -> Result<String, StoreError> {
        let found = self.lock().query_row("select head from chat_log where id = ?1", [log.0], |row| row.get(0));
        found.optional()?.ok_or(StoreError::NotFound)
    }

    /// A run of messages in the log's order: at most `length`, and none more once there are `bytes` of
    /// them. The first there is always comes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chat_rows(&self, log: ChatId, from: u32, length: u32, bytes: usize) -> Result<Vec<ChatRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(ROWS)?;
        let end = u64::from(from) + u64::from(length);
        let mut rows = statement.query(params![log.0, from, i64::try_from(end).unwrap_or(i64::MAX)])?;
        let (mut found, mut read) = (Vec::new(), 0);
        while let Some(next) = rows.next()? {
            let next = row(next)?;
            read += next.bytes();
            found.push(next);
            if read >= bytes {
                break;
            }
        }
        Ok(found)
    }

    /// The message with this number, where the log has it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chat_row_by_seq(&self, log: ChatId, seq: u32) -> Result<Option<ChatRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(ROW_BY_SEQ)?;
        Ok(statement.query_row(params![log.0, seq], row).optional()?)
    }

    /// The first message with this number or a greater one: its place and its number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chat_place(&self, log: ChatId, seq: u32) -> Result<Option<(u32, u32)>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(PLACE_BY_SEQ)?;
        let found = statement.query_row(params![log.0, seq], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found.optional()?)
    }

    /// Shows the texts of a run of messages, from a place on; says how many there were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn chat_texts(
        &self,
        log: ChatId,
        from: u32,
        length: u32,
        look: &mut dyn FnMut(u32, &str),
    ) -> Result<u32, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(TEXTS)?;
        let mut rows = statement.query(params![log.0, from, length])?;
        let mut seen = 0;
        while let Some(row) = rows.next()? {
            let text = row.get_ref(1)?.as_str().map_err(|_| StoreError::Tampered)?;
            look(row.get(0)?, text);
            seen += 1;
        }
        Ok(seen)
    }
}

/// Deletes the chat logs of a seat's pack.
pub(crate) fn shred_chats(tx: &Transaction<'_>, account: i64, seat: &SeatId) -> Result<(), StoreError> {
    tx.execute(
        "delete from chat_message where log in (select id from chat_log where account = ?1 and seat = ?2)",
        params![account, seat.as_str()],
    )?;
    tx.execute("delete from chat_log where account = ?1 and seat = ?2", params![account, seat.as_str()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::DataKey;

    #[test]
    fn a_page_a_quote_and_a_jump_never_walk_through_the_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), &DataKey::from_bytes([1; 32])).expect("a store");
        for (sql, values) in [(ROWS, 3), (ROW_BY_SEQ, 2), (PLACE_BY_SEQ, 2), (TEXTS, 3)] {
            let connection = store.lock();
            let mut plan = connection.prepare(&format!("explain query plan {sql}")).expect("a plan");
            let steps = plan.query_map(rusqlite::params_from_iter(vec![1; values]), |row| row.get::<_, String>(3));
            let steps: Vec<String> = steps.expect("steps").collect::<Result<_, _>>().expect("texts");
            assert_eq!(steps.len(), 1, "no sorting, no second look: {sql} {steps:?}");
            assert!(steps[0].starts_with("SEARCH chat_message USING"), "by an index: {sql} {steps:?}");
            assert!(steps[0].contains("(log=? AND "), "by log and place or number: {sql} {steps:?}");
        }
    }
}
