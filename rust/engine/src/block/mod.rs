//! Persons to whom nothing special happens, many at a time: rows in blocks of columns, accumulators by running sums.
//!
//! What a block cannot do exactly (reversals, applications with claims before them, shared limits about to bind, amounts
//! near the ends of 64 bits) it leaves to [`crate::replay`], person by person: [`Blocks::again`] names them.

mod applied;
mod columns;
mod figures;
mod joint;
mod lane;
mod pass;
mod record;
mod segments;
mod settle;
mod show;
mod stateless;
mod steps;
mod sums;
mod tally;
mod walk;
#[cfg(test)]
mod ways;

use crate::vector::Vector;

use crate::batch::{Batch, Column};
use crate::closing::Closer;
use crate::error::EngineError;
use crate::ledger::Ledger;
use crate::machine::Options;
use crate::plan::{Plan, Signature, Source};
use crate::prepared::Prepared;
use crate::results::YearRecords;
use crate::rule::Terms;
use crate::sheet::Sheet;

use applied::Applied;
use figures::Kind;
use joint::Written;
use lane::{LINE, Lane, STRIDE};
use pass::Pass;
use record::Ended;
use segments::{Accounts, Cursor};
use settle::Scan;
use steps::Work;
use tally::TallyScan;

/// Rows of a block: so few that its columns stay in a second cache of 1 MiB, so many that whole stretches of the inputs come
/// from memory one after another (a processor that guesses what is read next begins anew with every block).
const ROWS: usize = 8192;

/// Magnitudes above this might wrap in the next step: such blocks go another way.
const SAFE: u64 = 1 << 62;

/// The rows of one block, and whose they are.
#[derive(Clone, Copy, Debug)]
struct Span {
    first: usize,
    end: usize,
}

impl Span {
    const fn len(self) -> usize {
        self.end.saturating_sub(self.first)
    }
}

/// Amounts that might not fit: nothing of the block can be trusted.
#[derive(Clone, Copy, Debug)]
struct Unbounded;

/// Memory for running blocks.
#[derive(Clone, Debug)]
pub(crate) struct Blocks {
    /// Rows of a block, at most [`ROWS`].
    rows: usize,
    vector: Vector,
    signature: Signature,
    plan: Option<Plan>,
    /// By step: the pass that begins there.
    passes: Vec<Option<Pass>>,
    kinds: Vec<Kind>,
    slots: Vec<Lane>,
    /// By value: |x| is at most this.
    magnitudes: Vec<u64>,
    /// By input: the same of the block's part of the column, once asked for, and whether it has negative values.
    column_magnitudes: Vec<Option<(u64, bool)>>,
    /// By value: what it is the same as in this block.
    aliases: Vec<Option<Source>>,
    /// By value: a sum that may be below 0 on some row.
    negative: Vec<bool>,
    /// All ones where the row before is of the same account, else 0.
    same: Lane,
    class: Lane,
    /// No account's class changes in the block.
    steady_class: bool,
    /// Claims carry their identities, and no account's change in the block.
    steady_held: bool,
    held: Lane,
    accounts: Accounts,
    /// Accounts that end in the block and are recorded together.
    ended: Vec<Ended>,
    /// By tally: what it has come to in one of them.
    totals: Vec<i64>,
    /// Applicants of the block whose rows all count in one application.
    applied: Vec<Applied>,
    cursor: Cursor,
    scans: Vec<Scan>,
    tallies: Vec<TallyScan>,
    base: Lane,
    row: Lane,
    added: Lane,
    /// By shared limit: its least amount, where several benefits name it.
    shared: Vec<Option<i64>>,
    /// Persons to be worked out one by one.
    pub(crate) again: Vec<usize>,
    /// What the payments of each benefit, burden and excess come to in all blocks of the last batch.
    pub(crate) sums: Vec<i128>,
    closer: Closer,
    ledger: Ledger,
    /// By benefit: what an account was paid, and as many zeros.
    paid: Vec<i64>,
    nothing: Vec<i64>,
}

