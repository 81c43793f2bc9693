//! A batch of whole persons comes in; what the machine reads, and the rows that it must not see, go out.

use std::borrow::Cow;
use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, PrimitiveArray, RecordBatch};
use arrow_buffer::ScalarBuffer;
use jiugao_engine::{Application, Batch, Column as Input, Held, Identities, Opening, Reversal};

use crate::cell::{DAY, Reason};
use crate::layout::{Layout, Source};
use crate::names::{Names, claim_name};
use crate::neighbours::{mark_rows, marked, without};
use crate::opening::{Opened, Openings};
use crate::people::{Applications, IdentityNames, People};
use crate::person::{Persons, Rising, Runs};
use crate::reading::Cells;
use crate::refusal::Refusal;
use crate::times::{Times, Way};

/// What is known of persons beside their claims.
#[derive(Debug)]
pub(crate) struct Registers {
    /// Identities, if a people table was given.
    pub(crate) people: Option<People>,
    /// Applications, if a table of them was given.
    pub(crate) applications: Option<Applications>,
    /// Opening balances, if a table of them was given.
    pub(crate) openings: Option<Openings>,
    /// Names of identities.
    pub(crate) names: IdentityNames,
}

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

    /// The row of the batch that the machine calls `row`.
    pub(crate) fn row(&self, row: usize) -> usize {
        match &self.kept {
            Some(kept) => kept.get(row).copied().unwrap_or(row),
            None => row,
        }
    }

    /// What the machine calls a row of the batch that is not rejected.
    pub(crate) fn seen(&self, row: usize) -> usize {
        match &self.kept {
            Some(kept) => kept.binary_search(&row).unwrap_or(row),
            None => row,
        }
    }

    /// Read a projected batch of whole persons.
    ///
    /// # Errors
    /// D904, D908, D933 for columns; D931, D937 for rows out of order.
    pub(crate) fn read(
        &mut self,
        batch: &RecordBatch,
        layout: &Layout,
        registers: &Registers,
        persons: &Persons,
        cursors: &mut Cursors,
        place: Place,
    ) -> Result<(), Refusal> {
        self.clear();
        self.rising = persons.runs(&mut self.runs, days_of(batch, layout)?.map(|days| &**days));
        let mut rejects = Rejects::default();
        let times = self.read_cells(batch, layout, &mut rejects)?;
        self.read_identities(batch, layout, registers, persons, cursors, &mut rejects)?;
        let times = self.leave_out(times, rejects);
        self.check_order(batch, layout, &times, place)?;
        self.find_applications(registers, persons, cursors);
        self.find_openings(registers, persons, cursors);
        self.find_reversals(batch, layout)
    }

    /// Persons without claims, of whom only opening balances are known.
    pub(crate) fn read_persons(&mut self, persons: &Persons, inputs: usize, registers: &Registers) {
        self.clear();
        let count = persons.len();
        self.runs.starts = vec![0; count.saturating_add(1)];
        self.runs.begins.clear();
        self.days = Vec::new().into();
        self.inputs = (0..inputs).map(|_| Values::Rows(Vec::new().into())).collect();
        self.by_row.clear();
        let mut cursors = Cursors::default();
        let mut faulty = Vec::new();
        if let Some(people) = &registers.people {
            self.identities = Known::ByPerson;
            self.offsets.push(0);
            people.each(persons, 0..count, &mut cursors.people, |intervals| {
                let fault = registers.names.fault(intervals).is_some();
                faulty.push(fault);
                self.intervals.extend_from_slice(if fault { &[] } else { intervals });
                self.offsets.push(self.intervals.len());
            });
        }
        applications_of(registers, persons, 0..count, &mut cursors, &mut self.applications);
        if let Some(openings) = &registers.openings {
            openings.each(persons, 0..count, &mut cursors.openings, &mut self.opened);
        }
        for (person, opened) in &mut self.opened {
            if faulty.get(*person).copied().unwrap_or(false) {
                *opened = opened.made_broken();
            }
        }
    }

    /// Forget the batch before, but not the memory.
    fn clear(&mut self) {
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

    fn read_identities(
        &mut self,
        batch: &RecordBatch,
        layout: &Layout,
        registers: &Registers,
        persons: &Persons,
        cursors: &mut Cursors,
        rejects: &mut Rejects,
    ) -> Result<(), Refusal> {
        let Some(people) = &registers.people else {
            if let Some(at) = layout.identity {
                let name = layout.time.table;
                registers
                    .names
                    .masks(column(batch, at)?, name, "psn_idet_type", &mut self.by_row)?;
                self.identities = Known::ByRow;
                self.spread_labels(&registers.names, rejects);
            }
            return Ok(());
        };
        self.identities = Known::ByPerson;
        self.offsets.push(0);
        let mut ranges = self.runs.ranges();
        let starts = self.runs.ranges().map(|(start, _)| start);
        people.each(persons, starts, &mut cursors.people, |intervals| {
            let rows = ranges.next().map_or(0..0, |(start, end)| start..end);
            if let Some(reason) = registers.names.fault(intervals) {
                let reject = |row| Rejected {
                    row,
                    reason,
                    input: None,
                };
                rejects.0.extend(rows.map(reject));
            } else {
                self.intervals.extend_from_slice(intervals);
            }
            self.offsets.push(self.intervals.len());
        });
        Ok(())
    }

    /// A label for life in one of a person's rows is in all of them; persons whose labels conflict are rejected.
    fn spread_labels(&mut self, names: &IdentityNames, rejects: &mut Rejects) {
        if !names.labels.any() {
            return;
        }
        for (start, end) in self.runs.ranges() {
            let rows = self.by_row.get_mut(start..end).unwrap_or_default();
            if names.labels.spread(rows) {
                rejects.0.extend((start..end).map(|row| Rejected {
                    row,
                    reason: Reason::TwoLabels,
                    input: None,
                }));
            }
        }
    }

    /// Take the rejected rows out of everything; the times of the rows that stay.
    fn leave_out(&mut self, times: Times, mut rejects: Rejects) -> Times {
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

    /// Within each person: time does not fall, and at one time settlements rise (on one day of another date than the
    /// settlement's, the time of settlement first).
    fn check_order(
        &mut self,
        batch: &RecordBatch,
        layout: &Layout,
        times: &Times,
        place: Place,
    ) -> Result<(), Refusal> {
        let mut marks = core::mem::take(&mut self.marks);
        if self.runs.days_fall.unwrap_or_else(|| times.fall(&self.runs.begins)) {
            times.mark(&mut marks, Way::Falls);
            without(&mut marks, &self.runs.begins);
            let row = marked(&marks).next().unwrap_or(0);
            return Err(self.out_of_order("D931", batch, layout, row, place));
        }
        if let Some(at) = layout.settlement {
            times.mark(&mut marks, Way::Stays);
            without(&mut marks, &self.runs.begins);
            let settlements = Names::of(column(batch, at)?)?;
            let settled = match &layout.settled {
                Some((at, reading)) => Some(reading.read(column(batch, *at)?)?.values),
                None => None,
            };
            let settled = |row: usize| settled.as_ref().and_then(|times| times.get(row));
            for row in marked(&marks) {
                let (before, now) = (self.row(row.saturating_sub(1)), self.row(row));
                let order = settled(before).cmp(&settled(now));
                let code = match order.then_with(|| settlements.get(before).cmp(&settlements.get(now))) {
                    core::cmp::Ordering::Less => continue,
                    core::cmp::Ordering::Equal => "D937",
                    core::cmp::Ordering::Greater => "D931",
                };
                return Err(self.out_of_order(code, batch, layout, row, place));
            }
        }
        self.marks = marks;
        Ok(())
    }

    fn out_of_order(
        &self,
        code: &'static str,
        batch: &RecordBatch,
        layout: &Layout,
        row: usize,
        place: Place,
    ) -> Refusal {
        let row = self.row(row);
        let arguments = [
            ("row", place.row(row).to_string()),
            ("claim", claim_name(batch, layout, row)),
        ];
        Refusal::data(code, arguments)
    }

    /// A row of each person, in the batch as it came.
    fn rows_of_persons(&self) -> impl Iterator<Item = usize> {
        self.runs.ranges().map(|(start, _)| self.row(start))
    }

    fn find_openings(&mut self, registers: &Registers, persons: &Persons, cursors: &mut Cursors) {
        let Some(openings) = &registers.openings else {
            return;
        };
        let starts = self.all_runs().ranges().map(|(start, _)| start);
        openings.come(persons, starts, &mut cursors.come);
        let mut opened = core::mem::take(&mut self.opened);
        openings.each(persons, self.rows_of_persons(), &mut cursors.openings, &mut opened);
        self.opened = opened;
    }

    fn find_applications(&mut self, registers: &Registers, persons: &Persons, cursors: &mut Cursors) {
        let mut found = core::mem::take(&mut self.applications);
        applications_of(registers, persons, self.rows_of_persons(), cursors, &mut found);
        self.applications = found;
    }

    fn find_reversals(&mut self, batch: &RecordBatch, layout: &Layout) -> Result<(), Refusal> {
        let (Some(original), Some(settlement)) = (layout.original, layout.settlement) else {
            return Ok(());
        };
        let array = column(batch, original)?;
        if array.logical_null_count() == array.len() {
            return Ok(());
        }
        let originals = Names::of(array)?;
        let settlements = Names::of(column(batch, settlement)?)?;
        let mut reversals = Vec::new();
        for (start, end) in self.runs.ranges() {
            let mut known: Option<HashMap<Cow<'_, str>, usize>> = None;
            for row in start..end {
                let Some(original) = originals.get(self.row(row)) else {
                    continue;
                };
                // Looked through only for a person who has a reversal at all.
                let known = known.get_or_insert_with(|| {
                    let named = (start..end).rev();
                    named
                        .filter_map(|row| Some((settlements.get(self.row(row))?, row)))
                        .collect()
                });
                reversals.push(Reversal {
                    row,
                    original: known.get(&original).copied(),
                });
            }
        }
        self.reversals = reversals;
        Ok(())
    }
}

/// Applications of some persons, told by the first row of each.
fn applications_of(
    registers: &Registers,
    persons: &Persons,
    rows: impl Iterator<Item = usize>,
    cursors: &mut Cursors,
    found: &mut Vec<Application>,
) {
    let Some(applications) = &registers.applications else {
        return;
    };
    applications.those_with(persons, rows, &mut cursors.applications, |person, mine| {
        let application = |&(day, identity): &(i32, u32)| Application { person, day, identity };
        found.extend(mine.iter().map(application));
    });
}

/// Where the registers were left, so that the next person is found at once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursors {
    people: usize,
    applications: usize,
    openings: usize,
    come: usize,
}

/// Rows with something wrong, as they are found.
#[derive(Debug, Default)]
pub(crate) struct Rejects(pub(crate) Vec<Rejected>);

impl Rejects {
    fn extend(&mut self, cells: &Cells, input: Option<usize>) {
        let rejected = cells.findings.iter().map(|f| Rejected {
            row: f.row,
            reason: f.reason,
            input,
        });
        self.0.extend(rejected);
    }
}

fn gather<T: Copy + Default>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter()
        .map(|&row| values.get(row).copied().unwrap_or_default())
        .collect()
}

/// A column of a projected batch.
pub(crate) fn column(batch: &RecordBatch, at: usize) -> Result<&dyn Array, Refusal> {
    let column = batch.columns().get(at);
    let column = column.ok_or_else(|| Refusal::stream("@claims", "a batch lacks a column"))?;
    Ok(column.as_ref())
}

/// The days of a batch, where its column holds nothing else.
fn days_of<'b>(batch: &'b RecordBatch, layout: &Layout) -> Result<Option<&'b ScalarBuffer<i32>>, Refusal> {
    let days = column(batch, layout.day)?.as_primitive_opt::<Date32Type>();
    Ok(days.filter(|days| days.null_count() == 0).map(PrimitiveArray::values))
}
