//! One person with everything that can happen: reversals, applications, days out of force; rows and records go out.

use crate::batch::{Batch, Identities};
use crate::claim::{Moment, Observer, Pins, Runner, Task, Unseen};
use crate::closing::{Closed, Closer, LastClaim};
use crate::error::EngineError;
use crate::machine::Options;
use crate::opening::Totals;
use crate::prepared::Prepared;
use crate::results::{Role, YearRecords};
use crate::sheet::{NOBODY, Sheet, Shown};
use crate::world::{Key, Person, Settled, World, part};

/// Memory for working out single persons.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replay {
    pub(crate) world: World,
    live: Vec<usize>,
    roles: Vec<Role>,
    /// Of the last reversal: by benefit, all that was paid before it.
    pub(crate) before: Vec<i64>,
    /// Of the last reversal: by benefit, what it pays.
    pub(crate) after: Vec<i64>,
    years: Vec<i32>,
    /// By year of `years` and benefit: what its rows were paid.
    paid: Vec<i64>,
    /// By application and benefit: the lump as paid on its day; later changes are on rows.
    lumps: Vec<i64>,
    closer: Closer,
    runner: Runner,
}

impl Replay {
    /// Settle a person's rows.
    ///
    /// # Errors
    /// An overflow, naming the row.
    pub(crate) fn person(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        index: usize,
        options: Options,
        sheet: &mut Sheet<'_>,
        records: &mut YearRecords,
    ) -> Result<(), EngineError> {
        let mut person = Person::new(prepared, batch, index);
        person.until = options.totals.unwrap_or(i32::MAX);
        self.rows(&person, sheet, |_| Unseen)?;
        if options.records {
            self.records(&person, options, records)?;
        }
        Ok(())
    }

    /// Settle all rows in order; `observer` gives who looks at each.
    pub(crate) fn rows<O: Observer>(
        &mut self,
        person: &Person<'_>,
        sheet: &mut Sheet<'_>,
        observer: impl FnMut(usize) -> O,
    ) -> Result<(), EngineError> {
        self.begin(person)?;
        self.go_on(person, person.first, sheet, observer)
    }

    /// Nothing settled yet.
    pub(crate) fn begin(&mut self, person: &Person<'_>) -> Result<(), EngineError> {
        let prepared = person.prepared;
        self.world.begin(person)?;
        self.live.clear();
        self.roles.clear();
        self.years.clear();
        self.paid.clear();
        self.lumps.clear();
        if person.barred.is_none() {
            for opening in person.openings {
                // A year that begins with something has an account, also without claims.
                let none = vec![0; prepared.benefits()];
                book(&mut self.years, &mut self.paid, opening.year, &none)
                    .ok_or_else(|| prepared.overflow(None, prepared.claim.ops.len()))?;
            }
        }
        Ok(())
    }

    /// Settle the rows from `row` on; those before it are settled.
    pub(crate) fn go_on<O: Observer>(
        &mut self,
        person: &Person<'_>,
        row: usize,
        sheet: &mut Sheet<'_>,
        mut observer: impl FnMut(usize) -> O,
    ) -> Result<(), EngineError> {
        let prepared = person.prepared;
        let mut reversals = person.batch.reversals_in(row, person.end).iter().peekable();
        for row in row..person.end {
            let role = match reversals.next_if(|reversal| reversal.row == row) {
                _ if person.day(row) > person.until => Role::Later,
                Some(reversal) => self.reverse(person, row, reversal.original, sheet)?,
                None => self.settle(person, row, sheet, &mut observer(row))?,
            };
            self.roles.push(role);
            if role.is_rejected() {
                let nothing = Shown {
                    pays: &vec![0; prepared.benefits()],
                    burden: 0,
                    excess: 0,
                    paying: NOBODY,
                    measures: &vec![0; prepared.program.measures().len()],
                    year: prepared.years.of(person.day(row)),
                    class: crate::standing::NONE,
                    role,
                    rows: &[],
                    cuts: &[],
                    offered: &[],
                };
                sheet.show(row, &nothing);
            }
        }
        Ok(())
    }

    /// Let another have the memory that single claims are worked out in: nothing of a person is in it.
    pub(crate) const fn lend(&mut self, other: &mut Self) {
        core::mem::swap(&mut self.world.runner, &mut other.world.runner);
    }

