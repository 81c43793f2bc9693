//! SETTLE over a block: one benefit's accumulators carried along the rows of each account.
//!
//! Where an account keeps one row of figures with a single rate, a yearly deductible and at most its own yearly limit, what
//! has accrued after each claim is min(rate × (S − deductible), limit): running sums and column operations. Accounts where
//! the figures change, or a bill has less left than is due, are walked claim by claim with the rule itself, as are benefits
//! with other figures.

use crate::batch::Batch;
use crate::claim::cuts_of;
use crate::kernels::{self, Operand};
use crate::prepared::Prepared;
use crate::rule::{State, Stepped, Terms};
use crate::vector::Vector;

use super::figures::{Figures, Kind, round};
use super::segments::{Accounts, Segment};
use super::{ROWS, SAFE, Span, Unbounded};

/// Figures and cuts of every row.
pub(super) type Detail<'a> = (&'a mut [u16], &'a mut [u8]);

/// A benefit's accumulators along the rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    /// After the last row of the block before.
    before: State,
    /// Row of figures of that row.
    row_before: i64,
    /// The account that goes on there was walked.
    walked: bool,
    /// By shared limit: fen that this benefit used in the account that goes on.
    used: Vec<i64>,
    /// S after each row; one entry more in front for the row before.
    pub(super) sums: Vec<i64>,
    /// P after each row; likewise.
    pub(super) due: Vec<i64>,
    bases: Vec<i64>,
    /// By segment: the last row of figures that applied in the account so far; 0 for none.
    pub(super) last_rows: Vec<i64>,
    last_row: i64,
    /// By segment and shared limit (for benefits that are walked): fen used in the account so far.
    pub(super) used_after: Vec<i64>,
    /// After the last row of this block.
    after: State,
    row_after: i64,
}

/// One SETTLE of a block.
pub(super) struct Task<'a> {
    pub(super) vector: Vector,
    pub(super) prepared: &'a Prepared,
    pub(super) benefit: usize,
    pub(super) accounts: &'a Accounts,
    pub(super) batch: &'a Batch<'a>,
    pub(super) span: Span,
    pub(super) same: &'a [i64],
    pub(super) base: &'a [i64],
    pub(super) row: Operand<'a>,
    pub(super) uncovered: Operand<'a>,
    /// How large bases are at most.
    pub(super) largest: u64,
    pub(super) records: bool,
    /// Rows are known not to change within an account.
    pub(super) steady: bool,
}

impl Task<'_> {
    fn accounts(&self) -> &[Segment] {
        self.accounts.list(self.batch, self.span)
    }
}

/// Persons that cannot be walked benefit by benefit: their amounts do not fit, or more is to be known of a shared limit.
pub(super) type Misfits = Vec<usize>;

impl Scan {
    /// Before the first block.
    pub(super) fn begin(&mut self, prepared: &Prepared) {
        self.before = State::default();
        self.after = State::default();
        self.row_before = 0;
        self.walked = false;
        self.last_row = 0;
        self.used.clear();
        self.used.resize(prepared.program.limits().len(), 0);
        for column in [&mut self.sums, &mut self.due] {
            column.resize(ROWS.saturating_add(1), 0);
        }
        self.bases.resize(ROWS, 0);
    }

    /// After a block: what the next one goes on from.
    pub(super) fn carry_on(&mut self) {
        self.before = self.after;
        self.row_before = self.row_after;
    }

    /// Settle the block's rows into `out`.
    pub(super) fn settle(
        &mut self,
        task: &Task<'_>,
        kind: &Kind,
        out: &mut [i64],
        mut details: Option<Detail<'_>>,
        misfits: &mut Misfits,
    ) -> Result<(), Unbounded> {
        let Some(terms) = task.prepared.terms.get(task.benefit) else {
            return Ok(());
        };
        match kind {
            Kind::Columns(columns) => {
                let bad = self.columns(task, terms, columns, out)?;
                if let Some(detail) = &mut details {
                    self.detail(task, columns, detail);
                }
                // An account that was walked before has to be walked on.
                let walked_before = self.walked && task.accounts.continues;
                self.walked = false;
                if bad || walked_before {
                    let looked_at = if bad { usize::MAX } else { 1 };
                    for segment in task.accounts().iter().take(looked_at) {
                        self.walked = (segment.continues && walked_before) || (bad && self.is_bad(task, segment, out));
                        if self.walked {
                            self.walk(task, terms, segment, out, &mut details, misfits);
                        }
                    }
                    self.walked &= bad || task.accounts().len() == 1;
                }
                self.row_after = last(task.row);
                if !self.walked {
                    let base = self.sums.get(out.len()).copied().unwrap_or(0);
                    self.after = State {
                        base,
                        accrued: kernels::accrue(base, columns.figure(self.row_after)),
                        paid: self.due.get(out.len()).copied().unwrap_or(0),
                    };
                }
            }
            Kind::Walk => {
                self.used_after.clear();
                for segment in task.accounts() {
                    self.walk(task, terms, segment, out, &mut details, misfits);
                    self.used_after.extend_from_slice(&self.used);
                }
            }
        }
        if task.records {
            self.note_rows(task.row, task.accounts());
        }
        Ok(())
    }

