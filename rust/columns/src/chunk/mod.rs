//! A batch of whole persons comes in; what the machine reads, and the rows that it must not see, go out.

mod beside;
mod cells;
mod order;
mod rejected;

use arrow_array::RecordBatch;
use arrow_buffer::ScalarBuffer;
use jiugao_engine::{Application, Batch, Column as Input, Held, Identities, Opening, Reversal};

pub(crate) use self::beside::{Beside, Cursors, Registers};
pub(crate) use self::cells::column;
use self::cells::days_of;
pub(crate) use self::rejected::{Rejected, Rejects};
use crate::layout::Layout;
use crate::opening::Opened;
use crate::person::{Persons, Rising, Runs};
use crate::refusal::Refusal;

/// Everything that the machine reads of a batch, owned or shared with the batch.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// Where persons begin among the rows that the machine sees.
    pub(crate) runs: Runs,
    pub(crate) days: ScalarBuffer<i32>,
    inputs: Vec<Values>,
    by_row: Vec<i64>,
    identities: Known,
    offsets: Vec<usize>,
    intervals: Vec<Held>,
    applications: Vec<Application>,
    reversals: Vec<Reversal>,
    /// By person who has some: what a year begins with.
    opened: Vec<(usize, Opened)>,
    /// Rows left out, rising; the machine sees the others only.
    pub(crate) rejected: Vec<Rejected>,
    /// The rows that it sees, if some are left out.
    pub(crate) kept: Option<Vec<usize>>,
    /// Where persons begin in the batch as it came, if rows are left out.
    all: Option<Runs>,
    /// How the persons' numbers rise.
    pub(crate) rising: Rising,
    marks: Vec<u64>,
}

/// Where identities come from.
#[derive(Clone, Copy, Debug, Default)]
enum Known {
    #[default]
    Nothing,
    ByRow,
    ByPerson,
}

#[derive(Clone, Debug)]
enum Values {
    Constant(i64),
    Rows(ScalarBuffer<i64>),
}

/// Where a batch stands in its stream, for messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Number of its first row, from 1.
    pub(crate) first_row: u64,
}

impl Place {
    /// The number in the stream of a row of the batch.
    pub(crate) fn row(self, row: usize) -> u64 {
        self.first_row.saturating_add(u64::try_from(row).unwrap_or(0))
    }
}

impl Chunk {
    /// The columns for the machine.
    pub(crate) fn inputs(&self) -> Vec<Input<'_>> {
        let column = |values: &'_ Values| match values {
            Values::Constant(value) => Input::Constant(*value),
            Values::Rows(_) => Input::Constant(0),
        };
        let mut inputs: Vec<Input<'_>> = self.inputs.iter().map(column).collect();
        for (input, values) in inputs.iter_mut().zip(&self.inputs) {
            if let Values::Rows(rows) = values {
                *input = Input::Values(rows);
            }
        }
        inputs
    }

    /// The batch for the machine, over `inputs`.
    pub(crate) fn batch<'a>(&'a self, inputs: &'a [Input<'a>], openings: &'a [Opening<'a>]) -> Batch<'a> {
        let identities = match self.identities {
            Known::Nothing => Identities::None,
            Known::ByRow => Identities::ByRow(&self.by_row),
            Known::ByPerson => Identities::ByPerson {
                offsets: &self.offsets,
                intervals: &self.intervals,
            },
        };
        Batch {
            persons: &self.runs.starts,
            days: &self.days,
            inputs,
            identities,
            applications: &self.applications,
            reversals: &self.reversals,
            openings,
        }
    }

    /// The opening balances for the machine.
    pub(crate) fn openings<'a>(&self, registers: &'a Registers) -> Vec<Opening<'a>> {
        let opened = self.opened.iter();
        let all = registers.openings.iter();
        all.flat_map(|openings| opened.clone().map(|(person, one)| openings.opening(*person, one)))
            .collect()
    }

    /// Where persons begin in the batch as it came.
    pub(crate) fn all_runs(&self) -> &Runs {
        self.all.as_ref().unwrap_or(&self.runs)
    }

    /// Rows that undo others, as the machine calls them.
    pub(crate) fn reversals(&self) -> &[Reversal] {
        &self.reversals
    }

    /// The row of the batch that the machine calls `row`.
    pub(crate) fn row(&self, row: usize) -> usize {
        match &self.kept {
            Some(kept) => kept.get(row).copied().unwrap_or(row),
            None => row,
        }
    }

    /// What the machine calls a row of the batch, if it sees it.
    pub(crate) fn not_left_out(&self, row: usize) -> Option<usize> {
        match &self.kept {
            Some(kept) => kept.binary_search(&row).ok(),
            None => Some(row),
        }
    }

    /// What the machine calls a row of the batch that is not rejected.
    pub(crate) fn seen(&self, row: usize) -> usize {
        self.not_left_out(row).unwrap_or(row)
    }

    /// Read a projected batch of whole persons.
    ///
    /// # Errors
    /// D904, D908, D933 for columns; D931, D937 for rows out of order.
    pub(crate) fn read(
        &mut self,
        batch: &RecordBatch,
        layout: &Layout,
        beside: Beside<'_>,
        persons: &Persons,
        cursors: &mut Cursors,
        place: Place,
    ) -> Result<(), Refusal> {
        self.clear();
        self.rising = persons.runs(&mut self.runs, days_of(batch, layout)?.map(|days| &**days));
        let mut rejects = Rejects::default();
        let times = self.read_cells(batch, layout, &mut rejects)?;
        self.read_identities(batch, layout, beside, persons, cursors, &mut rejects)?;
        let times = self.leave_out(times, rejects);
        self.check_order(batch, layout, &times, place)?;
        self.find_applications(beside, persons, cursors);
        self.find_openings(beside, persons, cursors);
        self.find_reversals(batch, layout)
    }

    /// Forget what all batches of a settlement have in common too: the next one may have other columns.
    pub(crate) fn leave(&mut self) {
        self.clear();
        self.by_row.clear();
        self.identities = Known::Nothing;
    }

    /// Forget the batch before, but not the memory.
    fn clear(&mut self) {
        self.days = ScalarBuffer::default();
        self.inputs.clear();
        self.offsets.clear();
        self.intervals.clear();
        self.applications.clear();
        self.reversals.clear();
        self.opened.clear();
        self.rejected.clear();
        self.kept = None;
        self.all = None;
    }
}
