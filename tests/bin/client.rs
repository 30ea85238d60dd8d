//! The reviewer's client without a window, as the suites kill it: the real one, driven by lines on its
//! standard input, saying on its standard output what it is about to do and, when the verb returned,
//! that it was done. It ends with its standard input.
//!
//! Usage: `pingli-tests-client FOLDER`

use pingli_client::{
    Client, ClientConfig, ClientError,
    remote::HttpConfig,
    view::{DocketRow, Draft, IntentKind, IntentState, OutboxRow, RowState},
};
use pingli_protocol::{
    DonationId, IntentId, Points, charity::DonationState, charity::ProjectState, seat::RecuseReason,
};
use pingli_store::keys::PassphraseCost;
use pingli_tests::{Chance, FileKeyring, new_id};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, Write as _},
    path::Path,
    sync::Arc,
};
use tokio::sync::mpsc;

/// After so many rounds without an end something is stuck.
const MOST_ROUNDS: u32 = 60;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = std::env::args().nth(1).ok_or("a folder")?;
    let (told, commands) = mpsc::unbounded_channel();
    let _listening = std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if told.send(line).is_err() {
                return;
            }
        }
    });
    tokio::runtime::Runtime::new()?.block_on(obey(Path::new(&folder), commands))
}

/// One line on the standard output, on its way before anything else happens.
fn say(line: &Value) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    // One write: a line that is seen is whole.
    out.write_all(format!("{line}\n").as_bytes())?;
    Ok(out.flush()?)
}

async fn obey(folder: &Path, mut commands: mpsc::UnboundedReceiver<String>) -> Result<(), Failure> {
    // A server over TLS has a certificate of the suite's own.
    let roots = std::env::var_os("PINGLI_TESTS_ROOT").map(std::fs::read).transpose()?;
    let config = ClientConfig {
        http: HttpConfig { extra_roots: roots.into_iter().collect(), ..HttpConfig::default() },
        keyring: Arc::new(FileKeyring(folder.join("key"))),
        passphrase_cost: PassphraseCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..ClientConfig::new(folder.join("data"))
    };
    let client = Client::start(config).await?;
    say(&json!({"did": "start"}))?;
    while let Some(line) = commands.recv().await {
        let command: Value = serde_json::from_str(&line)?;
        let outcome = match command["do"].as_str() {
            Some("work") => {
                let mut work = Work { client: &client, chance: Chance::new(command["seed"].as_u64().unwrap_or(0)) };
                for _ in 0..command["steps"].as_u64().unwrap_or(1) {
                    work.step().await?;
                }
                Value::Null
            }
            Some("settle") => json!(settle(&client).await),
            Some("try") => json!(try_once(&client, command["what"].as_str().unwrap_or_default()).await?),
            Some("quit") => {
                client.shut_down(false).await;
                return say(&json!({"did": "quit"}));
            }
            _ => return Err("an unknown command".into()),
        };
        say(&json!({"did": command["do"], "outcome": outcome}))?;
    }
    Ok(())
}

/// Sends and syncs until nothing waits but what is behind a refused act, and no download is under way.
/// Says what was left when it gave up.
async fn settle(client: &Client) -> Option<String> {
    let mut changes = client.subscribe();
    let mut last = String::new();
    for _ in 0..MOST_ROUNDS {
        let sent = client.send_now().await;
        let synced = client.sync_now().await;
        let rows = client.outbox().await.map(|view| view.rows).unwrap_or_default();
        let parked: Vec<_> = rows.iter().filter(|row| is_parked(row)).filter_map(|row| row.case.clone()).collect();
        let waits = |row: &&OutboxRow| !is_parked(row) && row.case.as_ref().is_none_or(|case| !parked.contains(case));
        let waiting = rows.iter().find(waits);
        let docket = client.docket().await.map(|view| view.rows).unwrap_or_default();
        let coming = docket.iter().find(|row| {
            matches!(row.state, RowState::Queued | RowState::Downloading { .. } | RowState::DownloadPaused { .. })
        });
        if sent.is_ok() && synced.is_ok() && waiting.is_none() && coming.is_none() {
            return None;
        }
        last = format!("{sent:?} {synced:?} {waiting:?} {:?}", coming.map(|row| &row.state));
        if waiting.is_none() && coming.is_some() {
            // The download says when it is over.
            let _ = tokio::time::timeout(std::time::Duration::from_millis(200), changes.recv()).await;
        }
    }
    Some(last)
}

