//! Results of the machine come in; record batches go out, row for row of what came in.

use std::sync::Arc;

use arrow_array::types::{Int8Type, Int16Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal64Array, DictionaryArray, Int8Array, Int16Array, Int64Array,
    RecordBatch, RecordBatchOptions, UInt8Array, UInt16Array, UInt32Array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::take::take;
use jiugao_engine::{Results, Vector, YearRecords};
use jiugao_program::{NO_DAY, Program};

use crate::chunk::Chunk;
use crate::layout::Layout;
use crate::lending::Lending;
use crate::opening::Written;
use crate::refusal::Refusal;
use crate::why::{Blank, Why, dictionary, texts};

/// The last of [`ROLES`].
const REJECTED: i8 = 3;
const ROLES: [&str; 4] = ["settled", "reversed", "reversal", "rejected"];

/// Digits and decimals of amounts.
const DIGITS: u8 = 18;
const DECIMALS: i8 = 2;

/// What the result columns are.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// Of the settled rows.
    pub(crate) schema: SchemaRef,
    /// Of the accounts.
    pub(crate) years: SchemaRef,
    /// Of what the accounts accumulated.
    pub(crate) written: Written,
    /// By benefit: where the classes end, if one written benefit's classes begin there.
    wholes: Vec<Option<usize>>,
    shown: Vec<Shown>,
    roles: ArrayRef,
    settled: Blank,
    standings: ArrayRef,
    why: Why,
    payees: ArrayRef,
}

/// A result column; the numbers are places among the columns handed on, among benefits,
/// among `Results::paying` and among measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    HandedOn(usize),
    Year,
    Role,
    Standing,
    Benefit(usize),
    /// Of the benefits from the one up to the other together.
    Whole(usize, usize),
    Burden,
    Excess,
    Payee(usize),
    DueBy(usize),
    PayingAmount(usize),
    Measure(usize),
    Reject,
    RejectColumn,
    Figure(usize),
    Cuts(usize),
    Offered(usize),
}

fn amount() -> DataType {
    DataType::Decimal64(DIGITS, DECIMALS)
}

/// Every result column that there can be, in order.
fn all_columns(program: &Program, layout: &Layout, input: &Schema, details: bool) -> Vec<(Arc<Field>, Shown)> {
    let mut columns = Vec::new();
    for &at in &layout.handed_on {
        columns.extend(input.fields().get(at).map(|field| (field.clone(), Shown::HandedOn(at))));
    }
    let mut column = |name: &str, kind: DataType, nulls: bool, shown: Shown| {
        columns.push((Arc::new(Field::new(name, kind, nulls)), shown));
    };
    column("benefit_year", DataType::Int16, false, Shown::Year);
    column("role", dictionary(DataType::Int8), false, Shown::Role);
    column("standing", dictionary(DataType::Int8), true, Shown::Standing);
    for (at, benefit) in program.benefits().iter().enumerate() {
        if let Some((code, end)) = whole_at(program, at) {
            column(code, amount(), false, Shown::Whole(at, end));
        }
        column(&benefit.code, amount(), false, Shown::Benefit(at));
    }
    column("psn_burden", amount(), false, Shown::Burden);
    column("excess", amount(), false, Shown::Excess);
    if program.outputs().paying.is_some() {
        column("payee", dictionary(DataType::Int16), true, Shown::Payee(0));
        column("due_by", DataType::Date32, true, Shown::DueBy(1));
        column("payee_excess", amount(), false, Shown::PayingAmount(2));
        column("outlay_replaced", amount(), false, Shown::PayingAmount(3));
    }
    for (at, measure) in program.measures().iter().enumerate() {
        column(&measure.name, DataType::Int64, false, Shown::Measure(at));
    }
    for ((name, kind), shown) in Why::fields().into_iter().zip([Shown::Reject, Shown::RejectColumn]) {
        column(name, kind, true, shown);
    }
    if details {
        for (at, benefit) in program.benefits().iter().enumerate() {
            column(
                &format!("{}.figure", benefit.code),
                DataType::UInt16,
                false,
                Shown::Figure(at),
            );
            column(
                &format!("{}.cuts", benefit.code),
                DataType::UInt8,
                false,
                Shown::Cuts(at),
            );
        }
        for &at in program.choices().iter().flat_map(|choice| &choice.benefits) {
            if let Some(benefit) = program.benefits().get(at) {
                column(
                    &format!("{}.offered", benefit.code),
                    amount(),
                    false,
                    Shown::Offered(at),
                );
            }
        }
    }
    columns
}

