//! A plan's stateless steps over the columns of a block.

use crate::batch::{Batch, Column, Identities};
use crate::kernels::{self, Operand};
use crate::machine::Options;
use crate::ops::{self, Scene};
use crate::plan::{Place, Plan, Source, Step, Two};
use crate::prepared::Prepared;
use crate::sheet::Sheet;

use super::settle::{Detail, Task};
use super::{Blocks, SAFE, Span, Unbounded};

/// The columns that steps read.
pub(super) struct Columns<'a> {
    pub(super) inputs: &'a [Column<'a>],
    pub(super) span: Span,
    pub(super) places: &'a [Place],
    pub(super) slots: &'a [Vec<i64>],
    pub(super) results: &'a [&'a mut [i64]],
    pub(super) class: &'a [i64],
}

impl<'a> Columns<'a> {
    pub(super) fn get(&self, source: Source) -> Operand<'a> {
        let rows = self.span.len();
        let part = |column: &'a [i64]| Operand::Rows(column.get(..rows).unwrap_or(&[]));
        match source {
            Source::Constant(value) => Operand::Value(value),
            Source::Column(input) => match self.inputs.get(input) {
                Some(Column::Values(values)) => {
                    Operand::Rows(values.get(self.span.first..self.span.end).unwrap_or(&[]))
                }
                Some(Column::Constant(value)) => Operand::Value(*value),
                None => Operand::Value(0),
            },
            Source::Value(value) => match self.places.get(value) {
                Some(Place::Slot(slot)) => part(self.slots.get(*slot).map_or(&[], Vec::as_slice)),
                Some(Place::Result(result)) => part(self.results.get(*result).map_or(&[], |r| &**r)),
                Some(Place::Class) | None => part(self.class),
            },
        }
    }
}

/// The column that a step writes, taken out of the others while it does.
enum Target<'a> {
    Slot(usize, Vec<i64>),
    Result(usize, &'a mut [i64]),
    Nothing,
}

impl Blocks {
    /// Run all steps of a plan over a block.
    #[expect(clippy::too_many_arguments, reason = "what a block reads and writes")]
    pub(super) fn steps(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        options: Options,
        results: &mut [&mut [i64]],
        details: &mut [(&mut [u16], &mut [u8])],
    ) -> Result<(), Unbounded> {
        for step in &plan.steps {
            match step {
                Step::Class { .. } => {}
                Step::Tally { a, tally } => {
                    let largest = self.magnitude_of(batch, span, *a);
                    let columns = Columns {
                        inputs: batch.inputs,
                        span,
                        places: &plan.places,
                        slots: &self.slots,
                        results,
                        class: &self.class,
                    };
                    let (vector, values) = (self.vector, columns.get(*a));
                    if let Some(tally) = self.tallies.get_mut(*tally) {
                        tally.add(vector, values, largest, self.same.get(..span.len()).unwrap_or(&[]))?;
                    }
                }
                Step::Defer { base, row, benefit } => {
                    let operands = (*base, *row, Source::Constant(0), *benefit);
                    let detail = details
                        .get_mut(*benefit)
                        .filter(|_| options.details)
                        .map(|(figures, cuts)| (&mut **figures, &mut **cuts));
                    let into = (None, detail);
                    self.settle(prepared, batch, plan, span, results, operands, into, options)?;
                }
                Step::Settle {
                    out,
                    base,
                    row,
                    uncovered,
                    benefit,
                } => {
                    // A claim is never paid more than what is uncovered.
                    let bound = self.magnitude_of(batch, span, *uncovered);
                    self.note(*out, bound)?;
                    let operands = (*base, *row, *uncovered, *benefit);
                    let mut taken = take(&mut self.slots, results, plan, *out);
                    let rows = rows_of(&mut taken, span);
                    let detail = details
                        .get_mut(*benefit)
                        .filter(|_| options.details)
                        .map(|(figures, cuts)| (&mut **figures, &mut **cuts));
                    let into = (Some(rows), detail);
                    let done = self.settle(prepared, batch, plan, span, results, operands, into, options);
                    give(&mut self.slots, results, taken);
                    done?;
                }
                step => {
                    let Some(out) = step.out() else { continue };
                    let bound = self.bound(batch, span, step);
                    self.note(out, bound)?;
                    let mut taken = take(&mut self.slots, results, plan, out);
                    self.plain(prepared, batch, plan, span, results, step, rows_of(&mut taken, span));
                    give(&mut self.slots, results, taken);
                }
            }
        }
        Ok(())
    }

