//! Tally, verdict and finality, and who is told of them when. Nothing about counts reaches a
//! reviewer whose seat is still open (invariant 5): verdicts go out seat by seat, and only to
//! seats that have ended.

use crate::{
    app::App,
    court::panel,
    db::{
        Conn,
        ballots::{self, BallotRow},
        cases::{self, CaseRow, CaseState, VerdictRow},
        feed, ledger,
        seats::{self, SeatRow},
    },
    error::{Error, Result},
};
use pingli_protocol::{
    OptionId, Points, Sha256, UtcInstant,
    case_type::{CaseType, OptionKind, Route},
    ledger::LedgerState,
    seat::SeatState,
    sync::ChangeBody,
    verdict::{Agreement, DecidedBy, Opinion, OptionCount, OwnBallot, Verdict, VerdictOutcome, VerdictRecord},
    vote::{Decision, LateBallotRule, Tally},
};
use std::collections::BTreeMap;

/// The id of a verdict among a reviewer's verdicts.
#[must_use]
pub fn verdict_id(case: &pingli_protocol::CaseId, round: u32) -> String {
    format!("{case}:{round}")
}

/// Counts the ballots, and closes the case when they decide it.
///
/// # Errors
/// When the database fails.
pub async fn tally(app: &App, conn: &mut Conn, case: &CaseRow, window_ended: bool, now: UtcInstant) -> Result<()> {
    if case.state != CaseState::Voting {
        return Ok(());
    }
    let system = &case.card.vote_system;
    let counted = ballots::counted(conn, &case.id, case.round).await?;
    let panel_seats = seats::of_case(conn, &case.id, case.round).await?;
    let open = panel_seats.iter().filter(|seat| seat.state.is_open()).count();
    let voted = counted.iter().filter(|(_, replaced)| !replaced).count();
    // A free seat may still be filled, so it is as open as one that is taken.
    let outstanding = open.max((system.panel_size as usize).saturating_sub(voted));
    let mut ballots_by_option: BTreeMap<OptionId, u32> = BTreeMap::new();
    for (choice, _) in &counted {
        *ballots_by_option.entry(choice.clone()).or_default() += 1;
    }
    let sums = Tally { ballots: ballots_by_option, outstanding: u32::try_from(outstanding).unwrap_or(u32::MAX) };
    let (outcome, option, early) = match system.decide(&case.document.case_type.options, &sums, window_ended) {
        Decision::Open => return Ok(()),
        Decision::Decided { option, early } => (VerdictOutcome::Decided, Some(option), early),
        Decision::Tie => (VerdictOutcome::Tie, None, false),
        Decision::NoQuorum => (VerdictOutcome::NoQuorum, None, false),
    };
    close(app, conn, case, &sums, panel_seats, outcome, option, early, now).await
}

#[expect(clippy::too_many_arguments, reason = "one sequence, named for what it does")]
async fn close(
    app: &App,
    conn: &mut Conn,
    case: &CaseRow,
    sums: &Tally,
    panel_seats: Vec<SeatRow>,
    outcome: VerdictOutcome,
    option: Option<OptionId>,
    early: bool,
    now: UtcInstant,
) -> Result<()> {
    let at_once = case.document.case_type.route == Route::Final && outcome == VerdictOutcome::Decided;
    let final_at = if at_once { now } else { now.plus_seconds(app.rules.finality_delay) };
    let state = match outcome {
        VerdictOutcome::Decided if at_once => CaseState::Final,
        VerdictOutcome::Decided => CaseState::Provisional,
        _ => CaseState::Escalated,
    };
    let verdict = Verdict {
        case: case.id.clone(),
        round: case.round,
        revision: 1,
        title: case.document.case.title.clone(),
        case_type: case.card.case_type.clone(),
        outcome,
        option: option.clone(),
        counts: option_counts(&case.document.case_type, sums),
        panel_size: case.card.vote_system.panel_size,
        how: if early { DecidedBy::Early } else { DecidedBy::Window },
        provisional: !at_once,
        decided_at: now,
        final_at: Some(final_at),
        opinions: opinions(conn, case).await?,
    };
    cases::decide(conn, &case.id, case.round, state, now, final_at).await?;
    let row = VerdictRow {
        revision: 1,
        signed: pingli_casepack::sign_text(app.keys.current(), serde_json::to_string(&verdict)?),
        option,
        provisional: !at_once,
    };
    cases::add_verdict(conn, &case.id, case.round, &row, now).await?;
    let decided = cases::by_id(conn, &case.id, case.round)
        .await?
        .ok_or_else(|| Error::Broken(format!("case {} is gone", case.id)))?;
    let late_is_recorded = case.card.vote_system.late_ballot == LateBallotRule::Recorded;
    for mut seat in panel_seats {
        match seat.state {
            // Its lease is alive: nothing is said, and a late ballot is recorded.
            SeatState::Accepted if late_is_recorded => {}
            // There is nothing left to do on it, and it is nobody's lapse.
            SeatState::Offered | SeatState::Accepted => {
                panel::end_seat(app, conn, &decided, &mut seat, SeatState::ClosedEarly, now).await?;
            }
            _ => publish_verdict(conn, &decided, &seat).await?,
        }
    }
    if at_once { post_points(conn, &decided, now).await } else { Ok(()) }
}

