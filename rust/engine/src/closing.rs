//! The end of a year: an account comes in, its record goes out, with year-end amounts where the year is closed.

use crate::batch::Held;
use crate::choosing;
use crate::ledger::Ledger;
use crate::ops::{self, Op, Scene};
use crate::prepared::{Closing, Prepared};
use crate::results::{Account, YearRecords};
use crate::sheet::narrow_year;
use crate::world::Settled;

/// The last claim of a year, by which indicators are judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LastClaim {
    pub(crate) day: i32,
    pub(crate) class: i64,
}

/// An account to be recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed<'a> {
    pub(crate) person: usize,
    pub(crate) year: i32,
    /// Day and class of the application whose account it is.
    pub(crate) application: Option<(i32, i64)>,
    pub(crate) intervals: &'a [Held],
    /// The year's claims, where these carry the identities.
    pub(crate) claims: Option<&'a Vec<Settled>>,
    pub(crate) last: Option<LastClaim>,
    /// By benefit: what its rows were paid.
    pub(crate) paid: &'a [i64],
    /// By benefit: the application's lump.
    pub(crate) lump: &'a [i64],
    /// Whether to work out year-end amounts.
    pub(crate) close: bool,
}

/// Memory for recording accounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Closer {
    registers: Vec<i64>,
    amounts: Vec<i64>,
}

struct AtYearEnd<'a> {
    day: i32,
    class: i64,
    held: i64,
    tallies: &'a [i64],
}

impl Scene for AtYearEnd<'_> {
    fn day(&self) -> i32 {
        self.day
    }

    fn class(&self) -> i64 {
        self.class
    }

    fn held(&self) -> i64 {
        self.held
    }

    fn tally(&self, tally: usize) -> i64 {
        self.tallies.get(tally).copied().unwrap_or(0)
    }
}

impl Closer {
    /// Close an account if asked to, and append its record. `None` is an overflow.
    pub(crate) fn record(
        &mut self,
        prepared: &Prepared,
        closed: &Closed<'_>,
        ledger: &mut Ledger,
        records: &mut YearRecords,
    ) -> Option<()> {
        self.amounts.clear();
        self.amounts.resize(prepared.benefits(), 0);
        if closed.close {
            let mut given = 0_i64;
            for closing in &prepared.closings {
                let amount = self.close(prepared, closed, closing, ledger, given)?;
                given = given.checked_add(amount)?;
                if let Some(place) = self.amounts.get_mut(closing.benefit) {
                    *place = amount;
                }
            }
            choosing::move_to_winners(prepared, ledger, &mut self.amounts)?;
        }
        // All that can fail comes before the first push: columns stay of one length.
        let last = closed.last.filter(|_| closed.application.is_none());
        let watched = self.watch(prepared, last, &ledger.watched)?;
        records.accounts.push(Account {
            person: u32::try_from(closed.person).unwrap_or(u32::MAX),
            year: narrow_year(closed.year),
            application: closed.application.map(|(day, _)| day),
        });
        push(&mut records.paid, |n| get(closed.paid, n));
        push(&mut records.year_end, |n| get(&self.amounts, n));
        push(&mut records.lookback, |n| get(closed.lump, n));
        push(&mut records.own_used, |n| {
            ledger.states.get(n).map_or(0, |state| state.paid)
        });
        push(&mut records.own_left, |n| {
            let paid = ledger.states.get(n)?.paid;
            prepared.terms.get(n)?.own_left(ledger.rows.get(n).copied()?, paid)
        });
        let used = |n: usize| get(&ledger.used, n);
        push(&mut records.shared_used, used);
        push(&mut records.shared_left, |n| {
            prepared.shared_left(ledger.rows.iter().copied(), n, used(n))
        });
        self.warn(prepared, watched, records);
        Some(())
    }

    /// Append what the indicators came to in [`Self::watch`]; `watched`: they can be told.
    pub(crate) fn warn(&self, prepared: &Prepared, watched: bool, records: &mut YearRecords) {
        let register = |n: usize, of: fn(&jiugao_program::WatchOut) -> usize| {
            let out = prepared.program.watch_out().get(n).filter(|_| watched)?;
            Some(get(&self.registers, of(out)))
        };
        push(&mut records.warning_sums, |n| register(n, |out| out.sum));
        push(&mut records.warnings, |n| {
            register(n, |out| out.flag).is_some_and(|flag| flag != 0)
        });
    }

