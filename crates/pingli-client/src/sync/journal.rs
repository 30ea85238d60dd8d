//! The journal and the server's memory of it: compared before anything is sent, and at every round.
//! A copy that was set back sends nothing by surprise: what waits is parked for the reviewer, what the
//! server has is taken in, and the journal goes on under another name.

use super::standing::{Own, Standing, compare};
use crate::{
    error::ClientError,
    open::Open,
    outbox::{kind, stored_receipt},
    remote::RemoteError,
    view::{Notice, Topic},
};
use pingli_protocol::{
    IntentId, JournalId,
    ballot::{BallotOutcome, Receipt},
    journal::{ActKind, JournalHead, JournalUpdate, KeptReceipt, Place},
};
use pingli_store::{FoundReceipt, Intent, StoreError};
use std::{collections::BTreeSet, sync::Arc};

/// Why acts wait for the reviewer's word: the data here was set back.
pub(crate) const ROLLED_BACK: &str = "journal_rolled_back";
/// Why acts are sent again: the server was set back.
pub(crate) const SERVER_FORGOT: &str = "server_forgot";

/// More pages of receipts than this are not asked for.
const MOST_PAGES: usize = 1_000;

/// What is known before the server is asked.
pub(super) struct Before {
    pub(super) journal: JournalId,
    pub(super) predecessor: Option<JournalId>,
    acknowledged: Vec<IntentId>,
}

/// Whether the outbox may go on with what it had in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ready {
    /// It may.
    Go,
    /// The acts have changed: it looks again.
    LookAgain,
}

/// Looks at the journal before the server is asked about it.
pub(super) async fn before(open: &Arc<Open>) -> Result<Before, ClientError> {
    open.work(|open| {
        let (journal, predecessor) = open.store.journal_name(&fresh_name(open))?;
        let acknowledged = open.store.acknowledged(&journal)?;
        Ok(Before { journal, predecessor, acknowledged })
    })
    .await
}

/// A name that tells nothing.
fn fresh_name(open: &Open) -> JournalId {
    let mut bytes = [0; 16];
    open.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().into()
}

/// Lets nothing out before the journal was compared with the server's memory of it.
pub(crate) async fn ready(open: &Arc<Open>) -> Result<Ready, ClientError> {
    // A round that compares again holds nothing up.
    if open.line().journal_compared {
        return Ok(Ready::Go);
    }
    let _one_at_a_time = open.comparing.lock().await;
    if open.line().journal_compared {
        return Ok(Ready::Go);
    }
    let before = before(open).await?;
    // Only an address that the server does not have says that it keeps no journals. With any other answer,
    // a refusal too, nothing is known yet, and nothing goes.
    let server = open.remote()?.journal(&before.journal).await?;
    match agree(open, &before, server).await? {
        Standing::Level | Standing::Ahead => Ok(Ready::Go),
        Standing::SetBack | Standing::ServerSetBack => Ok(Ready::LookAgain),
    }
}

/// Compares with what came with the first page of a round, and tells the newest link when the server
/// does not have it.
pub(super) async fn settle(
    open: &Arc<Open>,
    before: &Before,
    server: Option<JournalHead>,
) -> Result<Standing, ClientError> {
    let standing = agree(open, before, server).await?;
    if server.is_some() && standing != Standing::Level {
        tell(open).await?;
    }
    Ok(standing)
}

