//! Accounts in which a limit that benefits share comes near to binding: what one benefit uses is room that another has not,
//! so all of them are settled together, claim by claim, from the first that shares.

use crate::batch::Column;
use crate::plan::{Place, Source, Step, Two};
use crate::rule::State;

use super::Blocks;
use super::figures::Kind;
use super::segments::Segment;
use super::settle::{Detail, set_detail};
use super::steps::Work;

/// The results of a block, and figures and cuts of its rows.
pub(super) struct Written<'a, 'r, 'd> {
    pub(super) results: &'a mut [&'r mut [i64]],
    pub(super) details: &'a mut [Detail<'d>],
}

/// Where a value of a block stands: looked up once a block, not once a row.
#[derive(Clone, Copy)]
enum Where<'a> {
    Value(i64),
    Input(&'a [i64]),
    Slot(usize),
    Result(usize),
    Class,
}

/// A step to be taken anew: where it reads ([`Step::reads`], in that order) and what it writes.
struct Taken<'a> {
    step: &'a Step,
    reads: Vec<Where<'a>>,
    out: Where<'a>,
    rest: Option<Where<'a>>,
}

/// What an account has come to.
struct Course {
    /// By benefit.
    states: Vec<State>,
    /// By shared limit.
    used: Vec<i64>,
    tallies: Vec<i64>,
}

impl Blocks {
    /// Settle accounts in which a shared limit may bind; persons for whom that cannot be done here are noted in `again`.
    pub(super) fn settle_shared(&mut self, work: Work<'_>, written: &mut Written<'_, '_, '_>) {
        let found = self.near_shared_limits(work);
        if found.is_empty() {
            return;
        }
        let steps: Vec<Taken<'_>> = joint_steps(work).map(|step| self.taken(work, step)).collect();
        let possible = self.all_columns(work);
        for n in found {
            let Some(segment) = self.accounts.list(work.batch, work.span).get(n).copied() else {
                continue;
            };
            if possible {
                self.settle_jointly(work, &steps, n, &segment, written);
            } else {
                self.again.push(segment.person);
            }
        }
    }

    fn taken<'a>(&self, work: Work<'a>, step: &'a Step) -> Taken<'a> {
        let mut reads = Vec::new();
        step.reads(|source| reads.push(self.located(work, *source)));
        let of = |out: usize| self.located(work, Source::Value(out));
        let (out, rest) = match step {
            Step::Settle { out, rest, .. } => (of(*out), rest.map(of)),
            step => (step.out().map_or(Where::Value(0), of), None),
        };
        Taken { step, reads, out, rest }
    }

