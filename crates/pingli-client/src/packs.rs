//! Packs: queued, fetched with resume into the encrypted store, and verified with the pinned keys
//! before a case says "ready offline".

use crate::{
    contents::{Source, make_ready},
    error::ClientError,
    open::{Open, lock},
    outbox,
    remote::RemoteError,
    room,
    view::Topic,
};
use pingli_casepack::{PackLimits, verify};
use pingli_protocol::{SeatId, Sha256, seat::SeatState};
use pingli_store::{BlobKey, NewPack, PackRow, PackState, StoreError};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Weak},
    time::Duration,
};
use zeroize::Zeroizing;

/// Progress is told at most this often.
const PROGRESS_MILLIS: u64 = 250;
/// How long the queue sleeps at most.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// Bytes that a download leaves free on the disk.
const LEFT_FREE: u64 = 64 << 20;
/// The code of a download that the reviewer stopped.
pub(crate) const CANCELLED: &str = "cancelled";

/// What is known of downloads in memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Downloads {
    received: BTreeMap<SeatId, u64>,
    stopped: BTreeSet<SeatId>,
    told: u64,
}

impl Downloads {
    /// Bytes of a download under way.
    pub(crate) fn received(&self, seat: &SeatId) -> Option<u64> {
        self.received.get(seat).copied()
    }

    /// Asks a download under way to stop.
    pub(crate) fn stop(&mut self, seat: &SeatId) {
        if self.received.contains_key(seat) {
            self.stopped.insert(seat.clone());
        }
    }
}

/// Queues packs. An older or damaged pack makes room for the one the seat has now.
pub(crate) fn make_offline(open: &Open, seats: &[SeatId]) -> Result<(), ClientError> {
    for id in seats {
        let seat = open.store.seat(id)?;
        if seat.state == SeatState::Accepted && seat.lease_end > open.server_now() && !outbox::is_leaving(open, id)? {
            queue(open, id)?;
        }
    }
    open.news.changed([Topic::Docket]);
    Ok(())
}

/// Queues the pack of a seat.
pub(crate) fn queue(open: &Open, id: &SeatId) -> Result<(), ClientError> {
    let seat = open.store.seat(id)?;
    let (mut name, mut key) = ([0; 16], Zeroizing::new([0_u8; 32]));
    open.fill(&mut name);
    open.fill(&mut *key);
    let file: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    room::forget_room(open, id);
    open.store.queue_pack(&NewPack { seat: id, pack: &seat.pack, file, key: BlobKey::from_bytes(*key) })?;
    open.wake_packs.notify_one();
    Ok(())
}

/// Stops the download of a pack; what is here stays for another time.
pub(crate) fn cancel(open: &Open, seat: &SeatId) -> Result<(), ClientError> {
    let pack = open.store.pack(seat)?.ok_or(ClientError::NotFound("pack"))?;
    if matches!(pack.state, PackState::Queued | PackState::Paused { .. }) {
        open.store.set_pack_state(seat, &PackState::Paused { code: CANCELLED.to_owned() })?;
        lock(&open.downloads).stop(seat);
    }
    open.news.changed([Topic::Docket]);
    Ok(())
}

/// Lets downloads go on that stopped on the way; not those that the reviewer stopped or the server
/// refused.
pub(crate) fn resume_paused(open: &Open) -> Result<(), ClientError> {
    let (mut resumed, mut waits) = (false, false);
    for pack in open.store.packs()? {
        match &pack.state {
            PackState::Paused { code } if code != CANCELLED && !code.starts_with("problem_") => {
                open.store.set_pack_state(&pack.seat, &PackState::Queued)?;
                resumed = true;
            }
            // Its seat may have come only now, in a mirror that was pulled anew.
            PackState::Queued => waits = true,
            _ => {}
        }
    }
    if resumed || waits {
        open.wake_packs.notify_one();
    }
    if resumed {
        open.news.changed([Topic::Docket]);
    }
    Ok(())
}

/// Fetches what is queued, one pack after the other, for as long as the store is open.
pub(crate) async fn keep_fetching(open: Weak<Open>) {
    loop {
        let Some(strong) = open.upgrade() else { return };
        if let Err(error) = fetch_queued(&strong).await {
            tracing::warn!(%error, "the queue of packs could not be read");
        }
        let woken = strong.wake_packs.notified();
        let _ = tokio::time::timeout(LONGEST_SLEEP, woken).await;
    }
}

/// Fetches until nothing is queued.
pub(crate) async fn fetch_queued(open: &Arc<Open>) -> Result<(), ClientError> {
    while let Some(pack) = open.work(next_queued).await? {
        lock(&open.downloads).received.insert(pack.seat.clone(), pack.received);
        open.news.changed([Topic::Docket]);
        let fetched = fetch(open, &pack).await;
        let stopped = {
            let mut downloads = lock(&open.downloads);
            downloads.received.remove(&pack.seat);
            downloads.stopped.remove(&pack.seat)
        };
        let seat = pack.seat.clone();
        open.work(move |open| settle(open, &seat, fetched, stopped)).await?;
        open.news.changed([Topic::Docket, Topic::Room, Topic::App]);
    }
    Ok(())
}

