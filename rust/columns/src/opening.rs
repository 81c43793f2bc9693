//! The table of opening balances comes in; what each person's years begin with goes out, and what they came to.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::{ArrayRef, Int16Array, Int32Array, Int64Array, LargeStringArray, RecordBatch, StringArray};
use arrow_array::{StringViewArray, UInt32Array};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::take::take;
use jiugao_engine::{Accumulator, Fraction, Opening, Total, YearRecords, accumulators};
use jiugao_program::Program;

use crate::people::{Batches, Table};
use crate::person::{Key, OwnKey, Persons};
use crate::reading::{Cells, Column, Meaning};
use crate::refusal::Refusal;
use crate::register::{Register, Rows};
use crate::text::Text;

const TABLE: &str = "@opening";

/// A row of the table.
#[derive(Clone, Copy, Debug)]
struct Row {
    year: i32,
    until: i32,
    broken: bool,
    accumulator: u32,
    amount: i64,
}

/// What a person's account of one year begins with: a stretch of all amounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opened {
    year: i32,
    until: i32,
    broken: bool,
    start: usize,
    end: usize,
    /// The person, by the order of the register.
    person: usize,
}

/// Opening balances by person.
#[derive(Debug)]
pub(crate) struct Openings {
    register: Register<Opened>,
    amounts: Vec<(u32, i64)>,
    fractions: Vec<Fraction>,
    /// By person: whether claims of theirs came.
    seen: Vec<AtomicBool>,
}

/// The table's accumulators by name.
struct Known {
    accumulators: Vec<Accumulator>,
    places: HashMap<String, u32>,
}

impl Known {
    fn of(program: &Program) -> Self {
        let accumulators = accumulators(program);
        let places = accumulators.iter().zip(0..).map(|(one, at)| (one.name.clone(), at));
        Self {
            places: places.collect(),
            accumulators,
        }
    }

    /// Place and units; fractions go to `fractions`.
    fn read(&self, name: &str, amount: &str, fractions: &mut Vec<Fraction>) -> Result<(u32, i64), Refusal> {
        let wrong = |column: &str, value: &str| {
            Refusal::data("D935", [("column", column.to_owned()), ("value", value.to_owned())])
        };
        let place = self.places.get(name).copied();
        let place = place.ok_or_else(|| wrong("accumulator", name))?;
        let accumulator = usize::try_from(place).ok().and_then(|at| self.accumulators.get(at));
        let accumulator = accumulator.ok_or_else(|| wrong("accumulator", name))?;
        let total = accumulator.read(amount).map_err(|_| wrong("amount", amount))?;
        let units = match total {
            Total::Units(units) if !accumulator.fraction => i64::try_from(units),
            total => {
                fractions.push(total.exact());
                i64::try_from(fractions.len().saturating_sub(1))
            }
        };
        Ok((place, units.map_err(|_| wrong("amount", amount))?))
    }
}

impl Openings {
    /// Read the table: psn_no, benefit_year, accumulator, amount (yuan as text), and if they are there until (the last
    /// day within the totals) and broken (the person's totals cannot be used).
    ///
    /// # Errors
    /// D903, D908, D933 for columns; D935 for what names nothing or is no amount, D997 for a total told twice.
    pub(crate) fn read(stream: Batches, program: &Program, numbers: bool) -> Result<Self, Refusal> {
        let known = Known::of(program);
        let mut table = Table { table: TABLE, rows: 0 };
        let mut rows = Rows::new(numbers);
        let mut fractions = Vec::new();
        for batch in stream {
            let batch = batch.map_err(|error| Refusal::stream(TABLE, error))?;
            let persons = table.persons(&batch)?;
            let years = Self::cells(&table, &batch, "benefit_year", Meaning::Count, None)?.values;
            let until = match batch.column_by_name("until") {
                Some(_) => table.days(&batch, "until", i32::MIN)?.0,
                None => vec![i32::MIN; batch.num_rows()],
            };
            let broken = match batch.column_by_name("broken") {
                Some(_) => Self::cells(&table, &batch, "broken", Meaning::Flag, Some(0))?.values,
                None => vec![0; batch.num_rows()].into(),
            };
            let names = Self::texts(&table, &batch, "accumulator")?;
            let amounts = Self::texts(&table, &batch, "amount")?;
            for (row, ((year, until), broken)) in years.iter().zip(until).zip(&broken[..]).enumerate() {
                let broken = *broken != 0;
                let (accumulator, amount) = if broken {
                    (0, 0)
                } else {
                    let (name, amount) = (names.trimmed(row), amounts.trimmed(row));
                    known.read(name.unwrap_or_default(), amount.unwrap_or_default(), &mut fractions)?
                };
                let year = i32::try_from(*year).unwrap_or(i32::MIN);
                let told = Row {
                    year,
                    until,
                    broken,
                    accumulator,
                    amount,
                };
                rows.extend_one(persons.key(row), told);
            }
            table.read(&batch);
        }
        Self::of(rows, fractions, &known)
    }

