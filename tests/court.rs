//! The judgment server as the suites kill it: quotas that let thousands of acts through, no delays.

use pingli_protocol::{
    LedgerEntryId, Points, ReviewerId,
    ledger::{LedgerEntry, LedgerKind, LedgerReference, LedgerState},
    sync::ChangeBody,
};
use pingli_server::{
    App, Config, GameRules,
    db::{feed, ledger},
};
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// More than a suite comes to.
const PLENTY: u32 = 1 << 30;
/// Long enough for a suite, in seconds.
const YEAR: i64 = 365 * 24 * 3600;

/// How such a server is set up.
#[must_use]
pub fn court_config(data: impl Into<PathBuf>, listen: SocketAddr) -> Config {
    let mut config = Config::new(data, listen);
    config.tick = Some(Duration::from_millis(50));
    config.rules = GameRules {
        open_seat_cap: PLENTY,
        daily_points: i64::from(PLENTY),
        free_returns: PLENTY,
        recusals: PLENTY,
        lapses: PLENTY,
        finality_delay: 0,
        cancel_window: 1,
        access_token: YEAR,
        ..GameRules::default()
    };
    config
}

/// Gives a reviewer points that can be given away.
pub async fn grant(app: &App, reviewer: &ReviewerId, points: i64) {
    let entry = LedgerEntry {
        id: crate::new_id::<LedgerEntryId>(),
        at: app.now(),
        kind: LedgerKind::Adjust,
        points: Points::new(points).expect("in range"),
        refers_to: LedgerReference::Note { text: "for the suites".to_owned() },
        state: LedgerState::Posted,
    };
    let mut tx = app.db.write().await.expect("a transaction");
    ledger::add(&mut tx, reviewer, &entry).await.expect("an entry");
    let id = entry.id.clone();
    let body = ChangeBody::LedgerEntry(entry);
    feed::put(&mut tx, feed::Audience::One(reviewer), id.as_str(), &body).await.expect("a change");
    app.commit(tx).await.expect("committed");
}
