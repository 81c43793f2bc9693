//! Benefits: what each pays out of and how it is settled.

use serde::Deserialize;

use super::figure::Figure;
use super::source::Place;

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
