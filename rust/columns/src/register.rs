//! Rows of a table about persons come in; what belongs to a person goes out, fast for persons asked for in order.

use crate::person::{Key, Persons};

/// Keys in order, compactly.
#[derive(Clone, Debug)]
enum Keys {
    Numbers(Vec<i64>),
    Texts { bytes: String, ends: Vec<usize> },
}

impl Keys {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts { ends, .. } => ends.len(),
        }
    }

    fn get(&self, at: usize) -> Option<Key<'_>> {
        match self {
            Self::Numbers(numbers) => numbers.get(at).map(|&n| Key::Number(n)),
            Self::Texts { bytes, ends } => {
                let start = at.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
                bytes.get(start..*ends.get(at)?).map(Key::Text)
            }
        }
    }

    /// Whether each is above the one before.
    fn differ(&self) -> bool {
        match self {
            Self::Numbers(numbers) => numbers.is_sorted_by(|one, next| one < next),
            Self::Texts { .. } => (0..self.len()).is_sorted_by(|one, next| self.get(*one) < self.get(*next)),
        }
    }

    /// The first of rising keys for which `holds` does not hold.
    fn first_but(&self, holds: impl Fn(Key<'_>) -> bool) -> usize {
        let (mut low, mut high) = (0_usize, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle).is_some_and(&holds) {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        low
    }

    /// The keys from a place on, which are taken off.
    fn split_off(&mut self, at: usize) -> Self {
        match self {
            Self::Numbers(numbers) => Self::Numbers(numbers.split_off(at.min(numbers.len()))),
            Self::Texts { bytes, ends } => {
                let from = at
                    .checked_sub(1)
                    .map_or(0, |last| ends.get(last).copied().unwrap_or(bytes.len()));
                let mut left = ends.split_off(at.min(ends.len()));
                left.iter_mut().for_each(|end| *end = end.saturating_sub(from));
                Self::Texts {
                    bytes: bytes.split_off(from),
                    ends: left,
                }
            }
        }
    }

    fn push(&mut self, key: Key<'_>) {
        match (self, key) {
            (Self::Numbers(numbers), Key::Number(number)) => numbers.push(number),
            // A text that is no number can belong to nobody among numbers.
            (Self::Numbers(numbers), Key::Text(text)) => {
                let number = text.parse::<i64>().ok().filter(|n| n.to_string() == text);
                numbers.push(number.unwrap_or(i64::MIN));
            }
            (Self::Texts { bytes, ends }, key) => {
                match key {
                    Key::Text(text) => bytes.push_str(text),
                    Key::Number(number) => bytes.push_str(&number.to_string()),
                }
                ends.push(bytes.len());
            }
        }
    }
}

/// What belongs to each person, in ascending order of persons.
#[derive(Clone, Debug)]
pub(crate) struct Register<T> {
    keys: Keys,
    offsets: Vec<usize>,
    items: Vec<T>,
}

/// Rows of a table about persons, as they come.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    keys: Keys,
    items: Vec<T>,
}

impl<T: Copy> Rows<T> {
    /// No rows yet; `numbers`: the claims number their persons.
    pub(crate) fn new(numbers: bool) -> Self {
        let keys = if numbers {
            Keys::Numbers(Vec::new())
        } else {
            Keys::Texts {
                bytes: String::new(),
                ends: Vec::new(),
            }
        };
        Self {
            keys,
            items: Vec::new(),
        }
    }