impl Blocks {
    pub(crate) fn new(prepared: &Prepared) -> Self {
        let column = || Lane::new(0);
        Self {
            rows: ROWS,
            vector: Vector::new(),
            signature: Signature::default(),
            plan: None,
            passes: Vec::new(),
            kinds: Kind::of_benefits(prepared),
            slots: Vec::new(),
            magnitudes: Vec::new(),
            column_magnitudes: Vec::new(),
            aliases: Vec::new(),
            negative: Vec::new(),
            same: column(),
            class: column(),
            steady_class: false,
            steady_held: false,
            held: column(),
            accounts: Accounts::default(),
            ended: Vec::new(),
            totals: Vec::new(),
            applied: Vec::new(),
            cursor: Cursor::default(),
            scans: vec![Scan::default(); prepared.benefits()],
            tallies: vec![TallyScan::default(); prepared.program.tallies().len()],
            base: column(),
            row: column(),
            added: column(),
            shared: shared_limits(prepared),
            again: Vec::new(),
            sums: Vec::new(),
            closer: Closer::default(),
            ledger: Ledger::default(),
            paid: Vec::new(),
            nothing: Vec::new(),
        }
    }

    /// Make blocks shorter (never longer).
    pub(crate) fn set_rows(&mut self, rows: usize) {
        self.rows = rows.clamp(1, ROWS);
    }

    /// Settle persons `persons` of a checked batch; those in `again` have still to be worked out one by one.
    ///
    /// # Errors
    /// [`EngineError::Shape`] where a person's days fall.
    pub(crate) fn run(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        persons: std::ops::Range<usize>,
        options: Options,
        sheet: &mut Sheet<'_>,
        records: &mut YearRecords,
    ) -> Result<(), EngineError> {
        self.again.clear();
        self.sums.clear();
        self.sums.resize(prepared.benefits().saturating_add(2), 0);
        let first = batch.rows_of(persons.start).0;
        let end = batch.rows_of(persons.end).0;
        self.make_plan(prepared, batch, first, end, options);
        let Some(plan) = self.plan.take() else {
            // Constants alone overflow: whoever has a claim finds out which.
            self.again.extend(persons);
            return Ok(());
        };
        self.cursor = Cursor::at(prepared, batch, persons.start);
        self.applied.clear();
        self.make_room(self.rows.min(end.saturating_sub(first)));
        for scan in &mut self.scans {
            scan.begin(prepared);
        }
        let mut at = first;
        let mut result = Ok(());
        let mut rows = self.first_rows(sheet, first, end);
        while at < end && result.is_ok() {
            let span = Span {
                first: at,
                end: at.saturating_add(rows).min(end),
            };
            rows = self.rows;
            result = self.block(prepared, batch, &plan, span, options, sheet, records);
            at = span.end;
        }
        self.plan = Some(plan);
        self.applicants_without_claims(batch, persons.end);
        self.again.sort_unstable();
        self.again.dedup();
        result
    }

    /// Columns for blocks of so many rows.
    fn make_room(&mut self, rows: usize) {
        let scans = self.scans.iter_mut().flat_map(|scan| [&mut scan.sums, &mut scan.due]);
        let tallies = self.tallies.iter_mut().map(|tally| &mut tally.sums);
        let own = [
            &mut self.same,
            &mut self.class,
            &mut self.held,
            &mut self.base,
            &mut self.row,
            &mut self.added,
        ];
        let columns = own.into_iter().chain(&mut self.slots).chain(scans).chain(tallies);
        columns.for_each(|column| column.make_room(rows));
    }

    /// Rows of the first block: so many that the results of those after it begin with a line of the cache.
    fn first_rows(&self, sheet: &Sheet<'_>, first: usize, end: usize) -> usize {
        if self.rows < ROWS || end.saturating_sub(first) <= ROWS {
            return self.rows;
        }
        let at = first.saturating_sub(sheet.first);
        let results = sheet.burden.get(at..).unwrap_or(&[]);
        let ahead = results.as_ptr().align_offset(LINE);
        if (1..STRIDE).contains(&ahead) {
            ROWS.saturating_sub(STRIDE).saturating_add(ahead)
        } else {
            ROWS
        }
    }

    /// The plan for what is constant in these rows, made anew if that has changed.
    fn make_plan(&mut self, prepared: &Prepared, batch: &Batch<'_>, first: usize, end: usize, options: Options) {
        let inputs = batch.inputs.iter().map(|column| match column {
            Column::Constant(value) => Some(*value),
            Column::Values(_) => None,
        });
        let days = batch.days.get(first..end).unwrap_or(&[]);
        let lists = &prepared.lists;
        let mut regimes = vec![None; lists.dates.len()];
        if prepared.claim_reads_regimes
            && let (Some(least), Some(most)) = (days.iter().min(), days.iter().max())
        {
            for (n, regime) in regimes.iter_mut().enumerate() {
                let (from, to) = (lists.regime(n, *least), lists.regime(n, *most));
                *regime = (from == to).then_some(from);
            }
        }
        let signature = Signature {
            inputs: inputs.collect(),
            twins: twins(batch.inputs),
            regimes,
            records: options.records,
            details: options.details,
            measures: !options.unmeasured,
        };
        if self.plan.is_none() || self.signature != signature {
            self.plan = Plan::new(prepared, &signature);
            self.signature = signature;
            let (values, slots) = self.plan.as_ref().map_or((0, 0), |plan| (plan.values, plan.slots));
            self.magnitudes = vec![0; values];
            self.aliases = vec![None; values];
            self.negative = vec![true; values];
            self.slots.resize_with(slots, || Lane::new(0));
            let passes = |plan| Pass::of_steps(prepared, &self.kinds, plan);
            let plain = self.plan.as_ref().filter(|_| !options.records && !options.details);
            self.passes = plain.map_or_else(Vec::new, passes);
        }
        self.column_magnitudes = vec![None; batch.inputs.len()];
    }

