//! Rows come in; those that differ from the row before in some way go out, 64 of them to a word.
//!
//! A person's end is hard to predict, so a branch for every row would cost more than the comparison. Bit n of word w
//! stands for row 64 w + n + 1: the first row has none before it.

use jiugao_engine::Vector;

/// Into `bits`: the rows for which `test(before, now)` holds.
pub(crate) fn mark<T: Copy>(values: &[T], bits: &mut Vec<u64>, test: impl Fn(T, T) -> bool) {
    let [] = mark_pairs(
        (values, values),
        bits,
        #[inline(always)]
        |(before, _), (now, _)| (test(before, now), []),
    );
}

/// As [`mark`], of two columns at once: pairs are tested. What else the test finds is told if it is so in some row: told,
/// and not noted by the test in a variable of its own, which would be written anew for every row.
pub(crate) fn mark_pairs<T: Copy, U: Copy, const N: usize>(
    (ones, others): (&[T], &[U]),
    bits: &mut Vec<u64>,
    test: impl Fn((T, U), (T, U)) -> (bool, [bool; N]),
) -> [bool; N] {
    let rows = ones.len().saturating_sub(1);
    // Written in place: `extend` would be a call to code for the least of machines.
    bits.resize(rows.div_ceil(64), 0);
    let bits = bits.as_mut_slice();
    let found = Vector::new().run(
        #[inline(always)]
        || {
            let mut found = [0; N];
            let (now, now_rest) = ones.get(1..).unwrap_or(&[]).as_chunks::<64>();
            let (others_now, others_rest) = others.get(1..).unwrap_or(&[]).as_chunks::<64>();
            let before = ones.as_chunks::<64>().0.iter().zip(others.as_chunks::<64>().0);
            let now = now.iter().zip(others_now);
            for (bits, (before, now)) in bits.iter_mut().zip(before.zip(now)) {
                *bits = word((before.0, before.1), (now.0, now.1), &mut found, &test);
            }
            let at = rows.saturating_sub(now_rest.len());
            if let Some(last) = bits.last_mut().filter(|_| !now_rest.is_empty()) {
                let before = (ones.get(at..).unwrap_or(&[]), others.get(at..).unwrap_or(&[]));
                *last = word(before, (now_rest, others_rest), &mut found, &test);
            }
            found
        },
    );
    found.map(|found| found != 0)
}

/// Whether `test(before, now)` holds for some row that is not marked in `except`.
pub(crate) fn any<T: Copy>(values: &[T], except: &[u64], test: impl Fn(T, T) -> bool) -> bool {
    Vector::new().run(
        #[inline(always)]
        || {
            let after = values.get(1..).unwrap_or(&[]).chunks(64);
            let mut words = after.zip(values.chunks(64)).zip(except);
            words.any(
                #[inline(always)]
                |((now, before), except)| {
                    let marked = word(
                        (before, before),
                        (now, now),
                        &mut [],
                        #[inline(always)]
                        |(before, _), (now, _)| (test(before, now), []),
                    );
                    marked & !except != 0
                },
            )
        },
    )
}

#[inline(always)]
fn word<T: Copy, U: Copy, const N: usize>(
    before: (&[T], &[U]),
    now: (&[T], &[U]),
    found: &mut [u64; N],
    test: impl Fn((T, U), (T, U)) -> (bool, [bool; N]),
) -> u64 {
    let (mut bits, mut some) = (0_u64, *found);
    let (before, now) = (before.0.iter().zip(before.1), now.0.iter().zip(now.1));
    for (((one, other), (one_now, other_now)), place) in before.zip(now).zip(0_u32..64) {
        let (marked, more) = test((*one, *other), (*one_now, *other_now));
        bits |= u64::from(marked).wrapping_shl(place);
        for (some, more) in some.iter_mut().zip(more) {
            *some |= u64::from(more);
        }
    }
    *found = some;
    bits
}

/// The rows that are marked, rising.
pub(crate) fn marked(bits: &[u64]) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(word, &bits)| Word {
        bits,
        first: word.saturating_mul(64).saturating_add(1),
    })
}

/// Append the rows that are marked, rising. A word at a time: how many it has is known beforehand.
pub(crate) fn gather(bits: &[u64], rows: &mut Vec<usize>) {
    Vector::new().run(
        #[inline(always)]
        || {
            let start = rows.len();
            let more = bits.iter().map(|word| word.count_ones()).fold(0, u32::saturating_add);
            rows.resize(start.saturating_add(usize::try_from(more).unwrap_or(0)), 0);
            let mut places = rows.get_mut(start..).unwrap_or_default().iter_mut();
            for (&word, first) in bits.iter().zip((1_usize..).step_by(64)) {
                let mut rest = word;
                for (_, row) in (0..word.count_ones()).zip(&mut places) {
                    *row = first.saturating_add(usize::try_from(rest.trailing_zeros()).unwrap_or(0));
                    rest &= rest.wrapping_sub(1);
                }
            }
        },
    );
}

struct Word {
    bits: u64,
    first: usize,
}

impl Iterator for Word {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.bits == 0 {
            return None;
        }
        let place = usize::try_from(self.bits.trailing_zeros()).unwrap_or(0);
        self.bits &= self.bits.wrapping_sub(1);
        Some(self.first.saturating_add(place))
    }
}

/// Take out of `bits` the rows that are marked in `other`.
pub(crate) fn without(bits: &mut [u64], other: &[u64]) {
    for (bits, other) in bits.iter_mut().zip(other) {
        *bits &= !other;
    }
}

/// Mark the rows of `rows` among `count`.
pub(crate) fn mark_rows(rows: impl Iterator<Item = usize>, count: usize, bits: &mut Vec<u64>) {
    bits.clear();
    bits.resize(count.saturating_sub(1).div_ceil(64), 0);
    for row in rows {
        let Some(at) = row.checked_sub(1) else { continue };
        if let Some(word) = bits.get_mut(at.wrapping_div(64)) {
            *word |= 1_u64.wrapping_shl(u32::try_from(at.wrapping_rem(64)).unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_what_a_loop_finds() {
        for rows in [0_i64, 1, 2, 63, 64, 65, 66, 128, 129, 130, 300] {
            let values: Vec<i64> = (0..rows).map(|n| n * n % 7).collect();
            let mut bits = Vec::new();
            mark(&values, &mut bits, |before, now| now < before);
            let expected: Vec<usize> = (1..values.len()).filter(|&i| values[i] < values[i - 1]).collect();
            assert_eq!(marked(&bits).collect::<Vec<_>>(), expected, "{rows} rows");
            let mut gathered = Vec::new();
            gather(&bits, &mut gathered);
            assert_eq!(gathered, expected, "{rows} rows");
            let mut again = Vec::new();
            mark_rows(expected.into_iter(), values.len(), &mut again);
            assert_eq!(again, bits, "{rows} rows");
            without(&mut again, &bits);
            assert!(again.iter().all(|&word| word == 0));
        }
    }
}
