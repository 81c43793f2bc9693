//! An Arrow column comes in; exact 64-bit values and the bad cells go out.
//!
//! A column that already is what the machine reads (int64 fen, decimal64 of scale 2) is not copied.

use arrow_array::array::AnyDictionaryArray;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};

use crate::cell::{self, Reason};
use crate::codes::{Codes, FirstWords, word};
use crate::entries::{look_up, look_up_numbers};
use crate::refusal::Refusal;
use crate::text::{Text, trimmed, whole_numbers};

/// What the cells of a column mean.
#[derive(Clone, Debug)]
pub(crate) enum Meaning {
    /// Fen.
    Money,
    /// 0 or 1.
    Flag,
    /// Position of a code.
    Code(Codes),
    /// Position of a text that is asked for; -1 for any other.
    Text(Codes),
    /// Days since 1970-01-01.
    Day,
    /// Microseconds since 1970-01-01.
    Time,
    /// A whole number.
    Count,
}

impl Meaning {
    /// The value of a cell's text.
    pub(crate) fn parse(&self, text: &str) -> Result<i64, Reason> {
        match self {
            Self::Money => cell::money(text),
            Self::Flag => cell::flag(text),
            Self::Code(codes) => codes.get(text).ok_or(Reason::UnknownCode),
            Self::Text(codes) => Ok(codes.get(text).unwrap_or(-1)),
            Self::Day => cell::day(text).map(i64::from),
            Self::Time => cell::time(text),
            Self::Count => cell::count(text),
        }
    }
}

/// A column to be read: where it comes from, what it is called, what blank cells count as.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// The name in the stream.
    pub(crate) name: String,
    /// The stream, for messages.
    pub(crate) table: &'static str,
    /// What the cells mean.
    pub(crate) meaning: Meaning,
    /// What a blank cell counts as; none: its row is rejected.
    pub(crate) default: Option<i64>,
}

/// A cell that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Its row.
    pub(crate) row: usize,
    /// What is wrong.
    pub(crate) reason: Reason,
}

/// The cells of a column; 0 where the row is in the findings.
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    /// Values.
    pub(crate) values: ScalarBuffer<i64>,
    /// Bad cells, rising.
    pub(crate) findings: Vec<Finding>,
}

impl Cells {
    fn good(values: ScalarBuffer<i64>) -> Self {
        Self {
            values,
            findings: Vec::new(),
        }
    }

    /// The same with blank cells taken from another column, and what is wrong there.
    pub(crate) fn blanks_from(self, other: &Self) -> Self {
        let mut values = self.values.to_vec();
        let mut findings = Vec::with_capacity(self.findings.len());
        for finding in self.findings {
            if finding.reason != Reason::Missing {
                findings.push(finding);
                continue;
            }
            let wrong = other.findings.binary_search_by_key(&finding.row, |found| found.row);
            match wrong.ok().and_then(|at| other.findings.get(at)) {
                Some(wrong) => findings.push(*wrong),
                None => {
                    if let (Some(to), Some(from)) = (values.get_mut(finding.row), other.values.get(finding.row)) {
                        *to = *from;
                    }
                }
            }
        }
        Self {
            values: values.into(),
            findings,
        }
    }
}

