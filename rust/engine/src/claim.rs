//! One claim, one row at a time: the claim section run on a row's values and the accumulators of its accounts.
//!
//! This is the plain reading of the machine. Blocks of ordinary claims take a faster way to the same amounts; persons
//! with reversals, applications or amounts near the ends of 64 bits are worked out here.

use crate::batch::{Batch, Column};
use crate::error::EngineError;
use crate::ledger::Ledger;
use crate::ops::{self, Op, Scene};
use crate::parts::{Given, PartStep};
use crate::prepared::Prepared;
use crate::results::Cut;
use crate::rule::{State, Stepped};
use crate::sheet::NOBODY;

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

/// How a benefit takes a claim.
enum Turn {
    /// What it pays is given.
    Pinned,
    /// It is worked out in this account.
    Account(usize),
    /// It counts in this account and pays nothing.
    Counted(usize),
    /// Nothing.
    Passed,
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

/// Memory for running single claims.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runner {
    own: Vec<i64>,
    applied: Vec<i64>,
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
    part_bases: [Vec<i64>; 2],
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

    fn tally(&self, _tally: usize) -> i64 {
        0
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

    /// How a benefit takes a claim.
    fn turn(prepared: &Prepared, task: &Task<'_>, benefit: usize) -> Turn {
        let by_standing = prepared.by_standing.get(benefit).copied().unwrap_or(false);
        match task.pins {
            Pins::All(_) => return Turn::Pinned,
            Pins::NotByStanding(..) if !by_standing => return Turn::Pinned,
            _ => {}
        }
        let account = if by_standing {
            task.standing_account
        } else {
            task.own_account
        };
        let counts = || {
            let first = prepared.terms.get(benefit)?.counts_from?;
            task.counting_account.filter(|_| first <= task.own.day)
        };
        match account {
            Some(account) => Turn::Account(account),
            None => counts().map_or(Turn::Passed, Turn::Counted),
        }
    }

    /// The registers by which a benefit judges the claim: 0 its own day's, 1 the application's.
    fn side(prepared: &Prepared, task: &Task<'_>, benefit: usize) -> usize {
        let by_standing = prepared.by_standing.get(benefit).copied().unwrap_or(false);
        usize::from(by_standing && task.applied.is_some())
    }

    fn registers(&self, side: usize) -> &[i64] {
        if side == 0 { &self.own } else { &self.applied }
    }

    /// What the bill has uncovered; what later benefits paid on the claim's day is covered already.
    fn uncovered(&self, prepared: &Prepared, task: &Task<'_>, register: i64, benefit: usize) -> Option<i64> {
        let mut uncovered = register;
        if let Pins::NotByStanding(pays, _) = task.pins {
            let later = benefit.checked_add(1)?;
            for (pay, by_standing) in pays.iter().zip(&prepared.by_standing).skip(later) {
                uncovered = uncovered.checked_sub(if *by_standing { 0 } else { *pay })?;
            }
        }
        Some(uncovered)
    }

    /// SETTLE; `operands` are the registers of base, row and uncovered, and the benefit.
    fn settle(
        &mut self,
        prepared: &Prepared,
        task: &Task<'_>,
        ledgers: &mut [Ledger],
        observer: &mut impl Observer,
        operands: [usize; 4],
    ) -> Option<i64> {
        let [base, row, uncovered, benefit] = operands;
        let registers = self.registers(Self::side(prepared, task, benefit));
        let (base, row, uncovered) = (get(registers, base), get(registers, row), get(registers, uncovered));
        let (account, counted) = match Self::turn(prepared, task, benefit) {
            Turn::Pinned => return Some(self.pinned(prepared, task, benefit)),
            Turn::Passed => return Some(0),
            Turn::Account(account) => (account, false),
            Turn::Counted(account) => (account, true),
        };
        let terms = prepared.terms.get(benefit)?;
        let (Some(ledger), Some(phi)) = (ledgers.get_mut(account), terms.row(row)) else {
            return Some(0);
        };
        let uncovered = self.uncovered(prepared, task, uncovered, benefit)?;
        let state = ledger.states.get_mut(benefit)?;
        let before = *state;
        self.used_before.clone_from(&ledger.used);
        let stepped = if counted {
            terms.count(state, base)?
        } else {
            terms.settle(phi, state, &mut ledger.used, base, uncovered)?
        };
        let after = *state;
        observer.settled(&Settling {
            benefit,
            row,
            base: if terms.signed { base } else { base.max(0) },
            uncovered,
            before,
            after,
            used_before: &self.used_before,
            used_after: &ledger.used,
            stepped,
            parts: Vec::new(),
            choice: None,
        });
        Some(self.settled(ledger, benefit, row, &stepped))
    }

    /// SETTLE_PARTS; `operands` are the registers of row and uncovered, and the benefit.
    fn settle_parts(
        &mut self,
        prepared: &Prepared,
        task: &Task<'_>,
        ledgers: &mut [Ledger],
        observer: &mut impl Observer,
        operands: [usize; 3],
    ) -> Option<i64> {
        let [row, uncovered, benefit] = operands;
        let side = Self::side(prepared, task, benefit);
        let registers = self.registers(side);
        let (row, uncovered) = (get(registers, row), get(registers, uncovered));
        let (account, counted) = match Self::turn(prepared, task, benefit) {
            Turn::Pinned => return Some(self.pinned(prepared, task, benefit)),
            Turn::Passed => return Some(0),
            Turn::Account(account) => (account, false),
            Turn::Counted(account) => (account, true),
        };
        let terms = prepared.terms.get(benefit)?;
        let (Some(ledger), Some(phi)) = (ledgers.get_mut(account), terms.row(row)) else {
            return Some(0);
        };
        let uncovered = self.uncovered(prepared, task, uncovered, benefit)?;
        let places = prepared.parts_of(benefit);
        let bases = self.part_bases.get(side)?.get(places.clone())?;
        let state = ledger.states.get_mut(benefit)?;
        let before = *state;
        self.used_before.clone_from(&ledger.used);
        let parts = ledger.parts.get_mut(benefit)?.as_mut()?;
        let (stepped, steps) = if counted {
            parts.count(bases, terms.signed)?;
            let base = bases.iter().try_fold(0_i64, |sum, base| {
                sum.checked_add(if terms.signed { *base } else { (*base).max(0) })
            })?;
            (terms.count(state, base)?, Vec::new())
        } else {
            let given = Given {
                bases,
                uncovered,
                told: observer.looks(),
            };
            let pays = self.part_pays.get_mut(places)?;
            parts.settle(terms, phi, (state, &mut ledger.used), &given, pays)?
        };
        let after = *state;
        observer.settled(&Settling {
            benefit,
            row,
            base: after.base.checked_sub(before.base)?,
            uncovered,
            before,
            after,
            used_before: &self.used_before,
            used_after: &ledger.used,
            stepped,
            parts: steps,
            choice: None,
        });
        Some(self.settled(ledger, benefit, row, &stepped))
    }

    /// A payment that is not worked out again.
    fn pinned(&mut self, prepared: &Prepared, task: &Task<'_>, benefit: usize) -> i64 {
        let pay = match task.pins {
            Pins::All(pays) => get(pays, benefit),
            Pins::NotByStanding(pays, parts) => {
                let places = prepared.parts_of(benefit);
                if let (Some(to), Some(from)) = (self.part_pays.get_mut(places.clone()), parts.get(places)) {
                    to.copy_from_slice(from);
                }
                get(pays, benefit)
            }
            Pins::Nothing => 0,
        };
        set(&mut self.pays, benefit, pay);
        pay
    }

    /// Take note of a settled benefit.
    pub(crate) fn settled(&mut self, ledger: &mut Ledger, benefit: usize, row: i64, stepped: &Stepped) -> i64 {
        set(&mut ledger.rows, benefit, row);
        set(&mut self.rows, benefit, row);
        if let Some(cuts) = self.cuts.get_mut(benefit) {
            *cuts = cuts_of(stepped);
        }
        set(&mut self.pays, benefit, stepped.pay);
        stepped.pay
    }

    /// CAP_BY_YEAR: by how much the claim raises the lesser of two totals.
    fn cap_by_year(&self, prepared: &Prepared, task: &Task<'_>, ledgers: &mut [Ledger], op: &Op) -> Option<i64> {
        let Op::CapByYear {
            a,
            b,
            row,
            benefit,
            slot,
            ..
        } = *op
        else {
            return Some(0);
        };
        let registers = self.registers(Self::side(prepared, task, benefit));
        let (a, b, row) = (get(registers, a), get(registers, b), get(registers, row));
        let account = match Self::turn(prepared, task, benefit) {
            Turn::Account(account) | Turn::Counted(account) if row > 0 => account,
            _ => return Some(0),
        };
        let Some(totals) = ledgers.get_mut(account).and_then(|ledger| ledger.caps.get_mut(slot)) else {
            return Some(0);
        };
        let [left, cap] = *totals;
        let after = [left.checked_add(a)?, cap.checked_add(b.max(0))?];
        *totals = after;
        after[0].min(after[1]).checked_sub(left.min(cap))
    }

    /// OFFER; `operands` are the registers of base, row and uncovered, and the benefit.
    fn offer(&mut self, prepared: &Prepared, task: &Task<'_>, operands: [usize; 4]) -> Option<()> {
        let [base, row, uncovered, benefit] = operands;
        let registers = self.registers(Self::side(prepared, task, benefit));
        let (base, row, uncovered) = (get(registers, base), get(registers, row), get(registers, uncovered));
        let base = if prepared.terms.get(benefit)?.signed {
            base
        } else {
            base.max(0)
        };
        let uncovered = self.uncovered(prepared, task, uncovered, benefit)?;
        if let Some(place) = self.offers.get_mut(benefit) {
            *place = Offer { base, row, uncovered };
        }
        Some(())
    }

    /// TAKE: the first of a choice's benefits makes the choice.
    fn take(
        &mut self,
        prepared: &Prepared,
        task: &Task<'_>,
        ledgers: &mut [Ledger],
        observer: &mut impl Observer,
        benefit: usize,
    ) -> Option<i64> {
        match Self::turn(prepared, task, benefit) {
            Turn::Pinned => return Some(self.pinned(prepared, task, benefit)),
            Turn::Passed => {}
            Turn::Account(account) => {
                let choice = prepared.choice_of.get(benefit).copied().flatten()?;
                let choice = prepared.program.choices().get(choice)?;
                if choice.benefits.first() == Some(&benefit)
                    && let Some(ledger) = ledgers.get_mut(account)
                {
                    self.choose(prepared, choice, ledger, observer)?;
                }
            }
            Turn::Counted(account) => {
                if let Some(ledger) = ledgers.get_mut(account) {
                    self.count_offered(prepared, ledger, observer, benefit)?;
                }
            }
        }
        Some(get(&self.pays, benefit))
    }

    /// DEFER; `operands` are the registers of base and row, and the benefit.
    fn defer(
        &mut self,
        prepared: &Prepared,
        task: &Task<'_>,
        ledgers: &mut [Ledger],
        operands: [usize; 3],
    ) -> Option<()> {
        let [base, row, benefit] = operands;
        let (account, counted) = match Self::turn(prepared, task, benefit) {
            Turn::Account(account) => (account, false),
            Turn::Counted(account) => (account, true),
            Turn::Pinned | Turn::Passed => return Some(()),
        };
        let registers = self.registers(Self::side(prepared, task, benefit));
        let (base, row) = (get(registers, base), get(registers, row));
        let terms = prepared.terms.get(benefit)?;
        if let Some(ledger) = ledgers.get_mut(account)
            && terms.row(row).is_some()
        {
            let state = ledger.states.get_mut(benefit)?;
            if counted {
                terms.count(state, base)?;
            } else {
                let base = if terms.signed { base } else { base.max(0) };
                state.base = state.base.checked_add(base)?;
            }
            set(&mut ledger.rows, benefit, row);
            set(&mut self.rows, benefit, row);
        }
        Some(())
    }
}

/// The bits of [`Cut`] of a settled claim.
pub(crate) const fn cuts_of(stepped: &Stepped) -> u8 {
    (if stepped.below { Cut::BELOW } else { 0 })
        | (if stepped.limited { Cut::LIMIT } else { 0 })
        | (if stepped.covered { Cut::COVERED } else { 0 })
}

// INVARIANT: registers, benefits and tallies are in range by verification; these keep that without a panic.
pub(crate) fn get(values: &[i64], at: usize) -> i64 {
    values.get(at).copied().unwrap_or(0)
}

pub(crate) fn set(values: &mut [i64], at: usize, value: i64) {
    if let Some(place) = values.get_mut(at) {
        *place = value;
    }
}
