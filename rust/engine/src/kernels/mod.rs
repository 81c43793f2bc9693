//! Loops over columns of a block, written so that the compiler turns them into vector code.
//!
//! INVARIANT: every caller has bounded its values ([`crate::block`], magnitudes), so that the wrapping arithmetic here
//! never wraps; a block whose values are not bounded goes another way. All slices of a call have one length.

mod accounts;
mod detail;
mod due;
mod pass;
mod sums;

pub(crate) use accounts::{added, changes, classes, days, left, running, totals};
pub(crate) use detail::{cuts_few, cuts_many, cuts_narrow, figures};
pub(crate) use due::{Division, Narrow, Single, accrue, due_few, due_looked_up, due_many, due_narrow, payments};
pub(crate) use pass::{Entries, Stretch, added_by_entry, pay_one, pay_two};
pub(crate) use sums::{Signs, sum_of_three, sum_of_two};

/// A column of a block, or one value for all its rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand<'a> {
    Value(i64),
    Rows(&'a [i64]),
}

impl Operand<'_> {
    /// Whether both are the same value, or the same column of memory.
    pub(crate) fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Value(own), Self::Value(other)) => own == other,
            (Self::Rows(own), Self::Rows(other)) => std::ptr::eq(own, other),
            _ => false,
        }
    }
}

/// `out[i] = f(a[i], b[i])`.
#[inline(always)]
pub(crate) fn map2(out: &mut [i64], a: Operand<'_>, b: Operand<'_>, f: impl Fn(i64, i64) -> i64) {
    match (a, b) {
        (Operand::Rows(a), Operand::Rows(b)) => {
            for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
                *out = f(*a, *b);
            }
        }
        (Operand::Rows(a), Operand::Value(b)) => {
            for (out, a) in out.iter_mut().zip(a) {
                *out = f(*a, b);
            }
        }
        (Operand::Value(a), Operand::Rows(b)) => {
            for (out, b) in out.iter_mut().zip(b) {
                *out = f(a, *b);
            }
        }
        (Operand::Value(a), Operand::Value(b)) => out.fill(f(a, b)),
    }
}

/// `out[i] = f(a[i])`.
#[inline(always)]
pub(crate) fn map1(out: &mut [i64], a: Operand<'_>, f: impl Fn(i64) -> i64) {
    match a {
        Operand::Rows(a) => {
            for (out, a) in out.iter_mut().zip(a) {
                *out = f(*a);
            }
        }
        Operand::Value(a) => out.fill(f(a)),
    }
}

/// `out[i] = out[i] + f(a[i])`, then `last` of it.
#[inline(always)]
pub(crate) fn accumulate(out: &mut [i64], a: &[i64], f: impl Fn(i64, i64) -> i64) {
    for (out, a) in out.iter_mut().zip(a) {
        *out = f(*out, *a);
    }
}

/// `out[i] = flag[i] ≠ 0 ? a[i] : b[i]`.
#[inline(always)]
pub(crate) fn choose(out: &mut [i64], flag: &[i64], a: Operand<'_>, b: Operand<'_>) {
    let each = out.iter_mut().zip(flag);
    match (a, b) {
        (Operand::Rows(a), Operand::Rows(b)) => {
            for (((out, flag), a), b) in each.zip(a).zip(b) {
                *out = if *flag != 0 { *a } else { *b };
            }
        }
        (Operand::Rows(a), Operand::Value(b)) => {
            for ((out, flag), a) in each.zip(a) {
                *out = if *flag != 0 { *a } else { b };
            }
        }
        (Operand::Value(a), Operand::Rows(b)) => {
            for ((out, flag), b) in each.zip(b) {
                *out = if *flag != 0 { a } else { *b };
            }
        }
        (Operand::Value(a), Operand::Value(b)) => {
            for (out, flag) in each {
                *out = if *flag != 0 { a } else { b };
            }
        }
    }
}

/// Entry `a[i] + plus` of a table of bytes packed into one number, the first lowest.
#[inline(always)]
pub(crate) fn packed(out: &mut [i64], a: &[i64], plus: i64, bytes: u64) {
    for (out, a) in out.iter_mut().zip(a) {
        let shift = a.wrapping_add(plus).wrapping_mul(8).cast_unsigned() & 63;
        *out = ((bytes >> shift) & 0xff).cast_signed();
    }
}

/// Entry `a[i] + plus` of a table.
#[inline(always)]
pub(crate) fn entries(out: &mut [i64], a: &[i64], plus: i64, table: &[i64]) {
    for (out, a) in out.iter_mut().zip(a) {
        let index = usize::try_from(a.wrapping_add(plus)).unwrap_or(usize::MAX);
        *out = table.get(index).copied().unwrap_or(0);
    }
}

/// How many of the days are not after each row's.
#[inline(always)]
pub(crate) fn regime(out: &mut [i64], days: &[i32], dates: &[i32]) {
    out.fill(0);
    for date in dates {
        for (out, day) in out.iter_mut().zip(days) {
            *out = out.wrapping_add(i64::from(*day >= *date));
        }
    }
}

/// A bound of the magnitudes (|x| ≤ it for every x), and whether some x is negative.
#[inline(always)]
pub(crate) fn magnitude(values: &[i64]) -> (u64, bool) {
    let mut bits = 0_i64;
    for value in values {
        bits |= *value;
    }
    let negative = bits < 0;
    if negative {
        bits = 0;
        for value in values {
            bits |= *value ^ (*value >> 63);
        }
    }
    (bound(bits), negative)
}

/// A bound of magnitudes of which these bits are set: all ones below the highest, and one more for the least negative number.
#[inline(always)]
pub(crate) fn bound(bits: i64) -> u64 {
    let ones = u64::MAX.checked_shr(bits.leading_zeros()).unwrap_or(0);
    ones.saturating_add(1)
}

/// Whether all are 0.
#[inline(always)]
pub(crate) fn all_zero(values: &[i64]) -> bool {
    values.iter().fold(0, |bits, value| bits | value) == 0
}

/// A slice of it, and not an iterator that skips: only slices side by side become vector code.
#[inline(always)]
fn after_first<T>(values: &[T]) -> &[T] {
    values.get(1..).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::magnitude;

    #[test]
    fn magnitudes_bound_every_value_and_say_whether_one_is_below_0() {
        assert_eq!(magnitude(&[]), (1, false));
        assert_eq!(magnitude(&[0, 0]), (1, false));
        assert_eq!(magnitude(&[4, 3]), (8, false));
        assert_eq!(magnitude(&[-4]), (4, true));
        assert_eq!(magnitude(&[-5, 3]), (8, true));
        assert_eq!(magnitude(&[-1, 1000, 0]), (1024, true));
        assert_eq!(magnitude(&[i64::MIN]), (1 << 63, true));
    }
}
