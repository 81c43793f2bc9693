//! Days since 1970-01-01 come in, years and months go out, and back (proleptic Gregorian calendar).
//!
//! Days are those of the years 1 to 9999, so that nothing here comes near the ends of 64 bits; saturating arithmetic
//! says so to the compiler.

use jiugao_program::YearBegin;

/// Years, months from 0, and days of the month from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i32,
    pub(crate) month: i32,
    pub(crate) day: i32,
}

const DAYS_OF_400_YEARS: i64 = 146_097;
/// Days from 0000-03-01, where the calendar's cycle of 400 years begins, to 1970-01-01.
const EPOCH: i64 = 719_468;

/// The civil date of a day (H. Hinnant, "chrono-compatible low-level date algorithms").
pub(crate) fn civil(day: i32) -> Civil {
    let shifted = i64::from(day).saturating_add(EPOCH);
    let era = shifted.div_euclid(DAYS_OF_400_YEARS);
    let of_era = shifted.rem_euclid(DAYS_OF_400_YEARS);
    let leap = (of_era / 1460)
        .saturating_sub(of_era / 36_524)
        .saturating_add(of_era / 146_096);
    let year_of_era = of_era.saturating_sub(leap) / 365;
    let before_year = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era / 4)
        .saturating_sub(year_of_era / 100);
    let of_year = of_era.saturating_sub(before_year);
    let march_month = of_year.saturating_mul(5).saturating_add(2) / 153;
    let before_month = march_month.saturating_mul(153).saturating_add(2) / 5;
    let month = march_month.saturating_add(2) % 12;
    let year = year_of_era
        .saturating_add(era.saturating_mul(400))
        .saturating_add(i64::from(march_month >= 10));
    Civil {
        year: narrow(year),
        month: narrow(month),
        day: narrow(of_year.saturating_sub(before_month).saturating_add(1)),
    }
}

/// The first day of the month in which a day lies.
#[must_use]
pub fn month_begin(day: i32) -> i32 {
    day.saturating_sub(civil(day).day.saturating_sub(1))
}

/// The day that a year and month (from 0; any number, carried into the year) begin with.
pub(crate) fn first_of_month(year: i32, month: i32) -> i32 {
    let months = i64::from(year).saturating_mul(12).saturating_add(i64::from(month));
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let march_year = year.saturating_sub(i64::from(month < 2));
    let march_month = month.saturating_add(10) % 12;
    let era = march_year.div_euclid(400);
    let of_era = march_year.rem_euclid(400);
    let of_year = march_month.saturating_mul(153).saturating_add(2) / 5;
    let days = of_era
        .saturating_mul(365)
        .saturating_add(of_era / 4)
        .saturating_sub(of_era / 100)
        .saturating_add(of_year);
    narrow(
        era.saturating_mul(DAYS_OF_400_YEARS)
            .saturating_add(days)
            .saturating_sub(EPOCH),
    )
}

/// Benefit years: each begins on the same day of the calendar, and has the number of the calendar year in which it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Years {
    month: i32,
    day: i32,
}

impl Years {
    pub(crate) fn new(begin: YearBegin) -> Self {
        Self {
            month: i32::from(begin.month).saturating_sub(1),
            day: i32::from(begin.day),
        }
    }

    /// The benefit year of a day.
    pub(crate) fn of(self, day: i32) -> i32 {
        let civil = civil(day);
        let before = (civil.month, civil.day) < (self.month, self.day);
        civil.year.saturating_sub(i32::from(before))
    }

    /// First and last day of a benefit year.
    pub(crate) fn days(self, year: i32) -> (i32, i32) {
        let first = |year| {
            first_of_month(year, self.month)
                .saturating_add(self.day)
                .saturating_sub(1)
        };
        (first(year), first(year.saturating_add(1)).saturating_sub(1))
    }
}

/// Dates of the years 1 to 9999 fit by far.
fn narrow(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(
            civil(0),
            Civil {
                year: 1970,
                month: 0,
                day: 1
            }
        );
        assert_eq!(
            civil(19_358),
            Civil {
                year: 2023,
                month: 0,
                day: 1
            }
        );
        assert_eq!(
            civil(19_357),
            Civil {
                year: 2022,
                month: 11,
                day: 31
            }
        );
        assert_eq!(
            civil(11_016),
            Civil {
                year: 2000,
                month: 1,
                day: 29
            }
        );
        let years = Years::new(YearBegin::default());
        assert_eq!(years.days(2023), (19_358, 19_722));
        assert_eq!(years.days(2024), (19_723, 20_088));
    }

    #[test]
    fn what_is_no_year_is_the_first_or_the_last() {
        assert_eq!(narrow(7), 7);
        assert_eq!(narrow(i64::MIN), i32::MIN);
        assert_eq!(narrow(i64::MAX), i32::MAX);
    }

    #[test]
    fn a_benefit_year_has_its_days_and_no_others() {
        for (month, day) in [(1, 1), (2, 28), (3, 1), (7, 1), (10, 31), (12, 31)] {
            let years = Years::new(YearBegin { month, day });
            for year in 1999..2026 {
                let (first, last) = years.days(year);
                let begin = civil(first);
                assert_eq!(
                    (begin.year, begin.month + 1, begin.day),
                    (year, i32::from(month), i32::from(day))
                );
                assert_eq!((years.of(first - 1), years.of(first)), (year - 1, year));
                assert_eq!((years.of(last), years.of(last + 1)), (year, year + 1));
            }
        }
    }

    #[test]
    fn every_month_begins_on_its_first_day() {
        for month in -24_000..24_000 {
            let day = first_of_month(2000, month);
            let found = civil(day);
            assert_eq!(
                (found.year, found.month, found.day),
                (2000 + month.div_euclid(12), month.rem_euclid(12), 1)
            );
            let before = civil(day - 1);
            assert_ne!(before.month, found.month);
        }
    }
}