    /// Column operations for all rows as if every account kept its figures; true where some did not, or where a bill has
    /// less left than is due.
    fn columns(
        &mut self,
        task: &Task<'_>,
        terms: &Terms,
        columns: &Figures,
        out: &mut [i64],
    ) -> Result<bool, Unbounded> {
        let rows = out.len();
        let most = u64::try_from(rows)
            .unwrap_or(u64::MAX)
            .saturating_mul(task.largest)
            .saturating_add(self.before.base.unsigned_abs());
        if most.saturating_mul(columns.rate.max(1)) >= SAFE {
            return Err(Unbounded);
        }
        let end = rows.saturating_add(1);
        let sums = self.sums.get_mut(..end).unwrap_or_default();
        let bases = self.bases.get_mut(..rows).unwrap_or_default();
        let due = self.due.get_mut(..end).unwrap_or_default();
        let (before, row, same) = (self.before, task.row, task.same);
        let narrow = columns.cap.saturating_add(terms.fen.unsigned_abs()) <= u64::from(u32::MAX);
        let bad = task.vector.run(
            #[inline(always)]
            || {
                kernels::added(bases, task.base, row);
                kernels::running(sums, bases, same, before.base);
                let Some((first, due_after)) = due.split_first_mut() else {
                    return false;
                };
                *first = before.paid;
                let sums = sums.get(1..).unwrap_or(&[]);
                columns.accrue(due_after, sums, row);
                round(due_after, terms.fen, narrow);
                let changes = match row {
                    Operand::Rows(rows) if !task.steady => kernels::changes(rows, same),
                    _ => false,
                };
                kernels::payments(out, due, same, task.uncovered) || changes
            },
        );
        Ok(bad || (task.accounts.continues && first(row) != self.row_before))
    }

    /// Whether an account's figures change, or a bill has less left than is due.
    fn is_bad(&self, task: &Task<'_>, segment: &Segment, out: &[i64]) -> bool {
        let changes = match task.row {
            Operand::Value(row) => segment.continues && row != self.row_before,
            Operand::Rows(rows) => {
                let rows = rows.get(segment.range()).unwrap_or(&[]);
                let first = rows.first().copied().unwrap_or(0);
                (segment.continues && first != self.row_before) || rows.iter().any(|row| *row != first)
            }
        };
        let out = out.get(segment.range()).unwrap_or(&[]);
        changes
            || match task.uncovered {
                Operand::Value(uncovered) => out.iter().any(|pay| *pay > uncovered.max(0)),
                Operand::Rows(uncovered) => {
                    let uncovered = uncovered.get(segment.range()).unwrap_or(&[]);
                    out.iter()
                        .zip(uncovered)
                        .any(|(pay, uncovered)| *pay > (*uncovered).max(0))
                }
            }
    }

    /// One account claim by claim, by the rule itself.
    fn walk(
        &mut self,
        task: &Task<'_>,
        terms: &Terms,
        segment: &Segment,
        out: &mut [i64],
        details: &mut Option<Detail<'_>>,
        misfits: &mut Misfits,
    ) {
        let mut state = State::default();
        if segment.continues {
            state = self.before;
        } else {
            self.used.fill(0);
        }
        let after = segment.start.saturating_add(1)..segment.end.saturating_add(1);
        let base = task.base.get(segment.range()).unwrap_or(&[]);
        let out = out.get_mut(segment.range()).unwrap_or_default();
        let sums = self.sums.get_mut(after.clone()).unwrap_or_default();
        let due = self.due.get_mut(after).unwrap_or_default();
        let mut rows = task.row.along(segment);
        let mut uncovered = task.uncovered.along(segment);
        for (n, (((base, out), sum), due)) in base.iter().zip(out).zip(sums).zip(due).enumerate() {
            let (row, uncovered) = (rows.next(), uncovered.next());
            let mut stepped = Stepped::default();
            if let Some(phi) = terms.row(row) {
                match terms.settle(phi, &mut state, &mut self.used, *base, uncovered) {
                    Some(paid) => {
                        stepped = paid;
                        // Less was paid than a shared limit left: whether it bound would not show in what is used.
                        if paid.covered && !phi.shared.is_empty() {
                            misfits.push(segment.person);
                        }
                    }
                    None => {
                        misfits.push(segment.person);
                        break;
                    }
                }
            }
            *out = stepped.pay;
            *sum = state.base;
            *due = state.paid;
            if let Some((figures, cuts)) = details {
                let at = segment.start.saturating_add(n);
                if let (Some(figure), Some(cut)) = (figures.get_mut(at), cuts.get_mut(at)) {
                    *figure = u16::try_from(row).unwrap_or(0);
                    *cut = cuts_of(&stepped);
                }
            }
        }
        self.after = state;
    }

