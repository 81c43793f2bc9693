//! Results of the machine come in; record batches go out, row for row of what came in.

use std::sync::Arc;

use arrow_array::types::{Int8Type, Int16Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal64Array, DictionaryArray, Int8Array, Int16Array, RecordBatch,
    UInt8Array, UInt16Array, UInt32Array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::take::take;
use jiugao_engine::{Results, Role, Vector, YearRecords};
use jiugao_program::{NO_DAY, Program};

use crate::chunk::Chunk;
use crate::layout::Layout;
use crate::lending::Lending;
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
    handed_on: Vec<usize>,
    person: usize,
    roles: ArrayRef,
    settled: Blank,
    standings: ArrayRef,
    why: Why,
    payees: ArrayRef,
    details: bool,
}

fn amount() -> DataType {
    DataType::Decimal64(DIGITS, DECIMALS)
}

impl Output {
    /// The result columns of `program` over batches of `input`.
    pub(crate) fn of(program: &Program, layout: &Layout, input: &Schema, details: bool) -> Self {
        let handed_on = layout
            .handed_on
            .iter()
            .filter_map(|&at| input.fields().get(at).cloned());
        let mut fields: Vec<Arc<Field>> = handed_on.collect();
        let mut field = |name: &str, kind: DataType, nulls: bool| {
            fields.push(Arc::new(Field::new(name, kind, nulls)));
        };
        field("benefit_year", DataType::Int16, false);
        field("role", dictionary(DataType::Int8), false);
        field("standing", dictionary(DataType::Int8), true);
        for benefit in program.benefits() {
            field(&benefit.code, amount(), false);
        }
        field("psn_burden", amount(), false);
        field("excess", amount(), false);
        let paying = program.outputs().paying.is_some();
        if paying {
            field("payee", dictionary(DataType::Int16), true);
            field("due_by", DataType::Date32, true);
            field("payee_excess", amount(), false);
            field("outlay_replaced", amount(), false);
        }
        for (name, kind) in Why::fields() {
            field(name, kind, true);
        }
        if details {
            for benefit in program.benefits() {
                field(&format!("{}.figure", benefit.code), DataType::UInt16, false);
                field(&format!("{}.cuts", benefit.code), DataType::UInt8, false);
            }
        }
        Self {
            schema: Arc::new(Schema::new(fields)),
            years: year_schema(program, layout, input),
            handed_on: layout.handed_on.clone(),
            person: layout.person,
            roles: texts(ROLES),
            settled: Blank::of::<Int8Type>(&texts(ROLES), false),
            standings: texts(program.classes().iter().map(|class| class.name.as_str())),
            why: Why::of(layout),
            payees: texts(program.payees().iter().map(String::as_str)),
            details,
        }
    }

    /// The settled rows of `input`; the memory of the result columns is lent.
    ///
    /// # Errors
    /// Only if columns do not fit the schema, which would be a mistake here.
    pub(crate) fn rows(
        &self,
        input: &RecordBatch,
        chunk: &Chunk,
        results: &mut Results,
        lending: &mut Lending,
    ) -> Result<RecordBatch, ArrowError> {
        let rows = input.num_rows();
        let kept = chunk.kept.as_deref();
        let mut columns: Vec<ArrayRef> = self
            .handed_on
            .iter()
            .filter_map(|&at| input.columns().get(at).cloned())
            .collect();
        let years = core::mem::replace(&mut results.years, lending.years.take());
        let years = lending.years.lend(spread(years, kept, rows, 0));
        columns.push(Arc::new(Int16Array::new(years, None)));
        // Nearly all batches: nothing reversed, nothing rejected.
        let plain = kept.is_none() && results.roles.iter().all(|&role| role == Role::Settled as u8);
        let roles = if plain {
            columns.push(self.settled.of_rows(rows));
            None
        } else {
            let roles = results
                .roles
                .iter()
                .map(|&role| i8::try_from(role).unwrap_or(i8::MAX))
                .collect();
            let roles = spread(roles, kept, rows, REJECTED);
            let shown = Int8Array::from_iter_values(roles.iter().map(|&role| role.min(REJECTED)));
            columns.push(Arc::new(DictionaryArray::<Int8Type>::try_new(
                shown,
                self.roles.clone(),
            )?));
            Some(roles)
        };
        let standings = core::mem::replace(&mut results.standings, lending.classes.take());
        columns.push(self.standing(spread(standings, kept, rows, -1), lending)?);
        for paid in &mut results.benefits {
            columns.push(amounts(paid, kept, rows, lending)?);
        }
        columns.push(amounts(&mut results.burden, kept, rows, lending)?);
        columns.push(amounts(&mut results.excess, kept, rows, lending)?);
        columns.extend(self.paying(&mut results.paying, kept, rows)?);
        columns.extend(match roles {
            Some(roles) => self.why.columns(&roles, &chunk.rejected)?,
            None => self.why.nothing(rows),
        });
        if self.details {
            for details in &mut results.details {
                let figures = spread(core::mem::take(&mut details.figures), kept, rows, 0);
                columns.push(Arc::new(UInt16Array::from(figures)));
                columns.push(Arc::new(UInt8Array::from(spread(
                    core::mem::take(&mut details.cuts),
                    kept,
                    rows,
                    0,
                ))));
            }
        }
        RecordBatch::try_new(self.schema.clone(), columns)
    }