    /// The year-end amount of one benefit.
    fn close(
        &mut self,
        prepared: &Prepared,
        closed: &Closed<'_>,
        closing: &Closing,
        ledger: &mut Ledger,
        given: i64,
    ) -> Option<i64> {
        let benefit = closing.benefit;
        let by_standing = prepared.by_standing.get(benefit).copied().unwrap_or(false);
        if closed.application.is_some() && !by_standing {
            return Some(0);
        }
        let Some((day, held, class)) = judged(prepared, closed, benefit) else {
            return Some(0);
        };
        let scene = AtYearEnd {
            day,
            class,
            held,
            tallies: &ledger.closing,
        };
        self.registers.clear();
        self.registers.resize(closing.section.registers, 0);
        let mut found = None;
        for op in &closing.section.ops {
            if let Op::Close {
                row, left, uncovered, ..
            } = *op
            {
                let of = |register| get(&self.registers, register);
                found = Some((of(row), of(left), of(uncovered)));
                continue;
            }
            let value = ops::value(op, &self.registers, &prepared.lists, &scene)?;
            if let Some(place) = op.defines().and_then(|d| self.registers.get_mut(d)) {
                *place = value;
            }
        }
        let (row, left, uncovered) = found?;
        let terms = prepared.terms.get(benefit)?;
        let Some(phi) = terms.row(row) else { return Some(0) };
        let mut left = left;
        for earlier in &closing.same_expense {
            left = left.checked_sub(get(&self.amounts, *earlier))?;
        }
        let cap = left.min(uncovered.checked_sub(given)?);
        let state = ledger.states.get_mut(benefit)?;
        terms.close(phi, state, &mut ledger.used, cap)
    }

    /// The indicators, into the registers: true for accounts of years whose figures are known. `last`: the year's last claim,
    /// if it is a year's account; `None` is an overflow.
    pub(crate) fn watch(&mut self, prepared: &Prepared, last: Option<LastClaim>, tallies: &[i64]) -> Option<bool> {
        let program = &prepared.program;
        let known = program.known_until().watch.unwrap_or(i32::MAX);
        let Some(last) = last.filter(|last| last.day <= known) else {
            return Some(false);
        };
        if program.warnings().is_empty() {
            return Some(true);
        }
        let scene = AtYearEnd {
            day: last.day,
            class: last.class,
            held: 0,
            tallies,
        };
        self.registers.clear();
        self.registers.resize(prepared.watch.registers, 0);
        for op in &prepared.watch.ops {
            let value = ops::value(op, &self.registers, &prepared.lists, &scene)?;
            if let Some(place) = op.defines().and_then(|d| self.registers.get_mut(d)) {
                *place = value;
            }
        }
        Some(true)
    }
}

/// The day of the year end, what is held and the class on it; none where nothing entitles.
fn judged(prepared: &Prepared, closed: &Closed<'_>, benefit: usize) -> Option<(i32, i64, i64)> {
    if let Some((day, class)) = closed.application {
        return Some((day, crate::batch::held_on(closed.intervals, day), class));
    }
    let entitled = &prepared.program.benefits().get(benefit)?.entitled;
    let standing = &prepared.standing;
    // A year of nothing but an opening balance has no claim to carry an identity.
    if let Some(claims) = closed.claims.filter(|claims| !claims.is_empty()) {
        return claims.iter().rev().find_map(|claim| {
            let Settled { moment, in_force, .. } = claim;
            let class = standing.class(moment.held, None);
            let entitles = *in_force && entitled.binary_search(&class).is_ok();
            entitles.then_some((moment.day, moment.held, class))
        });
    }
    let (first, last) = prepared.years.days(closed.year);
    let first = first.max(prepared.first_day);
    let last = last.min(prepared.last_day).min(prepared.known_until);
    let (day, held) = standing.last_entitled(entitled, closed.intervals, first, last)?;
    Some((day, held, standing.class(held, None)))
}

fn push<T>(columns: &mut [Vec<T>], value: impl Fn(usize) -> T) {
    for (n, column) in columns.iter_mut().enumerate() {
        column.push(value(n));
    }
}

fn get(values: &[i64], at: usize) -> i64 {
    values.get(at).copied().unwrap_or(0)
}
