//! Packs on this machine: which are queued, coming, ready or damaged, and their shredding.

use crate::{
    BlobKey, BlobReader, BlobWriter, Store, StoreError,
    chat::shred_chats,
    database::{PACKS, WRITE_ANEW, put_value},
    quarantine,
};
use pingli_protocol::{SeatId, Sha256, seat::PackRef};
use rusqlite::{OptionalExtension as _, Transaction, params};
use std::{fs, path::PathBuf};
use zeroize::Zeroizing;

/// A pack to be fetched. Name and key are random, made by the caller.
#[derive(Debug)]
pub struct NewPack<'a> {
    /// The seat.
    pub seat: &'a SeatId,
    /// Which pack.
    pub pack: &'a PackRef,
    /// The name of its file, 32 hexadecimal digits.
    pub file: String,
    /// The key of the case's evidence.
    pub key: BlobKey,
}

/// A pack on this machine.
#[derive(Debug, Clone)]
pub struct PackRow {
    /// The seat.
    pub seat: SeatId,
    /// The version.
    pub version: u32,
    /// The hash of the whole pack.
    pub sha256: Sha256,
    /// Its bytes.
    pub bytes: u64,
    /// Its state.
    pub state: PackState,
    /// Bytes that are here; advice, the file itself decides.
    pub received: u64,
    /// The name of its file below `packs/`, random.
    pub file: String,
    /// The version of the rules that took its chats into rows; 0 for none.
    pub rows_version: u32,
    /// The version of the rules that computed its timeline; 0 for none.
    pub timeline_version: u32,
}

/// What was made from a pack when it was checked: its chats are in rows by then.
#[derive(Clone, Copy)]
pub struct Contents<'a> {
    /// The version of the rules that took the chats into rows, from 1.
    pub rows_version: u32,
    /// The version of the rules that computed the timeline, from 1.
    pub timeline_version: u32,
    /// The timeline, JSON.
    pub timeline: &'a str,
}

impl std::fmt::Debug for Contents<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contents {..}")
    }
}

/// The state of a pack on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackState {
    /// It waits for its turn, or is coming.
    Queued,
    /// It stopped and will go on.
    Paused {
        /// Why, an error code.
        code: String,
    },
    /// Every byte was checked.
    Ready,
    /// It is not what the server signed.
    Damaged {
        /// The fault's code.
        code: String,
    },
}

fn pack(row: &rusqlite::Row<'_>) -> Result<PackRow, StoreError> {
    let code = row.get::<_, Option<String>>("code")?.unwrap_or_default();
    Ok(PackRow {
        seat: SeatId::new(row.get::<_, String>("seat")?).map_err(|_| StoreError::Tampered)?,
        version: row.get("version")?,
        sha256: row.get::<_, String>("sha256")?.parse().map_err(|_| StoreError::Tampered)?,
        bytes: u64::try_from(row.get::<_, i64>("bytes")?).map_err(|_| StoreError::Tampered)?,
        state: match row.get::<_, String>("state")?.as_str() {
            "ready" => PackState::Ready,
            "damaged" => PackState::Damaged { code },
            "paused" => PackState::Paused { code },
            _ => PackState::Queued,
        },
        received: u64::try_from(row.get::<_, i64>("received")?).unwrap_or(0),
        file: row.get("file")?,
        rows_version: row.get("rows_version")?,
        timeline_version: row.get("timeline_version")?,
    })
}

const COLUMNS: &str = "seat, version, sha256, bytes, file, state, code, received, rows_version, timeline_version";

