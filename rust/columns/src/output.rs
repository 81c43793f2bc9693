//! Results of the machine come in; record batches go out, row for row of what came in.

use std::sync::Arc;

use arrow_array::types::{ArrowDictionaryKeyType, Int8Type, Int16Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal64Array, DictionaryArray, Int8Array, Int16Array, PrimitiveArray,
    RecordBatch, StringArray, UInt8Array, UInt16Array, UInt32Array, new_null_array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::take::take;
use jiugao_engine::{Results, Role, Vector, YearRecords};
use jiugao_program::Program;

use crate::cell::Reason;
use crate::chunk::{Chunk, Rejected};
use crate::layout::{Layout, Source};
use crate::lending::Lending;

/// Codes of rejected rows, bad cells first, in the order of [`Reason`] and then of [`Role`].
const CODES: [&str; 14] = [
    "D951", "D952", "D953", "D954", "D955", "D956", "D957", "D961", "D966", "D967", "D969", "D968", "D974", "D975",
];
/// Where the codes of roles begin.
const FIRST_ROLE: i8 = 8;
/// The last of [`ROLES`].
const REJECTED: i8 = 3;
const ROLES: [&str; 4] = ["settled", "reversed", "reversal", "rejected"];

/// The code of a role of the machine, if it is one of rejection.
pub(crate) fn role_code(role: u8) -> Option<&'static str> {
    let place = role.checked_sub(Role::OutsideForce as u8)?;
    let place = usize::from(place).checked_add(usize::try_from(FIRST_ROLE).ok()?)?;
    CODES.get(place).copied()
}

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
    details: bool,
}

fn dictionary(key: DataType) -> DataType {
    DataType::Dictionary(key.into(), DataType::Utf8.into())
}

fn amount() -> DataType {
    DataType::Decimal64(DIGITS, DECIMALS)
}

fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
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

/// A dictionary column that is the same in every row, made once: its first entry, or null.
#[derive(Clone, Debug)]
struct Blank {
    long: ArrayRef,
    make: fn(&ArrayRef, bool, usize) -> ArrayRef,
    entries: ArrayRef,
    null: bool,
}

/// Rows of a batch, at most, as a rule (see `crate::cutting`).
const ROWS: usize = 1 << 17;

impl Blank {
    fn of<K: ArrowDictionaryKeyType>(entries: &ArrayRef, null: bool) -> Self {
        fn make<K: ArrowDictionaryKeyType>(entries: &ArrayRef, null: bool, rows: usize) -> ArrayRef {
            let keys = if null {
                PrimitiveArray::<K>::new_null(rows)
            } else {
                PrimitiveArray::<K>::from_value(K::Native::default(), rows)
            };
            match DictionaryArray::<K>::try_new(keys, entries.clone()) {
                Ok(column) => Arc::new(column),
                // Only without entries, and then there is nothing that could be settled.
                Err(_) => new_null_array(entries.data_type(), rows),
            }
        }
        Self {
            long: make::<K>(entries, null, ROWS),
            make: make::<K>,
            entries: entries.clone(),
            null,
        }
    }

    fn of_rows(&self, rows: usize) -> ArrayRef {
        if rows <= ROWS {
            self.long.slice(0, rows)
        } else {
            (self.make)(&self.entries, self.null, rows)
        }
    }
}

/// Why rows are rejected: a code, and the column of the bad cell.
#[derive(Clone, Debug)]
pub(crate) struct Why {
    codes: ArrayRef,
    columns: ArrayRef,
    no_code: Blank,
    no_column: Blank,
}

impl Why {
    /// For the columns of a stream.
    pub(crate) fn of(layout: &Layout) -> Self {
        let inputs = layout.inputs.iter().map(|source| match source {
            Source::Constant(_) => "",
            Source::Column(_, column) => &column.name,
        });
        let codes = texts(CODES);
        let columns = texts(inputs.chain([layout.time.name.as_str()]));
        Self {
            no_code: Blank::of::<Int8Type>(&codes, true),
            no_column: Blank::of::<Int16Type>(&columns, true),
            codes,
            columns,
        }
    }

    /// Names and types of its columns.
    pub(crate) fn fields() -> [(&'static str, DataType); 2] {
        [
            ("reject", dictionary(DataType::Int8)),
            ("reject_column", dictionary(DataType::Int16)),
        ]
    }

    /// Its columns where nothing is rejected.
    pub(crate) fn nothing(&self, rows: usize) -> [ArrayRef; 2] {
        [self.no_code.of_rows(rows), self.no_column.of_rows(rows)]
    }

    /// Its columns for rows of these roles, those `rejected` for a bad cell among them.
    pub(crate) fn columns(&self, roles: &[i8], rejected: &[Rejected]) -> Result<[ArrayRef; 2], ArrowError> {
        let rows = roles.len();
        let mut codes = Int8Array::new_null(rows);
        let mut names = Int16Array::new_null(rows);
        if roles.iter().any(|&role| role >= 3) {
            let mut by_cell: Vec<(Option<i8>, Option<i16>)> = vec![(None, None); rows];
            for rejected in rejected {
                if let Some(cell) = by_cell.get_mut(rejected.row) {
                    *cell = (Some(reason_place(rejected.reason)), self.column_place(*rejected));
                }
            }
            let first_rejected = i8::try_from(Role::OutsideForce as u8).unwrap_or(3);
            let by_role = |role: i8| {
                let place = role.saturating_sub(first_rejected).saturating_add(FIRST_ROLE);
                (role >= first_rejected).then_some(place)
            };
            codes = by_cell
                .iter()
                .zip(roles)
                .map(|((code, _), &role)| code.or_else(|| by_role(role)))
                .collect();
            names = by_cell.iter().map(|(_, name)| *name).collect();
        }
        Ok([
            Arc::new(DictionaryArray::<Int8Type>::try_new(codes, self.codes.clone())?),
            Arc::new(DictionaryArray::<Int16Type>::try_new(names, self.columns.clone())?),
        ])
    }

    fn column_place(&self, rejected: Rejected) -> Option<i16> {
        let day = self.columns.len().saturating_sub(1);
        match (rejected.input, rejected.reason) {
            (Some(input), _) => i16::try_from(input).ok(),
            (None, Reason::PersonInterval) => None,
            (None, _) => i16::try_from(day).ok(),
        }
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

fn reason_place(reason: Reason) -> i8 {
    let place = CODES.iter().position(|&code| code == reason.code());
    place.and_then(|place| i8::try_from(place).ok()).unwrap_or(0)
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
