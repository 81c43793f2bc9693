//! One claim, one row at a time: the claim section run on a row's values and the accumulators of its accounts.
//!
//! This is the plain reading of the machine. Blocks of ordinary claims take a faster way to the same amounts; persons
//! with reversals, applications or amounts near the ends of 64 bits are worked out here.

mod runner;
mod turns;

use crate::parts::PartStep;
use crate::rule::{State, Stepped};

pub(crate) use runner::Runner;
pub(crate) use turns::cuts_of;

/// The day by which a claim is judged, and what is so on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) day: i32,
    pub(crate) held: i64,
    pub(crate) class: i64,
}

/// Payments that are not worked out again.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pins<'a> {
    Nothing,
    /// Of the benefits that do not go by standing (a claim before the application): by benefit, and by part.
    NotByStanding(&'a [i64], &'a [i64]),
    /// Of all benefits (a reversal).
    All(&'a [i64]),
}

/// What to do with a claim.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task<'a> {
    /// Row of the batch.
    pub(crate) row: usize,
    pub(crate) own: Moment,
    /// How benefits by standing judge it, where that differs: the application's day.
    pub(crate) applied: Option<Moment>,
    /// The account (position) of benefits that do not go by standing; none: they pay nothing.
    pub(crate) own_account: Option<usize>,
    /// The account of benefits by standing.
    pub(crate) standing_account: Option<usize>,
    /// Where the claim came before payments begin: the account in which it only counts.
    pub(crate) counting_account: Option<usize>,
    pub(crate) pins: Pins<'a>,
}

/// Sees a claim being worked out (for traces).
pub(crate) trait Observer {
    /// A register was defined; `applied`: as benefits by standing judge the claim.
    fn register(&mut self, _at: usize, _value: i64, _applied: bool) {}
    /// Whether what [`Observer::settled`] is told of parts is wanted.
    fn looks(&self) -> bool {
        false
    }
    /// A benefit was settled.
    fn settled(&mut self, _settled: &Settling<'_>) {}
}

/// What an observer is told of a settled benefit.
pub(crate) struct Settling<'a> {
    pub(crate) benefit: usize,
    pub(crate) row: i64,
    pub(crate) base: i64,
    pub(crate) uncovered: i64,
    pub(crate) before: State,
    pub(crate) after: State,
    pub(crate) used_before: &'a [i64],
    pub(crate) used_after: &'a [i64],
    pub(crate) stepped: Stepped,
    /// Of an alternative: what it would pay, and whether it was chosen.
    pub(crate) choice: Option<(i64, bool)>,
    /// Its parts, where it has some and they are wanted.
    pub(crate) parts: Vec<PartStep>,
}

/// An alternative of a choice, on one claim.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Offer {
    pub(crate) base: i64,
    pub(crate) row: i64,
    pub(crate) uncovered: i64,
}

/// Nobody looks.
pub(crate) struct Unseen;

impl Observer for Unseen {}

// INVARIANT: registers, benefits and tallies are in range by verification; these keep that without a panic.
pub(crate) fn get(values: &[i64], at: usize) -> i64 {
    values.get(at).copied().unwrap_or(0)
}

pub(crate) fn set(values: &mut [i64], at: usize, value: i64) {
    if let Some(place) = values.get_mut(at) {
        *place = value;
    }
}
