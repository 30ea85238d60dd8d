//! What can go wrong on the way to a server and back, and whether trying again may help. Decided
//! here and nowhere else (reliability: transient and permanent answers).

use pingli_protocol::problem::ProblemCode;
use std::time::Duration;

/// Why a server did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// There was no way to the server: the request never left.
    #[error("there is no connection to the server: {0}")]
    NoConnection(String),
    /// Its machine answered that nobody listens there: the request never left.
    #[error("nobody listens at the server's address: {0}")]
    NotListening(String),
    /// The server's certificate is not one to trust: nothing was sent.
    #[error("the server's certificate is not to be trusted: {0:?}")]
    Certificate(CertificateFault),
    /// No secure connection came about for another reason: nothing was sent.
    #[error("no secure connection came about: {0}")]
    Tls(String),
    /// The line broke before a whole answer was there: the server may have the request.
    #[error("the connection broke: {0}")]
    Unreachable(String),
    /// No whole answer came in time: the server may have the request.
    #[error("no whole answer came in time: {0}")]
    TimedOut(String),
    /// It cannot answer now.
    #[error("the server cannot answer now (status {status})")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// How long it asks to wait, at most an hour.
        retry_after: Option<Duration>,
        /// Whether it is the judgment server that says so. What stands before it says the same when an
        /// answer got lost on the way back.
        own_word: bool,
    },
    /// The network wants a sign-in of its own first: a captive portal answered.
    #[error("a captive portal answered: {0}")]
    Portal(String),
    /// Somebody answered who is no judgment server.
    #[error("the answer is not a judgment server's: {0}")]
    NotAServer(String),
    /// The answer is a judgment server's but does not read: cut short, damaged, or against the rules.
    #[error("the answer does not read: {0}")]
    NotUnderstood(String),
    /// The session ended: the tokens are no longer good.
    #[error("the session ended")]
    SignedOut,
    /// It said no, for good.
    #[error("the server refused ({status}, {code:?})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The problem's code.
        code: ProblemCode,
        /// What the server said. Not part of the message, which goes to the log.
        detail: String,
    },
    /// The address must not be used: plain HTTP beyond this machine, or not an address.
    #[error("the address cannot be used: {0}")]
    BadAddress(String),
    /// What came could not be kept on this machine.
    #[error("what came could not be kept: {0}")]
    Local(String),
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault {
    /// It ran out, or this machine's clock is ahead.
    Expired,
    /// It is not valid yet, or this machine's clock is behind.
    NotYetValid,
    /// It is for another host.
    OtherHost,
    /// Nobody who is trusted vouches for it: self-signed, or a network that reads along.
    UnknownIssuer,
    /// Anything else.
    Invalid,
}

