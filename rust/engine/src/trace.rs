//! One claim worked out step by step, for explanations: the machine's own numbers, in the program's scales.

use std::cell::RefCell;
use std::sync::Arc;

use jiugao_program::{LimitUse, Program};
use serde::Serialize;

use crate::claim::{Observer, Settling};
use crate::machine::Options;
use crate::parts::PartStep;
use crate::prepared::Prepared;
use crate::replay::Replay;
use crate::rule::State;
use crate::sheet::Sheet;
use crate::standing::Standing;
use crate::world::Person;
use crate::{Batch, EngineError, Results, Role, check};

/// The version of the JSON.
const VERSION: u32 = 1;

/// Every step of one claim. Serialises as the JSON that explanations read.
#[derive(Clone, Debug, Serialize)]
pub struct Trace {
    /// The version of this shape.
    pub version: u32,
    /// Row of the batch.
    pub row: usize,
    /// The claim's day.
    pub day: i32,
    /// Its benefit year.
    pub year: i32,
    /// What became of it, in the words of [`Role`].
    pub role: &'static str,
    /// The same as a number.
    #[serde(skip)]
    pub outcome: u8,
    /// The code of a rejected row. The border knows codes, and fills it in.
    pub reject: Option<&'static str>,
    /// Who the person was.
    pub judged: Judged,
    /// Registers of the claim section.
    pub registers: Vec<Option<i64>>,
    /// The same as benefits by standing judge the claim, inside an application's window.
    pub registers_applied: Vec<Option<i64>>,
    /// Benefits settled, in the order of the program.
    pub benefits: Vec<Step>,
    /// 个人负担, fen.
    pub burden: i64,
    /// What other payments exceed the expense by, fen.
    pub excess: i64,
    /// Payee, last day, what goes beyond the outlay, what of it is made good; none where the program tells none.
    pub paying: Option<Vec<i64>>,
    /// What a reversal changes.
    pub reversal: Option<Reversed>,
}

/// By what a claim is judged.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// Class of the standing table, -1 for none.
    pub class: i64,
    /// Bits of the identities held on the claim's day.
    pub held: i64,
    /// Classes that the identities would also have given, lower ones.
    pub also: Vec<usize>,
    /// The application in which benefits by standing count the claim.
    pub application: Option<Window>,
}

/// An accepted application.
#[derive(Clone, Debug, Serialize)]
pub struct Window {
    /// Its day.
    pub day: i32,
    /// The class that it gives.
    pub class: usize,
    /// First day of the window.
    pub first: i32,
    /// Last day of the window.
    pub last: i32,
    /// Whether the claim came before it, so that it is paid in one sum.
    pub before: bool,
}

/// One benefit settled on the claim.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Position of the benefit.
    pub benefit: usize,
    /// Whether the totals are those of an application.
    pub applied: bool,
    /// The row of figures; 0 does not come here.
    pub row: i64,
    /// Base, at the base scale.
    pub base: i64,
    /// What the bill had uncovered, fen.
    pub uncovered: i64,
    /// S before and after, at the base scale.
    pub year_base: [i64; 2],
    /// E before and after, at base scale + rate scale.
    pub accrued: [i64; 2],
    /// P before and after, fen.
    pub paid: [i64; 2],
    /// What the claim adds before limits, at base scale + rate scale.
    pub added: i64,
    /// What the limits left, fen; none without limits.
    pub room: Option<i64>,
    /// Each limit of the row of figures.
    pub limits: Vec<LimitStep>,
    /// Whether a limit bound.
    pub limited: bool,
    /// Whether the bill had less left.
    pub covered: bool,
    /// Whether the claim came before payments begin, so that it only counts.
    pub counted: bool,
    /// Its parts, where the base is in parts.
    pub parts: Vec<PartTrace>,
    /// The payment, fen.
    pub pay: i64,
    /// Of an alternative of a choice: what it would pay (of a choice by year so far in the year), fen; and whether it
    /// was taken.
    pub choice: Option<(i64, bool)>,
}

