//! One claim at a time comes in, with its person's account; what it pays goes out.
//!
//! An account is the person's claims so far, and what they have come to. The claim that comes last in time goes on from
//! there. A late one and a reversal are put where they belong and the account is worked out again: they pay the year with
//! the change less the year before.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiugao_engine::{
    Application, Batch, Column, Course, EngineError, Held, Identities, Machine, Options, Results, Reversal,
};
use jiugao_program::{InputTable, Program};

use crate::cell::{self, DAY, Reason};
use crate::layout::meaning;
use crate::opening::OpenedAt;
use crate::people::IdentityNames;
use crate::reading::Meaning;
use crate::refusal::Refusal;
use crate::why::role_code;

/// A value as a caller has it.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// A whole number: fen, a count, 0 or 1, a code.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// As it would be written in a file.
    Text(&'a str),
    /// Of another kind, as the caller's language shows it.
    Other(&'a str),
}

impl Given<'_> {
    /// Why it cannot be the value of a column.
    fn refused(self, column: &str) -> Refusal {
        match self {
            Self::Number(number) => unusable(column, &number.to_string()),
            Self::Text(text) => unusable(column, text),
            Self::Flag(true) => other(column, "True"),
            Self::Flag(false) => other(column, "False"),
            Self::Other(shown) => other(column, shown),
        }
    }
}

/// A claim as a caller has it.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The day, or the time, by which it is judged and ordered.
    pub time: &'a str,
    /// Its settlement.
    pub settlement: &'a str,
    /// The settlement that it undoes.
    pub undoes: Option<&'a str>,
}

/// What a claim pays, in fen. For a late claim and a reversal: by how much the account changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Place in the standing table.
    pub standing: Option<usize>,
    /// Whether it undoes another.
    pub reversal: bool,
    /// By benefit.
    pub benefits: Vec<i64>,
    /// 个人负担.
    pub burden: i64,
    /// What other payments exceed the expense by.
    pub excess: i64,
}

struct Wanted {
    meaning: Meaning,
    default: Option<i64>,
    name: String,
}

/// A program at a counter: accounts are opened here, and share its machine.
pub struct Counter {
    program: Arc<Program>,
    names: HashMap<String, usize>,
    /// Columns that may come along unread; none: any.
    beside: Option<HashSet<String>>,
    /// By input; none where it is not read from a claim.
    wanted: Vec<Option<Wanted>>,
    identities: IdentityNames,
    desk: Mutex<Desk>,
}

struct Desk {
    plain: Machine,
    /// Lumps of applications are told with the accounts.
    told: Machine,
    results: Results,
}

/// A person's claims so far, in order.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    times: Vec<i64>,
    days: Vec<i32>,
    settlements: Vec<Box<str>>,
    inputs: Vec<Vec<i64>>,
    reversals: Vec<Reversal>,
    held: Vec<Held>,
    applications: Vec<Application>,
    opened: OpenedAt,
    course: Course,
    paid: Vec<i64>,
    burden: i64,
    excess: i64,
}

impl Counter {
    /// A counter that settles by `program`. Of the columns that it does not read those of `beside` may come along; any,
    /// where that is none.
    #[must_use]
    pub fn new(program: Arc<Program>, beside: Option<HashSet<String>>) -> Self {
        let mut names = HashMap::new();
        let mut wanted = Vec::new();
        for (at, input) in program.inputs().iter().enumerate() {
            let read = at != program.day_input() && input.table != InputTable::Enrolment && input.register().is_some();
            if read {
                for name in core::iter::once(&input.column).chain(&input.alternatives) {
                    names.insert(name.clone(), at);
                }
            }
            wanted.push(read.then(|| Wanted {
                meaning: meaning(input),
                default: input.blank().or((!input.required).then_some(0)),
                name: input.column.clone(),
            }));
        }
        let machine = |records| {
            let options = Options {
                records,
                unmeasured: true,
                ..Options::default()
            };
            Machine::new(program.clone(), options)
        };
        let desk = Desk {
            plain: machine(false),
            told: machine(true),
            results: Results::default(),
        };
        Self {
            identities: IdentityNames::of(&program),
            desk: Mutex::new(desk),
            program,
            names,
            beside,
            wanted,
        }
    }

