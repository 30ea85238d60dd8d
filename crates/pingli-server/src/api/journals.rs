//! The journals of reviewers' programs: where an act stands, how far the server was told, and which
//! receipts it gave.

use super::{
    State,
    body::{JsonBody, Named, Query},
    limits::Acting,
    problems::{Asking, Guarded, Limited, Naming, Taking},
    reviewer::Reviewer,
};
use crate::{
    app::App,
    db::journals,
    error::{Error, Result},
};
use axum::{Json, extract::FromRequestParts};
use http::{StatusCode, request::Parts};
use pingli_protocol::{
    JournalId, MAX_INTEGER,
    journal::{JOURNAL_HEADER, JournalHead, JournalUpdate, Place, ReceiptPage},
};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

/// Where an act stands in the journal of the program that asks, from the header; none where it is
/// not said. A header that does not read is refused: half a journal would be worse than none.
pub(crate) struct InJournal(pub(crate) Option<Place>);

impl FromRequestParts<Arc<App>> for InJournal {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self> {
        let mut values = parts.headers.get_all(JOURNAL_HEADER).iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        let place = value.to_str().ok().and_then(|text| text.parse().ok()).filter(|_| values.next().is_none());
        let refused = || Error::invalid("the journal header does not read").with_status(StatusCode::BAD_REQUEST);
        place.map(|place| Self(Some(place))).ok_or_else(refused)
    }
}

impl IntoParams for InJournal {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Za-z0-9._:-]{1,128};[1-9][0-9]{0,15};[0-9a-f]{64}$"));
        let parameter = ParameterBuilder::new()
            .name("Pingli-Journal")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("Where the act stands in the program's journal: journal, number and hash of its link"))
            .schema(Some(text.build()));
        vec![parameter.build()]
    }
}

/// Says how far the server was told of a journal.
#[utoipa::path(
    get, path = "/api/v1/journals/{journal}", tag = "reviewer", operation_id = "read_journal",
    security(("token" = [])), params(("journal" = JournalId, Path, description = "The journal")),
    responses(
        (status = 200, description = "The newest link; number 0 for a journal never heard of", body = JournalHead),
        Guarded, Naming
    )
)]
pub(crate) async fn journal(
    state: State,
    reviewer: Reviewer,
    Named(journal): Named<JournalId>,
) -> Result<Json<JournalHead>> {
    Ok(Json(journals::head(&mut *state.0.db.read().await?, &reviewer.0, &journal).await?))
}

/// Tells of the newest link of a journal: acts that are held or were dropped are links too.
#[utoipa::path(
    put, path = "/api/v1/journals/{journal}", tag = "reviewer", operation_id = "tell_journal",
    security(("token" = [])), params(("journal" = JournalId, Path, description = "The journal")),
    request_body = JournalUpdate,
    responses(
        (status = 200, description = "The newest link as the server has it now", body = JournalHead),
        Guarded, Naming, Taking, Limited
    )
)]
pub(crate) async fn tell(
    state: State,
    reviewer: Acting,
    Named(journal): Named<JournalId>,
    body: JsonBody<JournalUpdate>,
) -> Result<Json<JournalHead>> {
    let JournalUpdate { seq, sha256, predecessor } = body.value;
    if !(1..=MAX_INTEGER).contains(&seq) {
        return Err(Error::invalid("seq is 1 to 2^53 - 1"));
    }
    let (app, place) = (Arc::clone(&state.0), Place { journal, seq, sha256 });
    let work = app.db.batch({
        let app = Arc::clone(&app);
        move |conn| {
            Box::pin(async move {
                journals::tell(conn, &reviewer.0, &place, predecessor.as_ref(), app.now()).await?;
                journals::head(conn, &reviewer.0, &place.journal).await
            })
        }
    });
    Ok(Json(work.await?))
}

/// After which link, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AfterLink {
    /// The number of the last link of the page before.
    #[serde(default)]
    #[param(minimum = 0, maximum = 9007199254740991_i64, default = 0)]
    after: i64,
    /// About so many; those of one link come together.
    #[serde(default = "many")]
    #[param(minimum = 1, maximum = 1000, default = 200)]
    limit: u32,
}

const fn many() -> u32 {
    200
}

/// Lists the receipts that were given under a journal, for a program that lost its own.
#[utoipa::path(
    get, path = "/api/v1/journals/{journal}/receipts", tag = "reviewer", operation_id = "list_receipts",
    security(("token" = [])), params(("journal" = JournalId, Path, description = "The journal"), AfterLink),
    responses((status = 200, description = "A page of receipts", body = ReceiptPage), Guarded, Naming, Asking)
)]
pub(crate) async fn receipts(
    state: State,
    reviewer: Reviewer,
    Named(journal): Named<JournalId>,
    Query(query): Query<AfterLink>,
) -> Result<Json<ReceiptPage>> {
    if !(1..=1000).contains(&query.limit) || !(0..=MAX_INTEGER).contains(&query.after) {
        return Err(Error::invalid("limit is 1 to 1000, after at least 0"));
    }
    let mut tx = state.0.db.read().await?;
    let receipts = journals::receipts(&mut tx, &reviewer.0, &journal, query.after, query.limit).await?;
    let more = match receipts.last() {
        Some(last) => journals::has_more(&mut tx, &reviewer.0, &journal, last.seq).await?,
        None => false,
    };
    Ok(Json(ReceiptPage { receipts, more }))
}
