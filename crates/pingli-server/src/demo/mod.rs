//! The demo: a server on this machine, a user to sign in as, and a population of simulated
//! reviewers who act through the public API alone. What the demo user's history shows was made at
//! the start, by the demo account voting and giving through that same API on three small generated
//! example cases.

mod generated;
mod opinion;
mod person;
mod population;

use crate::{
    config::{Config, GameRules},
    error::{Error, Result},
    intake::{ImportReport, Imported},
    server::{RunningServer, Server},
};
pub use generated::{LARGE_MESSAGES, MOST_MESSAGES};
use person::Person;
use pingli_media::WorkerCommand;
use pingli_protocol::{
    DonationId, Points, ProjectId,
    charity::{Donation, DonationRequest},
};
use population::{Habits, Population};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// The demo user's name.
pub const USER: &str = "demo";
/// The demo user's password; the demo listens on this machine only.
pub const PASSWORD: &str = "demo";

/// What to show.
#[derive(Debug, Clone)]
pub struct DemoPlan {
    /// The data folder.
    pub data: PathBuf,
    /// Where to listen; a loopback address.
    pub listen: SocketAddr,
    /// Intake folders to import.
    pub dockets: Vec<PathBuf>,
    /// Simulated reviewers.
    pub reviewers: u32,
    /// Seconds between two ballots of the population on one case.
    pub pace: f64,
    /// Seconds that most of the population leaves a case to the demo user.
    pub patience: f64,
    /// Whether to add the large generated case, and with how many messages, at most
    /// [`MOST_MESSAGES`].
    pub large: Option<u32>,
    /// How media workers are started; see [`Config::media_worker`].
    pub media_worker: Option<WorkerCommand>,
}

/// A demo that runs until it is stopped.
#[derive(Debug)]
pub struct RunningDemo {
    server: RunningServer,
    population: JoinSet<()>,
}

impl RunningDemo {
    /// The server's address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// The server itself.
    #[must_use]
    pub const fn server(&self) -> &RunningServer {
        &self.server
    }

    /// Sends the population home and stops the server.
    pub async fn stop(mut self) {
        self.population.shutdown().await;
        self.server.stop().await;
    }
}

/// Starts a demo; it is ready to be signed in to when this returns.
///
/// # Errors
/// When the data folder, the address or a docket cannot be used.
pub async fn start(plan: DemoPlan) -> Result<RunningDemo> {
    if !plan.listen.ip().is_loopback() {
        return Err(Error::Broken("the demo listens on this machine only".into()));
    }
    let mut config = Config::new(&plan.data, plan.listen);
    config.rules = GameRules::demo();
    config.media_worker = plan.media_worker.clone();
    let server = Server::start(config).await?;
    let desk_id_is_new = account(&server, USER, "演示用户", PASSWORD).await?;
    let mut names = Vec::new();
    for n in 1..=plan.reviewers {
        let (name, password) = (format!("sim-{n:02}"), uuid::Uuid::new_v4().to_string());
        account(&server, &name, &format!("模拟评审员 {n:02}"), &password).await?;
        names.push((name, password));
    }
    let mut desk = Person::sign_in(&server.url, USER, PASSWORD).await?;
    let mut people = Vec::new();
    for (name, password) in &names {
        people.push(Person::sign_in(&server.url, name, password).await?);
    }
    if desk_id_is_new {
        make_history(&server, &mut desk, &mut people).await?;
    }
    for docket in &plan.dockets {
        report(&server.app.import(docket).await?);
    }
    if let Some(messages) = plan.large
        && !server.app.has_case(generated::LARGE).await?
    {
        let folder = generated::scratch(&plan.data, "large")?;
        generated::write_large_case(folder.path(), messages.clamp(1, MOST_MESSAGES))?;
        report(&server.app.import(folder.path()).await?);
    }
    let habits = Habits { pace: plan.pace, patience: Duration::from_secs_f64(plan.patience), waits: true };
    let shared = Arc::new(Population::new(habits)?);
    let mut population = JoinSet::new();
    population.spawn(Arc::clone(&shared).watch_desk(desk));
    let mut seeds = StdRng::from_rng(&mut rand::rng());
    for person in people {
        population.spawn(Arc::clone(&shared).live(person, seeds.random()));
    }
    Ok(RunningDemo { server, population })
}

/// Makes sure of an account; true when it is new.
async fn account(server: &RunningServer, name: &str, display_name: &str, password: &str) -> Result<bool> {
    if server.app.has_user(name).await? {
        server.app.set_password(name, password).await?;
        return Ok(false);
    }
    server.app.add_user(name, display_name, password).await?;
    Ok(true)
}

/// Gives the demo user a past: everybody, the demo account too, votes on three small generated
/// cases, and the demo account gives ten points.
async fn make_history(server: &RunningServer, desk: &mut Person, people: &mut [Person]) -> Result<()> {
    let panel = u32::try_from(people.len() + 1).unwrap_or(u32::MAX);
    let folder = generated::scratch(server.app.files.root(), "history")?;
    generated::write_history(folder.path(), panel)?;
    report(&server.app.import(folder.path()).await?);
    let habits = Habits { pace: 0.0, patience: Duration::ZERO, waits: false };
    let everybody = Population::new(habits)?;
    let mut rng = StdRng::from_rng(&mut rand::rng());
    everybody.vote_on_all(desk, &mut rng).await?;
    for person in people {
        everybody.vote_on_all(person, &mut rng).await?;
    }
    // Points are posted when a case is final, which a look at the clock finds; the next one may be late.
    server.app.tick().await?;
    let project = ProjectId::new("free-lunch").map_err(|e| Error::Broken(e.to_string()))?;
    let points = Points::from(10);
    let gift = DonationRequest { id: DonationId::from(uuid::Uuid::now_v7()), project, points };
    desk.post::<Donation>("/api/v1/donations", &gift).await?;
    Ok(())
}

fn report(report: &ImportReport) {
    for (name, became) in &report.cases {
        match became {
            Imported::Opened(id) => tracing::info!(%id, "case opened"),
            Imported::Amended(id, version) => tracing::info!(%id, version, "case amended"),
            Imported::Unchanged(id) => tracing::info!(%id, "case unchanged"),
            Imported::Refused(fault) => tracing::warn!(case = %name, %fault, "case refused"),
        }
    }
}
