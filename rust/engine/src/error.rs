//! What stops a run.

use core::fmt;

/// Why a batch could not be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineError {
    /// An amount does not fit 64 bits; no number is ever wrapped.
    Overflow {
        /// The claim (or enrolment) row of the batch; none where constants alone overflow.
        row: Option<usize>,
        /// What was being worked out, in the author's words.
        what: String,
    },
    /// The batch is not of the shape that [`crate::Batch`] describes.
    Shape(String),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow { row: Some(row), what } => {
                write!(f, "row {row}: an amount is too large: {what}")
            }
            Self::Overflow { row: None, what } => write!(f, "an amount is too large: {what}"),
            Self::Shape(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for EngineError {}
