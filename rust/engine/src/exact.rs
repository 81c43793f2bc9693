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
