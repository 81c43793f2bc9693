//! Sections of instructions and what their registers are for.

use serde::Deserialize;

use super::source::{DebugEntry, Place};
use crate::isa::{Instruction, Kind};

/// A table of LOOKUP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What its values are.
    pub kind: Kind,
    /// Their scale (money only).
    pub scale: u8,
    /// Values.
    pub values: Vec<i64>,
}

/// Instructions of a section; register n is what the n-th instruction with a result defines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionCode {
    /// Number of registers.
    pub registers: usize,
    /// In order.
    pub code: Vec<Instruction>,
    /// Kind and money scale of each register.
    pub kinds: Vec<(Kind, u8)>,
    /// What each instruction stands for; as long as `code`.
    pub debug: Vec<DebugEntry>,
}

/// Results of the claim section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// Payment of each benefit; none where it is settled at year end only.
    pub benefits: Vec<Option<usize>>,
    /// 个人负担, fen.
    pub burden: usize,
    /// What other payments exceed the expense by, fen.
    pub excess: usize,
    /// To whom and by when a claim is paid, where some benefit says so.
    pub paying: Option<Paying>,
}

/// Registers that say to whom and by when a claim is paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paying {
    /// Positions of the benefits that say so, rising; no claim comes under two of them.
    pub benefits: Vec<usize>,
    /// Number of the payee, from 1; 0 is the person.
    pub payee: usize,
    /// The last day, [`crate::NO_DAY`] where there is none.
    pub due: usize,
    /// What the payee gets beyond the outlay that is made good, fen.
    pub excess: usize,
    /// What of the outlay is made good, fen.
    pub replaced: usize,
}

/// Year end of one benefit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearSection {
    /// Which benefit.
    pub benefit: usize,
    /// Instructions.
    pub section: SectionCode,
    /// The register of the year-end amount.
    pub out: usize,
}

/// What the watch section gives for one indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatchOut {
    /// Which indicator.
    pub warning: usize,
    /// Register of the sum.
    pub sum: usize,
    /// Register of the flag.
    pub flag: usize,
}

/// An indicator by person and year.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// Code name.
    pub code: String,
    /// Name.
    pub name: String,
    /// Where it is written.
    pub place: Place,
}

/// The section whose registers a measure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasuredSection {
    /// Once a claim.
    Claim,
    /// Once an enrolment row.
    Enrolment,
}

/// What a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// Fen times 10^scale.
    Money,
    /// 0 or 1.
    Flag,
    /// The position of a code; -1 for none.
    Code,
}

impl MeasureKind {
    /// Whether rows add up; a reversal then shows the negative of its original.
    #[must_use]
    pub const fn adds(self) -> bool {
        matches!(self, Self::Money | Self::Flag)
    }
}

/// A value of every row that totals of groups are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Name of its column.
    pub name: String,
    /// What it counts.
    pub kind: MeasureKind,
    /// Decimals of a fen.
    pub scale: u8,
    /// The register.
    pub register: usize,
}

/// A premium subsidy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subsidy {
    /// Code name.
    pub code: String,
    /// Name.
    pub name: String,
    /// Who pays.
    pub payer: String,
    /// Inputs whose sum was really paid.
    pub actual: Vec<usize>,
    /// Where it is written.
    pub place: Place,
}
