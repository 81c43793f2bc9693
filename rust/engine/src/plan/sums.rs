//! Sums of a plan come in; those of columns alone go first, and sums that say the same or the opposite are told.

use super::{Plan, Signature, Source, Step};

/// Parts of a sum.
type Parts<'a> = (&'a [Source], &'a [Source]);

impl Plan {
    /// Sums of columns alone first: they find out how large the columns are, while they read them anyway.
    pub(super) fn hoist_sums(&mut self) {
        let first = |step: &Step| match step {
            Step::Sum { clamped: false, .. } => {
                let (mut columns, mut others) = (0_usize, 0_usize);
                step.reads(|source| match source {
                    Source::Column(_) => columns = columns.saturating_add(1),
                    Source::Value(_) => others = others.saturating_add(1),
                    Source::Constant(_) => {}
                });
                columns > 1 && others == 0
            }
            _ => false,
        };
        let (sums, rest): (Vec<Step>, Vec<Step>) = std::mem::take(&mut self.steps).into_iter().partition(first);
        self.steps = sums;
        self.steps.extend(rest);
    }

    /// Find [`Plan::same_as`] and [`Plan::mirrors`].
    pub(super) fn find_likenesses(&mut self, signature: &Signature) {
        let mut same_as = vec![None; self.values];
        let mut mirrors = vec![None; self.values];
        for (n, step) in self.steps.iter().enumerate() {
            let Step::Sum {
                out,
                plus,
                minus,
                constant: 0,
                clamped,
            } = step
            else {
                continue;
            };
            let before = self.steps.get(..n).unwrap_or(&[]);
            let found = if *clamped { &mut mirrors } else { &mut same_as };
            let (plus, minus) = if *clamped { (minus, plus) } else { (plus, minus) };
            if let Some(place) = found.get_mut(*out) {
                *place = self.like(before, (plus, minus), signature);
            }
        }
        self.same_as = same_as;
        self.mirrors = mirrors;
    }

    /// An earlier sum with these parts.
    fn like(&self, before: &[Step], (plus, minus): Parts<'_>, signature: &Signature) -> Option<usize> {
        let plainly = |sources: &[Source]| -> Vec<Source> {
            let plain = |source: &Source| self.unclamped(*source, signature);
            sources.iter().map(plain).collect()
        };
        let (plus, minus) = (plainly(plus), plainly(minus));
        if plus.is_empty() || minus.is_empty() {
            return None;
        }
        before.iter().position(|step| match step {
            Step::Sum {
                plus: other,
                minus: others,
                constant: 0,
                clamped: false,
                ..
            } => plainly(other) == plus && plainly(others) == minus,
            _ => false,
        })
    }

    /// The column of a value that is a column held up at 0; of several that are the same column the first.
    fn unclamped(&self, source: Source, signature: &Signature) -> Source {
        let column = match source {
            Source::Column(input) => Some(input),
            Source::Value(value) => self.steps.iter().find_map(|step| match step {
                Step::Sum {
                    out,
                    plus,
                    minus,
                    constant: 0,
                    clamped: true,
                } if *out == value => match (plus.as_slice(), minus.as_slice()) {
                    ([Source::Column(input)], []) => Some(*input),
                    _ => None,
                },
                _ => None,
            }),
            Source::Constant(_) => None,
        };
        let first = |input| signature.twins.get(input).copied().unwrap_or(input);
        column.map_or(source, |input| Source::Column(first(input)))
    }
}
