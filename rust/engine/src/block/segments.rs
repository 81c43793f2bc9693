//! Persons come in, the accounts of a block's rows go out, with class and identities of each row.
//!
//! Mostly all days of a block lie in one year on which claims are in force: then accounts begin where persons do, and only
//! `same` is written. Otherwise rows are looked at one by one. Lists of accounts are made when somebody asks.

use std::cell::OnceCell;

use crate::batch::{Batch, Held, Identities, held_on};
use crate::error::EngineError;
use crate::kernels;
use crate::plan::Plan;
use crate::prepared::Prepared;
use crate::results::Role;
use crate::sheet::narrow_year;

use super::lane::STRIDE;
use super::{Blocks, Span};

/// Rows of a block that belong to one account.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Segment {
    /// First row, and the one after the last, within the block.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) person: usize,
    pub(super) year: i16,
    /// The rows before, in the block before, belong to the same account.
    pub(super) continues: bool,
    /// No later row belongs to the account.
    pub(super) ends: bool,
    /// The rows count nowhere.
    pub(super) rejected: Option<Role>,
}

impl Segment {
    pub(super) const fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// The accounts of a block's rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Accounts {
    /// Made on demand, or at once where rows were looked at one by one.
    list: OnceCell<Vec<Segment>>,
    /// The first person of the block, and the one after the last.
    people: (usize, usize),
    year: i16,
    /// The first account goes on from the block before; the last one into the block after.
    pub(super) continues: bool,
    goes_on: bool,
    /// Rows that count nowhere are among them.
    pub(super) rejected: bool,
    /// All rows are of one year, this one.
    pub(super) one_year: Option<i16>,
}

impl Accounts {
    pub(super) fn list(&self, batch: &Batch<'_>, span: Span) -> &[Segment] {
        self.list.get_or_init(|| {
            let (first, end) = self.people;
            let mut list = Vec::with_capacity(end.saturating_sub(first));
            for person in first..end {
                let (from, to) = batch.rows_of(person);
                let (start, stop) = (from.max(span.first), to.min(span.end));
                if start >= stop {
                    continue;
                }
                list.push(Segment {
                    start: start.saturating_sub(span.first),
                    end: stop.saturating_sub(span.first),
                    person,
                    year: self.year,
                    continues: start == span.first && self.continues,
                    ends: stop < span.end || !self.goes_on,
                    rejected: None,
                });
            }
            list
        })
    }
}

/// How far the persons of the batch have been dealt out to blocks.
#[derive(Clone, Debug, Default)]
pub(super) struct Cursor {
    /// The first person that has rows not yet dealt out.
    person: usize,
    pub(super) application: usize,
    reversal: usize,
    /// Days of one year on which claims are in force and figures known.
    first_day: i32,
    last_day: i32,
    year: i16,
    /// No figure and no dated condition changes between these days.
    pub(super) steady: bool,
    /// For the table of classes: later lines first.
    rules: Vec<(i64, i64, i64)>,
}

impl Cursor {
    pub(super) fn at(prepared: &Prepared, batch: &Batch<'_>, person: usize) -> Self {
        let row = batch.rows_of(person).0;
        let lines = prepared.standing.lines().iter().enumerate().rev();
        Self {
            person,
            application: batch.applications.partition_point(|a| a.person < person),
            reversal: batch.reversals.partition_point(|r| r.row < row),
            first_day: 1,
            last_day: 0,
            year: 0,
            steady: false,
            rules: lines
                .filter(|(_, line)| !line.on_application)
                .map(|(n, line)| (i64::try_from(n).unwrap_or(-1), line.any, line.except))
                .collect(),
        }
    }

    /// The year of `day`, its days as far as claims are in force.
    fn turn_to(&mut self, prepared: &Prepared, day: i32) {
        let year = prepared.years.of(day);
        let (first, last) = prepared.years.days(year);
        self.year = narrow_year(year);
        self.first_day = first.max(prepared.first_day);
        self.last_day = last.min(prepared.last_day).min(prepared.known_until);
        let passed = |day: i32| prepared.program.change_days().partition_point(|from| *from <= day);
        self.steady = passed(self.first_day) == passed(self.last_day);
    }

    pub(super) const fn covers(&self, least: i32, most: i32) -> bool {
        self.first_day <= least && most <= self.last_day
    }
}

