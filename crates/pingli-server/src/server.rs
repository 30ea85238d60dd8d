//! A running server: the accept loop with its timers, the scheduler, and the way to stop both.

use crate::{
    api,
    app::App,
    config::Config,
    error::{Error, Result},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::{JoinHandle, JoinSet},
};

/// Connections at once; more wait to be accepted.
const CONNECTIONS: usize = 4096;
/// How long running requests have to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub struct PeerAddress(pub SocketAddr);

/// Starts servers.
#[derive(Debug)]
pub struct Server;

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct RunningServer {
    /// The address, such as `http://127.0.0.1:7878`, without a slash at its end.
    pub url: String,
    /// The open server behind it, for use in the same process.
    pub app: Arc<App>,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    ticking: Option<JoinHandle<()>>,
}

impl Server {
    /// Opens the data folder, listens, and answers from then on.
    ///
    /// # Errors
    /// When the folder cannot be opened or the address is taken.
    pub async fn start(config: Config) -> Result<RunningServer> {
        let app = App::open(&config).await?;
        let listener =
            TcpListener::bind(config.listen).await.map_err(Error::file(format!("listen on {}", config.listen)))?;
        let address = listener.local_addr().map_err(Error::file("read the address listened on"))?;
        // Set once, before anything can ask for it.
        let _ = app.bound.set(address);
        let (stop, stopped) = watch::channel(false);
        let accepting = tokio::spawn(accept(listener, Arc::clone(&app), config.header_timeout, stopped.clone()));
        let ticking = config.tick.map(|every| tokio::spawn(keep_ticking(Arc::clone(&app), every, stopped)));
        Ok(RunningServer { url: format!("http://{address}"), app, stop, accepting, ticking })
    }
}

impl RunningServer {
    /// Stops taking connections, lets running requests end, and closes the database.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        // Push channels would otherwise be waited for.
        self.app.close_events();
        // A task that broke off has nothing left to wait for.
        let _ = (&mut self.accepting).await;
        if let Some(ticking) = self.ticking.take() {
            let _ = ticking.await;
        }
        self.app.db.close().await;
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.accepting.abort();
        if let Some(ticking) = &self.ticking {
            ticking.abort();
        }
    }
}

async fn keep_ticking(app: Arc<App>, every: Duration, mut stopped: watch::Receiver<bool>) {
    let mut interval = tokio::time::interval(every);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut newest = 0;
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            _ = stopped.changed() => return,
        }
        if let Err(error) = app.tick().await {
            tracing::error!(%error, "tick failed");
        }
        // Another process (an import, a new user) may have written to the same database.
        match app.newest_change().await {
            Ok(seq) if seq != newest => {
                newest = seq;
                app.wake();
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "tick failed"),
        }
    }
}

async fn accept(listener: TcpListener, app: Arc<App>, header_timeout: Duration, mut stopped: watch::Receiver<bool>) {
    let router = api::router(app);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (router, stopped) = (router.clone(), stopped.clone());
                connections.spawn(async move {
                    serve(stream, peer, router, header_timeout, stopped).await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: give others time to end.
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    // What has not ended by then is cut.
    let _ = tokio::time::timeout(GRACE, ended).await;
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: axum::Router,
    header_timeout: Duration,
    mut stopped: watch::Receiver<bool>,
) {
    // Answers are small and awaited: nothing is gained by waiting for more to send.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router.layer(axum::Extension(PeerAddress(peer))));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}