fn option_counts(case_type: &CaseType, sums: &Tally) -> Vec<OptionCount> {
    case_type
        .options
        .iter()
        .map(|option| OptionCount {
            option: option.id.clone(),
            title: option.title.clone(),
            ballots: sums.ballots.get(&option.id).copied().unwrap_or(0),
        })
        .collect()
}

/// The written reasons, in an order that says nothing about who wrote them or when.
async fn opinions(conn: &mut Conn, case: &CaseRow) -> Result<Vec<Opinion>> {
    let mut written: Vec<Opinion> = ballots::bodies(conn, &case.id, case.round)
        .await?
        .into_iter()
        .filter(|ballot| !ballot.opinion.trim().is_empty())
        .map(|ballot| Opinion {
            option: ballot.choice,
            text: ballot.opinion,
            cited: ballot.cited,
            reason_codes: ballot.reason_codes,
        })
        .collect();
    let place = |id: &OptionId| case.document.case_type.options.iter().position(|option| option.id == *id);
    written.sort_by_cached_key(|opinion| (place(&opinion.option), Sha256::of(opinion.text.as_bytes())));
    Ok(written)
}

/// Tells a seat's reviewer the verdict, when there is one and the seat has ended.
///
/// # Errors
/// When the database fails.
pub async fn publish_verdict(conn: &mut Conn, case: &CaseRow, seat: &SeatRow) -> Result<()> {
    if seat.state.is_open() {
        return Ok(());
    }
    let Some(verdict) = cases::verdict(conn, &case.id, case.round).await? else { return Ok(()) };
    let own = ballots::of_seat(conn, &seat.id).await?;
    let record = VerdictRecord {
        seat: seat.id.clone(),
        own: own_ballot(&case.document.case_type, &verdict, own.as_ref())?,
        signed: verdict.signed,
    };
    let body = ChangeBody::Verdict(Box::new(record));
    feed::put(conn, feed::Audience::One(&seat.reviewer), &verdict_id(&case.id, case.round), &body).await
}

fn own_ballot(case_type: &CaseType, verdict: &VerdictRow, own: Option<&BallotRow>) -> Result<OwnBallot> {
    Ok(OwnBallot {
        choice: own.map(|ballot| ballot.choice.clone()),
        counted: own.is_some_and(|ballot| ballot.counted),
        agreement: agreement(case_type, verdict.option.as_ref(), verdict.provisional, own),
        points: Points::new(own.map_or(0, |ballot| ballot.points)).map_err(|e| Error::Broken(e.to_string()))?,
    })
}

/// Whether an own ballot agrees with the final result. Private, and an input to nothing.
#[must_use]
pub fn agreement(
    case_type: &CaseType,
    option: Option<&OptionId>,
    provisional: bool,
    own: Option<&BallotRow>,
) -> Agreement {
    let Some(own) = own.filter(|ballot| ballot.counted) else { return Agreement::NotCounted };
    if case_type.option(&own.choice).is_some_and(|choice| choice.kind == OptionKind::CannotDecide) {
        return Agreement::CannotDecide;
    }
    match option {
        _ if provisional => Agreement::Pending,
        None => Agreement::NoResult,
        Some(option) if *option == own.choice => Agreement::Agreed,
        Some(_) => Agreement::Differed,
    }
}

/// Makes a provisional verdict final: a second revision says so, and the points are posted.
///
/// # Errors
/// When the database fails.
pub async fn finalise(app: &App, conn: &mut Conn, case: &CaseRow, now: UtcInstant) -> Result<()> {
    let Some(before) = cases::verdict(conn, &case.id, case.round).await? else { return Ok(()) };
    if !before.provisional {
        return Ok(());
    }
    let mut verdict: Verdict = serde_json::from_str(&before.signed.text)?;
    verdict.revision += 1;
    verdict.provisional = false;
    verdict.final_at = Some(now);
    let row = VerdictRow {
        revision: verdict.revision,
        signed: pingli_casepack::sign_text(app.keys.current(), serde_json::to_string(&verdict)?),
        option: before.option,
        provisional: false,
    };
    cases::add_verdict(conn, &case.id, case.round, &row, now).await?;
    cases::set_final(conn, &case.id, case.round).await?;
    post_points(conn, case, now).await?;
    for seat in seats::of_case(conn, &case.id, case.round).await? {
        publish_verdict(conn, case, &seat).await?;
    }
    Ok(())
}

async fn post_points(conn: &mut Conn, case: &CaseRow, now: UtcInstant) -> Result<()> {
    for (reviewer, mut entry) in ledger::pending_of_case(conn, &case.id, case.round).await? {
        ledger::post(conn, entry.id.as_str(), now).await?;
        entry.state = LedgerState::Posted;
        let id = entry.id.clone();
        feed::put(conn, feed::Audience::One(&reviewer), id.as_str(), &ChangeBody::LedgerEntry(entry)).await?;
    }
    Ok(())
}
