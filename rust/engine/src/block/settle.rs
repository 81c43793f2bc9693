//! SETTLE over a block: one benefit's accumulators carried along the rows of each account.
//!
//! Where an account keeps one row of figures with a single rate, a yearly deductible and at most its own yearly limit, what
//! has accrued after each claim is min(rate × (S − deductible), limit): running sums and column operations. Accounts where
//! the figures change, or a bill has less left than is due, are walked claim by claim ([`super::walk`]), as are benefits
//! with other figures. Limits shared with other benefits are taken not to bind; [`super::Blocks`] sees to those that do.

use crate::batch::Batch;
use crate::claim::cuts_of;
use crate::kernels::{self, Operand};
use crate::prepared::Prepared;
use crate::rule::{State, Stepped};
use crate::vector::Vector;

use super::figures::{Figures, Kind};
use super::lane::Lane;
use super::segments::{Accounts, Segment};
use super::{SAFE, Span, Unbounded};

/// Blocks that are walked before column operations are tried again.
const WALKED_AT_ONCE: u8 = 15;

/// Figures and cuts of every row.
pub(super) type Detail<'a> = (&'a mut [u16], &'a mut [u8]);

/// A benefit's accumulators along the rows.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    /// After the last row of the block before.
    pub(super) before: State,
    /// Row of figures of that row.
    row_before: i64,
    /// The account that goes on there was walked.
    walked: bool,
    /// Every account of this block was settled by column operations.
    clean: bool,
    /// So many blocks are to be walked without trying column operations: most accounts had to be.
    to_walk: u8,
    /// By shared limit: fen that this benefit used in the account that goes on.
    pub(super) used: Vec<i64>,
    /// S after each row; one entry more in front for the row before.
    pub(super) sums: Lane,
    /// P after each row; likewise.
    pub(super) due: Lane,
    /// By segment: the last row of figures that applied in the account so far; 0 for none.
    pub(super) last_rows: Vec<i64>,
    last_row: i64,
    /// By segment and shared limit: fen used in the account so far.
    pub(super) used_after: Vec<i64>,
    /// After the last row of this block.
    pub(super) after: State,
    row_after: i64,
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            before: State::default(),
            row_before: 0,
            walked: false,
            clean: false,
            to_walk: 0,
            used: Vec::new(),
            sums: Lane::new(1),
            due: Lane::new(1),
            last_rows: Vec::new(),
            last_row: 0,
            used_after: Vec::new(),
            after: State::default(),
            row_after: 0,
        }
    }
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
    /// What claims add is base − less.
    pub(super) base: Operand<'a>,
    pub(super) less: Operand<'a>,
    pub(super) row: Operand<'a>,
    pub(super) uncovered: Operand<'a>,
    /// How large bases are at most.
    pub(super) largest: u64,
    pub(super) records: bool,
    /// Rows are known not to change within an account.
    pub(super) steady: bool,
    /// The benefit whose payments its base is without: what that one has left of its sums are the sums of this one.
    pub(super) follows: Option<&'a Scan>,
}

/// Where the payments of a SETTLE go.
pub(super) struct Target<'a, 'd> {
    pub(super) out: &'a mut [i64],
    /// What they leave uncovered; empty where nobody asks.
    pub(super) rest: &'a mut [i64],
    pub(super) details: Option<Detail<'d>>,
    /// Persons that cannot be worked out benefit by benefit: amounts do not fit, or more is to be known of a shared limit.
    pub(super) misfits: &'a mut Vec<usize>,
    /// Memory for a column.
    pub(super) added: &'a mut [i64],
}

impl Task<'_> {
    pub(super) fn accounts(&self) -> &[Segment] {
        self.accounts.list(self.batch, self.span)
    }

    /// What the payments leave uncovered.
    fn leave(&self, target: &mut Target<'_, '_>) {
        let (rest, out) = (&mut *target.rest, &*target.out);
        if !rest.is_empty() {
            self.vector.run(
                #[inline(always)]
                || kernels::map2(rest, self.uncovered, Operand::Rows(out), i64::wrapping_sub),
            );
        }
    }
}

impl Scan {
    /// Which way it has gone, in words.
    #[cfg(test)]
    pub(super) fn way(&self) -> String {
        let Self {
            walked,
            clean,
            to_walk,
            row_before,
            last_row,
            before,
            ..
        } = self;
        format!("walked {walked}, clean {clean}, to walk {to_walk}, rows {row_before} {last_row}, {before:?}")
    }

    /// Before the first block.
    pub(super) fn begin(&mut self, prepared: &Prepared) {
        self.before = State::default();
        self.after = State::default();
        self.row_before = 0;
        self.walked = false;
        self.to_walk = 0;
        self.last_row = 0;
        self.used.clear();
        self.used.resize(prepared.program.limits().len(), 0);
    }

