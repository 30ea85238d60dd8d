//! What crosses the wire between a reviewer's program and a judgment server, and the rules both
//! ends must agree on. Types and pure functions only: no I/O, no clock, no randomness.
//!
//! Times are instants in UTC ([`UtcInstant`]) or, where a person or a camera stated them, instants
//! with the offset kept ([`Stamp`]). Points, money and counts are integers and never exceed
//! 2^53 − 1. Ids are opaque strings; ids made by the client are UUIDv7 and serve as idempotency
//! keys.

pub mod ballot;
pub mod case;
pub mod case_type;
pub mod charity;
pub mod chat;
pub mod document;
pub mod evidence;
pub mod ids;
pub mod journal;
pub mod lang;
pub mod ledger;
pub mod limits;
pub mod money;
pub mod order;
pub mod problem;
pub mod seat;
pub mod server;
pub mod standing;
pub mod sync;
pub mod time;
pub mod verdict;
pub mod vote;

pub use ids::*;
pub use lang::{Lang, Localized};
pub use money::{Fen, Points};
pub use time::{Stamp, UtcInstant};

/// The version of the HTTP protocol that this crate speaks.
pub const PROTOCOL_VERSION: u32 = 1;

/// The version of the case document inside a pack that this crate writes and reads.
pub const CASE_FORMAT: u32 = 1;

/// The largest integer that may cross the wire: 2^53 − 1, the largest a window holds exactly.
pub const MAX_INTEGER: i64 = 9_007_199_254_740_991;

/// Writes a `Debug` that names the type and nothing inside it, for types that hold evidence.
macro_rules! private_debug {
    ($($name:ty),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), " {..}"))
            }
        }
    )+};
}
pub(crate) use private_debug;
