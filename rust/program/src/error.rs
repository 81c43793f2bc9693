//! What is wrong with a program file.

use core::fmt;

/// Why bytes are no program that may run: a code of the diagnostics table, the place inside the file, the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramError {
    /// `P801` … of the diagnostics table.
    pub code: &'static str,
    /// Where: `header`, `benefits[1].figures[3].bands[0]`, `claim.code[12]`.
    pub place: String,
    /// What is wrong there, in English.
    pub cause: String,
}

impl ProgramError {
    /// An error with its code, place and cause.
    pub fn new(code: &'static str, place: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { code, place: place.into(), cause: cause.into() }
    }
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code, self.place, self.cause)
    }
}

impl std::error::Error for ProgramError {}
