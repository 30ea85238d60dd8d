//! The desktop program's entry.
fn main() {}
