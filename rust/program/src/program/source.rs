//! Where a program comes from: the circular, its days of force, texts, places and the figures that it was compiled with.

use serde::Deserialize;

/// The circular that the program carries out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyInfo {
    /// Code name.
    pub code: String,
    /// Full name.
    pub name: String,
    /// The passage cited for the whole.
    pub citation: String,
    /// Clause ids.
    pub clauses: Vec<String>,
}

/// A rules text, whole.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceText {
    /// File name.
    pub name: String,
    /// SHA-256 of the text in hex.
    pub sha256: String,
    /// The text.
    pub text: String,
}

/// When the policy holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Force {
    /// First day in force.
    pub start: i32,
    /// Last day in force, if it ends.
    pub end: Option<i32>,
    /// Claims are paid from this day on.
    pub claims_from: i32,
    /// Claims before that count in the totals of some benefit from this day on.
    pub counts_from: Option<i32>,
}

/// The day of the calendar on which benefit years begin; 1 January where the file does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearBegin {
    /// Month, from 1.
    pub month: u8,
    /// Day of the month, one that every year has.
    pub day: u8,
}

impl Default for YearBegin {
    fn default() -> Self {
        Self { month: 1, day: 1 }
    }
}

/// The last days on which every parameter has a value that a section needs; a later row is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownUntil {
    /// For claims.
    pub claim: Option<i32>,
    /// For indicators.
    pub watch: Option<i32>,
    /// For enrolments.
    pub enrolment: Option<i32>,
}

/// A dated figure or a reading, for explanations.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Why it is assumed, if it is.
    pub assumption: Option<String>,
    /// Its values with their days.
    pub values: Vec<ParameterValue>,
    /// Where it is written.
    #[serde(default)]
    pub place: Option<Place>,
}

/// A value in words and the days of its force.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterValue {
    /// First day.
    pub start: Option<i32>,
    /// Last day.
    pub end: Option<i32>,
    /// Yuan or decimals.
    pub value: String,
    /// Where it is written.
    pub place: Place,
}

/// Where a rule is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Source (position in the sources), first character, after the last.
    pub span: Option<(usize, usize, usize)>,
    /// The passage cited.
    pub text: String,
    /// Clause ids.
    pub clauses: Vec<String>,
}

/// What an instruction stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebugEntry {
    /// What the register is: `input`, `expense`, `base`, `row`, `uncovered`, `pay`, …
    pub role: String,
    /// The author's words.
    pub label: String,
    /// Where it is written.
    pub place: Place,
}
