//! Applicants of a block: those whose rows all count in one application stay in it.

use crate::batch::{Application, Batch, Identities};
use crate::plan::Plan;
use crate::prepared::Prepared;

use super::lane::STRIDE;
use super::segments::constant;
use super::{Blocks, Span};

/// A person all of whose rows count in the account of one application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) person: usize,
    pub(super) day: i32,
    pub(super) class: i64,
}

impl Blocks {
    /// Classes on application, where every row of the person counts; other applicants are worked out one by one.
    pub(super) fn applications(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        people: (usize, usize),
    ) {
        // The person that goes on from the block before, if it is an applicant.
        self.applied.retain(|applied| applied.person == people.0);
        if let Some(applied) = self.applied.first().copied() {
            self.apply(batch, span, &applied);
        }
        while let Some(application) = batch.applications.get(self.cursor.application).copied()
            && application.person < people.1
        {
            let mut next = self.cursor.application.saturating_add(1);
            while batch
                .applications
                .get(next)
                .is_some_and(|a| a.person == application.person)
            {
                next = next.saturating_add(1);
            }
            let one = next == self.cursor.application.saturating_add(1);
            self.cursor.application = next;
            let Some(class) = prepared.standing.applied_for(application.identity) else {
                if !one {
                    self.again.push(application.person);
                }
                continue;
            };
            match i64::try_from(class) {
                Ok(number) if one && self.counts_whole(prepared, batch, plan, span, class, &application) => {
                    let applied = Applied {
                        person: application.person,
                        day: application.day,
                        class: number,
                    };
                    self.apply(batch, span, &applied);
                    self.applied.push(applied);
                }
                _ => self.again.push(application.person),
            }
        }
    }

    /// Applicants after the last row: they have an account and no claim.
    pub(super) fn applicants_without_claims(&mut self, batch: &Batch<'_>, end: usize) {
        let rest = batch.applications.get(self.cursor.application..).unwrap_or(&[]);
        let rest = rest.iter().map(|application| application.person);
        self.again.extend(rest.take_while(|person| *person < end));
    }

    fn apply(&mut self, batch: &Batch<'_>, span: Span, applied: &Applied) {
        let (first, end) = batch.rows_of(applied.person);
        let start = first.max(span.first).saturating_sub(span.first);
        let end = end.min(span.end).saturating_sub(span.first);
        put(
            self.class.get_mut(start..).unwrap_or_default(),
            end.saturating_sub(start),
            applied.class,
        );
    }

    /// Whether an application is accepted, and every row of the person counts in it and lies not before it, judged alike on
    /// its own day and the application's.
    fn counts_whole(
        &self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        class: usize,
        application: &Application,
    ) -> bool {
        let (first, end) = batch.rows_of(application.person);
        let day = |row: usize| batch.days.get(row).copied().unwrap_or(0);
        let (first_day, last_day) = (day(first), day(end.saturating_sub(1)));
        if first >= end
            || plan.reads_day
            || !self.cursor.steady
            || first_day < application.day
            || !self.cursor.covers(application.day, last_day)
        {
            return false;
        }
        let lines = prepared.standing.lines();
        let Some((own, higher)) = lines.get(..=class).and_then(<[_]>::split_last) else {
            return false;
        };
        let highest = |held: i64| !higher.iter().any(|line| line.holds(held));
        match batch.identities {
            Identities::None => true,
            Identities::ByRow(masks) => {
                let masks = masks.get(first..end).unwrap_or(&[]);
                // Applicants are looked at in the block where their rows begin.
                let looked_at = if self.steady_held && end <= span.end {
                    masks.get(..1)
                } else {
                    Some(masks)
                };
                let ever = looked_at.unwrap_or(&[]).iter().fold(0, |ever, held| ever | held);
                higher.iter().all(|line| line.any & ever == 0) || masks.iter().all(|held| highest(*held))
            }
            Identities::ByPerson { .. } => {
                let intervals = batch.intervals(application.person);
                constant(intervals, (application.day, last_day))
                    .is_some_and(|held| held & own.except == 0 && highest(held))
            }
        }
    }
}

/// Write a value into the first `rows` entries. Always several at once, those after them as they were: how many rows a
/// person has cannot be foreseen, and a loop that ends too late or too early costs more than the work.
#[inline]
fn put(column: &mut [i64], rows: usize, value: i64) {
    for (part, first) in column
        .as_chunks_mut::<STRIDE>()
        .0
        .iter_mut()
        .zip((0..rows).step_by(STRIDE))
    {
        for (entry, n) in part.iter_mut().zip(first..) {
            *entry = if n < rows { value } else { *entry };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rows_asked_for_are_written() {
        for rows in 0..40 {
            let mut column = [7; 48];
            put(&mut column, rows, 1);
            assert!(
                column
                    .iter()
                    .enumerate()
                    .all(|(n, entry)| *entry == if n < rows { 1 } else { 7 })
            );
        }
    }
}
