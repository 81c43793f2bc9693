//! One SETTLE, or two of which the second counts what the first has left, in a single pass over the rows of a block.
//!
//! For accounts that keep their figures, where nobody asks what they come to on every row. Where some account does not keep
//! them, or a bill has less left than is due, [`super::settle`] does the block again.

use crate::kernels::{self, Division, Entries, Narrow, Operand, Stretch};
use crate::plan::{Plan, Source, Step};
use crate::prepared::Prepared;

use super::columns::{Taken, give, rows_of, take};
use super::figures::Kind;
use super::steps::Work;
use super::{Blocks, Unbounded};

/// Rows worked out at a time: what their columns leave to each other stays in the first cache.
const TILE: usize = 256;
/// Entries of figures at most.
pub(super) const ENTRIES: usize = 8;
/// Mostly they are so few.
const FEW: usize = 4;
/// Blocks that are settled otherwise before a pass is tried again.
const OTHERWISE: u8 = 15;

/// What a pass is known to do before any block.
#[derive(Clone, Debug)]
pub(super) struct Pass {
    /// What chooses the entry of figures, which is key + plus.
    key: Source,
    plus: i64,
    base: Source,
    uncovered: Source,
    /// One benefit, or the second with it that counts what the first has left.
    benefits: Vec<Paying>,
    /// What they leave uncovered, if anybody reads it.
    rest: Option<usize>,
    /// So many blocks are to be settled otherwise.
    otherwise: u8,
}

/// A benefit of a pass.
#[derive(Clone, Debug)]
struct Paying {
    benefit: usize,
    out: usize,
    /// By entry: its row of figures (0 for entry 0), and these.
    rows: Vec<i64>,
    figures: [Narrow; ENTRIES],
    fen: Division,
    /// By bit: entries with figures.
    counts: u64,
}

impl Paying {
    fn row(&self, entry: i64) -> i64 {
        let row = usize::try_from(entry).ok().and_then(|entry| self.rows.get(entry));
        row.copied().unwrap_or(0)
    }

    #[inline(always)]
    fn entries<const N: usize>(&self) -> Entries<N> {
        let mut figures = [Narrow::NONE; N];
        for (figures, known) in figures.iter_mut().zip(&self.figures) {
            *figures = *known;
        }
        Entries { figures, fen: self.fen }
    }
}

impl Pass {
    /// How many blocks are to be settled otherwise.
    #[cfg(test)]
    pub(super) const fn otherwise(&self) -> u8 {
        self.otherwise
    }

    /// By step: the pass that begins there. Where rows may be settled again for a limit that benefits share, there is none.
    pub(super) fn of_steps(prepared: &Prepared, kinds: &[Kind], plan: &Plan) -> Vec<Option<Self>> {
        if !plan.joint.is_empty() {
            return Vec::new();
        }
        let mut passes = Vec::with_capacity(plan.steps.len());
        while passes.len() < plan.steps.len() {
            let at = passes.len();
            let both = plan
                .is_led(at)
                .then(|| Self::of(prepared, kinds, plan, at, 2))
                .flatten();
            let second = both.is_some();
            passes.push(both.or_else(|| Self::of(prepared, kinds, plan, at, 1)));
            if second {
                passes.push(None);
            }
        }
        passes
    }

    fn of(prepared: &Prepared, kinds: &[Kind], plan: &Plan, at: usize, count: usize) -> Option<Self> {
        let steps = plan.steps.get(at..at.checked_add(count)?)?;
        let Step::Settle {
            base,
            less: Source::Constant(0),
            uncovered,
            ..
        } = steps.first()?
        else {
            return None;
        };
        let (mut key, mut rest) = (None, None);
        let mut chosen = Vec::with_capacity(count);
        for step in steps {
            let Step::Settle { row, rest: left, .. } = step else {
                return None;
            };
            let (own, rows) = entries(prepared, plan, *row)?;
            if key.is_some_and(|key| key != own) {
                return None;
            }
            (key, rest) = (Some(own), *left);
            chosen.push(rows);
        }
        let (key, mut plus) = key?;
        // Entry 0 is to be that of no figures.
        if chosen.iter().any(|rows| rows.first() != Some(&0)) {
            plus = plus.checked_add(1)?;
            chosen.iter_mut().for_each(|rows| rows.insert(0, 0));
        }
        let benefits = steps.iter().zip(chosen).map(|(step, rows)| paying(kinds, step, rows));
        let benefits: Vec<Paying> = benefits.collect::<Option<_>>()?;
        Some(Self {
            key,
            plus,
            base: *base,
            uncovered: *uncovered,
            benefits,
            rest,
            otherwise: 0,
        })
    }
}