    /// Room for so many more rows.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.items.reserve(rows);
        match &mut self.keys {
            Keys::Numbers(numbers) => numbers.reserve(rows),
            Keys::Texts { ends, .. } => ends.reserve(rows),
        }
    }

    /// One more row.
    pub(crate) fn push(&mut self, key: Key<'_>, item: T) {
        self.keys.push(key);
        self.items.push(item);
    }

    /// One more row, if it has a person.
    pub(crate) fn extend_one(&mut self, key: Option<Key<'_>>, item: T) {
        if let Some(key) = key {
            self.push(key, item);
        }
    }

    /// The person of the first row.
    pub(crate) fn first(&self) -> Option<Key<'_>> {
        self.keys.get(0)
    }

    /// The person of the last row.
    pub(crate) fn last(&self) -> Option<Key<'_>> {
        self.keys.get(self.keys.len().checked_sub(1)?)
    }

    /// Whether persons only rise.
    pub(crate) fn rise(&self) -> bool {
        (0..self.keys.len()).is_sorted_by_key(|row| self.keys.get(row))
    }

    /// Take off the rows of the first persons, of rows that rise; `whose` holds for none after them.
    pub(crate) fn first_of(&mut self, whose: impl Fn(Key<'_>) -> bool) -> Self {
        let at = self.keys.first_but(whose);
        let left = Self {
            keys: self.keys.split_off(at),
            items: self.items.split_off(at.min(self.items.len())),
        };
        core::mem::replace(self, left)
    }

    /// The register of all rows; `arrange` puts one person's items in order (and may drop some).
    pub(crate) fn register(self, mut arrange: impl FnMut(&mut Vec<T>)) -> Register<T> {
        if self.keys.differ() {
            return self.one_each(arrange);
        }
        let mut order: Vec<usize> = (0..self.keys.len()).collect();
        let key = |row: &usize| self.keys.get(*row);
        if !order.is_sorted_by_key(key) {
            order.sort_by(|a, b| key(a).cmp(&key(b)));
        }
        let mut register = Register {
            keys: Rows::<T>::new(matches!(self.keys, Keys::Numbers(_))).keys,
            offsets: vec![0],
            items: Vec::with_capacity(self.items.len()),
        };
        let mut mine = Vec::new();
        for person in order.chunk_by(|a, b| key(a) == key(b)) {
            let Some(name) = person.first().and_then(key) else {
                continue;
            };
            register.keys.push(name);
            mine.clear();
            mine.extend(person.iter().filter_map(|&row| self.items.get(row).copied()));
            arrange(&mut mine);
            register.items.extend_from_slice(&mine);
            register.offsets.push(register.items.len());
        }
        register
    }

    /// The register where everybody comes once, in order: keys stay as they are.
    fn one_each(self, mut arrange: impl FnMut(&mut Vec<T>)) -> Register<T> {
        let mut offsets = Vec::with_capacity(self.items.len().saturating_add(1));
        offsets.push(0);
        let mut items = Vec::with_capacity(self.items.len());
        let mut mine = Vec::new();
        for item in self.items {
            mine.clear();
            mine.push(item);
            arrange(&mut mine);
            items.extend(mine.iter().copied());
            offsets.push(items.len());
        }
        Register {
            keys: self.keys,
            offsets,
            items,
        }
    }
}

impl<T> Register<T> {
    /// What belongs to `key`. `from`: where the person before was found; the next is looked for from there on.
    pub(crate) fn find(&self, key: Key<'_>, from: &mut usize) -> &[T] {
        let place = self.place(key, *from);
        *from = place;
        if self.keys.get(place) == Some(key) {
            self.items_at(place)
        } else {
            &[]
        }
    }

    /// What belongs to each of some persons, told by the first row of each; `from` as in [`Register::find`].
    pub(crate) fn each<'a>(
        &'a self,
        persons: &Persons,
        rows: impl Iterator<Item = usize>,
        from: &mut usize,
        mut found: impl FnMut(&'a [T]),
    ) {
        let (Keys::Numbers(keys), Persons::Numbers(numbers)) = (&self.keys, persons) else {
            rows.for_each(|row| found(persons.key(row).map_or(&[], |key| self.find(key, from))));
            return;
        };
        // Persons mostly come in order and mostly have nothing here: two comparisons then say so.
        let mut place = *from;
        let mut below = place.checked_sub(1).and_then(|at| keys.get(at).copied());
        let mut here = keys.get(place).copied();
        for row in rows {
            let Some(&key) = numbers.get(row) else {
                found(&[]);
                continue;
            };
            if below.is_some_and(|below| below >= key) || here.is_some_and(|here| here < key) {
                place = self.place(Key::Number(key), place);
                below = place.checked_sub(1).and_then(|at| keys.get(at).copied());
                here = keys.get(place).copied();
            }
            found(if here == Some(key) { self.items_at(place) } else { &[] });
        }
        *from = place;
    }

    /// What belongs to those of some persons who have something here: which of them it is, and what it has. Rows and `from`
    /// as in [`Register::each`].
    pub(crate) fn those_with<'a>(
        &'a self,
        persons: &Persons,
        rows: impl Iterator<Item = usize>,
        from: &mut usize,
        mut found: impl FnMut(usize, &'a [T]),
    ) {
        let (Keys::Numbers(keys), Persons::Numbers(numbers)) = (&self.keys, persons) else {
            for (person, row) in rows.enumerate() {
                let mine = persons.key(row).map_or(&[][..], |key| self.find(key, from));
                if !mine.is_empty() {
                    found(person, mine);
                }
            }
            return;
        };
        // Numbers of whom nobody is here.
        let mut free = i64::MIN..i64::MIN;
        for (person, row) in rows.enumerate() {
            let Some(&key) = numbers.get(row) else { continue };
            if free.contains(&key) {
                continue;
            }
            // The next one here is mostly the next one asked for.
            let mut place = match keys.get(*from) {
                Some(here) if *here == key => *from,
                _ => self.place(Key::Number(key), *from),
            };
            if keys.get(place) == Some(&key) {
                found(person, self.items_at(place));
                place = place.saturating_add(1);
            }
            let below = place.checked_sub(1).and_then(|at| keys.get(at));
            let here = keys.get(place).copied().unwrap_or(i64::MAX);
            free = below.map_or(i64::MIN, |below| below.saturating_add(1))..here;
            *from = place;
        }
    }

