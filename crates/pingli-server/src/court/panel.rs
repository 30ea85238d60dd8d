//! Panels: drawing seats, and every way a seat changes before a ballot.

use crate::{
    app::App,
    court::{
        draw,
        once::{Taking, once},
        standing, tally,
    },
    db::{
        Conn, accounts, ballots,
        cases::{self, CaseRow, CaseState},
        feed,
        receipts::Asked,
        seats::{self, SeatRow},
    },
    error::{Error, Result},
};
use pingli_protocol::{
    IntentId, ReviewerId, SeatId, UtcInstant,
    journal::Place,
    problem::ProblemCode,
    seat::{RecuseRequest, Seat, SeatReceipt, SeatState},
    sync::ChangeBody,
};
use std::sync::Arc;

/// A seat is not offered when less than this many seconds of the voting window are left.
const SHORTEST_OFFER: i64 = 60;

/// The seat as it crosses the wire.
#[must_use]
pub fn seat_view(case: &CaseRow, seat: &SeatRow) -> Seat {
    Seat {
        id: seat.id.clone(),
        case: seat.case.clone(),
        round: seat.round,
        state: seat.state,
        offered_at: seat.offered_at,
        accepted_at: seat.accepted_at,
        lease_end: seat.lease_end,
        voting_end: case.voting_end,
        card: case.card.clone(),
        pack: case.pack.clone(),
    }
}

/// Tells a seat's reviewer what it is now.
///
/// # Errors
/// When the database fails.
pub async fn publish_seat(conn: &mut Conn, case: &CaseRow, seat: &SeatRow) -> Result<()> {
    let body = ChangeBody::Seat(Box::new(seat_view(case, seat)));
    feed::put(conn, feed::Audience::One(&seat.reviewer), seat.id.as_str(), &body).await
}

/// Offers the panel's free seats to reviewers drawn at random. Where fewer are eligible than seats
/// are free, all of them are drawn, and the rest when reviewers appear.
///
/// # Errors
/// When the database fails.
pub async fn fill(app: &App, conn: &mut Conn, case: &CaseRow, now: UtcInstant) -> Result<()> {
    if case.state != CaseState::Voting || case.voting_end.seconds_since(now) < SHORTEST_OFFER {
        return Ok(());
    }
    let panel_size = case.card.vote_system.panel_size as usize;
    let open = seats::of_case(conn, &case.id, case.round).await?.iter().filter(|seat| seat.state.is_open()).count();
    let voted = ballots::counted(conn, &case.id, case.round).await?.iter().filter(|(_, replaced)| !replaced).count();
    let free = panel_size.saturating_sub(open + voted);
    if free == 0 {
        return Ok(());
    }
    let mut pool = seats::candidates(conn, &case.id, case.round).await?;
    pool.retain(|candidate| draw::check_eligible(candidate, &app.rules).is_ok());
    for drawn in draw::draw_panel(pool, free) {
        offer(app, conn, case, drawn.reviewer, now).await?;
    }
    Ok(())
}

async fn offer(app: &App, conn: &mut Conn, case: &CaseRow, reviewer: ReviewerId, now: UtcInstant) -> Result<()> {
    let seat = SeatRow {
        // Random, so that a seat's id tells nothing about the order of the draw.
        id: SeatId::from(uuid::Uuid::new_v4()),
        case: case.id.clone(),
        round: case.round,
        reviewer,
        state: SeatState::Offered,
        offered_at: now,
        accepted_at: None,
        lease_end: lease_end(case, now),
    };
    seats::add(conn, &seat).await?;
    publish_seat(conn, case, &seat).await?;
    standing::publish(app, conn, &seat.reviewer, now).await
}

fn lease_end(case: &CaseRow, now: UtcInstant) -> UtcInstant {
    now.plus_seconds(case.card.vote_system.seat_lease_seconds).min(case.voting_end)
}

/// Takes an offered seat; its lease begins anew. Taking it twice changes nothing.
///
/// # Errors
/// `not_found`, `seat_ended`, `lease_ended`, `frozen` or `id_reused`.
pub async fn accept(
    app: &Arc<App>,
    reviewer: &ReviewerId,
    seat: SeatId,
    id: IntentId,
    place: Option<Place>,
) -> Result<String> {
    let asked = Asked::new(id.as_str(), reviewer, "accept", seat.as_str(), &())?.at(place);
    let reviewer = reviewer.clone();
    once(app, asked, move |taking| Box::pin(async move { take(taking, &reviewer, &seat, &id).await })).await
}

async fn take(taking: Taking<'_>, reviewer: &ReviewerId, seat: &SeatId, id: &IntentId) -> Result<String> {
    let Taking { conn, now, .. } = taking;
    let (case, mut seat) = open_seat(conn, reviewer, seat, now).await?;
    let account = accounts::by_id(conn, reviewer).await?.ok_or_else(|| Error::not_found("reviewer"))?;
    if account.state != accounts::AccountState::Good {
        return Err(Error::refused(ProblemCode::Frozen, "the standing does not allow it"));
    }
    if seat.state == SeatState::Offered {
        seat.state = SeatState::Accepted;
        seat.accepted_at = Some(now);
        seat.lease_end = lease_end(&case, now);
        seats::update(conn, &seat, now).await?;
        publish_seat(conn, &case, &seat).await?;
    }
    receipt(id, &seat, now)
}