fn paying(kinds: &[Kind], step: &Step, rows: Vec<i64>) -> Option<Paying> {
    let Step::Settle { out, benefit, .. } = step else {
        return None;
    };
    let Kind::Columns(figures) = kinds.get(*benefit)? else {
        return None;
    };
    // What is paid at most what was added leaves nothing below 0 to the next.
    if !figures.within_base() {
        return None;
    }
    Some(Paying {
        benefit: *benefit,
        out: *out,
        figures: figures.by_entry(&rows)?,
        fen: figures.fen,
        counts: rows.iter().rev().fold(0, |bits, row| bits << 1 | u64::from(*row != 0)),
        rows,
    })
}

/// How a row of figures follows from a key of few values: the key, what is added to it, and the rows.
fn entries(prepared: &Prepared, plan: &Plan, row: Source) -> Option<((Source, i64), Vec<i64>)> {
    let classes = prepared.standing.classes().len().checked_add(1)?;
    if let Source::Constant(row) = row {
        return Some(((Source::Value(plan.class), 1), vec![row; classes]));
    }
    let made = |step: &&Step| step.out().map(Source::Value) == Some(row);
    match plan.steps.iter().find(made)? {
        Step::Table { a, plus, table, .. } => Some(((*a, *plus), table.clone())),
        _ => None,
    }
}

/// What a pass reads of a block.
#[derive(Clone, Copy)]
struct Reads<'a> {
    bases: &'a [i64],
    keys: &'a [i64],
    same: &'a [i64],
    uncovered: &'a [i64],
}

/// Where it writes.
struct Writes<'a> {
    added: &'a mut [i64],
    /// One entry more: the sum before the first row.
    sums: &'a mut [i64],
    pays: [&'a mut [i64]; 2],
    rest: &'a mut [i64],
}

/// What an account has come to: its base, and what is due to each benefit.
#[derive(Clone, Copy, Debug, Default)]
struct Course {
    sum: i64,
    due: [i64; 2],
}

impl Blocks {
    /// Take the pass that begins at a step, if there is one and it does for this block; how many steps it took.
    pub(super) fn pass(&mut self, work: Work<'_>, results: &mut [&mut [i64]], at: usize) -> Result<usize, Unbounded> {
        let Some(mut pass) = self.passes.get_mut(at).and_then(Option::take) else {
            return Ok(0);
        };
        let steps = if self.accounts.rejected {
            Ok(0)
        } else if pass.otherwise > 0 {
            pass.otherwise = pass.otherwise.saturating_sub(1);
            Ok(0)
        } else {
            self.take_pass(work, results, &mut pass)
        };
        if let Some(place) = self.passes.get_mut(at) {
            *place = Some(pass);
        }
        steps
    }

