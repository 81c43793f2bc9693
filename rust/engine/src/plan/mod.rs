//! What the claim section comes to for blocks: column operations, and where their values are.

mod chain;
mod planner;
mod ranks;
mod sums;

#[cfg(test)]
mod listed;

use crate::ops::Op;

/// A value of a block: numbers of [`Plan::values`], columns of the batch, or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Constant(i64),
    Column(usize),
    Value(usize),
}

/// One operation over a block; `out` numbers the value it makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Σ plus − Σ minus + constant, 0 where it is below 0 if `clamped`.
    Sum {
        out: usize,
        plus: Vec<Source>,
        minus: Vec<Source>,
        constant: i64,
        clamped: bool,
    },
    Multiply {
        out: usize,
        a: Source,
        by: i64,
    },
    Two {
        out: usize,
        what: Two,
        a: Source,
        b: Source,
    },
    Choose {
        out: usize,
        flag: Source,
        a: Source,
        b: Source,
    },
    Radix {
        out: usize,
        a: Source,
        n: i64,
        b: Source,
        plus: i64,
    },
    /// Entry a + plus.
    Table {
        out: usize,
        a: Source,
        plus: i64,
        table: Vec<i64>,
    },
    Holds {
        out: usize,
        mask: i64,
    },
    Day {
        out: usize,
    },
    Regime {
        out: usize,
        dates: usize,
    },
    Class {
        out: usize,
    },
    /// Any other stateless instruction, row by row.
    Other {
        out: usize,
        op: Op,
        reads: Vec<(usize, Source)>,
    },
    /// What the claim adds is base − less.
    Settle {
        out: usize,
        base: Source,
        less: Source,
        row: Source,
        uncovered: Source,
        benefit: usize,
        /// The benefit whose base, less its payments, is this one's, and which applies wherever this one does.
        follows: Option<usize>,
        /// The value that is uncovered − the payment, if anybody reads it.
        rest: Option<usize>,
    },
    Defer {
        base: Source,
        row: Source,
        benefit: usize,
    },
    Tally {
        a: Source,
        tally: usize,
    },
}

/// Operations of two columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Two {
    Times,
    Min,
    Max,
    Less,
    LessEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

/// Where the column of a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The block's column of classes.
    Class,
    /// A column that later values use again.
    Slot(usize),
    /// A column of results: the payment of a benefit, then burden, excess, what [`Plan::paying`] holds, and the measures.
    Result(usize),
}

/// What may differ from batch to batch, and with it the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    /// By input: its value where it is constant.
    pub(crate) inputs: Vec<Option<i64>>,
    /// By input: the first one that is the same column.
    pub(crate) twins: Vec<usize>,
    /// By list of days: how many are passed, where that is the same on every day of the batch.
    pub(crate) regimes: Vec<Option<i64>>,
    /// Whether anybody's totals are wanted.
    pub(crate) records: bool,
    /// Whether figures and cuts of every row are wanted.
    pub(crate) details: bool,
    /// Whether measures are wanted.
    pub(crate) measures: bool,
}

/// Operations for blocks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// How many values the steps make.
    pub(crate) values: usize,
    /// By value: where its column is.
    pub(crate) places: Vec<Place>,
    /// By value: it is worked out from the class alone.
    pub(crate) of_class: Vec<bool>,
    /// By value: the earlier step whose sum it is too, where columns held up at 0 are nowhere below it.
    pub(crate) same_as: Vec<Option<usize>>,
    /// By value: the earlier step whose sum it is the opposite of, held up at 0: nothing where that sum is nowhere below 0.
    pub(crate) mirrors: Vec<Option<usize>>,
    /// How many columns of a block the values need at most at a time.
    pub(crate) slots: usize,
    /// The class of every row.
    pub(crate) class: usize,
    pub(crate) burden: Source,
    pub(crate) excess: Source,
    /// As [`crate::sheet::NOBODY`], where the program tells them.
    pub(crate) paying: Vec<Source>,
    pub(crate) measures: Vec<Source>,
    /// By benefit: its payment; a constant where it is deferred.
    pub(crate) pays: Vec<Source>,
    /// The steps to be taken anew, row by row, where a limit binds that benefits share.
    pub(crate) joint: Vec<usize>,
    /// By step: it is taken only when another asks for its value.
    pub(crate) on_demand: Vec<bool>,
    pub(crate) holds: bool,
    /// Whether some instruction asks for the day itself.
    pub(crate) reads_day: bool,
}

impl Default for Source {
    fn default() -> Self {
        Self::Constant(0)
    }
}

impl Plan {
    /// Every column of results, in the order of [`Place::Result`].
    pub(crate) fn results(&self) -> impl Iterator<Item = &Source> {
        let told = self.paying.iter().chain(&self.measures);
        self.pays.iter().chain([&self.burden, &self.excess]).chain(told)
    }

    /// How many times steps and results read a source.
    fn readers(&self, of: Source) -> usize {
        let mut readers = self.results().filter(|result| **result == of).count();
        for step in &self.steps {
            step.reads(|source| readers = readers.saturating_add(usize::from(*source == of)));
        }
        readers
    }