impl Output {
    /// The result columns of `program` over batches of `input`: all of them, or those in `wanted`.
    ///
    /// # Errors
    /// D935 for a wanted column that there is not.
    pub(crate) fn of(
        program: &Program,
        layout: &Layout,
        input: &Schema,
        details: bool,
        wanted: Option<&[String]>,
    ) -> Result<Self, Refusal> {
        let mut columns = all_columns(program, layout, input, details);
        if let Some(wanted) = wanted {
            if let Some(name) = wanted
                .iter()
                .find(|&name| columns.iter().all(|(f, _)| f.name() != name))
            {
                let arguments = [("column", "columns".to_owned()), ("value", name.clone())];
                return Err(Refusal::data("D935", arguments));
            }
            columns.retain(|(field, _)| wanted.contains(field.name()));
        }
        let (fields, shown): (Vec<Arc<Field>>, Vec<Shown>) = columns.into_iter().unzip();
        Ok(Self {
            schema: Arc::new(Schema::new(fields)),
            years: year_schema(program, layout, input),
            written: Written::of(program, input.field(layout.person)),
            wholes: (0..program.benefits().len())
                .map(|at| whole_at(program, at).map(|(_, end)| end))
                .collect(),
            shown,
            roles: texts(ROLES),
            settled: Blank::of::<Int8Type>(&texts(ROLES), false),
            standings: texts(program.classes().iter().map(|class| class.name.as_str())),
            why: Why::of(layout),
            payees: texts(program.payees().iter().map(String::as_str)),
        })
    }

    /// Whether years or standings are among the columns.
    pub(crate) fn shows_standing(&self) -> bool {
        let shows = |shown: &Shown| matches!(shown, Shown::Year | Shown::Standing);
        self.shown.iter().any(shows)
    }

    /// Whether measures are among the columns.
    pub(crate) fn shows_measures(&self) -> bool {
        self.shown.iter().any(|shown| matches!(shown, Shown::Measure(_)))
    }

