//! The text of one cell comes in; its exact value, or what is wrong with it, goes out.

/// Why a row is rejected; the codes are those of rejects.csv.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Reason {
    /// Nothing there, and no default.
    Missing,
    /// Not an amount, or too large for one.
    Money,
    /// More than two decimals.
    Decimals,
    /// Not a date.
    Date,
    /// Not 0 or 1.
    Flag,
    /// Not a whole number.
    Count,
    /// A code that the policy does not list.
    UnknownCode,
    /// An interval of the person runs backwards.
    PersonInterval,
    /// The person has labels of two 终身 rows.
    TwoLabels,
}

impl Reason {
    /// The code of the diagnostics table.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Missing => "D951",
            Self::Money => "D952",
            Self::Decimals => "D953",
            Self::Date => "D954",
            Self::Flag => "D955",
            Self::Count => "D956",
            Self::UnknownCode => "D957",
            Self::PersonInterval => "D961",
            Self::TwoLabels => "D976",
        }
    }
}

/// Most digits of an amount before the point: 10^15 yuan leave room to add up.
const MOST_DIGITS: usize = 15;

/// Yuan as text to fen: a sign, digits, at most two decimals (further zeros are no decimals); no exponent, no
/// thousands.
pub(crate) fn money(text: &str) -> Result<i64, Reason> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (whole, decimals) = match digits {
        // As nearly every file writes it.
        [whole @ .., b'.', tenth, cent] => (whole, [*tenth, *cent]),
        _ => unusual_money(digits)?,
    };
    let zeros = if whole.len() > MOST_DIGITS {
        whole.iter().take_while(|&&c| c == b'0').count()
    } else {
        0
    };
    if whole.is_empty() || whole.len().saturating_sub(zeros) > MOST_DIGITS {
        return Err(Reason::Money);
    }
    let mut worst = 0;
    let value = whole.iter().chain(&decimals).fold(0_i64, |sum, &c| {
        let digit = c.wrapping_sub(b'0');
        worst = digit.max(worst);
        sum.wrapping_mul(10).wrapping_add(i64::from(digit))
    });
    match (worst, negative) {
        (10.., _) => Err(Reason::Money),
        (_, true) => Ok(value.wrapping_neg()),
        (_, false) => Ok(value),
    }
}

/// The whole yuan and the two decimals of an amount that is not written with two.
fn unusual_money(digits: &[u8]) -> Result<(&[u8], [u8; 2]), Reason> {
    let Some(point) = digits.iter().position(|&c| c == b'.') else {
        return Ok((digits, [b'0'; 2]));
    };
    match digits.split_at_checked(point) {
        Some((whole, [_, tenth])) => Ok((whole, [*tenth, b'0'])),
        Some((whole, [_, tenth, cent, more @ ..])) if more.iter().all(u8::is_ascii_digit) => {
            let figures = whole.iter().chain([tenth, cent]).all(u8::is_ascii_digit);
            match (figures, more.iter().all(|&c| c == b'0')) {
                (true, true) => Ok((whole, [*tenth, *cent])),
                (true, false) if !whole.is_empty() => Err(Reason::Decimals),
                _ => Err(Reason::Money),
            }
        }
        _ => Err(Reason::Money),
    }
}

/// A whole number without decimals.
pub(crate) fn count(text: &str) -> Result<i64, Reason> {
    if text.len() > 16 {
        return Err(Reason::Count);
    }
    text.parse().map_err(|_| Reason::Count)
}

/// 0 or 1, in the spellings that are met.
pub(crate) fn flag(text: &str) -> Result<i64, Reason> {
    match text {
        "1" | "是" | "true" | "True" | "TRUE" | "Y" | "y" => Ok(1),
        "0" | "否" | "false" | "False" | "FALSE" | "N" | "n" => Ok(0),
        _ => Err(Reason::Flag),
    }
}

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;

/// How far China's clock is ahead of UTC, all year and everywhere in the country, in microseconds.
pub(crate) const CHINA: i64 = 28_800_000_000;

/// The day (since 1970-01-01) of a day or a time.
pub(crate) fn day(text: &str) -> Result<i32, Reason> {
    moment(text).map(|(day, _)| day)
}

/// Microseconds since 1970-01-01 of a day or a time.
pub(crate) fn time(text: &str) -> Result<i64, Reason> {
    let (day, micros) = moment(text)?;
    Ok(i64::from(day).saturating_mul(DAY).saturating_add(micros))
}