impl Column {
    /// Read the column's cells.
    ///
    /// # Errors
    /// D904 for floats under an amount, D908 for a type that cannot be what the column means.
    pub(crate) fn read(&self, array: &dyn Array) -> Result<Cells, Refusal> {
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            return self.entries(dictionary);
        }
        if array.data_type() == &DataType::Null {
            return Ok(self.blank(array.len()));
        }
        if let Some(text) = Text::of(array) {
            return Ok(self.texts(text));
        }
        let typed = match &self.meaning {
            Meaning::Money => self.amounts(array)?,
            Meaning::Flag => flags(array).or_else(|| self.numbers_as_text(array)),
            Meaning::Code(_) | Meaning::Text(_) => self.numbers_as_text(array),
            Meaning::Day => days(array),
            Meaning::Time => times(array),
            Meaning::Count => whole_numbers(array).map(Cells::good),
        };
        let cells = typed.ok_or_else(|| self.unusable(array.data_type()))?;
        Ok(self.filled(cells, array.logical_nulls()))
    }

    fn unusable(&self, kind: &DataType) -> Refusal {
        let code = match (&self.meaning, kind) {
            (Meaning::Money, DataType::Float16 | DataType::Float32 | DataType::Float64) => "D904",
            _ => "D908",
        };
        let arguments = [
            ("file", self.table.to_owned()),
            ("column", self.name.clone()),
            ("kind", kind.to_string().to_lowercase()),
        ];
        Refusal::data(code, arguments)
    }

    /// A column of blanks.
    pub(crate) fn blank(&self, rows: usize) -> Cells {
        let findings = match self.default {
            Some(_) => Vec::new(),
            None => (0..rows)
                .map(|row| Finding {
                    row,
                    reason: Reason::Missing,
                })
                .collect(),
        };
        Cells {
            values: vec![self.default.unwrap_or(0); rows].into(),
            findings,
        }
    }

    /// The default, or a finding, where cells are null.
    fn filled(&self, cells: Cells, nulls: Option<NullBuffer>) -> Cells {
        let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
            return cells;
        };
        let fill = self.default.unwrap_or(0);
        let values = cells
            .values
            .iter()
            .zip(nulls.iter())
            .map(|(&v, valid)| if valid { v } else { fill });
        let mut findings: Vec<Finding> = cells
            .findings
            .iter()
            .copied()
            .filter(|finding| nulls.is_valid(finding.row))
            .collect();
        if self.default.is_none() {
            let blank = nulls.iter().enumerate().filter(|(_, valid)| !valid);
            findings.extend(blank.map(|(row, _)| Finding {
                row,
                reason: Reason::Missing,
            }));
            findings.sort_by_key(|finding| finding.row);
        }
        Cells {
            values: values.collect(),
            findings,
        }
    }

    fn texts(&self, text: Text<'_>) -> Cells {
        if matches!(self.meaning, Meaning::Day | Meaning::Time) {
            return cells_of(text, |cell| match cell.and_then(trimmed) {
                Some(cell) => self.meaning.parse(cell),
                None => self.default.ok_or(Reason::Missing),
            });
        }
        // Codes come in runs: the last cell's meaning is kept, those of the first few short texts under their words.
        let mut last: (&str, i64) = ("", 0);
        let mut known = FirstWords::new();
        cells_of(text, |cell| {
            let written = cell.and_then(word);
            if let Some(value) = written.and_then(|word| known.get(word)) {
                return Ok(value);
            }
            match cell.and_then(trimmed) {
                Some(cell) if cell == last.0 => Ok(last.1),
                Some(cell) => self.meaning.parse(cell).inspect(|&value| {
                    last = (cell, value);
                    known.add(written, value);
                }),
                None => self.default.ok_or(Reason::Missing),
            }
        })
    }

    /// Each entry is read once.
    fn entries(&self, dictionary: &dyn AnyDictionaryArray) -> Result<Cells, Refusal> {
        let entries = self.read(dictionary.values())?;
        let blank = self.default.ok_or(Reason::Missing);
        if entries.findings.is_empty() && (blank.is_ok() || dictionary.logical_null_count() == 0) {
            let mut values = Vec::new();
            look_up_numbers(dictionary, &entries.values, blank.unwrap_or(0), &mut values);
            return Ok(Cells::good(values.into()));
        }
        let mut meanings: Vec<Result<i64, Reason>> = entries.values.iter().map(|&v| Ok(v)).collect();
        for finding in &entries.findings {
            if let Some(meaning) = meanings.get_mut(finding.row) {
                *meaning = Err(finding.reason);
            }
        }
        let mut cells = Vec::new();
        look_up(dictionary, &meanings, blank, &mut cells);
        let found = cells.iter().enumerate();
        let findings = found
            .filter_map(|(row, cell)| cell.err().map(|reason| Finding { row, reason }))
            .collect();
        let values = cells.into_iter().map(|cell| cell.unwrap_or(0)).collect();
        Ok(Cells { values, findings })
    }

    /// Codes and flags written as numbers.
    fn numbers_as_text(&self, array: &dyn Array) -> Option<Cells> {
        let numbers = whole_numbers(array)?;
        let nulls = array.logical_nulls();
        let mut findings = Vec::new();
        let mut last: Option<(i64, i64)> = None;
        let values = numbers.iter().enumerate().map(|(row, &number)| {
            if let Some((_, value)) = last.filter(|(seen, _)| *seen == number) {
                return value;
            }
            match self.meaning.parse(&number.to_string()) {
                Ok(value) => {
                    last = Some((number, value));
                    value
                }
                Err(reason) => {
                    if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) {
                        findings.push(Finding { row, reason });
                    }
                    0
                }
            }
        });
        let values = values.collect();
        Some(Cells { values, findings })
    }

    fn amounts(&self, array: &dyn Array) -> Result<Option<Cells>, Refusal> {
        Ok(match array.data_type() {
            DataType::Int64 => whole_numbers(array).map(Cells::good),
            DataType::Decimal64(_, 2) => array
                .as_primitive_opt::<Decimal64Type>()
                .map(|a| Cells::good(a.values().clone())),
            DataType::Decimal32(_, scale) => decimals::<Decimal32Type>(array, *scale),
            DataType::Decimal64(_, scale) => decimals::<Decimal64Type>(array, *scale),
            DataType::Decimal128(_, scale) => match fen(array, *scale) {
                Some(values) => Some(Cells::good(values)),
                None => decimals::<Decimal128Type>(array, *scale),
            },
            _ => None,
        })
    }
}