/// Gives a seat back. From an offer it is declined and costs nothing; from an accepted seat it is
/// a return, free within the quota.
///
/// # Errors
/// `not_found`, `seat_ended`, `lease_ended` or `id_reused`.
pub async fn give_back(
    app: &Arc<App>,
    reviewer: &ReviewerId,
    seat: SeatId,
    id: IntentId,
    place: Option<Place>,
) -> Result<String> {
    let asked = Asked::new(id.as_str(), reviewer, "return", seat.as_str(), &())?.at(place);
    give_up(app, asked, id, seat, None).await
}

/// Gives a seat up for a conflict of interest.
///
/// # Errors
/// `not_found`, `seat_ended`, `lease_ended` or `id_reused`.
pub async fn recuse(
    app: &Arc<App>,
    reviewer: &ReviewerId,
    seat: SeatId,
    request: RecuseRequest,
    place: Option<Place>,
) -> Result<String> {
    let asked = Asked::new(request.id.as_str(), reviewer, "recuse", seat.as_str(), &request)?.at(place);
    give_up(app, asked, request.id.clone(), seat, Some(request)).await
}

async fn give_up(
    app: &Arc<App>,
    asked: Asked,
    id: IntentId,
    seat: SeatId,
    recusal: Option<RecuseRequest>,
) -> Result<String> {
    let reviewer = asked.reviewer.clone();
    once(app, asked, move |taking| {
        Box::pin(async move { leave(taking, &reviewer, &seat, &id, recusal.as_ref()).await })
    })
    .await
}

async fn leave(
    taking: Taking<'_>,
    reviewer: &ReviewerId,
    seat: &SeatId,
    id: &IntentId,
    recusal: Option<&RecuseRequest>,
) -> Result<String> {
    let Taking { app, conn, now } = taking;
    let (case, mut seat) = open_seat(conn, reviewer, seat, now).await?;
    let state = match (recusal, seat.state) {
        (Some(request), _) => {
            seats::note_recusal(conn, &seat.id, request.reason, request.opened).await?;
            SeatState::Recused
        }
        (None, SeatState::Offered) => SeatState::Declined,
        (None, _) => SeatState::Returned,
    };
    end_seat(app, conn, &case, &mut seat, state, now).await?;
    fill(app, conn, &case, now).await?;
    standing::freeze_if_due(app, conn, reviewer, now).await?;
    receipt(id, &seat, now)
}

/// Ends a seat without a ballot, and tells its reviewer everything that may be told from now on.
///
/// # Errors
/// When the database fails.
pub async fn end_seat(
    app: &App,
    conn: &mut Conn,
    case: &CaseRow,
    seat: &mut SeatRow,
    state: SeatState,
    now: UtcInstant,
) -> Result<()> {
    seat.state = state;
    seats::update(conn, seat, now).await?;
    publish_seat(conn, case, seat).await?;
    tally::publish_verdict(conn, case, seat).await?;
    standing::publish(app, conn, &seat.reviewer, now).await
}

/// Finds a reviewer's seat that is open, with its case.
async fn open_seat(
    conn: &mut Conn,
    reviewer: &ReviewerId,
    seat: &SeatId,
    now: UtcInstant,
) -> Result<(CaseRow, SeatRow)> {
    let seat = seats::of_reviewer(conn, reviewer, seat).await?.ok_or_else(|| Error::not_found("seat"))?;
    match seat.state {
        SeatState::Offered | SeatState::Accepted if seat.lease_end > now => {}
        SeatState::Offered | SeatState::Accepted | SeatState::Lapsed => {
            return Err(Error::refused(ProblemCode::LeaseEnded, "the lease has run out"));
        }
        SeatState::Counted => return Err(Error::refused(ProblemCode::AlreadyVoted, "the seat has a ballot")),
        _ => return Err(Error::refused(ProblemCode::SeatEnded, "the seat has ended")),
    }
    let case = case_of(conn, &seat).await?;
    Ok((case, seat))
}

/// The case of a seat.
///
/// # Errors
/// When the database fails.
pub async fn case_of(conn: &mut Conn, seat: &SeatRow) -> Result<CaseRow> {
    cases::by_id(conn, &seat.case, seat.round)
        .await?
        .ok_or_else(|| Error::Broken(format!("seat {} has no case", seat.id)))
}

fn receipt(id: &IntentId, seat: &SeatRow, now: UtcInstant) -> Result<String> {
    let receipt = SeatReceipt {
        id: id.clone(),
        seat: seat.id.clone(),
        state: seat.state,
        received_at: now,
        lease_end: seat.lease_end,
    };
    Ok(serde_json::to_string(&receipt)?)
}
