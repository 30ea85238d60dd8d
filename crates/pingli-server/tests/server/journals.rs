//! The journals of reviewers' programs: what the server remembers of them, and when.

use crate::world::{Answer, Reviewer, World};
use http::{Method, StatusCode};
use pingli_protocol::{
    DonationId, IntentId, Sha256,
    journal::{ActKind, JournalHead, JournalUpdate, Place, ReceiptPage},
};
use serde::Serialize;
use serde_json::json;

fn place(journal: &str, seq: i64) -> Place {
    Place { journal: journal.parse().unwrap(), seq, sha256: Sha256::of(format!("{journal} {seq}").as_bytes()) }
}

impl Reviewer<'_> {
    async fn post_at(&self, path: &str, body: &impl Serialize, places: &[&str]) -> Answer {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(places.iter().map(|place| ("pingli-journal", *place)));
        self.send_with(Method::POST, path, &headers, serde_json::to_vec(body).unwrap()).await
    }

    async fn head(&self, journal: &str) -> JournalHead {
        self.get(&format!("/api/v1/journals/{journal}")).await.json()
    }

    async fn tell(&self, journal: &str, update: &JournalUpdate) -> JournalHead {
        let headers = [("content-type", "application/json")];
        let path = format!("/api/v1/journals/{journal}");
        self.send_with(Method::PUT, &path, &headers, serde_json::to_vec(update).unwrap()).await.json()
    }

    async fn kept(&self, journal: &str, query: &str) -> ReceiptPage {
        self.get(&format!("/api/v1/journals/{journal}/receipts{query}")).await.json()
    }
}

fn head_at(place: &Place, receipts: u32) -> JournalHead {
    JournalHead { seq: place.seq, sha256: place.sha256, receipts }
}

#[tokio::test]
async fn the_place_of_an_act_is_kept_with_its_receipt_or_not_at_all() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("placed", 1).await;
    let seat = lin.seat_of(&case).await;
    assert_eq!(lin.head("j-1").await, JournalHead::UNKNOWN, "nobody told of it");

    let accept = json!({"id": IntentId::from(uuid::Uuid::now_v7())});
    let path = format!("/api/v1/seats/{}/accept", seat.id);
    let third = place("j-1", 3);
    let taken = lin.post_at(&path, &accept, &[&third.to_string()]).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text());
    assert_eq!(lin.head("j-1").await, head_at(&third, 1), "told with the act");
    let again = lin.post_at(&path, &accept, &[&third.to_string()]).await;
    assert_eq!(again.bytes, taken.bytes, "the same receipt");
    assert_eq!(lin.head("j-1").await, head_at(&third, 1), "counted once");

    let ballot = lin.ballot(&case, "lift").await;
    let second = place("j-1", 2);
    let cast = lin.post_at("/api/v1/ballots", &ballot, &[&second.to_string()]).await;
    assert_eq!(lin.head("j-1").await, head_at(&third, 2), "an earlier act that came later takes nothing back");
    let refused = json!({"id": DonationId::from(uuid::Uuid::now_v7()), "project": "free-lunch", "points": 7});
    let refused = lin.post_at("/api/v1/donations", &refused, &[&place("j-1", 4).to_string()]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    assert_eq!(lin.head("j-1").await, head_at(&third, 2), "what was not kept has no place");

    let kept = lin.kept("j-1", "").await;
    let told: Vec<_> = kept.receipts.iter().map(|receipt| (receipt.seq, receipt.kind)).collect();
    assert_eq!(told, [(2, ActKind::Ballot), (3, ActKind::Accept)], "in the order of the journal");
    assert_eq!(kept.receipts[0].body, cast.text(), "byte for byte");
    assert_eq!((kept.receipts[0].id.as_str(), kept.receipts[0].sha256), (ballot.id.as_str(), second.sha256));
    let page = lin.get("/api/v1/changes?limit=1000&journal=j-1").await.json::<pingli_protocol::sync::ChangePage>();
    assert_eq!(page.journal, Some(head_at(&third, 2)), "a page of changes carries it when asked");
    assert_eq!(lin.changes("0").await.journal, None, "and not unasked");
}