    /// The settled rows of `input`; the memory of the result columns is lent. `plain`: nothing was reversed and nothing
    /// rejected by the machine.
    ///
    /// # Errors
    /// Only if columns do not fit the schema, which would be a mistake here.
    pub(crate) fn rows(
        &self,
        input: &RecordBatch,
        chunk: &Chunk,
        results: &mut Results,
        lending: &mut Lending,
        plain: bool,
    ) -> Result<RecordBatch, ArrowError> {
        let rows = input.num_rows();
        let kept = chunk.kept.as_deref();
        // Nearly all batches: nothing reversed, nothing rejected.
        let (roles, [reject, reject_column]) = if plain && kept.is_none() {
            (self.settled.of_rows(rows), self.why.nothing(rows))
        } else {
            let roles = results
                .roles
                .iter()
                .map(|&role| i8::try_from(role).unwrap_or(i8::MAX))
                .collect();
            let roles = spread(roles, kept, rows, REJECTED);
            let shown = Int8Array::from_iter_values(roles.iter().map(|&role| role.min(REJECTED)));
            let shown = DictionaryArray::<Int8Type>::try_new(shown, self.roles.clone())?;
            (Arc::new(shown) as ArrayRef, self.why.columns(&roles, &chunk.rejected)?)
        };
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.shown.len());
        for &shown in &self.shown {
            columns.push(match shown {
                Shown::HandedOn(at) => input.columns().get(at).cloned().ok_or_else(missing)?,
                Shown::Year => {
                    let years = core::mem::replace(&mut results.years, lending.years.take());
                    let years = lending.years.lend(spread(years, kept, rows, 0));
                    Arc::new(Int16Array::new(years, None))
                }
                Shown::Role => roles.clone(),
                Shown::Standing => {
                    let standings = core::mem::replace(&mut results.standings, lending.classes.take());
                    self.standing(spread(standings, kept, rows, -1), lending)?
                }
                Shown::Benefit(at) => {
                    let paid = results.benefits.get_mut(at).ok_or_else(missing)?;
                    amounts(paid, kept, rows, lending)?
                }
                Shown::Whole(from, end) => {
                    let classes = results.benefits.get(from..end).ok_or_else(missing)?;
                    decimal(spread(together(classes)?, kept, rows, 0).into(), None)?
                }
                Shown::Burden => amounts(&mut results.burden, kept, rows, lending)?,
                Shown::Excess => amounts(&mut results.excess, kept, rows, lending)?,
                Shown::Payee(at) => self.payee(spread(paying(results, at)?, kept, rows, 0))?,
                Shown::DueBy(at) => due_by(spread(paying(results, at)?, kept, rows, i64::from(NO_DAY))),
                Shown::PayingAmount(at) => decimal(spread(paying(results, at)?, kept, rows, 0).into(), None)?,
                Shown::Measure(at) => {
                    let measure = core::mem::take(results.measures.get_mut(at).ok_or_else(missing)?);
                    Arc::new(Int64Array::from(spread(measure, kept, rows, 0)))
                }
                Shown::Reject => reject.clone(),
                Shown::RejectColumn => reject_column.clone(),
                Shown::Figure(at) => {
                    let details = results.details.get_mut(at).ok_or_else(missing)?;
                    let figures = core::mem::take(&mut details.figures);
                    Arc::new(UInt16Array::from(spread(figures, kept, rows, 0)))
                }
                Shown::Cuts(at) => {
                    let details = results.details.get_mut(at).ok_or_else(missing)?;
                    let cuts = core::mem::take(&mut details.cuts);
                    Arc::new(UInt8Array::from(spread(cuts, kept, rows, 0)))
                }
                Shown::Offered(at) => {
                    let offered = results.offered.get_mut(at).ok_or_else(missing)?;
                    decimal(spread(core::mem::take(offered), kept, rows, 0).into(), None)?
                }
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
    }

    /// Whoever is paid instead of the person; 0 for nobody.
    fn payee(&self, payee: Vec<i64>) -> Result<ArrayRef, ArrowError> {
        let payee: Int16Array = payee
            .into_iter()
            .map(|number| i16::try_from(number.checked_sub(1)?).ok().filter(|number| *number >= 0))
            .collect();
        Ok(Arc::new(DictionaryArray::<Int16Type>::try_new(
            payee,
            self.payees.clone(),
        )?))
    }

    fn standing(&self, mut standings: Vec<i8>, lending: &mut Lending) -> Result<ArrayRef, ArrowError> {
        let rows = standings.len();
        let mut words = vec![0_u64; rows.div_ceil(64)];
        let mut none = false;
        Vector::new().run(
            #[inline(always)]
            || {
                for (word, standings) in words.iter_mut().zip(standings.chunks(64)) {
                    *word = held(standings);
                }
                none = standings.iter().fold(0, |none, class| none | class) < 0;
                if none {
                    for class in &mut standings {
                        *class = (*class).max(0);
                    }
                }
            },
        );
        let nulls = none.then(|| NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(words), 0, rows)));
        let keys = Int8Array::new(lending.classes.lend(standings), nulls);
        Ok(Arc::new(DictionaryArray::<Int8Type>::try_new(
            keys,
            self.standings.clone(),
        )?))
    }

