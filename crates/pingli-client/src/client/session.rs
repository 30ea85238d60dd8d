//! Signing in and out, locking and unlocking, and the state of the whole program.

use super::{
    Client, Gate, SigningIn,
    lock::{LAST_CALL, last_call},
    unkept::sign_off,
};
use crate::{
    error::ClientError,
    open::{Open, lock},
    remote::build_http,
    server_clock::skew_seconds,
    sign_in::{SignInAttempt, SignInError},
    sync,
    view::{AppView, Connection, KeySlots, LockReason, ServerView, Stage, SyncView, Topic},
};
use pingli_store::{Account, IntentStatus, PackState};
use std::{path::Path, sync::Arc, time::Duration};

/// How long looking for a server on this machine takes at most.
const LOOK: Duration = Duration::from_secs(2);

impl Client {
    /// The state of the whole program. Where it is open and signed in, a link that waits is followed.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn app_status(&self) -> Result<AppView, ClientError> {
        // A header that this program cannot read is the reason for a lock, and says so there.
        let (keyring, passphrase) = self.inner.keys.slots().unwrap_or_default();
        let slots = KeySlots { keyring, passphrase };
        let locked = |stage| bare_view(stage, slots, &self.inner.config.data_dir);
        let stays_locked =
            |reason| Stage::Locked { reason, passphrase, may_keep_nothing: self.inner.may_keep_nothing(reason) };
        let open = match &*lock(&self.inner.gate) {
            Gate::Open(open) => Arc::clone(open),
            Gate::Opening => return Ok(locked(Stage::Opening)),
            Gate::Locked(reason) => return Ok(locked(stays_locked(*reason))),
        };
        let signing_in = {
            let signing_in = lock(&self.inner.signing_in);
            (signing_in.url.clone(), signing_in.error.clone())
        };
        let view = open.work(move |open| app_view(open, slots, signing_in)).await?;
        if matches!(view.stage, Stage::Ready | Stage::SignInAgain) {
            self.lead_on(&open).await;
        }
        Ok(view)
    }

    /// The address of a demo server on this machine, where one answers.
    pub async fn discover_server(&self) -> Option<String> {
        let address = self.inner.config.demo_server.clone();
        let http = build_http(&self.inner.config.http).ok()?;
        let look = crate::remote::describe(&http, &address);
        tokio::time::timeout(LOOK, look).await.ok()?.ok().map(|_| address)
    }

    /// Starts a sign-in: shows the server's page in the system browser. The result comes by the
    /// change stream.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] and [`ClientError::Locked`] among others.
    pub async fn sign_in(&self, server: &str) -> Result<AppView, ClientError> {
        let open = self.open()?;
        let _turn = self.inner.turn.lock().await;
        self.inner.stop_signing_in();
        lock(&self.inner.signing_in).error = None;
        let settings = open.settings()?;
        let address = crate::remote::server_address(server)?.as_str().trim_end_matches('/').to_owned();
        let pinned = open.store.pinned_keys(&address)?;
        let language = settings.language.unwrap_or(self.inner.config.language);
        let http = build_http(&self.inner.config.http_with(settings.proxy.clone()))?;
        let attempt = SignInAttempt::begin(http, &address, pinned.as_deref(), language).await?;
        let url = attempt.url().to_owned();
        let client = self.clone();
        let task = tokio::spawn(async move {
            let finished = attempt.finish(&client.inner.config.clock).await;
            client.end_sign_in(&open, finished).await;
        });
        *lock(&self.inner.signing_in) =
            SigningIn { url: Some(url.clone()), task: Some(task.abort_handle()), error: None };
        (self.inner.config.open_url)(&url);
        self.inner.news.changed([Topic::App]);
        self.app_status().await
    }

    /// Starts a sign-in to the demo server where nobody is signed in; for a first start by
    /// `./run`. What goes wrong is told by the state of the program.
    pub async fn sign_in_if_signed_out(&self) {
        let signed_out = matches!(self.app_status().await, Ok(AppView { stage: Stage::SignedOut, .. }));
        if signed_out
            && let Some(server) = self.discover_server().await
            && let Err(error) = self.sign_in(&server).await
        {
            tracing::warn!(%error, "the sign-in could not begin");
        }
    }

    async fn end_sign_in(&self, open: &Arc<Open>, finished: Result<crate::sign_in::SignedIn, SignInError>) {
        let kept = match finished {
            Ok(signed_in) => {
                open.work(move |open| {
                    let server_time = signed_in.description.server_time;
                    let account = Account {
                        server: signed_in.address,
                        description: signed_in.description,
                        keys: signed_in.keys,
                        profile: signed_in.profile,
                        has_session: true,
                        skew_seconds: skew_seconds(server_time, open.now()),
                        last_complete: None,
                    };
                    Ok(open.store.sign_in(&account, &signed_in.tokens)?)
                })
                .await
            }
            Err(error) => Err(ClientError::SignIn(error)),
        };
        let error = kept.as_ref().err().map(ClientError::code);
        if let Err(error) = kept {
            tracing::warn!(%error, "the sign-in did not go through");
        }
        *lock(&self.inner.signing_in) = SigningIn { url: None, task: None, error };
        open.hang_up();
        open.forget_server_clock();
        open.wake_sync.notify_one();
        open.wake_outbox.notify_one();
        self.inner.news.changed(Topic::ALL);
    }

    /// Gives a sign-in up.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn cancel_sign_in(&self) -> Result<AppView, ClientError> {
        self.inner.stop_signing_in();
        self.inner.news.changed([Topic::App]);
        self.app_status().await
    }

    /// Signs out, after an attempt to send what waits. Drafts and unsent acts are kept for when
    /// the same reviewer comes back. A session that keeps nothing ends with it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn sign_out(&self) -> Result<AppView, ClientError> {
        let open = self.open()?;
        if open.keeps_nothing {
            drop(open);
            return self.lock_now().await;
        }
        let _turn = self.inner.turn.lock().await;
        let mut revoked = false;
        if let Ok(remote) = open.remote() {
            last_call(&open).await;
            // Offline the server is told later.
            revoked = matches!(tokio::time::timeout(LAST_CALL, remote.revoke()).await, Ok(Ok(())));
        }
        open.work(move |open| Ok(open.store.sign_out(revoked)?)).await?;
        open.hang_up();
        open.leave_all_rooms();
        self.inner.news.changed(Topic::ALL);
        self.app_status().await
    }

    /// How many acts wait in the outbox; 0 while locked.
    pub async fn waiting_to_send(&self) -> u32 {
        match self.app_status().await {
            Ok(view) => view.waiting,
            Err(_) => 0,
        }
    }

    /// Ends the program's work; with `send`, after an attempt to send what waits. What is not sent
    /// goes at the next start.
    pub async fn shut_down(&self, send: bool) {
        if let Ok(open) = self.open() {
            if send {
                last_call(&open).await;
            }
            if open.keeps_nothing {
                sign_off(&open).await;
            }
            let _ = open.work(|open| Ok(open.store.checkpoint()?)).await;
        }
        self.close(LockReason::ByReviewer);
    }

    /// Brings the mirror up to date.
    ///
    /// # Errors
    /// [`ClientError::Remote`] among others.
    pub async fn sync_now(&self) -> Result<(), ClientError> {
        sync::sync(&self.open()?).await
    }
}

