//! Which figures applied to each claim, and why it was not paid more.

use crate::results::Cut;

use super::due::{Narrow, Single, pick, pick_narrow};
use super::{Operand, after_first};

/// The numbers of the figures.
#[inline(always)]
pub(crate) fn figures(numbers: &mut [u16], rows: Operand<'_>) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rows are 16 bits"
    )]
    match rows {
        Operand::Value(row) => numbers.fill(row as u16),
        Operand::Rows(rows) => {
            for (number, row) in numbers.iter_mut().zip(rows) {
                *number = *row as u16;
            }
        }
    }
}

/// Cuts ([`crate::Cut`]) of claims that took the sums to `sums` (with the sum before the first row in front), by each row's
/// figures.
#[inline(always)]
fn cuts(cuts: &mut [u8], sums: &[i64], same: &[i64], rows: Operand<'_>, of: impl Fn(i64, i64) -> (bool, bool)) {
    let each = cuts.iter_mut().zip(sums.iter().zip(after_first(sums))).zip(same);
    match rows {
        Operand::Rows(rows) => {
            for (((cut, (before, sum)), same), row) in each.zip(rows) {
                *cut = cut_of(*sum != before & same, of(*sum, *row));
            }
        }
        Operand::Value(row) => {
            for ((cut, (before, sum)), same) in each {
                *cut = cut_of(*sum != before & same, of(*sum, row));
            }
        }
    }
}

/// Of a claim that added something; something accrued; a limit bound if the sum is worth more than it.
#[inline(always)]
fn cut_of(claims: bool, (accrues, limited): (bool, bool)) -> u8 {
    let below = u8::from(claims & !accrues).wrapping_mul(Cut::BELOW);
    below | u8::from(claims & accrues & limited).wrapping_mul(Cut::LIMIT)
}

#[inline(always)]
fn reached(sum: i64, figure: Single) -> (bool, bool) {
    let above = sum.wrapping_sub(figure.deductible);
    (
        (above > 0) & (figure.rate > 0),
        above.wrapping_mul(figure.rate) > figure.cap,
    )
}

/// Out of few figures.
#[inline(always)]
pub(crate) fn cuts_few<const N: usize>(
    out: &mut [u8],
    sums: &[i64],
    same: &[i64],
    rows: Operand<'_>,
    figures: &[Single; N],
) {
    cuts(out, sums, same, rows, |sum, row| reached(sum, pick(figures, row)));
}

/// Out of any number of figures.
#[inline(always)]
pub(crate) fn cuts_many(out: &mut [u8], sums: &[i64], same: &[i64], rows: Operand<'_>, figures: &[Single]) {
    cuts(out, sums, same, rows, |sum, row| {
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        reached(sum, figures.get(row).copied().unwrap_or_default())
    });
}

/// Out of few figures, in 32 bits.
#[inline(always)]
pub(crate) fn cuts_narrow<const N: usize>(
    out: &mut [u8],
    sums: &[i64],
    same: &[i64],
    rows: Operand<'_>,
    figures: &[Narrow; N],
) {
    cuts(out, sums, same, rows, |sum, row| {
        let figure = pick_narrow(figures, row);
        let above = figure.above(sum);
        ((above > 0) & (figure.rate > 0), above > figure.within)
    });
}
