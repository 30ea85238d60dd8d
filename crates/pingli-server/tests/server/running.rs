//! Real servers on real sockets: slow clients, the push channel, and the demo.

use crate::world::World;
use axum::body::Body;
use futures_util::StreamExt as _;
use http::{Request, header};
use pingli_server::{
    Config, Server,
    demo::{self, DemoPlan},
};
use std::{net::SocketAddr, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tower::ServiceExt as _;

const ANYWHERE: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

#[tokio::test]
async fn a_header_that_does_not_come_to_its_end_is_cut() {
    let folder = TempDir::new().unwrap();
    let mut config = Config::new(folder.path(), SocketAddr::from(ANYWHERE));
    config.header_timeout = Duration::from_millis(200);
    let server = Server::start(config).await.unwrap();
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the connection is still open");
    server.stop().await;
}

#[tokio::test]
async fn the_push_channel_tells_of_a_new_seat() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let request = Request::get("/api/v1/events")
        .header(header::AUTHORIZATION, format!("Bearer {}", lin.token))
        .header(header::ACCEPT, "text/event-stream")
        .body(Body::empty())
        .unwrap();
    let mut events = world.router.clone().oneshot(request).await.unwrap().into_body().into_data_stream();
    assert_eq!(events.next().await.unwrap().unwrap(), "event: ready\ndata: {}\n\n");
    world.open_case("pushed", 1).await;
    let told = events.next().await.unwrap().unwrap();
    assert_eq!(told, "event: changed\ndata: {}\n\n", "that something changed, not what");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_ready_with_a_history_made_through_the_api() {
    let folder = TempDir::new().unwrap();
    let plan = || DemoPlan {
        data: folder.path().to_owned(),
        listen: SocketAddr::from(ANYWHERE),
        dockets: Vec::new(),
        reviewers: 4,
        pace: 0.05,
        patience: 600.0,
        large: None,
        media_worker: None,
    };
    for start in ["first", "second"] {
        let running = demo::start(plan()).await.unwrap();
        let mut tx = running.server().app.db.read().await.unwrap();
        let count = |sql: &'static str| sqlx::query_scalar::<_, i64>(sql);
        let verdicts = count("select count(distinct case_id) from verdicts").fetch_one(&mut *tx).await.unwrap();
        let gifts = count("select count(*) from donations").fetch_one(&mut *tx).await.unwrap();
        let own = "select count(*) from ballots b join accounts a on a.id = b.reviewer where a.name = 'demo'";
        let own = count(own).fetch_one(&mut *tx).await.unwrap();
        assert_eq!((verdicts, gifts, own), (3, 1, 3), "{start} start");
        drop(tx);
        running.stop().await;
    }
}
