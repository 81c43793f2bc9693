//! A person's time with a given set of live claims: they come in one by one, what each pays goes out.
//!
//! A reversal builds a new world without the claim that it names; what differs from the old one is what it pays.

use crate::batch::{Batch, Held, Identities, held_on};
use crate::calendar;
use crate::claim::{Moment, Observer, Pins, Runner, Task};
use crate::error::EngineError;
use crate::ledger::Ledger;
use crate::opening::Opening;
use crate::prepared::Prepared;
use crate::results::Role;

/// An accepted application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) day: i32,
    pub(crate) class: usize,
    /// The window: from the first day of the month that the look-back names to the end of the application's year.
    pub(crate) start: i32,
    pub(crate) end: i32,
    pub(crate) year: i32,
}

/// One person of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Person<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) batch: &'a Batch<'a>,
    pub(crate) index: usize,
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(crate) intervals: &'a [Held],
    pub(crate) accepted: Vec<Accepted>,
    pub(crate) openings: &'a [Opening<'a>],
    /// Why no claim of the person can be settled.
    pub(crate) barred: Option<Role>,
    /// The last day that is looked at.
    pub(crate) until: i32,
}

impl<'a> Person<'a> {
    pub(crate) fn new(prepared: &'a Prepared, batch: &'a Batch<'a>, index: usize) -> Self {
        let intervals = batch.intervals(index);
        let (first, end) = batch.rows_of(index);
        let mut person = Self {
            prepared,
            batch,
            index,
            first,
            end,
            intervals,
            accepted: Vec::new(),
            openings: batch.openings_of(index),
            barred: None,
            until: i32::MAX,
        };
        person.accept();
        person.barred = person.bars();
        if person.barred.is_some() {
            person.accepted.clear();
        }
        person
    }

    /// Opening balances that cannot be used: broken ones, and those of years at whose claims an application looks.
    fn bars(&self) -> Option<Role> {
        if self.openings.iter().any(|opening| opening.broken) {
            return Some(Role::OpeningBroken);
        }
        let looked_at = |opening: &Opening<'_>| {
            let (first, last) = self.prepared.years.days(opening.year);
            self.accepted.iter().any(|a| a.start <= last && first <= a.end)
        };
        let applied = self.openings.iter().any(looked_at);
        applied.then_some(Role::OpeningApplied)
    }

    /// Whether a day's claims are in what the person's year begins with.
    pub(crate) fn within_opening(&self, day: i32) -> bool {
        let year = self.prepared.years.of(day);
        let mut openings = self.openings.iter();
        openings.any(|opening| opening.year == year && day <= opening.until)
    }

    fn accept(&mut self) {
        let prepared = self.prepared;
        for application in self.batch.applications_of(self.index) {
            let day = application.day;
            let Some(class) = prepared.standing.applied_for(application.identity) else {
                continue;
            };
            let Some(terms) = prepared.standing.classes().get(class) else {
                continue;
            };
            let year = prepared.years.of(day);
            let again = self.accepted.iter().any(|a| a.class == class && a.year == year);
            let told = self.accepted.iter().any(|a| a.class == class && a.day == day);
            let excepted = held_on(self.intervals, day) & terms.except != 0;
            if told || !prepared.in_force(day) || day > prepared.known_until || excepted || (terms.once_a_year && again)
            {
                continue;
            }
            let asked = calendar::civil(day);
            let months = i32::try_from(terms.lookback.unwrap_or(0)).unwrap_or(0);
            let start = calendar::first_of_month(asked.year, asked.month.saturating_sub(months));
            let end = prepared.years.days(year).1;
            self.accepted.push(Accepted {
                day,
                class,
                start,
                end,
                year,
            });
        }
    }

    pub(crate) fn day(&self, row: usize) -> i32 {
        self.batch.days.get(row).copied().unwrap_or(0)
    }

    /// Identities on a day, for a row: its own where rows carry them.
    pub(crate) fn held(&self, row: usize, day: i32) -> i64 {
        match self.batch.identities {
            Identities::ByRow(masks) => masks.get(row).copied().unwrap_or(0),
            Identities::None | Identities::ByPerson { .. } => held_on(self.intervals, day),
        }
    }

    /// Whether some accepted application's window covers a day.
    pub(crate) fn in_some_window(&self, day: i32) -> bool {
        self.accepted.iter().any(|a| a.start <= day && day <= a.end)
    }

    /// The class of a row on its day and, for a class on application, which application.
    fn class(&self, held: i64, day: i32) -> (i64, Option<usize>) {
        for (n, line) in self.prepared.standing.lines().iter().enumerate() {
            if line.on_application {
                let running = self
                    .accepted
                    .iter()
                    .rposition(|a| a.class == n && a.day <= day && day <= a.end);
                if running.is_some() {
                    return (i64::try_from(n).unwrap_or(-1), running);
                }
            } else if line.holds(held) {
                return (i64::try_from(n).unwrap_or(-1), None);
            }
        }
        (crate::standing::NONE, None)
    }
}

