//! A stream of raw columns comes in; exact typed columns, and the bad cells of every row, go out.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder, StructBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    new_null_array,
};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use arrow_select::take::take;

use crate::cell::Reason;
use crate::codes::{Codes, FirstWords, word};
use crate::mapped::{Failure, Mapped};
use crate::people::Batches;
use crate::reading::{Cells, Column, Finding, Meaning};
use crate::refusal::Refusal;
use crate::text::{Text, trimmed, whole_numbers};

/// A column as it is wanted.
#[derive(Clone, Debug)]
pub struct IntakeColumn {
    /// Its name.
    pub name: String,
    /// text | code | money | day | time | flag | count.
    pub kind: String,
    /// Other names that it may have in the stream.
    pub spellings: Vec<String>,
    /// Whether it must be there, in every row.
    pub required: bool,
    /// The only texts taken; empty for any.
    pub codes: Vec<String>,
    /// What a missing column or a blank cell counts as, as it would be written.
    pub default: Option<String>,
}

/// How a column is read.
enum Reading {
    Text { codes: Codes, default: Option<String> },
    Value(Column),
}

struct Wanted {
    name: String,
    /// Its place in the stream.
    at: Option<usize>,
    required: bool,
    reading: Reading,
}

/// A bad cell: its row, the place of its column, what is wrong, what stands there.
struct Bad {
    row: usize,
    column: usize,
    reason: Reason,
    value: String,
}

/// Type the columns of `stream`; `file` is what it is called in messages.
///
/// # Errors
/// D903 for a required column that is not there, D935 for a kind or default that cannot be.
pub fn intake(stream: Batches, columns: Vec<IntakeColumn>, file: String) -> Result<(Batches, Failure), Refusal> {
    let input = stream.schema();
    let wanted: Result<Vec<Wanted>, Refusal> = columns
        .into_iter()
        .map(|column| Wanted::of(column, &input, &file))
        .collect();
    let wanted = wanted?;
    let mut fields: Vec<Field> = wanted
        .iter()
        .map(|wanted| Field::new(&wanted.name, wanted.reading.kind(), true))
        .collect();
    fields.push(Field::new("_findings", findings_kind(), true));
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let failure = Failure::default();
    let out = schema.clone();
    let stream = Mapped {
        stream,
        table: "@claims",
        schema,
        step: Box::new(move |batch| type_batch(&batch, &wanted, &out).map_err(|refusal| refusal.about(&file))),
        failure: failure.clone(),
        ended: false,
    };
    Ok((Box::new(stream), failure))
}

impl Wanted {
    fn of(column: IntakeColumn, input: &Schema, file: &str) -> Result<Self, Refusal> {
        let names = core::iter::once(&column.name).chain(&column.spellings);
        let at = names
            .filter_map(|name| input.column_with_name(name))
            .map(|(at, _)| at)
            .next();
        if at.is_none() && column.required && column.default.is_none() {
            return Err(Refusal::data(
                "D903",
                [("file", file.to_owned()), ("column", column.name)],
            ));
        }
        let meaning = match column.kind.as_str() {
            "text" | "code" => None,
            "money" => Some(Meaning::Money),
            "day" => Some(Meaning::Day),
            "time" => Some(Meaning::Time),
            "flag" => Some(Meaning::Flag),
            "count" => Some(Meaning::Count),
            other => {
                return Err(Refusal::data(
                    "D935",
                    [("column", column.name), ("value", other.to_owned())],
                ));
            }
        };
        let reading = match meaning {
            None => Reading::Text {
                codes: column.codes.iter().zip(0_i64..).collect(),
                default: column.default,
            },
            Some(meaning) => {
                let parse = |text: &String| meaning.parse(text.trim());
                let default = column.default.as_ref().map(parse).transpose().map_err(|_| {
                    let value = column.default.clone().unwrap_or_default();
                    Refusal::data("D935", [("column", column.name.clone()), ("value", value)])
                })?;
                Reading::Value(Column {
                    name: column.name.clone(),
                    table: "",
                    meaning,
                    default,
                })
            }
        };
        Ok(Self {
            name: column.name,
            at,
            required: column.required,
            reading,
        })
    }
}

impl Reading {
    fn kind(&self) -> DataType {
        match self {
            Self::Text { .. } => DataType::Utf8,
            Self::Value(column) => match column.meaning {
                Meaning::Money | Meaning::Count | Meaning::Code(_) | Meaning::Text(_) => DataType::Int64,
                Meaning::Day => DataType::Date32,
                Meaning::Time => DataType::Timestamp(TimeUnit::Microsecond, None),
                Meaning::Flag => DataType::Boolean,
            },
        }
    }
}

