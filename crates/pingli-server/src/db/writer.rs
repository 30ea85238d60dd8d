//! The writer: one task that takes many small pieces of work into one transaction, each in a
//! savepoint of its own, and answers all of them after the commit. What waits while a commit is on
//! its way to the disk goes together into the next; when nobody waits, nobody is waited for.

use super::Conn;
use crate::error::{Error, Result};
use futures_util::{FutureExt as _, future::BoxFuture};
use sqlx::{Connection as _, SqlitePool};
use std::panic::AssertUnwindSafe;
use tokio::sync::{mpsc, oneshot};

/// How many may wait; more wait to be let into the queue.
const QUEUE: usize = 1024;

/// Work of the writer with its way back.
type Job = Box<dyn for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Done> + Send>;

/// What a piece of work came to. It is told after the commit, also when it is a refusal: what it
/// was refused for may be in the same batch.
struct Done {
    keep: bool,
    tell: Box<dyn FnOnce(Committed) + Send>,
}

/// What became of the transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Committed {
    Yes,
    No,
}

/// The way to the writing task. It ends with the last clone of this.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the writing task over the one writing connection; `largest` is the most pieces of work
    /// in one transaction.
    pub(super) fn start(pool: SqlitePool, largest: usize) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(keep_writing(pool, waiting, largest));
        Self { queue }
    }

    /// Does a piece of work and answers when it is on the disk. Once it is in the queue it runs to
    /// its end, whether or not anybody still waits for the answer.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T>> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            Box::pin(async move {
                let worked = AssertUnwindSafe(async { work(conn).await }).catch_unwind().await;
                let result = worked.unwrap_or_else(|_| Err(Error::Broken("a write broke off".to_owned())));
                let keep = result.is_ok();
                let tell = Box::new(move |committed| {
                    let result = if committed == Committed::Yes { result } else { Err(Error::NotCommitted) };
                    // Whoever asked may have gone away.
                    let _ = answer.send(result);
                });
                Done { keep, tell }
            })
        });
        // The way back ends unused when there was no transaction, or the server stops.
        self.queue.send(job).await.map_err(|_| Error::NotBegun)?;
        answered.await.map_err(|_| Error::NotBegun)?
    }
}

async fn keep_writing(pool: SqlitePool, mut waiting: mpsc::Receiver<Job>, largest: usize) {
    while let Some(first) = waiting.recv().await {
        let mut done = Vec::new();
        let next = |ran: usize| if ran < largest { waiting.try_recv().ok() } else { None };
        let committed = match batch(&pool, first, next, &mut done).await {
            Ok(()) => Committed::Yes,
            Err(error) => {
                tracing::error!(%error, writes = done.len(), "a batch of writes was not kept");
                Committed::No
            }
        };
        for done in done {
            (done.tell)(committed);
        }
    }
}

/// Runs a batch in one transaction: the first and whatever `more` gives when so many have run. What
/// ran is in `done`, also when nothing of it was kept.
async fn batch(
    pool: &SqlitePool,
    first: Job,
    mut more: impl FnMut(usize) -> Option<Job>,
    done: &mut Vec<Done>,
) -> Result<()> {
    let mut tx = pool.begin_with("begin immediate").await?;
    let mut next = Some(first);
    while let Some(job) = next {
        let mut savepoint = tx.begin().await?;
        let ran = job(&mut savepoint).await;
        let ended = if ran.keep { savepoint.commit().await } else { savepoint.rollback().await };
        done.push(ran);
        ended?;
        next = more(done.len());
    }
    Ok(tx.commit().await?)
}
