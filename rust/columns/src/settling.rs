//! Batches of whole persons come in, settled batches go out: what one thread does.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use jiugao_engine::EngineError;

use crate::chunk::{Chunk, Cursors, Place, Registers};
use crate::desk::Desk;
use crate::feed::Task;
use crate::layout::Layout;
use crate::names::claim_name;
use crate::opening::numbers_of;
use crate::output::Output;
use crate::person::{OwnKey, Persons};
use crate::refusal::Refusal;
use crate::totals::{Totals, plain};
use crate::wide::widened;

/// What all threads read.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) layout: Layout,
    pub(crate) registers: Registers,
    pub(crate) output: Output,
    /// Schemas of rows and accounts, if amounts are to be 128-bit decimals.
    pub(crate) wide: Option<(SchemaRef, SchemaRef)>,
    /// Whether accounts are wanted.
    pub(crate) records: bool,
}

/// One batch, done.
#[derive(Debug)]
pub(crate) struct Settled {
    /// The settled rows.
    pub(crate) rows: RecordBatch,
    /// The accounts, if wanted.
    pub(crate) years: Option<RecordBatch>,
    /// What they accumulated, if wanted.
    pub(crate) accumulated: Option<RecordBatch>,
    /// Counts and sums.
    pub(crate) totals: Totals,
    /// Where each person begins, in the batch as it came.
    pub(crate) starts: Starts,
}

/// Where persons begin: all of them only where their numbers do not just rise.
#[derive(Debug)]
pub(crate) enum Starts {
    /// Rising: any row of the first and of the last, and whether they rise by length too.
    Rising(usize, usize, bool),
    /// Every first row.
    Any(Vec<usize>),
}

impl Starts {
    fn of(chunk: &Chunk) -> Self {
        match chunk.all_runs().starts.as_slice() {
            [first, .., last, _] if chunk.rising.bytes => Self::Rising(*first, *last, chunk.rising.lengths),
            [firsts @ .., _] => Self::Any(firsts.to_vec()),
            [] => Self::Any(Vec::new()),
        }
    }
}

/// One thread's work, at a desk.
#[derive(Debug)]
pub(crate) struct Settler {
    work: Arc<Work>,
    desk: Desk,
    cursors: Cursors,
}

impl Settler {
    /// A settler that works at `desk`.
    pub(crate) fn new(work: Arc<Work>, desk: Desk) -> Self {
        Self {
            work,
            desk,
            cursors: Cursors::default(),
        }
    }

    /// What it worked at, once nothing is left to settle.
    pub(crate) fn end(self) -> Desk {
        self.desk
    }

    /// Settle one batch.
    ///
    /// # Errors
    /// What is wrong with its columns or their order; an amount that does not fit.
    pub(crate) fn settle(&mut self, task: &Task) -> Result<Settled, Refusal> {
        let Task {
            batch: input,
            place,
            people,
        } = task;
        let place = *place;
        let Work {
            layout,
            registers,
            output,
            wide,
            records,
        } = &*self.work;
        let column = input.columns().get(layout.person);
        let column = column.ok_or_else(|| Refusal::stream("@claims", "a batch lacks a column"))?;
        let persons = Persons::of(column, "@claims", "psn_no", place.first_row)?;
        if people.is_some() {
            self.cursors.other_people();
        }
        let Desk {
            machine,
            results,
            lending,
            chunk,
        } = &mut self.desk;
        let beside = registers.beside(people.as_ref());
        chunk.read(input, layout, beside, &persons, &mut self.cursors, place)?;
        let inputs = chunk.inputs();
        let openings = chunk.openings(registers);
        let settled = machine.settle(&chunk.batch(&inputs, &openings), results);
        drop(inputs);
        settled.map_err(|error| refusal(error, input, layout, chunk, place))?;

        let plain = plain(&results.roles);
        let mut totals = Totals::of(
            results,
            machine.sums(),
            input.num_rows(),
            chunk.all_runs().persons(),
            plain,
        );
        totals.sum_up(input, &layout.summed, chunk, &results.roles, plain)?;
        let mistake = |error| Refusal::stream("@claims", error);
        let mut accumulated = None;
        let years = if *records {
            let records = core::mem::take(&mut results.records);
            let first_row = |person: u32| {
                let start = usize::try_from(person)
                    .ok()
                    .and_then(|person| chunk.runs.starts.get(person).copied());
                u32::try_from(chunk.row(start.unwrap_or(0))).unwrap_or(0)
            };
            if !records.totals.is_empty() {
                accumulated = Some(output.written.batch(column, first_row, &records).map_err(mistake)?);
            }
            Some(output.accounts(column, first_row, records).map_err(mistake)?)
        } else {
            None
        };
        let rows = output.rows(input, chunk, results, lending, plain).map_err(mistake)?;
        let (rows, years) = match wide {
            Some((wide_rows, wide_years)) => (
                widened(&rows, wide_rows).map_err(mistake)?,
                years
                    .map(|years| widened(&years, wide_years))
                    .transpose()
                    .map_err(mistake)?,
            ),
            None => (rows, years),
        };
        Ok(Settled {
            rows,
            years,
            accumulated,
            totals,
            starts: Starts::of(chunk),
        })
    }

    /// The accounts of persons who have opening balances and no claims.
    ///
    /// # Errors
    /// As [`Settler::settle`]; D908 for numbers of a type of which no column can be made.
    pub(crate) fn without_claims(&mut self, kind: &DataType, keys: &[OwnKey]) -> Result<Settled, Refusal> {
        let Work {
            registers,
            output,
            wide,
            layout,
            ..
        } = &*self.work;
        let column = numbers_of(kind, keys)?;
        let persons = Persons::of(&column, "@opening", "psn_no", 1)?;
        let Desk {
            machine,
            results,
            chunk,
            ..
        } = &mut self.desk;
        chunk.read_persons(&persons, layout.inputs.len(), registers);
        let inputs = chunk.inputs();
        let openings = chunk.openings(registers);
        let settled = machine.settle(&chunk.batch(&inputs, &openings), results);
        drop(inputs);
        settled.map_err(|error| Refusal::engine(error, None, ""))?;
        let totals = Totals::of(results, machine.sums(), 0, 0, true);
        let mistake = |error| Refusal::stream("@opening", error);
        let records = core::mem::take(&mut results.records);
        let accumulated = (!records.totals.is_empty())
            .then(|| output.written.batch(&column, |person| person, &records))
            .transpose()
            .map_err(mistake)?;
        let mut years = output.accounts(&column, |person| person, records).map_err(mistake)?;
        let mut rows = RecordBatch::new_empty(output.schema.clone());
        if let Some((wide_rows, wide_years)) = wide {
            years = widened(&years, wide_years).map_err(mistake)?;
            rows = RecordBatch::new_empty(wide_rows.clone());
        }
        Ok(Settled {
            rows,
            years: Some(years),
            accumulated,
            totals,
            starts: Starts::Any(Vec::new()),
        })
    }
}

/// What the machine could not do, with the claim named.
pub(crate) fn refusal(
    error: EngineError,
    input: &RecordBatch,
    layout: &Layout,
    chunk: &Chunk,
    place: Place,
) -> Refusal {
    let row = match &error {
        EngineError::Overflow { row, .. } => row.map(|row| chunk.row(row)),
        EngineError::Shape(_) => None,
    };
    let claim = row.map(|row| claim_name(input, layout, row)).unwrap_or_default();
    Refusal::engine(error, row.map(|row| place.row(row)), &claim)
}
