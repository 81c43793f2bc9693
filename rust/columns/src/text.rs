//! An Arrow column of text, of any flavour, comes in; its cells go out.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrowPrimitiveType, LargeStringArray, StringArray, StringViewArray};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;

/// A plain (not dictionary) text column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text<'a> {
    /// 32-bit offsets.
    Small(&'a StringArray),
    /// 64-bit offsets.
    Large(&'a LargeStringArray),
    /// Views.
    View(&'a StringViewArray),
}

impl<'a> Text<'a> {
    /// The column as text, if it is one.
    pub(crate) fn of(array: &'a dyn Array) -> Option<Self> {
        array
            .as_string_opt::<i32>()
            .map(Self::Small)
            .or_else(|| array.as_string_opt::<i64>().map(Self::Large))
            .or_else(|| array.as_string_view_opt().map(Self::View))
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Small(a) => a.len(),
            Self::Large(a) => a.len(),
            Self::View(a) => a.len(),
        }
    }

    /// A cell, none where it is null. `row` is below the length.
    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Small(a) => a.is_valid(row).then(|| a.value(row)),
            Self::Large(a) => a.is_valid(row).then(|| a.value(row)),
            Self::View(a) => a.is_valid(row).then(|| a.value(row)),
        }
    }

    /// Every cell in order, none where it is null. What kind of column it is, is asked once.
    #[inline]
    pub(crate) fn each(&self, take: impl FnMut(Option<&'a str>)) {
        match self {
            Self::Small(a) => a.iter().for_each(take),
            Self::Large(a) => a.iter().for_each(take),
            Self::View(a) => a.iter().for_each(take),
        }
    }

    /// A cell without spaces around; none where that leaves nothing.
    pub(crate) fn trimmed(&self, row: usize) -> Option<&'a str> {
        self.get(row).and_then(trimmed)
    }
}

/// A cell without spaces around; none where that leaves nothing.
#[inline]
pub(crate) fn trimmed(text: &str) -> Option<&str> {
    let edge = |c: Option<&u8>| c.is_none_or(|&c| c <= b' ' || c >= 0x80);
    let bytes = text.as_bytes();
    let text = if edge(bytes.first()) || edge(bytes.last()) {
        text.trim()
    } else {
        text
    };
    (!text.is_empty()).then_some(text)
}

/// Whether two texts are the same. Those of 16 to 32 bytes, as persons' numbers are, are compared from both ends without a
/// call: where the ends overlap they say the same.
#[inline]
pub(crate) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let ends = |text: &[u8]| {
        let ends = text.first_chunk::<16>().zip(text.last_chunk::<16>());
        ends.map(|(first, last)| (u128::from_ne_bytes(*first), u128::from_ne_bytes(*last)))
    };
    match (ends(one), ends(other)) {
        (Some(one_ends), Some(other_ends)) if one.len() <= 32 => one_ends == other_ends,
        _ => one == other,
    }
}

/// Whole numbers of any width as 64 bits, the width of the array's own memory where it has it. None for other types
/// and for numbers that do not fit; nulls are whatever stands there.
pub(crate) fn whole_numbers(array: &dyn Array) -> Option<ScalarBuffer<i64>> {
    fn widen<T: ArrowPrimitiveType>(array: &dyn Array) -> Option<ScalarBuffer<i64>>
    where
        T::Native: TryInto<i64>,
    {
        let array = array.as_primitive_opt::<T>()?;
        let values: Option<Vec<i64>> = array.values().iter().map(|&v| v.try_into().ok()).collect();
        values.map(ScalarBuffer::from)
    }
    match array.data_type() {
        DataType::Int64 => array.as_primitive_opt::<Int64Type>().map(|a| a.values().clone()),
        DataType::Int32 => widen::<Int32Type>(array),
        DataType::Int16 => widen::<Int16Type>(array),
        DataType::Int8 => widen::<Int8Type>(array),
        DataType::UInt64 => widen::<UInt64Type>(array),
        DataType::UInt32 => widen::<UInt32Type>(array),
        DataType::UInt16 => widen::<UInt16Type>(array),
        DataType::UInt8 => widen::<UInt8Type>(array),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_anywhere_are_not_the_same() {
        for length in 0..70 {
            let one = "7".repeat(length);
            assert!(same(&one, &one.clone()), "{length}");
            assert!(
                !same(&one, &format!("{one}7")) && !same(&format!("{one}7"), &one),
                "{length}"
            );
            for at in 0..length {
                let mut other = one.clone();
                other.replace_range(at..=at, "8");
                assert!(!same(&one, &other) && !same(&other, &one), "{length}, {at}");
            }
        }
    }
}
