//! Sync as plan and apply: pages of changes after a cursor, then digests of every collection. On a
//! mismatch the mirror is pulled again whole; it is never repaired by guessing.

pub(crate) mod journal;
mod look_back;
mod plan;
mod standing;

use crate::{
    error::ClientError,
    notices,
    open::{Open, lock},
    outbox, packs,
    remote::{RemoteError, build_http, revoke},
    room,
    server_clock::skew_seconds,
    view::{Connection, Topic},
};
use pingli_protocol::sync::{ChangePage, Collection};
use plan::{Facts, Tidy, agree, tidy};
use standing::Standing;
use std::{
    collections::BTreeSet,
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::sync::Notify;

/// Changes in a page.
const PAGE: u32 = 500;
/// A server that says "more" for ever is not believed for ever.
const MOST_PAGES: usize = 10_000;
/// A round that failed is tried again after this long, doubled up to a minute.
const LOOK_AGAIN: Duration = Duration::from_secs(3);
/// The push channel is asked for again after this long, doubled up to a minute.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);
/// However often the push channel says that something changed, a round comes of it this often.
const PUSHED_AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// Syncs when something changed, when asked, and every minute, for as long as the store is open.
/// Without a network it looks again sooner, so that what waits goes soon after it is back.
pub(crate) async fn keep_syncing(open: Weak<Open>) {
    let mut failures = 0_u32;
    loop {
        let Some(strong) = open.upgrade() else { return };
        let mut every = Duration::from_secs(strong.config.poll_seconds);
        if let Err(error) = end_sessions(&strong).await {
            tracing::warn!(%error, "sessions that ended here are not ended at their server yet");
        }
        if strong.account().is_ok_and(|account| account.has_session) {
            match sync(&strong).await {
                Ok(()) => failures = 0,
                Err(error) => {
                    tracing::debug!(%error, "a round of sync failed");
                    every = every.min(LOOK_AGAIN.saturating_mul(1 << failures.min(8)));
                    if let ClientError::Remote(error) = &error {
                        every = every.max(error.retry_after().unwrap_or_default());
                    }
                    failures += 1;
                }
            }
        }
        let woken = strong.wake_sync.notified();
        let _ = tokio::time::timeout(every, woken).await;
    }
}

/// Tells servers of sessions that ended here while they could not be reached.
async fn end_sessions(open: &Arc<Open>) -> Result<(), ClientError> {
    // Read here, where a lock ends it: what runs on a thread of its own keeps the keys until it is done.
    let waiting = open.store.revocations()?;
    if waiting.is_empty() {
        return Ok(());
    }
    let proxy = open.settings()?.proxy;
    let http = build_http(&open.config.http_with(proxy))?;
    for session in waiting {
        match revoke(&http, &session.endpoint, &session.client_id, &session.refresh).await {
            Err(error) if error.is_transient() => tracing::debug!(%error, "a session is ended at its server later"),
            // Told; or whoever is there now will never take it.
            _ => open.work(move |open| Ok(open.store.is_revoked(&session.refresh)?)).await?,
        }
    }
    Ok(())
}

/// Listens to the push channel for as long as the store is open.
pub(crate) async fn keep_listening(open: Weak<Open>) {
    let mut wait = LISTEN_AGAIN;
    loop {
        let Some(strong) = open.upgrade() else { return };
        if let Ok(remote) = strong.remote() {
            let began = strong.config.clock.monotonic_millis();
            let pushed = Notify::new();
            let heard = || pushed.notify_one();
            tokio::select! {
                ended = remote.listen(&heard) => if let Err(error) = ended {
                    tracing::debug!(%error, "the push channel ended");
                },
                () = pass_on(&pushed, &strong.wake_sync) => {}
            }
            // What changed between two channels is found by a round.
            strong.wake_sync.notify_one();
            let lasted = strong.config.clock.monotonic_millis().saturating_sub(began);
            wait = if lasted > 10_000 { LISTEN_AGAIN } else { (wait * 2).min(Duration::from_secs(60)) };
        }
        drop(strong);
        tokio::time::sleep(wait).await;
    }
}

/// Passes on that something changed, but not faster than rounds make sense.
async fn pass_on(pushed: &Notify, wake: &Notify) {
    loop {
        pushed.notified().await;
        wake.notify_one();
        tokio::time::sleep(PUSHED_AT_MOST_EVERY).await;
    }
}

/// One round: the mirror is brought up to date, packs are queued and shredded, notices are told.
pub(crate) async fn sync(open: &Arc<Open>) -> Result<(), ClientError> {
    let _one_at_a_time = open.syncing.lock().await;
    let before = open.line().connection;
    if before != Some(Connection::Online) {
        open.note_connection(Connection::Syncing, None);
    }
    match round(open).await {
        Ok(topics) => {
            open.note_connection(Connection::Online, None);
            if before != Some(Connection::Online) {
                // The network is back: nothing waits for its backoff any more.
                lock(&open.lanes).forget_waits();
                open.wake_outbox.notify_one();
            }
            open.work(packs::resume_paused).await?;
            open.news.changed(topics);
            Ok(())
        }
        Err(error) => {
            if matches!(error, ClientError::Remote(RemoteError::SignedOut)) {
                open.hang_up();
            }
            open.note_failure(&error);
            Err(error)
        }
    }
}

/// Asks the server what it says of itself now, and keeps it: name, clock, and new keys that a
/// pinned one signed for.
pub(crate) async fn describe(open: &Arc<Open>) -> Result<(), ClientError> {
    let description = open.remote()?.describe().await?;
    open.work(move |open| {
        let keys = open.server_keys()?.accept(&description.keys).map_err(|fault| {
            tracing::error!(%fault, "the server's keys are not accepted");
            ClientError::ServerKeys
        })?;
        let skew = skew_seconds(description.server_time, open.now());
        open.store.save_server(&description, &keys.list(), skew)?;
        open.meet_server(description.server_time)?;
        open.line().described = true;
        Ok(())
    })
    .await
}

async fn round(open: &Arc<Open>) -> Result<BTreeSet<Topic>, ClientError> {
    if !open.line().described {
        describe(open).await?;
    }
    let first = open.account()?.last_complete.is_none();
    let mut touched = BTreeSet::new();
    let (last, standing) = pull(open, &mut touched).await?;
    if standing == Standing::SetBack || standing == Standing::ServerSetBack {
        touched.extend(ALL);
    }
    let agrees = {
        let digests = last.digests.clone();
        open.work(move |open| agree(&digests, |collection| Ok(open.store.digest(collection)?))).await?
    };
    let last = if agrees {
        last
    } else {
        tracing::warn!("the mirror differs from the server's and is pulled again");
        touched.extend(ALL);
        // The server may have been set back.
        open.line().looked_back = false;
        pull_again(open).await?
    };
    look_back::look_back(open).await?;
    open.work(move |open| {
        open.meet_server(last.server_time)?;
        open.store.mark_complete(open.now())?;
        tidy_up(open)?;
        notices::tell(open, first)?;
        Ok(topics(&touched))
    })
    .await
}

const ALL: [Collection; 8] = [
    Collection::CaseTypes,
    Collection::Profile,
    Collection::Standing,
    Collection::Seats,
    Collection::Verdicts,
    Collection::Ledger,
    Collection::Projects,
    Collection::Donations,
];

/// Pulls the pages after the cursor, each applied with its cursor in one transaction.
/// The first page tells how far the server knows the journal; a mirror that is of another time than
/// the server's is found by its digests.
async fn pull(open: &Arc<Open>, touched: &mut BTreeSet<Collection>) -> Result<(ChangePage, Standing), ClientError> {
    let remote = open.remote()?;
    let mut standing = None;
    for _ in 0..MOST_PAGES {
        let cursor = open.work(|open| Ok(open.store.cursor()?)).await?;
        let page = match standing {
            Some(_) => remote.changes(cursor.as_deref(), PAGE, None).await?,
            None => {
                let _one_at_a_time = open.comparing.lock().await;
                let before = journal::before(open).await?;
                let page = remote.changes(cursor.as_deref(), PAGE, Some(&before.journal)).await?;
                standing = Some(journal::settle(open, &before, page.journal).await?);
                page
            }
        };
        touched.extend(page.changes.iter().map(|change| change.body.collection()));
        let page = open
            .work(move |open| {
                open.store.apply_page(&page.changes, &page.cursor)?;
                Ok(page)
            })
            .await?;
        if !page.more {
            return Ok((page, standing.unwrap_or(Standing::Level)));
        }
    }
    Err(RemoteError::NotUnderstood("changes without end".to_owned()).into())
}

/// Pulls everything anew and puts it in the place of the old mirror at once.
async fn pull_again(open: &Arc<Open>) -> Result<ChangePage, ClientError> {
    let remote = open.remote()?;
    let (mut changes, mut cursor) = (Vec::new(), None::<String>);
    for _ in 0..MOST_PAGES {
        let mut page = remote.changes(cursor.as_deref(), PAGE, None).await?;
        changes.append(&mut page.changes);
        if page.more {
            cursor = Some(page.cursor);
            continue;
        }
        return open
            .work(move |open| {
                open.store.replace_mirror(&changes, &page.cursor)?;
                if agree(&page.digests, |collection| Ok(open.store.digest(collection)?))? {
                    Ok(page)
                } else {
                    Err(ClientError::Inconsistent("mirror"))
                }
            })
            .await;
    }
    Err(RemoteError::NotUnderstood("changes without end".to_owned()).into())
}

/// Queues packs of accepted seats and shreds those that are no longer the reviewer's to keep.
fn tidy_up(open: &Open) -> Result<(), ClientError> {
    let settings = open.settings()?;
    let verdicts = crate::verdicts::decided(open)?;
    let facts = Facts {
        seats: &open.store.seats()?,
        packs: &open.store.packs()?,
        decided: &verdicts,
        server_now: open.server_now(),
        keep_days: settings.keep_days,
        download_at_once: settings.download_at_once,
    };
    for step in tidy(&facts) {
        match step {
            // The evidence of a case that is being given up went with the act.
            Tidy::Fetch(seat) if outbox::is_leaving(open, &seat)? => {}
            Tidy::Fetch(seat) => packs::queue(open, &seat)?,
            Tidy::Shred(seat) => {
                tracing::info!(%seat, "the evidence of an ended seat is shredded");
                lock(&open.downloads).stop(&seat);
                room::close_room(open, &seat);
                open.store.shred_pack(&seat)?;
            }
        }
    }
    Ok(open.store.sweep_packs()?)
}

fn topics(touched: &BTreeSet<Collection>) -> BTreeSet<Topic> {
    let mut topics = BTreeSet::from([Topic::App]);
    for collection in touched {
        topics.extend::<&[Topic]>(match collection {
            Collection::CaseTypes => &[Topic::Docket, Topic::Verdicts],
            Collection::Profile => &[],
            Collection::Standing => &[Topic::Standing],
            Collection::Seats => &[Topic::Docket, Topic::Room, Topic::Verdicts],
            Collection::Verdicts => &[Topic::Verdicts, Topic::Docket],
            Collection::Ledger | Collection::Projects | Collection::Donations => &[Topic::Points],
        });
    }
    topics
}