    /// Figures and cuts of rows that column operations settled.
    fn detail(&self, task: &Task<'_>, columns: &Figures, detail: &mut Detail<'_>) {
        let sums = self.sums.get(1..).unwrap_or(&[]);
        let bases = self.bases.as_slice();
        let (numbers, cuts) = (&mut *detail.0, &mut *detail.1);
        let constant: Vec<i64>;
        let rows = match task.row {
            Operand::Rows(rows) => rows,
            Operand::Value(row) => {
                constant = vec![row; numbers.len()];
                &constant
            }
        };
        task.vector.run(
            #[inline(always)]
            || columns.detail(numbers, cuts, sums, bases, rows),
        );
    }

    /// The last figures that applied in each account so far.
    fn note_rows(&mut self, row: Operand<'_>, segments: &[Segment]) {
        self.last_rows.clear();
        for segment in segments {
            let found = match row {
                Operand::Value(row) => Some(row).filter(|row| *row != 0),
                Operand::Rows(rows) => {
                    let rows = rows.get(segment.range()).unwrap_or(&[]);
                    rows.iter().rev().find(|row| **row != 0).copied()
                }
            };
            let before = if segment.continues { self.last_row } else { 0 };
            self.last_row = found.unwrap_or(before);
            self.last_rows.push(self.last_row);
        }
    }

    /// DEFER: only the base adds up.
    pub(super) fn defer(&mut self, task: &Task<'_>, details: Option<Detail<'_>>) -> Result<(), Unbounded> {
        if let Some((numbers, cuts)) = details {
            let mut rows = task.row.each();
            numbers.fill_with(|| u16::try_from(rows.next()).unwrap_or(0));
            cuts.fill(0);
        }
        let rows = task.same.len();
        let most = u64::try_from(rows)
            .unwrap_or(u64::MAX)
            .saturating_mul(task.largest)
            .saturating_add(self.before.base.unsigned_abs());
        if most >= SAFE {
            return Err(Unbounded);
        }
        let end = rows.saturating_add(1);
        let sums = self.sums.get_mut(..end).unwrap_or_default();
        let bases = self.bases.get_mut(..rows).unwrap_or_default();
        let (row, same, before) = (task.row, task.same, self.before.base);
        task.vector.run(
            #[inline(always)]
            || {
                kernels::added(bases, task.base, row);
                kernels::running(sums, bases, same, before);
            },
        );
        self.due.fill(0);
        self.after = State {
            base: self.sums.get(rows).copied().unwrap_or(0),
            accrued: 0,
            paid: 0,
        };
        self.note_rows(row, task.accounts());
        Ok(())
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

fn first(row: Operand<'_>) -> i64 {
    match row {
        Operand::Value(row) => row,
        Operand::Rows(rows) => rows.first().copied().unwrap_or(0),
    }
}

fn last(row: Operand<'_>) -> i64 {
    match row {
        Operand::Value(row) => row,
        Operand::Rows(rows) => rows.last().copied().unwrap_or(0),
    }
}

/// Running totals of a tally.
#[derive(Clone, Debug, Default)]
pub(super) struct TallyScan {
    /// Of the account that goes on.
    pub(super) before: i64,
    /// After each row.
    pub(super) sums: Vec<i64>,
}

impl TallyScan {
    pub(super) fn add(
        &mut self,
        vector: Vector,
        values: Operand<'_>,
        largest: u64,
        same: &[i64],
    ) -> Result<(), Unbounded> {
        self.sums.resize(ROWS, 0);
        let most = u64::try_from(same.len()).unwrap_or(u64::MAX).saturating_mul(largest);
        if most.saturating_add(self.before.unsigned_abs()) >= SAFE {
            return Err(Unbounded);
        }
        let (sums, before) = (self.sums.get_mut(..same.len()).unwrap_or_default(), self.before);
        vector.run(
            #[inline(always)]
            || kernels::totals(sums, values, same, before),
        );
        Ok(())
    }
}
