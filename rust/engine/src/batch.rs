//! What the machine reads: borrowed columns of whole persons.

use crate::opening::Opening;

/// A column of a batch.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// The same value in every row. What is computed from such columns alone is computed once.
    Constant(i64),
    /// One value a row.
    Values(&'a [i64]),
}

/// An identity (or several) held over days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Bits of the identities.
    pub mask: i64,
    /// First day.
    pub start: i32,
    /// Last day; `i32::MAX` for an open end.
    pub end: i32,
}

/// Who holds what.
#[derive(Clone, Copy, Debug)]
pub enum Identities<'a> {
    /// Nobody holds anything.
    None,
    /// The claims carry their identities: a mask a row.
    ByRow(&'a [i64]),
    /// Intervals by person: those of person p are `intervals[offsets[p]..offsets[p + 1]]`, in any order.
    ByPerson {
        /// One more than there are persons, rising.
        offsets: &'a [usize],
        /// Intervals.
        intervals: &'a [Held],
    },
}

/// An application for an identity whose class is on application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// Position of the person in the batch.
    pub person: usize,
    /// The day of the application.
    pub day: i32,
    /// Bit of the identity applied for.
    pub identity: u32,
}

/// A row that undoes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// The row that undoes.
    pub row: usize,
    /// The row undone, of the same person; none if it is not there.
    pub original: Option<usize>,
}

/// Claims of whole persons, each person's rows in order of time.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Where each person's rows begin; one more entry than persons, from 0 to the number of rows.
    pub persons: &'a [usize],
    /// The day of each row by which it is judged (the program's day input), not falling within a person.
    pub days: &'a [i32],
    /// One column for each of the program's inputs, in order. Those of the enrolment table, texts and the day
    /// input are not read here: any constant does.
    pub inputs: &'a [Column<'a>],
    /// Who holds what.
    pub identities: Identities<'a>,
    /// Sorted by person, then day.
    pub applications: &'a [Application],
    /// Sorted by row.
    pub reversals: &'a [Reversal],
    /// Sorted by person, then year; one for a year of a person.
    pub openings: &'a [Opening<'a>],
}

impl<'a> Batch<'a> {
    /// How many persons there are.
    #[must_use]
    pub fn people(&self) -> usize {
        self.persons.len().saturating_sub(1)
    }

    /// The person's rows: the first, and the one after the last.
    pub(crate) fn rows_of(&self, person: usize) -> (usize, usize) {
        let at = |n: usize| self.persons.get(n).copied().unwrap_or(0);
        (at(person), at(person.saturating_add(1)))
    }

    /// The person whose row it is.
    pub(crate) fn person_of(&self, row: usize) -> usize {
        self.persons.partition_point(|first| *first <= row).saturating_sub(1)
    }

    /// Identities of a person by interval.
    pub(crate) fn intervals(&self, person: usize) -> &'a [Held] {
        match self.identities {
            Identities::ByPerson { offsets, intervals } => {
                let at = |n: usize| offsets.get(n).copied().unwrap_or(0);
                intervals.get(at(person)..at(person.saturating_add(1))).unwrap_or(&[])
            }
            Identities::None | Identities::ByRow(_) => &[],
        }
    }

    /// Applications of a person, in order.
    pub(crate) fn applications_of(&self, person: usize) -> &'a [Application] {
        let first = self.applications.partition_point(|a| a.person < person);
        let end = self.applications.partition_point(|a| a.person <= person);
        self.applications.get(first..end).unwrap_or(&[])
    }

    /// What a person's years begin with.
    pub(crate) fn openings_of(&self, person: usize) -> &'a [Opening<'a>] {
        let first = self.openings.partition_point(|opening| opening.person < person);
        let end = self.openings.partition_point(|opening| opening.person <= person);
        self.openings.get(first..end).unwrap_or(&[])
    }

    /// Reversals among some rows, in order.
    pub(crate) fn reversals_in(&self, first: usize, end: usize) -> &'a [Reversal] {
        let from = self.reversals.partition_point(|r| r.row < first);
        let to = self.reversals.partition_point(|r| r.row < end);
        self.reversals.get(from..to).unwrap_or(&[])
    }
}

/// Rows of the enrolment table, each on its own.
#[derive(Clone, Copy, Debug)]
pub struct EnrolmentBatch<'a> {
    /// Notice day, or else the begin day.
    pub days: &'a [i32],
    /// One column for each of the program's inputs, in order; only those of the enrolment table are read.
    pub inputs: &'a [Column<'a>],
    /// Identities held on the day: a mask a row.
    pub held: &'a [i64],
}

/// The identities of `intervals` held on `day`.
#[must_use]
pub fn held_on(intervals: &[Held], day: i32) -> i64 {
    intervals
        .iter()
        .filter(|held| held.start <= day && day <= held.end)
        .fold(0, |mask, held| mask | held.mask)
}
