//! Which versions of a case's material the reviewer has read. A pack that was fetched anew may be
//! another one than the draft was written on (invariant 2): that is said, and sealing asks first.

use crate::{
    error::ClientError,
    open::Open,
    room::OpenRoom,
    view::{MaterialChange, RuleChange},
};
use pingli_protocol::SeatId;
use pingli_store::SeenKind;
use std::collections::BTreeSet;

/// A version of the material, as it is remembered. Versions sort as they follow each other.
struct Read<'a> {
    version: u32,
    sha256: &'a str,
    rule_version: &'a str,
}

fn key(seat: &SeatId, room: &OpenRoom) -> String {
    format!("{seat} {:010} {} {}", room.pack.version, room.sha256, room.document.case.rule_version)
}

fn parse<'a>(seat: &SeatId, key: &'a str) -> Option<Read<'a>> {
    let mut parts = key.strip_prefix(seat.as_str())?.strip_prefix(' ')?.splitn(3, ' ');
    let version = parts.next()?.parse().ok()?;
    Some(Read { version, sha256: parts.next()?, rule_version: parts.next()? })
}

/// What changed since the reviewer last read the case; nothing when it is the same or the first.
fn change_since(read: &BTreeSet<String>, seat: &SeatId, current: &str) -> Option<MaterialChange> {
    let current = parse(seat, current)?;
    let mut newest = None;
    for before in read.iter().filter_map(|key| parse(seat, key)) {
        if before.sha256 == current.sha256 {
            return None;
        }
        newest = Some(before);
    }
    let before = newest?;
    let rule = (before.rule_version != current.rule_version)
        .then(|| RuleChange { from: before.rule_version.to_owned(), to: current.rule_version.to_owned() });
    Some(MaterialChange { from_version: before.version, to_version: current.version, rule })
}

/// What changed since the reviewer last read the case. The first reading is remembered by asking.
pub(crate) fn change(open: &Open, seat: &SeatId, room: &OpenRoom) -> Result<Option<MaterialChange>, ClientError> {
    let (read, current) = (open.store.seen(SeenKind::Material)?, key(seat, room));
    let change = change_since(&read, seat, &current);
    if change.is_none() {
        open.store.mark_seen(SeenKind::Material, &current)?;
    }
    Ok(change)
}

/// Remembers that the reviewer goes on with the material as it is now.
pub(crate) fn accept(open: &Open, seat: &SeatId, room: &OpenRoom) -> Result<(), ClientError> {
    open.store.mark_seen(SeenKind::Material, &key(seat, room))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat() -> SeatId {
        SeatId::new("seat-1").expect("an id")
    }

    fn read(keys: &[&str]) -> BTreeSet<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn the_first_reading_and_the_same_again_are_no_change() {
        assert_eq!(change_since(&read(&[]), &seat(), "seat-1 0000000001 aa 2025"), None, "nothing was read before");
        let before = read(&["seat-1 0000000001 aa 2025", "seat-10 0000000001 bb 2024"]);
        assert_eq!(change_since(&before, &seat(), "seat-1 0000000001 aa 2025"), None, "it is the same");
    }

    #[test]
    fn another_pack_is_told_with_the_rule_where_that_changed() {
        let before = read(&["seat-1 0000000001 aa 2025 spring", "seat-1 0000000002 bb 2025 spring"]);
        let change = change_since(&before, &seat(), "seat-1 0000000003 cc 2025 spring");
        assert_eq!(change, Some(MaterialChange { from_version: 2, to_version: 3, rule: None }), "the same rule");
        let change = change_since(&before, &seat(), "seat-1 0000000003 cc 2026").expect("a change");
        let rule = RuleChange { from: "2025 spring".to_owned(), to: "2026".to_owned() };
        assert_eq!(change.rule, Some(rule), "a rule's version may have spaces in it");
    }

    #[test]
    fn another_seat_of_a_longer_name_is_not_this_one() {
        let before = read(&["seat-10 0000000001 bb 2024"]);
        assert_eq!(change_since(&before, &seat(), "seat-1 0000000001 aa 2025"), None, "seat-10 is somebody else's");
    }
}