    /// The account that goes on into the next block stands at `state`, and is to be walked there too.
    pub(super) const fn walked_to(&mut self, state: State) {
        self.after = state;
        self.walked = true;
    }

    /// The account of a row stands at `state` after it.
    #[inline]
    pub(super) fn set_after(&mut self, row: usize, state: State) {
        let after = row.saturating_add(1);
        if let (Some(sum), Some(due)) = (self.sums.get_mut(after), self.due.get_mut(after)) {
            (*sum, *due) = (state.base, state.paid);
        }
    }

    /// After a block: what the next one goes on from.
    pub(super) const fn carry_on(&mut self) {
        self.before = self.after;
        self.row_before = self.row_after;
    }

    /// Whether a later benefit's sums (`later`) are what this one has left: its own sums less what it paid. Where a rate is
    /// at most 100 %, a claim is never paid more than it adds.
    pub(super) fn leads(&self, kind: &Kind, later: &Self, continues: bool, row: Operand<'_>) -> bool {
        let Kind::Columns(columns) = kind else { return false };
        let left = self.before.base.checked_sub(self.before.paid);
        self.clean && columns.within_base() && (!continues || first(row) == 0 || left == Some(later.before.base))
    }

    /// Settle the block's rows.
    pub(super) fn settle(
        &mut self,
        task: &Task<'_>,
        kind: &Kind,
        target: &mut Target<'_, '_>,
    ) -> Result<(), Unbounded> {
        let Some(terms) = task.prepared.terms.get(task.benefit) else {
            return Ok(());
        };
        match kind {
            Kind::Columns(columns) => {
                if self.to_walk > 0 {
                    self.to_walk = self.to_walk.saturating_sub(1);
                    self.check_bounds(task.same.len(), task.largest, columns)?;
                    (self.clean, self.walked) = (false, true);
                    self.walk_all(task, columns, target);
                    task.leave(target);
                } else {
                    self.by_columns(task, columns, target)?;
                }
                self.row_after = last(task.row);
                if !columns.named.is_empty() {
                    self.note_used(task, columns);
                }
            }
            Kind::Walk => {
                self.clean = false;
                self.used_after.clear();
                for segment in task.accounts() {
                    self.walk(task, terms, segment, target);
                    self.used_after.extend_from_slice(&self.used);
                }
                task.leave(target);
            }
        }
        if task.records {
            self.note_rows(task.row, task.accounts());
        }
        Ok(())
    }

    /// Column operations, then the accounts walked for which they do not do.
    fn by_columns(&mut self, task: &Task<'_>, columns: &Figures, target: &mut Target<'_, '_>) -> Result<(), Unbounded> {
        let bad = self.columns(task, columns, target)?;
        // An account that was walked before has to be walked on.
        let walked_before = self.walked && task.accounts.continues;
        self.walked = false;
        self.clean = !bad && !walked_before;
        if !self.clean {
            let looked_at = if bad { usize::MAX } else { 1 };
            let mut walked = 0_usize;
            for segment in task.accounts().iter().take(looked_at) {
                self.walked = (segment.continues && walked_before) || (bad && self.is_bad(task, segment, target.out));
                if self.walked {
                    self.walk_quickly(task, columns, segment, target);
                    walked = walked.saturating_add(1);
                }
            }
            self.walked &= bad || task.accounts().len() == 1;
            task.leave(target);
            if walked.saturating_mul(4) > task.accounts().len() {
                self.to_walk = WALKED_AT_ONCE;
            }
        }
        if !self.walked {
            let at = |column: &[i64]| column.get(target.out.len()).copied().unwrap_or(0);
            let (base, paid) = (at(&self.sums), at(&self.due));
            self.came_to(columns, last(task.row), base, paid);
        }
        Ok(())
    }

    /// The account of the last row has come to so much by the figures of a row that it kept.
    fn came_to(&mut self, columns: &Figures, row: i64, base: i64, paid: i64) {
        self.row_after = row;
        self.after = State {
            base,
            accrued: kernels::accrue(base, columns.figure(row)),
            paid,
            ..State::default()
        };
    }

    /// As [`Self::came_to`], in a pass: the sums of the rows are not known.
    pub(super) fn passed(&mut self, columns: &Figures, row: i64, base: i64, paid: i64) {
        (self.clean, self.walked) = (false, false);
        self.came_to(columns, row, base, paid);
    }

    /// Whether an account that goes on with a row of figures can go on in a pass.
    pub(super) const fn runs_on(&self, row: i64) -> bool {
        !self.walked && row == self.row_before
    }

