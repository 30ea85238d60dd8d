//! Packs and the files in them, by hash, to whoever has a seat of the case.

use super::{
    State,
    body::Named,
    problems::{Guarded, Naming},
    ranged,
    reviewer::Reviewer,
};
use crate::{
    db::packs,
    error::{Error, Result},
    files::FileKind,
};
use axum::response::Response;
use http::HeaderMap;
use pingli_protocol::{Sha256, problem::Problem};

/// Answers a case pack, whole or a range of it.
#[utoipa::path(
    get, path = "/api/v1/packs/{sha256}", tag = "seats", operation_id = "read_pack", security(("token" = [])),
    params(("sha256" = Sha256, Path, description = "The pack's hash")),
    responses(
        (status = 200, description = "The pack", body = String, content_type = "application/zip"),
        (status = 206, description = "The range asked for", body = String, content_type = "application/zip"),
        (status = 304, description = "The pack that If-None-Match names"),
        (status = 416, description = "The range is not in the file", body = Problem,
          content_type = "application/problem+json"),
        Guarded, Naming
    )
)]
pub(crate) async fn pack(
    state: State,
    reviewer: Reviewer,
    Named(sha256): Named<Sha256>,
    headers: HeaderMap,
) -> Result<Response> {
    let app = &state.0;
    let mut tx = app.db.read().await?;
    let bytes = packs::pack_for(&mut tx, &reviewer.0, sha256).await?.ok_or_else(|| Error::not_found("pack"))?;
    drop(tx);
    ranged::answer(&app.files.path(FileKind::Pack, sha256), sha256, bytes, pingli_casepack::PACK_MEDIA_TYPE, &headers)
        .await
}

/// Answers one file of a pack, so that a damaged download can be repaired without the rest.
#[utoipa::path(
    get, path = "/api/v1/evidence/{sha256}", tag = "seats", operation_id = "read_evidence", security(("token" = [])),
    params(("sha256" = Sha256, Path, description = "The file's hash")),
    responses(
        (status = 200, description = "The file, as a download", body = String, content_type = "application/octet-stream"),
        (status = 206, description = "The range asked for", body = String, content_type = "application/octet-stream"),
        (status = 304, description = "The file that If-None-Match names"),
        (status = 416, description = "The range is not in the file", body = Problem,
          content_type = "application/problem+json"),
        Guarded, Naming
    )
)]
pub(crate) async fn evidence(
    state: State,
    reviewer: Reviewer,
    Named(sha256): Named<Sha256>,
    headers: HeaderMap,
) -> Result<Response> {
    let app = &state.0;
    let mut tx = app.db.read().await?;
    let (bytes, _) = packs::file_for(&mut tx, &reviewer.0, sha256).await?.ok_or_else(|| Error::not_found("file"))?;
    drop(tx);
    // Never by its own media type: evidence is hostile until a worker has made pixels of it.
    ranged::answer(&app.files.path(FileKind::Evidence, sha256), sha256, bytes, "application/octet-stream", &headers)
        .await
}
