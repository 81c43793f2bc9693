//! Loops over columns of a block, written so that the compiler turns them into vector code.
//!
//! INVARIANT: every caller has bounded its values ([`crate::block`], magnitudes), so that the wrapping arithmetic here
//! never wraps; a block whose values are not bounded goes another way. All slices of a call have one length.

use crate::results::Cut;

/// A column of a block, or one value for all its rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand<'a> {
    Value(i64),
    Rows(&'a [i64]),
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
    map2(out, a, b, |a, _| a);
    match b {
        Operand::Rows(b) => {
            for ((out, flag), b) in out.iter_mut().zip(flag).zip(b) {
                *out = if *flag != 0 { *out } else { *b };
            }
        }
        Operand::Value(b) => {
            for (out, flag) in out.iter_mut().zip(flag) {
                *out = if *flag != 0 { *out } else { b };
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

/// A bound of the magnitudes: |x| ≤ it for every x.
#[inline(always)]
pub(crate) fn magnitude(values: &[i64]) -> u64 {
    let mut bits = 0_i64;
    for value in values {
        bits |= *value ^ (*value >> 63);
    }
    // All ones below the highest bit that is set anywhere, and one more for the least negative number.
    let bits = bits.cast_unsigned();
    u64::MAX
        .checked_shr(bits.leading_zeros())
        .unwrap_or(0)
        .saturating_add(1)
}

/// The class of each row's identities: later lines of the standing table first, so that the first one wins.
#[inline(always)]
pub(crate) fn classes(out: &mut [i64], held: &[i64], rules: &[(i64, i64, i64)]) {
    out.fill(-1);
    for (class, any, except) in rules {
        for (out, held) in out.iter_mut().zip(held) {
            *out = if held & any != 0 && held & except == 0 {
                *class
            } else {
                *out
            };
        }
    }
}

/// The first and the last day, and whether some row's day lies before that of the row before it in the same person.
#[inline(always)]
pub(crate) fn days(days: &[i32], same: &[i64]) -> (i32, i32, bool) {
    let (mut least, mut most) = (i32::MAX, i32::MIN);
    for day in days {
        least = least.min(*day);
        most = most.max(*day);
    }
    let mut falls = 0_i64;
    for ((before, day), same) in days.iter().zip(after_first(days)).zip(after_first(same)) {
        falls |= i64::from(day < before) & same;
    }
    (least, most, falls != 0)
}

/// max(0, base) where the row is not 0: what a claim adds to the base so far.
#[inline(always)]
pub(crate) fn added(bases: &mut [i64], base: &[i64], row: Operand<'_>) {
    match row {
        Operand::Rows(rows) => {
            for ((added, base), row) in bases.iter_mut().zip(base).zip(rows) {
                *added = if *row == 0 { 0 } else { (*base).max(0) };
            }
        }
        Operand::Value(0) => bases.fill(0),
        Operand::Value(_) => {
            for (added, base) in bases.iter_mut().zip(base) {
                *added = (*base).max(0);
            }
        }
    }
}

/// Running sums, begun anew where `same` is 0. `sums` has one entry more: the sum before the first row.
///
/// Each sum waits for the one before it. Where an account begins near the middle, the second half does not wait for the
/// first: both are summed side by side.
#[inline(always)]
pub(crate) fn running(sums: &mut [i64], added: &[i64], same: &[i64], before: i64) {
    let Some((first, sums)) = sums.split_first_mut() else {
        return;
    };
    *first = before;
    let middle = same.len().div_ceil(2);
    let begins = same.iter().skip(middle).position(|same| *same == 0);
    let middle = begins.map_or(same.len(), |more| middle.saturating_add(more));
    let (Some((sums, sums2)), Some((added, added2)), Some((same, same2))) = (
        sums.split_at_mut_checked(middle),
        added.split_at_checked(middle),
        same.split_at_checked(middle),
    ) else {
        return;
    };
    let both = sums2.len();
    let (sums_one, sums_rest) = sums.split_at_mut_checked(both).unwrap_or_default();
    let (added_one, added_rest) = added.split_at_checked(both).unwrap_or_default();
    let (same_one, same_rest) = same.split_at_checked(both).unwrap_or_default();
    let (mut sum, mut sum2) = (before, 0);
    let ones = sums_one.iter_mut().zip(added_one).zip(same_one);
    let twos = sums2.iter_mut().zip(added2).zip(same2);
    for (((out, added), same), ((out2, added2), same2)) in ones.zip(twos) {
        sum = (sum & *same).wrapping_add(*added);
        sum2 = (sum2 & *same2).wrapping_add(*added2);
        *out = sum;
        *out2 = sum2;
    }
    for ((out, added), same) in sums_rest.iter_mut().zip(added_rest).zip(same_rest) {
        sum = (sum & *same).wrapping_add(*added);
        *out = sum;
    }
}

/// Plain running sums, begun anew where `same` is 0.
#[inline(always)]
pub(crate) fn totals(sums: &mut [i64], values: Operand<'_>, same: &[i64], before: i64) {
    let mut sum = before;
    match values {
        Operand::Rows(values) => {
            for ((out, value), same) in sums.iter_mut().zip(values).zip(same) {
                sum = (sum & *same).wrapping_add(*value);
                *out = sum;
            }
        }
        Operand::Value(value) => {
            for (out, same) in sums.iter_mut().zip(same) {
                sum = (sum & *same).wrapping_add(value);
                *out = sum;
            }
        }
    }
}

/// A slice of it, and not an iterator that skips: only slices side by side become vector code.
#[inline(always)]
fn after_first<T>(values: &[T]) -> &[T] {
    values.get(1..).unwrap_or(&[])
}

/// A row of figures with one rate: deductible, rate, limit in units of the accrued amount.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Single {
    pub(crate) deductible: i64,
    pub(crate) rate: i64,
    pub(crate) cap: i64,
}

/// The figures of a row, out of few: by comparing, which vector units do better than looking up.
#[inline(always)]
fn pick<const N: usize>(figures: &[Single; N], row: i64) -> Single {
    let mut chosen = Single::default();
    let mut number = 1_i64;
    for figure in after_first(figures) {
        let this = row == number;
        chosen.deductible = if this { figure.deductible } else { chosen.deductible };
        chosen.rate = if this { figure.rate } else { chosen.rate };
        chosen.cap = if this { figure.cap } else { chosen.cap };
        number = number.wrapping_add(1);
    }
    chosen
}

/// min(rate × what of the sum is above the deductible, cap), by each row's figures (0: the empty ones).
#[inline(always)]
pub(crate) fn accrued_few<const N: usize>(out: &mut [i64], sums: &[i64], rows: &[i64], figures: &[Single; N]) {
    for ((out, sum), row) in out.iter_mut().zip(sums).zip(rows) {
        *out = accrue(*sum, pick(figures, *row));
    }
}

/// Figures and cuts ([`crate::Cut`]) of claims that took the sums to `sums`, by each row's figures.
#[inline(always)]
pub(crate) fn details(
    numbers: &mut [u16],
    cuts: &mut [u8],
    sums: &[i64],
    added: &[i64],
    rows: &[i64],
    figure: impl Fn(i64) -> Single,
) {
    for (number, row) in numbers.iter_mut().zip(rows) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rows are 16 bits"
        )]
        {
            *number = *row as u16;
        }
    }
    for (((cut, sum), added), row) in cuts.iter_mut().zip(sums).zip(added).zip(rows) {
        let figure = figure(*row);
        let above = sum.wrapping_sub(figure.deductible);
        let claims = *added > 0;
        // Something was added to what accrued; then a limit bound if the sum is worth more than it.
        let accrues = claims & (above > 0) & (figure.rate > 0);
        let limited = accrues & (above.wrapping_mul(figure.rate) > figure.cap);
        *cut = (u8::from(claims & !accrues).wrapping_mul(Cut::BELOW)) | (u8::from(limited).wrapping_mul(Cut::LIMIT));
    }
}

