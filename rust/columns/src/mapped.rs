//! A stream comes in, a stream goes out with one batch for each; what stops it is kept for whoever asks.

use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use crate::people::Batches;
use crate::refusal::Refusal;

/// What stopped a stream, if something did.
#[derive(Clone, Debug, Default)]
pub struct Failure(Arc<Mutex<Option<Refusal>>>);

impl Failure {
    /// What stopped it.
    #[must_use]
    pub fn get(&self) -> Option<Refusal> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, refusal: Refusal) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(refusal);
    }
}

type Step = Box<dyn FnMut(RecordBatch) -> Result<RecordBatch, Refusal> + Send>;

/// A stream made of another, batch by batch.
pub(crate) struct Mapped {
    pub(crate) stream: Batches,
    pub(crate) table: &'static str,
    pub(crate) schema: SchemaRef,
    pub(crate) step: Step,
    pub(crate) failure: Failure,
    pub(crate) ended: bool,
}

impl Iterator for Mapped {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let batch = self.stream.next()?;
        let batch = batch.map_err(|error| Refusal::stream(self.table, error));
        Some(batch.and_then(|batch| (self.step)(batch)).map_err(|refusal| {
            self.ended = true;
            let code = refusal.code;
            self.failure.set(refusal);
            // The code alone: the words are made by whoever asks for the failure.
            ArrowError::ComputeError(code.into())
        }))
    }
}

impl RecordBatchReader for Mapped {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}
