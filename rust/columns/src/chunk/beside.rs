//! What is known of a batch's persons beside their claims: identities, applications, opening balances; and which of
//! their rows are reversals.

use std::borrow::Cow;
use std::collections::HashMap;

use arrow_array::RecordBatch;
use jiugao_engine::{Application, Reversal};

use super::{Chunk, Known, Rejected, Rejects, Values, column};
use crate::cell::Reason;
use crate::layout::Layout;
use crate::names::Names;
use crate::opening::Openings;
use crate::people::{Applications, IdentityNames, People};
use crate::person::Persons;
use crate::refusal::Refusal;

/// Rows of a person up to which an original is looked for one row after another: that is quicker than to learn all their names.
const FEW_ROWS: usize = 32;

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

/// What is known of the persons of one batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside<'a> {
    people: Option<&'a People>,
    registers: &'a Registers,
}

impl Registers {
    /// Of a batch that may have brought its persons' identities along.
    pub(crate) fn beside<'a>(&'a self, brought: Option<&'a People>) -> Beside<'a> {
        Beside {
            people: brought.or(self.people.as_ref()),
            registers: self,
        }
    }
}

/// Where the registers were left, so that the next person is found at once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursors {
    people: usize,
    applications: usize,
    openings: usize,
    come: usize,
}

impl Cursors {
    /// The next batch brings identities of its own.
    pub(crate) fn other_people(&mut self) {
        self.people = 0;
    }
}

impl Chunk {
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

    pub(super) fn read_identities(
        &mut self,
        batch: &RecordBatch,
        layout: &Layout,
        beside: Beside<'_>,
        persons: &Persons,
        cursors: &mut Cursors,
        rejects: &mut Rejects,
    ) -> Result<(), Refusal> {
        let registers = beside.registers;
        let Some(people) = beside.people else {
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

    /// A row of each person, in the batch as it came.
    fn rows_of_persons(&self) -> impl Iterator<Item = usize> {
        self.runs.ranges().map(|(start, _)| self.row(start))
    }

    pub(super) fn find_openings(&mut self, beside: Beside<'_>, persons: &Persons, cursors: &mut Cursors) {
        let Some(openings) = &beside.registers.openings else {
            return;
        };
        let starts = self.all_runs().ranges().map(|(start, _)| start);
        openings.come(persons, starts, &mut cursors.come);
        let mut opened = core::mem::take(&mut self.opened);
        openings.each(persons, self.rows_of_persons(), &mut cursors.openings, &mut opened);
        self.opened = opened;
    }

    pub(super) fn find_applications(&mut self, beside: Beside<'_>, persons: &Persons, cursors: &mut Cursors) {
        let mut found = core::mem::take(&mut self.applications);
        applications_of(beside.registers, persons, self.rows_of_persons(), cursors, &mut found);
        self.applications = found;
    }

    pub(super) fn find_reversals(&mut self, batch: &RecordBatch, layout: &Layout) -> Result<(), Refusal> {
        let (Some(original), Some(settlement)) = (layout.original, layout.settlement) else {
            return Ok(());
        };
        let array = column(batch, original)?;
        if array.logical_null_count() == array.len() {
            return Ok(());
        }
        let originals = Names::of(array)?;
        let settlements = Names::of(column(batch, settlement)?)?;
        let nulls = array.logical_nulls();
        let there: Vec<usize> = match &nulls {
            Some(nulls) => nulls.valid_indices().collect(),
            None => (0..array.len()).collect(),
        };
        let mut reversals = Vec::new();
        let mut known: HashMap<Cow<'_, str>, usize> = HashMap::new();
        let (mut person, mut few) = ((0, 0), true);
        for at in there {
            let (Some(row), Some(original)) = (self.not_left_out(at), originals.get(at)) else {
                continue;
            };
            let name = |row: usize| settlements.get(self.row(row));
            // Looked through only for a person who has a reversal at all.
            if !(person.0..person.1).contains(&row) {
                person = self.runs.around(row);
                known.clear();
                few = person.1.saturating_sub(person.0) <= FEW_ROWS;
                if !few {
                    let named = (person.0..person.1).rev();
                    known.extend(named.filter_map(|row| Some((name(row)?, row))));
                }
            }
            let original = if few {
                (person.0..person.1).find(|row| name(*row).as_ref() == Some(&original))
            } else {
                known.get(&original).copied()
            };
            reversals.push(Reversal { row, original });
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
