//! Rows of the enrolment table come in, premium subsidies and measures go out.

use crate::batch::{Column, EnrolmentBatch};
use crate::check;
use crate::error::EngineError;
use crate::ops::{self, Scene};
use crate::prepared::Prepared;

struct AtRow<'a> {
    batch: &'a EnrolmentBatch<'a>,
    row: usize,
    day: i32,
}

impl Scene for AtRow<'_> {
    fn input(&self, input: usize) -> i64 {
        match self.batch.inputs.get(input) {
            Some(Column::Constant(value)) => *value,
            Some(Column::Values(values)) => values.get(self.row).copied().unwrap_or(0),
            None => 0,
        }
    }

    fn day(&self) -> i32 {
        self.day
    }

    fn held(&self) -> i64 {
        self.batch.held.get(self.row).copied().unwrap_or(0)
    }
}

/// Fill `subsidies[s][row]`, the subsidies and then the measures.
pub(crate) fn subsidies(
    prepared: &Prepared,
    batch: &EnrolmentBatch<'_>,
    subsidies: &mut Vec<Vec<Option<i64>>>,
) -> Result<(), EngineError> {
    let program = &prepared.program;
    let rows = batch.days.len();
    check::columns(program, batch.inputs, rows, true)?;
    if batch.held.len() != rows {
        return Err(EngineError::Shape("not an identity mask for each row".into()));
    }
    let known = program.known_until().enrolment.unwrap_or(i32::MAX);
    let measures = program.enrolment_measures();
    let shown = program.subsidies().len().saturating_add(measures.len());
    subsidies.resize_with(shown, Vec::new);
    for column in subsidies.iter_mut() {
        column.clear();
        column.reserve(rows);
    }
    let mut registers = vec![0; prepared.enrolment.registers];
    for (row, day) in batch.days.iter().copied().enumerate() {
        if day > known {
            for column in subsidies.iter_mut() {
                column.push(None);
            }
            continue;
        }
        let scene = AtRow { batch, row, day };
        for (at, op) in prepared.enrolment.ops.iter().enumerate() {
            let value = ops::value(op, &registers, &prepared.lists, &scene).ok_or_else(|| {
                let debug = program.enrolment().debug.get(at);
                let what = debug.map_or_else(String::new, |debug| debug.label.clone());
                EngineError::Overflow { row: Some(row), what }
            })?;
            if let Some(place) = op.defines().and_then(|d| registers.get_mut(d)) {
                *place = value;
            }
        }
        let out = program.enrolment_out().iter().copied();
        let out = out.chain(measures.iter().map(|measure| measure.register));
        for (column, register) in subsidies.iter_mut().zip(out) {
            column.push(registers.get(register).copied());
        }
    }
    Ok(())
}
