//! Adding reviewers.

use crate::{
    api::oauth::password,
    app::App,
    court::standing,
    db::{
        accounts::{self, Account, AccountState},
        feed,
    },
    error::{Error, Result},
};
use pingli_protocol::{ReviewerId, problem::ProblemCode, standing::Profile, sync::ChangeBody};

impl App {
    /// Adds a reviewer who may sign in with a name and a password.
    ///
    /// # Errors
    /// `invalid_request` when the name is empty, too long or taken.
    pub async fn add_user(&self, name: &str, display_name: &str, password: &str) -> Result<ReviewerId> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
            return Err(Error::invalid("a name has 1 to 64 characters"));
        }
        if password.is_empty() || password.len() > 1024 {
            return Err(Error::invalid("a password has 1 to 1024 bytes"));
        }
        let now = self.now();
        let account = Account {
            id: ReviewerId::from(uuid::Uuid::new_v4()),
            display_name: display_name.trim().to_owned(),
            password_hash: password::hash(password).await?,
            state: AccountState::Good,
            created_at: now,
            frozen_since: None,
            frozen_until: None,
        };
        let mut tx = self.db.write().await?;
        if !accounts::add(&mut tx, name, &account).await? {
            return Err(Error::refused(ProblemCode::InvalidRequest, format!("the name {name} is taken")));
        }
        let profile = Profile { id: account.id.clone(), display_name: account.display_name.clone(), member_since: now };
        let audience = feed::Audience::One(&account.id);
        feed::put(&mut tx, audience, account.id.as_str(), &ChangeBody::Profile(profile)).await?;
        standing::publish(self, &mut tx, &account.id, now).await?;
        self.commit(tx).await?;
        Ok(account.id)
    }

    /// Gives a reviewer another password.
    ///
    /// # Errors
    /// `not_found` when there is no such name.
    pub async fn set_password(&self, name: &str, password: &str) -> Result<()> {
        let hash = password::hash(password).await?;
        let mut tx = self.db.write().await?;
        if !accounts::set_password(&mut tx, name.trim(), &hash).await? {
            return Err(Error::not_found("user"));
        }
        self.commit(tx).await
    }

    /// Whether a name is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_user(&self, name: &str) -> Result<bool> {
        Ok(accounts::by_name(&mut *self.db.read().await?, name.trim()).await?.is_some())
    }
}