/// Compares, and makes good what was set back. A server that keeps no journals agrees with all.
async fn agree(open: &Arc<Open>, before: &Before, server: Option<JournalHead>) -> Result<Standing, ClientError> {
    open.line().journal_kept = server.is_some();
    let Some(server) = server else {
        open.line().journal_compared = true;
        return Ok(Standing::Level);
    };
    let acknowledged = before.acknowledged.len();
    let standing = open
        .work(move |open| {
            let own = Own {
                newest: open.store.journal_head()?.0,
                here: if server.seq > 0 { open.store.journal_link(server.seq)? } else { None },
                receipts: acknowledged,
            };
            Ok(compare(&own, &server))
        })
        .await?;
    match standing {
        Standing::Level | Standing::Ahead => {
            // A journal that the server hears of for the first time and that goes on from another, in a
            // database that was made anew from what could be saved: what was lost may be there.
            if let Some(predecessor) = before.predecessor.as_ref().filter(|_| server == JournalHead::UNKNOWN) {
                let found = found(open, receipts(open, predecessor).await?).await?;
                open.work(move |open| Ok(open.store.take_receipts(&found)?)).await?;
                open.news.changed(Topic::ALL);
            }
        }
        Standing::SetBack => go_on(open, before).await?,
        Standing::ServerSetBack => send_again(open, before).await?,
    }
    open.line().journal_compared = true;
    Ok(standing)
}

/// Tells the server of the newest link.
async fn tell(open: &Arc<Open>) -> Result<(), ClientError> {
    let (journal, newest) = open
        .work(|open| {
            let (journal, predecessor) = open.store.journal_name(&fresh_name(open))?;
            let (seq, sha256) = open.store.journal_head()?;
            Ok((journal, JournalUpdate { seq, sha256, predecessor }))
        })
        .await?;
    if newest.seq > 0 {
        open.remote()?.tell_journal(&journal, &newest).await?;
    }
    Ok(())
}

/// All receipts that the server gave under a journal.
pub(super) async fn receipts(open: &Arc<Open>, journal: &JournalId) -> Result<Vec<KeptReceipt>, ClientError> {
    let remote = open.remote()?;
    let (mut all, mut after) = (Vec::new(), 0);
    for _ in 0..MOST_PAGES {
        let page = remote.journal_receipts(journal, after).await?;
        let last = page.receipts.last().map(|receipt| receipt.seq);
        all.extend(page.receipts);
        match last {
            Some(last) if page.more && last > after => after = last,
            Some(_) if page.more => break,
            _ => return Ok(all),
        }
    }
    Err(RemoteError::NotUnderstood("receipts without end".to_owned()).into())
}

/// The data here was set back: what the server has is taken in, the rest waits for the reviewer.
async fn go_on(open: &Arc<Open>, before: &Before) -> Result<(), ClientError> {
    let kept = receipts(open, &before.journal).await?;
    let forgotten = forgotten(open, &before.acknowledged, &kept).await?;
    let found = found(open, kept).await?;
    open.work(move |open| {
        let next = fresh_name(open);
        let parked = open.store.continue_journal(&next, &found, &forgotten, ROLLED_BACK, open.now())?;
        tracing::warn!(parked, found = found.len(), "the data here was set back; what waits asks the reviewer");
        if parked > 0 {
            open.news.notice(Notice::ActsAsk { count: u32::try_from(parked).unwrap_or(u32::MAX) });
        }
        open.news.changed(Topic::ALL);
        Ok(())
    })
    .await
}

/// The receipts that hold.
async fn found(open: &Arc<Open>, kept: Vec<KeptReceipt>) -> Result<Vec<FoundReceipt>, ClientError> {
    let mut found = Vec::new();
    for kept in kept {
        if let Some(receipt) = read(open, kept).await? {
            found.push(receipt);
        }
    }
    Ok(found)
}

/// The server was set back: what it forgot is sent again, under the same ids.
async fn send_again(open: &Arc<Open>, before: &Before) -> Result<(), ClientError> {
    let kept = receipts(open, &before.journal).await?;
    let forgotten = forgotten(open, &before.acknowledged, &kept).await?;
    send_forgotten(open, forgotten).await
}

/// Sends again what the server forgot, unless it had refused it.
pub(super) async fn send_forgotten(open: &Arc<Open>, forgotten: Vec<IntentId>) -> Result<(), ClientError> {
    open.work(move |open| {
        let (refused, forgotten) = part(open, forgotten)?;
        tracing::warn!(acts = forgotten.len(), "the server was set back; what it forgot is sent again");
        open.store.send_again(&forgotten, &refused, SERVER_FORGOT)?;
        if !forgotten.is_empty() {
            open.news.notice(Notice::SentAgain { count: u32::try_from(forgotten.len()).unwrap_or(u32::MAX) });
        }
        open.wake_outbox.notify_one();
        open.news.changed(Topic::ALL);
        Ok(())
    })
    .await
}