impl Blocks {
    /// Find the accounts of a block; fill `same`, `class` and, where it is read, `held`.
    pub(super) fn find_accounts(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
    ) -> Result<(), EngineError> {
        let rows = span.len();
        let days = batch.days.get(span.first..span.end).unwrap_or(&[]);
        let people = self.begin_persons(batch, span);
        let same = self.same.get(..rows).unwrap_or(&[]);
        let (least, most, falls) = self.vector.run(
            #[inline(always)]
            || kernels::days(days, same),
        );
        if falls {
            return Err(EngineError::Shape(
                "the rows of a person are not in order of days".into(),
            ));
        }
        if !self.cursor.covers(least, most) {
            self.cursor.turn_to(prepared, least);
        }
        let plain = self.cursor.covers(least, most);
        let day = |row: usize| batch.days.get(row).copied().unwrap_or(0);
        let inside = batch.rows_of(people.0).0 < span.first;
        let continues = inside && plain && day(span.first.saturating_sub(1)) >= self.cursor.first_day;
        let last_end = batch.rows_of(people.1.saturating_sub(1)).1;
        self.accounts = Accounts {
            list: OnceCell::new(),
            people,
            year: self.cursor.year,
            continues,
            goes_on: last_end > span.end && day(span.end) <= self.cursor.last_day,
            rejected: false,
            one_year: Some(self.cursor.year),
        };
        if let Some(same) = self.same.first_mut() {
            *same = if continues { -1 } else { 0 };
        }
        if !plain {
            self.look_at_days(prepared, batch, span, people);
        }
        self.identities(prepared, batch, plan, span, people, (least, most));
        self.reversals(batch, span, people);
        self.applications(prepared, batch, plan, span, people);
        self.cursor.person = if last_end > span.end {
            people.1.saturating_sub(1)
        } else {
            people.1
        };
        Ok(())
    }

    /// Write where persons begin into `same`; the persons of the block.
    fn begin_persons(&mut self, batch: &Batch<'_>, span: Span) -> (usize, usize) {
        let first = self.cursor.person;
        let same = self.same.get_mut(..span.len()).unwrap_or_default();
        same.fill(-1);
        let mut people = first;
        for begin in batch.persons.get(first..batch.people()).unwrap_or(&[]) {
            if *begin >= span.end {
                break;
            }
            people = people.saturating_add(1);
            if let Some(same) = begin.checked_sub(span.first).and_then(|at| same.get_mut(at)) {
                *same = 0;
            }
        }
        (first, people)
    }

    /// Accounts where rows are of several years, or not all in force.
    fn look_at_days(&mut self, prepared: &Prepared, batch: &Batch<'_>, span: Span, people: (usize, usize)) {
        // Nearly every row is of the year of the one before it: that is cheaper to see than to work out.
        let (mut year, mut first_day, mut last_day) = (0, 1, 0);
        let mut kind = |row: usize| {
            let day = batch.days.get(row).copied().unwrap_or(0);
            if day < first_day || day > last_day {
                year = prepared.years.of(day);
                (first_day, last_day) = prepared.years.days(year);
            }
            let rejected = if day > prepared.known_until {
                Some(Role::FiguresUnknown)
            } else if prepared.in_force(day) {
                None
            } else {
                Some(Role::OutsideForce)
            };
            (narrow_year(year), rejected)
        };
        let mut list: Vec<Segment> = Vec::new();
        for person in people.0..people.1 {
            let (first, end) = batch.rows_of(person);
            let mut row = first.max(span.first);
            let to = end.min(span.end);
            while row < to {
                let this = kind(row);
                let mut after = row.saturating_add(1);
                // Days in force lie together: from one of them to another of the same year there are no others.
                if this.1.is_none() && kind(to.saturating_sub(1)) == this {
                    after = to;
                }
                while after < to && kind(after) == this {
                    after = after.saturating_add(1);
                }
                list.push(Segment {
                    start: row.saturating_sub(span.first),
                    end: after.saturating_sub(span.first),
                    person,
                    year: this.0,
                    continues: row > first && row == span.first && kind(row.saturating_sub(1)) == this,
                    ends: after == end || kind(after) != this,
                    rejected: this.1,
                });
                row = after;
            }
        }
        for segment in &list {
            if let Some(same) = self.same.get_mut(segment.start) {
                *same = if segment.continues { -1 } else { 0 };
            }
        }
        let year = list.first().map_or(0, |segment| segment.year);
        self.accounts.one_year = list.iter().all(|segment| segment.year == year).then_some(year);
        self.accounts.rejected = list.iter().any(|segment| segment.rejected.is_some());
        self.accounts.continues = list.first().is_some_and(|segment| segment.continues);
        self.accounts.list = OnceCell::from(list);
    }

