//! Sums of a block: each is worked out once, and finds out how large the columns are that it reads.
//!
//! INVARIANT: a sum is read only once its bound is noted; until then its numbers may have wrapped.

use crate::kernels::{self, Operand, Signs};
use crate::plan::{Place, Source, Step};

use super::columns::{give, rows_of, take};
use super::steps::Work;
use super::{Blocks, Unbounded};

impl Blocks {
    /// Work out a step that is a sum, if it is one of few parts; false where it has to be done as any other step.
    pub(super) fn sum(&mut self, work: Work<'_>, results: &mut [&mut [i64]], step: &Step) -> Result<bool, Unbounded> {
        let Step::Sum {
            out,
            plus,
            minus,
            constant,
            clamped,
        } = step
        else {
            return Ok(false);
        };
        let out = *out;
        if let Some(negative) = self.negative.get_mut(out) {
            *negative = !clamped;
        }
        if let ([Source::Column(input)], [], 0, true) = (plus.as_slice(), minus.as_slice(), *constant, *clamped) {
            return self.is_column(work, *input, out);
        }
        let likeness = if *clamped {
            &work.plan.mirrors
        } else {
            &work.plan.same_as
        };
        if let Some(like) = likeness.get(out).copied().flatten()
            && let Some(other) = work.plan.steps.get(like)
            && self.is_like(work, results, step, other)
            && let Some(value) = other.out()
        {
            if *clamped {
                if !self.may_be_negative(value) {
                    self.note(out, 0)?;
                    let mut taken = take(&mut self.slots, results, work.plan, out);
                    clear(self, rows_of(&mut taken, work.span));
                    give(&mut self.slots, results, taken);
                    return Ok(true);
                }
            } else if let Some(Place::Slot(_)) = work.plan.places.get(out) {
                let bound = self.magnitude_of(work, Source::Value(value));
                self.note(out, bound)?;
                let negative = self.may_be_negative(value);
                if let (Some(alias), Some(own)) = (self.aliases.get_mut(out), self.negative.get_mut(out)) {
                    (*alias, *own) = (Some(Source::Value(value)), negative);
                }
                return Ok(true);
            }
        }
        self.measured(work, results, step, out)
    }

    /// A column held up at 0 that is nowhere below it is that column itself.
    fn is_column(&mut self, work: Work<'_>, input: usize, out: usize) -> Result<bool, Unbounded> {
        let Some(Place::Slot(_)) = work.plan.places.get(out) else {
            return Ok(false);
        };
        let bound = self.magnitude_of(work, Source::Column(input));
        let known = self.column_magnitudes.get(input).copied().flatten();
        if known.is_none_or(|(_, negative)| negative) {
            return Ok(false);
        }
        self.note(out, bound)?;
        if let Some(alias) = self.aliases.get_mut(out) {
            *alias = Some(Source::Column(input));
        }
        Ok(true)
    }

    fn may_be_negative(&self, value: usize) -> bool {
        self.negative.get(value).copied().unwrap_or(true)
    }

    /// Whether two sums read the very same columns: what one adds the other does, or takes away if it is clamped.
    fn is_like(&self, work: Work<'_>, results: &[&mut [i64]], step: &Step, other: &Step) -> bool {
        let (
            Step::Sum {
                plus, minus, clamped, ..
            },
            Step::Sum {
                plus: others_plus,
                minus: others_minus,
                ..
            },
        ) = (step, other)
        else {
            return false;
        };
        let (plus, minus) = if *clamped { (minus, plus) } else { (plus, minus) };
        let columns = self.columns(work, results);
        let pairs = plus.iter().zip(others_plus).chain(minus.iter().zip(others_minus));
        plus.len() == others_plus.len()
            && minus.len() == others_minus.len()
            && pairs
                .into_iter()
                .all(|(own, other)| columns.get(*own).is_same(columns.get(*other)))
    }

    /// A sum of up to three columns, measured while it is worked out.
    fn measured(
        &mut self,
        work: Work<'_>,
        results: &mut [&mut [i64]],
        step: &Step,
        out: usize,
    ) -> Result<bool, Unbounded> {
        let Step::Sum {
            plus,
            minus,
            constant,
            clamped,
            ..
        } = step
        else {
            return Ok(false);
        };
        let mut taken = take(&mut self.slots, results, work.plan, out);
        let columns = self.columns(work, results);
        let floor = if *clamped { 0 } else { i64::MIN };
        let signs = {
            let operand = |source: &Source| columns.get(*source);
            let rows = rows_of(&mut taken, work.span);
            let end = (*constant, floor);
            match (plus.as_slice(), minus.as_slice()) {
                ([a, b], []) => self.add_up(rows, [operand(a), operand(b)], end, |a, b, _| a.wrapping_add(b)),
                ([a], [b]) => self.add_up(rows, [operand(a), operand(b)], end, |a, b, _| a.wrapping_sub(b)),
                ([a, b], [c]) => self.add_up(rows, [operand(a), operand(b), operand(c)], end, |a, b, c| {
                    a.wrapping_add(b).wrapping_sub(c)
                }),
                ([a], [b, c]) => self.add_up(rows, [operand(a), operand(b), operand(c)], end, |a, b, c| {
                    a.wrapping_sub(b).wrapping_sub(c)
                }),
                _ => None,
            }
        };
        give(&mut self.slots, results, taken);
        let Some(signs) = signs else { return Ok(false) };
        for (source, bits) in plus.iter().chain(minus).zip(signs.parts) {
            if let Source::Column(input) = source
                && let Some(place @ None) = self.column_magnitudes.get_mut(*input)
                && bits >= 0
            {
                *place = Some((kernels::bound(bits), false));
            }
        }
        let bound = self.bound(work, step);
        self.note(out, bound)?;
        if let Some(negative) = self.negative.get_mut(out) {
            *negative = signs.sum < 0;
        }
        Ok(true)
    }

    /// None where not all parts are columns.
    fn add_up<const N: usize>(
        &self,
        out: &mut [i64],
        parts: [Operand<'_>; N],
        (constant, floor): (i64, i64),
        sum: impl Fn(i64, i64, i64) -> i64,
    ) -> Option<Signs> {
        // By value: behind a reference they would be read anew for every row, lest the row written before is one of them.
        let end = move |sum: i64| sum.wrapping_add(constant).max(floor);
        match parts.as_slice() {
            [Operand::Rows(a), Operand::Rows(b)] => Some(self.vector.run(
                #[inline(always)]
                move || kernels::sum_of_two(out, a, b, |a, b| end(sum(a, b, 0))),
            )),
            [Operand::Rows(a), Operand::Rows(b), Operand::Rows(c)] => Some(self.vector.run(
                #[inline(always)]
                move || kernels::sum_of_three(out, [a, b, c], |a, b, c| end(sum(a, b, c))),
            )),
            _ => None,
        }
    }
}

/// What is nothing on most rows (excess) is mostly there already: reading costs less than writing.
fn clear(blocks: &Blocks, out: &mut [i64]) {
    blocks.vector.run(
        #[inline(always)]
        || {
            if !kernels::all_zero(out) {
                out.fill(0);
            }
        },
    );
}
