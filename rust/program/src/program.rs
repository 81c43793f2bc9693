//! What a verified program is made of.
//!
//! Money of figures is fen × 10^scale as the benefit says; days count from 1970-01-01; masks have one bit for each
//! identity.

mod benefit;
mod figure;
mod input;
mod section;
mod source;

use std::collections::BTreeMap;

pub use benefit::{Benefit, Choice, Part, Period, RoundingMode, RoundingRule, SettleMode, SharedLimit, Sharing, Whole};
pub use figure::{Band, Deductible, Figure, Gate, GateOperator, LimitUse, PartFigures};
pub use input::{Class, CodeList, Input, InputKind, InputTable, ListedCode};
pub use section::{
    Measure, MeasureKind, MeasuredSection, Outputs, Paying, SectionCode, Subsidy, Table, Warning, WatchOut, YearSection,
};
pub use source::{DebugEntry, Force, KnownUntil, Parameter, ParameterValue, Place, PolicyInfo, SourceText, YearBegin};

/// A verified program. Made by [`crate::decode`] only.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) digest: String,
    pub(crate) body: String,
    pub(crate) compiler: String,
    pub(crate) policy: PolicyInfo,
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) sources: Vec<SourceText>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) day_input: usize,
    pub(crate) fund_columns: Vec<usize>,
    pub(crate) standing: Option<String>,
    pub(crate) order_dependent: Vec<String>,
    pub(crate) identities: Vec<String>,
    pub(crate) identity_codes: BTreeMap<String, u32>,
    pub(crate) classes: Vec<Class>,
    pub(crate) force: Force,
    pub(crate) known_until: KnownUntil,
    pub(crate) change_days: Vec<i32>,
    pub(crate) limits: Vec<SharedLimit>,
    pub(crate) benefits: Vec<Benefit>,
    pub(crate) choices: Vec<Choice>,
    pub(crate) tables: Vec<Table>,
    pub(crate) sets: Vec<Vec<i64>>,
    pub(crate) dates: Vec<Vec<i32>>,
    pub(crate) lists: Vec<CodeList>,
    pub(crate) tallies: Vec<u8>,
    pub(crate) claim: SectionCode,
    pub(crate) outputs: Outputs,
    pub(crate) payees: Vec<String>,
    pub(crate) year: Vec<YearSection>,
    pub(crate) watch: SectionCode,
    pub(crate) watch_out: Vec<WatchOut>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) enrolment_measures: Vec<Measure>,
    pub(crate) enrolment: SectionCode,
    pub(crate) enrolment_out: Vec<usize>,
    pub(crate) subsidies: Vec<Subsidy>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) year_begins: YearBegin,
}

macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident: $type:ty),* $(,)?) => {
        impl Program { $($(#[$doc])* #[must_use] pub fn $name(&self) -> &$type { &self.$name })* }
    };
}

accessors! {
    /// SHA-256 of the body in hex: the name of the program in every result.
    digest: str,
    /// The body of the file: canonical JSON.
    body: str,
    /// Name and version of the compiler.
    compiler: str,
    /// The circular.
    policy: PolicyInfo,
    /// Parameters set when compiling.
    settings: BTreeMap<String, String>,
    /// The rules texts.
    sources: [SourceText],
    /// Every column that the program reads, of all tables.
    inputs: [Input],
    /// Positions of the inputs that are fund payments counting as paid by others.
    fund_columns: [usize],
    /// Name of the standing table.
    standing: Option<String>,
    /// Constructs that make a year's total depend on the order of claims.
    order_dependent: [String],
    /// Names of the identities; the position is the bit.
    identities: [String],
    /// Code in a people table to bit.
    identity_codes: BTreeMap<String, u32>,
    /// The standing table, highest class first.
    classes: [Class],
    /// When the policy holds.
    force: Force,
    /// How far the figures are known.
    known_until: KnownUntil,
    /// Sorted days from which some figure or dated condition differs from the day before.
    change_days: [i32],
    /// Limits that several benefits draw on.
    limits: [SharedLimit],
    /// Benefits in chain order.
    benefits: [Benefit],
    /// Benefits of which one is chosen.
    choices: [Choice],
    /// Tables of LOOKUP.
    tables: [Table],
    /// Sets of IN_SET, each sorted.
    sets: [Vec<i64>],
    /// Day lists of REGIME, each sorted.
    dates: [Vec<i32>],
    /// Lists of LISTED.
    lists: [CodeList],
    /// Money scale of each tally.
    tallies: [u8],
    /// The claim section.
    claim: SectionCode,
    /// Which registers of the claim section are the results.
    outputs: Outputs,
    /// Payees that benefits name beside the person.
    payees: [String],
    /// A section for each benefit that has something to settle at year end.
    year: [YearSection],
    /// The section of the indicators.
    watch: SectionCode,
    /// What the watch section gives.
    watch_out: [WatchOut],
    /// What every claim shows beside its payments.
    measures: [Measure],
    /// What every enrolment row shows beside its subsidies.
    enrolment_measures: [Measure],
    /// Indicators by person and year.
    warnings: [Warning],
    /// The section of the premium subsidies.
    enrolment: SectionCode,
    /// The register of each subsidy in the enrolment section.
    enrolment_out: [usize],
    /// Premium subsidies.
    subsidies: [Subsidy],
    /// Dated figures and readings, for explanations.
    parameters: [Parameter],
}

impl Program {
    /// Position of the input that gives a claim's day, order and benefit year.
    #[must_use]
    pub const fn day_input(&self) -> usize {
        self.day_input
    }

    /// The day of the calendar on which benefit years begin.
    #[must_use]
    pub const fn year_begins(&self) -> YearBegin {
        self.year_begins
    }
}
