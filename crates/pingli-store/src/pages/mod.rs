//! Reads the encrypted database's file and its log page by page, without SQLite: for salvage from a
//! damaged one, and to look at what is really on the disk. Nothing is written, nothing decrypted
//! leaves memory, and no bytes, however broken, make it fail.

mod cell;
mod cipher;
mod record;
mod source;
mod wal;

pub(crate) use cell::Kind;
pub(crate) use cipher::PAGE;
pub(crate) use record::Value;
pub(crate) use source::{Pages, Row};

#[cfg(test)]
mod tests;