/// As [`details`], out of few figures.
#[inline(always)]
pub(crate) fn details_few<const N: usize>(
    numbers: &mut [u16],
    cuts: &mut [u8],
    sums: &[i64],
    added: &[i64],
    rows: &[i64],
    figures: &[Single; N],
) {
    details(numbers, cuts, sums, added, rows, |row| pick(figures, row));
}

/// As [`accrued_few`], for any number of figures.
#[inline(always)]
pub(crate) fn accrued_many(out: &mut [i64], sums: &[i64], rows: &[i64], figures: &[Single]) {
    for ((out, sum), row) in out.iter_mut().zip(sums).zip(rows) {
        let row = usize::try_from(*row).unwrap_or(usize::MAX);
        *out = accrue(*sum, figures.get(row).copied().unwrap_or_default());
    }
}

/// As [`accrued_few`], all rows by the same figures.
#[inline(always)]
pub(crate) fn accrued_same(out: &mut [i64], sums: &[i64], figure: Single) {
    for (out, sum) in out.iter_mut().zip(sums) {
        *out = accrue(*sum, figure);
    }
}

#[inline(always)]
pub(crate) fn accrue(sum: i64, figure: Single) -> i64 {
    sum.wrapping_sub(figure.deductible)
        .max(0)
        .wrapping_mul(figure.rate)
        .min(figure.cap)
}