    /// No sum of so many rows of at most `largest`, times a rate, may come near the ends of 64 bits.
    pub(super) fn check_bounds(&self, rows: usize, largest: u64, columns: &Figures) -> Result<(), Unbounded> {
        if self.most(rows, largest).saturating_mul(columns.rate.max(1)) >= SAFE {
            return Err(Unbounded);
        }
        Ok(())
    }

    /// Column operations for all rows as if every account kept its figures; true where some did not, or where a bill has
    /// less left than is due.
    fn columns(&mut self, task: &Task<'_>, columns: &Figures, target: &mut Target<'_, '_>) -> Result<bool, Unbounded> {
        self.check_bounds(task.same.len(), task.largest, columns)?;
        let rows = target.out.len();
        let end = rows.saturating_add(1);
        let sums = self.sums.get_mut(..end).unwrap_or_default();
        let due = self.due.get_mut(..end).unwrap_or_default();
        let added = target.added.get_mut(..rows).unwrap_or_default();
        let (out, rest, details) = (&mut *target.out, &mut *target.rest, &mut target.details);
        let (before, row, same) = (self.before, task.row, task.same);
        let bad = task.vector.run(
            #[inline(always)]
            || {
                match (task.follows, task.base) {
                    (Some(first), _) => kernels::left(sums, first.after_rows(), row, before.base),
                    (None, base) => {
                        kernels::added(added, base, row);
                        kernels::running(sums, added, same, before.base);
                    }
                }
                let Some((first, due_after)) = due.split_first_mut() else {
                    return false;
                };
                *first = before.paid;
                columns.due(due_after, sums.get(1..).unwrap_or(&[]), row);
                if let Some((numbers, cuts)) = details {
                    kernels::figures(numbers, row);
                    columns.cuts(cuts, sums, same, row);
                }
                let changes = match row {
                    Operand::Rows(rows) if !task.steady => kernels::changes(rows, same),
                    _ => false,
                };
                kernels::payments(out, rest, due, same, task.uncovered) || changes
            },
        );
        Ok(bad || (task.accounts.continues && first(row) != self.row_before))
    }

    /// How large a sum of the block may become.
    fn most(&self, rows: usize, largest: u64) -> u64 {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        rows.saturating_mul(largest)
            .saturating_add(self.before.base.unsigned_abs())
    }

    /// Sums and what is due after each row.
    #[inline(always)]
    fn after_rows(&self) -> (&[i64], &[i64]) {
        (self.sums.get(1..).unwrap_or(&[]), self.due.get(1..).unwrap_or(&[]))
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

    /// What each account has used of limits by name so far: all that the benefit paid, since every row names them.
    fn note_used(&mut self, task: &Task<'_>, columns: &Figures) {
        self.used_after.clear();
        let limits = task.prepared.program.limits().len();
        for segment in task.accounts() {
            let start = self.used_after.len();
            self.used_after.resize(start.saturating_add(limits), 0);
            let paid = self.due.get(segment.end).copied().unwrap_or(0);
            for slot in &columns.named {
                if let Some(used) = self.used_after.get_mut(start.saturating_add(*slot)) {
                    *used = paid;
                }
            }
        }
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

    /// The last figures that applied in one of the block's accounts; 0 for none.
    #[inline]
    pub(super) fn last_row_of(&self, account: usize) -> i64 {
        self.last_rows.get(account).copied().unwrap_or(0)
    }

    /// DEFER: only the base adds up.
    pub(super) fn defer(
        &mut self,
        task: &Task<'_>,
        details: Option<Detail<'_>>,
        added: &mut [i64],
    ) -> Result<(), Unbounded> {
        let rows = task.same.len();
        if self.most(rows, task.largest) >= SAFE {
            return Err(Unbounded);
        }
        if let Some((numbers, cuts)) = details {
            kernels::figures(numbers, task.row);
            cuts.fill(0);
        }
        let end = rows.saturating_add(1);
        let sums = self.sums.get_mut(..end).unwrap_or_default();
        let added = added.get_mut(..rows).unwrap_or_default();
        let (base, row, same, before) = (task.base, task.row, task.same, self.before.base);
        task.vector.run(
            #[inline(always)]
            || {
                kernels::added(added, base, row);
                kernels::running(sums, added, same, before);
            },
        );
        self.due.fill(0);
        self.after = State {
            base: self.sums.get(rows).copied().unwrap_or(0),
            ..State::default()
        };
        self.note_rows(row, task.accounts());
        Ok(())
    }
}

/// Figures and cuts of a row.
#[inline]
pub(super) fn set_detail((figures, cuts): &mut Detail<'_>, row: usize, number: i64, stepped: &Stepped) {
    if let (Some(figure), Some(cut)) = (figures.get_mut(row), cuts.get_mut(row)) {
        *figure = u16::try_from(number).unwrap_or(0);
        *cut = cuts_of(stepped);
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
