//! Persons come in, in the order of the stream; a person who comes a second time is found out.
//!
//! Two orders are watched: by bytes, and by length and then bytes (numbers without leading zeros). In an order that
//! only rises everybody is new, and nothing but the ends of the run is kept. Persons of short runs are remembered one
//! by one; a person inside an earlier long run of both orders may have been there or not, and that is said.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use crate::person::{Key, OwnKey};

/// Runs up to this length are remembered person by person.
const SHORT: usize = 16;
/// An order that breaks oftener than this is given up while the other has never been broken.
const BREAKS: usize = 4096;

/// What can be said of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Never before.
    Never,
    /// Before, with others between.
    Before,
    /// The persons are in neither order, and it was not remembered who was there.
    Perhaps,
}

/// An [`OwnKey`] by length, then by bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ByLength(OwnKey);

impl ByLength {
    fn rank(&self) -> (usize, &OwnKey) {
        let length = match &self.0 {
            OwnKey::Number(_) => 0,
            OwnKey::Text(text) => text.len(),
        };
        (length, &self.0)
    }
}

impl PartialOrd for ByLength {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByLength {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl From<ByLength> for OwnKey {
    fn from(key: ByLength) -> Self {
        key.0
    }
}

/// One order. INVARIANT: whoever came is in `runs`, in the run that goes on, or in the set of persons.
#[derive(Debug)]
struct Watched<K> {
    /// First to last person of long rising runs that have ended; none overlap.
    runs: BTreeMap<K, K>,
    /// The run that goes on: its ends, and its persons while they are few.
    run: Option<(K, K)>,
    members: Vec<K>,
    breaks: usize,
    /// Not watched any more.
    lost: bool,
}

impl<K> Default for Watched<K> {
    fn default() -> Self {
        Self {
            runs: BTreeMap::new(),
            run: None,
            members: Vec::new(),
            breaks: 0,
            lost: false,
        }
    }
}

impl<K: Clone + Ord + Into<OwnKey>> Watched<K> {
    /// Whether the run goes on with persons that rise from `first`.
    fn follows(&self, first: &K) -> bool {
        self.run.as_ref().is_none_or(|(_, end)| end < first)
    }

    /// Take persons that rise from `first` to `last` and follow.
    fn extend(&mut self, first: K, last: K) {
        if self.lost {
            return;
        }
        self.members.clear();
        let start = self.run.take().map_or(first, |(start, _)| start);
        self.run = Some((start, last));
    }

    /// Take a person, remembering in `persons` whoever cannot be told by a run.
    fn add(&mut self, key: K, persons: &mut HashSet<OwnKey>) {
        if self.lost {
            return;
        }
        match &mut self.run {
            Some((start, end)) if *end < key => {
                *end = key.clone();
                // A run that began with `extend` is long from the start.
                if self.members.first() == Some(start) && self.members.len() < SHORT {
                    self.members.push(key);
                } else {
                    self.members.clear();
                }
            }
            run => {
                if let Some((start, end)) = run.replace((key.clone(), key.clone())) {
                    self.breaks = self.breaks.saturating_add(1);
                    if self.members.is_empty() {
                        self.end_run(start, end);
                    } else {
                        persons.extend(self.members.drain(..).map(Into::into));
                    }
                }
                self.members.push(key);
            }
        }
    }

    /// Remember a long run that has ended; runs that overlap become one, so that the ends tell all.
    fn end_run(&mut self, mut start: K, mut end: K) {
        while let Some((other, last)) = self.runs.range(..=&end).next_back()
            && *last >= start
        {
            let (other, last) = (other.clone(), last.clone());
            self.runs.remove(&other);
            start = start.min(other);
            end = end.max(last);
        }
        self.runs.insert(start, end);
    }

    fn give_up(&mut self) {
        *self = Self {
            lost: true,
            ..Self::default()
        };
    }

    /// Whether this order proves that a person who is not in the set of persons has not been there.
    fn proves_new(&self, key: &K) -> bool {
        if self.lost {
            return false;
        }
        if self.follows(key) && self.runs.is_empty() {
            return true;
        }
        let inside = |(start, end): (&K, &K)| start <= key && key <= end;
        let running = self.run.as_ref().is_some_and(|(start, end)| inside((start, end)));
        // The members of a run that is short so far are known one by one.
        let running = running && (self.members.is_empty() || self.members.contains(key));
        !running && !self.runs.range(..=key).next_back().is_some_and(inside)
    }

    /// Whether a person is known to have been there.
    fn knows(&self, key: &K) -> bool {
        let ends = self.runs.range(..=key).next_back();
        let ended = ends.is_some_and(|(start, end)| start == key || end == key);
        let running = self.run.as_ref().is_some_and(|(start, end)| start == key || end == key);
        ended || running || self.members.contains(key)
    }
}

/// All persons so far.
#[derive(Debug, Default)]
pub(crate) struct Together {
    by_bytes: Watched<OwnKey>,
    by_length: Watched<ByLength>,
    persons: HashSet<OwnKey>,
}

impl Together {
    /// Whether persons that rise by bytes from `first` to `last` without a break are all new; false also where that
    /// cannot be told without looking at each. `lengths`: they rise by length too.
    pub(crate) fn add_rising(&mut self, first: Key<'_>, last: Key<'_>, lengths: bool) -> bool {
        let (first, last) = (OwnKey::from(first), OwnKey::from(last));
        let unbroken = self.by_bytes.runs.is_empty() && self.persons.is_empty() && !self.by_bytes.lost;
        if !unbroken || !self.by_bytes.follows(&first) {
            return false;
        }
        let from = ByLength(first.clone());
        if lengths && self.by_length.follows(&from) {
            self.by_length.extend(from, ByLength(last.clone()));
        } else {
            self.by_length.give_up();
        }
        self.by_bytes.extend(first, last);
        true
    }

