//! The reviewer's mirror: profile, standing, case types, and changes after a cursor.

use super::{
    State,
    body::Query,
    problems::{Asking, Guarded},
    reviewer::Reviewer,
};
use crate::{
    app::App,
    db::{feed, journals},
    error::{Error, Result},
};
use axum::Json;
use pingli_protocol::{
    JournalId, ReviewerId,
    case_type::CaseType,
    standing::{Profile, Standing},
    sync::{ChangeBody, ChangePage, Collection},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// At most so many.
    #[serde(default = "many")]
    #[param(minimum = 1, maximum = 1000, default = 200)]
    limit: u32,
    /// Leave out so many at the beginning.
    #[serde(default)]
    #[param(minimum = 0, maximum = 2147483647_i64, default = 0)]
    offset: u32,
}

const fn many() -> u32 {
    200
}

/// Reads one part of a collection of the reviewer's mirror.
pub(crate) async fn list<T>(
    app: &App,
    reviewer: &ReviewerId,
    collection: Collection,
    part: &Part,
    pick: impl Fn(ChangeBody) -> Option<T>,
) -> Result<Json<Vec<T>>> {
    if !(1..=1000).contains(&part.limit) {
        return Err(Error::invalid("limit is 1 to 1000"));
    }
    if part.offset > i32::MAX.unsigned_abs() {
        return Err(Error::invalid("offset is at most 2147483647"));
    }
    let mut tx = app.db.read().await?;
    let bodies = feed::records(&mut tx, reviewer, collection, part.limit.into(), part.offset.into()).await?;
    Ok(Json(bodies.into_iter().filter_map(pick).collect()))
}

/// Reads one record of the reviewer's mirror.
pub(crate) async fn one<T>(
    app: &App,
    reviewer: &ReviewerId,
    collection: Collection,
    id: &str,
    what: &'static str,
    pick: impl Fn(ChangeBody) -> Option<T>,
) -> Result<Json<T>> {
    let mut tx = app.db.read().await?;
    let body = feed::record(&mut tx, reviewer, collection, id).await?;
    body.and_then(pick).map(Json).ok_or_else(|| Error::not_found(what))
}

/// Says who is signed in.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "reviewer", operation_id = "read_profile", security(("token" = [])),
    responses((status = 200, description = "The profile", body = Profile), Guarded)
)]
pub(crate) async fn me(state: State, reviewer: Reviewer) -> Result<Json<Profile>> {
    let pick = |body| if let ChangeBody::Profile(profile) = body { Some(profile) } else { None };
    one(&state, &reviewer.0, Collection::Profile, reviewer.0.as_str(), "profile", pick).await
}

/// Says what the reviewer may do, and what each action costs.
#[utoipa::path(
    get, path = "/api/v1/standing", tag = "reviewer", operation_id = "read_standing", security(("token" = [])),
    responses((status = 200, description = "The standing", body = Standing), Guarded)
)]
pub(crate) async fn standing(state: State, reviewer: Reviewer) -> Result<Json<Standing>> {
    let pick = |body| if let ChangeBody::Standing(standing) = body { Some(*standing) } else { None };
    one(&state, &reviewer.0, Collection::Standing, reviewer.0.as_str(), "standing", pick).await
}

/// Lists the case types.
#[utoipa::path(
    get, path = "/api/v1/case-types", tag = "reviewer", operation_id = "list_case_types", params(Part),
    security(("token" = [])),
    responses((status = 200, description = "The case types", body = Vec<CaseType>), Guarded, Asking)
)]
pub(crate) async fn case_types(
    state: State,
    reviewer: Reviewer,
    Query(part): Query<Part>,
) -> Result<Json<Vec<CaseType>>> {
    let pick = |body| if let ChangeBody::CaseType(case_type) = body { Some(*case_type) } else { None };
    list(&state, &reviewer.0, Collection::CaseTypes, &part, pick).await
}

/// After which change, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// The cursor of the last page; none begins anew.
    #[serde(default)]
    #[param(pattern = "^[0-9]{1,18}$", max_length = 18)]
    after: Option<String>,
    /// At most so many changes.
    #[serde(default = "many")]
    #[param(minimum = 1, maximum = 1000, default = 200)]
    limit: u32,
    /// A journal whose newest link is to be told with the page.
    #[serde(default)]
    journal: Option<JournalId>,
}

/// Pages through everything that changed after a cursor. The last page carries the digest of each
/// collection, taken in the same read.
#[utoipa::path(
    get, path = "/api/v1/changes", tag = "reviewer", operation_id = "read_changes", params(After),
    security(("token" = [])),
    responses((status = 200, description = "A page of changes", body = ChangePage), Guarded, Asking)
)]
pub(crate) async fn changes(state: State, reviewer: Reviewer, Query(query): Query<After>) -> Result<Json<ChangePage>> {
    let app = &state.0;
    let after = cursor(query.after.as_deref())?;
    if !(1..=1000).contains(&query.limit) {
        return Err(Error::invalid("limit is 1 to 1000"));
    }
    let limit = query.limit as usize;
    let mut tx = app.db.read().await?;
    let mut found = feed::changes(&mut tx, &reviewer.0, after, i64::from(query.limit) + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let digests = if more { Vec::new() } else { feed::digests(&mut tx, &reviewer.0).await? };
    let newest = match found.last() {
        Some((seq, _)) => *seq,
        // Nothing after it: the cursor stays, unless it is from a state that a backup took back.
        None => after.min(feed::newest(&mut tx, &reviewer.0).await?),
    };
    let journal = match &query.journal {
        Some(journal) => Some(journals::head(&mut tx, &reviewer.0, journal).await?),
        None => None,
    };
    Ok(Json(ChangePage {
        changes: found.into_iter().map(|(_, change)| change).collect(),
        cursor: newest.to_string(),
        more,
        server_time: app.now(),
        digests,
        journal,
    }))
}

fn cursor(text: Option<&str>) -> Result<i64> {
    match text {
        None => Ok(0),
        Some(digits) if (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().map_err(|_| Error::invalid("after is no cursor"))
        }
        Some(_) => Err(Error::invalid("after is no cursor")),
    }
}
