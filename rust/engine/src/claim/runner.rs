//! The claim section on a row's registers, from the first instruction to the last.

use super::{Moment, Observer, Offer, Task, get, set};
use crate::batch::{Batch, Column};
use crate::error::EngineError;
use crate::ledger::Ledger;
use crate::ops::{self, Op, Scene};
use crate::prepared::Prepared;
use crate::sheet::NOBODY;

/// Memory for running single claims.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runner {
    pub(super) own: Vec<i64>,
    pub(super) applied: Vec<i64>,
    pub(crate) used_before: Vec<i64>,
    /// By benefit: what it offered.
    pub(crate) offers: Vec<Offer>,
    /// By benefit that is one of a choice: what it would pay, of a choice by year so far in the year.
    pub(crate) offered: Vec<i64>,
    /// By benefit: what the claim was paid.
    pub(crate) pays: Vec<i64>,
    /// By part of all benefits: what the claim was paid.
    pub(crate) part_pays: Vec<i64>,
    /// By part of all benefits: its base; then as benefits by standing judge the claim.
    pub(super) part_bases: [Vec<i64>; 2],
    /// By benefit: row of figures.
    pub(crate) rows: Vec<i64>,
    /// By benefit: bits of [`Cut`].
    pub(crate) cuts: Vec<u8>,
    /// By tally: what the claim adds.
    pub(crate) tallies: Vec<i64>,
    /// By tally: what it adds as benefits by standing judge it.
    pub(crate) applied_tallies: Vec<i64>,
    pub(crate) burden: i64,
    pub(crate) excess: i64,
    /// As [`NOBODY`].
    pub(crate) paying: [i64; NOBODY.len()],
    /// By measure.
    pub(crate) measures: Vec<i64>,
}

struct AtRow<'a> {
    batch: &'a Batch<'a>,
    day_input: usize,
    row: usize,
    moment: Moment,
}

impl Scene for AtRow<'_> {
    #[inline]
    fn input(&self, input: usize) -> i64 {
        if input == self.day_input {
            return self.batch.days.get(self.row).copied().map_or(0, i64::from);
        }
        match self.batch.inputs.get(input) {
            Some(Column::Constant(value)) => *value,
            Some(Column::Values(values)) => values.get(self.row).copied().unwrap_or(0),
            None => 0,
        }
    }

    fn day(&self) -> i32 {
        self.moment.day
    }

    fn class(&self) -> i64 {
        self.moment.class
    }

    fn held(&self) -> i64 {
        self.moment.held
    }
}

impl Runner {
    fn reset(&mut self, prepared: &Prepared) {
        let benefits = prepared.benefits();
        let tallies = prepared.program.tallies().len();
        for registers in [&mut self.own, &mut self.applied] {
            registers.resize(prepared.claim.registers, 0);
        }
        self.offers.clear();
        self.offers.resize(benefits, Offer::default());
        for values in [&mut self.pays, &mut self.rows, &mut self.offered] {
            values.clear();
            values.resize(benefits, 0);
        }
        let [own, applied] = &mut self.part_bases;
        for values in [&mut self.part_pays, own, applied] {
            values.clear();
            values.resize(prepared.parts(), 0);
        }
        for values in [&mut self.tallies, &mut self.applied_tallies] {
            values.clear();
            values.resize(tallies, 0);
        }
        self.cuts.clear();
        self.cuts.resize(benefits, 0);
    }

    /// Run the claim section.
    ///
    /// # Errors
    /// An overflow, with the row and what was being worked out.
    pub(crate) fn run(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        task: &Task<'_>,
        ledgers: &mut [Ledger],
        observer: &mut impl Observer,
    ) -> Result<(), EngineError> {
        self.reset(prepared);
        let day_input = prepared.program.day_input();
        let scene = |moment| AtRow {
            batch,
            day_input,
            row: task.row,
            moment,
        };
        let own = scene(task.own);
        let applied = task.applied.map(scene);
        for (at, op) in prepared.claim.ops.iter().enumerate() {
            let too_large = || prepared.overflow(Some(task.row), at);
            match *op {
                Op::Settle {
                    d,
                    base,
                    row,
                    uncovered,
                    benefit,
                } => {
                    let pay = self
                        .settle(prepared, task, ledgers, observer, [base, row, uncovered, benefit])
                        .ok_or_else(too_large)?;
                    set(&mut self.own, d, pay);
                    set(&mut self.applied, d, pay);
                    observer.register(at, pay, false);
                }
                Op::Defer { base, row, benefit } => {
                    self.defer(prepared, task, ledgers, [base, row, benefit])
                        .ok_or_else(too_large)?;
                }
                Op::Offer {
                    base,
                    row,
                    uncovered,
                    benefit,
                } => {
                    self.offer(prepared, task, [base, row, uncovered, benefit])
                        .ok_or_else(too_large)?;
                }
                Op::Take { d, benefit } => {
                    let pay = self
                        .take(prepared, task, ledgers, observer, benefit)
                        .ok_or_else(too_large)?;
                    set(&mut self.own, d, pay);
                    set(&mut self.applied, d, pay);
                    observer.register(at, pay, false);
                }
                Op::CapByYear { d, .. } => {
                    let value = self.cap_by_year(prepared, task, ledgers, op).ok_or_else(too_large)?;
                    set(&mut self.own, d, value);
                    set(&mut self.applied, d, value);
                    observer.register(at, value, false);
                    if applied.is_some() {
                        observer.register(at, value, true);
                    }
                }
                Op::Part { base, benefit, part } => {
                    let place = prepared.parts_of(benefit).start.saturating_add(part);
                    let [own, applied] = &mut self.part_bases;
                    set(own, place, get(&self.own, base));
                    set(applied, place, get(&self.applied, base));
                }
                Op::SettleParts {
                    d,
                    row,
                    uncovered,
                    benefit,
                } => {
                    let pay = self
                        .settle_parts(prepared, task, ledgers, observer, [row, uncovered, benefit])
                        .ok_or_else(too_large)?;
                    set(&mut self.own, d, pay);
                    set(&mut self.applied, d, pay);
                    observer.register(at, pay, false);
                }
                Op::PartPaid { d, benefit, part } => {
                    let place = prepared.parts_of(benefit).start.saturating_add(part);
                    let pay = get(&self.part_pays, place);
                    set(&mut self.own, d, pay);
                    set(&mut self.applied, d, pay);
                    observer.register(at, pay, false);
                }
                Op::Tally { a, tally } => {
                    set(&mut self.tallies, tally, get(&self.own, a));
                    set(&mut self.applied_tallies, tally, get(&self.applied, a));
                }
                _ => {
                    let Some(d) = op.defines() else { continue };
                    let value = ops::value(op, &self.own, &prepared.lists, &own).ok_or_else(too_large)?;
                    set(&mut self.own, d, value);
                    observer.register(at, value, false);
                    if let Some(scene) = &applied {
                        let value = ops::value(op, &self.applied, &prepared.lists, scene).ok_or_else(too_large)?;
                        set(&mut self.applied, d, value);
                        observer.register(at, value, true);
                    }
                }
            }
        }
        let outputs = prepared.program.outputs();
        self.burden = get(&self.own, outputs.burden);
        self.excess = get(&self.own, outputs.excess);
        self.paying = outputs.paying.as_ref().map_or(NOBODY, |paying| {
            [paying.payee, paying.due, paying.excess, paying.replaced].map(|register| get(&self.own, register))
        });
        self.measures.clear();
        for measure in prepared.program.measures() {
            self.measures.push(get(&self.own, measure.register));
        }
        Ok(())
    }
}