/// Whose account: a benefit year, or an accepted application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Year(i32),
    Application(usize),
}

/// A claim as settled in a world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settled {
    pub(crate) row: usize,
    pub(crate) moment: Moment,
    pub(crate) in_force: bool,
    /// The application in which benefits by standing count it.
    pub(crate) counted: Option<usize>,
}

/// Accounts of the live claims, and the memory to work them out.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    keys: Vec<Key>,
    ledgers: Vec<Ledger>,
    pub(crate) settled: Vec<Settled>,
    /// By settled claim and benefit: payment on its row.
    pays: Vec<i64>,
    /// By settled claim and part of all benefits: payment on its row.
    part_pays: Vec<i64>,
    /// By settled claim and tally: what it added.
    tallies: Vec<i64>,
    opened: usize,
    /// By application opened and benefit: the lump for claims before it.
    pub(crate) lumps: Vec<i64>,
    pub(crate) runner: Runner,
}

impl World {
    /// No claims, memory kept.
    fn reset(&mut self) {
        self.keys.clear();
        self.settled.clear();
        self.pays.clear();
        self.part_pays.clear();
        self.tallies.clear();
        self.opened = 0;
        self.lumps.clear();
    }

    /// No claims yet; the accounts that begin with something have it.
    pub(crate) fn begin(&mut self, person: &Person<'_>) -> Result<(), EngineError> {
        self.reset();
        for opening in person.openings {
            let at = self.account(person.prepared, Key::Year(opening.year));
            let opened = self
                .ledgers
                .get_mut(at)
                .and_then(|ledger| ledger.open(person.prepared, opening));
            if opened.is_none() && person.barred.is_none() {
                return Err(person.prepared.overflow(None, person.prepared.claim.ops.len()));
            }
        }
        Ok(())
    }

    fn account(&mut self, prepared: &Prepared, key: Key) -> usize {
        if let Some(known) = self.keys.iter().position(|k| *k == key) {
            return known;
        }
        let new = self.keys.len();
        self.keys.push(key);
        match self.ledgers.get_mut(new) {
            Some(ledger) => ledger.reset(prepared),
            None => self.ledgers.push(Ledger::new(prepared)),
        }
        new
    }

    /// The account of a key, if a claim came to it.
    pub(crate) fn ledger(&mut self, key: Key) -> Option<&mut Ledger> {
        let at = self.keys.iter().position(|k| *k == key)?;
        self.ledgers.get_mut(at)
    }

    /// By benefit: all that was paid in this world, over all accounts.
    pub(crate) fn paid(&self, totals: &mut Vec<i64>, benefits: usize) -> Option<()> {
        totals.clear();
        totals.resize(benefits, 0);
        for ledger in self.ledgers.iter().take(self.keys.len()) {
            for (total, state) in totals.iter_mut().zip(&ledger.states) {
                *total = total.checked_add(state.paid)?;
            }
        }
        Some(())
    }

    /// Settle a claim after those already taken; what it is paid is in `runner`.
    pub(crate) fn take(
        &mut self,
        person: &Person<'_>,
        row: usize,
        observer: &mut impl Observer,
    ) -> Result<(), EngineError> {
        let prepared = person.prepared;
        let day = person.day(row);
        self.open_applications(person, day)?;
        let held = person.held(row, day);
        let (class, application) = person.class(held, day);
        let in_force = prepared.in_force(day);
        let year = self.account(prepared, Key::Year(prepared.years.of(day)));
        let applied = application
            .and_then(|n| person.accepted.get(n))
            .map(|application| Moment {
                day: application.day,
                held: person.held(row, application.day),
                class,
            });
        let standing_account = match application {
            Some(n) => Some(self.account(prepared, Key::Application(n))),
            None => in_force.then_some(year),
        };
        let moment = Moment { day, held, class };
        let task = Task {
            row,
            own: moment,
            applied,
            own_account: in_force.then_some(year),
            standing_account,
            counting_account: prepared.counts(day).then_some(year),
            pins: Pins::Nothing,
        };
        self.runner
            .run(prepared, person.batch, &task, &mut self.ledgers, observer)?;
        if !in_force {
            self.runner.excess = 0;
        }
        let too_large = || prepared.overflow(Some(row), prepared.claim.ops.len());
        let counted_only = prepared.counts(day) && application.is_none();
        if let Some(ledger) = self.ledgers.get_mut(year).filter(|_| !counted_only) {
            add(&mut ledger.closing, &self.runner.tallies).ok_or_else(too_large)?;
            if in_force {
                add(&mut ledger.watched, &self.runner.tallies).ok_or_else(too_large)?;
            }
        }
        if application.is_some()
            && let Some(ledger) = standing_account.and_then(|at| self.ledgers.get_mut(at))
        {
            add(&mut ledger.closing, &self.runner.applied_tallies).ok_or_else(too_large)?;
        }
        self.settled.push(Settled {
            row,
            moment,
            in_force,
            counted: application,
        });
        self.pays.extend_from_slice(&self.runner.pays);
        self.part_pays.extend_from_slice(&self.runner.part_pays);
        self.tallies.extend_from_slice(&self.runner.tallies);
        Ok(())
    }

