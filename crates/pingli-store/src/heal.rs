//! Going on after a copy was set back: this one, by a lost tail or a restored backup, or the server's.
//! What the server has is taken in; what only waits here waits for the reviewer's word.

use crate::{Store, StoreError, StoredReceipt, journal, outbox};
use pingli_protocol::{CaseId, IntentId, JournalId, SeatId, UtcInstant};
use rusqlite::{Transaction, params};

/// A receipt that the server has for an act.
#[derive(Debug, Clone)]
pub struct FoundReceipt {
    /// The act, as this program calls it; it may be one that is no longer known here.
    pub intent: IntentId,
    /// What it is, a word of the client's.
    pub kind: &'static str,
    /// The seat, where it is about one.
    pub seat: Option<SeatId>,
    /// The case, where it is about one.
    pub case: Option<CaseId>,
    /// The receipt.
    pub receipt: StoredReceipt,
}

impl Store {
    /// Lets the journal go on under another name: receipts that were found are taken in and end their
    /// acts, everything else that waits is parked with `code`, and so are the `forgotten`. Returns how
    /// many are parked by it.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing changed.
    pub fn continue_journal(
        &self,
        next: &JournalId,
        found: &[FoundReceipt],
        forgotten: &[IntentId],
        code: &str,
        now: UtcInstant,
    ) -> Result<usize, StoreError> {
        let account = self.account_id()?;
        self.transact(|tx| {
            let before: String =
                tx.query_row("select coalesce(journal, '') from account where id = ?1", [account], |row| row.get(0))?;
            for found in found {
                take_in(tx, account, found)?;
            }
            forget(tx, account, forgotten, code)?;
            let parked = tx.execute(
                "update intent set status = 'parked', parked_code = ?2, last_answer = ?2, held_until = null
                 where account = ?1 and status = 'waiting'",
                params![account, code],
            )?;
            tx.execute(
                "update account set journal = ?2, journal_before = nullif(?3, '') where id = ?1",
                params![account, next.as_str(), before],
            )?;
            journal::append_continuation(tx, account, next, &before, now)?;
            Ok(parked)
        })
    }

    /// Takes receipts in and ends their acts; what is known is left alone.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing changed.
    pub fn take_receipts(&self, found: &[FoundReceipt]) -> Result<(), StoreError> {
        let account = self.account_id()?;
        self.transact(|tx| found.iter().try_for_each(|found| take_in(tx, account, found)))
    }

    /// Lets acts wait again whose receipts the server has forgotten; what it answered is kept aside. Of
    /// those that it refused only the receipt stays, which it is not expected to remember any more.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing changed.
    pub fn send_again(&self, forgotten: &[IntentId], refused: &[IntentId], code: &str) -> Result<(), StoreError> {
        let account = self.account_id()?;
        self.transact(|tx| {
            for id in refused {
                let of = params![account, id.as_str()];
                tx.execute("update receipt set journal = null where account = ?1 and intent = ?2", of)?;
            }
            forget(tx, account, forgotten, code)
        })
    }
}

fn take_in(tx: &Transaction<'_>, account: i64, found: &FoundReceipt) -> Result<(), StoreError> {
    let FoundReceipt { intent, kind, seat, case, receipt } = found;
    // The new name of the journal has none of it at the server.
    outbox::finish(tx, intent, receipt, None)?;
    // The act itself may be in the part that was lost.
    tx.execute(
        "insert or ignore into receipt (account, intent, seat, case_id, kind, signed, body, received_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            account,
            intent.as_str(),
            seat.as_ref().map(SeatId::as_str),
            case.as_ref().map(CaseId::as_str),
            kind,
            receipt.signed.as_ref().map(serde_json::to_string).transpose()?,
            receipt.body,
            receipt.received_at.as_millis(),
        ],
    )?;
    Ok(())
}

fn forget(tx: &Transaction<'_>, account: i64, forgotten: &[IntentId], code: &str) -> Result<(), StoreError> {
    for id in forgotten {
        let waits = tx.execute(
            "update intent set status = 'waiting', last_answer = ?3, tries = 0
             where account = ?1 and id = ?2 and status = 'done'",
            params![account, id.as_str(), code],
        )?;
        if waits == 0 {
            continue;
        }
        tx.execute(
            "insert or ignore into forgotten_receipt (account, intent, signed, body, received_at)
             select account, intent, signed, body, received_at from receipt where account = ?1 and intent = ?2",
            params![account, id.as_str()],
        )?;
        tx.execute("delete from receipt where account = ?1 and intent = ?2", params![account, id.as_str()])?;
    }
    Ok(())
}
