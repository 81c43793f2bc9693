//! A few whole persons come in; every step of one of their rows goes out.

use std::sync::Arc;

use arrow_select::concat::concat_batches;
use jiugao_engine::Trace;
use jiugao_program::Program;

use crate::chunk::{Chunk, Cursors, Place};
use crate::layout::{Layout, Naming};
use crate::people::Batches;
use crate::person::Persons;
use crate::refusal::Refusal;
use crate::settlement::PersonTables;
use crate::settling::refusal;
use crate::why::role_code;

/// Every step of one row (from 0) of `claims`; its row number is that of the stream.
///
/// # Errors
/// As [`crate::settle`]; D922 for a row that is not there, D940 for one that is rejected for a bad cell.
pub fn trace(
    program: &Arc<Program>,
    claims: Batches,
    persons: PersonTables,
    naming: &Naming,
    row: usize,
) -> Result<Trace, Refusal> {
    let stream = |error: &dyn ToString| Refusal::stream("@claims", error.to_string());
    let schema = claims.schema();
    let layout = Layout::of_claims(program, &schema, naming)?;
    let batches: Result<Vec<_>, _> = claims.collect();
    let whole = concat_batches(&schema, &batches.map_err(|error| stream(&error))?).map_err(|error| stream(&error))?;
    let batch = whole.project(&layout.projection).map_err(|error| stream(&error))?;
    let column = batch.columns().get(layout.person).ok_or_else(|| stream(&"no person"))?;
    let numbers = column.data_type().is_integer();
    let registers = persons.registers(program, numbers)?;
    let place = Place { first_row: 1 };
    let keys = Persons::of(column, "@claims", "psn_no", place.first_row)?;
    let mut chunk = Chunk::default();
    chunk.read(
        &batch,
        &layout,
        registers.beside(None),
        &keys,
        &mut Cursors::default(),
        place,
    )?;
    if row >= batch.num_rows() {
        return Err(Refusal::data("D922", [("name", row.to_string())]));
    }
    if let Some(rejected) = chunk.rejected.iter().find(|rejected| rejected.row == row) {
        let arguments = [
            ("row", place.row(row).to_string()),
            ("reason", rejected.reason.code().to_owned()),
        ];
        return Err(Refusal::data("D940", arguments));
    }
    let seen = chunk.seen(row);
    let inputs = chunk.inputs();
    let openings = chunk.openings(&registers);
    let trace = jiugao_engine::trace(program, &chunk.batch(&inputs, &openings), seen);
    let mut trace = trace.map_err(|error| refusal(error, &batch, &layout, &chunk, place))?;
    trace.row = row;
    trace.reject = role_code(trace.outcome);
    Ok(trace)
}
