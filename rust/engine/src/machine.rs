//! A program made ready to run, with the memory that it needs.

use std::sync::Arc;

use jiugao_program::Program;

use crate::{Batch, EngineError, EnrolmentBatch, Results};

/// What to work out beside the payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A record for each account ([`crate::YearRecords`]); without it none is made.
    pub records: bool,
    /// Close the years: year-end amounts in the records.
    pub close: bool,
    /// [`crate::Details`] of every row.
    pub details: bool,
}

/// Settles batches, one after another, on one thread.
#[derive(Clone, Debug)]
pub struct Machine {
    program: Arc<Program>,
    options: Options,
}

impl Machine {
    /// A machine for `program`.
    #[must_use]
    pub fn new(program: Arc<Program>, options: Options) -> Self {
        Self { program, options }
    }

    /// The program that it runs.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Settle every row of `batch` into `results`, whose memory is reused.
    ///
    /// # Errors
    /// [`EngineError::Overflow`] with the first row whose amounts do not fit; [`EngineError::Shape`] for a batch
    /// that is not as described.
    pub fn settle(&mut self, batch: &Batch<'_>, results: &mut Results) -> Result<(), EngineError> {
        let _ = (batch, results, self.options);
        Err(EngineError::Shape("not built yet".into()))
    }

    /// The premium subsidies of every row of the enrolment table: `subsidies[s][row]`, fen.
    ///
    /// # Errors
    /// As [`Machine::settle`].
    pub fn subsidies(
        &mut self,
        batch: &EnrolmentBatch<'_>,
        subsidies: &mut Vec<Vec<i64>>,
    ) -> Result<(), EngineError> {
        let _ = (batch, subsidies);
        Err(EngineError::Shape("not built yet".into()))
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
    let _ = (machines, batch, results);
    Err(EngineError::Shape("not built yet".into()))
}