#[tokio::test]
async fn a_receipt_that_was_given_without_a_journal_gets_its_place_when_asked_again() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("upgraded", 1).await;
    let ballot = lin.ballot(&case, "lift").await;
    let first = lin.post("/api/v1/ballots", &ballot).await;
    let at = place("j-1", 1);
    let again = lin.post_at("/api/v1/ballots", &ballot, &[&at.to_string()]).await;
    assert_eq!(again.bytes, first.bytes, "the same receipt");
    assert_eq!(lin.head("j-1").await, head_at(&at, 1), "and now it has a place");
}

#[tokio::test]
async fn the_newest_link_stays_and_is_the_reviewers_own() {
    let world = World::new().await;
    let (lin, wang) = (world.reviewer("lin").await, world.reviewer("wang").await);
    let update = |seq, text: &str, predecessor: Option<&str>| JournalUpdate {
        seq,
        sha256: Sha256::of(text.as_bytes()),
        predecessor: predecessor.map(|id| id.parse().unwrap()),
    };
    let fifth = JournalHead { seq: 5, sha256: Sha256::of(b"a"), receipts: 0 };
    assert_eq!(lin.tell("j-2", &update(5, "a", Some("j-1"))).await, fifth);
    assert_eq!(lin.tell("j-2", &update(4, "b", None)).await, fifth, "an older one changes nothing");
    assert_eq!(lin.tell("j-2", &update(5, "b", None)).await, fifth, "of two in one place the first stays");
    assert_eq!(wang.head("j-2").await, JournalHead::UNKNOWN, "nobody sees another's");
    assert_eq!(wang.kept("j-2", "").await.receipts, [], "nor what was given under it");
    for wrong in [0_i64, -1, 9_007_199_254_740_992] {
        let headers = [("content-type", "application/json")];
        let body = json!({"seq": wrong, "sha256": Sha256::of(b"a")}).to_string().into_bytes();
        let answer = lin.send_with(Method::PUT, "/api/v1/journals/j-2", &headers, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong} is no number of a link");
    }
}

#[tokio::test]
async fn a_place_that_does_not_read_is_refused_and_nothing_is_kept() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("garbled", 1).await;
    let ballot = lin.ballot(&case, "lift").await;
    let (good, hash) = (place("j-1", 1).to_string(), Sha256::of(b"x"));
    let (bare, long) = (format!("j-1;1;{hash};"), format!("j-1;99999999999999999;{hash}"));
    for wrong in [&["j-1"][..], &[&bare], &[&long], &[""], &[&good, &good]] {
        let answer = lin.post_at("/api/v1/ballots", &ballot, wrong).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "invalid_request"), "{wrong:?}");
    }
    let unknown = lin.get(&format!("/api/v1/ballots/{}", ballot.id)).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "the ballot was not taken in");
}

#[tokio::test]
async fn receipts_are_paged_and_those_of_one_place_stay_together() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    // Two copies of one folder went on from the second link: two acts in the third place.
    for (n, seq) in [1, 2, 3, 3, 4].into_iter().enumerate() {
        let case = world.open_case(&format!("paged-{n}"), 1).await;
        let ballot = lin.ballot(&case, "lift").await;
        let at = Place { sha256: Sha256::of(&[n as u8]), ..place("j-1", seq) };
        assert_eq!(lin.post_at("/api/v1/ballots", &ballot, &[&at.to_string()]).await.status, StatusCode::OK);
    }
    assert_eq!(lin.head("j-1").await.receipts, 5, "both of them count");
    let mut pages = Vec::new();
    let mut after = 0;
    loop {
        let page = lin.kept("j-1", &format!("?after={after}&limit=2")).await;
        pages.push(page.receipts.iter().map(|receipt| receipt.seq).collect::<Vec<_>>());
        after = *pages.last().unwrap().last().unwrap();
        if !page.more {
            break;
        }
    }
    assert_eq!(pages, [vec![1, 2], vec![3, 3], vec![4]], "none is left out, none comes twice");
    let one = lin.kept("j-1", "?after=2&limit=1").await;
    assert_eq!(one.receipts.len(), 2, "a page is longer rather than splitting a place");
}
