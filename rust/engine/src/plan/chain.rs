//! Benefits that count what another has left: their steps come in, marked where they follow one another.

use crate::prepared::Prepared;

use super::{Plan, Source, Step, Two};

impl Plan {
    /// Mark every SETTLE whose base is that of an earlier one, less what that one paid; where nobody else reads the
    /// difference, it is not worked out on its own.
    pub(super) fn chain(&mut self) {
        for at in 0..self.steps.len() {
            let Some((sum, leader, base, pay)) = self.leader(at) else {
                continue;
            };
            let readers = self.readers(Source::Value(sum));
            if let Some(Step::Settle {
                base: own,
                less,
                follows,
                ..
            }) = self.steps.get_mut(at)
            {
                *follows = Some(leader);
                if readers == 1 {
                    (*own, *less) = (base, pay);
                }
            }
        }
        self.drop_unread();
    }

    /// Have every SETTLE work out what it leaves uncovered, where that is a step of its own.
    pub(super) fn rests(&mut self) {
        for at in 0..self.steps.len() {
            let Some(Step::Settle { out, uncovered, .. }) = self.steps.get(at) else {
                continue;
            };
            let (out, uncovered) = (Source::Value(*out), *uncovered);
            let is_rest = |step: &Step| match step {
                Step::Sum {
                    plus,
                    minus,
                    constant: 0,
                    clamped: false,
                    ..
                } => plus.as_slice() == [uncovered] && minus.as_slice() == [out],
                _ => false,
            };
            let Some(found) = self.steps.iter().position(is_rest) else {
                continue;
            };
            let value = self.steps.get(found).and_then(Step::out);
            if let Some(Step::Settle { rest, .. }) = self.steps.get_mut(at) {
                *rest = value;
            }
            self.steps.remove(found);
        }
    }

    /// The steps that have to be taken anew where a limit binds that benefits share: their own, and what follows from their
    /// payments. None if some cannot be taken row by row.
    pub(super) fn find_joint(&mut self, prepared: &Prepared) {
        let mut follows = vec![false; self.values];
        let mut joint = Vec::new();
        for (n, step) in self.steps.iter().enumerate() {
            let mut anew = matches!(step, Step::Settle { benefit, .. } if prepared.shares_limits(*benefit));
            step.reads(|source| {
                if let Source::Value(value) = source {
                    anew |= follows.get(*value).copied().unwrap_or(false);
                }
            });
            if !anew {
                continue;
            }
            let made = match step {
                Step::Settle { out, rest, .. } => [Some(*out), *rest],
                Step::Sum { out, .. }
                | Step::Two {
                    out,
                    what: Two::Min | Two::Max,
                    ..
                } => [Some(*out), None],
                Step::Tally { .. } => [None, None],
                _ => return,
            };
            for value in made.into_iter().flatten() {
                if let Some(follows) = follows.get_mut(value) {
                    *follows = true;
                }
            }
            joint.push(n);
        }
        self.joint = joint;
    }

    /// Of the SETTLE at a step: the value that is its base, the benefit that it follows, that one's base and payment.
    fn leader(&self, at: usize) -> Option<(usize, usize, Source, Source)> {
        let Step::Settle {
            base: Source::Value(sum),
            row,
            ..
        } = self.steps.get(at)?
        else {
            return None;
        };
        let before = self.steps.get(..at)?;
        let made = before.iter().find(|step| step.out() == Some(*sum))?;
        let Step::Sum {
            plus,
            minus,
            constant: 0,
            clamped: false,
            ..
        } = made
        else {
            return None;
        };
        let ([base], [pay]) = (plus.as_slice(), minus.as_slice()) else {
            return None;
        };
        before.iter().find_map(|step| match step {
            Step::Settle {
                out,
                base: first,
                less: Source::Constant(0),
                row: first_row,
                benefit,
                ..
            } if Source::Value(*out) == *pay && first == base && self.applies_with(*row, *first_row) => {
                Some((*sum, *benefit, *base, *pay))
            }
            _ => None,
        })
    }

    /// Whether a row of figures (of a class) is not 0 only where the other is not.
    fn applies_with(&self, row: Source, other: Source) -> bool {
        match (row, other) {
            (Source::Constant(row), Source::Constant(other)) => row == 0 || other != 0,
            (_, Source::Constant(other)) => other != 0,
            _ => match (self.by_class(row), self.by_class(other)) {
                (Some((plus, rows)), Some((other_plus, others))) => {
                    plus == other_plus
                        && rows.len() == others.len()
                        && rows.iter().zip(others).all(|(row, other)| *row == 0 || *other != 0)
                }
                _ => false,
            },
        }
    }

    /// The table by which a value follows from the class alone.
    fn by_class(&self, source: Source) -> Option<(i64, &[i64])> {
        let made = |step: &&Step| step.out().map(Source::Value) == Some(source);
        match self.steps.iter().find(made)? {
            Step::Table { a, plus, table, .. } if *a == Source::Value(self.class) => Some((*plus, table)),
            _ => None,
        }
    }
}