impl RemoteError {
    /// The stable code for the window.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::NoConnection(_) => "offline",
            Self::NotListening(_) => "server_down",
            Self::Certificate(fault) => match fault {
                CertificateFault::Expired => "certificate_expired",
                CertificateFault::NotYetValid => "certificate_not_yet_valid",
                CertificateFault::OtherHost => "certificate_other_host",
                CertificateFault::UnknownIssuer => "certificate_unknown_issuer",
                CertificateFault::Invalid => "certificate_invalid",
            },
            Self::Tls(_) => "tls_failed",
            Self::Unreachable(_) => "connection_broken",
            Self::TimedOut(_) => "timeout",
            // It asks for patience; any other 5xx says that it does not work.
            Self::Busy { status: 408 | 425 | 429 | 503, .. } => "server_busy",
            Self::Busy { .. } => "server_down",
            Self::Portal(_) => "captive_portal",
            Self::NotAServer(_) => "not_a_judgment_server",
            Self::NotUnderstood(_) => "answer_unreadable",
            Self::SignedOut => "session_ended",
            Self::Refused { code, .. } => return crate::error::problem_code(*code),
            Self::BadAddress(_) => "bad_address",
            Self::Local(_) => "storage_failed",
        }
        .to_owned()
    }

    /// Whether the same request may go through later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::NoConnection(_)
            | Self::NotListening(_)
            | Self::Certificate(_)
            | Self::Tls(_)
            | Self::Unreachable(_)
            | Self::TimedOut(_)
            | Self::Busy { .. }
            | Self::Portal(_)
            | Self::NotAServer(_)
            | Self::NotUnderstood(_)
            | Self::Local(_) => true,
            Self::SignedOut | Self::Refused { .. } | Self::BadAddress(_) => false,
        }
    }

    /// Whether the server may have taken the request in although no useful answer came.
    #[must_use]
    pub const fn may_have_arrived(&self) -> bool {
        match self {
            // A portal or a stranger may stand behind the answer alone: asking first costs little.
            Self::Unreachable(_)
            | Self::TimedOut(_)
            | Self::Portal(_)
            | Self::NotAServer(_)
            | Self::NotUnderstood(_)
            | Self::Local(_) => true,
            Self::Busy { own_word: false, .. } => true,
            Self::Busy { status, .. } => !matches!(*status, 408 | 425 | 429 | 503),
            Self::NoConnection(_)
            | Self::NotListening(_)
            | Self::Certificate(_)
            | Self::Tls(_)
            | Self::SignedOut
            | Self::Refused { .. }
            | Self::BadAddress(_) => false,
        }
    }

    /// How long the server asks to wait.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl From<reqwest::Error> for RemoteError {
    fn from(error: reqwest::Error) -> Self {
        // The address is in the error's text and may carry a cursor; the log needs neither.
        let error = error.without_url();
        let causes = Causes::of(&error);
        if error.is_builder() {
            Self::BadAddress(causes.text)
        } else if let Some(tls) = causes.tls {
            match tls {
                rustls::Error::InvalidCertificate(fault) => Self::Certificate(certificate_fault(&fault)),
                _ if error.is_connect() => Self::Tls(causes.text),
                // In the middle of an exchange: what was sent may have arrived.
                _ => Self::Unreachable(causes.text),
            }
        } else if error.is_connect() {
            if causes.refused { Self::NotListening(causes.text) } else { Self::NoConnection(causes.text) }
        } else if error.is_timeout() {
            Self::TimedOut(causes.text)
        } else {
            Self::Unreachable(causes.text)
        }
    }
}

/// What lies at the bottom of an error.
#[derive(Default)]
struct Causes {
    text: String,
    tls: Option<rustls::Error>,
    refused: bool,
}

impl Causes {
    fn of(error: &reqwest::Error) -> Self {
        let mut found = Self { text: error.to_string(), ..Self::default() };
        let mut next = std::error::Error::source(error);
        while let Some(inner) = next {
            found.text = format!("{}: {inner}", found.text);
            found.look_at(inner);
            next = inner.source();
        }
        found
    }

    /// An I/O error hides what it wraps from `source`, and may wrap another.
    fn look_at(&mut self, error: &(dyn std::error::Error + 'static)) {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            self.tls = Some(tls.clone());
        } else if let Some(io) = error.downcast_ref::<std::io::Error>() {
            self.refused |= io.kind() == std::io::ErrorKind::ConnectionRefused;
            if let Some(wrapped) = io.get_ref() {
                self.look_at(wrapped);
            }
        }
    }
}

const fn certificate_fault(error: &rustls::CertificateError) -> CertificateFault {
    use rustls::CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => CertificateFault::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => CertificateFault::NotYetValid,
        E::NotValidForName | E::NotValidForNameContext { .. } => CertificateFault::OtherHost,
        E::UnknownIssuer => CertificateFault::UnknownIssuer,
        _ => CertificateFault::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_network_no_server_and_no_trust_are_told_apart() {
        let text = String::new;
        let busy = |status| RemoteError::Busy { status, retry_after: None, own_word: true };
        for (error, code, arrived) in [
            (RemoteError::NoConnection(text()), "offline", false),
            (RemoteError::NotListening(text()), "server_down", false),
            (RemoteError::Certificate(CertificateFault::Expired), "certificate_expired", false),
            (RemoteError::Tls(text()), "tls_failed", false),
            (RemoteError::Unreachable(text()), "connection_broken", true),
            (RemoteError::TimedOut(text()), "timeout", true),
            (RemoteError::Portal(text()), "captive_portal", true),
            (RemoteError::NotAServer(text()), "not_a_judgment_server", true),
            (RemoteError::NotUnderstood(text()), "answer_unreadable", true),
            (busy(429), "server_busy", false),
            (busy(503), "server_busy", false),
            (busy(502), "server_down", true),
            (busy(520), "server_down", true),
        ] {
            assert_eq!((error.code().as_str(), error.may_have_arrived()), (code, arrived), "{error}");
            assert!(error.is_transient(), "{error} parks nothing");
        }
    }
}