    /// Take a person, and say whether it was there before.
    pub(crate) fn add(&mut self, key: Key<'_>) -> Seen {
        let key = OwnKey::from(key);
        let long = ByLength(key.clone());
        let seen = self.seen(&key, &long);
        self.by_bytes.add(key, &mut self.persons);
        self.by_length.add(long, &mut self.persons);
        if self.by_length.breaks > BREAKS && self.by_bytes.breaks == 0 && !self.by_bytes.lost {
            self.by_length.give_up();
        }
        if self.by_bytes.breaks > BREAKS && self.by_length.breaks == 0 && !self.by_length.lost {
            self.by_bytes.give_up();
        }
        seen
    }

    fn seen(&self, key: &OwnKey, long: &ByLength) -> Seen {
        if self.persons.contains(key) || self.by_bytes.knows(key) || self.by_length.knows(long) {
            Seen::Before
        } else if self.by_bytes.proves_new(key) || self.by_length.proves_new(long) {
            Seen::Never
        } else {
            Seen::Perhaps
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of the last person; all before are new.
    fn last(persons: impl IntoIterator<Item = String>) -> Seen {
        let mut together = Together::default();
        let mut said = Seen::Never;
        for person in persons {
            assert_eq!(said, Seen::Never, "before {person}");
            said = together.add(Key::Text(&person));
        }
        said
    }

    fn numbers(parts: &[&[i64]]) -> Vec<String> {
        parts.concat().iter().map(|n| format!("{n:04}")).collect()
    }

    fn upto(end: i64) -> Vec<i64> {
        (0..end).collect()
    }

    #[test]
    fn a_person_who_comes_again_is_found() {
        for new in [&[1, 2, 3, 4][..], &[4, 3, 2, 1], &[5, 1, 9, 2, 7]] {
            assert_eq!(last(numbers(&[new])), Seen::Never, "{new:?}");
        }
        for again in [&[5, 1, 9, 2, 5][..], &[1, 2, 1], &[1, 2, 3, 2], &[7, 3, 9, 9]] {
            assert_eq!(last(numbers(&[again])), Seen::Before, "{again:?}");
        }
        let long = upto(100);
        assert_eq!(last(numbers(&[&long, &[0]])), Seen::Before);
        assert_eq!(last(numbers(&[&long, &[99]])), Seen::Before);
        assert_eq!(last(numbers(&[&long, &[200, 150]])), Seen::Perhaps);
        assert_eq!(last(numbers(&[&long, &[50]])), Seen::Perhaps);
        assert_eq!(last(numbers(&[&[500], &long])), Seen::Never);
        assert_eq!(last(numbers(&[&[50], &[20], &long[30..51]])), Seen::Before);
    }

    #[test]
    fn numbers_without_zeros_in_front_rise_by_length() {
        let persons: Vec<String> = (1..30_000).map(|n| format!("p{n}")).collect();
        assert_eq!(last(persons.clone()), Seen::Never);
        let mut again = persons.clone();
        again.push("p77".to_owned());
        assert_ne!(last(again), Seen::Never);
        let falling = persons.iter().rev().cloned();
        assert_eq!(last(falling), Seen::Never);
    }

    #[test]
    fn an_order_that_never_breaks_keeps_memory_flat() {
        let mut together = Together::default();
        let mut persons: Vec<String> = (1..200_000).map(|n| n.to_string()).collect();
        for person in &persons {
            assert_eq!(together.add(Key::Text(person)), Seen::Never);
        }
        assert!(together.persons.len() < 100 && together.by_bytes.runs.len() < 100);
        persons.sort_unstable();
        together = Together::default();
        for person in &persons {
            assert_eq!(together.add(Key::Text(person)), Seen::Never);
        }
        assert!(together.by_length.lost);
        assert!(together.persons.len() <= BREAKS * SHORT + SHORT);
    }

    #[test]
    fn what_is_said_of_persons_in_any_order_is_true() {
        let mut state = 7_u64;
        let mut draw = |most: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % most
        };
        for _ in 0..300 {
            let mut together = Together::default();
            let mut there = HashSet::new();
            for _ in 0..12 {
                let (town, from, many) = (["", "a", "b", "ab"][draw(4)], draw(130), draw(40));
                for n in from..from + many {
                    let person = format!("{town}{n}");
                    let said = together.add(Key::Text(&person));
                    let new = there.insert(person.clone());
                    assert!(
                        said == Seen::Perhaps || (said == Seen::Never) == new,
                        "{person}: {said:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn rising_batches_are_one_run() {
        let mut together = Together::default();
        let (one, fifty, ninety) = (Key::Text("p1"), Key::Text("p5"), Key::Text("p9"));
        assert!(together.add_rising(one, fifty, true));
        assert!(together.add_rising(Key::Text("p6"), ninety, true));
        assert!(!together.add_rising(ninety, Key::Text("q1"), true));
        assert!(
            !together.add_rising(Key::Text("p10"), Key::Text("p99"), true),
            "by length only"
        );
        assert_eq!(together.add(Key::Text("p10")), Seen::Never);
        assert_eq!(together.add(Key::Text("p3")), Seen::Perhaps);
    }
}
