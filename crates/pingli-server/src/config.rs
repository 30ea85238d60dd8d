//! What an operator may set, and the rules of the game with their defaults in one table.

use crate::{
    clock::{Clock, SystemClock},
    error::{Error, Result},
};
use pingli_media::WorkerCommand;
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use url::Url;

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder; made when it is not there.
    pub data: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address that reviewers see, where it is not the one listened on.
    pub public_url: Option<Url>,
    /// The rules of the game.
    pub rules: GameRules,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// How often leases, windows and delays are looked at; none leaves it to [`crate::App::tick`].
    pub tick: Option<Duration>,
    /// How long the header of a request may take to arrive; idle connections end as well.
    pub header_timeout: Duration,
    /// How many acts may share one commit to the disk, at least 1: a bound for how long the first of
    /// them waits.
    pub group_commit: usize,
    /// How many writes an account may make.
    pub writes: WriteLimit,
    /// How media workers are started; none takes the running program, which must then call
    /// [`pingli_media::run_worker_if_asked`] first thing.
    pub media_worker: Option<WorkerCommand>,
    /// How the database is reached.
    pub database: DatabaseOptions,
}

/// How the database is reached; other than the default only for suites of faults.
#[derive(Debug, Clone, Default)]
pub struct DatabaseOptions {
    /// The file system, by the name under which SQLite knows it; none is the system's own.
    pub vfs: Option<String>,
    /// When a commit counts as done.
    pub synchronous: Synchronous,
}

/// When a commit counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// When it is on the disk: whatever was acknowledged survives a power cut.
    #[default]
    Full,
    /// When the system has it. Loses what was acknowledged; here to show that the suites see it.
    Normal,
}

impl Config {
    /// The defaults for a data folder and an address.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>, listen: SocketAddr) -> Self {
        Self {
            data: data.into(),
            listen,
            public_url: None,
            rules: GameRules::default(),
            clock: Arc::new(SystemClock),
            tick: Some(Duration::from_secs(1)),
            header_timeout: Duration::from_secs(15),
            group_commit: 64,
            writes: WriteLimit { burst: 1_000, per_second: 50 },
            media_worker: None,
            database: DatabaseOptions::default(),
        }
    }

    pub(crate) fn media_worker(&self) -> Result<WorkerCommand> {
        match &self.media_worker {
            Some(command) => Ok(command.clone()),
            None => WorkerCommand::this_program().map_err(Error::file("find the running program")),
        }
    }
}

/// A limit on the writes of one account: so many at once, and then so many a second, both at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteLimit {
    /// At once.
    pub burst: u32,
    /// A second.
    pub per_second: u32,
}

/// The numbers of the game that are the operator's to choose. Times are seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GameRules {
    /// Seats a reviewer may hold at once.
    pub open_seat_cap: u32,
    /// Points a reviewer may earn in a day.
    pub daily_points: i64,
    /// Where the day begins, in seconds east of UTC.
    pub day_offset: i64,
    /// Returns in the quota period that cost nothing; one more counts as a lapse.
    pub free_returns: u32,
    /// Recusals in the quota period before staff take a look.
    pub recusals: u32,
    /// Lapses in the quota period that freeze a standing.
    pub lapses: u32,
    /// The period that returns, recusals and lapses are counted in.
    pub quota_period: i64,
    /// How long a freeze lasts.
    pub freeze: i64,
    /// From the decision until it is final, unless the case type's route says at once.
    pub finality_delay: i64,
    /// How long a donation can be cancelled.
    pub cancel_window: i64,
    /// How long an access token is good.
    pub access_token: i64,
    /// How long an unused refresh token is good.
    pub refresh_token: i64,
    /// How long a refresh token stays good after it was changed for another.
    pub refresh_grace: i64,
    /// How long an authorization code is good.
    pub code: i64,
}

impl Default for GameRules {
    fn default() -> Self {
        const MINUTE: i64 = 60;
        const DAY: i64 = 24 * 3600;
        Self {
            open_seat_cap: 40,
            daily_points: 600,
            day_offset: 8 * 3600,
            free_returns: 10,
            recusals: 20,
            lapses: 5,
            quota_period: 30 * DAY,
            freeze: 7 * DAY,
            finality_delay: 2 * DAY,
            cancel_window: 10 * MINUTE,
            access_token: 15 * MINUTE,
            refresh_token: 90 * DAY,
            refresh_grace: 10 * MINUTE,
            code: 2 * MINUTE,
        }
    }
}

impl GameRules {
    /// The rules of the demo server: the same game with short delays.
    #[must_use]
    pub fn demo() -> Self {
        Self { finality_delay: 20, cancel_window: 20, ..Self::default() }
    }
}
