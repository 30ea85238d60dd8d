//! Points, donations and standing. Balances are sums; what waits in the outbox is spent already.

use crate::{
    error::ClientError,
    open::{Open, lock},
    outbox::{self, kind},
    view::{MonthSum, PointsView, Topic},
};
use pingli_protocol::{
    DonationId, IntentId, Points, ProjectId, UtcInstant,
    charity::{Donation, DonationRequest, DonationState, Project, ProjectState},
    ledger::{Balance, LedgerEntry, LedgerKind, LedgerState},
    standing::Standing,
    sync::{ChangeBody, Collection},
};
use pingli_store::{Effect, Intent, IntentStatus, NewIntent, StoreError};

/// Months in the chart.
const MONTHS: i32 = 12;

fn exact<T>(result: Result<T, pingli_protocol::money::AmountOutOfRange>) -> Result<T, ClientError> {
    result.map_err(|_| ClientError::Inconsistent("amount"))
}

fn ledger(open: &Open) -> Result<Vec<LedgerEntry>, ClientError> {
    open.records(Collection::Ledger, |body| if let ChangeBody::LedgerEntry(entry) = body { Some(entry) } else { None })
}

fn projects(open: &Open) -> Result<Vec<Project>, ClientError> {
    open.records(
        Collection::Projects,
        |body| if let ChangeBody::Project(project) = body { Some(*project) } else { None },
    )
}

fn donations(open: &Open) -> Result<Vec<Donation>, ClientError> {
    open.records(Collection::Donations, |body| if let ChangeBody::Donation(given) = body { Some(given) } else { None })
}

/// Points in donations that wait in the outbox, or that the server has and the mirror does not show
/// yet. One that the mirror shows is not among them: it is held there. Nor is one that was refused.
fn waiting(open: &Open, donations: &[Donation]) -> Result<Points, ClientError> {
    let (waits, sent) = (open.store.open_intents()?, open.store.done_intents(kind::DONATE)?);
    let waits = waits.iter().filter(|intent| !matches!(intent.status, IntentStatus::Parked { .. }));
    sum_unknown(waits.chain(&sent), donations)
}

fn sum_unknown<'a>(
    intents: impl IntoIterator<Item = &'a Intent>,
    donations: &[Donation],
) -> Result<Points, ClientError> {
    let mut sum = Points::ZERO;
    for intent in intents {
        let known = donations.iter().any(|donation| donation.id.as_str() == intent.id.as_str());
        if intent.kind == kind::DONATE && !known {
            sum = exact(Points::new(intent.points.unwrap_or(0)).and_then(|points| sum.plus(points)))?;
        }
    }
    Ok(sum)
}

const fn is_given(donation: &Donation) -> bool {
    matches!(donation.state, DonationState::Confirmed | DonationState::Disbursed | DonationState::Receipted)
}

/// Points, ledger, projects and donations.
pub(crate) fn points(open: &Open) -> Result<PointsView, ClientError> {
    let (mut ledger, mut donations) = (ledger(open)?, donations(open)?);
    let waiting = waiting(open, &donations)?;
    let mut balance = exact(Balance::of(&ledger))?;
    // What waits in the outbox cannot be given twice. Another machine may have given it meanwhile: then
    // the server will refuse what waits here, and nothing is left.
    balance.available = exact(balance.available.minus(waiting))?.max(Points::ZERO);
    let mut given = Points::ZERO;
    for donation in donations.iter().filter(|donation| is_given(donation)) {
        given = exact(given.plus(donation.points))?;
    }
    let pending =
        ledger.iter().filter(|entry| entry.state == LedgerState::Pending && entry.kind == LedgerKind::Earn).count();
    let months = months(&ledger, &donations, open.now(), &open.config.clock.zone())?;
    ledger.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    donations.sort_by_key(|donation| std::cmp::Reverse(donation.submitted_at));
    Ok(PointsView {
        balance,
        available_fen: balance.available.to_fen(),
        pending_cases: u32::try_from(pending).unwrap_or(u32::MAX),
        given,
        given_count: u32::try_from(donations.iter().filter(|donation| is_given(donation)).count()).unwrap_or(u32::MAX),
        months,
        waiting,
        ledger,
        projects: projects(open)?,
        donations,
    })
}

