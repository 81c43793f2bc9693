//! A person's claims one after another: what is worked out of those so far stays for those that come.

use crate::batch::Batch;
use crate::check;
use crate::claim::Unseen;
use crate::error::EngineError;
use crate::machine::Machine;
use crate::replay::Replay;
use crate::results::Results;
use crate::sheet::Sheet;
use crate::world::Person;

/// A person's accounts after some rows.
#[derive(Clone, Debug, Default)]
pub struct Course {
    replay: Replay,
    rows: usize,
}

impl Course {
    /// Tell that the person's rows from `row` on are others than before.
    pub const fn changed_from(&mut self, row: usize) {
        if row < self.rows {
            self.rows = 0;
        }
    }
}

impl Machine {
    /// Settle the rows of one person that `course` has not settled, or all of them anew: where one of them undoes another,
    /// and where applications look back. `results` hold what is settled now: from the row on that is told.
    ///
    /// # Errors
    /// As [`Machine::settle`]; `course` begins anew then.
    pub fn go_on(
        &mut self,
        batch: &Batch<'_>,
        course: &mut Course,
        results: &mut Results,
    ) -> Result<usize, EngineError> {
        check::batch(&self.prepared.program, batch)?;
        if batch.people() != 1 {
            return Err(EngineError::Shape("a course is one person's".into()));
        }
        let rows = batch.days.len();
        let anew = !batch.applications.is_empty() || !batch.reversals_in(course.rows, rows).is_empty();
        let from = if anew || self.options.records {
            0
        } else {
            course.rows.min(rows)
        };
        course.rows = 0;
        course.replay.lend(&mut self.replay);
        let settled = self.go_on_from(batch, from, &mut course.replay, results);
        course.replay.lend(&mut self.replay);
        settled?;
        course.rows = rows;
        Ok(from)
    }

    fn go_on_from(
        &self,
        batch: &Batch<'_>,
        from: usize,
        replay: &mut Replay,
        results: &mut Results,
    ) -> Result<(), EngineError> {
        let (prepared, options) = (&*self.prepared, self.options);
        let person = Person::new(prepared, batch, 0);
        let mut records = core::mem::take(&mut results.records);
        records.begin(&prepared.program, options.records, 1);
        let mut sheet = Sheet::of(results, batch.days.len().saturating_sub(from), prepared, options);
        sheet.first = from;
        if from == 0 {
            replay.begin(&person)?;
        }
        replay.go_on(&person, from, &mut sheet, |_| Unseen)?;
        if options.records {
            replay.records(&person, options, &mut records)?;
        }
        results.records = records;
        Ok(())
    }
}
