//! Pages by number: the newest version that reads, from the log or from the database itself.

use super::{
    cell::{Cell, Kind, USABLE, cells},
    cipher::{PAGE, PageCipher, Salt},
    record::{Value, record},
    wal::{self, FIRST_IMAGE, FRAME, Frame},
};
use crate::keys::DataKey;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};
use zeroize::Zeroizing;

/// The plain bytes of a page.
pub(crate) struct Page {
    pub(crate) number: u32,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// Whether nothing newer of it was ever written, as far as can be told.
    pub(crate) newest: bool,
}

/// A row with its values.
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) number: Option<i64>,
    pub(crate) values: Vec<Value>,
}

/// The bytes of a row, and the pages that it goes on on.
type Whole = (Zeroizing<Vec<u8>>, Vec<u32>);

/// The files of a database.
pub(crate) struct Pages {
    database: Option<File>,
    log: Option<File>,
    cipher: PageCipher,
    count: u32,
    /// Places in the log by page, oldest first.
    frames: BTreeMap<u32, Vec<u64>>,
    /// Whether there are page images in the log that nobody can read.
    pub(crate) log_is_torn: bool,
}

impl Pages {
    /// Opens the files of a database to read them. `salts` are what its salt may have been, besides
    /// what its first bytes say.
    ///
    /// # Errors
    /// Only when a file that is there cannot be read at all.
    pub(crate) fn open(database: &Path, log: &Path, key: &DataKey, salts: &[Salt]) -> io::Result<Option<Self>> {
        let mut database = there(File::open(database))?;
        let mut log = there(File::open(log))?;
        let bytes = database.as_ref().map_or(Ok(0), |file| file.metadata().map(|meta| meta.len()))?;
        // A page that was cut off is a page that does not read.
        let count = u32::try_from(bytes.div_ceil(PAGE as u64)).unwrap_or(u32::MAX);
        let frames = log.as_mut().map_or(Ok(Vec::new()), wal::frames)?;
        let mut candidates = salts.to_vec();
        let mut first = |file: &mut Option<File>, at| -> io::Result<()> {
            let Some(file) = file else { return Ok(()) };
            if let Some(page) = sealed(file, at)? {
                candidates.extend(page.first_chunk::<16>());
            }
            Ok(())
        };
        first(&mut database, 0)?;
        for frame in frames.iter().filter(|frame| frame.number == 1) {
            first(&mut log, frame.at)?;
        }
        let mut pages: Option<Self> = None;
        let mut best = 0;
        for salt in candidates {
            let Some(cipher) = PageCipher::new(key, &salt) else { continue };
            let again = |file: &Option<File>| file.as_ref().map(File::try_clone).transpose();
            let mut these = Self {
                database: again(&database)?,
                log: again(&log)?,
                cipher,
                count,
                frames: BTreeMap::new(),
                log_is_torn: false,
            };
            let right = these.how_many_read(&frames)?;
            if right > best || pages.is_none() {
                best = right;
                pages = Some(these);
            }
        }
        if let Some(pages) = &mut pages {
            pages.take_frames(&frames)?;
        }
        Ok(pages)
    }

    /// How many of some pages read: enough to tell the right salt from a damaged one.
    fn how_many_read(&mut self, frames: &[Frame]) -> io::Result<usize> {
        let mut right = 0;
        for number in 1..=self.count.min(16) {
            let at = u64::from(number - 1) * PAGE as u64;
            right += usize::from(reads(&mut self.database, &self.cipher, number, at)?);
        }
        for frame in frames.iter().take(16) {
            right += usize::from(reads(&mut self.log, &self.cipher, frame.number, frame.at)?);
        }
        Ok(right)
    }

    fn take_frames(&mut self, frames: &[Frame]) -> io::Result<()> {
        let mut unread = Vec::new();
        for frame in frames {
            if reads(&mut self.log, &self.cipher, frame.number, frame.at)? {
                self.frames.entry(frame.number).or_default().push(frame.at);
            } else {
                unread.push(*frame);
            }
        }
        // One that was written over later is no loss.
        self.log_is_torn = unread.iter().any(|lost| {
            self.frames.get(&lost.number).and_then(|places| places.last()).is_none_or(|last| *last < lost.at)
        });
        Ok(())
    }

