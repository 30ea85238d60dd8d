//! F2: the power goes. The real store over a disk that drops, reorders and tears what was not synced,
//! cut at any call; whatever was acknowledged is there afterwards, and nothing is half there.

use crate::shop::{Deed, Model, key, observe};
use pingli_faultfs::{Disk, Fault, Random, Trouble, register};
use pingli_store::{Store, StoreError, StoreOptions, Synchronous};
use pingli_tests::{FaultRow, rounds, seed};
use std::{fs, path::Path};

/// Points of an ordinary run.
const POINTS: u64 = 5_000;
/// Cuts that one store lives through.
const LIVES: u64 = 25;

/// A store on a disk that may fail, and what it acknowledged.
struct Life {
    folder: tempfile::TempDir,
    disk: Disk,
    random: Random,
    model: Model,
    /// What was asked for when the disk failed: it may be there or not.
    under_way: Option<Deed>,
    deeds: u64,
    synchronous: Synchronous,
    /// What the head file was at some moments since the last start.
    heads: Vec<Vec<u8>>,
}

impl Life {
    fn new(seed: u64, synchronous: Synchronous) -> Self {
        register();
        let folder = tempfile::tempdir().expect("a folder");
        let disk = Disk::new(folder.path(), seed ^ 0x5eed);
        Self {
            folder,
            disk,
            random: Random::new(seed),
            model: Model::default(),
            under_way: None,
            deeds: 0,
            synchronous,
            heads: Vec::new(),
        }
    }

    fn open(&self) -> Result<Store, StoreError> {
        let options = StoreOptions {
            vfs: Some(pingli_faultfs::NAME.to_owned()),
            exclusive: true,
            synchronous: self.synchronous,
            checkpoint_after: 12,
        };
        Store::open_with(self.folder.path(), &key(), &options)
    }

    /// Opens the store and checks it against what was acknowledged.
    fn verify(&mut self) -> Result<Store, String> {
        let store = self.open().map_err(|error| format!("it does not open: {error}"))?;
        store.check().map_err(|error| format!("it is not whole: {error}"))?;
        let mut after = self.model.clone();
        if let Some(deed) = self.under_way.take() {
            deed.to_model(&mut after);
        }
        let found = observe(&store, after.acts.keys()).map_err(|error| format!("it does not read: {error}"))?;
        if found != self.model && found != after {
            return Err(difference(&self.model, &found));
        }
        self.model = found;
        Ok(store)
    }

    /// Does deeds until the disk fails, or `most` of them.
    fn work(&mut self, store: &Store, most: u64) {
        for _ in 0..most {
            self.deeds += 1;
            let deed = Deed::draw(&mut self.random, &self.model, self.deeds);
            self.remember_head();
            match deed.to_store(store) {
                Ok(()) => deed.to_model(&mut self.model),
                Err(_) => {
                    self.under_way = Some(deed);
                    return;
                }
            }
        }
    }

    fn head(&self) -> std::path::PathBuf {
        self.folder.path().join("pingli.head")
    }

    fn remember_head(&mut self) {
        self.heads.extend(fs::read(self.head()).ok());
    }

    /// The head is not synced with every commit: what is on the disk is any of its last states, or torn
    /// between two of them.
    fn lose_head(&mut self) {
        self.remember_head();
        if self.heads.is_empty() || self.random.once_in(2) {
            return;
        }
        let from = self.heads.len().saturating_sub(4);
        let older = &self.heads[from + self.random.place(self.heads.len() - from)];
        let mut bytes = self.heads[self.heads.len() - 1].clone();
        if self.random.once_in(2) {
            let half = self.random.place(older.len().min(bytes.len()) + 1);
            bytes[..half].copy_from_slice(&older[..half]);
        } else {
            bytes.clone_from(older);
        }
        fs::write(self.head(), bytes).expect("written");
    }

    /// One point: the power goes at some call, or the process ends and the power goes later.
    fn point(&mut self) -> Result<(), String> {
        self.heads.clear();
        // Some cuts come while the store is being opened.
        let most = if self.random.once_in(3) { 12 } else { 90 };
        let after = self.random.below(most);
        self.disk.expect(Fault::PowerGoes { after });
        match self.open() {
            Ok(store) => {
                self.work(&store, 25);
                self.disk.power_off();
                drop(store);
            }
            Err(StoreError::Damaged(damage)) => return Err(format!("it says that it is damaged: {damage}")),
            Err(_) => self.disk.power_off(),
        }
        if self.random.once_in(5) {
            // Only the process was killed: what it wrote is still there, and not on the disk yet.
            self.disk.mend();
        } else {
            self.lose_head();
            self.disk.power_on();
        }
        let store = self.verify()?;
        if self.random.once_in(2) {
            self.disk.power_off();
        }
        drop(store);
        self.disk.mend();
        Ok(())
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.disk.remove();
    }
}

fn difference(wanted: &Model, found: &Model) -> String {
    if wanted.signed_in && !found.signed_in {
        return "nobody is signed in any more".to_owned();
    }
    for (id, act) in &wanted.acts {
        match found.acts.get(id) {
            None => return format!("act {id} is gone"),
            Some(other) if other != act => return format!("act {id}: {:?} became {:?}", act.status, other.status),
            Some(_) => {}
        }
    }
    for (seat, draft) in &wanted.drafts {
        if found.drafts.get(seat) != Some(draft) {
            return format!("the draft of {seat} is another");
        }
    }
    if (&found.cursor, &found.mirror) != (&wanted.cursor, &wanted.mirror) {
        return "the mirror is not the one of its cursor".to_owned();
    }
    "tokens or settings are others".to_owned()
}

