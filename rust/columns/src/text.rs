//! An Arrow column of text, of any flavour, comes in; its cells go out.

use arrow_array::array::AnyDictionaryArray;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrowPrimitiveType, LargeStringArray, StringArray, StringViewArray};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::DataType;
use jiugao_engine::Vector;

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

    /// A cell without spaces around; none where that leaves nothing.
    pub(crate) fn trimmed(&self, row: usize) -> Option<&'a str> {
        let text = self.get(row)?;
        let edge = |c: Option<&u8>| c.is_none_or(|&c| c <= b' ' || c >= 0x80);
        let bytes = text.as_bytes();
        let text = if edge(bytes.first()) || edge(bytes.last()) {
            text.trim()
        } else {
            text
        };
        (!text.is_empty()).then_some(text)
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

/// What stands for each entry that a byte can name: a table without gaps, so that no look-up has to be checked. The last
/// place is that of nulls.
struct Narrow<T>([T; 256]);

/// So few entries that comparing with each costs less than looking up.
const FEW: usize = 4;

impl<T: Copy> Narrow<T> {
    /// None for so many entries that there is no place left for nulls.
    fn of(entries: &[T], blank: T) -> Option<Self> {
        let mut table = [blank; 256];
        let (_, places) = table.split_last_mut()?;
        for (place, &entry) in places.get_mut(..entries.len())?.iter_mut().zip(entries) {
            *place = entry;
        }
        Some(Self(table))
    }

    #[inline(always)]
    fn get(&self, key: u8) -> T {
        // INVARIANT: a byte is below 256, so the other arm is never compiled.
        let [first, ..] = &self.0;
        *self.0.get(usize::from(key)).unwrap_or(first)
    }

    /// As [`Narrow::look_up`], where only the first [`FEW`] places are taken: by comparing, in vector code.
    fn look_up_few(&self, keys: &[u8], nulls: Option<&NullBuffer>, out: &mut Vec<T>) {
        let [.., blank] = self.0;
        let Some(few) = self.0.first_chunk::<FEW>() else { return };
        out.resize(keys.len(), blank);
        let all = core::iter::repeat(u64::MAX);
        let chunks = nulls.map(|nulls| nulls.inner().bit_chunks());
        let mut words = chunks.iter().flat_map(|chunks| chunks.iter_padded()).chain(all);
        Vector::new().run(
            #[inline(always)]
            || {
                let mut shown = [0_u8; 64];
                for ((out, keys), word) in out.chunks_mut(64).zip(keys.chunks(64)).zip(&mut words) {
                    let (bytes, _) = shown.as_chunks_mut::<8>();
                    for (bytes, place) in bytes.iter_mut().zip((0_u32..).step_by(8)) {
                        *bytes = (!bytes_of_bits(word.wrapping_shr(place) & 0xff)).to_le_bytes();
                    }
                    for ((out, key), unknown) in out.iter_mut().zip(keys).zip(&shown) {
                        let key = key | unknown;
                        let mut found = blank;
                        let mut place = 0_u8;
                        for entry in few {
                            found = if key == place { *entry } else { found };
                            place = place.wrapping_add(1);
                        }
                        *out = found;
                    }
                }
            },
        );
    }

    /// Into `out`: what stands for each of `keys`. Eight at a time, and on purpose not in vector code: instructions that
    /// gather are slower than eight loads.
    fn look_up(&self, keys: &[u8], nulls: Option<&NullBuffer>, out: &mut Vec<T>) {
        let [.., blank] = self.0;
        out.resize(keys.len(), blank);
        let all = core::iter::repeat(u64::MAX);
        let chunks = nulls.map(|nulls| nulls.inner().bit_chunks());
        let words = chunks.iter().flat_map(|chunks| chunks.iter_padded()).chain(all);
        for ((out, keys), word) in out.chunks_mut(64).zip(keys.chunks(64)).zip(words) {
            let (eights, rest) = keys.as_chunks::<8>();
            let (out_eights, out_rest) = out.as_chunks_mut::<8>();
            for ((out, keys), place) in out_eights.iter_mut().zip(eights).zip(0_u32..) {
                let valid = bytes_of_bits(word.wrapping_shr(place.wrapping_mul(8)) & 0xff);
                let keys = (u64::from_le_bytes(*keys) | !valid).to_le_bytes();
                *out = keys.map(|key| self.get(key));
            }
            let first = u32::try_from(eights.len()).unwrap_or(0).wrapping_mul(8);
            for ((out, &key), place) in out_rest.iter_mut().zip(rest).zip(first..) {
                let valid = word.wrapping_shr(place) & 1 == 1;
                *out = if valid { self.get(key) } else { blank };
            }
        }
    }
}

/// Eight bits as eight bytes, all ones or all zeros.
#[inline(always)]
const fn bytes_of_bits(bits: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const EACH: u64 = 0x8040_2010_0804_0201;
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let spread = bits.wrapping_mul(ONES) & EACH;
    // The highest bit of each byte that is not zero.
    let some = (((spread & LOW).wrapping_add(LOW)) | spread) & !LOW;
    some.wrapping_shr(7).wrapping_mul(0xff)
}