fn finding_fields() -> Fields {
    ["column", "code", "value"]
        .map(|name| Field::new(name, DataType::Utf8, false))
        .to_vec()
        .into()
}

fn findings_kind() -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Struct(finding_fields()), true)))
}

fn type_batch(batch: &RecordBatch, wanted: &[Wanted], schema: &SchemaRef) -> Result<RecordBatch, Refusal> {
    let mut bad = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(wanted.len().saturating_add(1));
    for (place, wanted) in wanted.iter().enumerate() {
        let array = wanted.at.and_then(|at| batch.columns().get(at));
        columns.push(match &wanted.reading {
            Reading::Text { codes, default } => {
                let text = texts(array, batch.num_rows(), wanted)?;
                let text = checked(
                    text,
                    codes,
                    default.as_deref(),
                    wanted.required,
                    |row, reason, value| {
                        bad.push(Bad {
                            row,
                            column: place,
                            reason,
                            value,
                        });
                    },
                );
                Arc::new(text)
            }
            Reading::Value(column) => {
                let cells = match array {
                    Some(array) => column.read(array)?,
                    None => column.blank(batch.num_rows()),
                };
                let nulls = nulls(&cells.findings, batch.num_rows());
                // A blank is wrong only where something is required.
                for Finding { row, reason } in cells.findings.iter().copied() {
                    if wanted.required || reason != Reason::Missing {
                        let value = array.map(|array| written(array, row)).unwrap_or_default();
                        bad.push(Bad {
                            row,
                            column: place,
                            reason,
                            value,
                        });
                    }
                }
                typed(column, cells, nulls)
            }
        });
    }
    columns.push(findings(bad, batch.num_rows(), wanted));
    RecordBatch::try_new(schema.clone(), columns).map_err(|error| Refusal::stream("@claims", error))
}

fn nulls(findings: &[Finding], rows: usize) -> Option<NullBuffer> {
    if findings.is_empty() {
        return None;
    }
    let mut bad = findings.iter().map(|finding| finding.row).peekable();
    Some(NullBuffer::new(BooleanBuffer::collect_bool(rows, |row| {
        bad.next_if_eq(&row).is_none()
    })))
}

/// Values as the Arrow type of their kind.
fn typed(column: &Column, cells: Cells, nulls: Option<NullBuffer>) -> ArrayRef {
    let values = cells.values;
    match column.meaning {
        Meaning::Money | Meaning::Count | Meaning::Code(_) | Meaning::Text(_) => {
            Arc::new(Int64Array::new(values, nulls))
        }
        Meaning::Time => Arc::new(TimestampMicrosecondArray::new(values, nulls)),
        Meaning::Day => {
            let days: ScalarBuffer<i32> = values.iter().map(|&day| i32::try_from(day).unwrap_or(0)).collect();
            Arc::new(Date32Array::new(days, nulls))
        }
        Meaning::Flag => {
            let flags = BooleanBuffer::collect_bool(values.len(), |row| values.get(row).is_some_and(|&v| v != 0));
            Arc::new(BooleanArray::new(flags, nulls))
        }
    }
}

/// A column as plain text, whatever it was.
fn texts(array: Option<&ArrayRef>, rows: usize, wanted: &Wanted) -> Result<StringArray, Refusal> {
    let Some(array) = array else {
        return Ok(StringArray::new_null(rows));
    };
    if let Some(plain) = array.as_string_opt::<i32>() {
        return Ok(plain.clone());
    }
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let plain = take(dictionary.values(), dictionary.keys(), None);
        let plain = plain.map_err(|error| Refusal::stream("@claims", error))?;
        return texts(Some(&plain), rows, wanted);
    }
    if let Some(text) = Text::of(array) {
        return Ok((0..rows).map(|row| text.get(row)).collect());
    }
    if let Some(numbers) = whole_numbers(array) {
        let nulls = array.logical_nulls();
        let number = |(row, number): (usize, &i64)| {
            nulls
                .as_ref()
                .is_none_or(|nulls| nulls.is_valid(row))
                .then(|| number.to_string())
        };
        return Ok(numbers.iter().enumerate().map(number).collect());
    }
    if array.data_type() == &DataType::Null {
        return Ok(StringArray::new_null(rows));
    }
    let kind = array.data_type().to_string().to_lowercase();
    Err(Refusal::data(
        "D908",
        [("file", String::new()), ("column", wanted.name.clone()), ("kind", kind)],
    ))
}

