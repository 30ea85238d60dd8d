//! The game: who is drawn, what a ballot does, when a case is decided, and what follows for
//! standing, points and charity. Decisions are pure functions; around them each act is a sequence
//! inside one transaction that its caller commits.

pub mod ballot;
pub mod charity;
pub mod damage;
pub mod draw;
pub(crate) mod once;
pub mod panel;
pub mod standing;
pub mod tally;
pub mod tick;
