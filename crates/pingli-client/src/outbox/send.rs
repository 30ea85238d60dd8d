//! Sending: the loop around the plan, and one exchange for each kind of act.

use super::{acts::gave_away, kind};
use crate::{
    error::ClientError,
    open::{Open, lock},
    remote::{Remote, RemoteError},
    sync::journal::{self, Ready},
    view::{Notice, Topic},
};
use pingli_casepack::{ServerKeys, open_text};
use pingli_protocol::{
    BallotId, DonationId, IntentId, JournalId, SeatId, Sha256, UtcInstant,
    ballot::{BallotOutcome, Receipt},
    charity::{Donation, DonationRequest},
    journal::{ActKind, KeptReceipt, Place},
    seat::{DamageReceipt, DamageReport, RecuseRequest, SeatReceipt, SeatRequest},
    server::SignedText,
};
use pingli_store::{Intent, IntentStatus, Reached, StoreError, StoredReceipt};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    pin::pin,
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::task::JoinSet;

/// The longest sleep between two looks at the journal; held intents go by the wall clock.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Sends what may be sent, for as long as the store is open. A turn that waits for a slow answer
/// does not hold up the next: what is on its way is known, and other lanes go on.
pub(crate) async fn keep_sending(open: Weak<Open>) {
    let mut turns = JoinSet::new();
    let mut wait = Duration::ZERO;
    loop {
        let Some(strong) = open.upgrade() else { return };
        tokio::select! {
            () = strong.wake_outbox.notified() => {}
            () = tokio::time::sleep(wait) => {}
            Some(ended) = turns.join_next() => {
                wait = match ended {
                    Ok(Ok(next)) => LONGEST_SLEEP.min(next),
                    Ok(Err(error)) => {
                        let error: ClientError = error;
                        tracing::warn!(%error, "the outbox could not be read");
                        LONGEST_SLEEP
                    }
                    Err(_) => LONGEST_SLEEP,
                };
                continue;
            }
        }
        wait = LONGEST_SLEEP;
        turns.spawn(async move { turn(&strong).await });
    }
}

/// Sends everything that waits, held acts included; returns when each was tried once and nothing
/// is on its way any more.
pub(crate) async fn send_all_now(open: &Arc<Open>) -> Result<(), ClientError> {
    open.work(|open| {
        lock(&open.lanes).forget_waits();
        Ok(open.store.release_holds(None)?)
    })
    .await?;
    loop {
        // Made before the look, so that nothing can settle unnoticed in between.
        let settled = open.settled.notified();
        turn(open).await?;
        if !lock(&open.lanes).is_busy() {
            return Ok(());
        }
        settled.await;
    }
}

/// One turn: sends what may be sent until nothing more may, and says how long to wait then.
pub(super) async fn turn(open: &Arc<Open>) -> Result<Duration, ClientError> {
    loop {
        if open.store.account()?.is_none_or(|account| !account.has_session) {
            return Ok(LONGEST_SLEEP);
        }
        let plan = open
            .work(|open| {
                let intents = open.store.open_intents()?;
                Ok(lock(&open.lanes).plan(&intents, open.now(), open.config.clock.monotonic_millis()))
            })
            .await?;
        if plan.send.is_empty() {
            return Ok(plan.again_in.map_or(LONGEST_SLEEP, Duration::from_millis));
        }
        let lanes = plan.send.iter().map(|id| send(open, id));
        let mut sent = pin!(futures_util::future::join_all(lanes));
        if let Some(again_in) = plan.again_in
            && tokio::time::timeout(Duration::from_millis(again_in), &mut sent).await.is_err()
        {
            // A hold is over: a slow answer in another lane does not hold it up.
            open.wake_outbox.notify_one();
        }
        sent.await;
    }
}

