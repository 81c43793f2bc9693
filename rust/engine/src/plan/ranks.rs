//! SETTLEs come in; those of which one counts what the other has left stand side by side, and rows of figures that they alone
//! read are left to them.

use super::{Plan, Source, Step};

impl Plan {
    /// Move every SETTLE that counts what an earlier one has left to behind that one, as far as what it reads is known there.
    pub(super) fn close_ranks(&mut self) {
        for at in 1..self.steps.len() {
            let leads = |leader: &usize| self.is_left_by(*leader, at);
            if let Some(leader) = (0..at).find(leads)
                && let Some(order) = self.closed(leader, at)
            {
                let mut steps: Vec<Option<Step>> = std::mem::take(&mut self.steps).into_iter().map(Some).collect();
                let place = |n: usize| steps.get_mut(n).and_then(Option::take);
                self.steps = order.into_iter().filter_map(place).collect();
            }
        }
    }

    /// Whether the SETTLE at a step counts what the next step's takes up: the next one's base is its own less its payment,
    /// what it leaves uncovered is what the next one may pay, and nobody else reads that.
    pub(crate) fn is_led(&self, leader: usize) -> bool {
        self.is_left_by(leader, leader.saturating_add(1))
    }

    fn is_left_by(&self, leader: usize, follower: usize) -> bool {
        let (
            Some(Step::Settle {
                out,
                base,
                less: Source::Constant(0),
                benefit,
                rest: Some(rest),
                ..
            }),
            Some(Step::Settle {
                base: same,
                less,
                uncovered,
                follows,
                ..
            }),
        ) = (self.steps.get(leader), self.steps.get(follower))
        else {
            return false;
        };
        let rest = Source::Value(*rest);
        base == same
            && *less == Source::Value(*out)
            && *follows == Some(*benefit)
            && *uncovered == rest
            && self.readers(rest) == 1
    }

    /// The order of steps in which the follower comes right after its leader; none if it reads what follows from the leader
    /// by other ways.
    fn closed(&self, leader: usize, follower: usize) -> Option<Vec<usize>> {
        let Some(Step::Settle { out, rest, .. }) = self.steps.get(leader) else {
            return None;
        };
        let made_by_leader = |value: usize| value == *out || Some(value) == *rest;
        let mut wanted = self.values_read(follower);
        let mut before = Vec::new();
        for n in (leader.saturating_add(1)..follower).rev() {
            if !self.made(n).into_iter().flatten().any(|value| wanted.contains(&value)) {
                continue;
            }
            let reads = self.values_read(n);
            if reads.iter().any(|value| made_by_leader(*value)) {
                return None;
            }
            wanted.extend(reads);
            before.push(n);
        }
        before.reverse();
        let after = (leader.saturating_add(1)..follower).filter(|n| !before.contains(n));
        let rest = after.chain(follower.saturating_add(1)..self.steps.len());
        let first = (0..leader).chain(before.iter().copied());
        Some(first.chain([leader, follower]).chain(rest).collect())
    }

    /// Tables that give SETTLEs their rows of figures and nobody else anything: they are worked out when a SETTLE asks.
    pub(super) fn find_on_demand(&mut self) {
        self.on_demand = vec![false; self.steps.len()];
        if !self.joint.is_empty() {
            return;
        }
        for at in 0..self.steps.len() {
            let Some(Step::Table { out, .. }) = self.steps.get(at) else {
                continue;
            };
            let source = Source::Value(*out);
            let gives_row = |step: &&Step| matches!(step, Step::Settle { row, .. } if *row == source);
            let rows = self.steps.iter().filter(gives_row).count();
            let alone = rows > 0 && self.readers(source) == rows;
            if let Some(on_demand) = self.on_demand.get_mut(at) {
                *on_demand = alone;
            }
        }
    }

    /// The values that a step makes.
    fn made(&self, step: usize) -> [Option<usize>; 2] {
        match self.steps.get(step) {
            Some(Step::Settle { out, rest, .. }) => [Some(*out), *rest],
            Some(step) => [step.out(), None],
            None => [None, None],
        }
    }

    fn values_read(&self, step: usize) -> Vec<usize> {
        let mut values = Vec::new();
        if let Some(step) = self.steps.get(step) {
            step.reads(|source| {
                if let Source::Value(value) = source {
                    values.push(*value);
                }
            });
        }
        values
    }
}
