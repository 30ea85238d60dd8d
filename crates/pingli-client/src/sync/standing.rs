//! What the server's memory of the journal says about the journal here. Pure.

use pingli_protocol::{Sha256, journal::JournalHead};

/// The journal here. `receipts` is from before the server was asked, `newest` and `here` from after
/// its answer: what was sent in between makes neither of the two look set back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    /// The number of the newest link; 0 for none.
    pub(super) newest: i64,
    /// The hash of the link at the server's number; none where there is no such link.
    pub(super) here: Option<Sha256>,
    /// How many acts are done with a receipt given under this journal.
    pub(super) receipts: usize,
}

/// How the two stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The server was told of everything.
    Level,
    /// There are links here that it was not told of, as after every act.
    Ahead,
    /// The server was told of links that are not here: a lost tail, a restored backup, or another
    /// machine that goes on with a copy of this folder.
    SetBack,
    /// The server has fewer receipts than it gave: it was set back itself.
    ServerSetBack,
}

/// Compares the journal here with what the server knows of it. A copy that was set back comes first:
/// going on from there looks after receipts as well.
pub(super) fn compare(own: &Own, server: &JournalHead) -> Standing {
    // A link that is missing here has no hash here.
    if server.seq > 0 && own.here != Some(server.sha256) {
        Standing::SetBack
    } else if (server.receipts as usize) < own.receipts {
        Standing::ServerSetBack
    } else if own.newest > server.seq {
        Standing::Ahead
    } else {
        Standing::Level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_set_back_is_told_from_numbers_hashes_and_receipts() {
        let (ours, other) = (Sha256::of(b"ours"), Sha256::of(b"other"));
        let own = |newest, here, receipts| Own { newest, here, receipts };
        let server = |seq, sha256, receipts| JournalHead { seq, sha256, receipts };
        for (own, server, expected, why) in [
            (own(0, None, 0), JournalHead::UNKNOWN, Standing::Level, "nobody did anything"),
            (own(3, None, 0), JournalHead::UNKNOWN, Standing::Ahead, "it was never told"),
            (own(7, Some(ours), 2), server(7, ours, 2), Standing::Level, "told of everything"),
            (own(9, Some(ours), 2), server(7, ours, 2), Standing::Ahead, "acts since then, perhaps held or dropped"),
            (own(7, Some(ours), 1), server(7, ours, 2), Standing::Level, "an answer was lost on the way"),
            (own(6, None, 2), server(7, ours, 2), Standing::SetBack, "a link is missing here"),
            (own(0, None, 0), server(7, ours, 2), Standing::SetBack, "all of them are"),
            (own(7, Some(ours), 2), server(7, other, 2), Standing::SetBack, "another act in the same place: a fork"),
            (own(9, Some(ours), 2), server(7, other, 2), Standing::SetBack, "a fork, and acts since then"),
            (own(7, Some(ours), 3), server(7, ours, 2), Standing::ServerSetBack, "it gave three receipts"),
            (own(7, Some(ours), 3), server(5, ours, 2), Standing::ServerSetBack, "and knows fewer links"),
            (own(7, None, 1), JournalHead::UNKNOWN, Standing::ServerSetBack, "it forgot the whole journal"),
            (own(6, None, 9), server(7, ours, 2), Standing::SetBack, "both were set back: this one first"),
        ] {
            assert_eq!(compare(&own, &server), expected, "{why}");
        }
    }
}
