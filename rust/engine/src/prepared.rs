//! A verified program comes in; what every machine that runs it shares goes out.

use std::sync::Arc;

use jiugao_program::Program;

use crate::EngineError;
use crate::calendar::Years;
use crate::opening::{Accumulator, accumulators};
use crate::ops::{self, Lists, Op};
use crate::rule::Terms;
use crate::standing::Standing;

/// A section that runs once for each record.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) ops: Vec<Op>,
    pub(crate) registers: usize,
}

/// Year end of one benefit.
#[derive(Clone, Debug)]
pub(crate) struct Closing {
    pub(crate) benefit: usize,
    pub(crate) section: Section,
    /// The benefits closed before it that pay out of the same expense.
    pub(crate) same_expense: Vec<usize>,
}

/// A program ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) program: Arc<Program>,
    pub(crate) terms: Vec<Terms>,
    /// What an account of a year accumulates.
    pub(crate) accumulators: Vec<Accumulator>,
    pub(crate) by_standing: Vec<bool>,
    /// By benefit: the choice of which it is one.
    pub(crate) choice_of: Vec<Option<usize>>,
    pub(crate) standing: Standing,
    pub(crate) lists: Lists,
    pub(crate) claim: Section,
    pub(crate) closings: Vec<Closing>,
    pub(crate) watch: Section,
    pub(crate) enrolment: Section,
    /// Whether figures of claims depend on when they are.
    pub(crate) claim_reads_regimes: bool,
    /// By benefit: where its parts begin among those of all benefits; then how many there are.
    pub(crate) parts_at: Vec<usize>,
    /// How many shares of the year's bills (CAP_BY_YEAR) are kept.
    pub(crate) yearly_caps: usize,
    /// Something in it is not worked out in blocks: choices (what is chosen depends on every alternative's totals),
    /// parts, shares of the year's bills, bases below 0, claims that only count.
    pub(crate) one_by_one: bool,
    /// When benefit years begin.
    pub(crate) years: Years,
    /// Claims before the first day count from this day on.
    pub(crate) counts_from: i32,
    /// Claims outside these days are not in force.
    pub(crate) first_day: i32,
    pub(crate) last_day: i32,
    /// The figures of later days are not known.
    pub(crate) known_until: i32,
}

impl Prepared {
    pub(crate) fn new(program: Arc<Program>) -> Self {
        let section = |section: &jiugao_program::SectionCode| Section {
            ops: ops::of_section(section),
            registers: section.registers,
        };
        let claim = section(program.claim());
        let yearly_caps = claim.ops.iter().filter(|op| matches!(op, Op::CapByYear { .. })).count();
        let mut parts_at = vec![0_usize];
        for benefit in program.benefits() {
            let last = parts_at.last().copied().unwrap_or(0);
            parts_at.push(last.saturating_add(benefit.parts.len()));
        }
        let force = program.force();
        let signed = program.benefits().iter().any(|benefit| benefit.signed);
        let parts = parts_at.last().is_some_and(|parts| *parts > 0);
        Self {
            parts_at,
            yearly_caps,
            accumulators: accumulators(&program),
            one_by_one: parts
                || yearly_caps > 0
                || signed
                || force.counts_from.is_some()
                || !program.choices().is_empty(),
            years: Years::new(program.year_begins()),
            counts_from: force.counts_from.unwrap_or(force.claims_from),
            terms: program
                .benefits()
                .iter()
                .map(|benefit| Terms::new(&program, benefit))
                .collect(),
            by_standing: program.benefits().iter().map(|benefit| benefit.by_standing).collect(),
            choice_of: (0..program.benefits().len())
                .map(|n| program.choices().iter().position(|choice| choice.benefits.contains(&n)))
                .collect(),
            standing: Standing::new(&program),
            lists: Lists::new(&program),
            claim_reads_regimes: claim.ops.iter().any(|op| matches!(op, Op::Regime { .. })),
            claim,
            closings: program
                .year()
                .iter()
                .enumerate()
                .map(|(n, year)| Closing {
                    benefit: year.benefit,
                    section: section(&year.section),
                    same_expense: same_expense(&program, n),
                })
                .collect(),
            watch: section(program.watch()),
            enrolment: section(program.enrolment()),
            first_day: program.force().claims_from,
            last_day: program.force().end.unwrap_or(i32::MAX),
            known_until: program.known_until().claim.unwrap_or(i32::MAX),
            program,
        }
    }

    /// Whether claims of a day are paid at all.
    pub(crate) fn in_force(&self, day: i32) -> bool {
        self.first_day <= day && day <= self.last_day
    }

    /// Whether claims of a day only count, in the totals of some benefit.
    pub(crate) fn counts(&self, day: i32) -> bool {
        self.counts_from <= day && day < self.first_day
    }

    /// Where the parts of a benefit stand among those of all benefits.
    pub(crate) fn parts_of(&self, benefit: usize) -> std::ops::Range<usize> {
        let at = |n: usize| self.parts_at.get(n).copied().unwrap_or(0);
        at(benefit)..at(benefit.saturating_add(1))
    }

    /// How many parts all benefits have.
    pub(crate) fn parts(&self) -> usize {
        self.parts_at.last().copied().unwrap_or(0)
    }

    pub(crate) fn benefits(&self) -> usize {
        self.terms.len()
    }

    /// Whether a limit of a benefit is one that others draw on too.
    pub(crate) fn shares_limits(&self, benefit: usize) -> bool {
        let names = |terms: &Terms, slot: usize| {
            let mut limits = terms.rows.iter().flat_map(|phi| phi.shared.iter());
            limits.any(|shared| shared.slot == slot)
        };
        let slots = 0..self.program.limits().len();
        let named = |slot: usize| self.terms.iter().filter(|terms| names(terms, slot)).count() > 1;
        self.terms
            .get(benefit)
            .is_some_and(|own| slots.into_iter().any(|slot| names(own, slot) && named(slot)))
    }

    /// What a shared limit leaves of what was used of it: by the least amount that some row of figures of any benefit (`rows`, by
    /// benefit) gives it; none where none names it.
    pub(crate) fn shared_left(&self, rows: impl Iterator<Item = i64>, slot: usize, used: i64) -> Option<i64> {
        let named = self.terms.iter().zip(rows).filter_map(|(terms, row)| terms.row(row));
        let named = named.flat_map(|phi| &*phi.shared).filter(|shared| shared.slot == slot);
        let amount = named.map(|shared| shared.amount).min()?;
        Some(amount.saturating_sub(used).max(0))
    }

    /// An overflow at an instruction of the claim section.
    pub(crate) fn overflow(&self, row: Option<usize>, at: usize) -> EngineError {
        let debug = self.program.claim().debug.get(at);
        let what = debug.map_or_else(String::new, |debug| debug.label.clone());
        EngineError::Overflow { row, what }
    }
}

/// The benefits closed before the n-th closing that pay out of the same expense.
fn same_expense(program: &Program, n: usize) -> Vec<usize> {
    let expense = |benefit: usize| program.benefits().get(benefit).map(|b| &b.expense);
    let Some(own) = program.year().get(n) else {
        return Vec::new();
    };
    let before = program.year().iter().take(n).map(|year| year.benefit);
    before
        .filter(|earlier| expense(*earlier) == expense(own.benefit))
        .collect()
}