/// Takes an intent on its way and brings it to an end: done, parked, or waiting again.
async fn send(open: &Arc<Open>, id: &IntentId) {
    // First of all, because it may park what waits here.
    match journal::ready(open).await {
        Ok(Ready::Go) => {}
        Ok(Ready::LookAgain) => return,
        Err(error) => {
            let waits = id.clone();
            if let Err(error) = open.work(move |open| not_sent(open, &waits, error)).await {
                tracing::warn!(%error, "why an act was not sent could not be kept");
                lock(&open.lanes).back_off(id, open.config.clock.monotonic_millis(), None, u64::MAX);
            }
            return;
        }
    }
    let (strong, leaving) = (Arc::clone(open), id.clone());
    let begun = open.work(move |_| begin(&strong, leaving)).await;
    let (intent, _on_its_way) = match begun {
        Ok(Some(begun)) => begun,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(%error, "an act cannot leave before the disk takes a note of it");
            lock(&open.lanes).back_off(id, open.config.clock.monotonic_millis(), None, u64::MAX);
            return;
        }
    };
    open.news.changed([Topic::Outbox]);
    let settled = match journal::place(open, &intent) {
        Ok(place) => {
            // As it is now: who hangs up meanwhile forgets it.
            let kept = open.line().journal_kept;
            let answer = exchange(open, &intent, &place).await;
            let journal = kept.then_some(place.journal);
            open.work(move |open| settle(open, &intent, answer, journal.as_ref())).await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = settled {
        tracing::warn!(%error, "an answer could not be kept; it is asked for again");
        lock(&open.lanes).back_off(id, open.config.clock.monotonic_millis(), None, u64::MAX);
    }
}

/// Notes on the disk and in memory that an intent leaves, under the lock that undo holds: it is either
/// sent or taken back, never both, whenever the program dies. Answers with the intent as it was.
fn begin(open: &Arc<Open>, id: IntentId) -> Result<Option<(Intent, OnItsWay)>, ClientError> {
    let mut lanes = lock(&open.lanes);
    if lanes.is_sending(&id) {
        return Ok(None);
    }
    let Some(intent) = open.store.note_leaving(&id)? else { return Ok(None) };
    lanes.begin(&id);
    drop(lanes);
    Ok(Some((intent, OnItsWay { open: Arc::clone(open), id })))
}

/// Gives the lane free when the exchange is over, also when the task is dropped in the middle.
struct OnItsWay {
    open: Arc<Open>,
    id: IntentId,
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        lock(&self.open.lanes).end(&self.id);
        self.open.settled.notify_waiters();
        self.open.news.changed([Topic::Outbox, Topic::App]);
    }
}

/// What came of an exchange.
type Exchanged = Result<StoredReceipt, ClientError>;

async fn exchange(open: &Arc<Open>, intent: &Intent, place: &Place) -> Exchanged {
    let remote = open.remote()?;
    let remote = &*remote;
    match intent.kind.as_str() {
        kind::BALLOT => ballot(open, remote, intent, place).await,
        kind::ACCEPT => {
            let request: SeatRequest = payload(intent)?;
            seat_receipt(intent, &remote.accept(seat(intent)?, &request, place).await?)
        }
        kind::RETURN => {
            let request: SeatRequest = payload(intent)?;
            seat_receipt(intent, &remote.return_seat(seat(intent)?, &request, place).await?)
        }
        kind::RECUSE => {
            let request: RecuseRequest = payload(intent)?;
            seat_receipt(intent, &remote.recuse(seat(intent)?, &request, place).await?)
        }
        kind::REPORT_DAMAGE => {
            let report: DamageReport = payload(intent)?;
            damage(intent, &remote.report_damage(seat(intent)?, &report, place).await?)
        }
        kind::DONATE => {
            let request: DonationRequest = payload(intent)?;
            donation(&remote.donate(&request, place).await?, &request.id)
        }
        kind::CANCEL_DONATION => {
            let id: DonationId = payload(intent)?;
            donation(&remote.cancel_donation(&id, place).await?, &id)
        }
        _ => Err(ClientError::Inconsistent("intent")),
    }
}

fn payload<T: DeserializeOwned>(intent: &Intent) -> Result<T, ClientError> {
    Ok(serde_json::from_str(&intent.payload).map_err(StoreError::from)?)
}

fn seat(intent: &Intent) -> Result<&SeatId, ClientError> {
    intent.seat.as_ref().ok_or(ClientError::Inconsistent("intent without a seat"))
}

fn not_ours() -> ClientError {
    RemoteError::NotUnderstood("the receipt is for something else".to_owned()).into()
}

fn seat_receipt(intent: &Intent, receipt: &SeatReceipt) -> Exchanged {
    if receipt.id != intent.id || Some(&receipt.seat) != intent.seat.as_ref() {
        return Err(not_ours());
    }
    plain(receipt, receipt.received_at)
}

fn damage(intent: &Intent, receipt: &DamageReceipt) -> Exchanged {
    if receipt.id != intent.id || Some(&receipt.seat) != intent.seat.as_ref() {
        return Err(not_ours());
    }
    plain(receipt, receipt.received_at)
}

fn donation(donation: &Donation, id: &DonationId) -> Exchanged {
    if donation.id != *id {
        return Err(not_ours());
    }
    plain(donation, donation.submitted_at)
}

/// A receipt that is not signed.
fn plain(receipt: &impl Serialize, received_at: UtcInstant) -> Exchanged {
    let body = serde_json::to_string(receipt).map_err(StoreError::from)?;
    Ok(StoredReceipt { signed: None, body, received_at })
}