/// The last twelve months in the reviewer's zone, oldest first.
fn months(
    ledger: &[LedgerEntry],
    donations: &[Donation],
    now: UtcInstant,
    zone: &jiff::tz::TimeZone,
) -> Result<Vec<MonthSum>, ClientError> {
    let month_of = |at: UtcInstant| {
        let date = at.timestamp().to_zoned(zone.clone()).date();
        i32::from(date.year()) * 12 + i32::from(date.month()) - 1
    };
    let this_month = month_of(now);
    let mut sums: Vec<MonthSum> = (this_month - MONTHS + 1..=this_month)
        .map(|month| MonthSum {
            month: format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1),
            earned: Points::ZERO,
            given: Points::ZERO,
        })
        .collect();
    let place = |at| usize::try_from(month_of(at) - (this_month - MONTHS + 1)).ok();
    for entry in ledger.iter().filter(|e| e.state == LedgerState::Posted && e.kind == LedgerKind::Earn) {
        if let Some(sum) = place(entry.at).and_then(|place| sums.get_mut(place)) {
            sum.earned = exact(sum.earned.plus(entry.points))?;
        }
    }
    for donation in donations.iter().filter(|donation| is_given(donation)) {
        let at = donation.confirmed_at.unwrap_or(donation.submitted_at);
        if let Some(sum) = place(at).and_then(|place| sums.get_mut(place)) {
            sum.given = exact(sum.given.plus(donation.points))?;
        }
    }
    Ok(sums)
}

/// Gives points to a project.
pub(crate) fn donate(open: &Open, op: DonationId, project: &ProjectId, points: Points) -> Result<(), ClientError> {
    outbox::check_op(op.as_str())?;
    let id = IntentId::new(op.as_str()).map_err(|_| ClientError::InvalidId)?;
    let _acting = lock(&open.acting);
    if outbox::is_known(open, &id, kind::DONATE, None)? {
        return Ok(());
    }
    let project = projects(open)?.into_iter().find(|p| p.id == *project).ok_or(ClientError::NotFound("project"))?;
    if project.state != ProjectState::Open {
        return Err(ClientError::ProjectNotOpen);
    }
    let step = project.step.get().max(1);
    if points < project.minimum || points.get() < 1 || points.get() % step != 0 {
        return Err(ClientError::AmountNotAllowed);
    }
    let available = exact(Balance::of(&ledger(open)?))?.available;
    let waiting = waiting(open, &donations(open)?)?;
    if exact(available.minus(waiting))? < points {
        return Err(ClientError::NotEnoughPoints);
    }
    let language = open.settings()?.language.unwrap_or(open.config.language);
    let request = DonationRequest { id: op, project: project.id, points };
    let new = NewIntent {
        id,
        // Donations spend one balance, so they go one after the other.
        lane: "donations".to_owned(),
        kind: kind::DONATE,
        payload: serde_json::to_string(&request).map_err(StoreError::from)?,
        title: project.name.get(language).to_owned(),
        case: None,
        seat: None,
        points: Some(points.get()),
        made_at: open.now(),
        due: None,
        held_until: None,
    };
    outbox::enqueue(open, &new, Effect::None)?;
    open.news.changed([Topic::Points]);
    Ok(())
}

