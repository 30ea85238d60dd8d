//! What was acknowledged before the journal had its present name: before data here was set back, or made
//! anew from a damaged database. It is in no comparison of the present journal, so a server that was set back
//! is asked whether it still has it.

use super::journal::{receipts, send_forgotten};
use crate::{error::ClientError, open::Open, outbox::kind};
use pingli_protocol::{IntentId, JournalId};
use std::{collections::BTreeSet, sync::Arc};

/// Sends again what the server has no more of the journal before this one. Once for each connection, and
/// whenever the mirror turned out to be of another time. What the server has after all it answers with the
/// receipt that it gave, and from then on it is in the present journal.
pub(super) async fn look_back(open: &Arc<Open>) -> Result<(), ClientError> {
    {
        let line = open.line();
        if line.looked_back || !line.journal_kept {
            return Ok(());
        }
    }
    let super::journal::Before { journal, predecessor, .. } = super::journal::before(open).await?;
    if let Some(predecessor) = predecessor {
        let older = open.work(move |open| older(open, &journal)).await?;
        if !older.is_empty() {
            let kept = receipts(open, &predecessor).await?;
            let kept: BTreeSet<&str> = kept.iter().map(|kept| kept.id.as_str()).collect();
            let missing = older.into_iter().filter(|(_, key)| !kept.contains(key.as_str()));
            let missing: Vec<IntentId> = missing.map(|(id, _)| id).collect();
            if !missing.is_empty() {
                send_forgotten(open, missing).await?;
            }
        }
    }
    open.line().looked_back = true;
    Ok(())
}

/// The acts that were acknowledged under another name of the journal, each with the server's key of its
/// receipt: what takes a donation back has that one's.
fn older(open: &Open, journal: &JournalId) -> Result<Vec<(IntentId, String)>, ClientError> {
    let mut older = Vec::new();
    for id in open.store.acknowledged_elsewhere(journal)? {
        let intent = open.store.intent(&id)?;
        let key = if intent.kind == kind::CANCEL_DONATION { intent.lane } else { id.to_string() };
        older.push((id, key));
    }
    Ok(older)
}
