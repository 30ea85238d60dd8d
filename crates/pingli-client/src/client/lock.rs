//! Opening and locking: what opens the store, what closes it, and the watch over a window that nobody
//! sits before.

use super::{Ask, Client, Gate, Inner, UNDER_WAY, end};
use crate::{
    error::ClientError,
    open::{Open, lock},
    outbox,
    view::{AppView, LockReason, Notice, Topic},
};
use pingli_store::{IntentStatus, StoreError, keys::UnlockError};
use std::{
    path::PathBuf,
    sync::{Arc, Weak},
    time::Duration,
};
use zeroize::Zeroizing;

/// The shortest passphrase, in characters.
const SHORTEST_PASSPHRASE: usize = 8;

/// How long locking and quitting wait for what can still be sent.
pub(super) const LAST_CALL: Duration = Duration::from_secs(8);

impl Client {
    /// Opens the store: with a passphrase, or by asking the keyring again. What was locked by the
    /// reviewer, or because nobody was there, needs the passphrase.
    ///
    /// # Errors
    /// [`ClientError::WrongPassphrase`], [`ClientError::Key`] among others.
    pub async fn unlock(&self, passphrase: Option<String>) -> Result<AppView, ClientError> {
        let passphrase = passphrase.map(Zeroizing::new);
        let _turn = self.inner.turn.lock().await;
        let ask = match passphrase {
            None if self.inner.needs_passphrase()? => return Err(ClientError::PassphraseRequired),
            None => Ask::KeyringAgain,
            Some(passphrase) => {
                let first = !pingli_store::Store::exists(&self.inner.config.data_dir);
                if first && too_short(&passphrase) {
                    return Err(ClientError::PassphraseTooShort);
                }
                Ask::Passphrase(passphrase)
            }
        };
        self.open_with(ask).await?;
        self.app_status().await
    }

    /// Locks the store, or ends a session that keeps nothing. The window sees nothing from then on; what
    /// waits in the outbox still gets a last call, and what does not get through is told by a notice.
    ///
    /// # Errors
    /// [`ClientError::Locked`] when it is locked already; [`ClientError::LockNeedsPassphrase`] when
    /// nothing but the keyring would open it, because then it would open for anybody.
    pub async fn lock_now(&self) -> Result<AppView, ClientError> {
        self.lock_for(LockReason::ByReviewer).await?;
        self.app_status().await
    }

    async fn lock_for(&self, reason: LockReason) -> Result<(), ClientError> {
        let keeps_nothing = match &*lock(&self.inner.gate) {
            Gate::Open(open) => open.keeps_nothing,
            Gate::Opening | Gate::Locked(_) => return Err(ClientError::Locked),
        };
        if !keeps_nothing {
            if !self.inner.keys.slots()?.1 {
                return Err(ClientError::LockNeedsPassphrase);
            }
            self.inner.remember_lock()?;
        }
        // The gate first: somebody who waits for a silent server may have the turn.
        let Some(open) = self.shut(reason) else { return Err(ClientError::Locked) };
        let _turn = self.inner.turn.lock().await;
        self.inner.stop_signing_in();
        if keeps_nothing {
            self.end_session(open).await;
            return Ok(());
        }
        last_call(&open).await;
        let notice = open.work(still_waiting).await;
        end(open, UNDER_WAY).await;
        if let Ok(Some(notice)) = notice {
            self.inner.news.notice(notice);
        }
        Ok(())
    }

    /// Notes that the reviewer is before the window. When the time had run out already, it locks
    /// instead: a machine that slept is not opened by the hand that woke it.
    ///
    /// # Errors
    /// [`ClientError`] when locking failed.
    pub async fn still_here(&self) -> Result<(), ClientError> {
        let clock = &*self.inner.config.clock;
        if self.inner.idle.is_over(clock) {
            return match self.lock_for(LockReason::Idle).await {
                Ok(()) | Err(ClientError::Locked) => Ok(()),
                Err(error) => Err(error),
            };
        }
        self.inner.idle.seen(clock);
        Ok(())
    }

