//! A write is done once: the shape that every act of a reviewer has. Its effect, its receipt and its
//! place in the program's journal are kept together or not at all.

use crate::{
    app::App,
    db::{
        Conn, journals,
        receipts::{self, Asked},
    },
    error::Result,
};
use futures_util::future::BoxFuture;
use pingli_protocol::UtcInstant;
use std::sync::Arc;

/// What an act may use: the open server, the transaction, and when it was taken in.
pub(crate) struct Taking<'c> {
    pub(crate) app: &'c Arc<App>,
    pub(crate) conn: &'c mut Conn,
    pub(crate) now: UtcInstant,
}

/// Answers a write with its stored receipt, or does it and stores what `act` answers.
///
/// # Errors
/// `id_reused`, whatever `act` refuses, and faults; then nothing was kept.
pub(crate) async fn once(
    app: &Arc<App>,
    asked: Asked,
    act: impl for<'c> FnOnce(Taking<'c>) -> BoxFuture<'c, Result<String>> + Send + 'static,
) -> Result<String> {
    let held = Arc::clone(app);
    app.write(move |conn| {
        Box::pin(async move {
            let now = held.now();
            let answer = match receipts::find(conn, &asked).await? {
                Some(answer) => answer,
                None => {
                    let answer = act(Taking { app: &held, conn: &mut *conn, now }).await?;
                    receipts::store(conn, &asked, &answer, now).await?;
                    answer
                }
            };
            if let Some(place) = &asked.place {
                journals::note_receipt(conn, &asked.reviewer, place, &asked.id, now).await?;
            }
            Ok(answer)
        })
    })
    .await
}
