//! A column of keys and what stands for each of their entries come in; what stands for each row goes out.

use arrow_array::array::AnyDictionaryArray;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_buffer::NullBuffer;
use jiugao_engine::Vector;

/// What stands for each entry that a byte can name: a table without gaps, so that no look-up has to be checked. The last
/// place is that of nulls.
struct Narrow<T>([T; 256]);

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
        table.look_up(keys.values().inner().as_slice(), nulls, out);
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

/// As [`look_up`], quicker for few small numbers, such as masks of identities.
pub(crate) fn look_up_numbers(dictionary: &dyn AnyDictionaryArray, entries: &[i64], blank: i64, out: &mut Vec<i64>) {
    let keys = dictionary.keys();
    // Keys that no entry has are as good as any.
    let done = Few::of(entries, blank).is_some_and(|few| {
        few.look_up::<Int8Type>(keys, i8::cast_unsigned, out)
            || few.look_up::<UInt8Type>(keys, |key| key, out)
            || few.look_up::<Int32Type>(keys, |key| u8::try_from(key).unwrap_or(u8::MAX), out)
    });
    if !done {
        look_up(dictionary, entries, blank, out);
    }
}

/// Up to sixty-four keys as bytes.
#[inline(always)]
fn bytes_of<T: Copy>(keys: &[T], byte: impl Fn(T) -> u8) -> [u8; 64] {
    let mut bytes = [0; 64];
    for (place, key) in bytes.iter_mut().zip(keys) {
        *place = byte(*key);
    }
    bytes
}

/// Entries so few that comparing with each costs less than looking up, and so small that sixty-four rows are compared at
/// a time.
struct Few {
    entries: [u8; Few::MOST],
    blank: u8,
}

impl Few {
    const MOST: usize = 4;

    fn of(entries: &[i64], blank: i64) -> Option<Self> {
        let blank = u8::try_from(blank).ok()?;
        let mut few = Self {
            entries: [blank; Self::MOST],
            blank,
        };
        let places = few.entries.get_mut(..entries.len())?;
        for (place, &entry) in places.iter_mut().zip(entries) {
            *place = u8::try_from(entry).ok()?;
        }
        Some(few)
    }

    /// False for keys that are not `K`. `byte`: a key as one byte.
    fn look_up<K: ArrowPrimitiveType>(
        &self,
        keys: &dyn Array,
        byte: impl Fn(K::Native) -> u8,
        out: &mut Vec<i64>,
    ) -> bool {
        let Some(keys) = keys.as_primitive_opt::<K>() else {
            return false;
        };
        let nulls = keys.nulls().filter(|nulls| nulls.null_count() > 0);
        let keys = &**keys.values();
        out.resize(keys.len(), 0);
        let chunks = nulls.map(|nulls| nulls.inner().bit_chunks());
        let all = core::iter::repeat(u64::MAX);
        let mut words = chunks.iter().flat_map(|chunks| chunks.iter_padded()).chain(all);
        Vector::new().run(
            #[inline(always)]
            || {
                let (whole, rest) = keys.as_chunks::<64>();
                let (out, out_rest) = out.as_chunks_mut::<64>();
                for ((out, keys), word) in out.iter_mut().zip(whole).zip(&mut words) {
                    *out = self.values(&bytes_of(keys, &byte), word).map(i64::from);
                }
                let last = bytes_of(rest, &byte);
                let values = self.values(&last, words.next().unwrap_or(0));
                for (out, value) in out_rest.iter_mut().zip(values) {
                    *out = i64::from(value);
                }
            },
        );
        true
    }

    /// What stands for keys; `known` has a bit for each that is not null.
    #[inline(always)]
    fn values(&self, keys: &[u8; 64], known: u64) -> [u8; 64] {
        let mut values = [self.blank; 64];
        let mut place = 0_u8;
        for entry in self.entries {
            for (value, key) in values.iter_mut().zip(keys) {
                *value = if *key == place { entry } else { *value };
            }
            place = place.wrapping_add(1);
        }
        let (eights, _) = values.as_chunks_mut::<8>();
        for (eight, place) in eights.iter_mut().zip((0_u32..).step_by(8)) {
            let known = bytes_of_bits(known.wrapping_shr(place) & 0xff);
            let blank = u64::from_le_bytes([self.blank; 8]);
            *eight = ((u64::from_le_bytes(*eight) & known) | (blank & !known)).to_le_bytes();
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{DictionaryArray, Int8Array, Int32Array, StringArray, UInt8Array};

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
                let wide: Int32Array = (0..rows).map(|row| key(row).map(i32::from)).collect();
                let wide = DictionaryArray::try_new(wide, values.clone()).unwrap();
                let dictionary = DictionaryArray::try_new(keys, values.clone()).unwrap();
                for (entries, blank) in [([2, 7, 255], 9), ([2, 7, 256], 9), ([2, 7, 12], -1)] {
                    let entry = |k: i8| entries[usize::try_from(k).unwrap()];
                    let expected: Vec<i64> = (0..rows).map(|r| key(r).map_or(blank, entry)).collect();
                    let mut out = vec![9; 7];
                    look_up_numbers(&dictionary, &entries, blank, &mut out);
                    assert_eq!(out, expected, "{rows} rows");
                    look_up_numbers(&wide, &entries, blank, &mut out);
                    assert_eq!(out, expected, "{rows} rows, wide keys");
                    if rows > 70 {
                        look_up_numbers(&dictionary.slice(3, 67), &entries, blank, &mut out);
                        assert_eq!(out, expected[3..70]);
                    }
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