    /// An account of a person who holds identities (with their first and last days) and made applications (day,
    /// identity), and whose years begin with totals (year, accumulator, yuan).
    ///
    /// # Errors
    /// D935 for a day, an identity or a total that cannot be, D997 for a total told twice; D976 for labels of two 终身
    /// rows.
    pub fn open(
        &self,
        identities: &[(String, Option<String>, Option<String>)],
        applications: &[(String, String)],
        opening: &[(i32, String, String)],
    ) -> Result<Ledger, Refusal> {
        let day = |name: &str, text: &str| cell::day(text).map_err(|_| unusable(name, text));
        let mask = |text: &str| match self.identities.mask(text) {
            0 => Err(unusable("psn_idet_type", text)),
            mask => Ok(mask),
        };
        let mut held = Vec::new();
        for (identity, start, end) in identities {
            let start_day = start.as_deref().map_or(Ok(i32::MIN), |text| day("begndate", text))?;
            let end_day = end.as_deref().map_or(Ok(i32::MAX), |text| day("enddate", text))?;
            if start_day > end_day {
                return Err(unusable("enddate", end.as_deref().unwrap_or_default()));
            }
            held.push(Held {
                mask: mask(identity)?,
                start: start_day,
                end: end_day,
            });
        }
        if self.identities.labels.conflict_in(&held) {
            let code = Reason::TwoLabels.code();
            return Err(Refusal::data(code, [("column", "psn_idet_type".to_owned())]));
        }
        self.identities.labels.open(&mut held);
        let mut asked = Vec::new();
        for (text, identity) in applications {
            let identity = mask(identity)?.trailing_zeros();
            asked.push(Application {
                person: 0,
                day: day("apply_date", text)?,
                identity,
            });
        }
        asked.sort_by_key(|application| (application.day, application.identity));
        Ok(Ledger {
            inputs: vec![Vec::new(); self.wanted.len()],
            held,
            applications: asked,
            opened: OpenedAt::of(&self.program, opening)?,
            paid: vec![0; self.program.benefits().len()],
            ..Ledger::default()
        })
    }

    /// Settle a claim into its person's account. An account that refuses a claim is as it was.
    ///
    /// # Errors
    /// D811 for a column that nobody knows, D812 for a value of another kind, D935 for one that cannot be, D941 for one that is missing, D937 for a settlement that was there before; a
    /// reject code for a claim that cannot be settled; D934 for amounts that do not fit.
    pub fn settle<'a>(
        &self,
        ledger: &mut Ledger,
        claim: Claim<'_>,
        values: impl Iterator<Item = (&'a str, Given<'a>)>,
    ) -> Result<Paid, Refusal> {
        let time = cell::time(claim.time).map_err(|_| unusable("time", claim.time))?;
        let place = ledger.place(time, claim.settlement)?;
        let values = self.read(values)?;
        ledger.insert(place, time, claim, values)?;
        let settled = self.work_out(ledger, place, claim);
        if settled.is_err() {
            ledger.remove(place);
        }
        settled
    }

    /// The value of every input.
    fn read<'a>(&self, given: impl Iterator<Item = (&'a str, Given<'a>)>) -> Result<Vec<Option<i64>>, Refusal> {
        let mut values: Vec<Option<i64>> = vec![None; self.wanted.len()];
        for (name, given) in given {
            let at = self.names.get(name).copied();
            let wanted = at.and_then(|at| self.wanted.get(at)).and_then(Option::as_ref);
            let (Some(at), Some(wanted)) = (at, wanted) else {
                if self.beside.as_ref().is_some_and(|beside| !beside.contains(name)) {
                    return Err(Refusal::data("D811", [("name", name.to_owned())]));
                }
                continue;
            };
            let value = match (given, &wanted.meaning) {
                (Given::Number(fen), Meaning::Money | Meaning::Count) => Ok(fen),
                (Given::Number(flag @ 0..=1), Meaning::Flag) => Ok(flag),
                (Given::Flag(flag), Meaning::Flag) => Ok(i64::from(flag)),
                (Given::Flag(_) | Given::Other(_), _) => return Err(given.refused(name)),
                (Given::Number(number), meaning) => meaning.parse(&number.to_string()),
                (Given::Text(text), meaning) => meaning.parse(text.trim()),
            };
            let value = value.map_err(|_| given.refused(name))?;
            if let Some(place) = values.get_mut(at) {
                *place = Some(value);
            }
        }
        for (value, wanted) in values.iter_mut().zip(&self.wanted) {
            let Some(wanted) = wanted else { continue };
            *value = value.or(wanted.default);
            if value.is_none() {
                return Err(Refusal::data("D941", [("column", wanted.name.clone())]));
            }
        }
        Ok(values)
    }

    fn work_out(&self, ledger: &mut Ledger, place: usize, claim: Claim<'_>) -> Result<Paid, Refusal> {
        let desk = &mut *self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        let machine = if ledger.applications.is_empty() {
            &mut desk.plain
        } else {
            &mut desk.told
        };
        let inputs: Vec<Column<'_>> = ledger
            .inputs
            .iter()
            .map(|values| {
                if values.is_empty() {
                    Column::Constant(0)
                } else {
                    Column::Values(values)
                }
            })
            .collect();
        let openings = ledger.opened.openings();
        let batch = Batch {
            persons: &[0, ledger.days.len()],
            days: &ledger.days,
            inputs: &inputs,
            identities: Identities::ByPerson {
                offsets: &[0, ledger.held.len()],
                intervals: &ledger.held,
            },
            applications: &ledger.applications,
            reversals: &ledger.reversals,
            openings: &openings,
        };
        let results = &mut desk.results;
        let from = machine
            .go_on(&batch, &mut ledger.course, results)
            .map_err(|error| match &error {
                EngineError::Overflow { .. } => Refusal::engine(error, None, claim.settlement),
                EngineError::Shape(_) => Refusal::engine(error, None, ""),
            })?;
        let settled = place.saturating_sub(from);
        let role = results.roles.get(settled).copied().unwrap_or_default();
        if let Some(code) = role_code(role) {
            return Err(Refusal::data(code, [("claim", claim.settlement.to_owned())]));
        }
        let too_large = || {
            Refusal::engine(
                EngineError::Overflow {
                    row: None,
                    what: String::new(),
                },
                None,
                claim.settlement,
            )
        };
        // What the claims before the first one settled now were paid stands.
        let stands = |before: i64| if from == 0 { 0 } else { before };
        let mut totals = Vec::with_capacity(ledger.paid.len());
        for ((benefit, paid), before) in results.benefits.iter().enumerate().zip(&ledger.paid) {
            let lumps = results
                .records
                .lookback
                .get(benefit)
                .filter(|_| !ledger.applications.is_empty());
            let all = paid.iter().chain(lumps.into_iter().flatten());
            totals.push(sum(stands(*before), all).ok_or_else(too_large)?);
        }
        let burden = sum(stands(ledger.burden), results.burden.iter()).ok_or_else(too_large)?;
        let excess = sum(stands(ledger.excess), results.excess.iter()).ok_or_else(too_large)?;
        let benefits = totals
            .iter()
            .zip(&ledger.paid)
            .map(|(now, before)| now.checked_sub(*before));
        let paid = Paid {
            standing: results
                .standings
                .get(settled)
                .and_then(|&class| usize::try_from(class).ok()),
            reversal: claim.undoes.is_some(),
            benefits: benefits.collect::<Option<Vec<i64>>>().ok_or_else(too_large)?,
            burden: burden.checked_sub(ledger.burden).ok_or_else(too_large)?,
            excess: excess.checked_sub(ledger.excess).ok_or_else(too_large)?,
        };
        (ledger.paid, ledger.burden, ledger.excess) = (totals, burden, excess);
        Ok(paid)
    }
}