/// One part of a benefit on the claim. Exact amounts are whole numbers or fractions n/d of units at base scale + rate
/// scale.
#[derive(Clone, Debug, Serialize)]
pub struct PartTrace {
    /// Base, at the base scale.
    pub base: i64,
    /// S before and after, at the base scale.
    pub year_base: [i64; 2],
    /// What the claim adds before limits.
    pub added: String,
    /// E before and after.
    pub accrued: [String; 2],
    /// P before and after, fen.
    pub paid: [i64; 2],
    /// The payment, fen.
    pub pay: i64,
}

/// A limit before and after, fen.
#[derive(Clone, Debug, Serialize)]
pub struct LimitStep {
    /// The limit.
    pub amount: i64,
    /// Used before and after.
    pub used: [i64; 2],
}

/// By benefit, what a person was paid in all before and after a reversal, fen.
#[derive(Clone, Debug, Serialize)]
pub struct Reversed {
    /// Before.
    pub before: Vec<i64>,
    /// After.
    pub after: Vec<i64>,
}

/// Work out row `row` of a batch (of one or more persons) with every step.
///
/// # Errors
/// As [`crate::Machine::settle`]; [`EngineError::Shape`] for a row that is not in the batch.
pub fn trace(program: &Arc<Program>, batch: &Batch<'_>, row: usize) -> Result<Trace, EngineError> {
    check::batch(program, batch)?;
    let Some(day) = batch.days.get(row).copied() else {
        return Err(EngineError::Shape(format!("no row {row}")));
    };
    let prepared = Prepared::new(Arc::clone(program));
    let index = batch.persons.partition_point(|first| *first <= row).saturating_sub(1);
    let mut person = Person::new(&prepared, batch, index);
    let record = RefCell::new(Record::new(&prepared));
    let mut replay = Replay::default();
    let mut results = Results::default();
    let mut sheet = Sheet::of(&mut results, batch.days.len(), &prepared, Options::default());
    replay.rows(&person, &mut sheet, |seen| Watch {
        record: (seen == row).then_some(&record),
        prepared: &prepared,
    })?;
    replay.world.open_applications(&person, i32::MAX)?;
    let settled = replay.world.settled.iter().find(|one| one.row == row).copied();
    let counted = settled.and_then(|one| one.counted).and_then(|n| person.accepted.get(n));
    let application = counted.map(|application| Window {
        day: application.day,
        class: application.class,
        first: application.start,
        last: application.end,
        before: day < application.day,
    });
    let reversal = if results.roles.get(row) == Some(&(Role::Reversal as u8)) {
        person.end = row.saturating_add(1);
        let mut again = Replay::default();
        let mut scratch = Results::default();
        let mut sheet = Sheet::of(&mut scratch, batch.days.len(), &prepared, Options::default());
        again.rows(&person, &mut sheet, |_| crate::claim::Unseen)?;
        let after = again
            .before
            .iter()
            .zip(&again.after)
            .map(|(before, change)| before.saturating_add(*change));
        Some(Reversed {
            after: after.collect(),
            before: again.before,
        })
    } else {
        None
    };
    let held = person.held(row, day);
    let class = results.standings.get(row).copied().map_or(-1, i64::from);
    let outcome = results.roles.get(row).copied().unwrap_or_default();
    let record = record.into_inner();
    Ok(Trace {
        version: VERSION,
        row,
        day,
        year: results
            .years
            .get(row)
            .copied()
            .map_or_else(|| prepared.years.of(day), i32::from),
        role: role_name(outcome),
        outcome,
        reject: None,
        judged: Judged {
            class,
            held,
            also: also(&prepared.standing, held, class),
            application,
        },
        registers: record.own,
        registers_applied: record.applied,
        benefits: record.steps,
        burden: results.burden.get(row).copied().unwrap_or(0),
        excess: results.excess.get(row).copied().unwrap_or(0),
        paying: (!results.paying.is_empty()).then(|| {
            let told = results.paying.iter();
            told.map(|column| column.get(row).copied().unwrap_or(0)).collect()
        }),
        reversal,
    })
}

/// Classes below `class` that the identities give too.
fn also(standing: &Standing, held: i64, class: i64) -> Vec<usize> {
    let lower = |n: &usize| i64::try_from(*n).is_ok_and(|n| n > class);
    let classes = standing.classes().iter().enumerate();
    let given = classes
        .filter(|(_, class)| class.lookback.is_none() && held & class.any != 0 && held & class.except == 0)
        .map(|(n, _)| n);
    if class < 0 {
        Vec::new()
    } else {
        given.filter(lower).collect()
    }
}