    /// The numbers of all pages.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> + use<> {
        let last = self.frames.keys().next_back().copied().unwrap_or(0).max(self.count);
        1..=last
    }

    /// The newest version of a page that reads.
    pub(crate) fn page(&mut self, number: u32) -> io::Result<Option<Page>> {
        let newest = self.frames.get(&number).and_then(|places| places.last()).copied();
        if let Some(at) = newest
            && let Some(bytes) = self.in_log(number, at)?
        {
            return Ok(Some(Page { number, bytes, newest: true }));
        }
        let bytes = self.in_database(number)?;
        Ok(bytes.map(|bytes| Page { number, bytes, newest: newest.is_none() }))
    }

    /// The version of a page in the database itself.
    pub(crate) fn in_database(&mut self, number: u32) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(file) = &mut self.database else { return Ok(None) };
        let at = u64::from(number.saturating_sub(1)) * PAGE as u64;
        Ok(sealed(file, at)?.and_then(|page| self.cipher.open(number, &page)))
    }

    fn in_log(&mut self, number: u32, at: u64) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(file) = &mut self.log else { return Ok(None) };
        Ok(sealed(file, at)?.and_then(|page| self.cipher.open(number, &page)))
    }

    /// The rows of a page that read wholly, also where they go on elsewhere; and how many there are
    /// that do not.
    pub(crate) fn rows(&mut self, page: &Page) -> io::Result<(Vec<Row>, u32)> {
        let (mut found, mut broken) = (Vec::new(), 0);
        if let Some((kind, cells)) = cells(page.number, &page.bytes) {
            for cell in cells {
                match self.whole(&cell)?.and_then(|(bytes, _)| record(&bytes)) {
                    Some(values) => found.push(Row { kind, number: cell.row, values }),
                    None => broken += 1,
                }
            }
        }
        Ok((found, broken))
    }

    /// The bytes of a row and the pages that it goes on on, where all of them read.
    fn whole(&mut self, cell: &Cell<'_>) -> io::Result<Option<Whole>> {
        let mut bytes = Zeroizing::new(cell.here.to_vec());
        let (mut next, mut chain) = (cell.next, Vec::new());
        while let Some(number) = next {
            let Some(page) = self.page(number)? else { return Ok(None) };
            let Some((link, rest)) = page.bytes[..USABLE].split_first_chunk() else { return Ok(None) };
            let wanted = (cell.size - bytes.len()).min(rest.len());
            bytes.extend_from_slice(&rest[..wanted]);
            let link = u32::from_be_bytes(*link);
            next = (bytes.len() < cell.size).then_some(link);
            chain.push(number);
        }
        Ok(Some((bytes, chain)))
    }

    /// Overwrites with zeros whatever is not the newest version of a page whose rows are all wanted,
    /// or of one that such a row goes on on. The schema stays.
    pub(crate) fn keep_only(&mut self, database: &Path, log: &Path, wanted: fn(&[Row]) -> bool) -> io::Result<()> {
        let mut kept = BTreeSet::from([1]);
        for number in self.numbers() {
            let Some(page) = self.page(number)? else { continue };
            let (rows, _) = self.rows(&page)?;
            if wanted(&rows) {
                kept.insert(number);
                for cell in cells(number, &page.bytes).into_iter().flat_map(|(_, cells)| cells) {
                    kept.extend(self.whole(&cell)?.into_iter().flat_map(|(_, chain)| chain));
                }
            }
        }
        let in_log = |number: &u32| self.frames.get(number).and_then(|places| places.last());
        let stay: BTreeSet<u64> = kept.iter().filter_map(in_log).copied().collect();
        if let Some(mut file) = there(OpenOptions::new().read(true).write(true).open(log))? {
            let length = file.metadata()?.len();
            for at in (FIRST_IMAGE..length).step_by(FRAME as usize).filter(|at| !stay.contains(at)) {
                zero(&mut file, at, length)?;
            }
            file.sync_all()?;
        }
        if let Some(mut file) = there(OpenOptions::new().read(true).write(true).open(database))? {
            let length = file.metadata()?.len();
            for number in (1..=self.count).filter(|number| !kept.contains(number) || in_log(number).is_some()) {
                zero(&mut file, u64::from(number - 1) * PAGE as u64, length)?;
            }
            file.sync_all()?;
        }
        Ok(())
    }

    /// Every version of every page that is on the disk, read by the key whether its seal holds or
    /// not: what somebody who has the key could find.
    pub(crate) fn everything(&mut self, look: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        for number in 1..=self.count {
            let at = u64::from(number - 1) * PAGE as u64;
            let page = self.database.as_mut().map_or(Ok(None), |file| sealed(file, at))?;
            if let Some(plain) = page.and_then(|page| self.cipher.decrypt(number, &page)) {
                look(&plain);
            }
        }
        let Some(log) = &mut self.log else { return Ok(()) };
        let length = log.metadata()?.len();
        for at in (FIRST_IMAGE..length).step_by(FRAME as usize) {
            // Only the first page depends on its number.
            if let Some(plain) = sealed(log, at)?.and_then(|page| self.cipher.decrypt(2, &page)) {
                look(&plain);
            }
        }
        Ok(())
    }
}

fn zero(file: &mut File, at: u64, length: u64) -> io::Result<()> {
    let bytes = (length - at).min(PAGE as u64);
    file.seek(SeekFrom::Start(at))?;
    file.write_all(&vec![0; usize::try_from(bytes).unwrap_or(PAGE)])
}

/// Whether a page is what was written there.
fn reads(file: &mut Option<File>, cipher: &PageCipher, number: u32, at: u64) -> io::Result<bool> {
    let Some(file) = file else { return Ok(false) };
    Ok(sealed(file, at)?.is_some_and(|page| cipher.is_authentic(number, &page)))
}

fn there(file: io::Result<File>) -> io::Result<Option<File>> {
    match file {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A page as it lies on the disk; nothing where the file ends before it does.
fn sealed(file: &mut File, at: u64) -> io::Result<Option<Vec<u8>>> {
    file.seek(SeekFrom::Start(at))?;
    let mut page = vec![0; PAGE];
    match file.read_exact(&mut page) {
        Ok(()) => Ok(Some(page)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}
