//! The people table's identities come in; those that the policy does not name go out, with how often they were there.

use std::collections::BTreeMap;

use arrow_array::Array;
use arrow_array::cast::AsArray;

use crate::people::IdentityNames;
use crate::text::{Text, whole_numbers};

/// Identities that the policy does not name, and how many rows have them.
pub type Unnamed = BTreeMap<String, u64>;

/// Count those of a column.
pub(crate) fn count(names: &IdentityNames, array: &dyn Array, unnamed: &mut Unnamed) {
    let mut add = |cell: &str, rows: u64| {
        for name in names.unnamed(cell) {
            let known = unnamed.entry(name.to_owned()).or_default();
            *known = known.saturating_add(rows);
        }
    };
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let mut rows = vec![0_u64; dictionary.values().len()];
        for (row, key) in dictionary.normalized_keys().into_iter().enumerate() {
            if let (true, Some(rows)) = (dictionary.keys().is_valid(row), rows.get_mut(key)) {
                *rows = rows.saturating_add(1);
            }
        }
        for (entry, rows) in rows.into_iter().enumerate().filter(|(_, rows)| *rows > 0) {
            add(&cell(dictionary.values().as_ref(), entry), rows);
        }
    } else if let Some(text) = Text::of(array) {
        let cells = (0..text.len()).map(|row| text.get(row).unwrap_or(""));
        runs(cells, &mut add);
    } else if let Some(numbers) = whole_numbers(array) {
        let cells = numbers.iter().enumerate();
        let cells = cells.map(|(row, &number)| array.is_valid(row).then_some(number));
        runs(cells, |number, rows| {
            if let Some(number) = number {
                add(&number.to_string(), rows);
            }
        });
    }
}

/// Each stretch of the same, and how long it is.
fn runs<T: Copy + PartialEq>(cells: impl Iterator<Item = T>, mut told: impl FnMut(T, u64)) {
    let mut last: Option<(T, u64)> = None;
    for cell in cells {
        last = match last {
            Some((same, rows)) if same == cell => Some((same, rows.saturating_add(1))),
            before => {
                if let Some((other, rows)) = before {
                    told(other, rows);
                }
                Some((cell, 1))
            }
        };
    }
    if let Some((other, rows)) = last {
        told(other, rows);
    }
}

/// An entry of a dictionary as text.
fn cell(entries: &dyn Array, at: usize) -> String {
    if entries.is_null(at) {
        return String::new();
    }
    let number = || Some(whole_numbers(entries)?.get(at)?.to_string());
    match Text::of(entries) {
        Some(text) => text.get(at).unwrap_or("").to_owned(),
        None => number().unwrap_or_default(),
    }
}
