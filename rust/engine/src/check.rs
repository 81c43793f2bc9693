//! A batch comes in; an error goes out where it is not of the shape that [`Batch`] describes.

use jiugao_program::isa::Kind;
use jiugao_program::{InputTable, Program};

use crate::batch::{Batch, Column, Identities};
use crate::error::EngineError;
use crate::opening::{Opening, accumulators};

fn wrong<T>(cause: impl Into<String>) -> Result<T, EngineError> {
    Err(EngineError::Shape(cause.into()))
}

/// Check lengths, offsets and order. What the values are is checked as they are read.
pub(crate) fn batch(program: &Program, batch: &Batch<'_>) -> Result<(), EngineError> {
    let rows = batch.days.len();
    let (Some(0), Some(last)) = (batch.persons.first().copied(), batch.persons.last().copied()) else {
        return wrong("the persons' rows do not begin with row 0");
    };
    if last != rows || !batch.persons.is_sorted() {
        return wrong("the persons' rows are not in order up to the number of rows");
    }
    if u32::try_from(batch.people()).is_err() {
        return wrong("more than 2^32 persons in a batch");
    }
    columns(program, batch.inputs, rows, false)?;
    match batch.identities {
        Identities::None => {}
        Identities::ByRow(masks) if masks.len() == rows => {}
        Identities::ByRow(_) => return wrong("not an identity mask for each row"),
        Identities::ByPerson { offsets, intervals } => {
            if offsets.len() != batch.persons.len()
                || !offsets.is_sorted()
                || offsets.last().copied() != Some(intervals.len())
            {
                return wrong("the offsets of identities do not fit the persons");
            }
        }
    }
    let people = batch.people();
    if !batch.applications.is_sorted_by_key(|a| (a.person, a.day))
        || batch.applications.last().is_some_and(|a| a.person >= people)
    {
        return wrong("the applications are not in order of persons and days");
    }
    if !batch.reversals.is_sorted_by(|a, b| a.row < b.row) || batch.reversals.last().is_some_and(|r| r.row >= rows) {
        return wrong("the reversals are not in order of rows");
    }
    openings(program, batch)
}

/// Check the order of opening balances, and that what they name is there.
fn openings(program: &Program, batch: &Batch<'_>) -> Result<(), EngineError> {
    let people = batch.people();
    let key = |opening: &Opening<'_>| (opening.person, opening.year);
    if !batch.openings.is_sorted_by(|a, b| key(a) < key(b))
        || batch.openings.last().is_some_and(|opening| opening.person >= people)
    {
        return wrong("the opening balances are not in order of persons and years");
    }
    if batch.openings.is_empty() {
        return Ok(());
    }
    let known = u32::try_from(accumulators(program).len()).unwrap_or(u32::MAX);
    let unknown = |opening: &Opening<'_>| opening.amounts.iter().any(|(at, _)| *at >= known);
    if batch.openings.iter().any(unknown) {
        return wrong("an opening balance of something that does not accumulate");
    }
    Ok(())
}

/// Check that there is a column for each input, as long as the table, with values that its kind has.
pub(crate) fn columns(
    program: &Program,
    columns: &[Column<'_>],
    rows: usize,
    enrolment: bool,
) -> Result<(), EngineError> {
    if columns.len() != program.inputs().len() {
        return wrong(format!(
            "{} columns for {} inputs",
            columns.len(),
            program.inputs().len()
        ));
    }
    for (n, (input, column)) in program.inputs().iter().zip(columns).enumerate() {
        if (input.table == InputTable::Enrolment) != enrolment || n == program.day_input() {
            continue;
        }
        let codes = i64::try_from(input.codes.len()).unwrap_or(i64::MAX);
        let (bounded, range) = match input.register() {
            Some(Kind::Flag) => (true, 0..=1),
            Some(Kind::Code) => (true, -1..=codes.saturating_sub(1)),
            _ => (false, i64::MIN..=i64::MAX),
        };
        match column {
            Column::Constant(value) if range.contains(value) => {}
            Column::Values(values) if values.len() == rows => {
                if bounded && let Some(row) = values.iter().position(|value| !range.contains(value)) {
                    return wrong(format!("row {row}: a value of {} that it cannot have", input.column));
                }
            }
            Column::Constant(_) => {
                return wrong(format!("a value of {} that it cannot have", input.column));
            }
            Column::Values(_) => return wrong(format!("{} is not as long as the table", input.column)),
        }
    }
    Ok(())
}
