//! What accumulates in one account: a person's benefit year, or an application.

use crate::parts::Parts;
use crate::prepared::Prepared;
use crate::rule::{State, Terms};

/// Accumulators of an account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    /// By benefit.
    pub(crate) states: Vec<State>,
    /// By benefit that is chosen by year: what it would have accumulated, had it alone been paid.
    pub(crate) alone: Vec<State>,
    /// By benefit: the row of figures of the last claim to which it applied; 0 for none.
    pub(crate) rows: Vec<i64>,
    /// By shared limit: fen used.
    pub(crate) used: Vec<i64>,
    /// By benefit: its parts, where it has some.
    pub(crate) parts: Vec<Option<Parts>>,
    /// By share of the year's bills: the totals held against each other.
    pub(crate) caps: Vec<[i64; 2]>,
    /// Tallies as indicators see them: what claims showed on their day.
    pub(crate) watched: Vec<i64>,
    /// Tallies as year ends see them: after what applications paid later.
    pub(crate) closing: Vec<i64>,
}

impl Ledger {
    pub(crate) fn new(prepared: &Prepared) -> Self {
        let mut ledger = Self::default();
        ledger.reset(prepared);
        ledger
    }

    /// Everything zero, memory kept.
    pub(crate) fn reset(&mut self, prepared: &Prepared) {
        let (limits, tallies) = (prepared.program.limits().len(), prepared.program.tallies().len());
        fill(&mut self.states, prepared.benefits(), State::default());
        fill(&mut self.alone, prepared.benefits(), State::default());
        fill(&mut self.rows, prepared.benefits(), 0);
        fill(&mut self.used, limits, 0);
        fill(&mut self.caps, prepared.yearly_caps, [0; 2]);
        self.parts.clear();
        if prepared.parts() > 0 {
            let of = |terms: &Terms| (terms.parts > 0).then(|| Parts::new(terms));
            self.parts.extend(prepared.terms.iter().map(of));
        }
        fill(&mut self.watched, tallies, 0);
        fill(&mut self.closing, tallies, 0);
    }
}

fn fill<T: Clone>(values: &mut Vec<T>, length: usize, value: T) {
    values.clear();
    values.resize(length, value);
}
