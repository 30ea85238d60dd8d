//! Points given away: held, cancelled, confirmed, and never twice.

use crate::world::{Reviewer, World};
use http::StatusCode;
use pingli_protocol::{
    DonationId,
    charity::{Donation, DonationState, Project},
    ledger::{Balance, LedgerEntry},
};
use serde_json::{Value, json};

async fn with_points<'w>(world: &'w World, judgments: usize) -> Reviewer<'w> {
    let lin = world.reviewer("lin").await;
    for n in 0..judgments {
        let case = world.open_case(&format!("earn-{n}"), 1).await;
        lin.vote(&case, "lift").await;
    }
    lin
}

fn gift(points: i64) -> Value {
    json!({"id": DonationId::from(uuid::Uuid::now_v7()), "project": "free-lunch", "points": points})
}

async fn balance(lin: &Reviewer<'_>) -> (i64, i64, i64) {
    let entries: Vec<LedgerEntry> = lin.get("/api/v1/ledger").await.json();
    let sums = Balance::of(&entries).unwrap();
    (sums.balance.get(), sums.held.get(), sums.available.get())
}

async fn raised(lin: &Reviewer<'_>) -> i64 {
    let projects: Vec<Project> = lin.get("/api/v1/projects").await.json();
    projects.iter().find(|project| project.id.as_str() == "free-lunch").unwrap().raised.get()
}

#[tokio::test]
async fn a_donation_is_held_and_then_given_exactly() {
    let world = World::new().await;
    let lin = with_points(&world, 2).await;
    assert_eq!(balance(&lin).await, (30, 0, 30));
    let donation: Donation = lin.post("/api/v1/donations", &gift(20)).await.json();
    assert_eq!((donation.state, donation.fen.get()), (DonationState::Submitted, 20));
    assert_eq!(balance(&lin).await, (30, 20, 10));
    assert_eq!(raised(&lin).await, 0, "nothing is raised that can still be taken back");
    world.advance(10 * 60).await;
    assert_eq!(balance(&lin).await, (10, 0, 10));
    assert_eq!(raised(&lin).await, 20);
    let given: Donation = lin.get(&format!("/api/v1/donations/{}", donation.id)).await.json();
    assert_eq!((given.state, given.receipt_number.as_deref()), (DonationState::Confirmed, Some("PL-2026-000001")));
    let late = lin.post(&format!("/api/v1/donations/{}/cancel", donation.id), &json!({})).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "too_late"));
}

#[tokio::test]
async fn a_cancelled_donation_gives_its_points_back_once() {
    let world = World::new().await;
    let lin = with_points(&world, 2).await;
    let donation: Donation = lin.post("/api/v1/donations", &gift(30)).await.json();
    let cancel = format!("/api/v1/donations/{}/cancel", donation.id);
    let first = lin.post(&cancel, &json!({})).await;
    assert_eq!(first.json::<Donation>().state, DonationState::Cancelled);
    assert_eq!(lin.post(&cancel, &json!({})).await.bytes, first.bytes, "the same answer, byte for byte");
    world.advance(10 * 60).await;
    assert_eq!((balance(&lin).await, raised(&lin).await), ((30, 0, 30), 0));
}

#[tokio::test]
async fn the_same_donation_twice_is_one_and_another_with_its_id_is_refused() {
    let world = World::new().await;
    let lin = with_points(&world, 2).await;
    let request = gift(10);
    let first = lin.post("/api/v1/donations", &request).await;
    world.advance(10 * 60).await;
    let again = lin.post("/api/v1/donations", &request).await;
    assert_eq!(again.bytes, first.bytes, "the answer is the one it had, although the state went on");
    let mut other = request.clone();
    other["points"] = json!(20);
    assert_eq!(lin.post("/api/v1/donations", &other).await.code(), "id_reused");
    assert_eq!(balance(&lin).await.0, 20);
}

#[tokio::test]
async fn what_a_project_does_not_take_is_refused() {
    let world = World::new().await;
    let lin = with_points(&world, 1).await;
    for (points, code) in
        [(5, "amount_not_allowed"), (15, "amount_not_allowed"), (-10, "amount_not_allowed"), (20, "not_enough_points")]
    {
        assert_eq!(lin.post("/api/v1/donations", &gift(points)).await.code(), code, "{points}");
    }
    let mut elsewhere = gift(10);
    elsewhere["project"] = json!("nowhere");
    assert_eq!(lin.post("/api/v1/donations", &elsewhere).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_donations_at_once_never_give_more_than_there_is() {
    let world = World::new().await;
    let lin = with_points(&world, 4).await;
    let requests = (0..12).map(|_| lin.post("/api/v1/donations", Box::leak(Box::new(gift(10)))));
    let answers = futures_util::future::join_all(requests).await;
    let taken = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(taken, 6, "sixty points are six times ten");
    assert!(answers.iter().filter(|a| a.status != StatusCode::OK).all(|a| a.code() == "not_enough_points"));
    assert_eq!(balance(&lin).await, (60, 60, 0));
}

#[tokio::test]
async fn the_ledger_cannot_be_edited() {
    let world = World::new().await;
    with_points(&world, 1).await;
    for sql in [
        "update ledger_entries set points = 1000000",
        "delete from ledger_entries",
        "update ledger_postings set posted_at = 0",
        "delete from ledger_postings",
        "delete from receipts",
    ] {
        let mut tx = world.app.db.write().await.unwrap();
        let refused = sqlx::query(sql).execute(&mut *tx).await.expect_err(sql);
        assert!(refused.to_string().contains("append-only") || refused.to_string().contains("for ever"), "{refused}");
    }
}