    fn cells(
        table: &Table,
        batch: &RecordBatch,
        name: &str,
        meaning: Meaning,
        default: Option<i64>,
    ) -> Result<Cells, Refusal> {
        let column = Column {
            name: name.to_owned(),
            table: TABLE,
            meaning,
            default,
        };
        let cells = column.read(table.column(batch, name)?)?;
        if let Some(finding) = cells.findings.first() {
            let code = finding.reason.code().to_owned();
            return Err(Refusal::data("D935", [("column", name.to_owned()), ("value", code)]));
        }
        Ok(cells)
    }

    fn texts<'b>(table: &Table, batch: &'b RecordBatch, name: &str) -> Result<Text<'b>, Refusal> {
        let array = table.column(batch, name)?;
        Text::of(array).ok_or_else(|| {
            let kind = array.data_type().to_string().to_lowercase();
            let arguments = [("file", TABLE.to_owned()), ("column", name.to_owned()), ("kind", kind)];
            Refusal::data("D908", arguments)
        })
    }

    fn of(rows: Rows<Row>, fractions: Vec<Fraction>, known: &Known) -> Result<Self, Refusal> {
        let mut twice = None;
        let sorted = rows.register(|mine| {
            mine.sort_by_key(|row| (row.year, row.accumulator));
            let same = |pair: &[Row]| match pair {
                [one, other] => !one.broken && (one.year, one.accumulator) == (other.year, other.accumulator),
                _ => false,
            };
            if let Some([one, ..]) = mine.windows(2).find(|pair| same(pair)) {
                twice = Some(one.accumulator);
            }
        });
        if let Some(at) = twice {
            let name = usize::try_from(at).ok().and_then(|at| known.accumulators.get(at));
            let name = name.map(|one| one.name.clone()).unwrap_or_default();
            return Err(Refusal::data("D997", [("what", name)]));
        }
        let mut amounts = Vec::new();
        let mut persons = 0_usize;
        let register = sorted.into_other(|mine: &[Row], opened| {
            for year in mine.chunk_by(|one, other| one.year == other.year) {
                let start = amounts.len();
                amounts.extend(year.iter().map(|row| (row.accumulator, row.amount)));
                opened.push(Opened {
                    year: year.first().map_or(i32::MIN, |row| row.year),
                    until: year.iter().map(|row| row.until).max().unwrap_or(i32::MIN),
                    broken: year.iter().any(|row| row.broken),
                    start,
                    end: amounts.len(),
                    person: persons,
                });
            }
            persons = persons.saturating_add(1);
        });
        Ok(Self {
            register,
            amounts,
            fractions,
            seen: (0..persons).map(|_| AtomicBool::new(false)).collect(),
        })
    }

    /// Find the openings of persons, told by a row of each; those found have claims.
    pub(crate) fn each(
        &self,
        persons: &Persons,
        rows: impl Iterator<Item = usize>,
        from: &mut usize,
        found: &mut Vec<(usize, Opened)>,
    ) {
        let mut person = 0_usize;
        self.register.each(persons, rows, from, |mine| {
            found.extend(mine.iter().map(|opened| (person, *opened)));
            person = person.saturating_add(1);
        });
    }

    /// Claims of a person came, whatever becomes of them.
    pub(crate) fn come(&self, persons: &Persons, rows: impl Iterator<Item = usize>, from: &mut usize) {
        self.register.each(persons, rows, from, |mine| {
            if let Some(seen) = mine.first().and_then(|opened| self.seen.get(opened.person)) {
                seen.store(true, Ordering::Relaxed);
            }
        });
    }

    /// Persons of whom no claim came, in order.
    pub(crate) fn without_claims(&self) -> Vec<OwnKey> {
        let unseen = |at: &usize| self.seen.get(*at).is_some_and(|seen| !seen.load(Ordering::Relaxed));
        let places = (0..self.seen.len()).filter(unseen);
        places
            .filter_map(|at| self.register.key(at).map(OwnKey::from))
            .collect()
    }

    /// As the machine takes it.
    pub(crate) fn opening(&self, person: usize, opened: &Opened) -> Opening<'_> {
        Opening {
            person,
            year: opened.year,
            until: opened.until,
            broken: opened.broken,
            amounts: self.amounts.get(opened.start..opened.end).unwrap_or(&[]),
            fractions: &self.fractions,
        }
    }
}

