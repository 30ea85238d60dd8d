//! A ballot's way in: what becomes of it is decided by a pure function; its effect and its receipt
//! are kept in one transaction.

use crate::{
    app::App,
    court::{
        once::{Taking, once},
        panel, standing, tally,
    },
    db::{
        Conn,
        ballots::{self, BallotRow},
        cases::{CaseRow, CaseState},
        feed, ledger,
        receipts::Asked,
        seats::{self, SeatRow},
    },
    error::{Error, Result},
};
use pingli_protocol::{
    LedgerEntryId, Points, ReviewerId, Sha256, UtcInstant,
    ballot::{Ballot, BallotOutcome, Receipt},
    case_type::OptionKind,
    journal::Place,
    ledger::{LedgerEntry, LedgerKind, LedgerReference, LedgerState},
    problem::ProblemCode,
    seat::SeatState,
    sync::ChangeBody,
    vote::{CannotDecideRule, LateBallotRule},
};
use std::sync::Arc;

/// The kind under which ballots keep their receipts.
pub const KIND: &str = "ballot";

/// Decides what becomes of a ballot. `voted` says whether the seat has one.
#[must_use]
pub fn judge(case: &CaseRow, seat: &SeatRow, ballot: &Ballot, voted: bool, now: UtcInstant) -> BallotOutcome {
    let refused = |code| BallotOutcome::Refused { code };
    match seat.state {
        _ if voted => return refused(ProblemCode::AlreadyVoted),
        SeatState::Offered | SeatState::Accepted if seat.lease_end > now => {}
        SeatState::Offered | SeatState::Accepted | SeatState::Lapsed => return refused(ProblemCode::LeaseEnded),
        _ => return refused(ProblemCode::SeatEnded),
    }
    if ballot.case == case.id && ballot.round == case.round && ballot.pack_sha256 != case.pack.sha256 {
        return refused(ProblemCode::PackChanged);
    }
    if ballot.check(&case.document).is_err() {
        return refused(ProblemCode::InvalidBallot);
    }
    match (case.state, case.decided_at) {
        (CaseState::Voting, _) => BallotOutcome::Counted,
        (_, Some(decided)) => {
            let taken_before = seat.accepted_at.is_some_and(|accepted| accepted <= decided);
            if taken_before && case.card.vote_system.late_ballot == LateBallotRule::Recorded {
                BallotOutcome::Recorded
            } else {
                refused(ProblemCode::SeatEnded)
            }
        }
        _ => refused(ProblemCode::SeatEnded),
    }
}

/// Takes a ballot in; `body` is its bytes as they came. The answer is the signed receipt, the same
/// for the same ballot id for ever.
///
/// # Errors
/// `not_found` when the seat is not this reviewer's, `id_reused`.
pub async fn cast(
    app: &Arc<App>,
    reviewer: &ReviewerId,
    ballot: Ballot,
    body: String,
    place: Option<Place>,
) -> Result<String> {
    let asked = Asked::new(ballot.id.as_str(), reviewer, KIND, "", &ballot)?.at(place);
    let reviewer = reviewer.clone();
    once(app, asked, move |taking| Box::pin(async move { take(taking, &reviewer, &ballot, &body).await })).await
}

async fn take(taking: Taking<'_>, reviewer: &ReviewerId, ballot: &Ballot, body: &str) -> Result<String> {
    let Taking { app, conn, now } = taking;
    let seat = seats::of_reviewer(conn, reviewer, &ballot.seat).await?.ok_or_else(|| Error::not_found("seat"))?;
    let case = panel::case_of(conn, &seat).await?;
    let voted = ballots::of_seat(conn, &seat.id).await?.is_some();
    let outcome = judge(&case, &seat, ballot, voted, now);
    match outcome {
        BallotOutcome::Counted => take_in(app, conn, case, seat, ballot, body, true, now).await?,
        BallotOutcome::Recorded => take_in(app, conn, case, seat, ballot, body, false, now).await?,
        BallotOutcome::Refused { .. } => {}
    }
    let receipt = Receipt {
        ballot: ballot.id.clone(),
        seat: ballot.seat.clone(),
        received_at: now,
        outcome,
        ballot_sha256: Sha256::of(body.as_bytes()),
    };
    let signed = pingli_casepack::sign_text(app.keys.current(), serde_json::to_string(&receipt)?);
    Ok(serde_json::to_string(&signed)?)
}

#[expect(clippy::too_many_arguments, reason = "one sequence, named for what it does")]
async fn take_in(
    app: &App,
    conn: &mut Conn,
    case: CaseRow,
    mut seat: SeatRow,
    ballot: &Ballot,
    body: &str,
    counted: bool,
    now: UtcInstant,
) -> Result<()> {
    let undecided = case.document.case_type.option(&ballot.choice).is_some_and(|o| o.kind == OptionKind::CannotDecide);
    let replaced = counted && undecided && case.card.vote_system.cannot_decide == CannotDecideRule::Replaced;
    let points = earn(app, conn, &case, &seat.reviewer, now).await?;
    let row = BallotRow {
        id: ballot.id.clone(),
        seat: seat.id.clone(),
        choice: ballot.choice.clone(),
        counted,
        replaced,
        points,
    };
    ballots::add(conn, ballot, &row, &seat.reviewer, body, now).await?;
    seat.accepted_at = seat.accepted_at.or(Some(now));
    panel::end_seat(app, conn, &case, &mut seat, SeatState::Counted, now).await?;
    if counted {
        if replaced {
            panel::fill(app, conn, &case, now).await?;
        }
        tally::tally(app, conn, &case, false, now).await?;
    }
    Ok(())
}

/// Enters the points of a judgment, pending until the case is final. Nothing is entered once the
/// day's cap is reached.
async fn earn(app: &App, conn: &mut Conn, case: &CaseRow, reviewer: &ReviewerId, now: UtcInstant) -> Result<i64> {
    let (_, today) = ballots::activity(conn, reviewer, standing::day_start(now, &app.rules)).await?;
    let points = case.document.case_type.points.get().min(app.rules.daily_points - today).max(0);
    if points == 0 {
        return Ok(0);
    }
    let is_final = matches!(case.state, CaseState::Final) || case.final_at.is_some_and(|at| at <= now);
    let entry = LedgerEntry {
        id: LedgerEntryId::from(uuid::Uuid::now_v7()),
        at: now,
        kind: LedgerKind::Earn,
        points: Points::new(points).map_err(|e| Error::Broken(e.to_string()))?,
        refers_to: LedgerReference::Case {
            case: case.id.clone(),
            round: case.round,
            title: case.document.case.title.clone(),
        },
        state: if is_final { LedgerState::Posted } else { LedgerState::Pending },
    };
    ledger::add(conn, reviewer, &entry).await?;
    feed::put(conn, feed::Audience::One(reviewer), entry.id.as_str(), &ChangeBody::LedgerEntry(entry.clone())).await?;
    Ok(points)
}
