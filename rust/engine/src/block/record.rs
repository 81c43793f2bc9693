//! Accounts that end in a block come in, their records go out.
//!
//! Where years are not closed, accounts are recorded many at a time, column by column (but for indicators, which are worked out
//! account by account). Those of applicants, and years that are closed, are recorded one by one.

use crate::batch::{Batch, Identities};
use crate::claim::Moment;
use crate::closing::{Closed, LastClaim};
use crate::machine::Options;
use crate::prepared::Prepared;
use crate::results::{Account, YearRecords};
use crate::rule::State;
use crate::world::Settled;

use super::applied::Applied;
use super::segments::Segment;
use super::{Blocks, Span};

/// An account that ends in a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    /// Which of the block's accounts it is.
    number: usize,
    person: usize,
    year: i16,
    /// The row after its last one.
    end: usize,
    last: LastClaim,
}

impl Blocks {
    /// Record the accounts whose last row is in the block, but for persons that are worked out one by one.
    pub(super) fn record(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        span: Span,
        options: Options,
        records: &mut YearRecords,
    ) {
        let accounts = std::mem::take(&mut self.accounts);
        let mut ended = std::mem::take(&mut self.ended);
        for (number, segment) in accounts.list(batch, span).iter().enumerate() {
            if !segment.ends || segment.rejected.is_some() {
                continue;
            }
            let applied = self.applied_by(segment.person);
            let last = self.last_claim(batch, span, segment);
            if let (None, Some(last), false) = (applied, last, options.close) {
                ended.push(Ended {
                    number,
                    person: segment.person,
                    year: segment.year,
                    end: segment.end,
                    last,
                });
                continue;
            }
            self.by_column(prepared, &ended, records);
            ended.clear();
            let one = (number, segment, applied);
            if self.account(prepared, batch, span, one, options, records).is_none() {
                self.again.push(segment.person);
            }
        }
        self.by_column(prepared, &ended, records);
        ended.clear();
        (self.accounts, self.ended) = (accounts, ended);
    }

    fn applied_by(&self, person: usize) -> Option<Applied> {
        let found = self.applied.binary_search_by_key(&person, |applied| applied.person);
        found.ok().and_then(|at| self.applied.get(at).copied())
    }

    fn last_claim(&self, batch: &Batch<'_>, span: Span, segment: &Segment) -> Option<LastClaim> {
        let last = segment.end.checked_sub(1)?;
        Some(LastClaim {
            day: batch.days.get(span.first.checked_add(last)?).copied()?,
            class: self.class.get(last).copied()?,
        })
    }

    /// Accounts of years that are not closed, of persons who did not apply.
    fn by_column(&mut self, prepared: &Prepared, ended: &[Ended], records: &mut YearRecords) {
        if ended.is_empty() {
            return;
        }
        records.accounts.extend(ended.iter().map(|one| Account {
            person: u32::try_from(one.person).unwrap_or(u32::MAX),
            year: one.year,
            application: None,
        }));
        for column in records.year_end.iter_mut().chain(&mut records.lookback) {
            column.extend(std::iter::repeat_n(0, ended.len()));
        }
        let benefits = self.scans.iter().zip(&prepared.terms);
        let amounts = records
            .paid
            .iter_mut()
            .zip(&mut records.own_used)
            .zip(&mut records.own_left);
        for ((scan, terms), ((paid, used), left)) in benefits.zip(amounts) {
            let due = |one: &Ended| scan.due.get(one.end).copied().unwrap_or(0);
            paid.extend(ended.iter().map(due));
            used.extend(ended.iter().map(due));
            left.extend(
                ended
                    .iter()
                    .map(|one| terms.own_left(scan.last_row_of(one.number), due(one))),
            );
        }
        let limits = prepared.program.limits().len();
        for (slot, (used, left)) in records.shared_used.iter_mut().zip(&mut records.shared_left).enumerate() {
            for one in ended {
                let place = one.number.saturating_mul(limits).saturating_add(slot);
                let more = self.scans.iter().filter_map(|scan| scan.used_after.get(place));
                let sum = more.fold(0_i64, |sum, more| sum.saturating_add(*more));
                let rows = self.scans.iter().map(|scan| scan.last_row_of(one.number));
                used.push(sum);
                left.push(prepared.shared_left(rows, slot, sum));
            }
        }
        if !prepared.program.warnings().is_empty() {
            self.warnings(prepared, ended, records);
        }
    }

