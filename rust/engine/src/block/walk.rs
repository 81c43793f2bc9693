//! Accounts that a block cannot settle by column operations: one claim after another.

use crate::kernels::Operand;
use crate::rule::{State, Stepped, Terms};

use super::figures::Figures;
use super::segments::Segment;
use super::settle::{Scan, Target, Task, set_detail};

/// One account's part of the columns.
struct Stretch<'a> {
    base: Walker<'a>,
    less: Walker<'a>,
    rows: Walker<'a>,
    uncovered: Walker<'a>,
}

impl<'a> Stretch<'a> {
    fn of(task: &Task<'a>, segment: &Segment) -> Self {
        Self {
            base: task.base.along(segment),
            less: task.less.along(segment),
            rows: task.row.along(segment),
            uncovered: task.uncovered.along(segment),
        }
    }

    /// Base, row of figures and what is uncovered of the next claim. Bounded values do not wrap.
    #[inline]
    fn next(&mut self) -> (i64, i64, i64) {
        let base = self.base.next().wrapping_sub(self.less.next());
        (base, self.rows.next(), self.uncovered.next())
    }
}

impl Scan {
    /// One account claim by claim, by the rule itself.
    pub(super) fn walk(&mut self, task: &Task<'_>, terms: &Terms, segment: &Segment, target: &mut Target<'_, '_>) {
        let mut state = State::default();
        if segment.continues {
            state = self.before;
        } else {
            self.used.fill(0);
        }
        let after = segment.start.saturating_add(1)..segment.end.saturating_add(1);
        let out = target.out.get_mut(segment.range()).unwrap_or_default();
        let sums = self.sums.get_mut(after.clone()).unwrap_or_default();
        let due = self.due.get_mut(after).unwrap_or_default();
        let mut stretch = Stretch::of(task, segment);
        for (n, ((out, sum), due)) in out.iter_mut().zip(sums).zip(due).enumerate() {
            let (base, row, uncovered) = stretch.next();
            let mut stepped = Stepped::default();
            if let Some(phi) = terms.row(row) {
                match terms.settle(phi, &mut state, &mut self.used, base, uncovered) {
                    Some(paid) => {
                        stepped = paid;
                        // Less was paid than a shared limit left: whether it bound would not show in what is used.
                        if paid.covered && !phi.shared.is_empty() {
                            target.misfits.push(segment.person);
                        }
                    }
                    None => {
                        target.misfits.push(segment.person);
                        break;
                    }
                }
            }
            *out = stepped.pay;
            *sum = state.base;
            *due = state.paid;
            if let Some(detail) = &mut target.details {
                set_detail(detail, segment.start.saturating_add(n), row, &stepped);
            }
        }
        self.after = state;
    }

    /// As [`Self::walk`], for figures with a single rate, within bounds that [`Scan::settle`] has seen to.
    pub(super) fn walk_quickly(
        &mut self,
        task: &Task<'_>,
        columns: &Figures,
        segment: &Segment,
        target: &mut Target<'_, '_>,
    ) {
        let mut state = if segment.continues {
            self.before
        } else {
            State::default()
        };
        let after = segment.start.saturating_add(1)..segment.end.saturating_add(1);
        let out = target.out.get_mut(segment.range()).unwrap_or_default();
        let sums = self.sums.get_mut(after.clone()).unwrap_or_default();
        let due = self.due.get_mut(after).unwrap_or_default();
        let mut stretch = Stretch::of(task, segment);
        for (n, ((out, sum), due)) in out.iter_mut().zip(sums).zip(due).enumerate() {
            let (base, row, uncovered) = stretch.next();
            let stepped = columns.step(&mut state, row, base, uncovered, None);
            if stepped.covered && columns.shares {
                target.misfits.push(segment.person);
            }
            *out = stepped.pay;
            *sum = state.base;
            *due = state.paid;
            if let Some(detail) = &mut target.details {
                set_detail(detail, segment.start.saturating_add(n), row, &stepped);
            }
        }
        self.after = state;
    }
}

