//! A column of person numbers comes in; who is who, and where each person's rows begin, goes out.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use arrow_select::take::take;

use crate::neighbours::{gather, mark_pairs, mark_rows};
use crate::refusal::Refusal;
use crate::text::{Text, same, whole_numbers};

/// A person's number: a whole number or a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key<'a> {
    /// As a number.
    Number(i64),
    /// As a text, compared by bytes.
    Text(&'a str),
}

impl core::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A [`Key`] that owns its text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum OwnKey {
    /// As a number.
    Number(i64),
    /// As a text.
    Text(Box<str>),
}

impl From<Key<'_>> for OwnKey {
    fn from(key: Key<'_>) -> Self {
        match key {
            Key::Number(number) => Self::Number(number),
            Key::Text(text) => Self::Text(text.into()),
        }
    }
}

impl OwnKey {
    /// Borrowed.
    pub(crate) fn key(&self) -> Key<'_> {
        match self {
            Self::Number(number) => Key::Number(*number),
            Self::Text(text) => Key::Text(text),
        }
    }
}

/// The column of person numbers.
#[derive(Clone, Debug)]
pub(crate) enum Persons {
    /// Numbers.
    Numbers(ScalarBuffer<i64>),
    /// Texts (not dictionaries).
    Texts(ArrayRef),
}

impl Persons {
    /// The column, with `first_row` (from 1) for messages.
    ///
    /// # Errors
    /// D908 for neither whole numbers nor text, D933 where a number is missing.
    pub(crate) fn of(array: &ArrayRef, table: &'static str, name: &str, first_row: u64) -> Result<Self, Refusal> {
        let unusable = || {
            let kind = array.data_type().to_string().to_lowercase();
            Refusal::data(
                "D908",
                [("file", table.to_owned()), ("column", name.to_owned()), ("kind", kind)],
            )
        };
        if let Some(nulls) = array.logical_nulls().filter(|nulls| nulls.null_count() > 0) {
            let row = nulls
                .iter()
                .position(|valid| !valid)
                .and_then(|row| u64::try_from(row).ok());
            let row = first_row.saturating_add(row.unwrap_or(0)).to_string();
            return Err(Refusal::data(
                "D933",
                [("file", table.to_owned()), ("column", name.to_owned()), ("row", row)],
            ));
        }
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            let plain = take(dictionary.values(), dictionary.keys(), None).map_err(|_| unusable())?;
            return Self::of(&plain, table, name, first_row);
        }
        if array.data_type() == &DataType::Null && array.is_empty() {
            return Ok(Self::Numbers(Vec::new().into()));
        }
        match whole_numbers(array) {
            Some(numbers) => Ok(Self::Numbers(numbers)),
            None if Text::of(array).is_some() => Ok(Self::Texts(array.clone())),
            None => Err(unusable()),
        }
    }

    /// The number in a row below the length.
    pub(crate) fn key(&self, row: usize) -> Option<Key<'_>> {
        match self {
            Self::Numbers(numbers) => numbers.get(row).map(|&n| Key::Number(n)),
            Self::Texts(array) => {
                let text = Text::of(array)?;
                (row < text.len()).then(|| text.get(row)).flatten().map(Key::Text)
            }
        }
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(array) => array.len(),
        }
    }

    /// Where the last person begins.
    pub(crate) fn last_begins(&self) -> usize {
        let rows = self.len();
        let Some(last) = rows.checked_sub(1).and_then(|row| self.key(row)) else {
            return 0;
        };
        let before = (0..rows).rev().find(|&row| self.key(row) != Some(last));
        before.map_or(0, |row| row.saturating_add(1))
    }

    /// Where the first person other than `key` begins.
    pub(crate) fn begins_after(&self, key: Key<'_>) -> usize {
        let rows = self.len();
        (0..rows).find(|&row| self.key(row) != Some(key)).unwrap_or(rows)
    }

    /// Where each person begins, and the number of rows at the end. Whether the numbers only rise. `days`: those of the
    /// rows, if they are known beforehand.
    pub(crate) fn runs(&self, runs: &mut Runs, days: Option<&[i32]>) -> Rising {
        let rows = self.len();
        runs.days_fall = None;
        let rising = match self {
            Self::Numbers(numbers) => {
                let falls = if let Some(days) = days.filter(|days| days.len() == rows) {
                    let [falls, days_fall] = mark_pairs(
                        (numbers, days),
                        &mut runs.begins,
                        #[inline(always)]
                        |(before, day_before), (now, day)| {
                            (now != before, [now < before, (now == before) & (day < day_before)])
                        },
                    );
                    runs.days_fall = Some(days_fall);
                    falls
                } else {
                    let [falls] = mark_pairs(
                        (numbers, numbers),
                        &mut runs.begins,
                        #[inline(always)]
                        |(before, _), (now, _)| (now != before, [now < before]),
                    );
                    falls
                };
                Rising {
                    bytes: !falls,
                    lengths: true,
                }
            }
            Self::Texts(array) => {
                let Some(text) = Text::of(array) else {
                    return Rising::default();
                };
                let (mut bytes, mut lengths) = (true, true);
                let mut before = (rows > 0).then(|| text.get(0)).flatten();
                let begins = (1..rows).filter(|&row| {
                    let now = text.get(row);
                    let begins = match (now, before) {
                        (Some(now), Some(before)) => !same(now, before),
                        _ => now != before,
                    };
                    if begins {
                        bytes &= before < now;
                        lengths &= before.map(str::len) <= now.map(str::len);
                        before = now;
                    }
                    begins
                });
                mark_rows(begins, rows, &mut runs.begins);
                Rising { bytes, lengths }
            }
        };
        runs.starts.clear();
        runs.starts.extend((rows > 0).then_some(0));
        gather(&runs.begins, &mut runs.starts);
        runs.starts.push(rows);
        rising
    }
}

