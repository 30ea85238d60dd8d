//! The server's description of itself.

use super::{State, problems::Open};
use crate::app::App;
use axum::Json;
use http::{HeaderMap, header};
use pingli_protocol::{
    Lang, PROTOCOL_VERSION,
    server::{ServerDescription, SignIn},
};
use url::Url;

/// The id of the reviewer's program, a public client.
pub(crate) const CLIENT_ID: &str = "pingli-desktop";

/// Describes the server: protocol versions, signing keys, and how to sign in.
#[utoipa::path(
    get, path = "/.well-known/pingli-server", tag = "server", operation_id = "describe_server",
    responses((status = 200, description = "The description", body = ServerDescription), Open)
)]
pub(crate) async fn description(state: State, headers: HeaderMap) -> Json<ServerDescription> {
    let app = &state.0;
    let base = base_url(app, &headers);
    let at = |path: &str| format!("{}{path}", base.trim_end_matches('/'));
    Json(ServerDescription {
        name: app.name(),
        protocol_versions: vec![PROTOCOL_VERSION],
        keys: app.keys.list().to_vec(),
        sign_in: SignIn {
            authorization_endpoint: at("/oauth/authorize"),
            token_endpoint: at("/oauth/token"),
            revocation_endpoint: at("/oauth/revoke"),
            client_id: CLIENT_ID.to_owned(),
        },
        languages: vec![Lang::ZhHans, Lang::En],
        server_time: app.now(),
    })
}

/// The address that the asker knows the server by: the operator's, else the one asked for.
fn base_url(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.public_url {
        return url.to_string();
    }
    let asked = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .and_then(|host| Url::parse(&format!("http://{host}")).ok())
        .filter(|url| url.path() == "/" && url.username().is_empty() && url.query().is_none())
        .map(|url| url.to_string());
    asked.unwrap_or_else(|| match app.bound.get() {
        Some(address) => format!("http://{address}"),
        None => "http://127.0.0.1".to_owned(),
    })
}