/// Accrued amounts to whole fen, halves up; `FEN` units are a fen. They fit 32 bits, whose division by a constant is a
/// multiplication that vector units have.
#[inline(always)]
#[expect(clippy::arithmetic_side_effects, reason = "FEN is at least 10")]
pub(crate) fn round_narrow<const FEN: u32>(amounts: &mut [i64]) {
    for amount in amounts {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the caller has seen that amounts are from 0 to 2^32 - 1 - FEN / 2"
        )]
        let narrow = *amount as u32;
        *amount = i64::from(narrow.wrapping_add(FEN / 2) / FEN);
    }
}

/// As [`round_narrow`], for any amounts that are not negative.
#[inline(always)]
#[expect(clippy::arithmetic_side_effects, reason = "FEN is at least 10")]
pub(crate) fn round_wide<const FEN: u64>(amounts: &mut [i64]) {
    for amount in amounts {
        *amount = (amount.cast_unsigned().wrapping_add(FEN / 2) / FEN).cast_signed();
    }
}

/// Payments from what is due: the difference to the row before in the same account. `due` has one entry more: what was
/// due before the first row. True where some payment is above what is uncovered.
#[inline(always)]
pub(crate) fn payments(out: &mut [i64], due: &[i64], same: &[i64], uncovered: Operand<'_>) -> bool {
    let pairs = due.iter().zip(after_first(due));
    let mut above = 0_i64;
    match uncovered {
        Operand::Rows(uncovered) => {
            for (((out, (before, due)), same), uncovered) in out.iter_mut().zip(pairs).zip(same).zip(uncovered) {
                let pay = due.wrapping_sub(before & same);
                *out = pay;
                above |= i64::from(pay > (*uncovered).max(0));
            }
        }
        Operand::Value(uncovered) => {
            for ((out, (before, due)), same) in out.iter_mut().zip(pairs).zip(same) {
                let pay = due.wrapping_sub(before & same);
                *out = pay;
                above |= i64::from(pay > uncovered.max(0));
            }
        }
    }
    above != 0
}

/// Whether some row's figures differ from those of the row before in the same account.
#[inline(always)]
pub(crate) fn changes(rows: &[i64], same: &[i64]) -> bool {
    let mut changes = 0_i64;
    for ((before, row), same) in rows.iter().zip(after_first(rows)).zip(after_first(same)) {
        changes |= (before ^ row) & same;
    }
    changes != 0
}
