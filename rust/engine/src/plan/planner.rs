//! The claim section and what is constant in a run come in; the list of column operations for blocks goes out.
//!
//! What depends on constants alone is worked out here, once. What depends on one code, class or flag alone becomes a
//! table of it. Sums that only another sum reads are folded into that one.

use jiugao_program::isa::Kind;

use super::{Plan, Signature, Source, Step, Two};
use crate::ops::{self, Nowhere, Op};
use crate::prepared::Prepared;

/// What is known of a register.
#[derive(Clone, Debug)]
enum Known {
    Source(Source),
    /// Entry (root + plus) of a table; the root is a code, class or flag.
    Index {
        root: Source,
        plus: i64,
        table: Vec<i64>,
    },
    /// A sum not yet made, for its one reader.
    Sum {
        plus: Vec<Source>,
        minus: Vec<Source>,
        constant: i64,
    },
}

/// Sums with more parts are cut.
const PARTS: usize = 6;
/// Tables made of one index are no longer than a list of codes sensibly is.
const ENTRIES: usize = 4096;

struct Planner<'a> {
    prepared: &'a Prepared,
    signature: &'a Signature,
    known: Vec<Known>,
    readers: Vec<usize>,
    plan: Plan,
}

impl Plan {
    /// The plan of a program for a signature; none where constants alone overflow (then every claim does).
    pub(crate) fn new(prepared: &Prepared, signature: &Signature) -> Option<Self> {
        let registers = prepared.claim.registers;
        let mut readers = vec![0_usize; registers];
        for op in &prepared.claim.ops {
            let (reads, count) = op.reads();
            for register in reads.iter().take(count) {
                if let Some(readers) = readers.get_mut(*register) {
                    *readers = readers.saturating_add(1);
                }
            }
        }
        let outputs = prepared.program.outputs();
        let paying = outputs
            .paying
            .as_ref()
            .map_or_else(Vec::new, |p| vec![p.payee, p.due, p.excess, p.replaced]);
        let measures = prepared.program.measures();
        let measures = if signature.measures { measures } else { &[] };
        for register in [outputs.burden, outputs.excess]
            .into_iter()
            .chain(paying.iter().copied())
            .chain(measures.iter().map(|measure| measure.register))
        {
            if let Some(readers) = readers.get_mut(register) {
                *readers = readers.saturating_add(1);
            }
        }
        let mut planner = Planner {
            prepared,
            signature,
            known: Vec::with_capacity(registers),
            readers,
            plan: Self::default(),
        };
        planner.plan.class = planner.value();
        planner.plan.steps.push(Step::Class {
            out: planner.plan.class,
        });
        planner.plan.pays = vec![Source::Constant(0); prepared.benefits()];
        for op in &prepared.claim.ops {
            let known = planner.op(op)?;
            if op.defines().is_some() {
                planner.known.push(known);
            }
        }
        planner.plan.burden = planner.source(outputs.burden);
        planner.plan.excess = planner.source(outputs.excess);
        planner.plan.paying = paying.into_iter().map(|register| planner.source(register)).collect();
        planner.plan.measures = measures.iter().map(|m| planner.source(m.register)).collect();
        let mut plan = planner.plan;
        plan.drop_unread();
        plan.chain();
        plan.rests();
        plan.hoist_sums();
        plan.close_ranks();
        plan.find_joint(prepared);
        plan.find_on_demand();
        plan.find_likenesses(signature);
        plan.give_places();
        plan.of_class = vec![false; plan.values];
        for step in &plan.steps {
            let class = plan.class;
            if let Step::Table {
                out,
                a: Source::Value(value),
                ..
            } = step
                && *value == class
                && let Some(known) = plan.of_class.get_mut(*out)
            {
                *known = true;
            }
        }
        Some(plan)
    }
}

