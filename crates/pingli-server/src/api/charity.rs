//! The ledger, charity projects and donations.

use super::{
    State,
    body::{JsonBody, Named, Query, stored_json},
    journals::InJournal,
    limits::Acting,
    problems::{Asking, Changing, Guarded, Limited, Naming, Taking},
    reviewer::Reviewer,
    sync::{Part, list, one},
};
use crate::{court::charity, error::Result};
use axum::{Json, response::IntoResponse};
use pingli_protocol::{
    DonationId,
    charity::{Donation, DonationRequest, Project},
    ledger::LedgerEntry,
    sync::{ChangeBody, Collection},
};

fn pick_donation(body: ChangeBody) -> Option<Donation> {
    if let ChangeBody::Donation(donation) = body { Some(donation) } else { None }
}

/// Lists the reviewer's ledger.
#[utoipa::path(
    get, path = "/api/v1/ledger", tag = "points", operation_id = "list_ledger", params(Part),
    security(("token" = [])),
    responses((status = 200, description = "The entries", body = Vec<LedgerEntry>), Guarded, Asking)
)]
pub(crate) async fn ledger(
    state: State,
    reviewer: Reviewer,
    Query(part): Query<Part>,
) -> Result<Json<Vec<LedgerEntry>>> {
    let pick = |body| if let ChangeBody::LedgerEntry(entry) = body { Some(entry) } else { None };
    list(&state, &reviewer.0, Collection::Ledger, &part, pick).await
}

/// Lists the charity projects.
#[utoipa::path(
    get, path = "/api/v1/projects", tag = "points", operation_id = "list_projects", params(Part),
    security(("token" = [])),
    responses((status = 200, description = "The projects", body = Vec<Project>), Guarded, Asking)
)]
pub(crate) async fn projects(state: State, reviewer: Reviewer, Query(part): Query<Part>) -> Result<Json<Vec<Project>>> {
    let pick = |body| if let ChangeBody::Project(project) = body { Some(*project) } else { None };
    list(&state, &reviewer.0, Collection::Projects, &part, pick).await
}

/// Lists the reviewer's donations.
#[utoipa::path(
    get, path = "/api/v1/donations", tag = "points", operation_id = "list_donations", params(Part),
    security(("token" = [])),
    responses((status = 200, description = "The donations", body = Vec<Donation>), Guarded, Asking)
)]
pub(crate) async fn donations(
    state: State,
    reviewer: Reviewer,
    Query(part): Query<Part>,
) -> Result<Json<Vec<Donation>>> {
    list(&state, &reviewer.0, Collection::Donations, &part, pick_donation).await
}

/// Gives points: they are held at once and given when the time to cancel is over.
#[utoipa::path(
    post, path = "/api/v1/donations", tag = "points", operation_id = "donate", security(("token" = [])),
    params(InJournal), request_body = DonationRequest,
    responses(
        (status = 200, description = "The donation as it was taken in, the same to the same id", body = Donation),
        Guarded, Naming, Taking, Changing, Limited
    )
)]
pub(crate) async fn donate(
    state: State,
    reviewer: Acting,
    place: InJournal,
    body: JsonBody<DonationRequest>,
) -> Result<impl IntoResponse> {
    charity::donate(&state.0, &reviewer.0, body.value, place.0).await.map(stored_json)
}

/// Answers one donation as it is now.
#[utoipa::path(
    get, path = "/api/v1/donations/{id}", tag = "points", operation_id = "read_donation", security(("token" = [])),
    params(("id" = DonationId, Path, description = "The donation")),
    responses((status = 200, description = "The donation", body = Donation), Guarded, Naming)
)]
pub(crate) async fn donation(state: State, reviewer: Reviewer, Named(id): Named<DonationId>) -> Result<Json<Donation>> {
    one(&state, &reviewer.0, Collection::Donations, id.as_str(), "donation", pick_donation).await
}

/// Takes a donation back before it is confirmed. The request has no body; the donation's id is
/// what makes it the same request.
#[utoipa::path(
    post, path = "/api/v1/donations/{id}/cancel", tag = "points", operation_id = "cancel_donation",
    security(("token" = [])), params(("id" = DonationId, Path, description = "The donation"), InJournal),
    responses(
        (status = 200, description = "The cancelled donation, the same each time", body = Donation),
        Guarded, Naming, Changing, Limited
    )
)]
pub(crate) async fn cancel(
    state: State,
    reviewer: Acting,
    Named(id): Named<DonationId>,
    place: InJournal,
) -> Result<impl IntoResponse> {
    charity::cancel(&state.0, &reviewer.0, id, place.0).await.map(stored_json)
}