/// The value of every cell of a text column, or what is wrong with it.
fn cells_of<'a>(text: Text<'a>, mut value: impl FnMut(Option<&'a str>) -> Result<i64, Reason>) -> Cells {
    let mut findings = Vec::new();
    let mut values = Vec::with_capacity(text.len());
    text.each(|cell| {
        values.push(value(cell).unwrap_or_else(|reason| {
            let row = values.len();
            findings.push(Finding { row, reason });
            0
        }));
    });
    Cells {
        values: values.into(),
        findings,
    }
}

/// Decimals of 128 bits that are fen already and fit into 64, as nearly every file has them.
fn fen(array: &dyn Array, scale: i8) -> Option<ScalarBuffer<i64>> {
    let array = array.as_primitive_opt::<Decimal128Type>().filter(|_| scale == 2)?;
    let mut lost = 0_i128;
    let values = array.values().iter().map(|&value| {
        // What is left between two shifts always fits.
        let low = i64::try_from(value.wrapping_shl(64).wrapping_shr(64)).unwrap_or(0);
        lost |= value ^ i128::from(low);
        low
    });
    let values = values.collect();
    (lost == 0).then_some(values)
}

/// Fen of decimals: exact, or a finding.
fn decimals<T: ArrowPrimitiveType>(array: &dyn Array, scale: i8) -> Option<Cells>
where
    T::Native: Into<i128>,
{
    let array = array.as_primitive_opt::<T>()?;
    let power = |n: u8| 10_i128.checked_pow(u32::from(n));
    let (times, by) = match u8::try_from(scale) {
        Ok(scale) => (power(2_u8.saturating_sub(scale))?, power(scale.saturating_sub(2))?),
        Err(_) => (power(scale.unsigned_abs().checked_add(2)?)?, 1),
    };
    let fen_of = |value: i128| match (value.checked_rem(by), value.checked_div(by)) {
        (Some(0), Some(whole)) => {
            let fen = whole.checked_mul(times).and_then(|fen| i64::try_from(fen).ok());
            fen.ok_or(Reason::Money)
        }
        _ => Err(Reason::Decimals),
    };
    let mut findings = Vec::new();
    let values = array.values().iter().enumerate().map(|(row, &value)| {
        fen_of(value.into()).unwrap_or_else(|reason| {
            if array.is_valid(row) {
                findings.push(Finding { row, reason });
            }
            0
        })
    });
    let values = values.collect();
    Some(Cells { values, findings })
}

