//! Acts share a commit, and nothing else: one that fails takes nobody along.

use crate::world::World;
use futures_util::FutureExt as _;
use pingli_protocol::{
    ballot::{BallotOutcome, Receipt},
    problem::ProblemCode,
};
use pingli_server::{
    App,
    court::ballot,
    db::{meta, set_meta},
    error::{Error, Result},
};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Writes a fact and keeps the batch open until `release` is told, so that whatever is asked for
/// meanwhile waits behind it. Returns when it has begun.
async fn holding(app: &Arc<App>, release: oneshot::Receiver<()>) -> tokio::task::JoinHandle<Result<()>> {
    let (begin, begun) = oneshot::channel();
    let app = Arc::clone(app);
    let running = tokio::spawn(async move {
        app.write(|conn| {
            Box::pin(async move {
                set_meta(conn, "first", "kept").await?;
                let _ = begin.send(());
                let _ = release.await;
                Ok(())
            })
        })
        .await
    });
    begun.await.expect("it begins");
    running
}

async fn is_visible(app: &App, name: &str) -> bool {
    meta(&mut app.db.read().await.unwrap(), name).await.unwrap().is_some()
}

#[tokio::test]
async fn one_that_fails_and_one_that_breaks_off_take_nobody_along() {
    let world = World::new().await;
    let app = &world.app;
    let (release, released) = oneshot::channel();
    let first = holding(app, released).await;
    let failing = app.write(|conn| {
        Box::pin(async move {
            set_meta(conn, "failing", "half").await?;
            Err::<(), _>(Error::not_found("thing"))
        })
    });
    let breaking = app.write(|conn| {
        Box::pin(async move {
            set_meta(conn, "breaking", "half").await?;
            assert!(conn_is_none(), "work that breaks off");
            Ok(())
        })
    });
    let held = Arc::clone(app);
    let last = app.write(move |conn| {
        Box::pin(async move {
            assert!(meta(conn, "first").await?.is_some(), "what came before in the batch is seen by what follows");
            set_meta(conn, "last", "kept").await?;
            Ok(is_visible(&held, "first").await)
        })
    });
    let (mut failing, mut breaking, mut last) = (Box::pin(failing), Box::pin(breaking), Box::pin(last));
    // Asked once, each is in the queue behind the first.
    assert!(failing.as_mut().now_or_never().is_none());
    assert!(breaking.as_mut().now_or_never().is_none());
    assert!(last.as_mut().now_or_never().is_none());
    release.send(()).unwrap();

    assert!(first.await.unwrap().is_ok(), "the first is kept");
    assert!(matches!(failing.await, Err(Error::Refused { .. })), "the refusal is its own");
    assert!(matches!(breaking.await, Err(Error::Broken(_))), "so is the fault");
    assert!(!last.await.unwrap(), "they shared a commit: the first was not there for others before the last had run");
    for (name, kept) in [("first", true), ("failing", false), ("breaking", false), ("last", true)] {
        assert_eq!(is_visible(app, name).await, kept, "{name}");
    }
    app.write(|conn| Box::pin(set_meta(conn, "after", "kept"))).await.expect("the writer goes on");
}

/// Always no; the compiler must not know.
fn conn_is_none() -> bool {
    std::env::var_os("PINGLI_NO_SUCH_VARIABLE").is_some()
}

#[tokio::test]
async fn nobody_hears_of_a_batch_that_the_disk_refused() {
    let world = World::new().await;
    let app = &world.app;
    let (release, released) = oneshot::channel();
    let first = holding(app, released).await;
    let poison = app.write(|conn| {
        Box::pin(async move {
            // A constraint that is looked at only at the end: then the commit fails.
            sqlx::query("pragma defer_foreign_keys = on").execute(&mut *conn).await?;
            sqlx::query(
                "insert into journal_links (reviewer, journal, receipt, seq, sha256) values ('', '', '', 1, '')",
            )
            .execute(conn)
            .await?;
            Ok(())
        })
    });
    let mut poison = Box::pin(poison);
    assert!(poison.as_mut().now_or_never().is_none());
    release.send(()).unwrap();
    assert!(matches!(first.await.unwrap(), Err(Error::NotCommitted)), "it was not kept, and is not told as kept");
    let refused = poison.await.unwrap_err();
    assert!(matches!(refused, Error::NotCommitted));
    assert_eq!(refused.code(), ProblemCode::Internal, "not 503: nobody may say that it was not kept");
    assert!(!is_visible(app, "first").await, "nothing of it is there");
    app.write(|conn| Box::pin(set_meta(conn, "after", "kept"))).await.expect("the writer goes on");
    assert!(is_visible(app, "after").await);
}

#[tokio::test]
async fn a_transaction_that_the_database_ends_itself_does_not_end_the_writing() {
    let world = World::new().await;
    let app = &world.app;
    for _ in 0..2 {
        // As a full disk does it: the whole transaction is gone, whatever savepoints there are.
        let ended = app.write(|conn| {
            Box::pin(async move {
                set_meta(conn, "once", "kept").await?;
                let twice = "insert or rollback into meta (name, value) select name, value from meta";
                sqlx::query(twice).execute(conn).await?;
                Ok(())
            })
        });
        assert!(ended.await.is_err(), "it was not kept");
    }
    assert!(!is_visible(app, "once").await, "nothing of it is there");
    app.write(|conn| Box::pin(set_meta(conn, "after", "kept"))).await.expect("the writer goes on");
    app.db.write().await.expect("and so does whoever writes beside it").rollback().await.expect("and back");
}

#[tokio::test]
async fn a_ballot_whose_asker_hangs_up_is_counted_once_and_its_receipt_stays() {
    let world = World::new().await;
    let lin = world.reviewer("lin").await;
    let case = world.open_case("hung-up", 1).await;
    let vote = lin.ballot(&case, "lift").await;
    let body = serde_json::to_string(&vote).unwrap();
    let reviewer = lin.get("/api/v1/me").await.json::<pingli_protocol::standing::Profile>().id;
    let (release, released) = oneshot::channel();
    let first = holding(&world.app, released).await;
    {
        let mut cast = Box::pin(ballot::cast(&world.app, &reviewer, vote.clone(), body.clone(), None));
        assert!(cast.as_mut().now_or_never().is_none(), "it waits for its turn");
    }
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    let again = ballot::cast(&world.app, &reviewer, vote.clone(), body, None).await.unwrap();
    let kept = lin.get(&format!("/api/v1/ballots/{}", vote.id)).await.text();
    assert_eq!(again, kept, "the receipt of the first time");
    let receipt: Receipt = pingli_casepack::open_text(&serde_json::from_str(&kept).unwrap(), &world.keys()).unwrap();
    assert_eq!(receipt.outcome, BallotOutcome::Counted);
    let count: i64 = sqlx::query_scalar("select count(*) from ballots")
        .fetch_one(&mut *world.app.db.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!(count, 1, "counted once");
}
