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
            let plain = text.len() <= MOST_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::Place;

    /// Something with so many decimals; with a sign and as a fraction, or neither.
    fn known(decimals: u32, fraction: bool) -> Accumulator {
        Accumulator {
            name: "some".into(),
            decimals,
            fraction,
            signed: fraction,
            needed: Vec::new(),
            benefit: None,
            place: Place::Tally(0),
        }
    }

    fn thirds(units: i64) -> Total {
        Total::Fraction(Ratio::new(BigInt::from(units), BigInt::from(3)))
    }

    #[test]
    fn amounts_are_read_to_the_unit() {
        for (text, units) in [
            ("1", 100),
            ("+1.05", 105),
            ("1.5000", 150),
            ("007", 700),
            ("-0.00", 0),
            ("11529215046068469.75", i128::from(i64::MAX >> 3)),
        ] {
            assert_eq!(known(2, false).read(text), Ok(Total::Units(units)), "{text}");
        }
        assert_eq!(known(4, true).read("-1.0005"), Ok(Total::Units(-10_005)));
        assert_eq!(known(2, true).read("1/3"), Ok(thirds(100)));
        assert_eq!(known(2, true).read("-4/3"), Ok(thirds(-400)));
        assert_eq!(known(2, true).read("-0/3"), Ok(thirds(0)));
    }

    #[test]
    fn what_is_no_amount_is_not_read() {
        for (text, cause) in [
            ("0.005", Unreadable::Decimals),
            ("-0.01", Unreadable::Negative),
            ("11529215046068469.76", Unreadable::Amount),
            ("1/3", Unreadable::Amount),
        ] {
            assert_eq!(known(2, false).read(text), Err(cause), "{text}");
        }
        for text in [
            "", "-", ".", "1.", ".5", "1,000", "1_000", "1e3", "--1", "-+1", " 1", "１", "/", "1/", "/3", "1/0",
            "1/-3", "1/+3", "1_0/3", "1/3_0", "1/3/3", "1.5/3", "x/3",
        ] {
            assert_eq!(known(2, true).read(text), Err(Unreadable::Amount), "{text}");
        }
    }

    /// Numbers of thousands of digits are worked with, longer ones are not.
    #[test]
    fn a_fraction_has_only_so_many_digits() {
        let long = "1".repeat(MOST_DIGITS);
        let (one, longer) = (
            Ok(Total::Fraction(Ratio::from_integer(BigInt::from(100)))),
            format!("{long}1"),
        );
        assert!(known(2, true).read(&format!("{long}/{long}")) == one);
        for text in [format!("{longer}/{long}"), format!("{long}/{longer}")] {
            assert!(known(2, true).read(&text) == Err(Unreadable::Amount));
        }
    }

    #[test]
    fn amounts_are_written_with_two_decimals_or_all_that_they_have() {
        for (decimals, units, text) in [
            (2, 0, "0.00"),
            (2, 5, "0.05"),
            (2, -150, "-1.50"),
            (4, 12_345, "1.2345"),
            (4, 12_340, "1.234"),
            (4, 12_000, "1.20"),
            (4, -1, "-0.0001"),
        ] {
            assert_eq!(known(decimals, false).write(&Total::Units(units)), text);
        }
        assert_eq!(known(2, true).write(&thirds(100)), "1/3");
        assert_eq!(known(2, true).write(&thirds(-300)), "-1");
    }
}
