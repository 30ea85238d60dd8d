//! How many ballots a second the server takes in durably, a commit each and with commits shared, in one
//! run, alternating. Prints both rates and their ratio; only the ratio is worth keeping.
//!
//!     cargo run --release -p pingli-server --example ballots -- [reviewers] [cases] [pairs] [folder]
#![expect(clippy::print_stdout, reason = "it is there to be read")]

use anyhow::{Context as _, Result};
use futures_util::{StreamExt as _, stream};
use pingli_media::WorkerCommand;
use pingli_protocol::{
    BallotId, ReviewerId,
    ballot::Ballot,
    sync::{ChangeBody, Collection},
};
use pingli_server::{App, Config, court::ballot, db::feed};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// Requests under way at once.
const AT_ONCE: usize = 64;

struct Load {
    reviewers: usize,
    cases: usize,
}

/// What one run came to.
struct Rate {
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

async fn open(folder: &Path, group_commit: usize, load: &Load) -> Result<(Arc<App>, Vec<(ReviewerId, Ballot)>)> {
    let mut config = Config::new(folder.join("data"), SocketAddr::from(([127, 0, 0, 1], 0)));
    config.tick = None;
    config.group_commit = group_commit;
    config.rules.open_seat_cap = 10_000;
    // The case has no pictures: no worker is ever started.
    config.media_worker = Some(WorkerCommand::program("/nonexistent"));
    let app = App::open(&config).await?;
    let mut reviewers = Vec::new();
    for n in 0..load.reviewers {
        reviewers.push(app.add_user(&format!("r{n}"), "r", "correct horse").await?);
    }
    for n in 0..load.cases {
        let mut case = serde_json::from_str::<Vec<Value>>(include_str!("../seed/history.json"))?.swap_remove(0);
        case["id"] = json!(format!("c{n}"));
        case["vote_system"] = json!({
            "panel_size": load.reviewers, "rule": {"kind": "plurality"}, "quorum": 1, "early_finish": false,
            "cannot_decide": "excluded", "tie": "staff", "voting_window_seconds": 86_400,
            "seat_lease_seconds": 43_200, "late_ballot": "recorded",
        });
        let intake = folder.join("intake").join(format!("c{n}"));
        std::fs::create_dir_all(&intake)?;
        std::fs::write(intake.join("case.json"), case.to_string())?;
        app.import(&intake).await?;
    }
    let mut ballots = Vec::new();
    for reviewer in reviewers {
        let seats = feed::records(&mut *app.db.read().await?, &reviewer, Collection::Seats, 10_000, 0).await?;
        for seat in seats {
            let ChangeBody::Seat(seat) = seat else { continue };
            let ballot = Ballot {
                id: BallotId::from(uuid::Uuid::now_v7()),
                seat: seat.id,
                case: seat.case,
                round: seat.round,
                pack_sha256: seat.pack.sha256,
                rule_version: "2026-01".to_owned(),
                choice: "lift".parse()?,
                reason_codes: Vec::new(),
                opinion: "照聊天记录，支持解除。".repeat(10),
                cited: Vec::new(),
                findings: Vec::new(),
                opened_at: app.now().plus_seconds(-60),
                decided_at: app.now(),
                active_seconds: 60,
                client_version: "load".to_owned(),
            };
            ballots.push((reviewer.clone(), ballot));
        }
    }
    Ok((app, ballots))
}

async fn measure(folder: &Path, group_commit: usize, load: &Load) -> Result<Rate> {
    let place = tempfile::tempdir_in(folder)?;
    let (app, ballots) = open(place.path(), group_commit, load).await?;
    let count = ballots.len();
    let began = Instant::now();
    let casts = stream::iter(ballots).map(|(reviewer, vote)| {
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let body = serde_json::to_string(&vote)?;
            let began = Instant::now();
            let answer = ballot::cast(&app, &reviewer, vote, body, None).await?;
            anyhow::ensure!(answer.contains("counted"), "a ballot that does not count: {answer}");
            Ok(began.elapsed())
        })
    });
    let took: Vec<Result<Duration>> =
        casts.buffer_unordered(AT_ONCE).map(|joined| joined.context("a task broke off")?).collect().await;
    let seconds = began.elapsed().as_secs_f64();
    let mut took = took.into_iter().collect::<Result<Vec<_>>>()?;
    took.sort_unstable();
    app.db.close().await;
    let at = |part: usize| took.get(took.len() * part / 100).copied().unwrap_or_default();
    Ok(Rate { per_second: count as f64 / seconds, p50: at(50), p99: at(99) })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let mut number = |default: usize| words.next().map_or(Ok(default), |word| word.parse());
    let load = Load { reviewers: number(64)?, cases: number(32)? };
    let pairs = number(3)?;
    let folder = words.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let mut ratios = Vec::new();
    for _ in 0..pairs {
        let alone = measure(&folder, 1, &load).await?;
        let shared = measure(&folder, 64, &load).await?;
        for (name, rate) in [("a commit each", &alone), ("commits shared", &shared)] {
            println!("{name:>15}: {:>7.0} ballots/s, p50 {:?}, p99 {:?}", rate.per_second, rate.p50, rate.p99);
        }
        ratios.push(shared.per_second / alone.per_second);
    }
    println!("ratio, median of {pairs} pairs: {:.2}", median(ratios));
    Ok(())
}
