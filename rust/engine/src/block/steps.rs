//! A plan's steps over a block, in order.

use crate::batch::{Batch, Column};
use crate::kernels::{self, Operand};
use crate::machine::Options;
use crate::ops::Op;
use crate::plan::{Plan, Source, Step, Two};
use crate::prepared::Prepared;

use super::columns::{Columns, Taken, give, rows_of, take};
use super::settle::{Detail, Target, Task};
use super::{Blocks, SAFE, Span, Unbounded};

/// The magnitude of a day.
const DAY: u64 = 1 << 31;

/// What a block is worked out from.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub(super) prepared: &'a Prepared,
    pub(super) batch: &'a Batch<'a>,
    pub(super) plan: &'a Plan,
    pub(super) span: Span,
    pub(super) options: Options,
}

/// Payments, and what they leave uncovered.
type Pays<'a> = (&'a mut [i64], &'a mut [i64]);

/// What a SETTLE or DEFER reads.
#[derive(Clone, Copy)]
struct Operands {
    base: Source,
    less: Source,
    row: Source,
    uncovered: Source,
    benefit: usize,
    follows: Option<usize>,
}

impl Blocks {
    /// Run all steps of a plan over a block.
    pub(super) fn steps(
        &mut self,
        work: Work<'_>,
        results: &mut [&mut [i64]],
        details: &mut [Detail<'_>],
    ) -> Result<(), Unbounded> {
        let Work { plan, span, .. } = work;
        self.aliases.fill(None);
        let mut at = 0_usize;
        while let Some(step) = plan.steps.get(at) {
            let passed = self.pass(work, results, at)?;
            let on_demand = plan.on_demand.get(at).copied().unwrap_or(false);
            at = at.saturating_add(passed.max(1));
            if passed > 0 || on_demand {
                continue;
            }
            match step {
                Step::Class { .. } => {}
                Step::Tally { a, tally } => {
                    let largest = self.magnitude_of(work, *a);
                    let Some(mut scan) = self.tallies.get_mut(*tally).map(std::mem::take) else {
                        continue;
                    };
                    let values = self.columns(work, results).get(*a);
                    let same = self.same.get(..span.len()).unwrap_or(&[]);
                    let done = scan.add(self.vector, values, largest, same);
                    if let Some(place) = self.tallies.get_mut(*tally) {
                        *place = scan;
                    }
                    done?;
                }
                Step::Defer { base, row, benefit } => {
                    let operands = Operands {
                        base: *base,
                        less: Source::Constant(0),
                        row: *row,
                        uncovered: Source::Constant(0),
                        benefit: *benefit,
                        follows: None,
                    };
                    let into = (None, detail_of(details, *benefit));
                    self.settle(work, results, operands, into)?;
                }
                Step::Settle {
                    out,
                    base,
                    less,
                    row,
                    uncovered,
                    benefit,
                    follows,
                    rest,
                } => {
                    // A claim is never paid more than what is uncovered.
                    let bound = self.magnitude_of(work, *uncovered);
                    self.note(*out, bound)?;
                    self.work_out(work, results, *row)?;
                    if let Some(rest) = rest {
                        self.note(*rest, bound.saturating_mul(2))?;
                    }
                    let operands = Operands {
                        base: *base,
                        less: *less,
                        row: *row,
                        uncovered: *uncovered,
                        benefit: *benefit,
                        follows: *follows,
                    };
                    let mut taken = take(&mut self.slots, results, plan, *out);
                    let mut left = match rest {
                        Some(rest) => take(&mut self.slots, results, plan, *rest),
                        None => Taken::Nothing,
                    };
                    let pays = (rows_of(&mut taken, span), rows_of(&mut left, span));
                    let done = self.settle(work, results, operands, (Some(pays), detail_of(details, *benefit)));
                    give(&mut self.slots, results, left);
                    give(&mut self.slots, results, taken);
                    done?;
                }
                step => self.stateless(work, results, step)?,
            }
        }
        Ok(())
    }

    /// Take a step that knows nothing of other rows.
    fn stateless(&mut self, work: Work<'_>, results: &mut [&mut [i64]], step: &Step) -> Result<(), Unbounded> {
        let Some(out) = step.out() else { return Ok(()) };
        if self.sum(work, results, step)? {
            return Ok(());
        }
        let bound = self.bound(work, step);
        self.note(out, bound)?;
        let mut taken = take(&mut self.slots, results, work.plan, out);
        let done = self.plain(work, results, step, rows_of(&mut taken, work.span));
        give(&mut self.slots, results, taken);
        done
    }

    /// Take the step that makes a source, if that was left until somebody asks.
    fn work_out(&mut self, work: Work<'_>, results: &mut [&mut [i64]], source: Source) -> Result<(), Unbounded> {
        let Source::Value(value) = source else { return Ok(()) };
        let mut steps = work.plan.steps.iter().zip(&work.plan.on_demand);
        match steps.find(|(step, on_demand)| **on_demand && step.out() == Some(value)) {
            Some((step, _)) => self.stateless(work, results, step),
            None => Ok(()),
        }
    }

    /// The columns that steps read.
    pub(super) fn columns<'a>(&'a self, work: Work<'a>, results: &'a [&'a mut [i64]]) -> Columns<'a> {
        Columns {
            inputs: work.batch.inputs,
            span: work.span,
            places: &work.plan.places,
            aliases: &self.aliases,
            slots: &self.slots,
            results,
            class: &self.class,
        }
    }

    /// SETTLE (with payments to write) or DEFER.
    fn settle(
        &mut self,
        work: Work<'_>,
        results: &[&mut [i64]],
        operands: Operands,
        (pays, details): (Option<Pays<'_>>, Option<Detail<'_>>),
    ) -> Result<(), Unbounded> {
        let Work { plan, span, .. } = work;
        let Operands { benefit, row, .. } = operands;
        let base = self.magnitude_of(work, operands.base);
        let largest = base.saturating_add(self.magnitude_of(work, operands.less));
        let steady = match row {
            Source::Constant(_) => true,
            Source::Value(value) => self.steady_class && plan.of_class.get(value).copied().unwrap_or(false),
            Source::Column(_) => false,
        };
        let Some(mut scan) = self.scans.get_mut(benefit).map(std::mem::take) else {
            return Ok(());
        };
        let (mut again, mut added) = (std::mem::take(&mut self.again), std::mem::take(&mut self.added));
        let (mut own_base, mut own_row) = (std::mem::take(&mut self.base), std::mem::take(&mut self.row));
        let columns = self.columns(work, results);
        let rows = span.len();
        let mut row = columns.get(row);
        if self.accounts.rejected {
            let copy = own_row.get_mut(..rows).unwrap_or_default();
            kernels::map1(copy, row, |row| row);
            let accounts = self.accounts.list(work.batch, span);
            for segment in accounts.iter().filter(|segment| segment.rejected.is_some()) {
                copy.get_mut(segment.range()).unwrap_or_default().fill(0);
            }
            row = Operand::Rows(copy);
        }
        let follows = operands
            .follows
            .filter(|_| steady && !self.accounts.rejected)
            .and_then(|first| {
                let (leader, kind) = (self.scans.get(first)?, self.kinds.get(first)?);
                leader
                    .leads(kind, &scan, self.accounts.continues, row)
                    .then_some(leader)
            });
        let (mut base, mut less) = (columns.get(operands.base), columns.get(operands.less));
        if follows.is_none() && operands.less != Source::Constant(0) {
            let column = own_base.get_mut(..rows).unwrap_or_default();
            self.vector.run(
                #[inline(always)]
                || kernels::map2(column, base, less, i64::wrapping_sub),
            );
            (base, less) = (Operand::Rows(column), Operand::Value(0));
        }
        let task = Task {
            vector: self.vector,
            prepared: work.prepared,
            benefit,
            accounts: &self.accounts,
            batch: work.batch,
            span,
            same: self.same.get(..rows).unwrap_or(&[]),
            base,
            less,
            row,
            uncovered: columns.get(operands.uncovered),
            largest,
            records: work.options.records,
            steady,
            follows,
        };
        let done = match (pays, self.kinds.get(benefit)) {
            (Some((out, rest)), Some(kind)) => {
                let mut target = Target {
                    out,
                    rest,
                    details,
                    misfits: &mut again,
                    added: &mut added,
                };
                scan.settle(&task, kind, &mut target)
            }
            _ => scan.defer(&task, details, &mut added),
        };
        (self.again, self.added, self.base, self.row) = (again, added, own_base, own_row);
        if let Some(place) = self.scans.get_mut(benefit) {
            *place = scan;
        }
        done
    }

    /// Note how large a value may be; too large is no value.
    pub(super) fn note(&mut self, out: usize, bound: u64) -> Result<(), Unbounded> {
        if bound >= SAFE {
            return Err(Unbounded);
        }
        if let Some(place) = self.magnitudes.get_mut(out) {
            *place = bound;
        }
        Ok(())
    }

    /// How large the values of a source are at most.
    pub(super) fn magnitude_of(&mut self, work: Work<'_>, source: Source) -> u64 {
        match source {
            Source::Constant(value) => value.unsigned_abs(),
            Source::Value(value) => self.magnitudes.get(value).copied().unwrap_or(u64::MAX),
            Source::Column(input) => {
                if let Some(Some((known, _))) = self.column_magnitudes.get(input) {
                    return *known;
                }
                let found = self.column_magnitude(work, input);
                if let Some(place) = self.column_magnitudes.get_mut(input) {
                    *place = Some(found);
                }
                found.0
            }
        }
    }

    /// How large the values of an input are at most, and whether some are negative.
    fn column_magnitude(&self, work: Work<'_>, input: usize) -> (u64, bool) {
        let inputs = work.batch.inputs;
        let Some(Column::Values(values)) = inputs.get(input) else {
            return (1, false);
        };
        // Two inputs may be one column.
        let twin = inputs
            .iter()
            .zip(&self.column_magnitudes)
            .find_map(|(other, known)| match other {
                Column::Values(other) if std::ptr::eq(*other, *values) => *known,
                _ => None,
            });
        twin.unwrap_or_else(|| {
            let values = values.get(work.span.first..work.span.end).unwrap_or(&[]);
            self.vector.run(
                #[inline(always)]
                || kernels::magnitude(values),
            )
        })
    }

    /// How large the values of a step are at most, every partial sum included.
    pub(super) fn bound(&mut self, work: Work<'_>, step: &Step) -> u64 {
        let mut of = |source: &Source| self.magnitude_of(work, *source);
        match step {
            Step::Sum {
                plus, minus, constant, ..
            } => plus
                .iter()
                .chain(minus)
                .fold(constant.unsigned_abs(), |sum, source| sum.saturating_add(of(source))),
            Step::Multiply { a, by, .. } => of(a).saturating_mul(by.unsigned_abs()),
            Step::Two { what, a, b, .. } => match what {
                Two::Times => of(a).saturating_mul(of(b)),
                Two::Min | Two::Max => of(a).max(of(b)),
                _ => 1,
            },
            Step::Choose { a, b, .. } => of(a).max(of(b)),
            Step::Table { table, .. } => table.iter().map(|value| value.unsigned_abs()).max().unwrap_or(0),
            Step::Other {
                op: Op::Shift { .. }, ..
            } => DAY,
            // An amount rounded is at most a yuan larger; other single steps give flags.
            Step::Other { reads, .. } => reads
                .iter()
                .map(|(_, source)| of(source))
                .max()
                .unwrap_or(0)
                .saturating_mul(2)
                .saturating_add(200),
            Step::Day { .. } => DAY,
            Step::Radix { .. }
            | Step::Holds { .. }
            | Step::Regime { .. }
            | Step::Class { .. }
            | Step::Settle { .. }
            | Step::Defer { .. }
            | Step::Tally { .. } => 1 << 17,
        }
    }
}

/// Where figures and cuts of a benefit go, if anybody wants them.
fn detail_of<'d>(details: &'d mut [Detail<'_>], benefit: usize) -> Option<Detail<'d>> {
    let (figures, cuts) = details.get_mut(benefit)?;
    Some((figures, cuts))
}
