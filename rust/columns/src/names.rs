//! A column of settlement numbers comes in; what a row is called goes out.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_buffer::ScalarBuffer;

use crate::layout::Layout;
use crate::person::Persons;
use crate::refusal::Refusal;
use crate::text::{Text, whole_numbers};

/// Settlement numbers, texts or whole numbers.
pub(crate) enum Names<'a> {
    Text(Text<'a>),
    Numbers(ScalarBuffer<i64>, &'a dyn Array),
    Taken(Arc<dyn Array>),
    Blank,
}

impl<'a> Names<'a> {
    /// The column's numbers.
    ///
    /// # Errors
    /// D938 for a dictionary whose keys are out of range.
    pub(crate) fn of(array: &'a dyn Array) -> Result<Self, Refusal> {
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            let plain = arrow_select::take::take(dictionary.values(), dictionary.keys(), None);
            return plain
                .map(Self::Taken)
                .map_err(|error| Refusal::stream("@claims", error));
        }
        Ok(match Text::of(array) {
            Some(text) => Self::Text(text),
            None => whole_numbers(array).map_or(Self::Blank, |numbers| Self::Numbers(numbers, array)),
        })
    }

    /// The number of a row; none where there is none.
    pub(crate) fn get(&self, row: usize) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => text.trimmed(row).map(Cow::Borrowed),
            Self::Numbers(numbers, array) => {
                let number = numbers.get(row).filter(|_| array.is_valid(row))?;
                Some(Cow::Owned(number.to_string()))
            }
            Self::Taken(array) => Text::of(array)?.trimmed(row).map(Cow::Borrowed),
            Self::Blank => None,
        }
    }
}

/// What a row is called in messages: its settlement, or else its person.
pub(crate) fn claim_name(batch: &RecordBatch, layout: &Layout, row: usize) -> String {
    let settlement = layout.settlement.and_then(|at| batch.columns().get(at));
    let named = settlement.and_then(|array| Names::of(array).ok()?.get(row).map(Cow::into_owned));
    named.unwrap_or_else(|| {
        let persons = batch.columns().get(layout.person);
        let persons = persons.and_then(|array| Persons::of(array, "@claims", "psn_no", 1).ok());
        persons
            .and_then(|persons| persons.key(row).map(|key| key.to_string()))
            .unwrap_or_default()
    })
}
