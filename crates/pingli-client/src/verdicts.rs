//! Verdicts and receipts, each with its signature checked against the pinned keys.

use crate::{
    docket,
    error::ClientError,
    open::Open,
    outbox::kind,
    room,
    view::{ReceiptView, Topic, UndecidedRow, VerdictRow, VerdictView, VerdictsView},
};
use pingli_casepack::open_text;
use pingli_protocol::{
    BallotId, CaseId, UtcInstant,
    ballot::{Ballot, BallotOutcome, Receipt},
    sync::{ChangeBody, Collection},
    verdict::{Verdict, VerdictRecord},
};
use pingli_store::{SeenKind, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// A verdict, and whether its signature is a pinned key's.
struct Checked {
    verdict: Verdict,
    record: VerdictRecord,
    verified: bool,
}

fn key_of(verdict: &Verdict) -> String {
    format!("{}:{}:{}", verdict.case, verdict.round, verdict.revision)
}

fn all(open: &Open) -> Result<Vec<Checked>, ClientError> {
    let keys = open.server_keys()?;
    let pick = |body| if let ChangeBody::Verdict(record) = body { Some(*record) } else { None };
    let mut found = Vec::new();
    for record in open.records(Collection::Verdicts, pick)? {
        match open_text::<Verdict>(&record.signed, &keys) {
            Ok(verdict) => found.push(Checked { verdict, record, verified: true }),
            // It is shown as what it is: not signed by the server that was met at sign-in.
            Err(fault) => match serde_json::from_str(&record.signed.text) {
                Ok(verdict) => {
                    tracing::warn!(%fault, "a verdict's signature does not hold");
                    found.push(Checked { verdict, record, verified: false });
                }
                Err(_) => tracing::warn!(%fault, "a verdict does not read"),
            },
        }
    }
    found.sort_by_key(|checked| std::cmp::Reverse(checked.verdict.decided_at));
    Ok(found)
}

/// When each case was decided, by case and round.
pub(crate) fn decided(open: &Open) -> Result<BTreeMap<(String, u32), UtcInstant>, ClientError> {
    let verdicts = all(open)?.into_iter();
    Ok(verdicts.map(|c| ((c.verdict.case.into(), c.verdict.round), c.verdict.decided_at)).collect())
}

/// Every case that was decided, and in which rounds.
pub(crate) fn decided_cases(open: &Open) -> Result<BTreeSet<(CaseId, u32)>, ClientError> {
    Ok(all(open)?.into_iter().map(|checked| (checked.verdict.case, checked.verdict.round)).collect())
}

/// Keys and titles of all verdicts.
pub(crate) fn keys_and_titles(open: &Open) -> Result<Vec<(String, String)>, ClientError> {
    Ok(all(open)?.into_iter().map(|checked| (key_of(&checked.verdict), checked.verdict.title)).collect())
}

/// Verdicts that were not looked at yet.
pub(crate) fn new_verdicts(open: &Open) -> Result<u32, ClientError> {
    let seen = open.store.seen(SeenKind::Verdict)?;
    let new = keys_and_titles(open)?.into_iter().filter(|(key, _)| !seen.contains(key)).count();
    Ok(u32::try_from(new).unwrap_or(u32::MAX))
}

/// The verdicts, and ballots that still wait for one.
pub(crate) fn verdicts(open: &Open) -> Result<VerdictsView, ClientError> {
    let seen = open.store.seen(SeenKind::Verdict)?;
    let verdicts = all(open)?;
    let mut undecided = Vec::new();
    for receipt in docket::ballot_receipts(open)?.into_values() {
        if matches!(receipt.outcome, BallotOutcome::Refused { .. }) {
            continue;
        }
        let Ok(seat) = open.store.seat(&receipt.seat) else { continue };
        if !verdicts.iter().any(|c| c.verdict.case == seat.case && c.verdict.round == seat.round) {
            undecided.push(UndecidedRow {
                ballot: receipt.ballot,
                case: seat.case,
                title: seat.card.title,
                received_at: receipt.received_at,
                voting_end: seat.voting_end,
            });
        }
    }
    undecided.sort_by_key(|row| row.voting_end);
    let rows = verdicts.into_iter().map(|checked| VerdictRow {
        is_new: !seen.contains(&key_of(&checked.verdict)),
        own: checked.record.own,
        verdict: Verdict { opinions: Vec::new(), ..checked.verdict },
    });
    Ok(VerdictsView { rows: rows.collect(), undecided })
}

/// One verdict, whole. It is no longer new then.
pub(crate) fn verdict(open: &Open, case: &CaseId, round: u32) -> Result<VerdictView, ClientError> {
    let is_wanted = |checked: &Checked| checked.verdict.case == *case && checked.verdict.round == round;
    let found = all(open)?.into_iter().find(is_wanted).ok_or(ClientError::NotFound("verdict"))?;
    if open.store.mark_seen(SeenKind::Verdict, &key_of(&found.verdict))? {
        open.news.changed([Topic::Verdicts, Topic::App]);
    }
    let own = own_ballot(open, &found.record)?;
    let pick = |body| if let ChangeBody::CaseType(case_type) = body { Some(*case_type) } else { None };
    let case_types = open.records(Collection::CaseTypes, pick)?;
    let numbers = room::room(open, &found.record.seat).map_or_else(
        |_| BTreeMap::new(),
        |room| room.document.case.evidence.iter().map(|e| (e.id.as_str().to_owned(), e.number)).collect(),
    );
    Ok(VerdictView {
        case_type: case_types.into_iter().find(|case_type| case_type.code == found.verdict.case_type),
        own_opinion: own.as_ref().map(|ballot| ballot.opinion.clone()).filter(|opinion| !opinion.is_empty()),
        ballot: own.map(|ballot| ballot.id),
        own: found.record.own,
        verdict: found.verdict,
        numbers,
        verified: found.verified,
    })
}

/// The ballot that was sent from this machine for a verdict's seat.
fn own_ballot(open: &Open, record: &VerdictRecord) -> Result<Option<Ballot>, ClientError> {
    let sent = open.store.done_intents(kind::BALLOT)?;
    let sent = sent.into_iter().find(|intent| intent.seat.as_ref() == Some(&record.seat));
    Ok(sent.map(|intent| serde_json::from_str(&intent.payload)).transpose().map_err(StoreError::from)?)
}

/// A ballot's receipt.
pub(crate) fn receipt(open: &Open, ballot: &BallotId) -> Result<ReceiptView, ClientError> {
    let stored = open.store.receipt(ballot.as_str())?.ok_or(ClientError::NotFound("receipt"))?;
    let signed = stored.signed.ok_or(ClientError::NotFound("receipt"))?;
    let receipt: Receipt = serde_json::from_str(&stored.body).map_err(StoreError::from)?;
    let verified = open_text::<Receipt>(&signed, &open.server_keys()?).is_ok_and(|checked| checked == receipt);
    Ok(ReceiptView { ballot: ballot.clone(), receipt, signed, verified })
}