/// What a person's years begin with at a counter.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenedAt {
    years: Vec<(i32, Vec<(u32, i64)>)>,
    fractions: Vec<Fraction>,
}

impl OpenedAt {
    /// Of year, accumulator and amount (yuan as text).
    ///
    /// # Errors
    /// D935 for what names nothing or is no amount, D997 for a total told twice.
    pub(crate) fn of(program: &Program, told: &[(i32, String, String)]) -> Result<Self, Refusal> {
        let known = Known::of(program);
        let mut opened = Self::default();
        for (year, name, amount) in told {
            let total = known.read(name, amount.trim(), &mut opened.fractions)?;
            let at = opened.years.partition_point(|(other, _)| other < year);
            if opened.years.get(at).is_none_or(|(other, _)| other != year) {
                opened.years.insert(at, (*year, Vec::new()));
            }
            let Some((_, amounts)) = opened.years.get_mut(at) else {
                continue;
            };
            if amounts.iter().any(|(other, _)| *other == total.0) {
                return Err(Refusal::data("D997", [("what", name.clone())]));
            }
            amounts.push(total);
        }
        Ok(opened)
    }

    /// As the machine takes it.
    pub(crate) fn openings(&self) -> Vec<Opening<'_>> {
        self.years
            .iter()
            .map(|(year, amounts)| Opening {
                person: 0,
                year: *year,
                until: i32::MIN,
                broken: false,
                amounts,
                fractions: &self.fractions,
            })
            .collect()
    }
}

impl Opened {
    /// As one that cannot be used.
    pub(crate) const fn made_broken(self) -> Self {
        Self { broken: true, ..self }
    }
}

/// A column of person numbers of the type that the claims have.
///
/// # Errors
/// D908 for a type of which none can be made.
pub(crate) fn numbers_of(kind: &DataType, keys: &[OwnKey]) -> Result<ArrayRef, Refusal> {
    let texts = || keys.iter().map(|key| key.key().to_string());
    let number = |key: &OwnKey| match key.key() {
        Key::Number(number) => number,
        Key::Text(text) => text.parse().unwrap_or(0),
    };
    Ok(match kind {
        DataType::Utf8 => Arc::new(StringArray::from_iter_values(texts())),
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from_iter_values(texts())),
        DataType::Utf8View => Arc::new(StringViewArray::from_iter_values(texts())),
        DataType::Int64 => Arc::new(Int64Array::from_iter_values(keys.iter().map(number))),
        DataType::Int32 => Arc::new(Int32Array::from_iter_values(
            keys.iter().map(|key| i32::try_from(number(key)).unwrap_or(0)),
        )),
        other => {
            let kind = other.to_string().to_lowercase();
            let arguments = [
                ("file", "@claims".to_owned()),
                ("column", "psn_no".to_owned()),
                ("kind", kind),
            ];
            return Err(Refusal::data("D908", arguments));
        }
    })
}

/// The columns of what accounts came to, as the table of opening balances has them.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) schema: SchemaRef,
    accumulators: Arc<Vec<Accumulator>>,
}

impl Written {
    /// Of a program, for persons numbered as `person` says.
    pub(crate) fn of(program: &Program, person: &Field) -> Self {
        let schema = Schema::new(vec![
            person.clone(),
            Field::new("benefit_year", DataType::Int16, false),
            Field::new("accumulator", DataType::Utf8, false),
            Field::new("amount", DataType::Utf8, false),
        ]);
        Self {
            schema: Arc::new(schema),
            accumulators: Arc::new(accumulators(program)),
        }
    }

    /// The totals of some accounts; `row` gives the row of `persons` of the machine's person.
    pub(crate) fn batch(
        &self,
        persons: &ArrayRef,
        row: impl Fn(u32) -> u32,
        records: &YearRecords,
    ) -> Result<RecordBatch, ArrowError> {
        let (mut rows, mut years, mut names, mut amounts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (account, totals) in records.accounts.iter().zip(&records.totals) {
            for (at, total) in totals {
                let accumulator = usize::try_from(*at).ok().and_then(|at| self.accumulators.get(at));
                let Some(accumulator) = accumulator else { continue };
                rows.push(row(account.person));
                years.push(account.year);
                names.push(accumulator.name.as_str());
                amounts.push(accumulator.write(total));
            }
        }
        let columns: Vec<ArrayRef> = vec![
            take(persons, &UInt32Array::from(rows), None)?,
            Arc::new(Int16Array::from(years)),
            Arc::new(StringArray::from(names)),
            Arc::new(StringArray::from(amounts)),
        ];
        RecordBatch::try_new(self.schema.clone(), columns)
    }
}
