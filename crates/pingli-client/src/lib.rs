//! The reviewer's core: session, docket, evidence, timeline, outbox, sync and ledger, without any
//! window.

pub mod timeline;
pub mod view;
