//! What a year's base so far is worth, what of it a claim is paid, and why it is not more.

use super::{Operand, after_first};

/// A row of figures with one rate: deductible, rate, limit in units of the accrued amount.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Single {
    pub(crate) deductible: i64,
    pub(crate) rate: i64,
    pub(crate) cap: i64,
}

/// The same where all that is accrued fits 32 bits and the rate is not above 100%. Each fen above the deductible then is
/// worth a fen at most, so none that the limit may come to is left out: what `enough` is worth, rounded, is the limit itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Narrow {
    pub(crate) deductible: u32,
    /// Above the deductible, more than this changes nothing.
    pub(crate) enough: u32,
    pub(crate) rate: u32,
    /// Above the deductible, more than this is worth more than the limit.
    pub(crate) within: u32,
}

/// The figures of a row, out of few: by comparing, which vector units do better than looking up. Row 0 gets those of row 1:
/// where no figures apply, nothing adds up, and nothing is worth nothing by any figures.
#[inline(always)]
pub(super) fn pick<const N: usize>(figures: &[Single; N], row: i64) -> Single {
    let [_, rest @ ..] = figures.as_slice() else {
        return Single::default();
    };
    let mut chosen = rest.first().copied().unwrap_or_default();
    let mut number = 2_i64;
    for figure in after_first(rest) {
        let this = row == number;
        chosen.deductible = if this { figure.deductible } else { chosen.deductible };
        chosen.rate = if this { figure.rate } else { chosen.rate };
        chosen.cap = if this { figure.cap } else { chosen.cap };
        number = number.wrapping_add(1);
    }
    chosen
}

/// As [`pick`].
#[inline(always)]
pub(super) fn pick_narrow<const N: usize>(figures: &[Narrow; N], row: i64) -> Narrow {
    let [_, rest @ ..] = figures.as_slice() else {
        return Narrow::NONE;
    };
    let mut chosen = rest.first().copied().unwrap_or(Narrow::NONE);
    let mut number = 2_i64;
    for figure in after_first(rest) {
        let this = row == number;
        chosen.deductible = if this { figure.deductible } else { chosen.deductible };
        chosen.enough = if this { figure.enough } else { chosen.enough };
        chosen.rate = if this { figure.rate } else { chosen.rate };
        chosen.within = if this { figure.within } else { chosen.within };
        number = number.wrapping_add(1);
    }
    chosen
}

/// What sums are worth in fen: min(rate × what is above the deductible, cap), rounded, by each row's figures (0: the empty
/// ones).
#[inline(always)]
pub(crate) fn due_few<const N: usize>(
    due: &mut [i64],
    sums: &[i64],
    rows: Operand<'_>,
    figures: &[Single; N],
    fen: Division,
) {
    match rows {
        Operand::Rows(rows) => {
            for ((due, sum), row) in due.iter_mut().zip(sums).zip(rows) {
                *due = fen.rounded(accrue(*sum, pick(figures, *row)));
            }
        }
        Operand::Value(row) => {
            let figure = pick(figures, row);
            for (due, sum) in due.iter_mut().zip(sums) {
                *due = fen.rounded(accrue(*sum, figure));
            }
        }
    }
}

/// As [`due_few`], for any number of figures.
#[inline(always)]
pub(crate) fn due_many(due: &mut [i64], sums: &[i64], rows: &[i64], figures: &[Single], fen: Division) {
    for ((due, sum), row) in due.iter_mut().zip(sums).zip(rows) {
        let row = usize::try_from(*row).unwrap_or(usize::MAX);
        *due = fen.rounded(accrue(*sum, figures.get(row).copied().unwrap_or_default()));
    }
}

/// As [`due_few`], in 32 bits.
#[inline(always)]
pub(crate) fn due_narrow<const N: usize>(
    due: &mut [i64],
    sums: &[i64],
    rows: Operand<'_>,
    figures: &[Narrow; N],
    fen: Division,
) {
    match rows {
        Operand::Rows(rows) => {
            for ((due, sum), row) in due.iter_mut().zip(sums).zip(rows) {
                *due = fen.rounded_narrow(pick_narrow(figures, *row).accrue(*sum));
            }
        }
        Operand::Value(row) => {
            let figure = pick_narrow(figures, row);
            for (due, sum) in due.iter_mut().zip(sums) {
                *due = fen.rounded_narrow(figure.accrue(*sum));
            }
        }
    }
}