/// The names of roles in traces.
const fn role_name(role: u8) -> &'static str {
    match role {
        0 => "settled",
        1 => "reversed",
        2 => "reversal",
        _ => "rejected",
    }
}

/// What is written down of the row that is looked at.
struct Record {
    own: Vec<Option<i64>>,
    applied: Vec<Option<i64>>,
    steps: Vec<Step>,
}

impl Record {
    fn new(prepared: &Prepared) -> Self {
        Self {
            own: vec![None; prepared.claim.registers],
            applied: Vec::new(),
            steps: Vec::new(),
        }
    }
}

/// Looks at one row, and past the others.
struct Watch<'a> {
    record: Option<&'a RefCell<Record>>,
    prepared: &'a Prepared,
}

impl Observer for Watch<'_> {
    fn register(&mut self, at: usize, value: i64, applied: bool) {
        let Some(record) = self.record else { return };
        let Some(register) = self.prepared.claim.ops.get(at).and_then(crate::ops::Op::defines) else {
            return;
        };
        let mut record = record.borrow_mut();
        if applied && record.applied.is_empty() {
            record.applied = vec![None; self.prepared.claim.registers];
        }
        let registers = if applied { &mut record.applied } else { &mut record.own };
        if let Some(place) = registers.get_mut(register) {
            *place = Some(value);
        }
    }

    fn looks(&self) -> bool {
        self.record.is_some()
    }

    fn settled(&mut self, settled: &Settling<'_>) {
        let Some(record) = self.record else { return };
        let stepped = settled.stepped;
        let by_standing = self.prepared.by_standing.get(settled.benefit).copied().unwrap_or(false);
        let mut record = record.borrow_mut();
        let applied = by_standing && !record.applied.is_empty();
        let pair = |of: fn(&State) -> i64| [of(&settled.before), of(&settled.after)];
        record.steps.push(Step {
            benefit: settled.benefit,
            applied,
            row: settled.row,
            base: settled.base,
            uncovered: settled.uncovered.max(0),
            year_base: pair(|state| state.base),
            accrued: pair(|state| state.accrued),
            paid: pair(|state| state.paid),
            added: stepped.added,
            room: (stepped.room != i64::MAX).then_some(stepped.room),
            limits: limits(self.prepared, settled),
            limited: stepped.limited,
            covered: stepped.covered,
            counted: stepped.counted,
            parts: settled.parts.iter().map(part).collect(),
            pay: stepped.pay,
            choice: settled.choice,
        });
    }
}

fn part(step: &PartStep) -> PartTrace {
    PartTrace {
        base: step.base,
        year_base: step.year_base,
        added: step.added.clone(),
        accrued: step.accrued.clone(),
        paid: step.paid,
        pay: step.pay,
    }
}

/// Each limit of the row of figures, in written order.
fn limits(prepared: &Prepared, settled: &Settling<'_>) -> Vec<LimitStep> {
    let benefit = prepared.program.benefits().get(settled.benefit);
    let row = usize::try_from(settled.row).ok().and_then(|row| row.checked_sub(1));
    let figures = benefit.zip(row).and_then(|(benefit, row)| benefit.figures.get(row));
    let paid = settled.stepped.pay;
    let used = |limit: &LimitUse| match *limit {
        LimitUse::Own {
            period: jiugao_program::Period::Year,
            amount,
        } => LimitStep {
            amount,
            used: [settled.before.paid, settled.after.paid],
        },
        LimitUse::Own { amount, .. } => LimitStep {
            amount,
            used: [0, paid],
        },
        LimitUse::Shared { slot, amount } => {
            let of_year = prepared
                .program
                .limits()
                .get(slot)
                .is_some_and(|limit| limit.period == jiugao_program::Period::Year);
            let at = |used: &[i64]| used.get(slot).copied().unwrap_or(0);
            let used = if of_year {
                [at(settled.used_before), at(settled.used_after)]
            } else {
                [0, paid]
            };
            LimitStep { amount, used }
        }
    };
    figures.map_or_else(Vec::new, |figures| figures.limits.iter().map(used).collect())
}
