//! What was made lately, up to a number of bytes; what was not asked for the longest goes first.

use std::collections::VecDeque;

/// Pictures in memory.
pub(super) struct Kept<K> {
    /// The one asked for last is at the end.
    entries: VecDeque<(K, Vec<u8>)>,
    bytes: usize,
    most: usize,
}

impl<K: PartialEq> Kept<K> {
    /// Nothing yet; `most` is the number of bytes that are kept.
    pub(super) fn new(most: usize) -> Self {
        Self { entries: VecDeque::new(), bytes: 0, most }
    }

    pub(super) fn get(&mut self, key: &K) -> Option<Vec<u8>> {
        let at = self.entries.iter().position(|(kept, _)| kept == key)?;
        let entry = self.entries.remove(at)?;
        let picture = entry.1.clone();
        self.entries.push_back(entry);
        Some(picture)
    }

    pub(super) fn keep(&mut self, key: K, picture: Vec<u8>) {
        self.forget(|kept| *kept == key);
        self.bytes += picture.len();
        self.entries.push_back((key, picture));
        while self.bytes > self.most
            && let Some((_, oldest)) = self.entries.pop_front()
        {
            self.bytes -= oldest.len();
        }
    }

    pub(super) fn forget(&mut self, which: impl Fn(&K) -> bool) {
        self.entries.retain(|(key, _)| !which(key));
        self.bytes = self.entries.iter().map(|(_, picture)| picture.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn what_was_not_asked_for_the_longest_goes_first() {
        let mut kept = Kept::new(30);
        for key in 0..3 {
            kept.keep(key, vec![key; 10]);
        }
        assert_eq!(kept.get(&0), Some(vec![0; 10]));
        kept.keep(3, vec![3; 10]);
        assert_eq!(kept.get(&1), None, "0 was asked for after 1");
        assert_eq!(kept.get(&0), Some(vec![0; 10]));
        kept.keep(4, vec![4; 31]);
        assert!((0..=4).all(|key| kept.get(&key).is_none()), "what is larger than all is not kept");
    }

    #[test]
    fn what_is_kept_twice_counts_once_and_what_is_forgotten_not_at_all() {
        let mut kept = Kept::new(30);
        for _ in 0..5 {
            kept.keep(1, vec![1; 10]);
        }
        kept.keep(2, vec![2; 20]);
        assert!(kept.get(&1).is_some() && kept.get(&2).is_some());
        kept.forget(|key| *key == 2);
        kept.keep(3, vec![3; 20]);
        assert!(kept.get(&1).is_some() && kept.get(&2).is_none() && kept.get(&3).is_some());
    }
}
