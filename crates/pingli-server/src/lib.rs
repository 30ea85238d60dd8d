//! The judgment server: hands out cases, counts ballots and keeps the ledger.
