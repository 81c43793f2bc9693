//! Rows that the machine must not see: found while a batch is read, then taken out of everything.

use super::{Chunk, Values};
use crate::cell::Reason;
use crate::neighbours::mark_rows;
use crate::person::Runs;
use crate::reading::Cells;
use crate::times::Times;

/// A row that the machine must not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rejected {
    /// The row of the batch.
    pub(crate) row: usize,
    /// Why.
    pub(crate) reason: Reason,
    /// The input whose cell is bad; none for the day or for the person.
    pub(crate) input: Option<usize>,
}

/// Rows with something wrong, as they are found.
#[derive(Debug, Default)]
pub(crate) struct Rejects(pub(crate) Vec<Rejected>);

impl Rejects {
    pub(super) fn extend(&mut self, cells: &Cells, input: Option<usize>) {
        let rejected = cells.findings.iter().map(|f| Rejected {
            row: f.row,
            reason: f.reason,
            input,
        });
        self.0.extend(rejected);
    }
}

impl Chunk {
    /// Take the rejected rows out of everything; the times of the rows that stay.
    pub(super) fn leave_out(&mut self, times: Times, mut rejects: Rejects) -> Times {
        if rejects.0.is_empty() {
            return times;
        }
        rejects.0.sort_by_key(|rejected| (rejected.row, rejected.input));
        rejects.0.dedup_by_key(|rejected| rejected.row);
        self.rejected = rejects.0;
        let mut out = self.rejected.iter().map(|rejected| rejected.row).peekable();
        let kept: Vec<usize> = (0..self.days.len())
            .filter(|row| out.next_if_eq(row).is_none())
            .collect();

        let days = gather(&self.days, &kept);
        self.days = days.into();
        for values in &mut self.inputs {
            if let Values::Rows(rows) = values {
                *rows = gather(rows, &kept).into();
            }
        }
        if !self.by_row.is_empty() {
            self.by_row = gather(&self.by_row, &kept);
        }
        // Persons of whom nothing is left are left out too.
        let mut starts = vec![0];
        let mut offsets = vec![0];
        let mut intervals = Vec::new();
        let mut row = 0_usize;
        for (person, (_, end)) in self.runs.ranges().enumerate() {
            let first = row;
            while kept.get(row).is_some_and(|&row| row < end) {
                row = row.saturating_add(1);
            }
            if row > first {
                starts.push(row);
                let mine = self.offsets.get(person).zip(self.offsets.get(person.saturating_add(1)));
                let mine = mine.and_then(|(&start, &end)| self.intervals.get(start..end));
                intervals.extend_from_slice(mine.unwrap_or(&[]));
                offsets.push(intervals.len());
            }
        }
        let mut begins = Vec::new();
        mark_rows(starts.iter().copied(), kept.len(), &mut begins);
        self.all = Some(core::mem::replace(
            &mut self.runs,
            Runs {
                starts,
                begins,
                days_fall: None,
            },
        ));
        if !self.offsets.is_empty() {
            self.offsets = offsets;
            self.intervals = intervals;
        }
        let times = match times {
            Times::Days(_) => Times::Days(self.days.clone()),
            Times::Micros(micros) => Times::Micros(gather(&micros, &kept).into()),
        };
        self.kept = Some(kept);
        times
    }
}

fn gather<T: Copy + Default>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter()
        .map(|&row| values.get(row).copied().unwrap_or_default())
        .collect()
}
