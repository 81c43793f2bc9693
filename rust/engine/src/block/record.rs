//! Accounts that end in a block come in, their records go out.

use crate::batch::{Batch, Identities};
use crate::claim::Moment;
use crate::closing::{Closed, LastClaim};
use crate::machine::Options;
use crate::prepared::Prepared;
use crate::results::YearRecords;
use crate::rule::State;
use crate::world::Settled;

use super::segments::Segment;
use super::{Blocks, Span};

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
        for n in 0..self.accounts.list(batch, span).len() {
            let Some(segment) = self.accounts.list(batch, span).get(n).copied() else {
                continue;
            };
            if !segment.ends || segment.rejected.is_some() {
                continue;
            }
            let done = self.account(prepared, batch, span, n, &segment, options, records);
            if done.is_none() {
                self.again.push(segment.person);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a record is made of")]
    fn account(
        &mut self,
        prepared: &Prepared,
        batch: &Batch<'_>,
        span: Span,
        n: usize,
        segment: &Segment,
        options: Options,
        records: &mut YearRecords,
    ) -> Option<()> {
        let last = segment.end.checked_sub(1)?;
        let day = batch.days.get(span.first.checked_add(last)?).copied()?;
        let class = self.class.get(last).copied()?;
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
            last: Some(LastClaim { day, class }),
            paid: &paid,
            lump: &nothing,
            close: options.close,
        };
        let applied = self
            .applied
            .binary_search_by_key(&segment.person, |applied| applied.person);
        let applied = applied.ok().and_then(|at| self.applied.get(at).copied());
        self.fill_ledger(prepared, n, segment, |by_standing| applied.is_none() || !by_standing);
        self.closer.record(prepared, &closed, &mut self.ledger, records)?;
        if let Some(applied) = applied {
            closed.application = Some((applied.day, applied.class));
            closed.paid = &nothing;
            closed.last = None;
            closed.claims = None;
            self.fill_ledger(prepared, n, segment, |by_standing| by_standing);
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
            let row = scan.last_rows.get(n).copied().unwrap_or(0);
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
