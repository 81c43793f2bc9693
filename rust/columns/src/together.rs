//! Persons come in, in the order of the stream; a person who comes a second time is found out.
//!
//! Ascending persons cost nothing: only the ends of a run are kept. Persons in no order are remembered one by one. A
//! person inside the range of an earlier long run may have been there or not: that is refused too.

use std::collections::{BTreeMap, HashSet};

use crate::person::{Key, OwnKey};

/// Runs up to this length are remembered person by person.
const SHORT: usize = 16;

/// All persons so far.
#[derive(Debug, Default)]
pub(crate) struct Together {
    /// First to last person of long ascending runs that have ended.
    runs: BTreeMap<OwnKey, OwnKey>,
    /// Persons of short runs that have ended.
    persons: HashSet<OwnKey>,
    /// The run that goes on: its ends, and its persons while they are few.
    run: Option<(OwnKey, OwnKey)>,
    members: Vec<OwnKey>,
}

impl Together {
    /// Whether persons that ascend from `first` to `last` without a break are all new; false also where that cannot
    /// be told without looking at each.
    pub(crate) fn add_ascending(&mut self, first: Key<'_>, last: Key<'_>) -> bool {
        let follows = self.run.as_ref().is_none_or(|(_, end)| end.key() < first);
        if !follows || !self.runs.is_empty() || !self.persons.is_empty() {
            return false;
        }
        self.members.clear();
        let start = self.run.take().map_or_else(|| OwnKey::from(first), |(start, _)| start);
        self.run = Some((start, last.into()));
        true
    }

    /// Whether the person is new.
    pub(crate) fn add(&mut self, key: Key<'_>) -> bool {
        let key = OwnKey::from(key);
        match &mut self.run {
            Some((start, end)) if *end < key => {
                *end = key.clone();
                // A run that began with `add_ascending` is long from the start.
                let few = self.members.first() == Some(start) && self.members.len() < SHORT;
                if few {
                    self.members.push(key.clone());
                } else {
                    self.members.clear();
                }
            }
            run => {
                if let Some((start, end)) = run.replace((key.clone(), key.clone())) {
                    if self.members.is_empty() {
                        self.runs.insert(start, end);
                    } else {
                        self.persons.extend(self.members.drain(..));
                    }
                }
                self.members.push(key.clone());
            }
        }
        let before = self.runs.range(..=&key).next_back();
        !self.persons.contains(&key) && before.is_none_or(|(_, end)| *end < key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(persons: &[i64]) -> bool {
        let mut together = Together::default();
        persons.iter().all(|&n| together.add(Key::Number(n)))
    }

    #[test]
    fn a_person_who_comes_again_is_found() {
        assert!(all(&[1, 2, 3, 4]));
        assert!(all(&[4, 3, 2, 1]));
        assert!(all(&[5, 1, 9, 2, 7]));
        assert!(!all(&[5, 1, 9, 2, 5]));
        assert!(!all(&[1, 2, 1]));
        assert!(!all(&[1, 2, 3, 2]));
        let long: Vec<i64> = (0..100).collect();
        assert!(!all(&[&long[..], &[200, 150]].concat()), "150 may have been there");
        assert!(!all(&[&long[..], &[50]].concat()));
        assert!(all(&[&[500], &long[..]].concat()));
        assert!(!all(&[&[50], &[20], &long[..]].concat()));
    }

    #[test]
    fn ascending_batches_are_one_run() {
        let mut together = Together::default();
        assert!(together.add_ascending(Key::Number(1), Key::Number(50)));
        assert!(together.add_ascending(Key::Number(51), Key::Number(90)));
        assert!(!together.add_ascending(Key::Number(90), Key::Number(91)));
        assert!(together.add(Key::Number(100)));
        assert!(!together.add(Key::Number(30)));
    }
}