/// As [`due_narrow`], for up to `N` figures, a power of two, by looking up.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "masked by the length, which is a power of two")]
pub(crate) fn due_looked_up<const N: usize>(
    due: &mut [i64],
    sums: &[i64],
    rows: &[i64],
    figures: &[Narrow; N],
    fen: Division,
) {
    for ((due, sum), row) in due.iter_mut().zip(sums).zip(rows) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rows are less than N by verification"
        )]
        let at = *row as usize & N.wrapping_sub(1);
        *due = fen.rounded_narrow(figures[at].accrue(*sum));
    }
}

#[inline(always)]
pub(crate) fn accrue(sum: i64, figure: Single) -> i64 {
    sum.wrapping_sub(figure.deductible)
        .max(0)
        .wrapping_mul(figure.rate)
        .min(figure.cap)
}

impl Narrow {
    /// By which nothing is worth anything.
    pub(crate) const NONE: Self = Self {
        deductible: 0,
        enough: 0,
        rate: 0,
        within: 0,
    };

    /// What is above the deductible.
    #[inline(always)]
    pub(super) fn above(self, sum: i64) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "cut here")]
        let sum = sum.cast_unsigned().min(u64::from(u32::MAX)) as u32;
        sum.max(self.deductible).wrapping_sub(self.deductible)
    }

    #[inline(always)]
    pub(super) fn accrue(self, sum: i64) -> u32 {
        self.above(sum).min(self.enough).wrapping_mul(self.rate)
    }
}

/// Division by the units that a fen has, by multiplying and shifting: nothing else is quick in vectors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Division {
    half: u64,
    /// x / units = x × this / 2^(64 + shift), for x below 2^63.
    wide: u64,
    shift: u32,
    /// x / units = x × this / 2^narrow_shift, for x up to what was asked for. All in 32 bits, so that a product takes one
    /// multiplication of vectors.
    narrow: u32,
    narrow_shift: u32,
    narrow_half: u32,
}

impl Division {
    /// By `units`, at least 2 and no power of two, or 1.
    ///
    /// With m = ⌈2^s / d⌉ and e = m d − 2^s, x m / 2^s is x / d + x e / (d 2^s): its whole part is that of x / d as long as
    /// x e < 2^s.
    pub(crate) fn new(units: i64) -> Self {
        let units = units.max(1).unsigned_abs();
        let divisor = u128::from(units);
        let bits = units.checked_ilog2().unwrap_or(0);
        let factor = |power: u32| 1_u128.checked_shl(power).unwrap_or(0).div_ceil(divisor);
        let wide = factor(bits.saturating_add(64));
        // The greatest factor of 32 bits.
        let narrow_shift = bits.saturating_add(31);
        let half = units.checked_div(2).unwrap_or(0);
        Self {
            half,
            wide: u64::try_from(wide).unwrap_or(u64::MAX),
            shift: bits,
            narrow: u32::try_from(factor(narrow_shift)).unwrap_or(0),
            narrow_shift,
            narrow_half: u32::try_from(half).unwrap_or(0),
        }
    }

    /// Whether [`Self::rounded_narrow`] is right for amounts up to `most`.
    pub(crate) fn is_narrow(&self, units: i64, most: u64) -> bool {
        let most = u128::from(most).saturating_add(u128::from(self.half));
        let power = 1_u128.checked_shl(self.narrow_shift).unwrap_or(0);
        let product = u128::from(self.narrow).saturating_mul(u128::from(units.unsigned_abs()));
        let error = product.saturating_sub(power);
        most <= u128::from(u32::MAX) && self.narrow != 0 && error.saturating_mul(most) < power
    }

    /// An amount that is not negative in whole fen, halves up.
    #[inline(always)]
    pub(crate) fn rounded(self, amount: i64) -> i64 {
        if self.half == 0 {
            return amount;
        }
        let high = high_half(amount.cast_unsigned().wrapping_add(self.half), self.wide);
        (high >> self.shift).cast_signed()
    }

    /// As [`Self::rounded`], where [`Self::is_narrow`].
    #[inline(always)]
    pub(super) fn rounded_narrow(self, amount: u32) -> i64 {
        let product = u64::from(amount.wrapping_add(self.narrow_half)).wrapping_mul(u64::from(self.narrow));
        (product >> self.narrow_shift).cast_signed()
    }
}