    /// Payee, last day, excess of the payee and outlay replaced; no columns where the program tells none.
    fn paying(
        &self,
        paying: &mut [Vec<i64>],
        kept: Option<&[usize]>,
        rows: usize,
    ) -> Result<Vec<ArrayRef>, ArrowError> {
        let [payee, due, beyond, replaced] = paying else {
            return Ok(Vec::new());
        };
        let payee = spread(core::mem::take(payee), kept, rows, 0);
        let payee: Int16Array = payee
            .into_iter()
            .map(|number| i16::try_from(number.checked_sub(1)?).ok().filter(|number| *number >= 0))
            .collect();
        let due = spread(core::mem::take(due), kept, rows, i64::from(NO_DAY));
        let due: Date32Array = due
            .into_iter()
            .map(|day| i32::try_from(day).ok().filter(|day| *day != NO_DAY))
            .collect();
        let [beyond, replaced] = [beyond, replaced].map(|amounts| spread(core::mem::take(amounts), kept, rows, 0));
        Ok(vec![
            Arc::new(DictionaryArray::<Int16Type>::try_new(payee, self.payees.clone())?),
            Arc::new(due),
            decimal(beyond.into(), None)?,
            decimal(replaced.into(), None)?,
        ])
    }

    fn standing(&self, mut standings: Vec<i8>, lending: &mut Lending) -> Result<ArrayRef, ArrowError> {
        let rows = standings.len();
        let (words, none) = Vector::new().run(
            #[inline(always)]
            || {
                let held = standings.chunks(64).map(held);
                (
                    held.collect::<Vec<u64>>(),
                    standings.iter().fold(0, |none, class| none | (class >> 7)),
                )
            },
        );
        let nulls = (none != 0).then(|| NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(words), 0, rows)));
        if nulls.is_some() {
            standings.iter_mut().for_each(|class| *class = (*class).max(0));
        }
        let keys = Int8Array::new(lending.classes.lend(standings), nulls);
        Ok(Arc::new(DictionaryArray::<Int8Type>::try_new(
            keys,
            self.standings.clone(),
        )?))
    }

    /// The accounts of a batch.
    ///
    /// # Errors
    /// As [`Output::rows`].
    pub(crate) fn accounts(
        &self,
        input: &RecordBatch,
        chunk: &Chunk,
        records: YearRecords,
    ) -> Result<RecordBatch, ArrowError> {
        let first_row = |person: u32| {
            let start = usize::try_from(person)
                .ok()
                .and_then(|person| chunk.runs.starts.get(person).copied());
            u32::try_from(chunk.row(start.unwrap_or(0))).unwrap_or(0)
        };
        // Where every row of a batch was rejected there are no accounts, and no columns either.
        if records.accounts.is_empty() {
            return Ok(RecordBatch::new_empty(self.years.clone()));
        }
        let persons = UInt32Array::from_iter_values(records.accounts.iter().map(|account| first_row(account.person)));
        let person = input.columns().get(self.person);
        let person = person.ok_or_else(|| ArrowError::SchemaError("no person".into()))?;
        let years = Int16Array::from_iter_values(records.accounts.iter().map(|account| account.year));
        let applications = Date32Array::from_iter(records.accounts.iter().map(|account| account.application));
        let mut columns: Vec<ArrayRef> = vec![take(person, &persons, None)?, Arc::new(years), Arc::new(applications)];
        let benefits = records.paid.into_iter().zip(records.year_end).zip(records.lookback);
        let limits = records.own_used.into_iter().zip(records.own_left);
        for (((paid, year_end), lookback), (used, left)) in benefits.zip(limits) {
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
    for benefit in program.benefits() {
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

/// Which of up to 64 rows have a standing.
#[inline(always)]
fn held(standings: &[i8]) -> u64 {
    let rows = standings.iter().zip(0_u32..64);
    rows.fold(0, |bits, (&class, row)| bits | u64::from(class >= 0).wrapping_shl(row))
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
