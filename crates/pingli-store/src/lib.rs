//! The encrypted database and evidence blobs of one reviewer on one machine.