/// Without blanks around cells, null where blank, bad or unknown. The same column where nothing is to do.
fn checked(
    text: StringArray,
    codes: &Codes,
    default: Option<&str>,
    required: bool,
    mut found: impl FnMut(usize, Reason, String),
) -> StringArray {
    let plain = Text::Small(&text);
    let mut same = default.is_none();
    let mut bad = Vec::new();
    // Most codes are short and few: they are compared as words. Long ones come in runs.
    let mut known = FirstWords::new();
    let mut last = "";
    let mut row = 0_usize;
    plain.each(|written| {
        let cell = written.and_then(trimmed);
        same &= cell.map(str::len) == written.map(str::len);
        match cell {
            Some(_) if codes.is_empty() => {}
            Some(cell) => {
                let short = word(cell);
                if short.map_or(cell == last, |word| known.get(word).is_some()) {
                    // Seen before.
                } else if let Some(value) = codes.get(cell) {
                    known.add(short, value);
                    last = cell;
                } else {
                    found(row, Reason::UnknownCode, cell.to_owned());
                    bad.push(row);
                }
            }
            None if required && default.is_none() => found(row, Reason::Missing, String::new()),
            None => {}
        }
        row = row.saturating_add(1);
    });
    if same && bad.is_empty() {
        return text.clone();
    }
    let mut bad = bad.into_iter().peekable();
    let cell = |row| match (bad.next_if_eq(&row), plain.trimmed(row)) {
        (Some(_), _) => None,
        (None, cell) => cell.or(default),
    };
    (0..text.len()).map(cell).collect()
}

/// What stands in a cell, for people.
fn written(array: &dyn Array, row: usize) -> String {
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let key = dictionary.normalized_keys().get(row).copied();
        return key.map(|key| written(dictionary.values(), key)).unwrap_or_default();
    }
    if let Some(text) = Text::of(array) {
        return text.trimmed(row).unwrap_or_default().to_owned();
    }
    let one = array.slice(row, 1);
    if let Some(decimal) = one.as_primitive_opt::<arrow_array::types::Decimal128Type>() {
        return decimal.value_as_string(0);
    }
    if let Some(decimal) = one.as_primitive_opt::<arrow_array::types::Decimal64Type>() {
        return decimal.value_as_string(0);
    }
    whole_numbers(&one)
        .and_then(|n| n.first().map(i64::to_string))
        .unwrap_or_default()
}

/// The bad cells of each row, null where there are none.
fn findings(mut bad: Vec<Bad>, rows: usize, wanted: &[Wanted]) -> ArrayRef {
    if bad.is_empty() {
        return new_null_array(&findings_kind(), rows);
    }
    let mut list = ListBuilder::new(StructBuilder::from_fields(finding_fields(), bad.len()));
    bad.sort_by_key(|bad| (bad.row, bad.column));
    let mut bad = bad.into_iter().peekable();
    for row in 0..rows {
        let mut any = false;
        while let Some(bad) = bad.next_if(|bad| bad.row == row) {
            any = true;
            let name = wanted.get(bad.column).map_or("", |wanted| &wanted.name);
            let row = list.values();
            for (place, cell) in [name, bad.reason.code(), &bad.value].into_iter().enumerate() {
                if let Some(column) = row.field_builder::<StringBuilder>(place) {
                    column.append_value(cell);
                }
            }
            row.append(true);
        }
        list.append(any);
    }
    Arc::new(list.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More codes than are remembered, short and long ones, in any order, with blanks and unknown ones between.
    #[test]
    fn a_code_is_known_however_often_and_after_whichever_it_comes() {
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
            "特困人员",
            "11",
            "12",
        ];
        let codes: Codes = names.into_iter().zip(0_i64..).collect();
        let others = ["13", "特困", "普通门急诊", " 21 ", "", "810000000"];
        let cells: Vec<Option<&str>> = (0..900_usize)
            .map(|n| match (n * 7 + n / 40) % 20 {
                at @ 0..13 => Some(names[at]),
                at @ 13..19 => Some(others[at - 13]),
                _ => None,
            })
            .chain(["特困人员", "特困人员", "普通门诊", "特困人员", "生人", "生人"].map(Some))
            .collect();
        assert!(names.iter().chain(&others).all(|name| cells.contains(&Some(name))));
        let mut bad = Vec::new();
        let texts = checked(
            StringArray::from(cells.clone()),
            &codes,
            None,
            true,
            |row, reason, value| {
                bad.push((row, reason, value));
            },
        );
        let mut expected = Vec::new();
        for (row, cell) in cells.iter().enumerate() {
            let cell = cell.and_then(trimmed);
            let known = cell.filter(|cell| names.contains(cell));
            assert_eq!(texts.is_valid(row).then(|| texts.value(row)), known, "{row}");
            match cell {
                None => expected.push((row, Reason::Missing, String::new())),
                Some(cell) if known.is_none() => expected.push((row, Reason::UnknownCode, cell.to_owned())),
                Some(_) => {}
            }
        }
        assert_eq!(bad, expected);
    }
}
