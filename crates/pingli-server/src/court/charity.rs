//! Donations: points are held when one is submitted, and given when its time to cancel is over.
//! 100 points are 1 yuan; nothing is ever rounded.

use crate::{
    app::App,
    court::once::{Taking, once},
    db::{Conn, charity as store, feed, ledger, receipts::Asked},
    error::{Error, Result},
};
use pingli_protocol::{
    DonationId, LedgerEntryId, Points, ProjectId, ReviewerId, UtcInstant,
    charity::{Donation, DonationRequest, DonationState, Project, ProjectState},
    journal::Place,
    ledger::{LedgerEntry, LedgerKind, LedgerReference, LedgerState},
    problem::ProblemCode,
    sync::ChangeBody,
};
use std::sync::Arc;

/// Whether a project takes so many points from somebody who has so many available.
///
/// # Errors
/// `project_not_open`, `amount_not_allowed` or `not_enough_points`.
pub fn check_amount(project: &Project, points: Points, available: Points) -> Result<()> {
    if project.state != ProjectState::Open {
        return Err(Error::refused(ProblemCode::ProjectNotOpen, "the project takes no donations now"));
    }
    let (amount, step) = (points.get(), project.step.get().max(1));
    if amount < project.minimum.get().max(1) || amount % step != 0 {
        return Err(Error::refused(
            ProblemCode::AmountNotAllowed,
            format!("at least {} points, in steps of {step}", project.minimum.get()),
        ));
    }
    if amount > available.get() {
        return Err(Error::refused(ProblemCode::NotEnoughPoints, format!("{} points are available", available.get())));
    }
    Ok(())
}

/// Takes a donation in and holds its points.
///
/// # Errors
/// As [`check_amount`]; `not_found` for the project; `id_reused`.
pub async fn donate(
    app: &Arc<App>,
    reviewer: &ReviewerId,
    request: DonationRequest,
    place: Option<Place>,
) -> Result<String> {
    let asked = Asked::new(request.id.as_str(), reviewer, "donation", "", &request)?.at(place);
    let reviewer = reviewer.clone();
    once(app, asked, move |taking| Box::pin(async move { hold(taking, &reviewer, &request).await })).await
}

async fn hold(taking: Taking<'_>, reviewer: &ReviewerId, request: &DonationRequest) -> Result<String> {
    let Taking { app, conn, now } = taking;
    let project = store::project(conn, &request.project).await?.ok_or_else(|| Error::not_found("project"))?;
    let available = ledger::balance(conn, reviewer).await?.available;
    check_amount(&project, request.points, available)?;
    let donation = Donation {
        id: request.id.clone(),
        project: project.id,
        project_name: project.name,
        points: request.points,
        fen: request.points.to_fen(),
        state: DonationState::Submitted,
        submitted_at: now,
        cancel_until: now.plus_seconds(app.rules.cancel_window),
        confirmed_at: None,
        receipt_number: None,
    };
    put(conn, reviewer, &donation).await?;
    enter(conn, reviewer, &donation, LedgerKind::Hold, donation.points.negated(), now).await?;
    Ok(serde_json::to_string(&donation)?)
}

/// Takes a donation back before it is confirmed; the hold is released.
///
/// # Errors
/// `not_found`, or `too_late` once the time to cancel is over.
pub async fn cancel(app: &Arc<App>, reviewer: &ReviewerId, id: DonationId, place: Option<Place>) -> Result<String> {
    // Somebody else's looks as if it were not there, whatever became of it.
    let is_own = store::donation(&mut *app.db.read().await?, reviewer, &id).await?.is_some();
    if !is_own {
        return Err(Error::not_found("donation"));
    }
    let asked = Asked::cancel(reviewer, &id)?.at(place);
    let reviewer = reviewer.clone();
    once(app, asked, move |taking| Box::pin(async move { release(taking, &reviewer, &id).await })).await
}

async fn release(taking: Taking<'_>, reviewer: &ReviewerId, id: &DonationId) -> Result<String> {
    let Taking { conn, now, .. } = taking;
    let mut donation = store::donation(conn, reviewer, id).await?.ok_or_else(|| Error::not_found("donation"))?;
    if donation.state != DonationState::Submitted || donation.cancel_until <= now {
        return Err(Error::refused(ProblemCode::TooLate, "the donation can no longer be cancelled"));
    }
    donation.state = DonationState::Cancelled;
    put(conn, reviewer, &donation).await?;
    enter(conn, reviewer, &donation, LedgerKind::Release, donation.points, now).await?;
    Ok(serde_json::to_string(&donation)?)
}

