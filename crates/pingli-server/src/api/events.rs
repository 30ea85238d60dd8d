//! The push channel: says that something changed, never what. Asked for without
//! `Accept: text/event-stream` it says how things stand and ends.

use super::{State, problems::Guarded, reviewer::Reviewer};
use crate::{app::App, db::feed, error::Result};
use axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event, KeepAlive},
};
use futures_util::stream;
use http::{HeaderMap, header};
use pingli_protocol::ReviewerId;
use serde::Serialize;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::sync::watch;
use utoipa::ToSchema;

/// One server-sent event.
#[derive(Serialize, ToSchema)]
pub(crate) struct PushEvent {
    /// `ready` or `changed`.
    event: String,
    /// Always `{}`: what changed is asked for.
    data: String,
}

/// How often a silent stream shows that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Streams `ready` at once and `changed` whenever something changed for this reviewer. The stream
/// ends with the life of an access token; the program asks again.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "reviewer", operation_id = "stream_events", security(("token" = [])),
    responses(
        (status = 200, description = "Server-sent events `ready` and `changed`, without content; ends at once unless \
          the request accepts text/event-stream", body = PushEvent, content_type = "text/event-stream"),
        Guarded
    )
)]
pub(crate) async fn events(state: State, reviewer: Reviewer, headers: HeaderMap) -> Result<Response> {
    let streams = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|accepts| accepts.contains("text/event-stream"));
    if !streams {
        let once = stream::iter([Ok::<_, Infallible>(Event::default().event("ready").data("{}"))]);
        return Ok(Sse::new(once).into_response());
    }
    let app = Arc::clone(&state.0);
    let lifetime = Duration::from_secs(app.rules.access_token.unsigned_abs());
    let listener = Listener {
        commits: app.commits(),
        seen: newest(&app, &reviewer.0).await?,
        ends: tokio::time::Instant::now() + lifetime,
        greeted: false,
        reviewer: reviewer.0,
        app,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

struct Listener {
    app: Arc<App>,
    reviewer: ReviewerId,
    commits: watch::Receiver<i64>,
    seen: i64,
    ends: tokio::time::Instant,
    greeted: bool,
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        if !self.greeted {
            self.greeted = true;
            return Some(Event::default().event("ready").data("{}"));
        }
        loop {
            tokio::time::timeout_at(self.ends, self.commits.changed()).await.ok()?.ok()?;
            if self.app.is_closing() {
                return None;
            }
            let newest = newest(&self.app, &self.reviewer).await.ok()?;
            if newest > self.seen {
                self.seen = newest;
                return Some(Event::default().event("changed").data("{}"));
            }
        }
    }
}

async fn newest(app: &App, reviewer: &ReviewerId) -> Result<i64> {
    feed::newest(&mut *app.db.read().await?, reviewer).await
}