/// The upper 64 bits of a product, out of products of 32 bits: vector units have those.
#[inline(always)]
const fn high_half(a: u64, b: u64) -> u64 {
    const LOW: u64 = u32::MAX as u64;
    let low = (a & LOW).wrapping_mul(b & LOW);
    let one = (a & LOW).wrapping_mul(b >> 32);
    let two = (a >> 32).wrapping_mul(b & LOW);
    let middle = (low >> 32).wrapping_add(one & LOW).wrapping_add(two & LOW);
    (a >> 32)
        .wrapping_mul(b >> 32)
        .wrapping_add(one >> 32)
        .wrapping_add(two >> 32)
        .wrapping_add(middle >> 32)
}

/// Payments from what is due: the difference to the row before in the same account, and what they leave uncovered (into
/// `rest`, unless that is empty). `due` has one entry more: what was due before the first row. True where some payment is
/// above what is uncovered.
#[inline(always)]
pub(crate) fn payments(out: &mut [i64], rest: &mut [i64], due: &[i64], same: &[i64], uncovered: Operand<'_>) -> bool {
    let pairs = due.iter().zip(after_first(due)).zip(same);
    let pays = pairs.map(|((before, due), same)| due.wrapping_sub(before & same));
    let mut above = 0_i64;
    match (uncovered, rest) {
        (Operand::Rows(uncovered), []) => {
            for ((out, pay), uncovered) in out.iter_mut().zip(pays).zip(uncovered) {
                *out = pay;
                above |= uncovered.wrapping_sub(pay) & pay.wrapping_neg();
            }
        }
        (Operand::Rows(uncovered), rest) => {
            for (((out, rest), pay), uncovered) in out.iter_mut().zip(rest).zip(pays).zip(uncovered) {
                *out = pay;
                *rest = uncovered.wrapping_sub(pay);
                // Below 0 if something was paid and less than nothing is left.
                above |= *rest & pay.wrapping_neg();
            }
        }
        (Operand::Value(uncovered), rest) => {
            for (out, pay) in out.iter_mut().zip(pays) {
                *out = pay;
                above |= uncovered.wrapping_sub(pay) & pay.wrapping_neg();
            }
            for (rest, pay) in rest.iter_mut().zip(out) {
                *rest = uncovered.wrapping_sub(*pay);
            }
        }
    }
    above < 0
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test that goes wrong is to stop")]
mod tests {
    use proptest::prelude::*;

    use super::Division;

    fn units() -> impl Strategy<Value = i64> {
        (0..=12_u32).prop_map(|power| 10_i64.pow(power))
    }

    #[test]
    fn says_so_for_amounts_of_a_year_and_no_others() {
        for power in 0..=4_u32 {
            let units = 10_i64.pow(power);
            let division = Division::new(units);
            assert!(division.is_narrow(units, 1_000_000), "{units}");
            assert!(!division.is_narrow(units, u64::from(u32::MAX) + 1), "{units}");
            assert_eq!(division.is_narrow(units, u64::from(u32::MAX)), units == 1, "{units}");
        }
    }

    proptest! {
        #[test]
        fn rounds_as_division_does(units in units(), amount in 0..1_i64 << 62) {
            prop_assert_eq!(Division::new(units).rounded(amount), (amount + units / 2) / units);
            let half = amount / units * units + units / 2;
            prop_assert_eq!(Division::new(units).rounded(half), (half + units / 2) / units);
            prop_assert_eq!(Division::new(units).rounded(half - 1), (half - 1 + units / 2) / units);
        }

        #[test]
        fn rounds_in_32_bits_where_it_says_so(units in units(), most in 0..=u64::from(u32::MAX), amount in any::<u32>()) {
            let division = Division::new(units);
            if !division.is_narrow(units, most) {
                return Ok(());
            }
            let amount = amount.min(u32::try_from(most).unwrap_or(u32::MAX));
            let wide = i64::from(amount);
            prop_assert_eq!(division.rounded_narrow(amount), (wide + units / 2) / units);
            let half = u32::try_from((wide / units * units + units / 2).min(i64::try_from(most).unwrap_or(0))).unwrap_or(0);
            prop_assert_eq!(division.rounded_narrow(half), (i64::from(half) + units / 2) / units);
        }
    }
}