fn flags(array: &dyn Array) -> Option<Cells> {
    let array = array.as_boolean_opt()?;
    Some(Cells::good(array.values().iter().map(i64::from).collect()))
}

fn days(array: &dyn Array) -> Option<Cells> {
    if let Some(array) = array.as_primitive_opt::<Date32Type>() {
        return Some(Cells::good(array.values().iter().map(|&day| i64::from(day)).collect()));
    }
    let times = times(array)?;
    Some(Cells::good(
        times.values.iter().map(|time| time.div_euclid(cell::DAY)).collect(),
    ))
}

/// Microseconds; of a day its beginning. An instant is told by China's clock, whatever zone it is written in; a time
/// without a zone already is.
fn times(array: &dyn Array) -> Option<Cells> {
    let cells = clock(array)?;
    if !matches!(array.data_type(), DataType::Timestamp(_, Some(_))) {
        return Some(cells);
    }
    let local = cells.values.iter().map(|time| time.saturating_add(cell::CHINA));
    Some(Cells::good(local.collect()))
}

/// Microseconds as they are written.
fn clock(array: &dyn Array) -> Option<Cells> {
    fn scaled<T: ArrowPrimitiveType>(array: &dyn Array, times: i64) -> Option<Cells>
    where
        T::Native: Into<i64>,
    {
        let array = array.as_primitive_opt::<T>()?;
        Some(Cells::good(
            array.values().iter().map(|&v| v.into().saturating_mul(times)).collect(),
        ))
    }
    match array.data_type() {
        DataType::Date32 => scaled::<Date32Type>(array, cell::DAY),
        DataType::Date64 => scaled::<Date64Type>(array, 1000),
        DataType::Timestamp(TimeUnit::Second, _) => scaled::<TimestampSecondType>(array, 1_000_000),
        DataType::Timestamp(TimeUnit::Millisecond, _) => scaled::<TimestampMillisecondType>(array, 1000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => array
            .as_primitive_opt::<TimestampMicrosecondType>()
            .map(|a| Cells::good(a.values().clone())),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            let array = array.as_primitive_opt::<TimestampNanosecondType>()?;
            Some(Cells::good(array.values().iter().map(|v| v.div_euclid(1000)).collect()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::StringArray;

    use super::*;

    /// More codes than are remembered, short ones, long ones and none, in any order, with blanks and unknown ones between.
    #[test]
    fn a_code_means_the_same_however_often_and_after_whichever_it_comes() {
        let names = [
            "1",
            "21",
            "310",
            "4100",
            "52999",
            "610000",
            "7100000",
            "81000000",
            "9",
            "普通门诊",
            "11",
            "12",
            "\0",
        ];
        let codes: Codes = names.into_iter().zip(100_i64..).collect();
        let column = Column {
            name: "code".into(),
            table: "@claims",
            meaning: Meaning::Code(codes.clone()),
            default: None,
        };
        let cells: Vec<Option<&str>> = (0..600_usize)
            .map(|n| match (n * 7 + n / 40) % 17 {
                at @ 0..13 => Some(names[at]),
                13 => Some("unknown"),
                14 => Some(" 21 "),
                15 => Some(""),
                _ => None,
            })
            .collect();
        assert!(names.len() > FirstWords::MOST && names.iter().all(|name| cells.contains(&Some(name))));
        let read = column.read(&StringArray::from(cells.clone())).expect("texts");
        for (row, cell) in cells.iter().enumerate() {
            let expected = cell
                .and_then(trimmed)
                .map_or(Err(Reason::Missing), |cell| codes.get(cell).ok_or(Reason::UnknownCode));
            let found = read.findings.iter().find(|finding| finding.row == row);
            let told = found.map_or(Ok(read.values[row]), |finding| Err(finding.reason));
            assert_eq!(told, expected, "{row}: {cell:?}");
        }
    }
}