fn next_queued(open: &Open) -> Result<Option<PackRow>, ClientError> {
    if open.store.account()?.is_none_or(|account| !account.has_session) {
        return Ok(None);
    }
    let mut queued = Vec::new();
    for pack in open.store.packs()? {
        if pack.state == PackState::Queued
            && let Ok(seat) = open.store.seat(&pack.seat)
        {
            queued.push((seat.lease_end, pack));
        }
    }
    queued.sort_by_key(|(lease_end, _)| *lease_end);
    Ok(queued.into_iter().next().map(|(_, pack)| pack))
}

async fn fetch(open: &Arc<Open>, pack: &PackRow) -> Result<(), ClientError> {
    if pack.bytes > PackLimits::default().pack_bytes {
        return Err(ClientError::PackDamaged("pack_too_large".to_owned()));
    }
    let remote = open.remote()?;
    {
        let fill = |bytes: &mut [u8]| open.fill(bytes);
        let mut writer = open.store.pack_writer(&pack.seat, &fill)?;
        let from = writer.received();
        if from < pack.bytes {
            let (mut too_much, mut not_kept) = (false, None);
            there_is_room(open, pack.bytes - from)?;
            let mut sink = |bytes: &[u8]| {
                if lock(&open.downloads).stopped.contains(&pack.seat) {
                    return Err(RemoteError::Local(CANCELLED.to_owned()));
                }
                writer.write(bytes).map_err(|error| match error {
                    // More bytes than the seat's reference says: another pack than the signed one.
                    StoreError::Tampered => {
                        too_much = true;
                        RemoteError::NotUnderstood("a pack of another size".to_owned())
                    }
                    error => {
                        let told = RemoteError::Local(error.to_string());
                        not_kept = Some(error);
                        told
                    }
                })?;
                progress(open, &pack.seat, writer.received());
                Ok(())
            };
            let fetched = remote.pack(&pack.sha256, from, &mut sink).await;
            if let Some(error) = not_kept {
                return Err(error.into());
            }
            if too_much {
                // What came before was no part of the pack either: it begins anew.
                open.store.shred_pack(&pack.seat)?;
                queue(open, &pack.seat)?;
            }
            // When every byte is here, how the answer ended says nothing any more: the hash does.
            if too_much || writer.received() < pack.bytes {
                fetched?;
            }
        }
        let received = writer.received();
        if received < pack.bytes {
            open.store.note_received(&pack.seat, received)?;
            return Err(RemoteError::Unreachable("the pack ended early".to_owned()).into());
        }
        writer.finish()?;
    }
    let seat = pack.seat.clone();
    let first = open.work({
        let seat = seat.clone();
        move |open| check(open, &seat)
    });
    match first.await {
        // The key may be a new one, signed for by one that is known.
        Err(ClientError::PackDamaged(code)) if code == "pack_unknown_key" => {
            crate::sync::describe(open).await?;
            open.work(move |open| check(open, &seat)).await
        }
        checked => checked,
    }
}

/// A server may claim any size: what is asked for must fit on the disk, and leave something.
fn there_is_room(open: &Open, bytes: u64) -> Result<(), ClientError> {
    let disk = rustix::fs::statvfs(open.store.folder()).map_err(|error| StoreError::Io(error.into()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < bytes.saturating_add(LEFT_FREE) { Err(StoreError::Full.into()) } else { Ok(()) }
}

fn progress(open: &Open, seat: &SeatId, received: u64) {
    let now = open.config.clock.monotonic_millis();
    let mut downloads = lock(&open.downloads);
    downloads.received.insert(seat.clone(), received);
    let tell = downloads.told == 0 || now >= downloads.told + PROGRESS_MILLIS;
    if tell {
        downloads.told = now.max(1);
    }
    drop(downloads);
    if tell {
        open.news.changed([Topic::Docket]);
    }
}

/// Verifies every byte of a pack that is here, and that it is the one the seat names; then takes its
/// chats into rows and computes its timeline.
pub(crate) fn check(open: &Open, seat: &SeatId) -> Result<(), ClientError> {
    let wanted = open.store.seat(seat)?;
    let row = open.store.pack(seat)?.ok_or(ClientError::PackNotReady)?;
    let damaged = |code: &str| ClientError::PackDamaged(code.to_owned());
    let mut reader = room::reader(open, seat)?;
    let keys = open.server_keys()?;
    let pack = verify(&mut reader, &keys, &PackLimits::default()).map_err(room::fault)?;
    let same = |found: Sha256| found == row.sha256;
    if !same(pack.sha256) {
        return Err(damaged("pack_wrong_hash"));
    }
    let case = &pack.document.case;
    if case.id != wanted.case || case.round != wanted.round || pack.version != row.version {
        return Err(damaged("pack_wrong_case"));
    }
    let source = Source { seat, document: &pack.document, index: &pack.index };
    make_ready(open, &source, &mut reader, &|| {
        if lock(&open.downloads).stopped.contains(seat) {
            return Err(RemoteError::Local(CANCELLED.to_owned()).into());
        }
        Ok(())
    })
}

fn settle(open: &Open, seat: &SeatId, fetched: Result<(), ClientError>, stopped: bool) -> Result<(), ClientError> {
    let Err(error) = fetched else { return Ok(()) };
    if open.store.pack(seat)?.is_none() {
        // It was shredded meanwhile.
        return Ok(());
    }
    let state = match &error {
        _ if stopped => PackState::Paused { code: CANCELLED.to_owned() },
        ClientError::PackDamaged(code) => PackState::Damaged { code: code.clone() },
        error => PackState::Paused { code: error.code() },
    };
    tracing::info!(%error, "a download stopped");
    open.store.set_pack_state(seat, &state)?;
    Ok(())
}