    fn located<'a>(&self, work: Work<'a>, source: Source) -> Where<'a> {
        match source {
            Source::Constant(value) => Where::Value(value),
            Source::Column(input) => match work.batch.inputs.get(input) {
                Some(Column::Values(values)) => Where::Input(values.get(work.span.first..work.span.end).unwrap_or(&[])),
                Some(Column::Constant(value)) => Where::Value(*value),
                None => Where::Value(0),
            },
            Source::Value(value) => match (self.aliases.get(value), work.plan.places.get(value)) {
                (Some(Some(alias)), _) => self.located(work, *alias),
                (_, Some(Place::Slot(slot))) => Where::Slot(*slot),
                (_, Some(Place::Result(result))) => Where::Result(*result),
                (_, Some(Place::Class) | None) => Where::Class,
            },
        }
    }

    /// Accounts that have used as much of a limit as any figures give it at least.
    fn near_shared_limits(&self, work: Work<'_>) -> Vec<usize> {
        let limits = self.shared.len();
        let mut found = Vec::new();
        if self.shared.iter().all(Option::is_none) {
            return found;
        }
        for (n, segment) in self.accounts.list(work.batch, work.span).iter().enumerate() {
            if segment.rejected.is_some() {
                continue;
            }
            let near = self.shared.iter().enumerate().any(|(slot, least)| {
                let at = n.saturating_mul(limits).saturating_add(slot);
                let used = self.scans.iter().filter_map(|scan| scan.used_after.get(at));
                least.is_some_and(|least| used.fold(0, |sum: i64, used| sum.saturating_add(*used)) >= least)
            });
            if near {
                found.push(n);
            }
        }
        found
    }

    /// Whether the steps can be taken row by row.
    fn all_columns(&self, work: Work<'_>) -> bool {
        let mut steps = joint_steps(work).peekable();
        steps.peek().is_some()
            && steps.all(|step| match step {
                Step::Settle { benefit, .. } => matches!(self.kinds.get(*benefit), Some(Kind::Columns(_))),
                _ => true,
            })
    }

    fn settle_jointly(
        &mut self,
        work: Work<'_>,
        steps: &[Taken<'_>],
        n: usize,
        segment: &Segment,
        written: &mut Written<'_, '_, '_>,
    ) {
        let mut course = self.course(segment);
        for row in segment.range() {
            for step in steps {
                self.joint_step(step, row, &mut course, written);
            }
        }
        let limits = self.shared.len();
        let goes_on = segment.end == work.span.len();
        for (benefit, kind) in self.kinds.iter().enumerate() {
            let (Kind::Columns(columns), Some(scan)) = (kind, self.scans.get_mut(benefit)) else {
                continue;
            };
            let state = course.states.get(benefit).copied().unwrap_or_default();
            for slot in &columns.named {
                let at = n.saturating_mul(limits).saturating_add(*slot);
                if let Some(used) = scan.used_after.get_mut(at) {
                    *used = state.paid;
                }
            }
            if goes_on && settles_jointly(work, benefit) {
                scan.walked_to(state);
            }
        }
    }

    /// Where the account stands before its first row in the block.
    fn course(&self, segment: &Segment) -> Course {
        let mut course = Course {
            states: vec![State::default(); self.scans.len()],
            used: vec![0; self.shared.len()],
            tallies: vec![0; self.tallies.len()],
        };
        if !segment.continues {
            return course;
        }
        for ((state, scan), kind) in course.states.iter_mut().zip(&self.scans).zip(&self.kinds) {
            *state = scan.before;
            if let Kind::Columns(columns) = kind {
                for slot in &columns.named {
                    if let Some(used) = course.used.get_mut(*slot) {
                        *used = used.saturating_add(state.paid);
                    }
                }
            }
        }
        for (total, tally) in course.tallies.iter_mut().zip(&self.tallies) {
            *total = tally.before;
        }
        course
    }

    /// One step of one row. Values are bounded as those of the block: limits only make payments smaller.
    fn joint_step(&mut self, taken: &Taken<'_>, row: usize, course: &mut Course, written: &mut Written<'_, '_, '_>) {
        let results = &*written.results;
        let read = |n: usize| taken.reads.get(n).map_or(0, |at| self.read(*at, results, row));
        match taken.step {
            Step::Sum {
                plus,
                constant,
                clamped,
                ..
            } => {
                let mut sum = *constant;
                for (n, at) in taken.reads.iter().enumerate() {
                    let value = self.read(*at, results, row);
                    sum = if n < plus.len() {
                        sum.wrapping_add(value)
                    } else {
                        sum.wrapping_sub(value)
                    };
                }
                self.put(taken.out, row, if *clamped { sum.max(0) } else { sum }, written);
            }
            Step::Two { what, .. } => {
                let (a, b) = (read(0), read(1));
                let value = if *what == Two::Min { a.min(b) } else { a.max(b) };
                self.put(taken.out, row, value, written);
            }
            Step::Tally { tally, .. } => {
                let value = read(0);
                let (Some(total), Some(tally)) = (course.tallies.get_mut(*tally), self.tallies.get_mut(*tally)) else {
                    return;
                };
                *total = total.wrapping_add(value);
                if let Some(place) = tally.sums.get_mut(row) {
                    *place = *total;
                }
            }
            Step::Settle { benefit, .. } => {
                let base = read(0).wrapping_sub(read(1));
                let (number, uncovered) = (read(2), read(3));
                let (Some(Kind::Columns(columns)), Some(state)) =
                    (self.kinds.get(*benefit), course.states.get_mut(*benefit))
                else {
                    return;
                };
                let shared = columns.shared(number);
                let room =
                    |limit: &(usize, i64)| limit.1.saturating_sub(course.used.get(limit.0).copied().unwrap_or(0));
                let room = shared.iter().map(room).min().map(|room| room.max(0));
                let stepped = columns.step(state, number, base, uncovered, room);
                for (slot, _) in shared {
                    if let Some(used) = course.used.get_mut(*slot) {
                        *used = used.saturating_add(stepped.pay);
                    }
                }
                let state = *state;
                if let Some(detail) = written.details.get_mut(*benefit) {
                    set_detail(detail, row, number, &stepped);
                }
                if let Some(scan) = self.scans.get_mut(*benefit) {
                    scan.set_after(row, state);
                }
                self.put(taken.out, row, stepped.pay, written);
                if let Some(rest) = taken.rest {
                    self.put(rest, row, uncovered.wrapping_sub(stepped.pay), written);
                }
            }
            _ => {}
        }
    }

    #[inline]
    fn read(&self, at: Where<'_>, results: &[&mut [i64]], row: usize) -> i64 {
        let found = match at {
            Where::Value(value) => return value,
            Where::Input(values) => values.get(row),
            Where::Slot(slot) => self.slots.get(slot).and_then(|slot| slot.get(row)),
            Where::Result(result) => results.get(result).and_then(|column| column.get(row)),
            Where::Class => self.class.get(row),
        };
        found.copied().unwrap_or(0)
    }

    /// Write a value of one row.
    #[inline]
    fn put(&mut self, at: Where<'_>, row: usize, value: i64, written: &mut Written<'_, '_, '_>) {
        let place = match at {
            Where::Slot(slot) => self.slots.get_mut(slot).and_then(|slot| slot.get_mut(row)),
            Where::Result(result) => written.results.get_mut(result).and_then(|column| column.get_mut(row)),
            Where::Value(_) | Where::Input(_) | Where::Class => None,
        };
        if let Some(place) = place {
            *place = value;
        }
    }
}

fn joint_steps<'w>(work: Work<'w>) -> impl Iterator<Item = &'w Step> {
    let steps = &work.plan.steps;
    work.plan.joint.iter().filter_map(|step| steps.get(*step))
}

fn settles_jointly(work: Work<'_>, of: usize) -> bool {
    joint_steps(work).any(|step| matches!(step, Step::Settle { benefit, .. } if *benefit == of))
}