/// Lets stores live until so many points were tried; returns what broke.
fn live(points: u64, seed: u64, synchronous: Synchronous) -> Vec<String> {
    let mut broken = Vec::new();
    let mut tried = 0;
    while tried < points {
        let seed = seed.wrapping_add(tried);
        let mut life = Life::new(seed, synchronous);
        for cut in 0..LIVES.min(points - tried) {
            tried += 1;
            if let Err(what) = life.point() {
                broken.push(format!("life {seed}, cut {cut}, {} deeds: {what}", life.deeds));
                // A store that lost something is no measure for the next point.
                break;
            }
        }
    }
    broken
}

#[test]
fn what_was_acknowledged_is_there_when_the_power_comes_back() {
    let points = POINTS * rounds();
    let broken = live(points, seed(), Synchronous::Full);
    assert!(broken.is_empty(), "{} of {points} broke: {:#?}", broken.len(), &broken[..broken.len().min(5)]);
    let violations = broken.len() as u64;
    FaultRow { id: "F2 store", name: "power goes at any call of the store", points, violations, target: POINTS }
        .close();
}

#[test]
fn the_harness_finds_what_is_lost_without_full_syncs() {
    let broken = live(200, seed(), Synchronous::Normal);
    assert!(broken.len() > 10, "a disk that loses power must show it: {} of 200", broken.len());
    assert!(broken.iter().any(|what| what.contains("is gone") || what.contains("became")), "acts: {broken:?}");
}

#[test]
fn a_full_disk_or_a_failing_one_loses_nothing_and_the_store_goes_on_afterwards() {
    let points = 300 * rounds();
    let mut random = Random::new(seed());
    let mut life = Life::new(random.next(), Synchronous::Full);
    let mut tried = 0;
    let mut broken = Vec::new();
    while tried < points {
        let store = match life.verify() {
            Ok(store) => store,
            Err(what) => {
                broken.push(what);
                life = Life::new(random.next(), Synchronous::Full);
                continue;
            }
        };
        for _ in 0..10 {
            tried += 1;
            let trouble = if random.once_in(2) { Trouble::Full } else { Trouble::Io };
            life.disk.expect(Fault::Fails { after: random.below(30), times: 1 + random.below(6), trouble });
            life.work(&store, 15);
            life.disk.mend();
            // The same store goes on as soon as there is room.
            let mut after = life.model.clone();
            if let Some(deed) = &life.under_way {
                deed.to_model(&mut after);
            }
            let found = observe(&store, after.acts.keys());
            match found {
                Ok(found) if found == life.model || found == after => life.model = found,
                Ok(found) => broken.push(difference(&life.model, &found)),
                Err(error) => broken.push(format!("it does not read: {error}")),
            }
            life.under_way = None;
            life.work(&store, 2);
            if let Some(deed) = &life.under_way {
                broken.push(format!("there is room and it does not go: {deed:?}"));
                life.under_way = None;
            }
        }
    }
    assert!(broken.is_empty(), "{} broke, the first: {}", broken.len(), broken[0]);
    let violations = broken.len() as u64;
    let row = FaultRow { id: "F2 disk", name: "the disk is full or fails", points, violations, target: 300 };
    row.close();
}

/// A pack that was being written when the power went is gone on with or begun again; one that is called
/// whole is whole.
#[test]
fn a_pack_is_never_taken_for_ready_when_a_part_of_it_is_missing() {
    use pingli_store::{BLOB_CHUNK, BlobKey, BlobReader, BlobWriter};
    use std::io::Read as _;
    let points = 60 * rounds();
    let mut random = Random::new(seed());
    let mut violations = 0;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pack");
    for _ in 0..points {
        let total = 1 + random.place(3 * BLOB_CHUNK);
        let plain: Vec<u8> = (0..total).map(|n| (n % 251) as u8).collect();
        let key = BlobKey::from_bytes([7; 32]);
        let fill = |bytes: &mut [u8]| bytes.fill(3);
        let _ = fs::remove_file(&path);
        let mut writer = BlobWriter::resume(&path, &key, total as u64, &fill).expect("a file");
        writer.write(&plain[..random.place(total + 1)]).expect("room");
        drop(writer);
        lose_sectors(&path, &mut random);
        let mut writer = BlobWriter::resume(&path, &key, total as u64, &fill).expect("a file to go on with");
        let from = usize::try_from(writer.received()).expect("a place");
        writer.write(&plain[from..]).expect("room");
        writer.finish().expect("whole");
        let mut found = Vec::new();
        let read = BlobReader::open(&path, &key).map(|mut reader| reader.read_to_end(&mut found));
        violations += u64::from(!matches!(read, Ok(Ok(_))) || found != plain);
    }
    FaultRow { id: "F2 packs", name: "power goes while a pack is written", points, violations, target: 60 }.close();
}

/// Some sectors of a file never came to the disk, or its end did not.
fn lose_sectors(path: &Path, random: &mut Random) {
    let mut bytes = fs::read(path).expect("a file");
    if random.once_in(2) {
        bytes.truncate(random.place(bytes.len() + 1));
    }
    for sector in bytes.chunks_mut(512) {
        if random.once_in(60) {
            sector.fill(0);
        }
    }
    fs::write(path, bytes).expect("written");
}