    /// Class of each row by identities and, where some instruction reads it, what is held.
    fn identities(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        people: (usize, usize),
        days: (i32, i32),
    ) {
        let rows = span.len();
        (self.steady_class, self.steady_held) = (true, false);
        let (offsets, intervals) = match batch.identities {
            Identities::None => {
                self.class.fill(prepared.standing.class(0, None));
                self.held.fill(0);
                return;
            }
            Identities::ByRow(masks) => {
                let masks = masks.get(span.first..span.end).unwrap_or(&[]);
                let class = self.class.get_mut(..rows).unwrap_or_default();
                let same = self.same.get(..rows).unwrap_or(&[]);
                let rules = &self.cursor.rules;
                let changes = self.vector.run(
                    #[inline(always)]
                    || kernels::classes(class, masks, same, rules),
                );
                self.steady_held = !changes;
                self.steady_class = !changes || self.keeps_class(rows);
                return;
            }
            Identities::ByPerson { offsets, intervals } => (offsets, intervals),
        };
        let ends = batch.persons.get(people.0.saturating_add(1)..).unwrap_or(&[]);
        let bounds = offsets.get(people.0..).unwrap_or(&[]);
        let bounds = bounds.iter().zip(bounds.get(1..).unwrap_or(&[]));
        let mut start = 0;
        let mut known = (0, prepared.standing.class(0, None));
        let count = people.1.saturating_sub(people.0);
        for ((from, to), end) in bounds.zip(ends).take(count) {
            let end = end.saturating_sub(span.first).min(rows);
            let own = intervals.get(*from..*to).unwrap_or(&[]);
            match constant(own, days) {
                Some(mask) => {
                    if mask != known.0 {
                        known = (mask, prepared.standing.class(mask, None));
                    }
                    spread(&mut self.class, start, end, known.1);
                    if plan.holds {
                        spread(&mut self.held, start, end, mask);
                    }
                }
                None => {
                    self.identities_by_day(prepared, batch, span, start..end, own);
                    self.steady_class = false;
                }
            }
            start = end;
        }
        self.steady_class = self.steady_class || self.keeps_class(rows);
    }

    /// Whether no account's class changes.
    fn keeps_class(&self, rows: usize) -> bool {
        let (class, same) = (self.class.get(..rows), self.same.get(..rows));
        !self.vector.run(
            #[inline(always)]
            || kernels::changes(class.unwrap_or(&[]), same.unwrap_or(&[])),
        )
    }

    fn identities_by_day(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        span: Span,
        rows: std::ops::Range<usize>,
        intervals: &[Held],
    ) {
        let days = batch
            .days
            .get(span.first..span.end)
            .and_then(|days| days.get(rows.clone()));
        let class = self.class.get_mut(rows.clone()).unwrap_or_default();
        let held = self.held.get_mut(rows).unwrap_or_default();
        for ((class, held), day) in class.iter_mut().zip(held).zip(days.unwrap_or(&[])) {
            *held = held_on(intervals, *day);
            *class = prepared.standing.class(*held, None);
        }
    }

    /// Persons with reversals are worked out one by one.
    fn reversals(&mut self, batch: &Batch<'_>, span: Span, people: (usize, usize)) {
        let end = batch.rows_of(people.1.saturating_sub(1)).1;
        while let Some(reversal) = batch.reversals.get(self.cursor.reversal)
            && reversal.row < end
        {
            // Before the block are only rows of persons already seen.
            debug_assert!(reversal.row >= batch.rows_of(people.0).0 || reversal.row < span.first);
            self.again.push(batch.person_of(reversal.row));
            self.cursor.reversal = self.cursor.reversal.saturating_add(1);
        }
    }
}

/// What is held on every day from the first to the last, if it is the same.
#[inline]
pub(super) fn constant(intervals: &[Held], (first, last): (i32, i32)) -> Option<i64> {
    let mut mask = 0;
    for held in intervals {
        if held.start <= first && last <= held.end {
            mask |= held.mask;
        } else if held.start <= last && first <= held.end {
            return None;
        }
    }
    Some(mask)
}

/// Write a value into rows `start` to `end`, and perhaps some after them, which are written later.
#[inline]
fn spread(column: &mut [i64], start: usize, end: usize, value: i64) {
    let mut rest = column.get_mut(start..).unwrap_or_default();
    let mut at = start;
    while at < end {
        let Some((part, after)) = rest.split_first_chunk_mut::<STRIDE>() else {
            return;
        };
        *part = [value; STRIDE];
        rest = after;
        at = at.saturating_add(STRIDE);
    }
}
