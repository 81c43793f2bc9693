//! Persons come in, the stretches of a block that belong to one account go out, with class and identities of each row.

use crate::batch::{Batch, Held, Identities, held_on};
use crate::calendar;
use crate::error::EngineError;
use crate::kernels;
use crate::plan::Plan;
use crate::prepared::Prepared;
use crate::results::Role;
use crate::sheet::narrow_year;
use crate::standing::Standing;

use super::{Blocks, Span};

/// Rows of a block that belong to one person and year.
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
    /// The person's application: its day and class.
    pub(super) application: Option<(i32, i64)>,
}

impl Segment {
    pub(super) const fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// How a person is dealt with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    #[default]
    Plain,
    /// All rows count in the account of one application: its day and class.
    Applied(i32, i64),
    /// One by one.
    Alone,
}

/// How far the persons of the batch have been dealt out to blocks.
#[derive(Clone, Debug, Default)]
pub(super) struct Cursor {
    person: usize,
    way: Way,
    application: usize,
    reversal: usize,
    /// Days of one year on which claims are in force and figures known: whoever has all days there is quickly done.
    first_day: i32,
    last_day: i32,
    year: i16,
    /// For the table of classes: later lines first.
    rules: Vec<(i64, i64, i64)>,
}

impl Cursor {
    pub(super) fn at(prepared: &Prepared, batch: &Batch<'_>, person: usize) -> Self {
        let row = batch.rows_of(person).0;
        let classes = prepared.standing.classes().iter().enumerate().rev();
        Self {
            person,
            way: Way::Plain,
            application: batch.applications.partition_point(|a| a.person < person),
            reversal: batch.reversals.partition_point(|r| r.row < row),
            first_day: 1,
            last_day: 0,
            year: 0,
            rules: classes
                .filter(|(_, class)| class.lookback.is_none())
                .map(|(n, class)| (i64::try_from(n).unwrap_or(-1), class.any, class.except))
                .collect(),
        }
    }

    /// The year of `day`, its days as far as claims are in force.
    fn turn_to(&mut self, prepared: &Prepared, day: i32) {
        let year = calendar::year_of(day);
        let (first, last) = calendar::days_of_year(year);
        self.year = narrow_year(year);
        self.first_day = first.max(prepared.first_day);
        self.last_day = last.min(prepared.last_day).min(prepared.known_until);
    }
}

impl Blocks {
    /// Find the segments of a block; fill `same`, `class` and, where it is read, `held`.
    pub(super) fn find_segments(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
    ) -> Result<(), EngineError> {
        let rows = span.len();
        self.segments.clear();
        self.same.get_mut(..rows).unwrap_or_default().fill(-1);
        if let Identities::ByRow(masks) = batch.identities {
            let masks = masks.get(span.first..span.end).unwrap_or(&[]);
            let (class, rules) = (self.class.get_mut(..rows).unwrap_or_default(), &self.cursor.rules);
            self.arch.run(
                #[inline(always)]
                || kernels::classes(class, masks, rules),
            );
        }
        while let Some(end) = batch.persons.get(self.cursor.person.saturating_add(1)).copied() {
            let first = batch.rows_of(self.cursor.person).0;
            if first >= span.end {
                break;
            }
            if first < end {
                self.person(prepared, batch, plan, span, first, end);
                if end > span.end {
                    break;
                }
            }
            self.cursor.person = self.cursor.person.saturating_add(1);
        }
        for segment in &self.segments {
            if !segment.continues
                && let Some(same) = self.same.get_mut(segment.start)
            {
                *same = 0;
            }
        }
        let days = batch.days.get(span.first..span.end).unwrap_or(&[]);
        let same = self.same.get(..rows).unwrap_or(&[]);
        let falls = self.arch.run(
            #[inline(always)]
            || kernels::falls(days, same),
        );
        if falls {
            return Err(EngineError::Shape("the rows of a person are not in order of days".into()));
        }
        Ok(())
    }

    /// The segments of one person in the block.
    fn person(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        first: usize,
        end: usize,
    ) {
        let person = self.cursor.person;
        if first >= span.first {
            self.cursor.way = self.way(prepared, batch, plan, first, end);
            if self.cursor.way == Way::Alone {
                self.again.push(person);
            }
        }
        let day = |row: usize| batch.days.get(row).copied().unwrap_or(0);
        let from = first.max(span.first);
        let to = end.min(span.end);
        let applied = match self.cursor.way {
            Way::Applied(day, class) => Some((day, class)),
            Way::Plain | Way::Alone => None,
        };
        let (first_day, last_day) = (day(first), day(end.saturating_sub(1)));
        if first_day < self.cursor.first_day || last_day > self.cursor.last_day {
            self.cursor.turn_to(prepared, first_day);
        }
        if first_day >= self.cursor.first_day && last_day <= self.cursor.last_day {
            self.segments.push(Segment {
                start: from.saturating_sub(span.first),
                end: to.saturating_sub(span.first),
                person,
                year: self.cursor.year,
                continues: from > first,
                ends: to == end,
                rejected: None,
                application: applied,
            });
        } else {
            self.segments_by_day(prepared, batch, span, first, end);
        }
        self.identities(prepared, batch, plan, span, (from, to), (first_day, last_day));
    }

