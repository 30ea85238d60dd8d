//! The case pack from outside: honest packs, hostile packs, keys.

mod hostile;
mod keys;
mod pack;
mod support;
