//! The open server: database, files, keys, clock and rules, shared by routes, scheduler and
//! commands.

use crate::{
    api::{limits::Limits, oauth::attempts::Attempts},
    clock::Clock,
    config::{Config, GameRules},
    db::{self, Conn, Db, Tx, feed},
    error::{Error, Result},
    files::Files,
    intake::known_signers,
    keys::Keys,
};
use futures_util::future::BoxFuture;
use pingli_media::WorkerPool;
use pingli_protocol::{Localized, UtcInstant, case_type::CaseType, charity::Project, sync::ChangeBody};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{OnceCell, watch};
use url::Url;

/// The case types that come with the server.
pub(crate) const CASE_TYPES: &str = include_str!("../seed/case-types.json");
/// The charity projects that come with the server.
pub(crate) const PROJECTS: &str = include_str!("../seed/projects.json");

/// An open judgment server.
pub struct App {
    /// The database.
    pub db: Db,
    /// Packs and evidence.
    pub files: Files,
    /// The signing keys.
    pub keys: Keys,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The rules of the game.
    pub rules: GameRules,
    /// The workers that turn pictures into pixels.
    pub(crate) media: WorkerPool,
    /// Failed sign-ins.
    pub(crate) attempts: Attempts,
    /// Writes of each account.
    pub(crate) limits: Limits,
    /// The address given by the operator.
    pub(crate) public_url: Option<Url>,
    /// The address listened on, once it is known.
    pub(crate) bound: OnceCell<SocketAddr>,
    wake: watch::Sender<i64>,
    closing: AtomicBool,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl App {
    /// Opens a data folder: makes what is missing, and brings case types and projects up to what
    /// comes with this server.
    ///
    /// # Errors
    /// When the folder, the database or the keys cannot be opened.
    pub async fn open(config: &Config) -> Result<Arc<Self>> {
        let files = Files::open(&config.data)?;
        let keys = Keys::open(&config.data, config.clock.now())?;
        let db = Db::open(&config.data.join("pingli.sqlite"), config.group_commit, &config.database).await?;
        let app = Self {
            db,
            files,
            keys,
            media: WorkerPool::new(config.media_worker()?, 2).trusting(known_signers(&config.data)?),
            clock: Arc::clone(&config.clock),
            rules: config.rules.clone(),
            attempts: Attempts::default(),
            limits: Limits::new(config.writes),
            public_url: config.public_url.clone(),
            bound: OnceCell::new(),
            wake: watch::Sender::new(0),
            closing: AtomicBool::new(false),
        };
        let mut tx = app.db.write().await?;
        let types: Vec<CaseType> = serde_json::from_str(CASE_TYPES)?;
        let projects: Vec<Project> = serde_json::from_str(PROJECTS)?;
        for case_type in &types {
            put_case_type(&mut tx, case_type).await?;
        }
        for project in &projects {
            db::charity::put_project(&mut tx, project).await?;
            crate::court::charity::publish_project(&mut tx, &project.id).await?;
        }
        app.commit(tx).await?;
        Ok(Arc::new(app))
    }

    /// What the clock says.
    #[must_use]
    pub fn now(&self) -> UtcInstant {
        self.clock.now()
    }

    /// Commits, then wakes whoever waits for changes.
    ///
    /// # Errors
    /// When the disk refuses; then nothing was kept.
    pub async fn commit(&self, tx: Tx) -> Result<()> {
        tx.commit().await?;
        self.wake.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Does a piece of work in a transaction that it may share with others ([`Db::batch`]), then wakes
    /// whoever waits for changes.
    ///
    /// # Errors
    /// The work's own; then nothing of it was kept. [`Error::NotCommitted`] when the disk refused.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T>> + Send + 'static,
    ) -> Result<T> {
        let done = self.db.batch(work).await?;
        self.wake();
        Ok(done)
    }

    /// Tells of every commit made here, and of those by other processes a tick later.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<i64> {
        self.wake.subscribe()
    }

    /// Ends every push channel, because the server stops.
    pub(crate) fn close_events(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.wake();
    }

    /// Whether the server stops.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Wakes whoever waits, because another process may have written.
    pub(crate) fn wake(&self) {
        self.wake.send_modify(|count| *count += 1);
    }

    /// The place of the newest change of all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_change(&self) -> Result<i64> {
        feed::newest_of_all(&mut *self.db.read().await?).await
    }

    /// The server's name, as it describes itself.
    #[must_use]
    pub fn name(&self) -> Localized {
        Localized::new("评理判定中心", "Pingli judgment server")
    }
}

/// Stores a case type after checking it, and tells everybody.
///
/// # Errors
/// When its vote system cannot work, or the database fails.
pub(crate) async fn put_case_type(conn: &mut Conn, case_type: &CaseType) -> Result<()> {
    case_type.vote_system.check().map_err(|e| Error::Broken(format!("case type {}: {e}", case_type.code)))?;
    db::cases::put_type(conn, case_type).await?;
    let body = ChangeBody::CaseType(Box::new(case_type.clone()));
    feed::put(conn, feed::Audience::Everybody, case_type.code.as_str(), &body).await
}
