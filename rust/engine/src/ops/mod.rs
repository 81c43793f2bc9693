//! Verified instructions made ready to run: registers as indices, codes and classes shifted where they serve as
//! indices.

mod lists;
mod ready;
mod value;

use jiugao_program::RoundingMode;

pub(crate) use lists::Lists;
pub(crate) use ready::of_section;
pub(crate) use value::{Nowhere, Scene, value};

/// One instruction. `d` is the register that it defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Constant {
        d: usize,
        value: i64,
    },
    Input {
        d: usize,
        input: usize,
    },
    Day {
        d: usize,
    },
    Class {
        d: usize,
    },
    Holds {
        d: usize,
        mask: i64,
    },
    Regime {
        d: usize,
        dates: usize,
    },
    Add {
        d: usize,
        a: usize,
        b: usize,
    },
    Sub {
        d: usize,
        a: usize,
        b: usize,
    },
    Multiply {
        d: usize,
        a: usize,
        by: i64,
    },
    Times {
        d: usize,
        a: usize,
        b: usize,
    },
    Min {
        d: usize,
        a: usize,
        b: usize,
    },
    Max {
        d: usize,
        a: usize,
        b: usize,
    },
    AboveZero {
        d: usize,
        a: usize,
    },
    /// The day so many days later.
    Shift {
        d: usize,
        a: usize,
        days: i64,
    },
    Less {
        d: usize,
        a: usize,
        b: usize,
    },
    LessEqual {
        d: usize,
        a: usize,
        b: usize,
    },
    Equal {
        d: usize,
        a: usize,
        b: usize,
    },
    NotEqual {
        d: usize,
        a: usize,
        b: usize,
    },
    And {
        d: usize,
        a: usize,
        b: usize,
    },
    Or {
        d: usize,
        a: usize,
        b: usize,
    },
    Not {
        d: usize,
        a: usize,
    },
    InSet {
        d: usize,
        a: usize,
        set: usize,
    },
    Listed {
        d: usize,
        a: usize,
        day: usize,
        list: usize,
    },
    Choose {
        d: usize,
        flag: usize,
        a: usize,
        b: usize,
    },
    /// (a + a_plus) × n + b + b_plus.
    Radix {
        d: usize,
        a: usize,
        a_plus: i64,
        n: i64,
        b: usize,
        b_plus: i64,
    },
    /// Entry a + plus of the table.
    Lookup {
        d: usize,
        a: usize,
        plus: i64,
        table: usize,
    },
    Settle {
        d: usize,
        base: usize,
        row: usize,
        uncovered: usize,
        benefit: usize,
    },
    Defer {
        base: usize,
        row: usize,
        benefit: usize,
    },
    Offer {
        base: usize,
        row: usize,
        uncovered: usize,
        benefit: usize,
    },
    Take {
        d: usize,
        benefit: usize,
    },
    CapByYear {
        d: usize,
        a: usize,
        b: usize,
        row: usize,
        benefit: usize,
        slot: usize,
    },
    Part {
        base: usize,
        benefit: usize,
        part: usize,
    },
    SettleParts {
        d: usize,
        row: usize,
        uncovered: usize,
        benefit: usize,
    },
    PartPaid {
        d: usize,
        benefit: usize,
        part: usize,
    },
    Tally {
        a: usize,
        tally: usize,
    },
    YearTally {
        d: usize,
        tally: usize,
    },
    Close {
        d: usize,
        row: usize,
        left: usize,
        uncovered: usize,
        benefit: usize,
    },
    /// Amounts of 1/`fen` fen to whole units.
    Round {
        d: usize,
        a: usize,
        fen: i64,
        mode: RoundingMode,
        unit: i64,
    },
}
impl Op {
    /// The register that it defines.
    pub(crate) const fn defines(&self) -> Option<usize> {
        match *self {
            Self::Constant { d, .. }
            | Self::Input { d, .. }
            | Self::Day { d }
            | Self::Class { d }
            | Self::Holds { d, .. }
            | Self::Regime { d, .. }
            | Self::Add { d, .. }
            | Self::Sub { d, .. }
            | Self::Multiply { d, .. }
            | Self::Times { d, .. }
            | Self::Min { d, .. }
            | Self::Max { d, .. }
            | Self::AboveZero { d, .. }
            | Self::Shift { d, .. }
            | Self::Less { d, .. }
            | Self::LessEqual { d, .. }
            | Self::Equal { d, .. }
            | Self::NotEqual { d, .. }
            | Self::And { d, .. }
            | Self::Or { d, .. }
            | Self::Not { d, .. }
            | Self::InSet { d, .. }
            | Self::Listed { d, .. }
            | Self::Choose { d, .. }
            | Self::Radix { d, .. }
            | Self::Lookup { d, .. }
            | Self::Settle { d, .. }
            | Self::Take { d, .. }
            | Self::CapByYear { d, .. }
            | Self::SettleParts { d, .. }
            | Self::PartPaid { d, .. }
            | Self::YearTally { d, .. }
            | Self::Close { d, .. }
            | Self::Round { d, .. } => Some(d),
            Self::Defer { .. } | Self::Offer { .. } | Self::Tally { .. } | Self::Part { .. } => None,
        }
    }

    /// The registers that it reads; the rest are the first again.
    pub(crate) const fn reads(&self) -> ([usize; 3], usize) {
        match *self {
            Self::Constant { .. }
            | Self::Input { .. }
            | Self::Day { .. }
            | Self::Class { .. }
            | Self::Holds { .. }
            | Self::Regime { .. }
            | Self::Take { .. }
            | Self::PartPaid { .. }
            | Self::YearTally { .. } => ([0; 3], 0),
            Self::Part { base, .. } => ([base; 3], 1),
            Self::SettleParts { row, uncovered, .. } => ([row, uncovered, row], 2),
            Self::CapByYear { a, b, row, .. } => ([a, b, row], 3),
            Self::Multiply { a, .. }
            | Self::AboveZero { a, .. }
            | Self::Shift { a, .. }
            | Self::Not { a, .. }
            | Self::InSet { a, .. }
            | Self::Lookup { a, .. }
            | Self::Tally { a, .. }
            | Self::Round { a, .. } => ([a; 3], 1),
            Self::Listed { a, day, .. } => ([a, day, a], 2),
            Self::Add { a, b, .. }
            | Self::Sub { a, b, .. }
            | Self::Times { a, b, .. }
            | Self::Min { a, b, .. }
            | Self::Max { a, b, .. }
            | Self::Less { a, b, .. }
            | Self::LessEqual { a, b, .. }
            | Self::Equal { a, b, .. }
            | Self::NotEqual { a, b, .. }
            | Self::And { a, b, .. }
            | Self::Or { a, b, .. }
            | Self::Radix { a, b, .. } => ([a, b, a], 2),
            Self::Defer { base, row, .. } => ([base, row, base], 2),
            Self::Close {
                row, left, uncovered, ..
            } => ([row, left, uncovered], 3),
            Self::Choose { flag, a, b, .. } => ([flag, a, b], 3),
            Self::Settle {
                base, row, uncovered, ..
            }
            | Self::Offer {
                base, row, uncovered, ..
            } => ([base, row, uncovered], 3),
        }
    }
}
