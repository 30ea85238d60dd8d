//! Verdicts, once the reviewer's own seat has ended (invariant 5: before that the server does not
//! even say whether there is one).

use super::{
    State,
    body::{Named, Query},
    problems::{Asking, Guarded, Naming},
    reviewer::Reviewer,
    sync::{Part, list, one},
};
use crate::{court::tally::verdict_id, error::Result};
use axum::Json;
use pingli_protocol::{
    CaseId,
    sync::{ChangeBody, Collection},
    verdict::VerdictRecord,
};

fn pick(body: ChangeBody) -> Option<VerdictRecord> {
    if let ChangeBody::Verdict(record) = body { Some(*record) } else { None }
}

/// Lists the verdicts of the reviewer's cases.
#[utoipa::path(
    get, path = "/api/v1/verdicts", tag = "results", operation_id = "list_verdicts", params(Part),
    security(("token" = [])),
    responses((status = 200, description = "The verdicts", body = Vec<VerdictRecord>), Guarded, Asking)
)]
pub(crate) async fn verdicts(
    state: State,
    reviewer: Reviewer,
    Query(part): Query<Part>,
) -> Result<Json<Vec<VerdictRecord>>> {
    list(&state, &reviewer.0, Collection::Verdicts, &part, pick).await
}

/// Answers one verdict.
#[utoipa::path(
    get, path = "/api/v1/verdicts/{case}/{round}", tag = "results", operation_id = "read_verdict",
    security(("token" = [])),
    params(("case" = CaseId, Path, description = "The case"), ("round" = u32, Path, description = "The round")),
    responses((status = 200, description = "The verdict", body = VerdictRecord), Guarded, Naming)
)]
pub(crate) async fn verdict(
    state: State,
    reviewer: Reviewer,
    Named((case, round)): Named<(CaseId, u32)>,
) -> Result<Json<VerdictRecord>> {
    one(&state, &reviewer.0, Collection::Verdicts, &verdict_id(&case, round), "verdict", pick).await
}