/// `2023-01-31`, `20230131`, `2023/1/31`, `2023.1.31`, with or without ` 08:30[:00[.123456]]`; a time with an offset
/// from UTC (`Z`, `+08:00`) is an instant, and told by China's clock.
fn moment(text: &str) -> Result<(i32, i64), Reason> {
    usual_moment(text.as_bytes()).map_or_else(|| unusual_moment(text), Ok)
}

/// As [`moment`], however it is written.
fn unusual_moment(text: &str) -> Result<(i32, i64), Reason> {
    let (date, clock) = match text.find([' ', 'T']).and_then(|at| text.split_at_checked(at)) {
        Some((date, clock)) => (date, clock.get(1..).unwrap_or("")),
        None => (text, ""),
    };
    let day = calendar(date.as_bytes()).ok_or(Reason::Date)?;
    if date.len() == text.len() {
        return Ok((day, 0));
    }
    let (clock, ahead) = zone(clock).ok_or(Reason::Date)?;
    let micros = clock_time(clock).ok_or(Reason::Date)?;
    match ahead {
        None => Ok((day, micros)),
        Some(ahead) => in_china(day, micros.saturating_sub(ahead)).ok_or(Reason::Date),
    }
}

/// As nearly every file writes it: `2023-01-31`, `2023-01-31 08:30:00`, `2023-01-31T08:30:00`.
fn usual_moment(text: &[u8]) -> Option<(i32, i64)> {
    let [century, _, of_century, _, _, month, ..] = pairs(text.first_chunk()?, *b"0000-00-")?;
    let year = i32::from(century).wrapping_mul(100).wrapping_add(i32::from(of_century));
    match text.get(8..)? {
        [d1, d2] => Some((day_number(year, i32::from(month), number(&[*d1, *d2])?)?, 0)),
        rest => {
            let (start, clock) = (rest.first_chunk()?, <&[u8; 8]>::try_from(text.get(11..)?).ok()?);
            let [day, ..] = pairs(start, *b"00 00:00").or_else(|| pairs(start, *b"00T00:00"))?;
            let [hour, _, _, minute, _, _, second, _] = pairs(clock, *b"00:00:00")?;
            let micros = of_day(i32::from(hour), i32::from(minute), i32::from(second))?;
            Some((day_number(year, i32::from(month), i32::from(day))?, micros))
        }
    }
}

/// The number that each byte writes with the one after it, where figures stand for the zeros of `like` and everything else
/// stands there itself. All eight are looked at as one word.
#[inline(always)]
fn pairs(text: &[u8; 8], like: [u8; 8]) -> Option<[u8; 8]> {
    let figures = u64::from_le_bytes(*text) ^ u64::from_le_bytes(like);
    // So much more makes ten of what must be a figure, sixteen of what must be nothing: more than four bits.
    let room = u64::from_le_bytes(like.map(|byte| if byte == b'0' { 6 } else { 15 }));
    let wrong = (figures.wrapping_add(room) | figures) & 0xf0f0_f0f0_f0f0_f0f0;
    let pairs = figures.wrapping_mul(10).wrapping_add(figures.wrapping_shr(8));
    (wrong == 0).then(|| pairs.to_le_bytes())
}

/// The clock without the offset that ends it, and by how much that is ahead of UTC: `08:30:00+08:00`, `08:30Z`.
fn zone(clock: &str) -> Option<(&str, Option<i64>)> {
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return Some((clock.trim_end(), Some(0)));
    }
    let Some((clock, offset)) = clock.rfind(['+', '-']).and_then(|at| clock.split_at_checked(at)) else {
        return Some((clock, None));
    };
    let (hour, minute) = match offset.as_bytes() {
        [_, h1, h2] => (number(&[*h1, *h2])?, 0),
        [_, h1, h2, n1, n2] | [_, h1, h2, b':', n1, n2] => (number(&[*h1, *h2])?, number(&[*n1, *n2])?),
        _ => return None,
    };
    let ahead = of_day(hour, minute, 0)?;
    let west = offset.starts_with('-');
    Some((
        clock.trim_end(),
        Some(if west { ahead.saturating_neg() } else { ahead }),
    ))
}

/// The day and the microseconds of it by China's clock, of a moment of UTC.
fn in_china(day: i32, micros: i64) -> Option<(i32, i64)> {
    let micros = micros.saturating_add(CHINA);
    let days = i32::try_from(micros.div_euclid(DAY)).ok()?;
    Some((day.checked_add(days)?, micros.rem_euclid(DAY)))
}

