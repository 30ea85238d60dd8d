//! Acts of a session that keeps nothing: each goes at once and counts when the server has acknowledged
//! it. Nothing waits for later in an outbox that ends with the program. What certainly never reached
//! the server is taken back, and its id with it. What may have reached it keeps its id: it is asked for,
//! and only the server's word ends it.

use super::{
    acts::{retry, take_back},
    send::turn,
};
use crate::{
    error::ClientError,
    open::{Open, lock},
};
use pingli_protocol::IntentId;
use pingli_store::{IntentStatus, Reached, StoreError};
use std::{pin::pin, sync::Arc, time::Duration};

/// How long the reviewer waits for an acknowledgement.
const LONGEST: Duration = Duration::from_secs(45);

/// How long after an answer that never came it is asked for.
const ASK_AFTER: Duration = Duration::from_millis(500);

/// Does an act; in a session that keeps nothing, answers when the server has acknowledged it.
pub(crate) async fn act<T: Send + 'static>(
    open: &Arc<Open>,
    op: &IntentId,
    act: impl FnOnce(&Open) -> Result<T, ClientError> + Send + 'static,
) -> Result<T, ClientError> {
    let done = open.work(act).await?;
    acknowledged(open, op, None).await?;
    Ok(done)
}

/// Lets a parked act be tried again, or an act be tried at once. In a session that keeps nothing a
/// parked one that does not get through is parked as before.
pub(crate) async fn again(open: &Arc<Open>, id: IntentId) -> Result<(), ClientError> {
    let parked = match open.store.intent(&id)?.status {
        IntentStatus::Parked { code } => Some(code),
        _ => None,
    };
    let tried = id.clone();
    open.work(move |open| retry(open, &tried)).await?;
    acknowledged(open, &id, parked).await
}

/// Waits for the server's word where nothing is kept; `parked` is why the act was parked before.
async fn acknowledged(open: &Arc<Open>, id: &IntentId, parked: Option<String>) -> Result<(), ClientError> {
    if !open.keeps_nothing {
        return Ok(());
    }
    tokio::select! {
        // The session is over, and with it what is known of the act here.
        () = open.until_stopped() => Err(ClientError::AnswerAwaited),
        settled = tokio::time::timeout(LONGEST, settled(open, id, parked)) => {
            settled.unwrap_or(Err(ClientError::AnswerAwaited))
        }
    }
}

/// How an act stands.
#[derive(Debug, PartialEq, Eq)]
enum Stands {
    /// The server has spoken; a refusal is to be seen with its reason.
    Settled,
    /// It was taken back.
    TakenBack,
    /// It is on its way.
    Leaving,
    /// The server may have it.
    Unknown,
    /// The server does not have it.
    Unsent,
}

fn stands(open: &Open, id: &IntentId) -> Result<Stands, ClientError> {
    let intent = match open.store.intent(id) {
        // A donation that was taken back before it left needs no act of its own.
        Err(StoreError::NotFound) => return Ok(Stands::Settled),
        intent => intent?,
    };
    Ok(match intent.status {
        IntentStatus::Done | IntentStatus::Parked { .. } => Stands::Settled,
        IntentStatus::Dropped => Stands::TakenBack,
        IntentStatus::Waiting if lock(&open.lanes).is_sending(id) => Stands::Leaving,
        IntentStatus::Waiting if intent.unknown => Stands::Unknown,
        IntentStatus::Waiting => Stands::Unsent,
    })
}

async fn settled(open: &Arc<Open>, id: &IntentId, parked: Option<String>) -> Result<(), ClientError> {
    let mut asked = false;
    loop {
        let mut news = pin!(open.settled.notified());
        // From here on nothing can settle unnoticed.
        news.as_mut().enable();
        lock(&open.lanes).forget_wait(id);
        turn(open).await?;
        match stands(open, id)? {
            Stands::Settled => return Ok(()),
            Stands::TakenBack => return Err(ClientError::ServerNeeded),
            Stands::Leaving => news.await,
            Stands::Unknown if asked => return Err(ClientError::AnswerAwaited),
            Stands::Unknown => {
                asked = true;
                tokio::time::sleep(ASK_AFTER).await;
            }
            Stands::Unsent => match give_up(open, id, parked.as_deref()) {
                Ok(()) => return Err(ClientError::ServerNeeded),
                // It left in this very moment.
                Err(ClientError::NotUndoable) => {}
                Err(error) => return Err(error),
            },
        }
    }
}

/// Takes back what never reached the server, or parks it as it was before.
fn give_up(open: &Open, id: &IntentId, parked: Option<&str>) -> Result<(), ClientError> {
    let Some(code) = parked else { return take_back(open, id, None).map(|_| ()) };
    let lanes = lock(&open.lanes);
    if lanes.is_sending(id) || open.store.intent(id)?.unknown {
        return Err(ClientError::NotUndoable);
    }
    open.store.park(id, code, Reached::No)?;
    drop(lanes);
    open.news.changed(crate::view::Topic::ALL);
    Ok(())
}