impl Ledger {
    /// Where a claim belongs: by time, then by settlement.
    fn place(&self, time: i64, settlement: &str) -> Result<usize, Refusal> {
        if self.settlements.iter().any(|known| **known == *settlement) {
            return Err(Refusal::data("D942", [("claim", settlement.to_owned())]));
        }
        let last = self.times.last().zip(self.settlements.last());
        if last.is_none_or(|(last, known)| (*last, &**known) < (time, settlement)) {
            return Ok(self.times.len());
        }
        let known = self.times.iter().zip(&self.settlements);
        Ok(known
            .filter(|(earlier, known)| (**earlier, &***known) < (time, settlement))
            .count())
    }

    fn insert(&mut self, place: usize, time: i64, claim: Claim<'_>, values: Vec<Option<i64>>) -> Result<(), Refusal> {
        let day = i32::try_from(time.div_euclid(DAY)).map_err(|_| unusable("time", claim.time))?;
        for (column, value) in self.inputs.iter_mut().zip(values) {
            if let Some(value) = value {
                column.insert(place, value);
            }
        }
        self.course.changed_from(place);
        self.times.insert(place, time);
        self.days.insert(place, day);
        self.settlements.insert(place, claim.settlement.into());
        for reversal in &mut self.reversals {
            let after = |row: usize| if row >= place { row.saturating_add(1) } else { row };
            *reversal = Reversal {
                row: after(reversal.row),
                original: reversal.original.map(after),
            };
        }
        if let Some(undone) = claim.undoes {
            let original = self.settlements.iter().position(|known| **known == *undone);
            self.reversals.push(Reversal { row: place, original });
            self.reversals.sort_by_key(|reversal| reversal.row);
        }
        Ok(())
    }

    fn remove(&mut self, place: usize) {
        for column in &mut self.inputs {
            if place < column.len() {
                column.remove(place);
            }
        }
        self.course.changed_from(place);
        self.times.remove(place);
        self.days.remove(place);
        self.settlements.remove(place);
        self.reversals.retain(|reversal| reversal.row != place);
        for reversal in &mut self.reversals {
            let before = |row: usize| if row > place { row.saturating_sub(1) } else { row };
            *reversal = Reversal {
                row: before(reversal.row),
                original: reversal.original.map(before),
            };
        }
    }
}

fn sum<'a>(before: i64, mut values: impl Iterator<Item = &'a i64>) -> Option<i64> {
    values.try_fold(before, |sum, &value| sum.checked_add(value))
}

fn other(column: &str, value: &str) -> Refusal {
    Refusal::data("D812", [("column", column.to_owned()), ("value", value.to_owned())])
}

fn unusable(column: &str, value: &str) -> Refusal {
    Refusal::data("D935", [("column", column.to_owned()), ("value", value.to_owned())])
}