    /// Segments of a person whose rows are of several years, or not all in force.
    fn segments_by_day(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        span: Span,
        first: usize,
        end: usize,
    ) {
        let kind = |row: usize| {
            let day = batch.days.get(row).copied().unwrap_or(0);
            let rejected = if day > prepared.known_until {
                Some(Role::FiguresUnknown)
            } else if !prepared.in_force(day) {
                Some(Role::OutsideForce)
            } else {
                None
            };
            (narrow_year(calendar::year_of(day)), rejected)
        };
        let mut row = first.max(span.first);
        let to = end.min(span.end);
        while row < to {
            let this = kind(row);
            let mut after = row.saturating_add(1);
            while after < to && kind(after) == this {
                after = after.saturating_add(1);
            }
            self.segments.push(Segment {
                start: row.saturating_sub(span.first),
                end: after.saturating_sub(span.first),
                person: self.cursor.person,
                year: this.0,
                continues: row > first && row == span.first && kind(row.saturating_sub(1)) == this,
                ends: after == end || kind(after) != this,
                rejected: this.1,
                application: None,
            });
            row = after;
        }
    }

    /// Class of a person's rows and, where some instruction reads it, what is held.
    fn identities(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        rows: (usize, usize),
        days: (i32, i32),
    ) {
        let range = rows.0.saturating_sub(span.first)..rows.1.saturating_sub(span.first);
        let class = self.class.get_mut(range.clone()).unwrap_or_default();
        let applied = match self.cursor.way {
            Way::Applied(_, class) => usize::try_from(class).ok(),
            Way::Plain | Way::Alone => None,
        };
        if let Identities::ByRow(_) = batch.identities {
            if let Way::Applied(_, applied) = self.cursor.way {
                class.fill(applied);
            }
            return;
        }
        let intervals = batch.intervals(self.cursor.person);
        let held = self.held.get_mut(range).unwrap_or_default();
        if let Some(mask) = constant(intervals, days) {
            class.fill(prepared.standing.class(mask, applied));
            if plan.holds {
                held.fill(mask);
            }
            return;
        }
        let days = batch.days.get(rows.0..rows.1).unwrap_or(&[]);
        for ((class, held), day) in class.iter_mut().zip(held).zip(days) {
            *held = held_on(intervals, *day);
            *class = prepared.standing.class(*held, applied);
        }
    }

    /// How to deal with a person that begins at row `first`.
    fn way(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        first: usize,
        end: usize,
    ) -> Way {
        let cursor = &mut self.cursor;
        let reversed = batch.reversals.get(cursor.reversal).is_some_and(|r| r.row < end);
        while batch.reversals.get(cursor.reversal).is_some_and(|r| r.row < end) {
            cursor.reversal = cursor.reversal.saturating_add(1);
        }
        let of_person = |at: usize| batch.applications.get(at).filter(|a| a.person == cursor.person);
        let application = of_person(cursor.application);
        let mut next = cursor.application;
        while of_person(next).is_some() {
            next = next.saturating_add(1);
        }
        let several = next > cursor.application.saturating_add(1);
        cursor.application = next;
        match application {
            _ if reversed => Way::Alone,
            None => Way::Plain,
            Some(_) if several => Way::Alone,
            Some(application) => {
                applied(prepared, batch, plan, cursor, (first, end), *application)
            }
        }
    }
}

/// What is held on every day from the first to the last, if it is the same.
fn constant(intervals: &[Held], (first, last): (i32, i32)) -> Option<i64> {
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

/// Whether a single application is accepted and every row of the person counts in it and lies not before it, judged alike
/// on its own day and the application's.
fn applied(
    prepared: &Prepared,
    batch: &Batch<'_>,
    plan: &Plan,
    cursor: &mut Cursor,
    (first, end): (usize, usize),
    application: crate::batch::Application,
) -> Way {
    let Some(class) = prepared.standing.applied_for(application.identity) else {
        return Way::Plain;
    };
    let day = |row: usize| batch.days.get(row).copied().unwrap_or(0);
    let (first_day, last_day) = (day(first), day(end.saturating_sub(1)));
    if application.day < cursor.first_day || last_day > cursor.last_day {
        cursor.turn_to(prepared, application.day);
    }
    let regime = |day: i32| prepared.program.change_days().partition_point(|from| *from <= day);
    if application.day < cursor.first_day
        || first_day < application.day
        || last_day > cursor.last_day
        || plan.reads_day
        || regime(application.day) != regime(last_day)
    {
        return Way::Alone;
    }
    let Some(rule) = prepared.standing.classes().get(class) else { return Way::Alone };
    let higher = prepared.standing.classes().get(..class).unwrap_or(&[]);
    let highest = |held: i64| !higher.iter().any(|class| Standing::holds(class, held));
    let counts = match batch.identities {
        Identities::ByRow(masks) => {
            masks.get(first..end).unwrap_or(&[]).iter().all(|held| highest(*held))
        }
        Identities::None | Identities::ByPerson { .. } => {
            let intervals = batch.intervals(cursor.person);
            constant(intervals, (application.day, last_day))
                .is_some_and(|held| held & rule.except == 0 && highest(held))
        }
    };
    match i64::try_from(class) {
        Ok(class) if counts => Way::Applied(application.day, class),
        _ => Way::Alone,
    }
}
