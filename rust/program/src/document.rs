//! The body of a program file as JSON has it; what is taken here has the right shape and is not yet verified.
//!
//! Parts whose shape is that of the verified program are read as such; the rest has a reader of its own here.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::program::{
    Choice, Class, Force, Input, KnownUntil, MeasureKind, MeasuredSection, Parameter, Part, PartFigures, Paying,
    Period, Place, PolicyInfo, RoundingRule, SettleMode, SharedLimit, SourceText, Subsidy, Warning, YearBegin,
};

/// The whole body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub compiler: String,
    pub policy: PolicyInfo,
    pub settings: BTreeMap<String, String>,
    pub sources: Vec<SourceText>,
    pub inputs: Vec<Input>,
    pub day_input: usize,
    pub fund_columns: Vec<usize>,
    pub identities: Vec<String>,
    pub identity_codes: BTreeMap<String, u32>,
    pub standing: Option<String>,
    pub classes: Vec<Class>,
    pub force: Force,
    pub known_until: KnownUntil,
    pub change_days: Vec<i32>,
    pub order_dependent: Vec<String>,
    pub limits: Vec<SharedLimit>,
    pub benefits: Vec<BenefitEntry>,
    pub choices: Vec<Choice>,
    pub tables: Vec<TableEntry>,
    pub sets: Vec<Vec<i64>>,
    pub dates: Vec<Vec<i32>>,
    pub lists: Vec<CodeListEntry>,
    pub tallies: Vec<u8>,
    pub claim: SectionEntry,
    pub year: Vec<YearEntry>,
    pub watch: WatchEntry,
    pub enrolment: EnrolmentEntry,
    pub outputs: OutputsEntry,
    pub payees: Vec<String>,
    pub warnings: Vec<Warning>,
    #[serde(default)]
    pub measures: Vec<MeasureEntry>,
    #[serde(default)]
    #[expect(dead_code, reason = "worked out from the measures, outside the machine")]
    pub funds: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    #[expect(dead_code, reason = "as the funds")]
    pub indicators: Vec<serde::de::IgnoredAny>,
    pub subsidies: Vec<Subsidy>,
    pub parameters: Vec<Parameter>,
    #[serde(default)]
    pub carried: Vec<CarriedEntry>,
    #[serde(default)]
    pub year_begins: Option<YearBegin>,
    pub debug: Vec<DebugLine>,
}

/// A policy that this one replaces, and which of its totals go on; renamed before the machine sees an opening balance.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CarriedEntry {
    pub code: String,
    #[expect(dead_code, reason = "for people")]
    pub name: String,
    pub totals: Vec<CarriedTotal>,
    pub place: Place,
}

/// What the other policy calls `old` goes on as `new`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CarriedTotal {
    pub sort: CarriedSort,
    pub new: String,
    pub old: String,
}

/// What a total is of: a benefit or an indicator by code, a limit or an expense by name.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CarriedSort {
    Benefit,
    Limit,
    Expense,
    Indicator,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BenefitEntry {
    pub code: String,
    pub name: String,
    pub payer: String,
    pub place: Place,
    pub expense: String,
    pub less: Vec<String>,
    pub parts: Vec<Part>,
    pub signed: bool,
    pub counts_from: Option<i32>,
    pub by_standing: bool,
    pub settle: SettleMode,
    pub claw_back: bool,
    pub base_scale: u8,
    pub rate_scale: u8,
    pub rounding: RoundingRule,
    pub entitled: Vec<i64>,
    pub actual: Vec<usize>,
    pub figures: Vec<FigureEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FigureEntry {
    pub deductible: Option<(i64, Period)>,
    pub gate: Option<(i64, GateWord, Period)>,
    pub bands: Vec<(i64, Option<i64>, i64)>,
    pub bands_by: Period,
    pub parts: Option<PartFigures>,
    pub limits: Vec<LimitEntry>,
    pub note: String,
    pub places: BTreeMap<String, Place>,
    pub parameters: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GateWord {
    AtLeast,
    Over,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SharedWord {
    Shared,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum LimitEntry {
    Shared(SharedWord, usize, i64),
    Own(Period, i64),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TableKind {
    Money,
    Count,
    Day,
    Flag,
    Row,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableEntry {
    pub kind: TableKind,
    pub scale: u8,
    pub values: Vec<i64>,
}

pub(crate) type ListedEntry = (i64, Option<i32>, Option<i32>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeListEntry {
    pub name: String,
    pub source: usize,
    pub rows: Vec<ListedEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SectionEntry {
    pub registers: usize,
    pub code: Vec<Vec<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct YearEntry {
    pub benefit: usize,
    pub registers: usize,
    pub code: Vec<Vec<i64>>,
    pub out: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WatchEntry {
    pub registers: usize,
    pub code: Vec<Vec<i64>>,
    pub out: Vec<(usize, usize, usize)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnrolmentEntry {
    pub registers: usize,
    pub code: Vec<Vec<i64>>,
    pub out: Vec<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutputsEntry {
    pub benefits: Vec<Option<usize>>,
    pub burden: usize,
    pub excess: usize,
    pub paying: Option<Paying>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureEntry {
    pub name: String,
    pub section: MeasuredSection,
    pub kind: MeasureKind,
    pub scale: u8,
    pub register: usize,
    pub place: Place,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DebugLine {
    pub section: String,
    pub index: usize,
    pub role: String,
    pub label: String,
    pub place: Place,
}