/// Confirms the donations whose time to cancel is over: the hold is released and the points are
/// given, both in one transaction, so that the balance is exact at every moment.
///
/// # Errors
/// When the database fails.
pub async fn confirm_due(conn: &mut Conn, now: UtcInstant) -> Result<()> {
    for (reviewer, mut donation) in store::to_confirm(conn, now).await? {
        let year = now.timestamp().to_zoned(jiff::tz::TimeZone::UTC).year();
        donation.state = DonationState::Confirmed;
        donation.confirmed_at = Some(now);
        donation.receipt_number = Some(store::next_receipt_number(conn, year).await?);
        put(conn, &reviewer, &donation).await?;
        enter(conn, &reviewer, &donation, LedgerKind::Release, donation.points, now).await?;
        enter(conn, &reviewer, &donation, LedgerKind::Donate, donation.points.negated(), now).await?;
        publish_project(conn, &donation.project).await?;
    }
    Ok(())
}

/// Tells everybody what a project is and has.
///
/// # Errors
/// When the database fails.
pub async fn publish_project(conn: &mut Conn, id: &ProjectId) -> Result<()> {
    let Some(project) = store::project(conn, id).await? else { return Ok(()) };
    feed::put(conn, feed::Audience::Everybody, id.as_str(), &ChangeBody::Project(Box::new(project))).await
}

async fn put(conn: &mut Conn, reviewer: &ReviewerId, donation: &Donation) -> Result<()> {
    store::put_donation(conn, reviewer, donation).await?;
    feed::put(conn, feed::Audience::One(reviewer), donation.id.as_str(), &ChangeBody::Donation(donation.clone())).await
}

async fn enter(
    conn: &mut Conn,
    reviewer: &ReviewerId,
    donation: &Donation,
    kind: LedgerKind,
    points: Points,
    now: UtcInstant,
) -> Result<()> {
    let entry = LedgerEntry {
        id: LedgerEntryId::from(uuid::Uuid::now_v7()),
        at: now,
        kind,
        points,
        refers_to: LedgerReference::Donation { donation: donation.id.clone(), project: donation.project_name.clone() },
        state: LedgerState::Posted,
    };
    ledger::add(conn, reviewer, &entry).await?;
    let id = entry.id.clone();
    feed::put(conn, feed::Audience::One(reviewer), id.as_str(), &ChangeBody::LedgerEntry(entry)).await
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
mod tests {
    use super::*;
    use pingli_protocol::ledger::Balance;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Step {
        Earn(i64),
        Donate(i64),
        Cancel(usize),
        Confirm(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (1_i64..60).prop_map(Step::Earn),
            (-20_i64..120).prop_map(Step::Donate),
            (0_usize..8).prop_map(Step::Cancel),
            (0_usize..8).prop_map(Step::Confirm),
        ];
        proptest::collection::vec(step, 1..80)
    }

    fn project() -> Project {
        let projects: Vec<Project> = serde_json::from_str(crate::app::PROJECTS).unwrap();
        projects.into_iter().next().unwrap()
    }

    fn entry(kind: LedgerKind, points: i64) -> LedgerEntry {
        LedgerEntry {
            id: LedgerEntryId::from(uuid::Uuid::new_v4()),
            at: UtcInstant::from_millis(0),
            kind,
            points: Points::new(points).unwrap(),
            refers_to: LedgerReference::Note { text: String::new() },
            state: LedgerState::Posted,
        }
    }

    proptest! {
        /// Invariant 4, whatever is earned, given and taken back in whatever order.
        #[test]
        fn available_points_are_never_below_zero_and_nothing_is_lost(steps in steps()) {
            let (project, mut entries) = (project(), Vec::new());
            let (mut open, mut earned, mut given) = (Vec::new(), 0, 0);
            for step in steps {
                match step {
                    Step::Earn(points) => {
                        earned += points;
                        entries.push(entry(LedgerKind::Earn, points));
                    }
                    Step::Donate(points) => {
                        let available = Balance::of(&entries).unwrap().available;
                        let allowed = check_amount(&project, Points::new(points).unwrap(), available).is_ok();
                        prop_assert_eq!(allowed, points >= 10 && points % 10 == 0 && points <= available.get());
                        if allowed {
                            open.push(points);
                            entries.push(entry(LedgerKind::Hold, -points));
                        }
                    }
                    Step::Cancel(i) if i < open.len() => entries.push(entry(LedgerKind::Release, open.remove(i))),
                    Step::Confirm(i) if i < open.len() => {
                        let points = open.remove(i);
                        given += points;
                        entries.push(entry(LedgerKind::Release, points));
                        entries.push(entry(LedgerKind::Donate, -points));
                    }
                    Step::Cancel(_) | Step::Confirm(_) => {}
                }
                let sums = Balance::of(&entries).unwrap();
                prop_assert!(sums.available.get() >= 0);
                prop_assert_eq!(sums.balance.get(), earned - given);
                prop_assert_eq!(sums.held.get(), open.iter().sum::<i64>());
            }
        }
    }
}
