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

/// Up to seven bytes and their number as one word.
pub(crate) fn word(code: &str) -> Option<u64> {
    let bytes = code.as_bytes();
    let length = u64::try_from(bytes.len()).ok().filter(|&length| length < 8)?;
    Some(
        bytes
            .iter()
            .fold(length, |word, &byte| word.wrapping_shl(8) | u64::from(byte)),
    )
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
        assert_eq!([("a", 1), ("a", 2)].into_iter().collect::<Codes>().get("a"), Some(1));
    }
}
