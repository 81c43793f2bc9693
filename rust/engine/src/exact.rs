//! What parts of a base accrue, exactly: whole units of E, or fractions of them where a deductible is shared pro rata.

use std::fmt::Display;

use jiugao_program::RoundingMode;
use num_bigint::{BigInt, Sign};
use num_rational::Ratio;

use crate::rule;

/// An exact amount of units of E.
pub(crate) trait Exact: Clone + PartialOrd + Display {
    /// So many units. `None` does not happen for what fits.
    fn units(units: i128) -> Self;
    /// `amount` × `part` / `whole`, where such amounts are had; `whole` is above 0.
    fn share(amount: i128, part: i128, whole: i128) -> Option<Self>;
    /// The sum.
    fn plus(&self, other: &Self) -> Option<Self>;
    /// The difference.
    fn minus(&self, other: &Self) -> Option<Self>;
    /// Rounded to `unit` fen of `fen` units each.
    fn rounded(&self, fen: i64, mode: RoundingMode, unit: i64) -> Option<i64>;
    /// The whole units in it, what is more left out; at most what 64 bits hold.
    fn whole(&self) -> i64;
}

impl Exact for i128 {
    fn units(units: i128) -> Self {
        units
    }

    fn share(amount: i128, part: i128, whole: i128) -> Option<Self> {
        let product = amount.checked_mul(part)?;
        (product.checked_rem(whole)? == 0).then_some(product.checked_div(whole)?)
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        self.checked_add(*other)
    }

    fn minus(&self, other: &Self) -> Option<Self> {
        self.checked_sub(*other)
    }

    fn rounded(&self, fen: i64, mode: RoundingMode, unit: i64) -> Option<i64> {
        rule::round(i64::try_from(*self).ok()?, fen, mode, unit)
    }

    fn whole(&self) -> i64 {
        i64::try_from(*self).unwrap_or(if *self < 0 { i64::MIN } else { i64::MAX })
    }
}

/// A fraction of a unit of E, of any size.
pub(crate) type Fraction = Ratio<BigInt>;

#[expect(
    clippy::arithmetic_side_effects,
    reason = "numbers of any size do not overflow, and no denominator is 0"
)]
impl Exact for Fraction {
    fn units(units: i128) -> Self {
        Ratio::from_integer(BigInt::from(units))
    }

    fn share(amount: i128, part: i128, whole: i128) -> Option<Self> {
        (whole > 0).then(|| Ratio::new(BigInt::from(amount) * BigInt::from(part), BigInt::from(whole)))
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        Some(self + other)
    }

    fn minus(&self, other: &Self) -> Option<Self> {
        Some(self - other)
    }

    fn rounded(&self, fen: i64, mode: RoundingMode, unit: i64) -> Option<i64> {
        let step = self.denom() * BigInt::from(fen.checked_mul(unit)?);
        let negative = self.numer().sign() == Sign::Minus;
        let size = BigInt::from(self.numer().magnitude().clone());
        let whole = &size / &step;
        let twice = (&size - &whole * &step) * 2;
        let up = match mode {
            RoundingMode::HalfUp => twice >= step,
            RoundingMode::HalfEven => twice > step || (twice == step && &whole % 2 == BigInt::from(1)),
            RoundingMode::Truncate => false,
        };
        let rounded = i64::try_from(whole + i32::from(up)).ok()?.checked_mul(unit)?;
        if negative { rounded.checked_neg() } else { Some(rounded) }
    }

    fn whole(&self) -> i64 {
        let negative = self.numer().sign() == Sign::Minus;
        i64::try_from(self.to_integer()).unwrap_or(if negative { i64::MIN } else { i64::MAX })
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test that goes wrong is to stop"
)]
mod tests {
    use super::*;

    /// What rounding is, in halves: the nearest, and of two the one away from 0 or the even one.
    fn nearest(halves: i128, mode: RoundingMode) -> i128 {
        let (size, sign) = (halves.abs(), halves.signum());
        let (whole, half) = (size / 2, size % 2 == 1);
        let up = match mode {
            RoundingMode::HalfUp => half,
            RoundingMode::HalfEven => half && whole % 2 == 1,
            RoundingMode::Truncate => false,
        };
        sign * (whole + i128::from(up))
    }

    #[test]
    fn what_no_number_holds_is_the_most_or_the_least() {
        for (units, expected) in [(1_i128 << 100, i64::MAX), (-1 << 100, i64::MIN), (0, 0), (-7, -7)] {
            assert_eq!(Exact::whole(&units), expected);
        }
    }

    #[test]
    fn whole_units_and_fractions_round_alike() {
        for mode in [RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::Truncate] {
            for (fen, unit) in [(2, 1), (10, 1), (100, 1), (1, 100), (10, 100)] {
                let half = i128::from(fen * unit) / 2;
                for halves in -9..=9 {
                    let expected = i64::try_from(nearest(halves, mode)).unwrap() * unit;
                    let units = halves * half;
                    assert_eq!(
                        Exact::rounded(&units, fen, mode, unit),
                        Some(expected),
                        "{units} {mode:?}"
                    );
                    let fraction = Fraction::units(units);
                    assert_eq!(fraction.rounded(fen, mode, unit), Some(expected), "{units} {mode:?}");
                    // A third of a unit past a half is nearer to the next, a third before it to the last.
                    let third = <Fraction as Exact>::share(1, 1, 3).unwrap();
                    let past = fraction
                        .plus(&third)
                        .unwrap()
                        .rounded(fen, RoundingMode::HalfEven, unit);
                    let before = fraction
                        .minus(&third)
                        .unwrap()
                        .rounded(fen, RoundingMode::HalfEven, unit);
                    if halves % 2 != 0 {
                        assert_eq!(past.unwrap() - before.unwrap(), unit, "{units}");
                    } else {
                        assert_eq!(past, before, "{units}");
                    }
                }
            }
        }
    }

    #[test]
    fn shares_are_exact() {
        assert_eq!(<i128 as Exact>::share(6, 2, 4), Some(3));
        assert_eq!(<i128 as Exact>::share(6, 1, 4), None);
        assert_eq!(<Fraction as Exact>::share(6, 1, 0), None);
        let half_more = <Fraction as Exact>::share(6, 1, 4).unwrap();
        assert_eq!(half_more.whole(), 1);
        assert_eq!(half_more.plus(&half_more), Some(Fraction::units(3)));
        assert_eq!(Fraction::units(5).minus(&Fraction::units(7)).unwrap().whole(), -2);
        assert_eq!(Fraction::units(i128::from(i64::MAX) + 1).whole(), i64::MAX);
        assert_eq!(Fraction::units(i128::from(i64::MIN) - 1).whole(), i64::MIN);
    }
}
