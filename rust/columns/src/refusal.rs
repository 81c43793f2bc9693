//! What stops a run, as a code of the diagnostics table with its arguments; the words are made in Python.

use jiugao_engine::EngineError;
use jiugao_program::ProgramError;

/// Which kind of thing is wrong, hence which exception it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The program file.
    Program,
    /// The data or the call.
    Data,
    /// The run itself: an amount that does not fit.
    Run,
}

/// Why nothing more can be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Whose fault.
    pub fault: Fault,
    /// Code of the diagnostics table.
    pub code: &'static str,
    /// What fills the places of its templates.
    pub arguments: Vec<(&'static str, String)>,
}

impl Refusal {
    /// Data that cannot be used.
    pub fn data<const N: usize>(code: &'static str, arguments: [(&'static str, String); N]) -> Self {
        Self {
            fault: Fault::Data,
            code,
            arguments: arguments.into(),
        }
    }

    /// An overflow on a claim, named by its settlement where that is known.
    pub(crate) fn engine(error: EngineError, row: Option<u64>, claim: &str) -> Self {
        match error {
            EngineError::Overflow { what, .. } => Self {
                fault: Fault::Run,
                code: "D934",
                arguments: vec![
                    ("row", row.map(|n| n.to_string()).unwrap_or_default()),
                    ("claim", claim.to_owned()),
                    ("what", what),
                ],
            },
            EngineError::Shape(detail) => Self {
                fault: Fault::Run,
                code: "D919",
                arguments: vec![("detail", detail)],
            },
        }
    }

    /// The same, about another file.
    pub(crate) fn about(mut self, file: &str) -> Self {
        for (name, value) in &mut self.arguments {
            if *name == "file" {
                file.clone_into(value);
            }
        }
        self
    }

    /// A stream that failed while being read.
    pub(crate) fn stream(table: &str, detail: impl ToString) -> Self {
        Self::data("D938", [("file", table.to_owned()), ("detail", detail.to_string())])
    }
}

impl From<ProgramError> for Refusal {
    fn from(error: ProgramError) -> Self {
        Self {
            fault: Fault::Program,
            code: error.code,
            arguments: vec![("place", error.place), ("cause", error.cause)],
        }
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.code)?;
        for (name, value) in &self.arguments {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
