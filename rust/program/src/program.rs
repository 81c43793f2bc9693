//! What a verified program is made of.
//!
//! Money of figures is fen × 10^scale as the benefit says; days count from 1970-01-01; masks have one bit for each
//! identity.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::isa::{Instruction, Kind};

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
}

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

/// What an input column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// Fen.
    Money,
    /// 0 or 1.
    Flag,
    /// Position among the input's codes; -1 unknown.
    Code,
    /// Days since 1970-01-01.
    Day,
    /// A whole number.
    Count,
    /// Any text: its position among the input's codes, -1 for every other; without codes no instruction reads it.
    Text,
}

/// Where an input column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputTable {
    /// The claims file.
    Claims,
    /// The institutions file, joined to the claim.
    Institutions,
    /// The enrolment file.
    Enrolment,
}

/// A column that the program reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Column name.
    pub column: String,
    /// Other spellings of it.
    pub alternatives: Vec<String>,
    /// What the rules call it.
    pub label: String,
    /// What it holds.
    pub kind: InputKind,
    /// Where it comes from.
    pub table: InputTable,
    /// Whether a file without it is refused.
    pub required: bool,
    /// What an absent or empty value counts as.
    pub default: Option<i64>,
    /// Known codes, in order (kind code: no other is taken; kind text: those that some rule asks for).
    pub codes: Vec<String>,
    /// The labels of the codes.
    pub labels: Vec<String>,
}

impl Input {
    /// The register kind that reading the input gives, if it can be read.
    #[must_use]
    pub const fn register(&self) -> Option<Kind> {
        match self.kind {
            InputKind::Money => Some(Kind::Money),
            InputKind::Flag => Some(Kind::Flag),
            InputKind::Code => Some(Kind::Code),
            InputKind::Day => Some(Kind::Day),
            InputKind::Count => Some(Kind::Count),
            InputKind::Text if self.codes.is_empty() => None,
            InputKind::Text => Some(Kind::Code),
        }
    }

    /// What an absent or blank value counts as, if its row need not be rejected.
    #[must_use]
    pub fn blank(&self) -> Option<i64> {
        match self.kind {
            InputKind::Text => Some(self.default.unwrap_or(-1)),
            _ => self.default,
        }
    }
}

/// A dated list of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Its name.
    pub name: String,
    /// The source that it was read from.
    pub source: usize,
    /// Its codes, sorted by code and day.
    pub rows: Vec<ListedCode>,
}

/// A code on a list and the days on which it is there, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedCode {
    /// Position among the codes of the input.
    pub code: i64,
    /// First day; none for no beginning.
    pub start: Option<i32>,
    /// Last day; none for no end.
    pub end: Option<i32>,
}

/// A class of the standing table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// A person with one of these identities is in it,
    pub any: i64,
    /// unless one of these is held too.
    pub except: i64,
    /// For a class on application: how many months before the application's month its window begins.
    pub lookback: Option<u32>,
    /// Whether a claim before the application counts only if its own day gave the person no class.
    pub unclassed_only: bool,
    /// Whether a second application in a calendar year is refused.
    pub once_a_year: bool,
    /// Whether its identities are labels for life: held on every day, and never beside those of another such class.
    pub lifetime: bool,
    /// Where it is written.
    pub place: Place,
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

/// By year or by claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// The person's benefit year.
    Year,
    /// The claim alone.
    Claim,
}

/// A limit that several benefits draw on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedLimit {
    /// Its name.
    pub name: String,
    /// Its period.
    pub period: Period,
}

/// When a benefit is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettleMode {
    /// Claim by claim.
    PerClaim,
    /// Once, on the year's totals.
    YearEnd,
    /// Claim by claim, with what is missing at year end.
    PerClaimYearEndTopUp,
}

/// How a part of a unit is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// 四舍五入.
    HalfUp,
    /// 四舍六入五成双.
    HalfEven,
    /// 截位.
    Truncate,
}

/// A benefit's rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundingRule {
    /// What happens to a half.
    pub mode: RoundingMode,
    /// Every claim's own amount, not the cumulative one.
    pub each: bool,
    /// In fen: 1 or 100.
    pub unit: i64,
}