    fn settle(
        &mut self,
        person: &Person<'_>,
        row: usize,
        sheet: &mut Sheet<'_>,
        observer: &mut impl Observer,
    ) -> Result<Role, EngineError> {
        let prepared = person.prepared;
        let day = person.day(row);
        if let Some(barred) = person.barred {
            return Ok(barred);
        }
        if person.within_opening(day) {
            return Ok(Role::WithinOpening);
        }
        if day > prepared.known_until {
            return Ok(Role::FiguresUnknown);
        }
        if !prepared.in_force(day) && !prepared.counts(day) && !person.in_some_window(day) {
            return Ok(Role::OutsideForce);
        }
        self.world.take(person, row, observer)?;
        self.remember_lumps();
        self.live.push(row);
        let year = prepared.years.of(day);
        let runner = &self.world.runner;
        let class = self.world.settled.last().map_or(-1, |one| one.moment.class);
        sheet.show(
            row,
            &Shown {
                pays: &runner.pays,
                burden: runner.burden,
                excess: runner.excess,
                paying: runner.paying,
                measures: &runner.measures,
                year,
                class,
                role: Role::Settled,
                rows: &runner.rows,
                cuts: &runner.cuts,
                offered: &runner.offered,
            },
        );
        book(&mut self.years, &mut self.paid, year, &runner.pays)
            .ok_or_else(|| prepared.overflow(Some(row), prepared.claim.ops.len()))?;
        Ok(Role::Settled)
    }

    fn remember_lumps(&mut self) {
        let known = self.lumps.len();
        self.lumps.extend(self.world.lumps.iter().skip(known));
    }

    /// Undo a claim: the world without it, less the world with it.
    fn reverse(
        &mut self,
        person: &Person<'_>,
        row: usize,
        original: Option<usize>,
        sheet: &mut Sheet<'_>,
    ) -> Result<Role, EngineError> {
        let prepared = person.prepared;
        if let Some(barred) = person.barred {
            return Ok(barred);
        }
        if person.within_opening(person.day(row)) {
            return Ok(Role::WithinOpening);
        }
        let Some(original) = original else {
            return Ok(Role::OriginalUnknown);
        };
        let Some(at) = original.checked_sub(person.first) else {
            return Ok(Role::OriginalUnknown);
        };
        if original >= row {
            let inside = original < person.end;
            return Ok(if inside {
                Role::OriginalLater
            } else {
                Role::OriginalUnknown
            });
        }
        match self.roles.get_mut(at) {
            Some(role @ Role::Settled) => *role = Role::Reversed,
            Some(Role::Reversed) => return Ok(Role::ReversedTwice),
            _ => return Ok(Role::OriginalNotSettled),
        }
        let too_large = || prepared.overflow(Some(row), prepared.claim.ops.len());
        let benefits = prepared.benefits();
        let day = person.day(row);
        self.world.open_applications(person, day)?;
        self.remember_lumps();
        self.world.paid(&mut self.before, benefits).ok_or_else(too_large)?;
        let moment = self.moment_of(original);
        self.live.retain(|live| *live != original);
        self.world.begin(person)?;
        for live in &self.live {
            self.world.take(person, *live, &mut Unseen)?;
        }
        self.world.open_applications(person, day)?;
        self.world.paid(&mut self.after, benefits).ok_or_else(too_large)?;
        for (after, before) in self.after.iter_mut().zip(&self.before) {
            // What the reversal pays, negated: as if the original had been paid just that.
            *after = before.checked_sub(*after).ok_or_else(too_large)?;
        }
        let task = Task {
            row: original,
            own: moment,
            applied: None,
            own_account: None,
            standing_account: None,
            counting_account: None,
            pins: Pins::All(&self.after),
        };
        self.runner.run(prepared, person.batch, &task, &mut [], &mut Unseen)?;
        if !prepared.in_force(moment.day) {
            self.runner.excess = 0;
        }
        for after in &mut self.after {
            *after = after.checked_neg().ok_or_else(too_large)?;
        }
        let [payee, _, beyond, replaced] = self.runner.paying;
        let [_, never, ..] = NOBODY;
        let beyond = beyond.checked_neg().ok_or_else(too_large)?;
        let replaced = replaced.checked_neg().ok_or_else(too_large)?;
        for (value, measure) in self.runner.measures.iter_mut().zip(prepared.program.measures()) {
            if measure.kind.adds() {
                *value = value.checked_neg().ok_or_else(too_large)?;
            }
        }
        let year = prepared.years.of(moment.day);
        sheet.role(original, Role::Reversed);
        sheet.show(
            row,
            &Shown {
                pays: &self.after,
                burden: self.runner.burden.checked_neg().ok_or_else(too_large)?,
                excess: self.runner.excess.checked_neg().ok_or_else(too_large)?,
                paying: [payee, never, beyond, replaced],
                measures: &self.runner.measures,
                year,
                class: moment.class,
                role: Role::Reversal,
                rows: &[],
                cuts: &[],
                offered: &[],
            },
        );
        book(&mut self.years, &mut self.paid, year, &self.after).ok_or_else(too_large)?;
        Ok(Role::Reversal)
    }