    /// Pay, in one sum each, what applications up to a day look back on.
    pub(crate) fn open_applications(&mut self, person: &Person<'_>, until: i32) -> Result<(), EngineError> {
        while let Some(application) = person.accepted.get(self.opened)
            && application.day <= until
        {
            let number = self.opened;
            self.opened = self.opened.saturating_add(1);
            self.look_back(person, number, application)?;
        }
        Ok(())
    }

    /// Claims before an application, by the figures of its day; what other benefits paid on them stands.
    fn look_back(&mut self, person: &Person<'_>, number: usize, application: &Accepted) -> Result<(), EngineError> {
        let prepared = person.prepared;
        let benefits = prepared.benefits();
        let class = prepared.standing.classes().get(application.class);
        let unclassed_only = class.is_some_and(|class| class.unclassed_only);
        let lump = self.lumps.len();
        self.lumps.resize(lump.saturating_add(benefits), 0);
        for n in 0..self.settled.len() {
            let Some(one) = self.settled.get(n).copied() else {
                continue;
            };
            if !(application.start..application.day).contains(&one.moment.day) || one.counted.is_some() {
                continue;
            }
            if unclassed_only && one.moment.class != crate::standing::NONE {
                continue;
            }
            let pays: Vec<i64> = part(&self.pays, n, benefits).to_vec();
            let part_pays: Vec<i64> = part(&self.part_pays, n, prepared.parts()).to_vec();
            if pays.iter().zip(&prepared.by_standing).any(|(pay, by)| *by && *pay != 0) {
                continue;
            }
            if let Some(one) = self.settled.get_mut(n) {
                one.counted = Some(number);
            }
            let account = self.account(prepared, Key::Application(number));
            let task = Task {
                row: one.row,
                own: Moment {
                    day: application.day,
                    held: person.held(one.row, application.day),
                    class: i64::try_from(application.class).unwrap_or(-1),
                },
                applied: None,
                own_account: None,
                standing_account: Some(account),
                counting_account: None,
                pins: Pins::NotByStanding(&pays, &part_pays),
            };
            self.runner.run(
                prepared,
                person.batch,
                &task,
                &mut self.ledgers,
                &mut crate::claim::Unseen,
            )?;
            let too_large = || prepared.overflow(Some(one.row), prepared.claim.ops.len());
            for ((lump, pay), by) in self
                .lumps
                .iter_mut()
                .skip(lump)
                .zip(&self.runner.pays)
                .zip(&prepared.by_standing)
            {
                if *by {
                    *lump = lump.checked_add(*pay).ok_or_else(too_large)?;
                }
            }
            if prepared.counts(one.moment.day) {
                // It only counted until now, so its year has nothing of it yet.
                self.forget_tallies(n);
            }
            self.move_tallies(prepared, account, n, &one).ok_or_else(too_large)?;
        }
        Ok(())
    }

    /// As if a settled claim had added nothing to the tallies.
    fn forget_tallies(&mut self, n: usize) {
        let count = self.runner.tallies.len();
        let start = n.saturating_mul(count);
        for tally in self.tallies.iter_mut().skip(start).take(count) {
            *tally = 0;
        }
    }

    /// The claim now counts in the application's account too, and its year sees what is left after the lump.
    fn move_tallies(&mut self, prepared: &Prepared, account: usize, n: usize, one: &Settled) -> Option<()> {
        let before = part(&self.tallies, n, self.runner.tallies.len());
        let year = Key::Year(prepared.years.of(one.moment.day));
        let year = self.keys.iter().position(|key| *key == year)?;
        for (tally, (now, before)) in self.runner.tallies.iter().zip(before).enumerate() {
            let change = now.checked_sub(*before)?;
            for (at, by) in [(account, *now), (year, change)] {
                let total = self.ledgers.get_mut(at)?.closing.get_mut(tally)?;
                *total = total.checked_add(by)?;
            }
        }
        Some(())
    }
}

/// The n-th group of `width` values.
pub(crate) fn part(values: &[i64], n: usize, width: usize) -> &[i64] {
    if width == 0 {
        return &[];
    }
    values.chunks_exact(width).nth(n).unwrap_or(&[])
}

fn add(totals: &mut [i64], values: &[i64]) -> Option<()> {
    for (total, value) in totals.iter_mut().zip(values) {
        *total = total.checked_add(*value)?;
    }
    Some(())
}
