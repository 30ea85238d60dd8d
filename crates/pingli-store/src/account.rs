//! The reviewer's account on a server: session, pinned keys, tokens.

use crate::{Store, StoreError, database::put_value};
use pingli_protocol::{
    UtcInstant,
    server::{ServerDescription, ServerKey},
    standing::Profile,
};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// An account on a server.
#[derive(Debug, Clone)]
pub struct Account {
    /// The server's address.
    pub server: String,
    /// What the server says of itself.
    pub description: ServerDescription,
    /// Its signing keys, pinned at sign-in.
    pub keys: Vec<ServerKey>,
    /// Who it is.
    pub profile: Profile,
    /// Whether there are tokens; else the reviewer has to sign in again.
    pub has_session: bool,
    /// The server's clock less this machine's, in seconds.
    pub skew_seconds: i64,
    /// When the mirror was last known complete.
    pub last_complete: Option<UtcInstant>,
}

/// The tokens of a session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct StoredTokens {
    /// The access token.
    pub access: String,
    /// The refresh token, good for one change.
    pub refresh: String,
    /// Until when the access token is good, milliseconds of this machine's clock.
    pub expires_at: i64,
}

impl StoredTokens {
    /// As they are kept; wiped from memory afterwards.
    fn text(&self) -> Result<Zeroizing<String>, StoreError> {
        Ok(Zeroizing::new(serde_json::to_string(self)?))
    }
}

impl std::fmt::Debug for StoredTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoredTokens {..}")
    }
}

/// A session that ended here without its server hearing of it: its refresh token would be good for
/// months. It is kept as the token was before, encrypted, until the server was told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Revocation {
    /// Where the server takes it.
    pub endpoint: String,
    /// Who asks.
    pub client_id: String,
    /// The refresh token of the session.
    pub refresh: String,
}

impl std::fmt::Debug for Revocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Revocation {..}")
    }
}

/// The value that they are kept in.
const REVOCATIONS: &str = "revocations";
/// The most that wait; the oldest run out by themselves.
const MOST_REVOCATIONS: usize = 16;