    fn moment_of(&self, row: usize) -> Moment {
        let found = self.world.settled.iter().find(|one| one.row == row);
        found.map_or(
            Moment {
                day: 0,
                held: 0,
                class: crate::standing::NONE,
            },
            |one| one.moment,
        )
    }

    /// Records of the person's years and applications.
    pub(crate) fn records(
        &mut self,
        person: &Person<'_>,
        options: Options,
        records: &mut YearRecords,
    ) -> Result<(), EngineError> {
        let prepared = person.prepared;
        let benefits = prepared.benefits();
        self.world.open_applications(person, i32::MAX)?;
        self.remember_lumps();
        let mut keys: Vec<(i32, Key)> = self.years.iter().map(|year| (*year, Key::Year(*year))).collect();
        for (n, application) in person.accepted.iter().enumerate() {
            keys.push((application.year, Key::Application(n)));
        }
        keys.sort_by_key(|(year, key)| {
            (
                *year,
                match key {
                    Key::Year(_) => 0,
                    Key::Application(n) => n.saturating_add(1),
                },
            )
        });
        let none = vec![0; benefits];
        for (year, key) in keys {
            let (application, paid, lump) = match key {
                Key::Year(_) => {
                    let n = self.years.iter().position(|y| *y == year).unwrap_or(0);
                    (None, part(&self.paid, n, benefits), none.as_slice())
                }
                Key::Application(n) => (person.accepted.get(n), none.as_slice(), part(&self.lumps, n, benefits)),
            };
            let by_row = matches!(person.batch.identities, Identities::ByRow(_));
            let last = match key {
                Key::Year(_) => last_claim(prepared, &self.world.settled, year),
                Key::Application(_) => None,
            };
            let claims: Vec<Settled> = if by_row && application.is_none() {
                let of_year = |one: &&Settled| prepared.years.of(one.moment.day) == year;
                self.world.settled.iter().filter(of_year).copied().collect()
            } else {
                Vec::new()
            };
            let mut empty = crate::ledger::Ledger::default();
            let ledger = match self.world.ledger(key) {
                Some(ledger) => ledger,
                None => {
                    empty.reset(prepared);
                    &mut empty
                }
            };
            if options.totals.is_some() {
                let told = application.is_none() && person.accepted.is_empty();
                records
                    .totals
                    .push(if told { ledger.totals(prepared) } else { Totals::new() });
            }
            let closed = Closed {
                person: person.index,
                year,
                application: application.map(|a| (a.day, i64::try_from(a.class).unwrap_or(-1))),
                intervals: person.intervals,
                claims: by_row.then_some(&claims),
                last,
                paid,
                lump,
                close: options.close,
            };
            self.closer
                .record(prepared, &closed, ledger, records)
                .ok_or_else(|| prepared.overflow(Some(person.first), prepared.claim.ops.len()))?;
        }
        Ok(())
    }
}

/// The year's last claim in force.
fn last_claim(prepared: &Prepared, settled: &[Settled], year: i32) -> Option<LastClaim> {
    let of_year = |one: &&Settled| one.in_force && prepared.years.of(one.moment.day) == year;
    settled.iter().rfind(of_year).map(|one| LastClaim {
        day: one.moment.day,
        class: one.moment.class,
    })
}

/// Add a row's payments to its year's.
fn book(years: &mut Vec<i32>, paid: &mut Vec<i64>, year: i32, pays: &[i64]) -> Option<()> {
    let n = match years.iter().position(|y| *y == year) {
        Some(n) => n,
        None => {
            years.push(year);
            paid.resize(paid.len().saturating_add(pays.len()), 0);
            years.len().saturating_sub(1)
        }
    };
    let start = n.saturating_mul(pays.len());
    for (total, pay) in paid.iter_mut().skip(start).zip(pays) {
        *total = total.checked_add(*pay)?;
    }
    Some(())
}