    #[expect(clippy::too_many_arguments, reason = "what a block reads and writes")]
    fn block(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        plan: &Plan,
        span: Span,
        options: Options,
        sheet: &mut Sheet<'_>,
        records: &mut YearRecords,
    ) -> Result<(), EngineError> {
        self.find_accounts(prepared, batch, plan, span)?;
        self.column_magnitudes.fill(None);
        let at = span.first.saturating_sub(sheet.first);
        let range = at..at.saturating_add(span.len());
        let mut results: Vec<&mut [i64]> = sheet
            .benefits
            .iter_mut()
            .map(|column| &mut **column)
            .chain([&mut *sheet.burden, &mut *sheet.excess])
            .chain(sheet.paying.iter_mut().map(|column| &mut **column))
            .chain(sheet.measures.iter_mut().map(|column| &mut **column))
            .map(|column| column.get_mut(range.clone()).unwrap_or_default())
            .collect();
        let mut details: Vec<(&mut [u16], &mut [u8])> = sheet
            .details
            .iter_mut()
            .map(|(figures, cuts)| {
                (
                    figures.get_mut(range.clone()).unwrap_or_default(),
                    cuts.get_mut(range.clone()).unwrap_or_default(),
                )
            })
            .collect();
        let work = Work {
            prepared,
            batch,
            plan,
            span,
            options,
        };
        let done = self.steps(work, &mut results, &mut details);
        if done.is_err() {
            let accounts = self.accounts.list(batch, span);
            self.again.extend(accounts.iter().map(|segment| segment.person));
            for scan in &mut self.scans {
                scan.begin(prepared);
            }
            for tally in &mut self.tallies {
                tally.before = 0;
            }
            return Ok(());
        }
        let mut written = Written {
            results: &mut results,
            details: &mut details,
        };
        self.settle_shared(work, &mut written);
        self.show_plain(batch, plan, span, sheet, &range);
        // While the columns are at hand.
        for (n, sum) in self.sums.iter_mut().enumerate() {
            let column = sheet.column(n, &range).unwrap_or_default();
            *sum = sum.saturating_add(self.vector.total(column));
        }
        if options.records {
            self.record(prepared, batch, span, options, records);
        }
        self.scans.iter_mut().for_each(Scan::carry_on);
        for tally in &mut self.tallies {
            tally.before = tally.sums.get(span.len().saturating_sub(1)).copied().unwrap_or(0);
        }
        Ok(())
    }
}

/// By input: the first one that is the same column.
fn twins(inputs: &[Column<'_>]) -> Vec<usize> {
    let same = |one: &Column<'_>, other: &Column<'_>| match (one, other) {
        (Column::Values(one), Column::Values(other)) => std::ptr::eq(*one, *other),
        _ => false,
    };
    let first = |(n, column)| inputs.iter().position(|other| same(other, column)).unwrap_or(n);
    inputs.iter().enumerate().map(first).collect()
}

/// The least amount that any figures give a limit which several benefits name, less what rounding may keep from being
/// used: where less is used, the limit did not bind.
fn shared_limits(prepared: &Prepared) -> Vec<Option<i64>> {
    let limits = prepared.program.limits().len();
    (0..limits)
        .map(|slot| {
            let amounts = |terms: &Terms| {
                let shared = terms.rows.iter().flat_map(|phi| phi.shared.iter());
                shared
                    .filter(|shared| shared.slot == slot)
                    .map(|shared| shared.amount.saturating_sub(terms.rounding.unit.saturating_sub(1)))
                    .min()
            };
            let named: Vec<i64> = prepared.terms.iter().filter_map(amounts).collect();
            named.iter().min().copied().filter(|_| named.len() > 1)
        })
        .collect()
}