    /// Take out steps whose value nobody reads.
    fn drop_unread(&mut self) {
        let mut read = vec![false; self.values];
        let mut mark = |source: &Source| {
            if let Source::Value(value) = source
                && let Some(read) = read.get_mut(*value)
            {
                *read = true;
            }
        };
        mark(&Source::Value(self.class));
        mark(&self.burden);
        mark(&self.excess);
        for result in self.pays.iter().chain(&self.paying).chain(&self.measures) {
            mark(result);
        }
        let mut kept = Vec::with_capacity(self.steps.len());
        for step in std::mem::take(&mut self.steps).into_iter().rev() {
            let wanted = step.out().is_none_or(|out| read.get(out).copied().unwrap_or(false));
            if wanted {
                step.reads(|source| {
                    if let Source::Value(value) = source
                        && let Some(read) = read.get_mut(*value)
                    {
                        *read = true;
                    }
                });
                kept.push(step);
            }
        }
        kept.reverse();
        self.steps = kept;
    }

    /// Give every value a column; columns whose value is not read any more are used again.
    fn give_places(&mut self) {
        self.places = vec![Place::Class; self.values];
        let mut results: Vec<Option<usize>> = vec![None; self.values];
        for (n, source) in self.results().enumerate() {
            if let Source::Value(value) = source
                && *value != self.class
                && let Some(result @ None) = results.get_mut(*value)
            {
                *result = Some(n);
            }
        }
        let mut last_read = vec![0; self.values];
        for (n, step) in self.steps.iter().enumerate() {
            step.reads(|source| {
                if let Source::Value(value) = source
                    && let Some(last) = last_read.get_mut(*value)
                {
                    *last = n;
                }
            });
        }
        // What is taken on demand reads when somebody asks.
        for (step, _) in self
            .steps
            .iter()
            .zip(&self.on_demand)
            .filter(|(_, on_demand)| **on_demand)
        {
            let asked = step.out().and_then(|out| last_read.get(out)).copied().unwrap_or(0);
            step.reads(|source| {
                if let Source::Value(value) = source
                    && let Some(last) = last_read.get_mut(*value)
                {
                    *last = asked.max(*last);
                }
            });
        }
        // What another value may turn out to be is kept as long as that one.
        for (value, same) in self.same_as.iter().enumerate().rev() {
            if let Some(same) = same.and_then(|step| self.steps.get(step)?.out())
                && let Some(own) = last_read.get(value).copied()
                && let Some(last) = last_read.get_mut(same)
            {
                *last = own.max(*last);
            }
        }
        let mut free: Vec<usize> = Vec::new();
        for (n, step) in self.steps.iter().enumerate() {
            let made = match step {
                Step::Settle { out, rest, .. } => [Some(*out), *rest],
                step => [step.out().filter(|out| *out != self.class), None],
            };
            for out in made.into_iter().flatten() {
                let place = match results.get(out).copied().flatten() {
                    Some(result) => Place::Result(result),
                    None => Place::Slot(free.pop().unwrap_or_else(|| {
                        self.slots = self.slots.saturating_add(1);
                        self.slots.saturating_sub(1)
                    })),
                };
                if let Some(known) = self.places.get_mut(out) {
                    *known = place;
                }
            }
            // Rows are worked out again: everything is kept. Two SETTLEs in one pass: neither writes where the other reads.
            if !self.joint.is_empty() || self.is_led(n) {
                continue;
            }
            let places = &self.places;
            step.reads(|source| {
                if let Source::Value(value) = source
                    && last_read.get(*value) == Some(&n)
                    && let Some(Place::Slot(slot)) = places.get(*value)
                    && !free.contains(slot)
                {
                    free.push(*slot);
                }
            });
        }
    }
}

impl Step {
    /// The value that it makes.
    pub(crate) const fn out(&self) -> Option<usize> {
        match self {
            Self::Sum { out, .. }
            | Self::Multiply { out, .. }
            | Self::Two { out, .. }
            | Self::Choose { out, .. }
            | Self::Radix { out, .. }
            | Self::Table { out, .. }
            | Self::Holds { out, .. }
            | Self::Day { out }
            | Self::Regime { out, .. }
            | Self::Class { out }
            | Self::Other { out, .. } => Some(*out),
            // A payment is a result, read or not.
            Self::Settle { .. } | Self::Defer { .. } | Self::Tally { .. } => None,
        }
    }

    /// Everything that it reads.
    pub(crate) fn reads(&self, mut see: impl FnMut(&Source)) {
        match self {
            Self::Sum { plus, minus, .. } => plus.iter().chain(minus).for_each(see),
            Self::Multiply { a, .. } | Self::Table { a, .. } | Self::Tally { a, .. } => see(a),
            Self::Two { a, b, .. } | Self::Radix { a, b, .. } => [a, b].into_iter().for_each(see),
            Self::Choose { flag, a, b, .. } => [flag, a, b].into_iter().for_each(see),
            Self::Other { reads, .. } => reads.iter().for_each(|(_, source)| see(source)),
            Self::Settle {
                base,
                less,
                row,
                uncovered,
                ..
            } => {
                [base, less, row, uncovered].into_iter().for_each(see);
            }
            Self::Defer { base, row, .. } => [base, row].into_iter().for_each(see),
            Self::Holds { .. } | Self::Day { .. } | Self::Regime { .. } | Self::Class { .. } => {}
        }
    }
}