/// A benefit with every row of figures that it can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// Code name.
    pub code: String,
    /// Name.
    pub name: String,
    /// Who pays.
    pub payer: String,
    /// Where it is written.
    pub place: Place,
    /// The expense that it pays out of.
    pub expense: String,
    /// What is taken off the expense first.
    pub less: Vec<String>,
    /// The parts of its base, where it is in parts.
    pub parts: Vec<Part>,
    /// Whether its base may fall below 0 on a claim.
    pub signed: bool,
    /// Claims before the payments begin count in its totals from this day on.
    pub counts_from: Option<i32>,
    /// Whether some figure depends on the standing, so that an application has accumulators of its own.
    pub by_standing: bool,
    /// When it is worked out.
    pub settle: SettleMode,
    /// Whether year end may take back.
    pub claw_back: bool,
    /// Base and amounts of figures are fen × 10^this.
    pub base_scale: u8,
    /// Rates are numerators over 10^this.
    pub rate_scale: u8,
    /// Rounding.
    pub rounding: RoundingRule,
    /// Classes in which it can apply, -1 for no class.
    pub entitled: Vec<i64>,
    /// Inputs whose sum was really paid.
    pub actual: Vec<usize>,
    /// Row 1 is `figures[0]`; row 0 is "does not apply".
    pub figures: Vec<Figure>,
}

/// One part of a base.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The expense that it pays out of.
    pub expense: String,
    /// What is taken off the expense first.
    pub less: Vec<String>,
}

/// How parts use up one deductible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// One part after another, on the totals.
    InOrder,
    /// By their sizes, on the totals.
    ProRata,
    /// As the claims come, within one in the order of the base.
    ByDate,
}

/// The figures of a row for a base in parts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartFigures {
    /// By part: rate × 10^rate scale.
    pub rates: Vec<i64>,
    /// How the deductible is shared; none where there is one part, or no deductible.
    pub sharing: Option<Sharing>,
    /// Every part once, first to use up the deductible first; for `in_order` only.
    pub order: Vec<usize>,
}

/// The first base yuan, paid at no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deductible {
    /// Fen × 10^base scale; 0 where there is none.
    pub amount: i64,
    /// Of the year's base or the claim's own.
    pub period: Period,
}

/// How a gate is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateOperator {
    /// 达到.
    AtLeast,
    /// 超过.
    Over,
}

/// All or nothing below a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Fen × 10^base scale.
    pub amount: i64,
    /// Reached or passed.
    pub operator: GateOperator,
    /// On the year's base or the claim's own.
    pub period: Period,
}

/// A rate for a stretch of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// From, fen × 10^base scale.
    pub lower: i64,
    /// To; none for no end.
    pub upper: Option<i64>,
    /// Rate × 10^rate scale.
    pub rate: i64,
}

/// A limit that a row of figures names; amounts in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitUse {
    /// Its own, by year or claim.
    Own {
        /// Year or claim.
        period: Period,
        /// Fen.
        amount: i64,
    },
    /// A shared one.
    Shared {
        /// Position in the program's limits.
        slot: usize,
        /// Fen.
        amount: i64,
    },
}

/// One row of figures: what the benefit's decision tables lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Deductible.
    pub deductible: Deductible,
    /// Gate.
    pub gate: Option<Gate>,
    /// Bands from 0 upwards, without gap or overlap.
    pub bands: Vec<Band>,
    /// Whether bands are on the year's base or the claim's own.
    pub bands_by: Period,
    /// Instead of bands, where the base is in parts.
    pub parts: Option<PartFigures>,
    /// Limits; all bind.
    pub limits: Vec<LimitUse>,
    /// The row in words.
    pub note: String,
    /// Where each figure is written.
    pub places: BTreeMap<String, Place>,
    /// Parameters that the figures come from.
    pub parameters: Vec<String>,
}

/// Of some benefits the one that pays most; ties go to the first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Claim by claim, or over the person's benefit year.
    pub by: Period,
    /// Positions of the benefits, side by side.
    pub benefits: Vec<usize>,
    /// The one benefit as it was written, where these are its classes.
    pub whole: Option<Whole>,
    /// Where it is written.
    pub place: Place,
}

/// A benefit that is paid by one of its classes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    /// The code: the result column of what its classes are paid together.
    pub code: String,
    /// The name.
    pub name: String,
}

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