impl Store {
    /// Queues a pack. A pack of the same hash that is here already stays; another one is shredded.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn queue_pack(&self, new: &NewPack<'_>) -> Result<(), StoreError> {
        let account = self.account_id()?;
        let old = self.pack(new.seat)?;
        if let Some(old) = &old {
            if old.sha256 == new.pack.sha256 && !matches!(old.state, PackState::Damaged { .. }) {
                if matches!(old.state, PackState::Paused { .. }) {
                    self.set_pack_state(new.seat, &PackState::Queued)?;
                }
                return Ok(());
            }
            self.shred_pack(new.seat)?;
        }
        self.transact(|tx| {
            tx.execute(
                "insert into case_key (account, seat, key) values (?1, ?2, ?3)",
                params![account, new.seat.as_str(), new.key.as_bytes()],
            )?;
            tx.execute(
                "insert into pack (account, seat, version, sha256, bytes, file, state)
                 values (?1, ?2, ?3, ?4, ?5, ?6, 'queued')",
                params![
                    account,
                    new.seat.as_str(),
                    new.pack.version,
                    new.pack.sha256.to_string(),
                    i64::try_from(new.pack.bytes).map_err(|_| StoreError::Tampered)?,
                    new.file,
                ],
            )?;
            Ok(())
        })
    }

    /// The packs on this machine.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn packs(&self) -> Result<Vec<PackRow>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached(&format!("select {COLUMNS} from pack where account = ?1 order by seat"))?;
        let mut rows = statement.query([account])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(pack(row)?);
        }
        Ok(found)
    }

    /// The pack of a seat.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pack(&self, seat: &SeatId) -> Result<Option<PackRow>, StoreError> {
        let account = self.account_id()?;
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached(&format!("select {COLUMNS} from pack where account = ?1 and seat = ?2"))?;
        let mut rows = statement.query(params![account, seat.as_str()])?;
        rows.next()?.map(pack).transpose()
    }

    /// Changes the state of a pack.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_pack_state(&self, seat: &SeatId, state: &PackState) -> Result<(), StoreError> {
        let (name, code) = match state {
            PackState::Queued => ("queued", None),
            PackState::Paused { code } => ("paused", Some(code)),
            PackState::Ready => ("ready", None),
            PackState::Damaged { code } => ("damaged", Some(code)),
        };
        self.execute(
            "update pack set state = ?3, code = ?4 where account = ?1 and seat = ?2",
            params![self.account_id()?, seat.as_str(), name, code],
        )?;
        Ok(())
    }

    /// Notes how much of a pack is here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_received(&self, seat: &SeatId, bytes: u64) -> Result<(), StoreError> {
        self.execute(
            "update pack set received = ?3 where account = ?1 and seat = ?2",
            params![self.account_id()?, seat.as_str(), i64::try_from(bytes).unwrap_or(i64::MAX)],
        )?;
        Ok(())
    }

    /// Notes that every byte of a pack was checked, where its files are, and what was made from it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the pack was shredded meanwhile; [`StoreError`].
    pub fn pack_is_ready(&self, seat: &SeatId, index: &str, contents: &Contents<'_>) -> Result<(), StoreError> {
        self.transact(|tx| {
            tx.execute(
                "update pack set state = 'ready', code = null, received = bytes, pack_index = ?3
                 where account = ?1 and seat = ?2",
                params![self.account_id()?, seat.as_str(), index],
            )?;
            set_contents(tx, self.account_id()?, seat, contents)
        })
    }

    /// Keeps what was made anew from a pack that was ready before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the pack was shredded meanwhile; [`StoreError`].
    pub fn set_pack_contents(&self, seat: &SeatId, contents: &Contents<'_>) -> Result<(), StoreError> {
        self.transact(|tx| set_contents(tx, self.account_id()?, seat, contents))
    }

    /// Where the files of a pack are that was ready once, JSON.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no pack of the seat was ever ready.
    pub fn pack_index(&self, seat: &SeatId) -> Result<String, StoreError> {
        self.pack_text(seat, "pack_index")
    }

    /// The timeline of a pack that was ready once, JSON.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was never computed.
    pub fn pack_timeline(&self, seat: &SeatId) -> Result<String, StoreError> {
        self.pack_text(seat, "timeline")
    }

    fn pack_text(&self, seat: &SeatId, column: &'static str) -> Result<String, StoreError> {
        let account = self.account_id()?;
        let sql =
            format!("select {column} from pack where account = ?1 and seat = ?2 and state in ('ready', 'damaged')");
        let found: Option<Option<String>> =
            self.lock().query_row(&sql, params![account, seat.as_str()], |row| row.get(0)).optional()?;
        found.flatten().ok_or(StoreError::NotFound)
    }

    /// Opens the file of a pack to write into it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the seat has no pack; [`StoreError`].
    pub fn pack_writer<'r>(
        &self,
        seat: &SeatId,
        fill: &'r (dyn Fn(&mut [u8]) + Send + Sync),
    ) -> Result<BlobWriter<'r>, StoreError> {
        let row = self.pack(seat)?.ok_or(StoreError::NotFound)?;
        BlobWriter::resume(&self.pack_path(&row), &self.case_key(seat)?, row.bytes, fill)
    }

    /// Opens the file of a whole pack to read it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the seat has no pack; [`StoreError`].
    pub fn pack_reader(&self, seat: &SeatId) -> Result<BlobReader, StoreError> {
        let row = self.pack(seat)?.ok_or(StoreError::NotFound)?;
        BlobReader::open(&self.pack_path(&row), &self.case_key(seat)?)
    }

    /// Destroys the key of a case's evidence and its chats, then removes its file. Nothing of them is
    /// left in the database (secure delete) or its log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn shred_pack(&self, seat: &SeatId) -> Result<(), StoreError> {
        let account = self.account_id()?;
        let file = self.transact(|tx| shred_rows(tx, account, seat))?;
        self.finish_shredding(file.as_deref())
    }

    /// The second half of shredding, after the rows are gone for good. What does not go now, on a full
    /// disk say, goes with the next commit or at the next start.
    pub(crate) fn finish_shredding(&self, file: Option<&str>) -> Result<(), StoreError> {
        let rewritten = self.write_anew();
        if let Some(file) = file {
            match fs::remove_file(self.folder().join(PACKS).join(file)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        quarantine::scrub(self.folder(), &self.key)?;
        rewritten
    }

    /// Removes files below `packs/` that no pack of any account has: left by a crash or a full disk
    /// between the two halves of shredding.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sweep_packs(&self) -> Result<(), StoreError> {
        // Looked at first: a file that comes later has its row before it, and is none of these.
        let files = fs::read_dir(self.folder().join(PACKS))?.collect::<Result<Vec<_>, _>>()?;
        let known: Vec<String> = {
            let connection = self.lock();
            let mut statement = connection.prepare("select file from pack")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for entry in files {
            let is_file = entry.file_type().is_ok_and(|kind| !kind.is_dir());
            if is_file
                && !known.iter().any(|file| entry.file_name() == file.as_str())
                && let Err(error) = fs::remove_file(entry.path())
            {
                // Its key is gone already; a file that stays keeps nobody out.
                tracing::warn!(%error, "a file that belongs to no pack could not be removed");
            }
        }
        Ok(())
    }

    /// Bytes of evidence on disk, partial downloads included.
    #[must_use]
    pub fn evidence_bytes(&self) -> u64 {
        let entries = fs::read_dir(self.folder().join(PACKS)).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).map(|meta| meta.len()).sum()
    }

    fn pack_path(&self, row: &PackRow) -> PathBuf {
        self.folder().join(PACKS).join(&row.file)
    }

    fn case_key(&self, seat: &SeatId) -> Result<BlobKey, StoreError> {
        let account = self.account_id()?;
        let key = self
            .lock()
            .query_row(
                "select key from case_key where account = ?1 and seat = ?2",
                params![account, seat.as_str()],
                |row| Ok(Zeroizing::new(row.get::<_, [u8; 32]>(0)?)),
            )
            .optional()?;
        key.map(|key| BlobKey::from_bytes(*key)).ok_or(StoreError::NotFound)
    }
}

fn set_contents(tx: &Transaction<'_>, account: i64, seat: &SeatId, contents: &Contents<'_>) -> Result<(), StoreError> {
    let rows = tx.execute(
        "update pack set rows_version = ?3, timeline_version = ?4, timeline = ?5 where account = ?1 and seat = ?2",
        params![account, seat.as_str(), contents.rows_version, contents.timeline_version, contents.timeline],
    )?;
    if rows == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Deletes key, chats and row of a seat's pack; returns the name of its file.
pub(crate) fn shred_rows(tx: &Transaction<'_>, account: i64, seat: &SeatId) -> Result<Option<String>, StoreError> {
    shred_chats(tx, account, seat)?;
    put_value(tx, WRITE_ANEW, "1")?;
    tx.execute("delete from case_key where account = ?1 and seat = ?2", params![account, seat.as_str()])?;
    let file = tx
        .query_row(
            "delete from pack where account = ?1 and seat = ?2 returning file",
            params![account, seat.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(file)
}