    fn take_pass(&mut self, work: Work<'_>, results: &mut [&mut [i64]], pass: &mut Pass) -> Result<usize, Unbounded> {
        self.note_bounds(work, pass)?;
        let (Some(first), second) = (pass.benefits.first(), pass.benefits.get(1)) else {
            return Ok(0);
        };
        let Some(mut sums) = self
            .scans
            .get_mut(first.benefit)
            .map(|scan| std::mem::take(&mut scan.sums))
        else {
            return Ok(0);
        };
        let mut pay = take(&mut self.slots, results, work.plan, first.out);
        let mut other = second.map_or(Taken::Nothing, |s| take(&mut self.slots, results, work.plan, s.out));
        let mut rest = pass
            .rest
            .map_or(Taken::Nothing, |rest| take(&mut self.slots, results, work.plan, rest));
        let (mut added, mut unread) = (std::mem::take(&mut self.added), std::mem::take(&mut self.base));
        let writes = Writes {
            added: &mut added,
            sums: &mut sums,
            pays: [rows_of(&mut pay, work.span), rows_of(&mut other, work.span)],
            rest: match pass.rest {
                Some(_) => rows_of(&mut rest, work.span),
                None => unread.get_mut(..work.span.len()).unwrap_or_default(),
            },
        };
        let done = self.run_pass(work, results, pass, writes);
        (self.added, self.base) = (added, unread);
        give(&mut self.slots, results, rest);
        give(&mut self.slots, results, other);
        give(&mut self.slots, results, pay);
        if let Some(scan) = self.scans.get_mut(first.benefit) {
            scan.sums = sums;
        }
        if done.is_none() {
            pass.otherwise = OTHERWISE;
        }
        Ok(done.map_or(0, |()| pass.benefits.len()))
    }

    /// How large sums and payments may become.
    fn note_bounds(&mut self, work: Work<'_>, pass: &Pass) -> Result<(), Unbounded> {
        let mut bound = self.magnitude_of(work, pass.uncovered);
        let mut largest = self.magnitude_of(work, pass.base);
        for paying in &pass.benefits {
            if let (Some(scan), Some(Kind::Columns(figures))) =
                (self.scans.get(paying.benefit), self.kinds.get(paying.benefit))
            {
                scan.check_bounds(work.span.len(), largest, figures)?;
            }
            self.note(paying.out, bound)?;
            largest = largest.saturating_add(bound);
            bound = bound.saturating_mul(2);
        }
        pass.rest.map_or(Ok(()), |rest| self.note(rest, bound))
    }

    /// None where it does not do.
    fn run_pass(&mut self, work: Work<'_>, results: &[&mut [i64]], pass: &Pass, mut writes: Writes<'_>) -> Option<()> {
        let columns = self.columns(work, results);
        let rows = |source| match columns.get(source) {
            Operand::Rows(rows) => Some(rows),
            Operand::Value(_) => None,
        };
        let reads = Reads {
            bases: rows(pass.base)?,
            keys: rows(pass.key)?,
            same: self.same.get(..work.span.len())?,
            uncovered: rows(pass.uncovered)?,
        };
        let before = self.course_before(pass, reads)?;
        let steady = self.steady_class && pass.key == Source::Value(work.plan.class);
        let after = self.vector.run(
            #[inline(always)]
            || {
                if !steady && kernels::changes(reads.keys, reads.same) {
                    return None;
                }
                match pass.benefits.as_slice() {
                    [first] if first.rows.len() <= FEW => one::<FEW>(pass, first, reads, &mut writes, before),
                    [first] => one::<ENTRIES>(pass, first, reads, &mut writes, before),
                    [first, second] if first.rows.len() <= FEW => {
                        two::<FEW>(pass, [first, second], reads, &mut writes, before)
                    }
                    [first, second] => two::<ENTRIES>(pass, [first, second], reads, &mut writes, before),
                    _ => None,
                }
            },
        )?;
        let entry = reads.keys.last()?.wrapping_add(pass.plus);
        let mut sum = after.sum;
        for (paying, due) in pass.benefits.iter().zip(after.due) {
            let (Some(scan), Some(Kind::Columns(figures))) =
                (self.scans.get_mut(paying.benefit), self.kinds.get(paying.benefit))
            else {
                return None;
            };
            let row = paying.row(entry);
            sum = if row == 0 { 0 } else { sum };
            scan.passed(figures, row, sum, due);
            sum = sum.wrapping_sub(due);
        }
        Some(())
    }