    /// SETTLE (`into` has the payments to write) or DEFER; `operands` are base, row, uncovered, benefit.
    #[expect(clippy::too_many_arguments, reason = "what a step reads and writes")]
    fn settle(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        results: &[&mut [i64]],
        operands: (Source, Source, Source, usize),
        into: (Option<&mut [i64]>, Option<Detail<'_>>),
        options: Options,
    ) -> Result<(), Unbounded> {
        let (base, row, uncovered, benefit) = operands;
        let largest = self.magnitude_of(batch, span, base);
        let columns = Columns {
            inputs: batch.inputs,
            span,
            places: &plan.places,
            slots: &self.slots,
            results,
            class: &self.class,
        };
        let rows = span.len();
        let base = match columns.get(base) {
            Operand::Rows(base) => base,
            Operand::Value(value) => {
                let base = self.base.get_mut(..rows).unwrap_or_default();
                base.fill(value);
                base
            }
        };
        let steady = match row {
            Source::Constant(_) => true,
            Source::Value(value) => self.steady_class && plan.of_class.get(value).copied().unwrap_or(false),
            Source::Column(_) => false,
        };
        let mut row = columns.get(row);
        if self.accounts.rejected {
            let copy = self.row.get_mut(..rows).unwrap_or_default();
            kernels::map1(copy, row, |row| row);
            let accounts = self.accounts.list(batch, span);
            for segment in accounts.iter().filter(|segment| segment.rejected.is_some()) {
                copy.get_mut(segment.range()).unwrap_or_default().fill(0);
            }
            row = Operand::Rows(copy);
        }
        let task = Task {
            vector: self.vector,
            prepared,
            benefit,
            accounts: &self.accounts,
            batch,
            span,
            same: self.same.get(..rows).unwrap_or(&[]),
            base,
            row,
            uncovered: columns.get(uncovered),
            largest,
            records: options.records,
            steady,
        };
        let (Some(scan), Some(kind)) = (self.scans.get_mut(benefit), self.kinds.get(benefit)) else {
            return Ok(());
        };
        match into {
            (Some(out), details) => scan.settle(&task, kind, out, details, &mut self.again),
            (None, details) => scan.defer(&task, details),
        }
    }

    /// Note how large a value may be; too large is no value.
    fn note(&mut self, out: usize, bound: u64) -> Result<(), Unbounded> {
        if bound >= SAFE {
            return Err(Unbounded);
        }
        if let Some(place) = self.magnitudes.get_mut(out) {
            *place = bound;
        }
        Ok(())
    }

    /// How large the values of a source are at most.
    pub(super) fn magnitude_of(&mut self, batch: &Batch<'_>, span: Span, source: Source) -> u64 {
        match source {
            Source::Constant(value) => value.unsigned_abs(),
            Source::Value(value) => self.magnitudes.get(value).copied().unwrap_or(u64::MAX),
            Source::Column(input) => {
                if let Some(Some(known)) = self.column_magnitudes.get(input) {
                    return *known;
                }
                let values = match batch.inputs.get(input) {
                    Some(Column::Values(values)) => values.get(span.first..span.end).unwrap_or(&[]),
                    _ => &[],
                };
                let found = self.vector.run(
                    #[inline(always)]
                    || kernels::magnitude(values),
                );
                if let Some(place) = self.column_magnitudes.get_mut(input) {
                    *place = Some(found);
                }
                found
            }
        }
    }

    /// How large the values of a step are at most, every partial sum included.
    fn bound(&mut self, batch: &Batch<'_>, span: Span, step: &Step) -> u64 {
        let mut of = |source: &Source| self.magnitude_of(batch, span, *source);
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
            // An amount rounded is at most a yuan larger; other single steps give flags.
            Step::Other { reads, .. } => reads
                .iter()
                .map(|(_, source)| of(source))
                .max()
                .unwrap_or(0)
                .saturating_mul(2)
                .saturating_add(200),
            Step::Day { .. } => 1 << 31,
            Step::Radix { .. }
            | Step::Holds { .. }
            | Step::Regime { .. }
            | Step::Class { .. }
            | Step::Settle { .. }
            | Step::Defer { .. }
            | Step::Tally { .. } => 1 << 17,
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a step reads and writes")]
    fn plain(
        &self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        results: &[&mut [i64]],
        step: &Step,
        out: &mut [i64],
    ) {
        let columns = Columns {
            inputs: batch.inputs,
            span,
            places: &plan.places,
            slots: &self.slots,
            results,
            class: &self.class,
        };
        let vector = self.vector;
        match step {
            Step::Sum {
                plus,
                minus,
                constant,
                clamped,
                ..
            } => {
                vector.run(
                    #[inline(always)]
                    || sum(&columns, out, plus, minus, *constant, *clamped),
                );
            }
            Step::Multiply { a, by, .. } => {
                let (a, by) = (columns.get(*a), *by);
                vector.run(
                    #[inline(always)]
                    || kernels::map1(out, a, |a| a.wrapping_mul(by)),
                );
            }
            Step::Two { what, a, b, .. } => {
                let (a, b) = (columns.get(*a), columns.get(*b));
                vector.run(
                    #[inline(always)]
                    || two(*what, out, a, b),
                );
            }
            Step::Choose { flag, a, b, .. } => {
                let (a, b) = (columns.get(*a), columns.get(*b));
                if let Operand::Rows(flag) = columns.get(*flag) {
                    vector.run(
                        #[inline(always)]
                        || kernels::choose(out, flag, a, b),
                    );
                }
            }
            Step::Radix { a, n, b, plus, .. } => {
                let (a, b, n, plus) = (columns.get(*a), columns.get(*b), *n, *plus);
                vector.run(
                    #[inline(always)]
                    || {
                        kernels::map2(out, a, b, |a, b| a.wrapping_mul(n).wrapping_add(b).wrapping_add(plus));
                    },
                );
            }
            Step::Table { a, plus, table, .. } => match columns.get(*a) {
                Operand::Rows(a) => match pack(table) {
                    Some(bytes) => vector.run(
                        #[inline(always)]
                        || kernels::packed(out, a, *plus, bytes),
                    ),
                    None => vector.run(
                        #[inline(always)]
                        || kernels::entries(out, a, *plus, table),
                    ),
                },
                Operand::Value(a) => {
                    let at = usize::try_from(a.wrapping_add(*plus)).unwrap_or(usize::MAX);
                    out.fill(table.get(at).copied().unwrap_or(0));
                }
            },
            Step::Holds { mask, .. } => {
                let held = match batch.identities {
                    Identities::ByRow(masks) => masks.get(span.first..span.end).unwrap_or(&[]),
                    _ => self.held.get(..span.len()).unwrap_or(&[]),
                };
                vector.run(
                    #[inline(always)]
                    || kernels::map1(out, Operand::Rows(held), |held| i64::from(held & mask != 0)),
                );
            }
            Step::Day { .. } => {
                let days = batch.days.get(span.first..span.end).unwrap_or(&[]);
                for (out, day) in out.iter_mut().zip(days) {
                    *out = i64::from(*day);
                }
            }
            Step::Regime { dates, .. } => {
                let days = batch.days.get(span.first..span.end).unwrap_or(&[]);
                let dates = prepared.lists.dates.get(*dates).map_or(&[][..], Vec::as_slice);
                vector.run(
                    #[inline(always)]
                    || kernels::regime(out, days, dates),
                );
            }
            Step::Other { op, reads, .. } => other(prepared, &columns, op, reads, out),
            Step::Class { .. } | Step::Settle { .. } | Step::Defer { .. } | Step::Tally { .. } => {}
        }
    }
}

/// Σ plus − Σ minus + constant.
#[inline(always)]
fn sum(columns: &Columns<'_>, out: &mut [i64], plus: &[Source], minus: &[Source], constant: i64, clamped: bool) {
    use Operand::Rows;
    let floor = if clamped { 0 } else { i64::MIN };
    let end = |sum: i64| sum.wrapping_add(constant).max(floor);
    match (plus, minus) {
        ([a], []) => kernels::map1(out, columns.get(*a), end),
        ([a, b], []) => {
            kernels::map2(out, columns.get(*a), columns.get(*b), |a, b| end(a.wrapping_add(b)));
        }
        ([a], [b]) => {
            kernels::map2(out, columns.get(*a), columns.get(*b), |a, b| end(a.wrapping_sub(b)));
        }
        _ => {
            let (first, rest, negative) = match (plus, minus) {
                ([first, rest @ ..], _) => (*first, rest, minus),
                (_, negative) => (Source::Constant(0), &[][..], negative),
            };
            kernels::map1(out, columns.get(first), |a| a);
            for source in rest {
                match columns.get(*source) {
                    Rows(rows) => kernels::accumulate(out, rows, i64::wrapping_add),
                    Operand::Value(value) => {
                        out.iter_mut().for_each(|out| *out = out.wrapping_add(value));
                    }
                }
            }
            for source in negative {
                match columns.get(*source) {
                    Rows(rows) => kernels::accumulate(out, rows, i64::wrapping_sub),
                    Operand::Value(value) => {
                        out.iter_mut().for_each(|out| *out = out.wrapping_sub(value));
                    }
                }
            }
            out.iter_mut().for_each(|out| *out = end(*out));
        }
    }
}

#[inline(always)]
fn two(what: Two, out: &mut [i64], a: Operand<'_>, b: Operand<'_>) {
    match what {
        Two::Times => kernels::map2(out, a, b, i64::wrapping_mul),
        Two::Min => kernels::map2(out, a, b, i64::min),
        Two::Max => kernels::map2(out, a, b, i64::max),
        Two::Less => kernels::map2(out, a, b, |a, b| i64::from(a < b)),
        Two::LessEqual => kernels::map2(out, a, b, |a, b| i64::from(a <= b)),
        Two::Equal => kernels::map2(out, a, b, |a, b| i64::from(a == b)),
        Two::NotEqual => kernels::map2(out, a, b, |a, b| i64::from(a != b)),
        Two::And => kernels::map2(out, a, b, |a, b| a & b),
        Two::Or => kernels::map2(out, a, b, |a, b| a | b),
    }
}

/// A table of at most eight bytes in one number.
fn pack(table: &[i64]) -> Option<u64> {
    if table.len() > 8 {
        return None;
    }
    let mut bytes = [0_u8; 8];
    for (byte, value) in bytes.iter_mut().zip(table) {
        *byte = u8::try_from(*value).ok()?;
    }
    Some(u64::from_le_bytes(bytes))
}

struct Row;

impl Scene for Row {
    fn input(&self, _input: usize) -> i64 {
        0
    }

    fn day(&self) -> i32 {
        0
    }

    fn class(&self) -> i64 {
        0
    }

    fn held(&self) -> i64 {
        0
    }

    fn tally(&self, _tally: usize) -> i64 {
        0
    }
}

/// An instruction that no kernel does, row by row.
fn other(prepared: &Prepared, columns: &Columns<'_>, op: &ops::Op, reads: &[(usize, Source)], out: &mut [i64]) {
    let most = reads.iter().map(|(register, _)| *register).max().unwrap_or(0);
    let mut registers = vec![0; most.saturating_add(1)];
    let operands: Vec<_> = reads
        .iter()
        .map(|(register, source)| (*register, columns.get(*source)))
        .collect();
    for (n, out) in out.iter_mut().enumerate() {
        for (register, operand) in &operands {
            if let Some(place) = registers.get_mut(*register) {
                *place = match operand {
                    Operand::Value(value) => *value,
                    Operand::Rows(rows) => rows.get(n).copied().unwrap_or(0),
                };
            }
        }
        // Bounded values do not overflow.
        *out = ops::value(op, &registers, &prepared.lists, &Row).unwrap_or(0);
    }
}

/// Take the column of a value out.
fn take<'r>(slots: &mut [Vec<i64>], results: &mut [&'r mut [i64]], plan: &Plan, out: usize) -> Target<'r> {
    match plan.places.get(out) {
        Some(Place::Slot(slot)) => match slots.get_mut(*slot) {
            Some(column) => Target::Slot(*slot, std::mem::take(column)),
            None => Target::Nothing,
        },
        Some(Place::Result(result)) => match results.get_mut(*result) {
            Some(column) => Target::Result(*result, std::mem::take(column)),
            None => Target::Nothing,
        },
        Some(Place::Class) | None => Target::Nothing,
    }
}

