//! Where accounts begin, their classes, and what adds up along them.

use super::{Operand, after_first};

/// The class of each row's identities: later lines of the standing table first, so that the first one wins. True where
/// identities differ from those of the row before in the same account.
///
/// Both tests are made of every row, and no branch: a row's identities cannot be foreseen.
#[inline(always)]
pub(crate) fn classes(out: &mut [i64], held: &[i64], same: &[i64], rules: &[(i64, i64, i64)]) -> bool {
    let never = (-1, 0, 0);
    let (one, two, more) = match rules {
        [] => (never, never, rules),
        [one] => (*one, never, &[][..]),
        [one, two, more @ ..] => (*one, *two, more),
    };
    for (out, held) in out.iter_mut().zip(held) {
        *out = class(class(-1, *held, one), *held, two);
    }
    for rule in more {
        for (out, held) in out.iter_mut().zip(held) {
            *out = class(*out, *held, *rule);
        }
    }
    changes(held, same)
}

#[inline(always)]
fn class(otherwise: i64, held: i64, (class, any, except): (i64, i64, i64)) -> i64 {
    let holds = (held & any != 0) & (held & except == 0);
    if holds { class } else { otherwise }
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
pub(crate) fn added(bases: &mut [i64], base: Operand<'_>, row: Operand<'_>) {
    match (base, row) {
        (_, Operand::Value(0)) => bases.fill(0),
        (base, Operand::Value(_)) => super::map1(bases, base, |base| base.max(0)),
        (base, row) => super::map2(bases, base, row, |base, row| if row == 0 { 0 } else { base.max(0) }),
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

/// What the benefit before has left of its sums, where the row is not 0. `sums` has one entry more, as in [`running`].
#[inline(always)]
pub(crate) fn left(sums: &mut [i64], (total, due): (&[i64], &[i64]), row: Operand<'_>, before: i64) {
    let Some((first, sums)) = sums.split_first_mut() else {
        return;
    };
    *first = before;
    match row {
        Operand::Rows(rows) => {
            for (((sum, total), due), row) in sums.iter_mut().zip(total).zip(due).zip(rows) {
                *sum = if *row == 0 { 0 } else { total.wrapping_sub(*due) };
            }
        }
        Operand::Value(0) => sums.fill(0),
        Operand::Value(_) => {
            for ((sum, total), due) in sums.iter_mut().zip(total).zip(due) {
                *sum = total.wrapping_sub(*due);
            }
        }
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

/// Whether some row's figures differ from those of the row before in the same account.
#[inline(always)]
pub(crate) fn changes(rows: &[i64], same: &[i64]) -> bool {
    let mut changes = 0_i64;
    for ((before, row), same) in rows.iter().zip(after_first(rows)).zip(after_first(same)) {
        changes |= (before ^ row) & same;
    }
    changes != 0
}