    /// The indicators of these accounts. Persons for whom they do not fit are worked out one by one; what is recorded of them here,
    /// with blanks, is dropped then ([`YearRecords::sort_without`]).
    fn warnings(&mut self, prepared: &Prepared, ended: &[Ended], records: &mut YearRecords) {
        let mut totals = std::mem::take(&mut self.totals);
        for one in ended {
            let last = one.end.saturating_sub(1);
            totals.clear();
            totals.extend(
                self.tallies
                    .iter()
                    .map(|tally| tally.sums.get(last).copied().unwrap_or(0)),
            );
            let watched = self.closer.watch(prepared, Some(one.last), &totals);
            if watched.is_none() {
                self.again.push(one.person);
            }
            self.closer.warn(prepared, watched.unwrap_or(false), records);
        }
        self.totals = totals;
    }

    fn account(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        span: Span,
        (number, segment, applied): (usize, &Segment, Option<Applied>),
        options: Options,
        records: &mut YearRecords,
    ) -> Option<()> {
        let last = self.last_claim(batch, span, segment)?;
        let claims = claims_of(prepared, batch, span, segment, options);
        let paid = self
            .scans
            .iter()
            .map(|scan| scan.due.get(segment.end).copied().unwrap_or(0));
        self.paid.clear();
        self.paid.extend(paid);
        self.nothing.resize(self.paid.len(), 0);
        let (paid, nothing) = (std::mem::take(&mut self.paid), std::mem::take(&mut self.nothing));
        let mut closed = Closed {
            person: segment.person,
            year: i32::from(segment.year),
            application: None,
            intervals: batch.intervals(segment.person),
            claims: claims.as_ref(),
            last: Some(last),
            paid: &paid,
            lump: &nothing,
            close: options.close,
        };
        self.fill_ledger(prepared, number, segment, |by_standing| {
            applied.is_none() || !by_standing
        });
        self.closer.record(prepared, &closed, &mut self.ledger, records)?;
        if let Some(applied) = applied {
            closed.application = Some((applied.day, applied.class));
            closed.paid = &nothing;
            closed.last = None;
            closed.claims = None;
            self.fill_ledger(prepared, number, segment, |by_standing| by_standing);
            self.closer.record(prepared, &closed, &mut self.ledger, records)?;
        }
        (self.paid, self.nothing) = (paid, nothing);
        Some(())
    }

    /// The account after its last row, with the benefits that `belongs` names by whether they go by standing.
    fn fill_ledger(&mut self, prepared: &Prepared, n: usize, segment: &Segment, belongs: impl Fn(bool) -> bool) {
        self.ledger.reset(prepared);
        let limits = prepared.program.limits().len();
        let start = n.saturating_mul(limits);
        for (benefit, (scan, by_standing)) in self.scans.iter().zip(&prepared.by_standing).enumerate() {
            if !belongs(*by_standing) {
                continue;
            }
            if let Some(state) = self.ledger.states.get_mut(benefit) {
                let at = |column: &[i64]| column.get(segment.end).copied().unwrap_or(0);
                *state = State {
                    base: at(&scan.sums),
                    accrued: 0,
                    paid: at(&scan.due),
                    ..State::default()
                };
            }
            let row = scan.last_row_of(n);
            if let Some(place) = self.ledger.rows.get_mut(benefit) {
                *place = row;
            }
            for (used, more) in self.ledger.used.iter_mut().zip(scan.used_after.iter().skip(start)) {
                *used = used.saturating_add(*more);
            }
        }
        let last = segment.end.saturating_sub(1);
        for (tally, scan) in self.tallies.iter().enumerate() {
            let total = scan.sums.get(last).copied().unwrap_or(0);
            for totals in [&mut self.ledger.watched, &mut self.ledger.closing] {
                if let Some(place) = totals.get_mut(tally) {
                    *place = total;
                }
            }
        }
    }
}

/// The year's claims, where these carry the identities and the year is closed.
fn claims_of(
    prepared: &Prepared,
    batch: &Batch<'_>,
    span: Span,
    segment: &Segment,
    options: Options,
) -> Option<Vec<Settled>> {
    let Identities::ByRow(masks) = batch.identities else {
        return None;
    };
    if !options.close {
        return Some(Vec::new());
    }
    let (first, _) = batch.rows_of(segment.person);
    let end = span.first.saturating_add(segment.end);
    let claim = |row: usize| {
        let day = batch.days.get(row).copied().unwrap_or(0);
        let held = masks.get(row).copied().unwrap_or(0);
        Settled {
            row,
            moment: Moment {
                day,
                held,
                class: crate::standing::NONE,
            },
            in_force: true,
            counted: None,
        }
    };
    let year = i32::from(segment.year);
    Some(
        (first..end)
            .map(claim)
            .filter(|c| prepared.years.of(c.moment.day) == year)
            .collect(),
    )
}