/// What is to be seen of a program that shows nothing.
fn bare_view(stage: Stage, key_slots: KeySlots, data_folder: &Path) -> AppView {
    AppView {
        stage,
        profile: None,
        standing: None,
        server: None,
        sync: SyncView { connection: Connection::Unknown, last_complete: None, error: None },
        waiting: 0,
        parked: 0,
        open_seats: 0,
        new_verdicts: 0,
        offline_cases: 0,
        offline_bytes: 0,
        version: crate::VERSION.to_owned(),
        key_slots,
        data_folder: data_folder.display().to_string(),
        recovery: None,
        keeps_nothing: false,
    }
}

fn app_view(
    open: &Open,
    key_slots: KeySlots,
    (signing_in, sign_in_error): (Option<String>, Option<String>),
) -> Result<AppView, ClientError> {
    let account = open.store.account()?;
    let (connection, error) = {
        let line = open.line();
        (line.connection.unwrap_or(Connection::Unknown), line.error.clone())
    };
    let stage = match (&account, signing_in) {
        (_, Some(url)) => Stage::SigningIn { url },
        (None, None) => Stage::SignedOut,
        (Some(account), None) if !account.has_session => Stage::SignInAgain,
        (Some(_), None) => Stage::Ready,
    };
    let mut view = AppView {
        sync: SyncView {
            connection,
            last_complete: account.as_ref().and_then(|account| account.last_complete),
            error: sign_in_error.or(error),
        },
        recovery: crate::recovery::view(open)?,
        keeps_nothing: open.keeps_nothing,
        ..bare_view(stage, key_slots, &open.config.data_dir)
    };
    let Some(account) = account else { return Ok(view) };
    let intents = open.store.open_intents()?;
    let parked = intents.iter().filter(|intent| matches!(intent.status, IntentStatus::Parked { .. })).count();
    let packs = open.store.packs()?;
    let ready = packs.iter().filter(|pack| pack.state == PackState::Ready).count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    view.waiting = count(intents.len() - parked);
    view.parked = count(parked);
    view.open_seats = count(open.store.seats()?.iter().filter(|seat| seat.state.is_open()).count());
    view.new_verdicts = crate::verdicts::new_verdicts(open)?;
    view.standing = crate::charity::standing(open).ok().map(|standing| standing.state);
    view.offline_cases = count(ready);
    view.offline_bytes = i64::try_from(open.store.evidence_bytes()).unwrap_or(i64::MAX);
    view.profile = Some(account.profile);
    view.server = Some(ServerView { url: account.server, name: account.description.name, skew_seconds: open.skew() });
    Ok(view)
}