    /// The same persons with other items, made of all that each has.
    pub(crate) fn into_other<U>(self, mut make: impl FnMut(&[T], &mut Vec<U>)) -> Register<U> {
        let mut items = Vec::with_capacity(self.items.len());
        let mut offsets = vec![0];
        for place in 0..self.keys.len() {
            make(self.items_at(place), &mut items);
            offsets.push(items.len());
        }
        Register {
            keys: self.keys,
            offsets,
            items,
        }
    }

    /// The person at a place of the order.
    pub(crate) fn key(&self, place: usize) -> Option<Key<'_>> {
        self.keys.get(place)
    }

    fn place(&self, key: Key<'_>, from: usize) -> usize {
        self.ahead(key, from).unwrap_or_else(|| self.anywhere(key))
    }

    fn items_at(&self, place: usize) -> &[T] {
        let end = place.checked_add(1).and_then(|next| self.offsets.get(next));
        match (self.offsets.get(place), end) {
            (Some(&start), Some(&end)) => self.items.get(start..end).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// The first place not before `key` within a few steps of `from`, if `from` is not beyond it.
    fn ahead(&self, key: Key<'_>, from: usize) -> Option<usize> {
        if from > 0 && self.keys.get(from.saturating_sub(1)).is_none_or(|before| before >= key) {
            return None;
        }
        (from..from.saturating_add(8)).find(|&at| self.keys.get(at).is_none_or(|there| there >= key))
    }

    fn anywhere(&self, key: Key<'_>) -> usize {
        self.keys.first_but(|there| there < key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_is_found_from_anywhere() {
        for numbers in [true, false] {
            let mut rows = Rows::new(numbers);
            let names: Vec<String> = (0..50).map(|n| (n * 37 % 50 * 2).to_string()).collect();
            for (n, name) in names.iter().enumerate() {
                rows.push(Key::Text(name), n);
                rows.push(Key::Text(name), n + 100);
            }
            let register = rows.register(|_| ());
            let asked: Vec<i64> = vec![0, 1, 74, 75, 74, 200, 2];
            let persons = if numbers {
                Persons::Numbers(asked.clone().into())
            } else {
                let names = asked.iter().map(ToString::to_string);
                Persons::Texts(std::sync::Arc::new(arrow_array::StringArray::from_iter_values(names)))
            };
            let mut those = Vec::new();
            register.those_with(&persons, 0..asked.len(), &mut 0, |person, items| {
                those.push((person, items.to_vec()));
            });
            let number = |half: usize| (0..50).find(|n| n * 37 % 50 == half).unwrap();
            let expected = [(0, 0), (2, 37), (4, 37), (6, 1)]
                .map(|(person, half)| (person, vec![number(half), number(half) + 100]));
            assert_eq!(those, expected);
            let key = |n: i64, text: &'static str| if numbers { Key::Number(n) } else { Key::Text(text) };
            for from in 0..52 {
                let mut at = from;
                assert_eq!(register.find(key(74, "74"), &mut at), [1, 101]);
                assert_eq!(register.find(key(0, "0"), &mut at), [0, 100]);
                assert_eq!(register.find(key(75, "75"), &mut at), [0_usize; 0]);
                assert_eq!(register.find(key(-1, ""), &mut at), [0_usize; 0]);
                assert_eq!(register.find(key(1000, "~"), &mut at), [0_usize; 0]);
            }
        }
    }

    #[test]
    fn persons_in_any_order_find_the_same() {
        let mut rows = Rows::new(true);
        for n in 0..50 {
            rows.push(Key::Number(n * 3), n);
        }
        let register = rows.register(|_| ());
        let rising: Vec<i64> = (-5..160).collect();
        let mixed: Vec<i64> = (0..300).map(|n| n * 131 % 170 - 5).collect();
        for numbers in [rising, mixed] {
            let expected: Vec<Option<i64>> = numbers
                .iter()
                .map(|n| (n % 3 == 0 && (0..150).contains(n)).then_some(n / 3))
                .collect();
            let persons = Persons::Numbers(numbers.into());
            for start in [0, 20, 50] {
                let (mut from, mut seen) = (start, Vec::new());
                register.each(&persons, 0..expected.len(), &mut from, |items| {
                    seen.push(items.first().copied());
                });
                assert_eq!(seen, expected);
                let mut those = vec![None; expected.len()];
                register.those_with(&persons, 0..expected.len(), &mut from, |person, items| {
                    those[person] = items.first().copied();
                });
                assert_eq!(those, expected);
            }
        }
    }
}
