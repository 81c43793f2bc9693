//! Amounts of opening balances: text comes in, exact units go out; and back.

use num_bigint::BigInt;
use num_rational::Ratio;

use super::{Accumulator, Fraction, Total};

/// Why an amount of an opening balance cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Not an amount, or too large for one.
    Amount,
    /// More decimals than the accumulator has.
    Decimals,
    /// Below 0, where it cannot be.
    Negative,
}

impl Accumulator {
    /// An amount in yuan as text: a sign, digits, as many decimals as there are (further zeros are no decimals); n/d where
    /// it may be a fraction.
    ///
    /// # Errors
    /// What is wrong with it.
    #[expect(clippy::arithmetic_side_effects, reason = "numbers of any size do not overflow")]
    pub fn read(&self, text: &str) -> Result<Total, Unreadable> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let total = match digits.split_once('/').filter(|_| self.fraction) {
            Some((numerator, denominator)) => Total::Fraction(self.ratio(numerator, denominator)?),
            None => Total::Units(self.units(digits)?),
        };
        if !negative || total.is_nothing() {
            return Ok(total);
        }
        match (self.signed, total) {
            (false, _) => Err(Unreadable::Negative),
            (true, Total::Units(units)) => Ok(Total::Units(units.checked_neg().ok_or(Unreadable::Amount)?)),
            (true, Total::Fraction(fraction)) => {
                let nothing = Fraction::from_integer(BigInt::from(0));
                Ok(Total::Fraction(nothing - fraction))
            }
        }
    }

    fn units(&self, digits: &str) -> Result<i128, Unreadable> {
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || digits.ends_with('.') || !plain(whole) || !plain(part) {
            return Err(Unreadable::Amount);
        }
        let places = u32::try_from(part.len()).map_err(|_| Unreadable::Decimals)?;
        let missing = self.decimals.checked_sub(places).ok_or(Unreadable::Decimals)?;
        let number = |text: &str| match text {
            "" => Some(0),
            text => text.parse::<i128>().ok(),
        };
        let units = || {
            let whole = number(whole)?.checked_mul(10_i128.checked_pow(self.decimals)?)?;
            whole.checked_add(number(part)?.checked_mul(10_i128.checked_pow(missing)?)?)
        };
        // Room to add up, as every amount of a claim has.
        let most = i128::from(i64::MAX >> 3);
        units().filter(|units| *units <= most).ok_or(Unreadable::Amount)
    }

    #[expect(clippy::arithmetic_side_effects, reason = "numbers of any size do not overflow")]
    fn ratio(&self, numerator: &str, denominator: &str) -> Result<Fraction, Unreadable> {
        let number = |text: &str| {
            let plain = !text.is_empty() && text.len() <= MOST_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = if plain { text.parse::<BigInt>().ok() } else { None };
            number.ok_or(Unreadable::Amount)
        };
        let (numerator, denominator) = (number(numerator)?, number(denominator)?);
        if denominator == BigInt::from(0) {
            return Err(Unreadable::Amount);
        }
        Ok(Ratio::new(numerator * BigInt::from(10).pow(self.decimals), denominator))
    }

    /// An amount in yuan as [`Accumulator::read`] reads it back.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "numbers of any size do not overflow, and no power of 10 is 0"
    )]
    #[must_use]
    pub fn write(&self, total: &Total) -> String {
        match total {
            Total::Fraction(units) => {
                let yuan = units / BigInt::from(10).pow(self.decimals);
                yuan.to_string()
            }
            Total::Units(units) => {
                let sign = if *units < 0 { "-" } else { "" };
                let unit = 10_u128.saturating_pow(self.decimals).max(1);
                let size = units.unsigned_abs();
                let whole = size.checked_div(unit).unwrap_or(0);
                let rest = size.checked_rem(unit).unwrap_or(0);
                let places = usize::try_from(self.decimals).unwrap_or(0);
                let part = format!("{rest:0places$}");
                let (cents, fine) = part.split_at_checked(2).unwrap_or((&part, ""));
                format!("{sign}{whole}.{cents}{}", fine.trim_end_matches('0'))
            }
        }
    }
}

impl Total {
    /// As a fraction.
    #[must_use]
    pub fn exact(self) -> Fraction {
        match self {
            Self::Units(units) => Ratio::from_integer(BigInt::from(units)),
            Self::Fraction(fraction) => fraction,
        }
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Units(units) => *units == 0,
            Self::Fraction(fraction) => *fraction.numer() == BigInt::from(0),
        }
    }
}

/// Digits of a fraction's numbers, at most: whoever writes longer ones does not mean an amount.
const MOST_DIGITS: usize = 4096;