    /// Sets, changes or removes the recovery passphrase. Without one nothing can be locked, so the
    /// time after which it locks goes with it. A first one in a session that keeps nothing keeps it.
    ///
    /// # Errors
    /// [`ClientError::WrongPassphrase`] when `current` is needed and is not it;
    /// [`ClientError::KeyringRequired`] when the last slot would go.
    pub async fn set_passphrase(
        &self,
        passphrase: Option<String>,
        current: Option<String>,
    ) -> Result<AppView, ClientError> {
        let (passphrase, current) = (passphrase.map(Zeroizing::new), current.map(Zeroizing::new));
        let _turn = self.inner.turn.lock().await;
        let open = self.open()?;
        if passphrase.as_ref().is_some_and(|new| too_short(new)) {
            return Err(ClientError::PassphraseTooShort);
        }
        if open.keeps_nothing {
            drop(open);
            let passphrase = passphrase.ok_or(ClientError::KeyringRequired)?;
            self.keep_session(passphrase).await?;
            return self.app_status().await;
        }
        let removed = passphrase.is_none();
        open.work(move |open| {
            if open.keys.slots()?.1 {
                open.keys.check_passphrase(current.as_ref().map_or("", |current| current))?;
            }
            match passphrase {
                Some(new) => open.keys.set_passphrase(&open.key, &new)?,
                None => {
                    open.keys.remove_passphrase(&open.key).map_err(|error| match error {
                        UnlockError::Locked(_) | UnlockError::Keyring(_) => ClientError::KeyringRequired,
                        error => error.into(),
                    })?;
                    crate::settings::never_lock(open)?;
                }
            }
            Ok(())
        })
        .await?;
        if removed {
            self.inner.idle.lock_after(0);
        }
        self.inner.news.changed([Topic::App]);
        self.app_status().await
    }

    /// Puts the key into the keyring of this desktop, so that the next start needs no passphrase.
    ///
    /// # Errors
    /// [`ClientError::Key`]: the keyring is of no use, or has another key under the same name.
    pub async fn keep_in_keyring(&self) -> Result<AppView, ClientError> {
        let _turn = self.inner.turn.lock().await;
        let open = self.open()?;
        open.work(|open| Ok(open.keys.keep_in_keyring(&open.key)?)).await?;
        self.inner.news.changed([Topic::App]);
        self.app_status().await
    }

    /// Watches over the open store until it is locked. Holds the client weakly between its rounds.
    pub(super) fn watch_over(&self, open: &Arc<Open>) {
        let (inner, open) = (Arc::downgrade(&self.inner), Arc::downgrade(open));
        tokio::spawn(async move {
            loop {
                let Some(idle) =
                    inner.upgrade().map(|inner| (Arc::clone(&inner.idle), Arc::clone(&inner.config.clock)))
                else {
                    return;
                };
                idle.0.wait(&*idle.1).await;
                match (Weak::upgrade(&inner), open.strong_count()) {
                    (Some(inner), 1..) => {
                        if idle.0.is_over(&*idle.1)
                            && let Err(error) = Self::of(inner).lock_for(LockReason::Idle).await
                        {
                            tracing::warn!(%error, "the program could not be locked");
                            idle.0.lock_after(0);
                        }
                    }
                    _ => return,
                }
            }
        });
    }
}

impl Inner {
    /// That it was locked outlives the program: starting again opens nothing.
    fn lock_mark(&self) -> PathBuf {
        self.config.data_dir.join("locked")
    }

    fn remember_lock(&self) -> Result<(), ClientError> {
        std::fs::write(self.lock_mark(), []).map_err(|error| StoreError::from(error).into())
    }

    pub(super) fn forget_lock(&self) -> Result<(), ClientError> {
        match std::fs::remove_file(self.lock_mark()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::from(error).into()),
            _ => Ok(()),
        }
    }

    /// Whether only the passphrase may open it: it was locked, and there is one.
    pub(super) fn needs_passphrase(&self) -> Result<bool, ClientError> {
        Ok(self.lock_mark().exists() && self.keys.slots()?.1)
    }
}

fn too_short(passphrase: &str) -> bool {
    passphrase.chars().count() < SHORTEST_PASSPHRASE
}

/// Sends what waits, holds included, but not for ever.
pub(super) async fn last_call(open: &Arc<Open>) {
    let waits = open.work(|open| Ok(!open.store.open_intents()?.is_empty())).await.unwrap_or(false);
    if waits && tokio::time::timeout(LAST_CALL, outbox::send_all_now(open)).await.is_err() {
        tracing::info!("what waits goes at the next start");
    }
}

/// What a notice says of the ballots that wait.
fn still_waiting(open: &Open) -> Result<Option<Notice>, ClientError> {
    let mut ballots = match open.store.open_intents() {
        Err(StoreError::NoAccount) => return Ok(None),
        intents => intents?,
    };
    ballots.retain(|act| act.kind == outbox::kind::BALLOT && !matches!(act.status, IntentStatus::Parked { .. }));
    let count = u32::try_from(ballots.len()).unwrap_or(u32::MAX);
    let due = ballots.iter().filter_map(|act| act.due).min();
    Ok((count > 0).then_some(Notice::BallotsWait { count, due }))
}