    /// The accounts of a batch; `first_row` gives the row of `person` of the machine's person.
    ///
    /// # Errors
    /// As [`Output::rows`].
    pub(crate) fn accounts(
        &self,
        person: &ArrayRef,
        first_row: impl Fn(u32) -> u32,
        records: YearRecords,
    ) -> Result<RecordBatch, ArrowError> {
        // Where every row of a batch was rejected there are no accounts, and no columns either.
        if records.accounts.is_empty() {
            return Ok(RecordBatch::new_empty(self.years.clone()));
        }
        let persons = UInt32Array::from_iter_values(records.accounts.iter().map(|account| first_row(account.person)));
        let years = Int16Array::from_iter_values(records.accounts.iter().map(|account| account.year));
        let applications = Date32Array::from_iter(records.accounts.iter().map(|account| account.application));
        let mut columns: Vec<ArrayRef> = vec![take(person, &persons, None)?, Arc::new(years), Arc::new(applications)];
        let mut wholes = Vec::with_capacity(self.wholes.len());
        for (at, end) in self.wholes.iter().enumerate() {
            let mut whole = Vec::new();
            if let Some(end) = *end {
                for amounts in [&records.paid, &records.year_end, &records.lookback] {
                    let classes = amounts.get(at..end).ok_or_else(missing)?;
                    whole.push(decimal(together(classes)?.into(), None)?);
                }
            }
            wholes.push(whole);
        }
        let benefits = records.paid.into_iter().zip(records.year_end).zip(records.lookback);
        let limits = records.own_used.into_iter().zip(records.own_left);
        for ((((paid, year_end), lookback), (used, left)), whole) in benefits.zip(limits).zip(wholes) {
            columns.extend(whole);
            columns.push(decimal(paid.into(), None)?);
            columns.push(decimal(year_end.into(), None)?);
            columns.push(decimal(lookback.into(), None)?);
            columns.push(decimal(used.into(), None)?);
            columns.push(optional(&left)?);
        }
        for (used, left) in records.shared_used.into_iter().zip(records.shared_left) {
            columns.push(decimal(used.into(), None)?);
            columns.push(optional(&left)?);
        }
        for (sums, warned) in records.warning_sums.into_iter().zip(records.warnings) {
            columns.push(optional(&sums)?);
            columns.push(Arc::new(BooleanArray::from(warned)));
        }
        RecordBatch::try_new(self.years.clone(), columns)
    }
}

fn year_schema(program: &Program, layout: &Layout, input: &Schema) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = input.fields().get(layout.person).cloned().into_iter().collect();
    let mut field = |name: String, kind: DataType, nulls: bool| {
        fields.push(Arc::new(Field::new(name, kind, nulls)));
    };
    field("benefit_year".into(), DataType::Int16, false);
    field("application".into(), DataType::Date32, true);
    for (at, benefit) in program.benefits().iter().enumerate() {
        if let Some((code, _)) = whole_at(program, at) {
            field(code.to_owned(), amount(), false);
            field(format!("{code}.year_end"), amount(), false);
            field(format!("{code}.lookback"), amount(), false);
        }
        field(benefit.code.clone(), amount(), false);
        field(format!("{}.year_end", benefit.code), amount(), false);
        field(format!("{}.lookback", benefit.code), amount(), false);
        field(format!("{}.limit_used", benefit.code), amount(), false);
        field(format!("{}.limit_left", benefit.code), amount(), true);
    }
    for limit in program.limits() {
        field(format!("{}.used", limit.name), amount(), false);
        field(format!("{}.left", limit.name), amount(), true);
    }
    for warning in program.warnings() {
        field(format!("{}.sum", warning.code), amount(), true);
        field(format!("{}.warned", warning.code), DataType::Boolean, false);
    }
    Arc::new(Schema::new(fields))
}

/// The benefit whose classes begin at a position: its code, and where they end.
fn whole_at(program: &Program, at: usize) -> Option<(&str, usize)> {
    let mut choices = program.choices().iter();
    let choice = choices.find(|choice| choice.benefits.first() == Some(&at))?;
    let code = choice.whole.as_ref()?.code.as_str();
    Some((code, at.checked_add(choice.benefits.len())?))
}