/// Does one thing that needs an answer of the server; its code where that was no good.
async fn try_once(client: &Client, what: &str) -> Result<Option<String>, Failure> {
    let rows = client.docket().await?.rows;
    let seat = |wanted: fn(&DocketRow) -> bool| rows.iter().find(|row| wanted(row)).map(|row| row.seat.clone());
    match what {
        "accept" => {
            let seat = seat(|row| row.state == RowState::Offered).ok_or("an offered seat")?;
            let op: IntentId = new_id();
            client.accept_seat(op.clone(), seat).await?;
            client.send_now().await?;
            let rows = client.outbox().await?.rows;
            Ok(rows.into_iter().find(|row| row.id == op).and_then(|row| row.last_answer))
        }
        "pack" => {
            let mut changes = client.subscribe();
            let rests = |row: &DocketRow| {
                matches!(
                    row.state,
                    RowState::NotDownloaded | RowState::DownloadPaused { .. } | RowState::Damaged { .. }
                )
            };
            let seat = seat(rests).ok_or("an accepted seat that nothing is done about")?;
            client.make_offline(vec![seat.clone()]).await?;
            loop {
                let rows = client.docket().await?.rows;
                match rows.into_iter().find(|row| row.seat == seat).map(|row| row.state) {
                    Some(RowState::DownloadPaused { code } | RowState::Damaged { code }) => return Ok(Some(code)),
                    Some(RowState::ReadyOffline) | None => return Ok(None),
                    Some(_) => drop(changes.recv().await),
                }
            }
        }
        _ => Ok(client.sync_now().await.err().map(|error| error.code())),
    }
}

const fn is_parked(row: &OutboxRow) -> bool {
    matches!(row.state, IntentState::Parked { .. })
}

/// What a reviewer may do, by chance.
struct Work<'c> {
    client: &'c Client,
    chance: Chance,
}

