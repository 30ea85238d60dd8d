//! Errors of the client, with their stable codes in one place. The window has one table from code
//! to sentence and action.

use crate::{remote::RemoteError, sign_in::SignInError, view::ErrorView};
use pingli_casepack::SignatureFault;
use pingli_protocol::{ballot::BallotFault, problem::ProblemCode};
use pingli_store::{
    StoreError,
    keys::{LockCause, UnlockError},
};

/// Why a verb did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The store is locked.
    #[error("the store is locked")]
    Locked,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignedOut,
    /// The session ended: the reviewer has to sign in again.
    #[error("the session ended")]
    SessionEnded,
    /// The sign-in did not go through.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The server's keys are not the ones that were pinned.
    #[error("the server's keys are not the ones that were pinned")]
    ServerKeys,
    /// The server did not answer, or answered that it will not.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// A signature is not the pinned key's.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// An id is not a UUIDv7 made in the window.
    #[error("the id is not a UUIDv7")]
    InvalidId,
    /// The pack is not here, or not checked yet.
    #[error("the case is not on this machine yet")]
    PackNotReady,
    /// The pack is not what the server signed: voting is locked.
    #[error("the pack is damaged: {0}")]
    PackDamaged(String),
    /// A piece of evidence is of a kind that this program does not know, or too large.
    #[error("the evidence does not read")]
    Unreadable,
    /// A newer search of the same log took the place of this one.
    #[error("a newer search took the place of this one")]
    Superseded,
    /// The server has a newer pack; look at it and confirm.
    #[error("the server has a newer pack of this case")]
    PackChanged,
    /// The lease ran out by the server's clock.
    #[error("the lease ran out")]
    LeaseOver,
    /// The seat is not one that this can be done with now.
    #[error("the seat is in another state")]
    SeatState,
    /// The seat's ballot is sealed already: in another window, or a moment ago.
    #[error("the ballot is sealed already")]
    AlreadySealed,
    /// The ballot is not valid for the case.
    #[error(transparent)]
    Ballot(#[from] BallotFault),
    /// The opinion cites what the case does not have. What it cites is the reviewer's, and not said.
    #[error("the opinion cites what the case does not have")]
    CitationUnknown,
    /// No option was chosen.
    #[error("no option was chosen")]
    ChoiceRequired,
    /// Nothing is kept here, so the act needs the server now; it certainly does not have it.
    #[error("nothing is kept here, and the server cannot be reached")]
    ServerNeeded,
    /// The server may have the act; its answer is asked for by the act's id.
    #[error("no answer came yet, and it is asked for")]
    AnswerAwaited,
    /// The act can no longer be taken back.
    #[error("the act can no longer be taken back")]
    NotUndoable,
    /// Not enough points are available.
    #[error("not enough points are available")]
    NotEnoughPoints,
    /// Fewer points than the minimum, or not in steps.
    #[error("fewer points than the minimum, or not in steps")]
    AmountNotAllowed,
    /// The project takes no donations now.
    #[error("the project takes no donations now")]
    ProjectNotOpen,
    /// The passphrase is not the one.
    #[error("the passphrase is not the one")]
    WrongPassphrase,
    /// The passphrase is too short.
    #[error("the passphrase is shorter than 8 characters")]
    PassphraseTooShort,
    /// What was locked is opened by the passphrase, not by the keyring.
    #[error("the passphrase is needed")]
    PassphraseRequired,
    /// Locking needs a passphrase: the keyring would open it for anybody.
    #[error("there is no passphrase to open it again")]
    LockNeedsPassphrase,
    /// The keyring does not hold the key, so the passphrase has to stay.
    #[error("the keyring does not hold the key")]
    KeyringRequired,
    /// The key is not at hand.
    #[error("the key is not at hand: {0:?}")]
    Key(LockCause),
    /// A picture cannot be shown.
    #[error("the picture cannot be shown: {0}")]
    Media(&'static str),
    /// A file could not be written.
    #[error("the file could not be written: {0}")]
    File(std::io::Error),
    /// A setting is out of its range.
    #[error("a setting is out of its range")]
    InvalidSetting,
    /// A stored or computed value is not one that can be.
    #[error("a value is not one that can be: {0}")]
    Inconsistent(&'static str),
    /// Work broke off inside the program.
    #[error("work broke off")]
    BrokenOff,
}

impl ClientError {
    /// A stable code. Codes of the server's problems are `problem_` and its own code.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Locked => "locked",
            Self::SignedOut => "signed_out",
            Self::SessionEnded => "session_ended",
            Self::SignIn(error) => return error.code(),
            Self::ServerKeys => "server_keys_changed",
            Self::Remote(error) => return error.code(),
            Self::Signature(fault) => fault.code(),
            Self::Store(error) => error.code(),
            Self::NotFound(_) => "not_found",
            Self::InvalidId => "id_invalid",
            Self::PackNotReady => "pack_not_ready",
            Self::PackDamaged(_) => "pack_damaged",
            Self::Unreadable => "evidence_unreadable",
            Self::Superseded => "superseded",
            Self::PackChanged => "pack_changed",
            Self::LeaseOver => "lease_over",
            Self::SeatState => "seat_state",
            Self::AlreadySealed => "already_sealed",
            Self::Ballot(fault) => return ballot_code(*fault),
            Self::CitationUnknown => "citation_unknown",
            Self::ChoiceRequired => "ballot_choice_required",
            Self::ServerNeeded => "server_needed",
            Self::AnswerAwaited => "answer_awaited",
            Self::NotUndoable => "not_undoable",
            Self::NotEnoughPoints => "not_enough_points",
            Self::AmountNotAllowed => "amount_not_allowed",
            Self::ProjectNotOpen => "project_not_open",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::PassphraseTooShort => "passphrase_too_short",
            Self::PassphraseRequired => "passphrase_required",
            Self::LockNeedsPassphrase => "lock_needs_passphrase",
            Self::KeyringRequired => "keyring_required",
            Self::Key(cause) => match cause {
                LockCause::KeyringLocked => "keyring_locked",
                LockCause::KeyringUnavailable => "keyring_unavailable",
                LockCause::KeyMissing => "key_missing",
                LockCause::WrongKey => "wrong_key",
                LockCause::DamagedHeader => "damaged_header",
            },
            Self::Media(code) => code,
            Self::File(_) => "file_failed",
            Self::InvalidSetting => "setting_invalid",
            Self::Inconsistent(_) => "inconsistent",
            Self::BrokenOff => "broken_off",
        }
        .to_owned()
    }

    /// The error as the window gets it.
    #[must_use]
    pub fn view(&self) -> ErrorView {
        ErrorView { code: self.code(), message: self.to_string(), retry: self.retry() }
    }

    /// Whether trying again may help.
    #[must_use]
    pub fn retry(&self) -> bool {
        match self {
            Self::Remote(error) => error.is_transient(),
            Self::Store(error) => error.retry(),
            Self::SignIn(_)
            | Self::File(_)
            | Self::WrongPassphrase
            | Self::BrokenOff
            | Self::ServerNeeded
            | Self::AnswerAwaited => true,
            Self::Key(cause) => matches!(cause, LockCause::KeyringLocked | LockCause::KeyringUnavailable),
            _ => false,
        }
    }
}

impl From<UnlockError> for ClientError {
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::Locked(cause) => Self::Key(cause),
            UnlockError::WrongPassphrase => Self::WrongPassphrase,
            UnlockError::Keyring(pingli_store::keys::KeyringFault::Locked) => Self::Key(LockCause::KeyringLocked),
            UnlockError::Keyring(_) => Self::Key(LockCause::KeyringUnavailable),
            UnlockError::Store(error) => Self::Store(error),
        }
    }
}

/// The code of a ballot's fault: `ballot_` and its name on the wire.
fn ballot_code(fault: BallotFault) -> String {
    format!("ballot_{}", wire_name(&fault))
}

/// The code of a server's problem: `problem_` and its name on the wire.
pub(crate) fn problem_code(code: ProblemCode) -> String {
    format!("problem_{}", wire_name(&code))
}

/// The name that a plain enum has on the wire.
fn wire_name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "unknown".to_owned(),
    }
}
