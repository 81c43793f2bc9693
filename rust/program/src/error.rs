//! What is wrong with a program file.

use core::fmt;

/// Codes of the diagnostics table.
pub(crate) mod code {
    /// Not a program file of this version.
    pub(crate) const HEAD: &str = "P801";
    /// The body is not the one that the head names.
    pub(crate) const DIGEST: &str = "P802";
    /// The body has another shape.
    pub(crate) const SHAPE: &str = "P803";
    /// More of something than a program may hold.
    pub(crate) const CAPS: &str = "P804";
    /// A position outside its list, or a number outside its range.
    pub(crate) const RANGE: &str = "P805";
    /// No such instruction, or not in this section, or operands of another number or range.
    pub(crate) const INSTRUCTION: &str = "P806";
    /// A register that is not defined, or of another kind, scale or bound.
    pub(crate) const REGISTER: &str = "P807";
    /// A benefit that is not settled or closed exactly once and in order.
    pub(crate) const SETTLING: &str = "P808";
    /// A row of figures that is not well formed.
    pub(crate) const FIGURES: &str = "P809";
    /// A result that is not what it has to be.
    pub(crate) const OUTPUT: &str = "P810";
}

/// Why bytes are no program that may run: a code of the diagnostics table, the place inside the file, the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramError {
    /// `P801` … of the diagnostics table.
    pub code: &'static str,
    /// Where: `head`, `benefits[1].figures[3].bands[0]`, `claim.code[12]`.
    pub place: String,
    /// What is wrong there, in English.
    pub cause: String,
}

impl ProgramError {
    /// An error with its code, place and cause.
    pub(crate) fn new(code: &'static str, place: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
            cause: cause.into(),
        }
    }
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code, self.place, self.cause)
    }
}

impl std::error::Error for ProgramError {}
