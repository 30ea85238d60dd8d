//! The journal's hash chain: one per installation, in the order the reviewer acted. A link covers
//! what was meant, never the state of sending; a dropped intent stays a link without its payload.

use crate::{NewIntent, Store, StoreError};
use pingli_protocol::{CaseId, SeatId, Sha256, UtcInstant};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

impl Store {
    /// The newest link of the journal: its place and its hash. The server may be told of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal_head(&self) -> Result<(i64, Sha256), StoreError> {
        head(&self.lock())
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
        Ok(links)
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

pub(crate) fn append(tx: &Transaction<'_>, account: i64, new: &NewIntent) -> Result<(), StoreError> {
    let (last, before) = head(tx)?;
    let payload_hash = Sha256::of(new.payload.as_bytes());
    let link = Link {
        seq: last + 1,
        id: new.id.as_str(),
        lane: &new.lane,
        kind: new.kind,
        payload_hash: payload_hash.as_bytes(),
        made_at: new.made_at.as_millis(),
    };
    tx.execute(
        "insert into intent (seq, id, account, lane, kind, payload, payload_sha256, title, case_id, seat, points,
             made_at, due, prev_hash, hash, held_until)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params![
            link.seq,
            link.id,
            account,
            link.lane,
            link.kind,
            new.payload,
            payload_hash.as_bytes(),
            new.title,
            new.case.as_ref().map(CaseId::as_str),
            new.seat.as_ref().map(SeatId::as_str),
            new.points,
            link.made_at,
            new.due.map(UtcInstant::as_millis),
            before.as_bytes(),
            link.hash(before.as_bytes()),
            new.held_until.map(UtcInstant::as_millis),
        ],
    )?;
    Ok(())
}