    /// Where the account that goes on stands, if it goes on with the figures that it had.
    fn course_before(&self, pass: &Pass, reads: Reads<'_>) -> Option<Course> {
        let mut course = Course::default();
        let continues = self.accounts.continues;
        let entry = reads.keys.first()?.wrapping_add(pass.plus);
        let mut left = None;
        for (paying, due) in pass.benefits.iter().zip(&mut course.due) {
            let scan = self.scans.get(paying.benefit)?;
            let row = paying.row(entry);
            if continues && (!scan.runs_on(row) || (row != 0 && left.is_some_and(|left| left != scan.before.base))) {
                return None;
            }
            if left.is_none() {
                course.sum = scan.before.base;
            }
            *due = scan.before.paid;
            left = Some(scan.before.base.wrapping_sub(scan.before.paid));
        }
        Some(course)
    }
}

/// One benefit over all rows, so few at a time that what is added and summed up stays in the first cache. None where some
/// payment is above what is uncovered.
#[inline(always)]
fn one<const N: usize>(
    pass: &Pass,
    paying: &Paying,
    reads: Reads<'_>,
    writes: &mut Writes<'_>,
    mut course: Course,
) -> Option<Course> {
    let of = paying.entries::<N>();
    let [pays, _] = &mut writes.pays;
    let out = pays.chunks_mut(TILE).zip(writes.rest.chunks_mut(TILE));
    let [mut due, other] = course.due;
    let mut above = false;
    for ((pay, rest), part) in out.zip(reads.parts()) {
        course.sum = part.sum_up(pass.plus, paying.counts, writes.added, writes.sums, course.sum);
        above |= kernels::pay_one(of, pay, rest, part.stretch(pass.plus, writes.sums), &mut due);
    }
    course.due = [due, other];
    (!above).then_some(course)
}

/// As [`one`], for two benefits.
#[inline(always)]
fn two<const N: usize>(
    pass: &Pass,
    paying: [&Paying; 2],
    reads: Reads<'_>,
    writes: &mut Writes<'_>,
    mut course: Course,
) -> Option<Course> {
    let [first, second] = paying;
    let of = [first.entries::<N>(), second.entries::<N>()];
    let [pay_one, pay_two] = &mut writes.pays;
    let pays = pay_one.chunks_mut(TILE).zip(pay_two.chunks_mut(TILE));
    let out = pays.zip(writes.rest.chunks_mut(TILE));
    let mut above = false;
    for (((one, two), rest), part) in out.zip(reads.parts()) {
        course.sum = part.sum_up(pass.plus, first.counts, writes.added, writes.sums, course.sum);
        let rows = part.stretch(pass.plus, writes.sums);
        above |= kernels::pay_two(of, [one, two], rest, rows, &mut course.due);
    }
    (!above).then_some(course)
}

impl<'a> Reads<'a> {
    /// A few rows at a time.
    #[inline(always)]
    fn parts(self) -> impl Iterator<Item = Self> {
        let account = self.keys.chunks(TILE).zip(self.same.chunks(TILE));
        let amounts = self.bases.chunks(TILE).zip(self.uncovered.chunks(TILE));
        account.zip(amounts).map(
            #[inline(always)]
            |((keys, same), (bases, uncovered))| Self {
                bases,
                keys,
                same,
                uncovered,
            },
        )
    }

    /// Sums after these rows; the last of them.
    #[inline(always)]
    fn sum_up(self, plus: i64, counts: u64, added: &mut [i64], sums: &mut [i64], before: i64) -> i64 {
        let rows = self.same.len();
        let added = added.get_mut(..rows).unwrap_or_default();
        let sums = sums.get_mut(..=rows).unwrap_or_default();
        kernels::added_by_entry(added, self.bases, self.keys, plus, counts);
        kernels::running(sums, added, self.same, before);
        sums.last().copied().unwrap_or(before)
    }

    #[inline(always)]
    fn stretch(self, plus: i64, sums: &'a [i64]) -> Stretch<'a> {
        Stretch {
            sums: sums.get(1..).unwrap_or(&[]),
            keys: self.keys,
            plus,
            same: self.same,
            uncovered: self.uncovered,
        }
    }
}