/// What the classes of a benefit are paid together, row by row.
fn together(classes: &[Vec<i64>]) -> Result<Vec<i64>, ArrowError> {
    let (first, others) = classes.split_first().ok_or_else(missing)?;
    let mut sums = first.clone();
    for paid in others {
        for (sum, paid) in sums.iter_mut().zip(paid) {
            *sum = sum
                .checked_add(*paid)
                .ok_or_else(|| ArrowError::ArithmeticOverflow("a benefit's classes together".into()))?;
        }
    }
    Ok(sums)
}

/// A column of what the program tells of payees.
fn paying(results: &mut Results, at: usize) -> Result<Vec<i64>, ArrowError> {
    results.paying.get_mut(at).map(core::mem::take).ok_or_else(missing)
}

/// The last day for paying, none where there is none.
fn due_by(days: Vec<i64>) -> ArrayRef {
    let due: Date32Array = days
        .into_iter()
        .map(|day| i32::try_from(day).ok().filter(|day| *day != NO_DAY))
        .collect();
    Arc::new(due)
}

fn missing() -> ArrowError {
    ArrowError::SchemaError("a result column is missing".into())
}

/// Which of up to 64 rows have a standing: the signs of eight bytes at a time, gathered into eight bits by a
/// multiplication that brings each to its own place in the highest byte.
#[inline(always)]
fn held(standings: &[i8]) -> u64 {
    const SIGNS: u64 = 0x8080_8080_8080_8080;
    const GATHER: u64 = 0x0002_0408_1020_4081;
    let (eights, rest) = standings.as_chunks::<8>();
    let mut word = 0;
    for (eight, place) in eights.iter().zip(0_u32..) {
        let bytes = u64::from_le_bytes(eight.map(i8::cast_unsigned));
        let bits = (!bytes & SIGNS).wrapping_mul(GATHER).wrapping_shr(56);
        word |= bits.wrapping_shl(place.wrapping_mul(8));
    }
    let start = u32::try_from(eights.len()).unwrap_or(0).wrapping_mul(8);
    for (&class, place) in rest.iter().zip(start..) {
        word |= u64::from(class >= 0).wrapping_shl(place);
    }
    word
}

/// Yuan of fen: the same numbers.
fn decimal(fen: ScalarBuffer<i64>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    let array = Decimal64Array::try_new(fen, nulls)?.with_precision_and_scale(DIGITS, DECIMALS)?;
    Ok(Arc::new(array))
}

/// Yuan of fen, null where there are none.
pub(crate) fn optional(fen: &[Option<i64>]) -> Result<ArrayRef, ArrowError> {
    let nulls = NullBuffer::from_iter(fen.iter().map(Option::is_some));
    decimal(fen.iter().map(|fen| fen.unwrap_or(0)).collect(), Some(nulls))
}

/// A result column, lent; another takes its place.
fn amounts(
    values: &mut Vec<i64>,
    kept: Option<&[usize]>,
    rows: usize,
    lending: &mut Lending,
) -> Result<ArrayRef, ArrowError> {
    let column = core::mem::replace(values, lending.amounts.take());
    decimal(lending.amounts.lend(spread(column, kept, rows, 0)), None)
}

/// A column of the rows kept, as a column of all rows.
fn spread<T: Copy>(values: Vec<T>, kept: Option<&[usize]>, rows: usize, fill: T) -> Vec<T> {
    let Some(kept) = kept else { return values };
    let mut spread = vec![fill; rows];
    for (&row, value) in kept.iter().zip(values) {
        if let Some(place) = spread.get_mut(row) {
            *place = value;
        }
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_with_a_standing_is_marked() {
        for rows in 0..64_i32 {
            let standings: Vec<i8> = (0..rows)
                .map(|row| [-1, 0, 3, 126, -128][usize::try_from(row * row % 5).unwrap()])
                .collect();
            let expected = standings
                .iter()
                .enumerate()
                .fold(0, |w, (n, c)| w | (u64::from(*c >= 0) << n));
            assert_eq!(held(&standings), expected);
        }
    }
}
