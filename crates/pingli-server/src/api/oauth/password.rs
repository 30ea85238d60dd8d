//! Passwords: argon2id, on a thread of their own, two at a time.

use crate::error::{Error, Result};
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Hashing takes 19 MiB each: more at once would let strangers fill the memory.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A hash that no password has, for names that do not exist: they take as long to refuse.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody").unwrap_or_default());

fn hash_now(password: &str) -> Result<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| Error::Broken(format!("hash a password: {e}")))
}

/// Hashes a password with a salt of its own.
///
/// # Errors
/// When there is no randomness or no memory.
pub async fn hash(password: &str) -> Result<String> {
    let password = password.to_owned();
    in_turn(move || hash_now(&password)).await?
}

/// Whether a password is the one behind a hash; without a hash the answer is no, as slowly.
///
/// # Errors
/// When the work cannot be done.
pub async fn verify(password: &str, hash: Option<String>) -> Result<bool> {
    let password = password.to_owned();
    in_turn(move || {
        let known = hash.is_some();
        let text = hash.unwrap_or_else(|| NOBODY.clone());
        let fits = PasswordHash::new(&text)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && fits
    })
    .await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = TURNS.acquire().await.map_err(|e| Error::Broken(e.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Broken(e.to_string()))
}