async fn ballot(open: &Arc<Open>, remote: &dyn Remote, intent: &Intent, place: &Place) -> Exchanged {
    let id = BallotId::new(intent.id.as_str()).map_err(|_| ClientError::InvalidId)?;
    if intent.unknown {
        match remote.ballot_receipt(&id).await {
            Ok(Some(signed)) => return checked(open, intent, signed).await,
            // A refusal to tell says nothing of the ballot; the answer to the same ballot does.
            Ok(None) | Err(RemoteError::Refused { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let signed = remote.ballot(&intent.payload, place).await?;
    checked(open, intent, signed).await
}

/// Checks a receipt's signature with the pinned keys, and that it is for this very ballot.
async fn checked(open: &Arc<Open>, intent: &Intent, signed: SignedText) -> Exchanged {
    let receipt = verified(open, &signed).await?;
    let ours = receipt.ballot.as_str() == intent.id.as_str()
        && Some(&receipt.seat) == intent.seat.as_ref()
        && receipt.ballot_sha256 == Sha256::of(intent.payload.as_bytes());
    if !ours {
        return Err(not_ours());
    }
    signed_receipt(signed, &receipt)
}

async fn verified(open: &Arc<Open>, signed: &SignedText) -> Result<Receipt, ClientError> {
    let mut keys: ServerKeys = open.server_keys()?;
    if !keys.knows(&signed.key) {
        // The key may be a new one, signed for by one that is known.
        crate::sync::describe(open).await?;
        keys = open.server_keys()?;
    }
    Ok(open_text(signed, &keys)?)
}

fn signed_receipt(signed: SignedText, receipt: &Receipt) -> Exchanged {
    let body = serde_json::to_string(receipt).map_err(StoreError::from)?;
    Ok(StoredReceipt { signed: Some(signed), body, received_at: receipt.received_at })
}

/// Reads a receipt that the server kept, with the seat that it is about; `own` is its act where that
/// is known here.
pub(crate) async fn stored_receipt(
    open: &Arc<Open>,
    kept: &KeptReceipt,
    own: Option<&Intent>,
) -> Result<(StoredReceipt, Option<SeatId>), ClientError> {
    let own = own.filter(|intent| intent.status != IntentStatus::Dropped);
    match kept.kind {
        ActKind::Ballot => {
            let signed: SignedText = read(&kept.body)?;
            match own {
                Some(intent) => Ok((checked(open, intent, signed).await?, intent.seat.clone())),
                None => {
                    let receipt = verified(open, &signed).await?;
                    if receipt.ballot.as_str() != kept.id.as_str() {
                        return Err(not_ours());
                    }
                    let seat = Some(receipt.seat.clone());
                    Ok((signed_receipt(signed, &receipt)?, seat))
                }
            }
        }
        ActKind::Accept | ActKind::Return | ActKind::Recuse => {
            let receipt: SeatReceipt = read(&kept.body)?;
            Ok((plain(&receipt, receipt.received_at)?, Some(receipt.seat)))
        }
        ActKind::ReportDamage => {
            let receipt: DamageReceipt = read(&kept.body)?;
            Ok((plain(&receipt, receipt.received_at)?, Some(receipt.seat)))
        }
        ActKind::Donate | ActKind::CancelDonation => {
            let donation: Donation = read(&kept.body)?;
            Ok((plain(&donation, donation.submitted_at)?, None))
        }
        ActKind::Unknown => Err(not_ours()),
    }
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, ClientError> {
    serde_json::from_str(body).map_err(|error| RemoteError::NotUnderstood(error.to_string()).into())
}

/// Keeps what came of an exchange: the receipt and the end of its intent in one transaction, a
/// refusal with its reason, or another try.
fn settle(open: &Open, intent: &Intent, answer: Exchanged, journal: Option<&JournalId>) -> Result<(), ClientError> {
    // What an earlier try may have left at the server is there until the server itself has spoken.
    let reached = |perhaps: bool| if perhaps || intent.unknown { Reached::Perhaps } else { Reached::No };
    match answer {
        Ok(receipt) => {
            let refused = is_refused(intent, &receipt);
            open.store.finish(&intent.id, &receipt, journal)?;
            if intent.kind == kind::REPORT_DAMAGE
                && let Some(seat) = &intent.seat
            {
                // The server offers the pack anew; a case that was given up meanwhile is left alone.
                if let Err(error) = crate::packs::make_offline(open, std::slice::from_ref(seat)) {
                    tracing::warn!(%error, "the pack could not be queued; the reviewer can fetch it");
                }
            }
            if open.keeps_nothing
                && matches!(intent.kind.as_str(), kind::RETURN | kind::RECUSE)
                && let Some(seat) = &intent.seat
            {
                gave_away(open, seat);
            }
            lock(&open.lanes).forget_wait(&intent.id);
            if refused {
                open.news.notice(Notice::BallotRefused { title: intent.title.clone() });
            }
            // What the act changed on the server comes with the next page.
            open.wake_sync.notify_one();
        }
        Err(error) if waits_for_sign_in(&error) => await_sign_in(open, intent, &error, reached(false))?,
        Err(ClientError::Remote(error)) if error.is_transient() => {
            again(open, intent, &error.code(), reached(error.may_have_arrived()), error.retry_after())?;
        }
        // The server has it; only its word cannot be checked yet.
        Err(error @ (ClientError::Signature(_) | ClientError::ServerKeys)) => {
            again(open, intent, &error.code(), Reached::Perhaps, None)?;
        }
        Err(ClientError::Store(error)) => return Err(error.into()),
        // The program ends, or was locked: that is nobody's answer. What was noted when the act left
        // stands, and at the next start the server is asked.
        Err(ClientError::Locked | ClientError::BrokenOff) => {
            lock(&open.lanes).back_off(&intent.id, open.config.clock.monotonic_millis(), None, random(open));
        }
        Err(error) => {
            // Only the server's own refusal says that it has nothing; a fault on this machine does not.
            let refused = matches!(error, ClientError::Remote(RemoteError::Refused { .. }));
            open.store.park(&intent.id, &error.code(), if refused { Reached::No } else { reached(false) })?;
            if intent.kind == kind::BALLOT {
                open.news.notice(Notice::BallotRefused { title: intent.title.clone() });
            }
            open.wake_sync.notify_one();
        }
    }
    open.news.changed([Topic::Outbox, Topic::Docket, Topic::Room, Topic::Points, Topic::App]);
    Ok(())
}

/// Keeps why an act was not even sent: it waits, and can be taken back as before. Another turn may
/// have it on its way by now; what that one notes stands.
fn not_sent(open: &Open, id: &IntentId, error: ClientError) -> Result<(), ClientError> {
    if let ClientError::Store(error) = error {
        return Err(error.into());
    }
    // That the program ends is no answer.
    if matches!(error, ClientError::Locked | ClientError::BrokenOff) {
        return Ok(());
    }
    let mut lanes = lock(&open.lanes);
    if lanes.is_sending(id) {
        return Ok(());
    }
    let reached = if open.store.intent(id)?.unknown { Reached::Perhaps } else { Reached::No };
    open.store.note_try(id, &error.code(), reached)?;
    let asked = if let ClientError::Remote(error) = &error { error.retry_after() } else { None };
    let random = if waits_for_sign_in(&error) { u64::MAX } else { random(open) };
    lanes.back_off(id, open.config.clock.monotonic_millis(), asked, random);
    drop(lanes);
    open.news.changed([Topic::Outbox, Topic::Docket, Topic::App]);
    Ok(())
}

const fn waits_for_sign_in(error: &ClientError) -> bool {
    matches!(error, ClientError::SessionEnded | ClientError::SignedOut | ClientError::Remote(RemoteError::SignedOut))
}

fn await_sign_in(open: &Open, intent: &Intent, error: &ClientError, reached: Reached) -> Result<(), ClientError> {
    tracing::info!("the outbox waits for a sign-in");
    open.store.note_try(&intent.id, &error.code(), reached)?;
    lock(&open.lanes).back_off(&intent.id, open.config.clock.monotonic_millis(), None, u64::MAX);
    open.news.changed([Topic::App]);
    Ok(())
}

fn again(
    open: &Open,
    intent: &Intent,
    code: &str,
    reached: Reached,
    asked: Option<Duration>,
) -> Result<(), ClientError> {
    open.store.note_try(&intent.id, code, reached)?;
    let monotonic = open.config.clock.monotonic_millis();
    lock(&open.lanes).back_off(&intent.id, monotonic, asked, random(open));
    Ok(())
}

fn random(open: &Open) -> u64 {
    let mut bytes = [0; 8];
    open.fill(&mut bytes);
    u64::from_ne_bytes(bytes)
}

fn is_refused(intent: &Intent, receipt: &StoredReceipt) -> bool {
    intent.kind == kind::BALLOT
        && serde_json::from_str::<Receipt>(&receipt.body)
            .is_ok_and(|receipt| matches!(receipt.outcome, BallotOutcome::Refused { .. }))
}
