//! A session that keeps nothing: it begins where there is neither keyring nor data, its key is in memory
//! alone, and its folder goes with it. Setting a passphrase keeps it.

use super::{Client, Gate, Inner, UNDER_WAY, end, lock::last_call};
use crate::{
    error::ClientError,
    open::{Open, Opened, lock},
    view::{AppView, LockReason, Settings, Topic},
};
use pingli_store::{Store, StoreError, UnkeptFolder, keys::DataKey};
use std::{sync::Arc, time::Duration};
use zeroize::Zeroizing;

/// Minutes after which the session ends when nobody is there; the reviewer may change it.
const ENDS_AFTER_MINUTES: u32 = 15;

/// How long the end waits for the server to take the session's tokens back.
const SIGN_OFF: Duration = Duration::from_secs(2);

impl Client {
    /// Begins a session that keeps nothing, where the keyring is of no use and there is no data.
    ///
    /// # Errors
    /// [`ClientError::Locked`] where it may not begin; [`ClientError::Store`].
    pub async fn keep_nothing(&self) -> Result<AppView, ClientError> {
        let _turn = self.inner.turn.lock().await;
        let may = match &*lock(&self.inner.gate) {
            Gate::Locked(reason) => self.inner.may_keep_nothing(*reason),
            Gate::Opening | Gate::Open(_) => false,
        };
        if !may {
            return Err(ClientError::Locked);
        }
        let inner = Arc::clone(&self.inner);
        let begun = tokio::task::spawn_blocking(move || inner.begin_session()).await;
        self.enter(begun.unwrap_or(Err(ClientError::BrokenOff))?).await?;
        self.app_status().await
    }

    /// Ends a session that was shut, and leaves nothing of it. Somebody holds the turn.
    pub(super) async fn end_session(&self, open: Arc<Open>) {
        last_call(&open).await;
        sign_off(&open).await;
        end(open, UNDER_WAY).await;
    }

    /// Keeps the session: its key goes behind a passphrase, its database to where data is. Somebody holds
    /// the turn.
    pub(super) async fn keep_session(&self, passphrase: Zeroizing<String>) -> Result<(), ClientError> {
        let open = self.take_open()?;
        open.stop();
        let folder = if open.is_alone(UNDER_WAY).await { open.take_session() } else { None };
        let Some(folder) = folder else {
            open.start();
            self.lock_when_damaged(&open);
            *lock(&self.inner.gate) = Gate::Open(open);
            self.inner.news.changed(Topic::ALL);
            return Err(ClientError::BrokenOff);
        };
        let key = open.key.clone();
        // The store is closed here.
        drop(open);
        let inner = Arc::clone(&self.inner);
        let kept = tokio::task::spawn_blocking(move || inner.move_session(key, folder, &passphrase)).await;
        let entered = match kept.unwrap_or(Err(ClientError::BrokenOff)) {
            Ok((opened, kept)) => self.enter(opened).await.and(kept),
            Err(error) => Err(error),
        };
        if matches!(&*lock(&self.inner.gate), Gate::Opening) {
            self.stay_locked(LockReason::StoreFailed);
        }
        entered
    }
}

impl Inner {
    /// Whether a session that keeps nothing may begin when it is locked for this reason.
    pub(super) fn may_keep_nothing(&self, reason: LockReason) -> bool {
        matches!(reason, LockReason::KeyringUnavailable | LockReason::SessionOver)
            && self.keys.may_keep_nothing().unwrap_or(false)
    }

    fn begin_session(&self) -> Result<Opened, ClientError> {
        let key = self.keys.session_key()?;
        let folder = UnkeptFolder::make(&self.config.data_dir, &|bytes| self.config.randomness.fill(bytes))?;
        let store = Store::open(folder.path(), &key)?;
        let settings = Settings { lock_after_minutes: ENDS_AFTER_MINUTES, ..Settings::default() };
        store.put_value("settings", &serde_json::to_string(&settings).map_err(StoreError::from)?)?;
        Ok(Opened { key, store, session: Some(folder) })
    }

    /// Moves a closed session. Answers with what is open afterwards, kept or as it was, and why it was
    /// not kept.
    fn move_session(
        &self,
        key: DataKey,
        folder: UnkeptFolder,
        passphrase: &str,
    ) -> Result<(Opened, Result<(), ClientError>), ClientError> {
        let data = &self.config.data_dir;
        let kept = self.keys.keep_session_key(&key, passphrase).map_err(ClientError::from).and_then(|()| {
            folder.keep_in(data).inspect_err(|_| self.keys.forget_session_key()).map_err(ClientError::from)
        });
        let session = if kept.is_ok() { None } else { Some(folder) };
        let store = Store::open(session.as_ref().map_or(data, |folder| folder.path()), &key)?;
        Ok((Opened { key, store, session }, kept))
    }
}

/// Lets the server take the session's tokens back; offline they run out by themselves.
pub(super) async fn sign_off(open: &Open) {
    if let Ok(remote) = open.remote() {
        let _ = tokio::time::timeout(SIGN_OFF, remote.revoke()).await;
    }
}