/// How the numbers of persons go from one to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rising {
    /// They rise by bytes, or as numbers.
    pub(crate) bytes: bool,
    /// None is shorter than the one before.
    pub(crate) lengths: bool,
}

/// Where persons begin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    /// Where each person begins, and the number of rows at the end.
    pub(crate) starts: Vec<usize>,
    /// The same as marks of [`crate::neighbours`].
    pub(crate) begins: Vec<u64>,
    /// Whether some day lies before that of the row before in the same person, if that was looked at.
    pub(crate) days_fall: Option<bool>,
}

impl Runs {
    /// How many persons there are.
    pub(crate) fn persons(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The rows of the person whose row it is: the first, and the one after the last.
    pub(crate) fn around(&self, row: usize) -> (usize, usize) {
        let next = self.starts.partition_point(|start| *start <= row);
        let at = |n: usize| self.starts.get(n).copied().unwrap_or(0);
        (at(next.saturating_sub(1)), at(next))
    }

    /// The first row of each person, and the row after the last.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (usize, usize)> {
        self.starts
            .iter()
            .zip(self.starts.iter().skip(1))
            .map(|(&start, &end)| (start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_is_noticed() {
        let mut runs = Runs::default();
        assert!(!Persons::Numbers(vec![1, 1, 3, 2].into()).runs(&mut runs, None).bytes);
        assert_eq!(runs.starts, [0, 2, 3, 4]);
    }

    #[test]
    fn starts_are_where_the_number_changes() {
        for rows in [0_i64, 1, 2, 63, 64, 65, 128, 129, 300] {
            let numbers: Vec<i64> = (0..rows).map(|n| n * n / 97).collect();
            let mut expected: Vec<usize> = (0..numbers.len())
                .filter(|&i| i == 0 || numbers[i] != numbers[i - 1])
                .collect();
            expected.push(numbers.len());
            let mut runs = Runs::default();
            let days: Vec<i32> = (0..).step_by(2).take(numbers.len()).collect();
            let mut falling = days.clone();
            let inside = expected.windows(2).find(|person| person[1] > person[0] + 1);
            if let Some(person) = inside {
                falling[person[0]] = 999;
            }
            let persons = Persons::Numbers(numbers.clone().into());
            for (days, fall) in [
                (None, None),
                (Some(days), Some(false)),
                (Some(falling), Some(inside.is_some())),
            ] {
                assert!(persons.runs(&mut runs, days.as_deref()).bytes);
                assert_eq!(runs.starts, expected, "{rows} rows");
                assert_eq!(runs.days_fall, fall, "{rows} rows");
            }
            let texts = arrow_array::StringArray::from_iter_values(numbers.iter().map(|n| format!("{n:09}")));
            let rising = Persons::Texts(std::sync::Arc::new(texts)).runs(&mut runs, None);
            assert!(rising.bytes && rising.lengths);
            assert_eq!(runs.starts, expected, "{rows} rows");
        }
    }
}
