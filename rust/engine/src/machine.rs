//! A program made ready to run, with the memory that it needs.

use std::sync::Arc;

use jiugao_program::Program;

use crate::batch::{Batch, EnrolmentBatch};
use crate::block::Blocks;
use crate::check;
use crate::enrolment;
use crate::error::EngineError;
use crate::prepared::Prepared;
use crate::replay::Replay;
use crate::results::{Results, YearRecords};
use crate::sheet::Sheet;

/// What to work out beside the payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A record for each account ([`crate::YearRecords`]); without it none is made.
    pub records: bool,
    /// Close the years: year-end amounts in the records.
    pub close: bool,
    /// [`crate::Details`] of every row.
    pub details: bool,
    /// [`YearRecords::totals`] as they are after the claims of this day; those of later days are left out. Persons are
    /// worked out one by one then.
    pub totals: Option<i32>,
    /// Leave [`Results::years`] and [`Results::standings`] empty: nobody reads them.
    pub amounts_only: bool,
    /// Leave [`Results::measures`] empty: nobody reads them.
    pub unmeasured: bool,
}

/// Settles batches, one after another, on one thread.
#[derive(Clone, Debug)]
pub struct Machine {
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) options: Options,
    blocks: Blocks,
    pub(crate) replay: Replay,
}

impl Machine {
    /// A machine for `program`.
    #[must_use]
    pub fn new(program: Arc<Program>, options: Options) -> Self {
        let prepared = Arc::new(Prepared::new(program));
        let blocks = Blocks::new(&prepared);
        Self {
            prepared,
            options,
            blocks,
            replay: Replay::default(),
        }
    }

    /// The program that it runs.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        &self.prepared.program
    }

    /// What it works out beside the payments.
    #[must_use]
    pub const fn options(&self) -> Options {
        self.options
    }

    /// Work in blocks of so many rows, or as many as there can be. Results do not depend on it: tests see to that.
    pub fn set_block_rows(&mut self, rows: usize) {
        self.blocks.set_rows(rows);
    }

    /// Settle every row of `batch` into `results`, whose memory is reused.
    ///
    /// # Errors
    /// [`EngineError::Overflow`] with the first row whose amounts do not fit; [`EngineError::Shape`] for a batch
    /// that is not as described.
    pub fn settle(&mut self, batch: &Batch<'_>, results: &mut Results) -> Result<(), EngineError> {
        check::batch(&self.prepared.program, batch)?;
        let mut records = std::mem::take(&mut results.records);
        records.begin(&self.prepared.program, self.options.records, batch.people());
        let mut sheet = Sheet::of(results, batch.days.len(), &self.prepared, self.options);
        let settled = self.persons(batch, 0..batch.people(), &mut sheet, &mut records);
        results.records = records;
        settled
    }

    /// What the payments of each benefit, burden and excess come to in the batch settled last, if all its persons were worked
    /// out many at a time: then they are known already.
    #[must_use]
    pub fn sums(&self) -> Option<&[i128]> {
        let known = self.blocks.again.is_empty() && !self.blocks.sums.is_empty();
        known.then_some(&self.blocks.sums)
    }

    /// As [`Machine::settle`], every person worked out claim by claim: the plain reading of the machine, slower, with the
    /// same results. It is what tests hold the blocks against.
    ///
    /// # Errors
    /// As [`Machine::settle`].
    pub fn settle_one_by_one(&mut self, batch: &Batch<'_>, results: &mut Results) -> Result<(), EngineError> {
        check::batch(&self.prepared.program, batch)?;
        self.blocks.sums.clear();
        let mut records = std::mem::take(&mut results.records);
        records.begin(&self.prepared.program, self.options.records, batch.people());
        let (prepared, options) = (&self.prepared, self.options);
        let mut sheet = Sheet::of(results, batch.days.len(), prepared, options);
        let mut persons = 0..batch.people();
        let settled = persons.try_for_each(|person| {
            self.replay
                .person(prepared, batch, person, options, &mut sheet, &mut records)
        });
        results.records = records;
        settled
    }

    /// Settle some persons of a checked batch.
    fn persons(
        &mut self,
        batch: &Batch<'_>,
        persons: std::ops::Range<usize>,
        sheet: &mut Sheet<'_>,
        records: &mut YearRecords,
    ) -> Result<(), EngineError> {
        let Self {
            prepared,
            options,
            blocks,
            replay,
        } = self;
        if prepared.one_by_one || options.totals.is_some() {
            for person in persons {
                replay.person(prepared, batch, person, *options, sheet, records)?;
            }
            return Ok(());
        }
        blocks.run(prepared, batch, persons.clone(), *options, sheet, records)?;
        // An account that does not begin with nothing is none for running sums from nothing.
        let opened = batch.openings.iter().map(|opening| opening.person);
        let before = blocks.again.len();
        blocks.again.extend(opened.filter(|person| persons.contains(person)));
        if blocks.again.len() > before {
            blocks.again.sort_unstable();
            blocks.again.dedup();
        }
        if blocks.again.is_empty() {
            return Ok(());
        }
        let recorded = records.len();
        for person in &blocks.again {
            replay.person(prepared, batch, *person, *options, sheet, records)?;
        }
        // What blocks recorded of a person that is worked out again does not count.
        records.sort_without(&blocks.again, recorded);
        Ok(())
    }

    /// The premium subsidies of every row of the enrolment table, then its measures: `subsidies[s][row]`, fen; none where a figure that
    /// the row needs has no value on its day.
    ///
    /// # Errors
    /// As [`Machine::settle`].
    pub fn subsidies(
        &mut self,
        batch: &EnrolmentBatch<'_>,
        subsidies: &mut Vec<Vec<Option<i64>>>,
    ) -> Result<(), EngineError> {
        enrolment::subsidies(&self.prepared, batch, subsidies)
    }
}