impl Planner<'_> {
    fn value(&mut self) -> usize {
        let value = self.plan.values;
        self.plan.values = value.saturating_add(1);
        value
    }

    fn made(&mut self, step: impl FnOnce(usize) -> Step) -> Known {
        let out = self.value();
        self.plan.steps.push(step(out));
        Known::Source(Source::Value(out))
    }

    /// The register as a source, made now if it is not.
    fn source(&mut self, register: usize) -> Source {
        let made = match self.known.get(register) {
            Some(Known::Source(source)) => return *source,
            Some(Known::Index { root, plus, table }) => {
                let (a, plus, table) = (*root, *plus, table.clone());
                self.made(|out| Step::Table { out, a, plus, table })
            }
            Some(Known::Sum { plus, minus, constant }) => {
                let (plus, minus, constant) = (plus.clone(), minus.clone(), *constant);
                self.made(|out| Step::Sum {
                    out,
                    plus,
                    minus,
                    constant,
                    clamped: false,
                })
            }
            None => Known::Source(Source::Constant(0)),
        };
        let Known::Source(source) = made else {
            return Source::Constant(0);
        };
        if let Some(known) = self.known.get_mut(register) {
            *known = made;
        }
        source
    }

    fn constant(&self, register: usize) -> Option<i64> {
        match self.known.get(register) {
            Some(Known::Source(Source::Constant(value))) => Some(*value),
            _ => None,
        }
    }

    /// The parts of a sum that a register is: itself, or what it was to be made of.
    fn parts(&mut self, register: usize) -> (Vec<Source>, Vec<Source>, i64) {
        let once = self.readers.get(register).is_some_and(|readers| *readers <= 1);
        if let Some(Known::Sum { plus, minus, constant }) = self.known.get(register)
            && (once || is_cheap(plus, minus))
        {
            return (plus.clone(), minus.clone(), *constant);
        }
        match self.source(register) {
            Source::Constant(value) => (Vec::new(), Vec::new(), value),
            source => (vec![source], Vec::new(), 0),
        }
    }

    /// `None` where constants overflow.
    fn op(&mut self, op: &Op) -> Option<Known> {
        if let Some(constant) = self.folded(op) {
            return constant.map(|value| Known::Source(Source::Constant(value)));
        }
        if let Some(index) = self.index(op) {
            return Some(index);
        }
        Some(match *op {
            Op::Input { input, .. } if input == self.prepared.program.day_input() => {
                self.plan.reads_day = true;
                self.made(|out| Step::Day { out })
            }
            Op::Input { input, .. } => Known::Source(Source::Column(input)),
            Op::Day { .. } => {
                self.plan.reads_day = true;
                self.made(|out| Step::Day { out })
            }
            Op::Class { .. } => Known::Source(Source::Value(self.plan.class)),
            Op::Holds { mask, .. } => {
                self.plan.holds = true;
                self.made(|out| Step::Holds { out, mask })
            }
            Op::Regime { dates, .. } => self.made(|out| Step::Regime { out, dates }),
            Op::Add { d, a, b } => self.sum(d, a, b, false),
            Op::Sub { d, a, b } => self.sum(d, a, b, true),
            Op::AboveZero { a, .. } => {
                let (plus, minus, constant) = self.parts(a);
                self.made(|out| Step::Sum {
                    out,
                    plus,
                    minus,
                    constant,
                    clamped: true,
                })
            }
            Op::Multiply { a, by, .. } => {
                let a = self.source(a);
                if by == 1 {
                    Known::Source(a)
                } else {
                    self.made(|out| Step::Multiply { out, a, by })
                }
            }
            Op::Choose { flag, a, b, .. } => match self.constant(flag) {
                Some(flag) => Known::Source(self.source(if flag != 0 { a } else { b })),
                None => {
                    let (flag, a, b) = (self.source(flag), self.source(a), self.source(b));
                    self.made(|out| Step::Choose { out, flag, a, b })
                }
            },
            Op::Radix {
                a,
                a_plus,
                n,
                b,
                b_plus,
                ..
            } => {
                let (a, b) = (self.source(a), self.source(b));
                let plus = a_plus.saturating_mul(n).saturating_add(b_plus);
                self.made(|out| Step::Radix { out, a, n, b, plus })
            }
            Op::Lookup { a, plus, table, .. } => {
                let a = self.source(a);
                let table = self.prepared.lists.tables.get(table).cloned().unwrap_or_default();
                self.made(|out| Step::Table { out, a, plus, table })
            }
            Op::Settle {
                base,
                row,
                uncovered,
                benefit,
                ..
            } => {
                let (base, row, uncovered) = (self.source(base), self.source(row), self.source(uncovered));
                let made = self.made(|out| Step::Settle {
                    out,
                    base,
                    less: Source::Constant(0),
                    row,
                    uncovered,
                    benefit,
                    follows: None,
                    rest: None,
                });
                if let (Known::Source(source), Some(pay)) = (&made, self.plan.pays.get_mut(benefit)) {
                    *pay = *source;
                }
                made
            }
            Op::Defer { base, row, benefit } => {
                if self.signature.records || self.signature.details {
                    let (base, row) = (self.source(base), self.source(row));
                    self.plan.steps.push(Step::Defer { base, row, benefit });
                }
                Known::Source(Source::Constant(0))
            }
            Op::Tally { a, tally } => {
                if self.signature.records {
                    let a = self.source(a);
                    self.plan.steps.push(Step::Tally { a, tally });
                }
                Known::Source(Source::Constant(0))
            }
            _ => self.two_or_other(op),
        })
    }

    fn two_or_other(&mut self, op: &Op) -> Known {
        let (reads, count) = op.reads();
        let what = match op {
            Op::Times { .. } => Some(Two::Times),
            Op::Min { .. } => Some(Two::Min),
            Op::Max { .. } => Some(Two::Max),
            Op::Less { .. } => Some(Two::Less),
            Op::LessEqual { .. } => Some(Two::LessEqual),
            Op::Equal { .. } => Some(Two::Equal),
            Op::NotEqual { .. } => Some(Two::NotEqual),
            Op::And { .. } => Some(Two::And),
            Op::Or { .. } => Some(Two::Or),
            _ => None,
        };
        let [first, second, _] = reads;
        if let Some(what) = what {
            let (a, b) = (self.source(first), self.source(second));
            return self.made(|out| Step::Two { out, what, a, b });
        }
        let reads = reads
            .iter()
            .take(count)
            .map(|register| (*register, self.source(*register)))
            .collect();
        let op = *op;
        self.made(|out| Step::Other { out, op, reads })
    }

    /// The value where everything that is read is constant; `Some(None)` where it overflows.
    fn folded(&mut self, op: &Op) -> Option<Option<i64>> {
        match *op {
            Op::Input { input, .. } if input != self.prepared.program.day_input() => {
                return self.signature.inputs.get(input).copied().flatten().map(Some);
            }
            Op::Regime { dates, .. } => {
                return self.signature.regimes.get(dates).copied().flatten().map(Some);
            }
            Op::Input { .. }
            | Op::Day { .. }
            | Op::Class { .. }
            | Op::Holds { .. }
            | Op::Settle { .. }
            | Op::Defer { .. }
            | Op::Tally { .. } => return None,
            _ => {}
        }
        let (reads, count) = op.reads();
        let mut registers = vec![0; self.known.len()];
        for register in reads.iter().take(count) {
            let value = self.constant(*register)?;
            *registers.get_mut(*register)? = value;
        }
        Some(ops::value(op, &registers, &self.prepared.lists, &Nowhere))
    }

    /// A function of one code, class or flag as a table of it.
    fn index(&mut self, op: &Op) -> Option<Known> {
        let (reads, count) = op.reads();
        let pure = matches!(
            op,
            Op::And { .. }
                | Op::Or { .. }
                | Op::Not { .. }
                | Op::InSet { .. }
                | Op::Choose { .. }
                | Op::Radix { .. }
                | Op::Lookup { .. }
                | Op::Equal { .. }
                | Op::NotEqual { .. }
        );
        if !pure {
            return None;
        }
        let mut root = None;
        for register in reads.iter().take(count) {
            if self.constant(*register).is_some() {
                continue;
            }
            let this = self.root(*register)?;
            if root.is_some_and(|root| root != this) {
                return None;
            }
            root = Some(this);
        }
        let (root, first, length) = root?;
        let mut table = Vec::with_capacity(length);
        let mut registers = vec![0; self.known.len()];
        for n in 0..length {
            let at = i64::try_from(n).ok()?.checked_add(first)?;
            for register in reads.iter().take(count) {
                *registers.get_mut(*register)? = self.at(*register, n, at);
            }
            table.push(ops::value(op, &registers, &self.prepared.lists, &Nowhere)?);
        }
        if let [one, others @ ..] = table.as_slice()
            && others.iter().all(|other| other == one)
        {
            return Some(Known::Source(Source::Constant(*one)));
        }
        Some(Known::Index {
            root,
            plus: first.checked_neg()?,
            table,
        })
    }

    /// What a register is a function of: the source, its first value, how many values it has.
    fn root(&self, register: usize) -> Option<(Source, i64, usize)> {
        match self.known.get(register)? {
            Known::Index { root, plus, table } => Some((*root, plus.checked_neg()?, table.len())),
            Known::Source(source) => {
                let (kind, _) = self.prepared.program.claim().kinds.get(register)?;
                let (first, length) = match (kind, source) {
                    (Kind::Class, _) => (-1, self.prepared.standing.classes().len().checked_add(1)?),
                    (Kind::Code, Source::Column(input)) => {
                        let input = self.prepared.program.inputs().get(*input)?;
                        (-1, input.codes.len().checked_add(1)?)
                    }
                    (Kind::Flag, Source::Column(_)) => (0, 2),
                    _ => return None,
                };
                (length <= ENTRIES).then_some((*source, first, length))
            }
            Known::Sum { .. } => None,
        }
    }

    /// The register's value where the root has its n-th value, `at`.
    fn at(&self, register: usize, n: usize, at: i64) -> i64 {
        match self.known.get(register) {
            Some(Known::Index { table, .. }) => table.get(n).copied().unwrap_or(0),
            Some(Known::Source(Source::Constant(value))) => *value,
            _ => at,
        }
    }

    fn sum(&mut self, d: usize, a: usize, b: usize, subtract: bool) -> Known {
        let (mut plus, mut minus, mut constant) = self.parts(a);
        let (other_plus, other_minus, other) = self.parts(b);
        let (more, less) = if subtract {
            (other_minus, other_plus)
        } else {
            (other_plus, other_minus)
        };
        plus.extend(more);
        minus.extend(less);
        constant = if subtract {
            constant.saturating_sub(other)
        } else {
            constant.saturating_add(other)
        };
        if let ([one], [], 0) = (plus.as_slice(), minus.as_slice(), constant) {
            return Known::Source(*one);
        }
        let once = self.readers.get(d).is_some_and(|readers| *readers <= 1);
        let parts = plus.len().saturating_add(minus.len());
        if (once && parts < PARTS) || is_cheap(&plus, &minus) {
            return Known::Sum { plus, minus, constant };
        }
        self.made(|out| Step::Sum {
            out,
            plus,
            minus,
            constant,
            clamped: false,
        })
    }
}

/// Two columns are added up again by every sum that reads their sum: that costs less than a column in between.
fn is_cheap(plus: &[Source], minus: &[Source]) -> bool {
    plus.len().saturating_add(minus.len()) <= 2
        && plus
            .iter()
            .chain(minus)
            .all(|source| matches!(source, Source::Column(_)))
}
