//! One draft written in two windows: each saves what it has with what it had before, and what the other
//! wrote since stays beside it. Field by field, and piece by piece inside a field; where both changed the
//! very same thing, the later writer's stands, and of two texts nothing is dropped that can be kept.

use crate::view::{Draft, Note};

/// What comes of a window's changes (`base` to `mine`) on top of what is kept by now.
pub(crate) fn merge(base: &Draft, mine: &Draft, kept: &Draft) -> Draft {
    // Reasons are reasons for a choice: the two are one thing.
    let vote = |draft: &Draft| (draft.choice.clone(), draft.reason_codes.clone());
    let (choice, reason_codes) = later(&vote(base), &vote(mine), &vote(kept));
    Draft {
        choice,
        reason_codes,
        opinion: text(&base.opinion, &mine.opinion, &kept.opinion),
        findings: list(&base.findings, &mine.findings, &kept.findings, |one| one.issue.clone(), later),
        matrix: list(
            &base.matrix,
            &mine.matrix,
            &kept.matrix,
            |cell| (cell.issue.clone(), cell.evidence.clone()),
            later,
        ),
        evidence_findings: list(
            &base.evidence_findings,
            &mine.evidence_findings,
            &kept.evidence_findings,
            |one| one.evidence.clone(),
            later,
        ),
        notes: list(&base.notes, &mine.notes, &kept.notes, |note| note.id.clone(), note),
        confidence: later(&base.confidence, &mine.confidence, &kept.confidence),
        dismissed: list(&base.dismissed, &mine.dismissed, &kept.dismissed, Clone::clone, later),
    }
}

/// The later writer's, where it changed anything.
fn later<T: Clone + PartialEq>(base: &T, mine: &T, kept: &T) -> T {
    if mine == base { kept.clone() } else { mine.clone() }
}

fn note(base: &Note, mine: &Note, kept: &Note) -> Note {
    Note {
        id: mine.id.clone(),
        text: text(&base.text, &mine.text, &kept.text),
        anchor: later(&base.anchor, &mine.anchor, &kept.anchor),
    }
}

/// A list whose pieces have a name each. What one window took away and the other changed stays.
fn list<T: Clone + PartialEq, K: PartialEq>(
    base: &[T],
    mine: &[T],
    kept: &[T],
    name: impl Fn(&T) -> K,
    both: impl Fn(&T, &T, &T) -> T,
) -> Vec<T> {
    if kept == base {
        return mine.to_vec();
    }
    if mine == base {
        return kept.to_vec();
    }
    let find = |list: &'_ [T], wanted: &T| list.iter().position(|one| name(one) == name(wanted));
    let in_base = |wanted: &T| find(base, wanted).and_then(|at| base.get(at));
    let in_mine = |wanted: &T| find(mine, wanted).and_then(|at| mine.get(at));
    let stays = |theirs: &T| match (in_base(theirs), in_mine(theirs)) {
        (None, None) => Some(theirs.clone()),
        (None, Some(mine)) => Some(mine.clone()),
        (Some(before), None) => (theirs != before).then(|| theirs.clone()),
        (Some(before), Some(mine)) if theirs == before => Some(mine.clone()),
        (Some(before), Some(mine)) if mine == before => Some(theirs.clone()),
        (Some(before), Some(mine)) => Some(both(before, mine, theirs)),
    };
    let mut merged: Vec<T> = kept.iter().filter_map(stays).collect();
    let new = mine.iter().filter(|mine| find(kept, mine).is_none() && in_base(mine) != Some(mine));
    merged.extend(new.cloned());
    merged
}

/// A text: what was changed in two places is changed in both; what was written at the same place stands
/// one after the other.
fn text(base: &str, mine: &str, kept: &str) -> String {
    if kept == base || mine == kept {
        return mine.to_owned();
    }
    if mine == base {
        return kept.to_owned();
    }
    let base: Vec<char> = base.chars().collect();
    let (mine_is, kept_is) = (Change::of(&base, mine), Change::of(&base, kept));
    let (first, second) = match (&mine_is, &kept_is) {
        (a, b) if a.from == a.to && b.from == b.to && a.from == b.from => {
            // The same words twice are one typing that was saved in two steps.
            if a.new.starts_with(&b.new) {
                return mine.to_owned();
            }
            if b.new.starts_with(&a.new) {
                return kept.to_owned();
            }
            (b, a)
        }
        (a, b) if a.to <= b.from => (a, b),
        (a, b) if b.to <= a.from => (b, a),
        _ => return mine.to_owned(),
    };
    let old = |from: usize, to: usize| base.get(from..to).unwrap_or_default().iter();
    let pieces = old(0, first.from).chain(&first.new).chain(old(first.to, second.from)).chain(&second.new);
    pieces.chain(old(second.to, base.len())).collect()
}