impl Store {
    /// Signs an account in: it and its tokens are kept, and it is the one all other verbs speak of.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sign_in(&self, account: &Account, tokens: &StoredTokens) -> Result<(), StoreError> {
        let id = self.transact(|tx| {
            let known = tx.query_row(
                "select 1 from account where server = ?1 and reviewer = ?2",
                params![account.server, account.profile.id.as_str()],
                |_| Ok(()),
            );
            let is_new = known.optional()?.is_none();
            let id: i64 = tx.query_row(
                "insert into account (server, reviewer, description, keys, profile, tokens, skew)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 on conflict (server, reviewer) do update set description = excluded.description,
                     keys = excluded.keys, profile = excluded.profile, tokens = excluded.tokens, skew = excluded.skew
                 returning id",
                params![
                    account.server,
                    account.profile.id.as_str(),
                    serde_json::to_string(&account.description)?,
                    serde_json::to_string(&account.keys)?,
                    serde_json::to_string(&account.profile)?,
                    tokens.text()?.as_str(),
                    account.skew_seconds,
                ],
                |row| row.get(0),
            )?;
            if is_new {
                adopt(tx, id)?;
            }
            put_value(tx, "account", &id.to_string())?;
            Ok(id)
        })?;
        self.set_account_id(id);
        Ok(())
    }

    /// The account that is signed in, or whose session ended.
    ///
    /// # Errors
    /// [`StoreError`], but not [`StoreError::NoAccount`].
    pub fn account(&self) -> Result<Option<Account>, StoreError> {
        let Ok(id) = self.account_id() else { return Ok(None) };
        let row = self
            .lock()
            .query_row(
                "select server, description, keys, profile, tokens is not null, skew, last_complete
                 from account where id = ?1",
                [id],
                |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get::<_, String>(1)?,
                        row.get::<_, String>(2)?,
                        row.get::<_, String>(3)?,
                        row.get::<_, bool>(4)?,
                        row.get::<_, i64>(5)?,
                        row.get::<_, Option<i64>>(6)?,
                    ))
                },
            )
            .optional()?;
        let Some((server, description, keys, profile, has_session, skew_seconds, last_complete)) = row else {
            return Ok(None);
        };
        Ok(Some(Account {
            server,
            description: serde_json::from_str(&description)?,
            keys: serde_json::from_str(&keys)?,
            profile: serde_json::from_str(&profile)?,
            has_session,
            skew_seconds,
            last_complete: last_complete.map(UtcInstant::from_millis),
        }))
    }

    /// The keys that were pinned when somebody signed in to this server before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pinned_keys(&self, server: &str) -> Result<Option<Vec<ServerKey>>, StoreError> {
        let keys: Option<String> = self
            .lock()
            .query_row("select keys from account where server = ?1 order by id limit 1", [server], |row| row.get(0))
            .optional()?;
        Ok(keys.map(|keys| serde_json::from_str(&keys)).transpose()?)
    }

    /// Takes what the server says of itself now: its description, its keys, its clock.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_server(
        &self,
        description: &ServerDescription,
        keys: &[ServerKey],
        skew_seconds: i64,
    ) -> Result<(), StoreError> {
        let id = self.account_id()?;
        self.execute(
            "update account set description = ?2, keys = ?3, skew = ?4 where id = ?1",
            params![id, serde_json::to_string(description)?, serde_json::to_string(keys)?, skew_seconds],
        )?;
        Ok(())
    }

    /// Keeps the difference between the server's clock and this machine's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_skew(&self, seconds: i64) -> Result<(), StoreError> {
        let id = self.account_id()?;
        self.execute("update account set skew = ?2 where id = ?1 and skew <> ?2", params![id, seconds])?;
        Ok(())
    }

    /// The session's tokens, while there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tokens(&self) -> Result<Option<StoredTokens>, StoreError> {
        let id = self.account_id()?;
        let text: Option<String> =
            self.lock().query_row("select tokens from account where id = ?1", [id], |row| row.get(0))?;
        let text = text.map(Zeroizing::new);
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// Keeps new tokens, or ends the session, where the refresh token is still `was`; answers whether
    /// it was. An answer that comes late must not take the place of a newer session.
    ///
    /// # Errors
    /// [`StoreError`]; then the old ones stay.
    pub fn replace_tokens(&self, was: &str, tokens: Option<&StoredTokens>) -> Result<bool, StoreError> {
        let id = self.account_id()?;
        let text = tokens.map(StoredTokens::text).transpose()?;
        let text = text.as_ref().map(|text| text.as_str());
        self.transact(|tx| {
            let now: Option<String> =
                tx.query_row("select tokens from account where id = ?1", [id], |row| row.get(0))?;
            let now = now.map(Zeroizing::new).map(|text| serde_json::from_str::<StoredTokens>(&text)).transpose()?;
            if now.is_none_or(|now| now.refresh != was) {
                return Ok(false);
            }
            tx.execute("update account set tokens = ?2 where id = ?1", params![id, text])?;
            Ok(true)
        })
    }

    /// Signs out: the session ends and nobody is signed in. Drafts and unsent acts stay for when
    /// the same reviewer comes back. A session that the server was not told the end of is kept among
    /// [`Store::revocations`], until it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sign_out(&self, revoked: bool) -> Result<(), StoreError> {
        let id = self.account_id()?;
        self.transact(|tx| {
            let (tokens, description): (Option<String>, String) =
                tx.query_row("select tokens, description from account where id = ?1", [id], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            if let Some(tokens) = tokens.map(Zeroizing::new).filter(|_| !revoked) {
                let tokens: StoredTokens = serde_json::from_str(&tokens)?;
                let ServerDescription { sign_in, .. } = serde_json::from_str(&description)?;
                let mut waiting = revocations(tx)?;
                waiting.push(Revocation {
                    endpoint: sign_in.revocation_endpoint,
                    client_id: sign_in.client_id,
                    refresh: tokens.refresh.clone(),
                });
                let first = waiting.len().saturating_sub(MOST_REVOCATIONS);
                keep_revocations(tx, &waiting[first..])?;
            }
            tx.execute("update account set tokens = null where id = ?1", [id])?;
            put_value(tx, "account", "0")
        })?;
        self.set_account_id(0);
        Ok(())
    }

    /// Sessions that ended here and not yet at their server.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn revocations(&self) -> Result<Vec<Revocation>, StoreError> {
        revocations(&self.lock())
    }

    /// A session has ended at its server, too, or that server knows nothing of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn is_revoked(&self, refresh: &str) -> Result<(), StoreError> {
        self.transact(|tx| {
            let mut waiting = revocations(tx)?;
            waiting.retain(|one| one.refresh != refresh);
            keep_revocations(tx, &waiting)
        })
    }
}

fn revocations(connection: &Connection) -> Result<Vec<Revocation>, StoreError> {
    let found = connection.query_row("select value from meta where key = ?1", [REVOCATIONS], |row| row.get(0));
    let text: Option<Zeroizing<String>> = found.optional()?.map(Zeroizing::new);
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
}

fn keep_revocations(tx: &Transaction<'_>, waiting: &[Revocation]) -> Result<(), StoreError> {
    put_value(tx, REVOCATIONS, Zeroizing::new(serde_json::to_string(waiting)?).as_str())
}

/// Gives what was saved from a damaged database, and belongs to an account whose own row was lost, to
/// the first reviewer who signs in anew. Its acts are parked: the reviewer decides about each.
fn adopt(tx: &Transaction<'_>, id: i64) -> Result<(), StoreError> {
    for table in
        ["intent", "draft", "receipt", "forgotten_receipt", "seat_local", "seen", "evidence_opened", "case_key", "pack"]
    {
        tx.execute(
            &format!(
                "update or ignore {table} set account = ?1 where account in (select id from account where server = '')"
            ),
            [id],
        )?;
    }
    Ok(())
}