impl Work<'_> {
    async fn step(&mut self) -> Result<(), Failure> {
        match self.chance.below(100) {
            0..22 => self.accept().await,
            22..46 => self.seal().await,
            46..60 => self.take_back().await,
            60..66 => self.leave(IntentKind::Return).await,
            66..71 => self.leave(IntentKind::Recuse).await,
            71..79 => self.donate().await,
            79..84 => self.cancel().await,
            84..88 => {
                let rows = self.outbox().await;
                let Some(row) = self.chance.one_of(&rows) else { return Ok(()) };
                noted("retry", self.client.retry_intent(row.id.clone()).await)
            }
            88..96 => noted("send", self.client.send_now().await),
            _ => noted("sync", self.client.sync_now().await),
        }
    }

    async fn outbox(&self) -> Vec<OutboxRow> {
        self.client.outbox().await.map(|view| view.rows).unwrap_or_default()
    }

    async fn seat(&mut self, wanted: impl Fn(&DocketRow) -> bool) -> Option<DocketRow> {
        let mut rows = self.client.docket().await.ok()?.rows;
        rows.retain(wanted);
        self.chance.one_of(&rows).cloned()
    }

    async fn accept(&mut self) -> Result<(), Failure> {
        let Some(row) = self.seat(|row| row.state == RowState::Offered).await else { return Ok(()) };
        let op: IntentId = new_id();
        meant(&op, "accept", Some(&row))?;
        answered(&op, self.client.accept_seat(op.clone(), row.seat).await)
    }

    async fn seal(&mut self) -> Result<(), Failure> {
        let Some(row) = self.seat(|row| row.state == RowState::ReadyOffline).await else {
            return self.accept().await;
        };
        let Ok(room) = self.client.open_case(row.seat.clone()).await else { return Ok(()) };
        let choice = room.document.case_type.options.first().map(|option| option.id.clone());
        let draft = Draft { choice, opinion: "因为聊天里写明了。".to_owned(), ..Draft::default() };
        let op: IntentId = new_id();
        meant(&op, "ballot", Some(&row))?;
        let sealed = self.client.seal_ballot(op.as_str().parse()?, row.seat, draft, false).await;
        answered(&op, sealed.map(|_| ()))
    }

    async fn take_back(&mut self) -> Result<(), Failure> {
        let rows: Vec<_> = self.outbox().await.into_iter().filter(|row| row.undoable).collect();
        let Some(row) = self.chance.one_of(&rows) else { return Ok(()) };
        let undone = match row.kind {
            IntentKind::Ballot => self.client.unseal(row.id.as_str().parse()?).await.map(|_| ()),
            _ => self.client.drop_intent(row.id.clone()).await,
        };
        match undone {
            Ok(()) => say(&json!({"undone": row.id})),
            Err(error) => refused(&row.id, &error),
        }
    }

    async fn leave(&mut self, how: IntentKind) -> Result<(), Failure> {
        let open = |row: &DocketRow| matches!(row.state, RowState::ReadyOffline | RowState::Offered);
        let Some(row) = self.seat(open).await else { return Ok(()) };
        let op: IntentId = new_id();
        if how == IntentKind::Return {
            meant(&op, "return", Some(&row))?;
            return answered(&op, self.client.return_seat(op.clone(), row.seat).await);
        }
        meant(&op, "recuse", Some(&row))?;
        answered(&op, self.client.recuse_seat(op.clone(), row.seat, RecuseReason::KnowsParty).await)
    }

    async fn donate(&mut self) -> Result<(), Failure> {
        let Ok(points) = self.client.points().await else { return Ok(()) };
        let open: Vec<_> = points.projects.iter().filter(|project| project.state == ProjectState::Open).collect();
        let Some(project) = self.chance.one_of(&open) else { return Ok(()) };
        let op: IntentId = new_id();
        meant(&op, "donate", None)?;
        let amount = Points::new(10)?;
        answered(&op, self.client.donate(op.as_str().parse()?, project.id.clone(), amount).await)
    }

    async fn cancel(&mut self) -> Result<(), Failure> {
        let Ok(points) = self.client.points().await else { return Ok(()) };
        let submitted = points.donations.iter().filter(|donation| donation.state == DonationState::Submitted);
        let mut donations: Vec<DonationId> = submitted.map(|donation| donation.id.clone()).collect();
        for row in self.outbox().await.iter().filter(|row| row.kind == IntentKind::Donate) {
            donations.push(row.id.as_str().parse()?);
        }
        let Some(donation) = self.chance.one_of(&donations) else { return Ok(()) };
        let op: IntentId = new_id();
        say(&json!({"meant": op, "kind": "cancel", "of": donation}))?;
        answered(&op, self.client.cancel_donation(op.clone(), donation.clone()).await)
    }
}

fn meant(op: &IntentId, kind: &str, seat: Option<&DocketRow>) -> Result<(), Failure> {
    say(&json!({"meant": op, "kind": kind, "of": seat.map(|row| &row.seat)}))
}

fn answered(op: &IntentId, outcome: Result<(), ClientError>) -> Result<(), Failure> {
    match outcome {
        Ok(()) => say(&json!({"acked": op})),
        Err(error) => refused(op, &error),
    }
}

fn refused(op: &IntentId, error: &ClientError) -> Result<(), Failure> {
    say(&json!({"refused": op, "code": error.code()}))
}

fn noted(what: &str, outcome: Result<(), ClientError>) -> Result<(), Failure> {
    match outcome {
        Ok(()) => Ok(()),
        Err(error) => say(&json!({"could_not": what, "code": error.code()})),
    }
}
