//! The accounts of persons' years.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Int16Array, RecordBatch, UInt32Array};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::take::take;
use jiugao_engine::YearRecords;
use jiugao_program::Program;

use super::amounts::{amount, decimal, optional, together};
use super::{Output, missing, whole_at};
use crate::layout::Layout;

impl Output {
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

pub(super) fn year_schema(program: &Program, layout: &Layout, input: &Schema) -> SchemaRef {
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
