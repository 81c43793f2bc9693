//! The rows of figures that decision tables lead to.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::benefit::{Period, Sharing};
use super::source::Place;

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
