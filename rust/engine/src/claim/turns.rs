//! A benefit's turn on a claim: its registers and the account come in, what it pays goes out and the account moves on.

use super::runner::Runner;
use super::{Observer, Offer, Pins, Settling, Task, get, set};
use crate::ledger::Ledger;
use crate::ops::Op;
use crate::parts::{Given, PartStep};
use crate::prepared::Prepared;
use crate::results::Cut;
use crate::rule::{State, Stepped};

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

/// A claim as a benefit took it.
struct Taken {
    benefit: usize,
    row: i64,
    base: i64,
    uncovered: i64,
    /// What the account had before.
    before: State,
    stepped: Stepped,
}

impl Runner {
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

    /// Where a benefit works a claim out; what it pays where there is nothing to work out.
    fn place(&mut self, prepared: &Prepared, task: &Task<'_>, benefit: usize) -> Result<(usize, bool), i64> {
        match Self::turn(prepared, task, benefit) {
            Turn::Account(account) => Ok((account, false)),
            Turn::Counted(account) => Ok((account, true)),
            Turn::Pinned => Err(self.pinned(prepared, task, benefit)),
            Turn::Passed => Err(0),
        }
    }

    /// SETTLE; `operands` are the registers of base, row and uncovered, and the benefit.
    pub(super) fn settle(
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
        let (account, counted) = match self.place(prepared, task, benefit) {
            Ok(place) => place,
            Err(pay) => return Some(pay),
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
        let base = if terms.signed { base } else { base.max(0) };
        let taken = Taken {
            benefit,
            row,
            base,
            uncovered,
            before,
            stepped,
        };
        self.told(ledger, observer, &taken, Vec::new())
    }

    /// SETTLE_PARTS; `operands` are the registers of row and uncovered, and the benefit.
    pub(super) fn settle_parts(
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
        let (account, counted) = match self.place(prepared, task, benefit) {
            Ok(place) => place,
            Err(pay) => return Some(pay),
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
        let base = state.base.checked_sub(before.base)?;
        let taken = Taken {
            benefit,
            row,
            base,
            uncovered,
            before,
            stepped,
        };
        self.told(ledger, observer, &taken, steps)
    }

    /// Tell of a settled benefit, and take note of it.
    fn told(
        &mut self,
        ledger: &mut Ledger,
        observer: &mut impl Observer,
        taken: &Taken,
        parts: Vec<PartStep>,
    ) -> Option<i64> {
        observer.settled(&Settling {
            benefit: taken.benefit,
            row: taken.row,
            base: taken.base,
            uncovered: taken.uncovered,
            before: taken.before,
            after: *ledger.states.get(taken.benefit)?,
            used_before: &self.used_before,
            used_after: &ledger.used,
            stepped: taken.stepped,
            parts,
            choice: None,
        });
        Some(self.settled(ledger, taken.benefit, taken.row, &taken.stepped))
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
    pub(super) fn cap_by_year(
        &self,
        prepared: &Prepared,
        task: &Task<'_>,
        ledgers: &mut [Ledger],
        op: &Op,
    ) -> Option<i64> {
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
    pub(super) fn offer(&mut self, prepared: &Prepared, task: &Task<'_>, operands: [usize; 4]) -> Option<()> {
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
    pub(super) fn take(
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
    pub(super) fn defer(
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
