//! The HTTP API: every route with its OpenAPI description, from one place, so that neither can
//! exist without the other. Handlers read the request, call the court or the feed, and answer.

mod body;
mod charity;
mod describe;
mod events;
mod journals;
pub(crate) mod limits;
pub mod oauth;
mod packs;
mod problems;
mod ranged;
mod reviewer;
mod seats;
mod sync;
mod verdicts;

use crate::{app::App, error::Error};
use axum::{Router, http::HeaderValue, response::IntoResponse as _};
use http::header;
use pingli_protocol::problem::ProblemCode;
use std::sync::Arc;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The shared state of handlers.
pub(crate) type State = axum::extract::State<Arc<App>>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pingli judgment server",
        description = "The open protocol between a reviewer's program and a judgment server. docs/protocol.md explains it.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    modifiers(&Bearer),
    tags(
        (name = "server", description = "What the server says of itself"),
        (name = "sign-in", description = "OAuth 2.0 authorization code with PKCE"),
        (name = "reviewer", description = "Profile, standing, and everything that changed"),
        (name = "seats", description = "Seats, packs and ballots"),
        (name = "results", description = "Verdicts"),
        (name = "points", description = "Ledger, projects and donations"),
    )
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An access token from /oauth/token; opaque, good for 15 minutes."))
            .build();
        openapi.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

fn described() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(describe::description))
        .routes(routes!(oauth::authorize::page, oauth::authorize::sign_in))
        .routes(routes!(oauth::token::token))
        .routes(routes!(oauth::token::revoke))
        .routes(routes!(sync::me))
        .routes(routes!(sync::standing))
        .routes(routes!(sync::case_types))
        .routes(routes!(sync::changes))
        .routes(routes!(events::events))
        .routes(routes!(journals::journal, journals::tell))
        .routes(routes!(journals::receipts))
        .routes(routes!(seats::seats))
        .routes(routes!(seats::accept))
        .routes(routes!(seats::give_back))
        .routes(routes!(seats::recuse))
        .routes(routes!(seats::report_damage))
        .routes(routes!(packs::pack))
        .routes(routes!(packs::evidence))
        .routes(routes!(seats::cast_ballot))
        .routes(routes!(seats::ballot))
        .routes(routes!(verdicts::verdicts))
        .routes(routes!(verdicts::verdict))
        .routes(routes!(charity::ledger))
        .routes(routes!(charity::projects))
        .routes(routes!(charity::donations, charity::donate))
        .routes(routes!(charity::donation))
        .routes(routes!(charity::cancel))
}

/// The OpenAPI 3.1 document of every route.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().split_for_parts().1
}

/// The routes over an open server.
pub fn router(app: Arc<App>) -> Router {
    let (router, _) = described().split_for_parts();
    router
        .fallback(async || Error::not_found("address").into_response())
        .method_not_allowed_fallback(async || {
            Error::refused(ProblemCode::MethodNotAllowed, "the method is not for this address").into_response()
        })
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .with_state(app)
}