/// Into `out`: for each row of a dictionary column what stands for its entry, `blank` for null.
pub(crate) fn look_up<T: Copy>(dictionary: &dyn AnyDictionaryArray, entries: &[T], blank: T, out: &mut Vec<T>) {
    fn keys<K: ArrowPrimitiveType, T: Copy>(keys: &dyn Array, entries: &[T], blank: T, out: &mut Vec<T>) -> bool
    where
        K::Native: TryInto<usize>,
    {
        let Some(keys) = keys.as_primitive_opt::<K>() else {
            return false;
        };
        let entry = |key: K::Native| key.try_into().ok().and_then(|key| entries.get(key)).copied();
        out.clear();
        match keys.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => out.extend(keys.values().iter().map(|&key| entry(key).unwrap_or(blank))),
            Some(nulls) => {
                let rows = keys.values().iter().zip(nulls.iter());
                out.extend(rows.map(|(&key, valid)| if valid { entry(key).unwrap_or(blank) } else { blank }));
            }
        }
        true
    }
    /// Keys of one byte; of signed ones only half can be.
    fn bytes<K: ArrowPrimitiveType, T: Copy>(keys: &dyn Array, entries: &[T], blank: T, out: &mut Vec<T>) -> bool {
        let Some(keys) = keys.as_primitive_opt::<K>() else {
            return false;
        };
        let most = if K::DATA_TYPE.is_signed_integer() { 128 } else { 256 };
        let Some(table) = Narrow::of(entries.get(..most).unwrap_or(entries), blank) else {
            return false;
        };
        let nulls = keys.nulls().filter(|nulls| nulls.null_count() > 0);
        let keys = keys.values().inner().as_slice();
        if entries.len() <= FEW && size_of::<T>() == size_of::<i64>() {
            table.look_up_few(keys, nulls, out);
        } else {
            table.look_up(keys, nulls, out);
        }
        true
    }
    let array = dictionary.keys();
    let done = bytes::<Int8Type, T>(array, entries, blank, out)
        || bytes::<UInt8Type, T>(array, entries, blank, out)
        || keys::<UInt8Type, T>(array, entries, blank, out)
        || keys::<Int16Type, T>(array, entries, blank, out)
        || keys::<Int32Type, T>(array, entries, blank, out)
        || keys::<Int64Type, T>(array, entries, blank, out)
        || keys::<UInt16Type, T>(array, entries, blank, out)
        || keys::<UInt32Type, T>(array, entries, blank, out)
        || keys::<UInt64Type, T>(array, entries, blank, out);
    debug_assert!(done, "every type of keys is listed");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{DictionaryArray, Int8Array, Int32Array, UInt8Array};

    use super::*;

    #[test]
    fn keys_of_every_width_find_their_entries() {
        let values: Arc<StringArray> = Arc::new(StringArray::from_iter_values((0..100).map(|n| n.to_string())));
        let entries: Vec<i64> = (0..100).map(|n| n * 3).collect();
        for rows in [0, 1, 63, 64, 65, 200_i32] {
            for nulls in [false, true] {
                let key = |row: i32| (!nulls || row % 3 != 0).then_some(row * 7 % 100);
                let expected: Vec<i64> = (0..rows).map(|r| key(r).map_or(-1, |k| i64::from(k) * 3)).collect();
                let small: Int8Array = (0..rows).map(|r| key(r).and_then(|k| i8::try_from(k).ok())).collect();
                let byte: UInt8Array = (0..rows).map(|r| key(r).and_then(|k| u8::try_from(k).ok())).collect();
                let wide: Int32Array = (0..rows).map(key).collect();
                let small = DictionaryArray::try_new(small, values.clone()).unwrap();
                let byte = DictionaryArray::try_new(byte, values.clone()).unwrap();
                let wide = DictionaryArray::try_new(wide, values.clone()).unwrap();
                let all: [&dyn AnyDictionaryArray; 3] = [&small, &byte, &wide];
                for dictionary in all {
                    let mut out = vec![9; 7];
                    look_up(dictionary, &entries, -1, &mut out);
                    assert_eq!(out, expected, "{rows} rows");
                }
                if rows > 10 {
                    let mut out = Vec::new();
                    look_up(&small.slice(5, 5), &entries, -1, &mut out);
                    assert_eq!(out, expected[5..10]);
                }
            }
        }
    }

    #[test]
    fn few_entries_are_found_too() {
        let values: Arc<StringArray> = Arc::new(StringArray::from_iter_values(["a", "b", "c"]));
        for rows in [0, 1, 63, 64, 65, 127_i8] {
            for nulls in [false, true] {
                let key = |row: i8| (!nulls || row % 4 != 0).then_some(row % 3);
                let keys: Int8Array = (0..rows).map(key).collect();
                let dictionary = DictionaryArray::try_new(keys, values.clone()).unwrap();
                let expected: Vec<i64> = (0..rows).map(|r| key(r).map_or(-1, |k| i64::from(k) * 5 + 2)).collect();
                let mut out = vec![9; 7];
                look_up(&dictionary, &[2_i64, 7, 12], -1, &mut out);
                assert_eq!(out, expected, "{rows} rows");
                if rows > 70 {
                    look_up(&dictionary.slice(3, 67), &[2_i64, 7, 12], -1, &mut out);
                    assert_eq!(out, expected[3..70]);
                }
            }
        }
    }

    #[test]
    fn as_many_entries_as_bytes_are_found_too() {
        let names = StringArray::from_iter_values((0..256).map(|n| n.to_string()));
        let keys: UInt8Array = (0..=255).chain([9]).map(|key| (key != 9).then_some(key)).collect();
        let dictionary = DictionaryArray::try_new(keys, Arc::new(names)).unwrap();
        let entries: Vec<i64> = (0..256).collect();
        let mut out = Vec::new();
        look_up(&dictionary, &entries, -1, &mut out);
        let expected: Vec<i64> = (0..256).chain([9]).map(|n| if n == 9 { -1 } else { n }).collect();
        assert_eq!(out, expected);
    }
}
