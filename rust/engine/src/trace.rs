//! One claim worked out step by step, for explanations.

use std::sync::Arc;

use jiugao_program::Program;
use serde::Serialize;

use crate::{Batch, EngineError};

/// Every step of one claim. Serialises as the JSON that explanations read.
#[derive(Clone, Debug, Serialize)]
pub struct Trace {
    /// Row of the batch.
    pub row: usize,
    /// Steps in order.
    pub steps: Vec<Step>,
}

/// One instruction's result.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Position in the claim section.
    pub index: usize,
    /// What it is.
    pub role: String,
    /// In the author's words.
    pub label: String,
    /// Its value.
    pub value: i64,
}

/// Work out row `row` of a batch (of one or more persons) with every step.
///
/// # Errors
/// As [`crate::Machine::settle`]; [`EngineError::Shape`] for a row that is not in the batch.
pub fn trace(program: &Arc<Program>, batch: &Batch<'_>, row: usize) -> Result<Trace, EngineError> {
    let _ = (program, batch, row);
    Err(EngineError::Shape("not built yet".into()))
}