/// The number that so many digits write.
fn number<const N: usize>(text: &[u8; N]) -> Option<i32> {
    let mut worst = 0;
    let value = text.iter().fold(0_i32, |sum, &c| {
        let digit = c.wrapping_sub(b'0');
        worst = digit.max(worst);
        sum.wrapping_mul(10).wrapping_add(i32::from(digit))
    });
    (worst < 10).then_some(value)
}

/// Microseconds since midnight.
fn of_day(hour: i32, minute: i32, second: i32) -> Option<i64> {
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = hour
        .wrapping_mul(60)
        .wrapping_add(minute)
        .wrapping_mul(60)
        .wrapping_add(second);
    Some(i64::from(seconds).wrapping_mul(1_000_000))
}

fn digits(text: &[u8]) -> Option<i32> {
    if text.is_empty() || text.len() > 6 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0_i32, |sum, &c| {
        sum.wrapping_mul(10).wrapping_add(i32::from(c.wrapping_sub(b'0')))
    }))
}

fn calendar(date: &[u8]) -> Option<i32> {
    let (year, month, day) = match date {
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => {
            (digits(y)?, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?)
        }
        [y1, y2, y3, y4, m1, m2, d1, d2] if date.iter().all(u8::is_ascii_digit) => (
            digits(&[*y1, *y2, *y3, *y4])?,
            digits(&[*m1, *m2])?,
            digits(&[*d1, *d2])?,
        ),
        _ => {
            let mut parts = date.split(|c| matches!(c, b'-' | b'/' | b'.'));
            let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
            if parts.next().is_some() || year.len() != 4 || month.len() > 2 || day.len() > 2 {
                return None;
            }
            (digits(year)?, digits(month)?, digits(day)?)
        }
    };
    day_number(year, month, day)
}