/// Put it back.
fn give<'r>(slots: &mut [Vec<i64>], results: &mut [&'r mut [i64]], target: Target<'r>) {
    match target {
        Target::Slot(slot, column) => {
            if let Some(place) = slots.get_mut(slot) {
                *place = column;
            }
        }
        Target::Result(result, column) => {
            if let Some(place) = results.get_mut(result) {
                *place = column;
            }
        }
        Target::Nothing => {}
    }
}

fn rows_of<'t>(target: &'t mut Target<'_>, span: Span) -> &'t mut [i64] {
    match target {
        Target::Slot(_, column) => column.get_mut(..span.len()).unwrap_or_default(),
        Target::Result(_, column) => column.get_mut(..span.len()).unwrap_or_default(),
        Target::Nothing => &mut [],
    }
}

/// Fill results that are no column of their own: constants, inputs, and values that are another result already.
pub(super) fn show_constants(
    batch: &Batch<'_>,
    plan: &Plan,
    span: Span,
    sheet: &mut Sheet<'_>,
    range: &std::ops::Range<usize>,
    class: &[i64],
) {
    for (n, source) in plan.results().copied().enumerate() {
        let direct = match source {
            Source::Value(value) => plan.places.get(value) == Some(&Place::Result(n)),
            Source::Constant(_) | Source::Column(_) => false,
        };
        if direct {
            continue;
        }
        let from: Option<Vec<i64>> = match source {
            Source::Constant(_) => None,
            Source::Column(input) => match batch.inputs.get(input) {
                Some(Column::Values(values)) => values.get(span.first..span.end).map(<[i64]>::to_vec),
                _ => None,
            },
            Source::Value(value) => match plan.places.get(value) {
                Some(Place::Result(other)) => sheet.column(*other, range).map(|rows| rows.to_vec()),
                _ => class.get(..span.len()).map(<[i64]>::to_vec),
            },
        };
        let Some(out) = sheet.column(n, range) else { continue };
        match (source, from) {
            (Source::Constant(value), _) => out.fill(value),
            (_, Some(rows)) if rows.len() == out.len() => out.copy_from_slice(&rows),
            _ => {}
        }
    }
}
