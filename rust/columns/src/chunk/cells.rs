//! The cells of a batch, typed: days, and the columns that the program reads.

use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, PrimitiveArray, RecordBatch};
use arrow_buffer::ScalarBuffer;

use super::{Chunk, Rejects, Values};
use crate::cell::DAY;
use crate::layout::{Layout, Source};
use crate::refusal::Refusal;
use crate::times::Times;

impl Chunk {
    /// Type the days and the columns of inputs; what cannot be read is rejected.
    ///
    /// # Errors
    /// D904, D908, D933 for columns.
    pub(crate) fn read_cells(
        &mut self,
        batch: &RecordBatch,
        layout: &Layout,
        rejects: &mut Rejects,
    ) -> Result<Times, Refusal> {
        let array = column(batch, layout.day)?;
        let times = match days_of(batch, layout)? {
            Some(days) => Times::Days(days.clone()),
            None => {
                let mut cells = layout.time.read(array)?;
                if let Some((at, reading)) = &layout.day_else
                    && !cells.findings.is_empty()
                {
                    cells = cells.blanks_from(&reading.read(column(batch, *at)?)?);
                }
                rejects.extend(&cells, None);
                Times::Micros(cells.values)
            }
        };
        self.days = match &times {
            Times::Days(days) => days.clone(),
            Times::Micros(micros) => {
                let day = |&time: &i64| i32::try_from(time.div_euclid(DAY)).unwrap_or(i32::MAX);
                micros.iter().map(day).collect()
            }
        };
        for (input, source) in layout.inputs.iter().enumerate() {
            self.inputs.push(match source {
                Source::Constant(value) => Values::Constant(*value),
                Source::Column(at, reading) => {
                    let cells = reading.read(column(batch, *at)?)?;
                    rejects.extend(&cells, Some(input));
                    Values::Rows(cells.values)
                }
            });
        }
        Ok(times)
    }
}

/// A column of a projected batch.
pub(crate) fn column(batch: &RecordBatch, at: usize) -> Result<&dyn Array, Refusal> {
    let column = batch.columns().get(at);
    let column = column.ok_or_else(|| Refusal::stream("@claims", "a batch lacks a column"))?;
    Ok(column.as_ref())
}

/// The days of a batch, where its column holds nothing else.
pub(super) fn days_of<'b>(batch: &'b RecordBatch, layout: &Layout) -> Result<Option<&'b ScalarBuffer<i32>>, Refusal> {
    let days = column(batch, layout.day)?.as_primitive_opt::<Date32Type>();
    Ok(days.filter(|days| days.null_count() == 0).map(PrimitiveArray::values))
}