/// [`Machine::settle`] on as many threads as there are machines, by persons; the same results.
///
/// # Errors
/// As [`Machine::settle`].
pub fn settle_in_parallel(
    machines: &mut [Machine],
    batch: &Batch<'_>,
    results: &mut Results,
) -> Result<(), EngineError> {
    let Some((first, _)) = machines.split_first() else {
        return Err(EngineError::Shape("no machine to settle on".into()));
    };
    check::batch(&first.prepared.program, batch)?;
    let (prepared, options) = (Arc::clone(&first.prepared), first.options);
    let mut records = std::mem::take(&mut results.records);
    records.begin(&prepared.program, options.records, batch.people());
    let mut rest = Sheet::of(results, batch.days.len(), &prepared, options);
    let parts = machines.len();
    let rows = batch.days.len();
    let mut from = 0;
    let settled: Vec<Result<YearRecords, EngineError>> = std::thread::scope(|scope| {
        let mut running = Vec::with_capacity(parts);
        for (n, machine) in machines.iter_mut().enumerate() {
            // The person in whose rows the n-th part of all rows ends belongs to the part before.
            let share = rows.checked_div(parts).unwrap_or(0).saturating_mul(n.saturating_add(1));
            let last = n.saturating_add(1) == parts;
            let to = if last {
                batch.people()
            } else {
                batch.persons.partition_point(|at| *at < share)
            };
            let to = to.clamp(from, batch.people());
            let (mut sheet, after) = std::mem::take(&mut rest).split(batch.rows_of(to).0);
            rest = after;
            let persons = from..to;
            from = to;
            running.push(scope.spawn(move || {
                let mut records = YearRecords::default();
                records.begin(&machine.prepared.program, machine.options.records, persons.len());
                machine
                    .persons(batch, persons, &mut sheet, &mut records)
                    .map(|()| records)
            }));
        }
        running
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(EngineError::Shape("a thread stopped unexpectedly".into())))
            })
            .collect()
    });
    for part in settled {
        records.append(part?);
    }
    results.records = records;
    Ok(())
}
