//! Codes and what they stand for come in; a cell's text is looked up.

use std::collections::HashMap;

/// What codes stand for. Codes are short: most are compared as one word each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes {
    words: Vec<u64>,
    values: Vec<i64>,
    others: HashMap<String, i64>,
}

/// So few are found faster by looking at all of them than by a hash.
const FEW: usize = 48;

impl Codes {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.others.is_empty()
    }

    /// What a code stands for.
    pub(crate) fn get(&self, code: &str) -> Option<i64> {
        let Some(word) = word(code) else {
            return self.others.get(code).copied();
        };
        match self.words.iter().position(|&known| known == word) {
            Some(place) => self.values.get(place).copied(),
            None if self.others.is_empty() => None,
            None => self.others.get(code).copied(),
        }
    }

    /// Add a code; one that is there keeps what it stood for.
    pub(crate) fn add(&mut self, code: &str, value: i64) {
        if self.get(code).is_some() {
            return;
        }
        match word(code).filter(|_| self.words.len() < FEW) {
            Some(word) => {
                self.words.push(word);
                self.values.push(value);
            }
            None => {
                self.others.insert(code.to_owned(), value);
            }
        }
    }
}

impl<T: AsRef<str>> FromIterator<(T, i64)> for Codes {
    fn from_iter<I: IntoIterator<Item = (T, i64)>>(codes: I) -> Self {
        let codes: Vec<(T, i64)> = codes.into_iter().collect();
        let mut all = Self::default();
        if codes.len() > FEW {
            for (code, value) in codes {
                all.others.entry(code.as_ref().to_owned()).or_insert(value);
            }
            return all;
        }
        for (code, value) in codes {
            all.add(code.as_ref(), value);
        }
        all
    }
}

/// Up to seven bytes and, above them, their number as one word.
#[inline]
pub(crate) fn word(code: &str) -> Option<u64> {
    let bytes = code.as_bytes();
    // From both ends: where they overlap they say the same.
    let text = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(_), _) if bytes.len() > 7 => return None,
        (Some(first), Some(last)) => {
            let above = shift(bytes.len().saturating_sub(4));
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)).wrapping_shl(above)
        }
        _ => match bytes {
            [one] => u64::from(*one),
            [one, two] => u64::from(u16::from_le_bytes([*one, *two])),
            [one, two, three] => u64::from(u32::from_le_bytes([*one, *two, *three, 0])),
            _ => 0,
        },
    };
    Some(text | u64::try_from(bytes.len()).unwrap_or(0).wrapping_shl(shift(7)))
}

/// So many bytes as bits.
#[inline]
fn shift(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(0).wrapping_mul(8)
}

/// The first short texts of a column, and what they mean. All are looked at for every cell, and nothing is decided before the
/// last: which one comes next cannot be foreseen.
pub(crate) struct FirstWords {
    words: [u64; Self::MOST],
    values: [i64; Self::MOST],
    count: usize,
}

impl FirstWords {
    /// So many are remembered.
    pub(crate) const MOST: usize = 8;

    /// None yet.
    pub(crate) const fn new() -> Self {
        Self {
            words: [u64::MAX; Self::MOST], // the word of no text
            values: [0; Self::MOST],
            count: 0,
        }
    }

    /// What a word was added with.
    #[inline]
    pub(crate) fn get(&self, word: u64) -> Option<i64> {
        let mut at = Self::MOST;
        for (place, known) in self.words.iter().enumerate() {
            at = if *known == word { place } else { at };
        }
        self.values.get(at).copied()
    }

    /// One more, while there is room.
    pub(crate) fn add(&mut self, word: Option<u64>, value: i64) {
        let places = (self.words.get_mut(self.count), self.values.get_mut(self.count));
        if let (Some(word), (Some(word_place), Some(value_place))) = (word, places) {
            (*word_place, *value_place) = (word, value);
            self.count = self.count.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_and_no_other() {
        let names: Vec<String> = (0..200)
            .map(|n| format!("{}", n * n * 7919))
            .chain(["".into(), "普通住院".into()])
            .collect();
        let codes: Codes = names.iter().zip(0_i64..).collect();
        for (name, value) in names.iter().zip(0_i64..) {
            assert_eq!(codes.get(name), Some(value), "{name}");
            assert_eq!(codes.get(&format!("{name}x")), None);
        }
        assert_eq!(codes.get("\0"), None);
        let mut words = std::collections::HashSet::new();
        for text in [
            "", "\0", "\0\0", "a", "b", "ab", "ba", "abc", "acb", "一", "abcd", "abdc", "abcde", "abced",
        ] {
            assert!(word(text).is_some_and(|word| words.insert(word)), "{text}");
        }
        for text in [
            "abcdef",
            "abcdfe",
            "bacdef",
            "abcdefg",
            "abcdegf",
            "bacdefg",
            "abcd\0\0\0",
            "普通",
        ] {
            assert!(word(text).is_some_and(|word| words.insert(word)), "{text}");
        }
        assert_eq!(word("abcdefgh"), None);
        assert_eq!([("a", 1), ("a", 2)].into_iter().collect::<Codes>().get("a"), Some(1));
    }
}