impl Scan {
    /// All rows of a block, one after another: where most accounts have to be walked, that is less work than column
    /// operations first.
    pub(super) fn walk_all(&mut self, task: &Task<'_>, columns: &Figures, target: &mut Target<'_, '_>) {
        let rows = task.same.len();
        let whole = Segment {
            end: rows,
            ..Segment::default()
        };
        let mut stretch = Stretch::of(task, &whole);
        let mut state = self.before;
        let sums = self.sums.get_mut(1..).unwrap_or_default();
        let due = self.due.get_mut(1..).unwrap_or_default();
        let mut covered = Vec::new();
        let each = target.out.iter_mut().zip(sums).zip(due).zip(task.same).enumerate();
        for (n, (((out, sum), due), same)) in each {
            let (base, row, uncovered) = stretch.next();
            state.base &= same;
            state.accrued &= same;
            state.paid &= same;
            let stepped = columns.step(&mut state, row, base, uncovered, None);
            if stepped.covered && columns.shares {
                covered.push(n);
            }
            *out = stepped.pay;
            *sum = state.base;
            *due = state.paid;
            if let Some(detail) = &mut target.details {
                set_detail(detail, n, row, &stepped);
            }
        }
        self.after = state;
        for row in covered {
            target
                .misfits
                .push(task.batch.person_of(task.span.first.saturating_add(row)));
        }
    }
}

impl Figures {
    /// [`Terms::settle`] for a single rate, a yearly deductible and a limit by year of the benefit's own; limits shared with
    /// others leave `room`.
    ///
    /// INVARIANT: sums times rates are bounded, so that nothing wraps.
    #[inline]
    pub(super) fn step(&self, state: &mut State, row: i64, base: i64, uncovered: i64, room: Option<i64>) -> Stepped {
        if row == 0 {
            return Stepped::default();
        }
        let figure = self.figure(row);
        let base = base.max(0);
        let after = state.base.wrapping_add(base);
        let above = after
            .max(figure.deductible)
            .wrapping_sub(state.base.max(figure.deductible));
        let added = above.wrapping_mul(figure.rate);
        let wanted = state.accrued.wrapping_add(added);
        let paid = state.paid.saturating_mul(self.units);
        let most = room.map_or(figure.cap, |room| {
            figure
                .cap
                .min(state.paid.saturating_add(room).saturating_mul(self.units))
        });
        let accrued = wanted.min(most.max(paid));
        let due = self.fen.rounded(accrued).wrapping_sub(state.paid).max(0);
        let pay = due.min(uncovered.max(0));
        let covered = pay < due;
        state.base = after;
        state.paid = state.paid.wrapping_add(pay);
        state.accrued = if covered {
            state.paid.wrapping_mul(self.units)
        } else {
            accrued
        };
        Stepped {
            pay,
            added,
            room: 0,
            below: added == 0 && base > 0,
            limited: accrued < wanted,
            covered,
            counted: false,
        }
    }
}

/// Values of an operand, row after row.
struct Walker<'a> {
    value: i64,
    rows: Option<core::slice::Iter<'a, i64>>,
}

impl<'a> Operand<'a> {
    fn each(self) -> Walker<'a> {
        match self {
            Operand::Value(value) => Walker { value, rows: None },
            Operand::Rows(rows) => Walker {
                value: 0,
                rows: Some(rows.iter()),
            },
        }
    }

    fn along(self, segment: &Segment) -> Walker<'a> {
        match self {
            Operand::Rows(rows) => Operand::Rows(rows.get(segment.range()).unwrap_or(&[])).each(),
            Operand::Value(_) => self.each(),
        }
    }
}

impl Walker<'_> {
    #[inline]
    fn next(&mut self) -> i64 {
        match &mut self.rows {
            None => self.value,
            Some(rows) => rows.next().copied().unwrap_or(0),
        }
    }
}
