//! Steps that know nothing of other rows, over the columns of a block.

use crate::batch::Identities;
use crate::kernels::{self, Operand};
use crate::ops;
use crate::plan::{Source, Step, Two};
use crate::prepared::Prepared;

use super::columns::Columns;
use super::steps::Work;
use super::{Blocks, Unbounded};

impl Blocks {
    /// # Errors
    /// A value that there is not: a day outside of the calendar.
    pub(super) fn plain(
        &self,
        work: Work<'_>,
        results: &[&mut [i64]],
        step: &Step,
        out: &mut [i64],
    ) -> Result<(), Unbounded> {
        let Work {
            prepared, batch, span, ..
        } = work;
        let columns = self.columns(work, results);
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
            Step::Other { op, reads, .. } => return other(prepared, &columns, op, reads, out).ok_or(Unbounded),
            Step::Class { .. } | Step::Settle { .. } | Step::Defer { .. } | Step::Tally { .. } => {}
        }
        Ok(())
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

/// An instruction that no kernel does, row by row; none where a day leaves the calendar.
fn other(
    prepared: &Prepared,
    columns: &Columns<'_>,
    op: &ops::Op,
    reads: &[(usize, Source)],
    out: &mut [i64],
) -> Option<()> {
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
        *out = ops::value(op, &registers, &prepared.lists, &ops::Nowhere)?;
    }
    Some(())
}