/// Days since 1970-01-01 of a day of the Gregorian calendar, years 1 to 9999.
pub(crate) fn day_number(year: i32, month: i32, day: i32) -> Option<i32> {
    let leap = year.wrapping_rem(4) == 0 && (year.wrapping_rem(100) != 0 || year.wrapping_rem(400) == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if !(1..=9999).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    // Years from March, so that the leap day is the last of its year (all numbers stay below 4 million).
    let late = month > 2;
    let y = if late { year } else { year.wrapping_sub(1) };
    let m = if late {
        month.wrapping_sub(3)
    } else {
        month.wrapping_add(9)
    };
    let of_year = m.wrapping_mul(153).wrapping_add(2).wrapping_div(5).wrapping_add(day);
    let leaps = y
        .wrapping_div(4)
        .wrapping_sub(y.wrapping_div(100))
        .wrapping_add(y.wrapping_div(400));
    Some(
        y.wrapping_mul(365)
            .wrapping_add(leaps)
            .wrapping_add(of_year)
            .wrapping_sub(719_469),
    )
}

fn clock_time(clock: &str) -> Option<i64> {
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(c, f)| (c, Some(f)));
    let mut parts = clock
        .split(':')
        .map(|part| if part.len() == 2 { digits(part.as_bytes()) } else { None });
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = match parts.next() {
        Some(second) => second?,
        None if fraction.is_none() => 0,
        None => return None,
    };
    if parts.next().is_some() {
        return None;
    }
    let seconds = of_day(hour, minute, second)?;
    let micros = match fraction {
        None => 0,
        Some(text) if text.len() <= 6 => {
            let scale = 10_i64.checked_pow(6_u32.checked_sub(u32::try_from(text.len()).ok()?)?)?;
            i64::from(digits(text.as_bytes())?).wrapping_mul(scale)
        }
        Some(_) => return None,
    };
    Some(seconds.wrapping_add(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact() {
        for (text, fen) in [
            ("0", 0),
            ("12", 1200),
            ("12.3", 1230),
            ("12.34", 1234),
            ("-0.05", -5),
            ("+1.10", 110),
            ("16666.670000", 1_666_667),
            ("999999999999999.99", 99_999_999_999_999_999),
            ("000000000000000000001", 100),
        ] {
            assert_eq!(money(text), Ok(fen), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1e3",
            "1,000",
            "１２",
            "12元",
            "--1",
            "1.2.3",
            "NaN",
            "1000000000000000",
            " 1",
        ] {
            assert_eq!(money(text), Err(Reason::Money), "{text}");
        }
        assert_eq!(money("1.005"), Err(Reason::Decimals));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (text, number) in [
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("2023-01-31", 19_388),
            ("1969-12-31", -1),
            ("20230131", 19_388),
            ("2023/1/31", 19_388),
            ("2023.01.31", 19_388),
            ("2023-1-31", 19_388),
            ("2023-01-31 08:30:00", 19_388),
            ("2023-01-31T23:59:59.999999", 19_388),
            ("0001-01-01", -719_162),
            ("9999-12-31", 2_932_896),
        ] {
            assert_eq!(day(text), Ok(number), "{text}");
        }
        for text in [
            "",
            "2023-02-29",
            "1900-02-29",
            "2023-13-01",
            "2023-00-10",
            "2023-01-32",
            "2023-01-00",
            "0000-01-01",
            "23-01-01",
            "2023-01-31 24:00:00",
            "2023-01-31 8:30",
            "2023-01-31 ",
            "2023-01-31 08:60",
            "2023-01-31 08:30:00.1234567",
            "2023年1月1日",
            "202301311",
            "2023-001-1",
            "2023-01-31x",
        ] {
            assert_eq!(day(text), Err(Reason::Date), "{text}");
        }
        assert_eq!(time("1970-01-02 00:00:01.5"), Ok(DAY + 1_500_000));
    }

    /// Whatever byte stands wherever in a moment as nearly every file writes it.
    #[test]
    fn the_usual_way_of_writing_is_read_as_any_other() {
        let mut read = 0;
        for text in [
            "2023-01-31 08:30:59",
            "1999-12-09T23:00:07",
            "2024-02-29 19:59:00",
            "2100-02-28",
            "0909-09-19",
        ] {
            for place in 0..text.len() {
                for byte in 0..=0x7f {
                    let mut bytes = text.as_bytes().to_vec();
                    bytes[place] = byte;
                    let changed = String::from_utf8(bytes).unwrap();
                    let usual = usual_moment(changed.as_bytes());
                    read += usize::from(usual.is_some());
                    // Other signs between the figures are left to the rest (`2023/01/31`, `08:30-07`).
                    let figure = byte.is_ascii_digit() && text.as_bytes()[place].is_ascii_digit();
                    if usual.is_some() || figure {
                        assert_eq!(usual, unusual_moment(&changed).ok(), "{changed:?}");
                    }
                }
                let shorter = text.get(..place).unwrap();
                let usual = usual_moment(shorter.as_bytes());
                assert!(usual.is_none() || usual == unusual_moment(shorter).ok(), "{shorter:?}");
            }
        }
        assert!(read > 300, "{read}");
    }

    #[test]
    fn instants_are_told_by_chinas_clock() {
        for (text, wall) in [
            ("2023-05-01T00:30:00+08:00", "2023-05-01 00:30:00"),
            ("2023-05-01 00:30:00+0800", "2023-05-01 00:30:00"),
            ("2023-05-01 00:30 +08", "2023-05-01 00:30:00"),
            ("2023-04-30T16:30:00Z", "2023-05-01 00:30:00"),
            ("2023-04-30T16:30:00.250Z", "2023-05-01 00:30:00.25"),
            ("2023-04-30 12:30:00-04:00", "2023-05-01 00:30:00"),
            ("2022-12-31T16:00:00+00:00", "2023-01-01"),
            ("2023/5/1 10:00:00+09:30", "2023-05-01 08:30:00"),
        ] {
            assert_eq!(time(text), time(wall), "{text}");
            assert_eq!(day(text), day(wall), "{text}");
        }
        for text in [
            "2023-05-01Z",
            "2023-05-01+08:00",
            "2023-05-01 Z",
            "2023-05-01 08:30:00+8",
            "2023-05-01 08:30:00+24:00",
            "2023-05-01 08:30:00+08:60",
            "2023-05-01 08:30:00+08:00Z",
            "2023-05-01 08:30:00 CST",
        ] {
            assert_eq!(time(text), Err(Reason::Date), "{text}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut expected = day_number(1999, 12, 31).unwrap();
        for year in 2000..2400 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(number) = day_number(year, month, day) {
                        expected += 1;
                        assert_eq!(number, expected, "{year}-{month}-{day}");
                    }
                }
            }
        }
        assert_eq!(expected, day_number(1999, 12, 31).unwrap() + 146_097);
    }
}
