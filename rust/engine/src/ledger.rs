//! What accumulates in one account: a person's benefit year, or an application.

use crate::prepared::Prepared;
use crate::rule::State;

/// Accumulators of an account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    /// By benefit.
    pub(crate) states: Vec<State>,
    /// By benefit: the row of figures of the last claim to which it applied; 0 for none.
    pub(crate) rows: Vec<i64>,
    /// By shared limit: fen used.
    pub(crate) used: Vec<i64>,
    /// By shared limit: the amount that the last claim that names it gave; -1 for none.
    pub(crate) shared: Vec<i64>,
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
        fill(&mut self.rows, prepared.benefits(), 0);
        fill(&mut self.used, limits, 0);
        fill(&mut self.shared, limits, -1);
        fill(&mut self.watched, tallies, 0);
        fill(&mut self.closing, tallies, 0);
    }

    /// Note the figures that a claim went by.
    pub(crate) fn note(&mut self, prepared: &Prepared, benefit: usize, row: i64) {
        if let Some(last) = self.rows.get_mut(benefit) {
            *last = row;
        }
        let phi = prepared.terms.get(benefit).and_then(|terms| terms.row(row));
        for shared in phi.map_or(&[][..], |phi| &phi.shared) {
            if let Some(amount) = self.shared.get_mut(shared.slot) {
                *amount = shared.amount;
            }
        }
    }
}

fn fill<T: Clone>(values: &mut Vec<T>, length: usize, value: T) {
    values.clear();
    values.resize(length, value);
}
