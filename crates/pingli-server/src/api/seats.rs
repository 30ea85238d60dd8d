//! Seats and ballots.

use super::{
    State,
    body::{JsonBody, Named, Query, stored_json, to_the_end},
    journals::InJournal,
    limits::Acting,
    problems::{Asking, Changing, Guarded, Limited, Naming, Taking},
    reviewer::Reviewer,
    sync::{Part, list},
};
use crate::{
    court::{ballot as ballots, damage, panel},
    db::receipts,
    error::{Error, Result},
};
use axum::{Json, response::IntoResponse};
use pingli_protocol::{
    BallotId, SeatId,
    ballot::Ballot,
    problem::Problem,
    seat::{DamageReceipt, DamageReport, RecuseRequest, Seat, SeatReceipt, SeatRequest},
    server::SignedText,
    sync::{ChangeBody, Collection},
};
use std::sync::Arc;

/// Lists the reviewer's seats, ended ones too.
#[utoipa::path(
    get, path = "/api/v1/seats", tag = "seats", operation_id = "list_seats", params(Part), security(("token" = [])),
    responses((status = 200, description = "The seats", body = Vec<Seat>), Guarded, Asking)
)]
pub(crate) async fn seats(state: State, reviewer: Reviewer, Query(part): Query<Part>) -> Result<Json<Vec<Seat>>> {
    let pick = |body| if let ChangeBody::Seat(seat) = body { Some(*seat) } else { None };
    list(&state, &reviewer.0, Collection::Seats, &part, pick).await
}

/// Takes an offered seat.
#[utoipa::path(
    post, path = "/api/v1/seats/{seat}/accept", tag = "seats", operation_id = "accept_seat", security(("token" = [])),
    params(("seat" = SeatId, Path, description = "The seat"), InJournal), request_body = SeatRequest,
    responses(
        (status = 200, description = "The receipt, the same to the same id", body = SeatReceipt),
        (status = 403, description = "The standing does not allow it", body = Problem,
          content_type = "application/problem+json"),
        Guarded, Naming, Taking, Changing, Limited
    )
)]
pub(crate) async fn accept(
    state: State,
    reviewer: Acting,
    Named(seat): Named<SeatId>,
    place: InJournal,
    body: JsonBody<SeatRequest>,
) -> Result<impl IntoResponse> {
    panel::accept(&state.0, &reviewer.0, seat, body.value.id, place.0).await.map(stored_json)
}

/// Gives a seat back.
#[utoipa::path(
    post, path = "/api/v1/seats/{seat}/return", tag = "seats", operation_id = "return_seat", security(("token" = [])),
    params(("seat" = SeatId, Path, description = "The seat"), InJournal), request_body = SeatRequest,
    responses(
        (status = 200, description = "The receipt, the same to the same id", body = SeatReceipt),
        Guarded, Naming, Taking, Changing, Limited
    )
)]
pub(crate) async fn give_back(
    state: State,
    reviewer: Acting,
    Named(seat): Named<SeatId>,
    place: InJournal,
    body: JsonBody<SeatRequest>,
) -> Result<impl IntoResponse> {
    panel::give_back(&state.0, &reviewer.0, seat, body.value.id, place.0).await.map(stored_json)
}

/// Gives a seat up for a conflict of interest.
#[utoipa::path(
    post, path = "/api/v1/seats/{seat}/recuse", tag = "seats", operation_id = "recuse_seat", security(("token" = [])),
    params(("seat" = SeatId, Path, description = "The seat"), InJournal), request_body = RecuseRequest,
    responses(
        (status = 200, description = "The receipt, the same to the same id", body = SeatReceipt),
        Guarded, Naming, Taking, Changing, Limited
    )
)]
pub(crate) async fn recuse(
    state: State,
    reviewer: Acting,
    Named(seat): Named<SeatId>,
    place: InJournal,
    body: JsonBody<RecuseRequest>,
) -> Result<impl IntoResponse> {
    panel::recuse(&state.0, &reviewer.0, seat, body.value, place.0).await.map(stored_json)
}

/// Tells that a pack did not arrive as it was signed. The seat stays as it is.
#[utoipa::path(
    post, path = "/api/v1/seats/{seat}/damage", tag = "seats", operation_id = "report_damage", security(("token" = [])),
    params(("seat" = SeatId, Path, description = "The seat"), InJournal), request_body = DamageReport,
    responses(
        (status = 200, description = "The receipt with the pack to fetch now, the same to the same id",
          body = DamageReceipt),
        Guarded, Naming, Taking, Changing, Limited
    )
)]
pub(crate) async fn report_damage(
    state: State,
    reviewer: Acting,
    Named(seat): Named<SeatId>,
    place: InJournal,
    body: JsonBody<DamageReport>,
) -> Result<impl IntoResponse> {
    // Beside the request: what is mended is mended, whether or not the asker waits.
    let app = Arc::clone(&state.0);
    to_the_end(async move { damage::report(&app, &reviewer.0, seat, body.value, place.0).await }).await.map(stored_json)
}

/// Takes a sealed ballot in. The answer is a signed receipt, also when the ballot does not count:
/// its outcome says which.
#[utoipa::path(
    post, path = "/api/v1/ballots", tag = "seats", operation_id = "cast_ballot", security(("token" = [])),
    params(InJournal), request_body = Ballot,
    responses(
        (status = 200, description = "The signed receipt (a `Receipt` as JSON text), the same to the same id",
          body = SignedText),
        Guarded, Naming, Taking, Changing, Limited
    )
)]
pub(crate) async fn cast_ballot(
    state: State,
    reviewer: Acting,
    place: InJournal,
    body: JsonBody<Ballot>,
) -> Result<impl IntoResponse> {
    ballots::cast(&state.0, &reviewer.0, body.value, body.text, place.0).await.map(stored_json)
}

/// Answers the receipt of a ballot again, for a program that does not know what became of it.
#[utoipa::path(
    get, path = "/api/v1/ballots/{id}", tag = "seats", operation_id = "read_receipt", security(("token" = [])),
    params(("id" = BallotId, Path, description = "The ballot")),
    responses((status = 200, description = "The signed receipt", body = SignedText), Guarded, Naming)
)]
pub(crate) async fn ballot(state: State, reviewer: Reviewer, Named(id): Named<BallotId>) -> Result<impl IntoResponse> {
    let mut tx = state.0.db.read().await?;
    let receipt = receipts::by_id(&mut tx, &reviewer.0, ballots::KIND, id.as_str()).await?;
    receipt.map(stored_json).ok_or_else(|| Error::not_found("ballot"))
}