/// The one stretch of a text in which another differs, and what stands there instead.
struct Change {
    from: usize,
    to: usize,
    new: Vec<char>,
}

impl Change {
    fn of(base: &[char], other: &str) -> Self {
        let other: Vec<char> = other.chars().collect();
        let shorter = base.len().min(other.len());
        let from = base.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let same = base.iter().rev().zip(other.iter().rev()).take(shorter - from).take_while(|(a, b)| a == b).count();
        let new = other.get(from..other.len() - same).unwrap_or_default().to_vec();
        Self { from, to: base.len() - same, new }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::EvidenceFinding;
    use pingli_protocol::ballot::Finding;

    fn written(opinion: &str, notes: &[(&str, &str)]) -> Draft {
        let note = |(id, text): &(&str, &str)| Note { id: (*id).to_owned(), text: (*text).to_owned(), anchor: None };
        Draft { opinion: opinion.to_owned(), notes: notes.iter().map(note).collect(), ..Draft::default() }
    }

    fn finding(evidence: &str) -> EvidenceFinding {
        EvidenceFinding { evidence: evidence.parse().expect("an id"), finding: Finding::Neutral }
    }

    #[test]
    fn one_window_alone_is_kept_as_it_is() {
        let (base, mine) = (written("a", &[("1", "x"), ("2", "y")]), written("b", &[("2", "z"), ("3", "w")]));
        assert_eq!(merge(&base, &mine, &base), mine, "what was taken away, changed, added, and its order");
        assert_eq!(merge(&base, &base, &mine), mine, "who changed nothing takes what is there");
        assert_eq!(merge(&base, &mine, &mine), mine, "a save that came twice");
    }

    #[test]
    fn what_two_windows_wrote_is_all_there() {
        let base = written("杯子裂了。", &[("1", "x"), ("2", "y")]);
        let mut mine = written("今天杯子裂了。", &[("1", "x!"), ("2", "y"), ("3", "mine")]);
        mine.evidence_findings.push(finding("b-1"));
        mine.confidence = Some(4);
        let mut kept = written("杯子裂了。退款。", &[("1", "x"), ("4", "theirs")]);
        kept.evidence_findings.push(finding("b-2"));
        kept.choice = Some("buyer".parse().expect("an id"));
        let merged = merge(&base, &mine, &kept);
        assert_eq!(merged.opinion, "今天杯子裂了。退款。", "changes in two places");
        let notes: Vec<_> = merged.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(notes, ["x!", "theirs", "mine"], "one changed, one taken away, two added");
        assert_eq!(merged.evidence_findings.len(), 2);
        assert!(merged.choice.is_some() && merged.confidence == Some(4), "fields that one window touched");
    }

    #[test]
    fn the_same_thing_changed_twice_is_the_later_writers_and_a_text_keeps_both() {
        let base = written("a", &[("1", "x")]);
        let merged = merge(&base, &written("ab", &[]), &written("ac", &[("1", "x y")]));
        assert_eq!(merged.opinion, "acb", "added at the same place: one after the other");
        assert_eq!(merged.notes.len(), 1, "what was changed elsewhere is not taken away");
        assert_eq!(text("one two", "one 2", "one zwei"), "one 2", "replaced twice: the later");
        assert_eq!(text("a", "abc", "ab"), "abc", "typing that was saved in two steps is no second typing");
        let choose = |option: &str, reason: &str| Draft {
            choice: Some(option.parse().expect("an id")),
            reason_codes: vec![reason.parse().expect("a code")],
            ..Draft::default()
        };
        let merged = merge(&Draft::default(), &choose("buyer", "r1"), &choose("seller", "r2"));
        assert_eq!(merged, choose("buyer", "r1"), "a choice and its reasons are not mixed");
    }

    proptest::proptest! {
        #[test]
        fn texts_in_different_places_are_both_there(base in "[a-d]{0,8}", add in "[x-z]{1,4}", more in "[u-w]{1,4}") {
            let (mine, kept) = (format!("{add}{base}"), format!("{base}{more}"));
            let merged = text(&base, &mine, &kept);
            proptest::prop_assert!(merged.contains(&add) && merged.contains(&more), "{merged}");
        }

        #[test]
        fn no_three_texts_upset_it(base in "\\PC{0,12}", mine in "\\PC{0,12}", kept in "\\PC{0,12}") {
            let merged = text(&base, &mine, &kept);
            proptest::prop_assert_eq!(text(&base, &mine, &base), mine.clone());
            proptest::prop_assert_eq!(text(&base, &base, &kept), kept);
            proptest::prop_assert!(merged.chars().count() <= base.chars().count() + mine.chars().count() + 12);
        }
    }
}