/// Takes a donation back: from the outbox, or at the server before it is confirmed.
pub(crate) fn cancel_donation(open: &Open, op: IntentId, donation: &DonationId) -> Result<(), ClientError> {
    outbox::check_op(op.as_str())?;
    let _acting = lock(&open.acting);
    if outbox::is_known(open, &op, kind::CANCEL_DONATION, None)? {
        return Ok(());
    }
    let waits = IntentId::new(donation.as_str()).map_err(|_| ClientError::InvalidId)?;
    match open.store.intent(&waits) {
        // Dropped before is dropped: a command may come twice.
        Ok(intent) if intent.status != IntentStatus::Done => return outbox::drop_act(open, &waits),
        Ok(_) | Err(StoreError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let payload = serde_json::to_string(donation).map_err(StoreError::from)?;
    let cancelling = |intent: &Intent| intent.kind == kind::CANCEL_DONATION && intent.payload == payload;
    if open.store.open_intents()?.iter().any(cancelling) {
        return Err(ClientError::NotUndoable);
    }
    // The server has taken it back; the mirror does not know yet.
    if open.store.done_intents(kind::CANCEL_DONATION)?.iter().any(cancelling) {
        return Ok(());
    }
    let known = donations(open)?.into_iter().find(|known| known.id == *donation);
    let known = known.ok_or(ClientError::NotFound("donation"))?;
    if known.state != DonationState::Submitted || known.cancel_until <= open.server_now() {
        return Err(ClientError::NotUndoable);
    }
    let language = open.settings()?.language.unwrap_or(open.config.language);
    let new = NewIntent {
        id: op,
        // A lane of its own: its time runs out, and no other donation is in its way.
        lane: format!("cancel:{donation}"),
        kind: kind::CANCEL_DONATION,
        payload,
        title: known.project_name.get(language).to_owned(),
        case: None,
        seat: None,
        points: Some(known.points.get()),
        made_at: open.now(),
        due: Some(known.cancel_until),
        held_until: None,
    };
    outbox::enqueue(open, &new, Effect::None)?;
    open.news.changed([Topic::Points]);
    Ok(())
}

/// What the reviewer may do.
pub(crate) fn standing(open: &Open) -> Result<Standing, ClientError> {
    let pick = |body| if let ChangeBody::Standing(standing) = body { Some(*standing) } else { None };
    open.records(Collection::Standing, pick)?.into_iter().next().ok_or(ClientError::NotFound("standing"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use pingli_casepack::SigningKey;
    use pingli_protocol::{LedgerEntryId, Localized, ledger::LedgerReference, sync::Change};
    use std::sync::Arc;

    fn entry(at: &str, points: i64, kind: LedgerKind, state: LedgerState) -> LedgerEntry {
        LedgerEntry {
            id: LedgerEntryId::new("e").expect("an id"),
            at: at.parse().expect("a time"),
            kind,
            points: Points::new(points).expect("in range"),
            refers_to: LedgerReference::Note { text: String::new() },
            state,
        }
    }

    #[test]
    fn months_are_the_reviewers_own_and_only_posted_points_count() {
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("a zone");
        let ledger = [
            // The last evening of October in UTC is the first morning of November in Shanghai.
            entry("2026-10-31T17:00:00Z", 100, LedgerKind::Earn, LedgerState::Posted),
            entry("2026-10-31T15:00:00Z", 10, LedgerKind::Earn, LedgerState::Posted),
            entry("2026-11-02T00:00:00Z", 7, LedgerKind::Earn, LedgerState::Pending),
            entry("2025-11-30T00:00:00Z", 1, LedgerKind::Earn, LedgerState::Posted),
        ];
        let sums = months(&ledger, &[], "2026-11-20T00:00:00Z".parse().expect("a time"), &zone).expect("exact");
        assert_eq!(sums.len(), 12, "twelve months");
        assert_eq!((sums[0].month.as_str(), sums[11].month.as_str()), ("2025-12", "2026-11"), "oldest first");
        assert_eq!((sums[10].earned.get(), sums[11].earned.get()), (10, 100), "by the reviewer's midnight");
        assert_eq!(sums.iter().map(|sum| sum.earned.get()).sum::<i64>(), 110, "pending and older are left out");
    }

    #[test]
    fn points_of_a_donation_without_an_answer_are_taken_off_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = testing::open_store(folder.path(), &Arc::default(), |_| {});
        testing::sign_in(&open, &SigningKey::from_seed(&[3; 32]));
        let id = DonationId::from(uuid::Uuid::now_v7());
        let change = |id: &str, body| Change { id: id.to_owned(), version: 1, body };
        let posted = |id: &str, points, kind| LedgerEntry {
            id: LedgerEntryId::new(id).expect("an id"),
            ..entry("2026-11-01T00:00:00Z", points, kind, LedgerState::Posted)
        };
        let granted = change("e-1", ChangeBody::LedgerEntry(posted("e-1", 500, LedgerKind::Earn)));
        open.store.apply_page(&[granted], "1").expect("a mirror");
        let new = NewIntent {
            id: IntentId::new(id.as_str()).expect("an id"),
            lane: "donations".to_owned(),
            kind: kind::DONATE,
            payload: "{}".to_owned(),
            title: String::new(),
            case: None,
            seat: None,
            points: Some(200),
            made_at: open.now(),
            due: None,
            held_until: None,
        };
        outbox::enqueue(&open, &new, Effect::None).expect("written");
        let seen = || {
            let view = points(&open).expect("exact");
            (view.balance.available.get(), view.waiting.get())
        };
        assert_eq!(seen(), (300, 200), "what waits cannot be given twice");

        // The server took it, and its answer was lost: the mirror shows it before the outbox knows.
        let donation = Donation {
            id: id.clone(),
            project: ProjectId::new("p").expect("an id"),
            project_name: Localized::new("a", "a"),
            points: Points::from(200),
            fen: Points::from(200).to_fen(),
            state: DonationState::Submitted,
            submitted_at: open.now(),
            cancel_until: open.now(),
            confirmed_at: None,
            receipt_number: None,
        };
        let held = ChangeBody::LedgerEntry(posted("e-2", -200, LedgerKind::Hold));
        let page = [change(id.as_str(), ChangeBody::Donation(donation)), change("e-2", held)];
        open.store.apply_page(&page, "2").expect("a mirror");
        assert_eq!(seen(), (300, 0), "it is held there, and not taken off once more");
        open.store.park(&new.id, "problem_x", pingli_store::Reached::No).expect("parked");
        assert_eq!(seen(), (300, 0), "whatever becomes of it here");
    }
}
