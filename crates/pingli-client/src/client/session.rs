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
    sign_in::{SignInAttempt, SignInError, SignedIn},
    sync,
    view::{AppView, Connection, KeySlots, LockReason, ServerView, Stage, SyncView, Topic},
};
use pingli_store::{Account, IntentStatus, PackState};
use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// How long looking for a server on this machine takes at most.
const LOOK: Duration = Duration::from_secs(2);

/// How long the end of the program waits for what is still under way.
const AT_THE_END: Duration = Duration::from_millis(500);

impl Client {
    /// The state of the whole program. Where it is open and signed in, a link that waits is followed.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn app_status(&self) -> Result<AppView, ClientError> {
        // A header that this program cannot read is the reason for a lock, and says so there.
        let (keyring, passphrase) = self.inner.keys.slots().unwrap_or_default();
        let slots = KeySlots { keyring, passphrase };
        let stays_locked =
            |reason| Stage::Locked { reason, passphrase, may_keep_nothing: self.inner.may_keep_nothing(reason) };
        let (serial, open) = {
            let gate = lock(&self.inner.gate);
            // Under the gate's lock: a view from before a lock has a lower number than any after it.
            let serial = self.inner.views.fetch_add(1, Ordering::Relaxed);
            let closed = match &*gate {
                Gate::Open(open) => Ok(Arc::clone(open)),
                Gate::Opening => Err(Stage::Opening),
                Gate::Locked(reason) => Err(stays_locked(*reason)),
            };
            match closed {
                Ok(open) => (serial, open),
                Err(stage) => return Ok(AppView { serial, ..bare_view(stage, slots, &self.inner.config.data_dir) }),
            }
        };
        let signing_in = {
            let signing_in = lock(&self.inner.signing_in);
            (signing_in.url.clone(), signing_in.error.clone())
        };
        let view = open.work(move |open| Ok(AppView { serial, ..app_view(open, slots, signing_in)? })).await?;
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
        let _turn = self.inner.turn.lock().await;
        let open = self.open()?;
        self.inner.stop_signing_in();
        lock(&self.inner.signing_in).error = None;
        let settings = open.settings()?;
        let address = crate::remote::server_address(server)?.as_str().trim_end_matches('/').to_owned();
        let pinned = open.store.pinned_keys(&address)?;
        let language = settings.language.unwrap_or(self.inner.config.language);
        let http = build_http(&self.inner.config.http_with(settings.proxy.clone()))?;
        let begun = SignInAttempt::begin(http, &address, pinned.as_deref(), language);
        let attempt = open.while_open(async { Ok(begun.await?) }).await?;
        drop(open);
        let url = attempt.url().to_owned();
        let (client, page) = (self.clone(), url.clone());
        let task = tokio::spawn(async move {
            let finished = attempt.finish(&client.inner.config.clock).await;
            // From here on it is not stopped: it stops itself where it has to.
            tokio::spawn(async move { client.end_sign_in(&page, finished).await });
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

    /// Keeps what came of the sign-in that began with this page, unless it was given up meanwhile.
    async fn end_sign_in(&self, page: &str, finished: Result<SignedIn, SignInError>) {
        let _turn = self.inner.turn.lock().await;
        if lock(&self.inner.signing_in).url.as_deref() != Some(page) {
            return;
        }
        let kept = match finished {
            Ok(signed_in) => self.keep_sign_in(signed_in).await,
            Err(error) => Err(ClientError::SignIn(error)),
        };
        let error = kept.as_ref().err().map(ClientError::code);
        if let Err(error) = kept {
            tracing::warn!(%error, "the sign-in did not go through");
        }
        *lock(&self.inner.signing_in) = SigningIn { url: None, task: None, error };
        if let Ok(open) = self.open() {
            open.wake_sync.notify_one();
            open.wake_outbox.notify_one();
        }
        self.inner.news.changed(Topic::ALL);
    }

    async fn keep_sign_in(&self, signed_in: SignedIn) -> Result<(), ClientError> {
        let open = self.open()?;
        let account = Account {
            skew_seconds: skew_seconds(signed_in.description.server_time, open.now()),
            server: signed_in.address,
            description: signed_in.description,
            keys: signed_in.keys,
            profile: signed_in.profile,
            has_session: true,
            last_complete: None,
        };
        let tokens = signed_in.tokens;
        let another = |before: Account| before.server != account.server || before.profile.id != account.profile.id;
        if open.store.account()?.is_some_and(another) {
            drop(open);
            return self.reopen(move |store| Ok(store.sign_in(&account, &tokens)?)).await;
        }
        open.work(move |open| Ok(open.store.sign_in(&account, &tokens)?)).await?;
        open.hang_up();
        open.forget_server_clock();
        Ok(())
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
        let _turn = self.inner.turn.lock().await;
        let open = self.open()?;
        if open.keeps_nothing {
            drop(open);
            if let Some(open) = self.shut(LockReason::SessionOver) {
                self.end_session(open).await;
            }
            return self.app_status().await;
        }
        self.inner.stop_signing_in();
        let mut revoked = false;
        if let Ok(remote) = open.remote() {
            last_call(&open).await;
            // Offline the server is told later.
            revoked = matches!(tokio::time::timeout(LAST_CALL, remote.revoke()).await, Ok(Ok(())));
        }
        drop(open);
        self.reopen(move |store| Ok(store.sign_out(revoked)?)).await?;
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
        let session_ends = matches!(&*lock(&self.inner.gate), Gate::Locked(LockReason::SessionOver));
        if session_ends {
            // It leaves nothing, and what it still has to send is nowhere else.
            let _ = tokio::time::timeout(LAST_CALL, self.inner.turn.lock()).await;
        }
        if let Ok(open) = self.open() {
            if send {
                last_call(&open).await;
            }
            if open.keeps_nothing {
                sign_off(&open).await;
            }
            let _ = open.work(|open| Ok(open.store.checkpoint()?)).await;
        }
        self.close(LockReason::ByReviewer, AT_THE_END).await;
    }

    /// Brings the mirror up to date.
    ///
    /// # Errors
    /// [`ClientError::Remote`] among others.
    pub async fn sync_now(&self) -> Result<(), ClientError> {
        let open = self.open()?;
        open.while_open(sync::sync(&open)).await
    }
}

/// What is to be seen of a program that shows nothing.
fn bare_view(stage: Stage, key_slots: KeySlots, data_folder: &Path) -> AppView {
    AppView {
        serial: 0,
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
