//! The mirror: pages, cursors and digests.

use crate::world::World;
use http::{StatusCode, header};
use pingli_protocol::sync::{ChangeBody, ChangePage, Collection, digest};
use std::collections::BTreeMap;

type Mirror = BTreeMap<(Collection, String), i64>;

fn apply(mirror: &mut Mirror, page: &ChangePage) {
    for change in &page.changes {
        let key = (change.body.collection(), change.id.clone());
        match change.body {
            ChangeBody::Gone { .. } => drop(mirror.remove(&key)),
            _ => drop(mirror.insert(key, change.version)),
        }
    }
}

fn assert_true(mirror: &Mirror, page: &ChangePage) {
    assert_eq!(page.digests.len(), 8, "the last page tells what each collection comes to");
    for told in &page.digests {
        let records = mirror.iter().filter(|((c, _), _)| *c == told.collection).map(|((_, id), v)| (id.as_str(), *v));
        assert_eq!(digest(records), (told.count, told.sha256), "{:?}", told.collection);
    }
}

#[tokio::test]
async fn a_mirror_fed_page_by_page_matches_the_digests() {
    let world = World::new().await;
    let panel = world.reviewers(3).await;
    let case = world.open_case("mirror", 3).await;
    let mut mirror = Mirror::new();
    let mut cursor = String::new();
    loop {
        let after = if cursor.is_empty() { String::new() } else { format!("&after={cursor}") };
        let page: ChangePage = panel[0].get(&format!("/api/v1/changes?limit=3{after}")).await.json();
        apply(&mut mirror, &page);
        cursor.clone_from(&page.cursor);
        if !page.more {
            assert_true(&mirror, &page);
            break;
        }
        assert!(page.digests.is_empty() && page.changes.len() == 3);
    }
    for reviewer in &panel {
        reviewer.vote(&case, "uphold").await;
    }
    let page = panel[0].changes(&cursor).await;
    apply(&mut mirror, &page);
    assert_true(&mirror, &page);
    assert!(mirror.contains_key(&(Collection::Verdicts, "mirror:1".into())));
    let nothing = panel[0].changes(&page.cursor).await;
    assert_eq!((nothing.changes.len(), &nothing.cursor), (0, &page.cursor), "nothing new, same place");
}

#[tokio::test]
async fn each_record_comes_once_as_it_is_now() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let start = lin.changes("0").await.cursor;
    let case = world.open_case("once", 1).await;
    lin.accept(&case).await;
    lin.vote(&case, "lift").await;
    let page = lin.changes(&start).await;
    let seats: Vec<_> = page.changes.iter().filter(|c| c.body.collection() == Collection::Seats).collect();
    assert_eq!(seats.len(), 1);
    assert_eq!(seats[0].version, 3, "offered, accepted, counted");
}

#[tokio::test]
async fn others_records_are_not_in_the_mirror() {
    let world = World::new().await;
    let (lin, wang) = (world.reviewer("lin").await, world.reviewer("wang").await);
    let case = world.open_case("private", 2).await;
    let seat = wang.seat_of(&case).await;
    assert!(!lin.get("/api/v1/changes?limit=1000").await.text().contains(seat.id.as_str()));
    assert_eq!(lin.act(&seat.id, "accept").await.code(), "not_found");
}

#[tokio::test]
async fn a_cursor_that_is_none_is_refused() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    for query in ["after=x", "after=-1", "after=", "after=1234567890123456789", "limit=0", "limit=1001", "limit=x"] {
        let answer = lin.get(&format!("/api/v1/changes?{query}")).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid_request"),
            "{query}"
        );
    }
}

#[tokio::test]
async fn the_push_channel_says_nothing_but_that_something_changed() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let answer = lin.get("/api/v1/events").await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(answer.text(), "event: ready\ndata: {}\n\n", "without asking for a stream it ends at once");
}