/// The acts that were acknowledged and are not among the server's receipts.
async fn forgotten(
    open: &Arc<Open>,
    acknowledged: &[IntentId],
    kept: &[KeptReceipt],
) -> Result<Vec<IntentId>, ClientError> {
    let links: BTreeSet<_> = kept.iter().map(|receipt| receipt.sha256).collect();
    let acknowledged = acknowledged.to_vec();
    open.work(move |open| {
        let mut forgotten = Vec::new();
        for id in acknowledged {
            let link = open.store.journal_link(open.store.intent(&id)?.seq)?;
            if link.is_none_or(|link| !links.contains(&link)) {
                forgotten.push(id);
            }
        }
        Ok(forgotten)
    })
    .await
}

/// Those that were refused, and the others: a ballot that was refused once must not count now, in the place
/// of the one that was sealed after it.
fn part(open: &Open, forgotten: Vec<IntentId>) -> Result<(Vec<IntentId>, Vec<IntentId>), ClientError> {
    let (mut refused, mut others) = (Vec::new(), Vec::new());
    for id in forgotten {
        let ballot = open.store.intent(&id)?.kind == kind::BALLOT;
        let receipt = if ballot { open.store.receipt(id.as_str())? } else { None };
        let receipt: Option<Receipt> =
            receipt.map(|receipt| serde_json::from_str(&receipt.body)).transpose().map_err(StoreError::from)?;
        let was_refused = receipt.is_some_and(|receipt| matches!(receipt.outcome, BallotOutcome::Refused { .. }));
        if was_refused { refused.push(id) } else { others.push(id) }
    }
    Ok((refused, others))
}

/// Reads a receipt as it would have been read when it came, signature and all. One that does not hold
/// is passed over: its act asks the reviewer.
async fn read(open: &Arc<Open>, kept: KeptReceipt) -> Result<Option<FoundReceipt>, ClientError> {
    let (seq, sha256) = (kept.seq, kept.sha256);
    let own = open
        .work(move |open| {
            let here = open.store.journal_link(seq)? == Some(sha256);
            Ok(if here { open.store.intent_at(seq)? } else { None })
        })
        .await?;
    let Some(kind) = kind_of(kept.kind) else { return Ok(None) };
    match stored_receipt(open, &kept, own.as_ref()).await {
        Ok((receipt, seat)) => {
            let case = seat.as_ref().and_then(|seat| open.store.seat(seat).ok()).map(|seat| seat.case);
            let intent = own.map_or(kept.id, |intent: Intent| intent.id);
            Ok(Some(FoundReceipt { intent, kind, seat, case, receipt }))
        }
        Err(ClientError::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "a receipt of the server's does not hold");
            Ok(None)
        }
    }
}

const fn kind_of(kind: ActKind) -> Option<&'static str> {
    Some(match kind {
        ActKind::Accept => kind::ACCEPT,
        ActKind::Return => kind::RETURN,
        ActKind::Recuse => kind::RECUSE,
        ActKind::ReportDamage => kind::REPORT_DAMAGE,
        ActKind::Ballot => kind::BALLOT,
        ActKind::Donate => kind::DONATE,
        ActKind::CancelDonation => kind::CANCEL_DONATION,
        ActKind::Unknown => return None,
    })
}

/// Where an act stands in the journal, as every write tells it.
pub(crate) fn place(open: &Open, intent: &Intent) -> Result<Place, ClientError> {
    let (journal, _) = open.store.journal_name(&fresh_name(open))?;
    let sha256 = open.store.journal_link(intent.seq)?.ok_or(ClientError::Inconsistent("journal"))?;
    Ok(Place { journal, seq: intent.seq, sha256 })
}
