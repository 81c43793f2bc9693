//! Rows of figures with a single rate as column operations.

use jiugao_program::{Period, RoundingMode};

use crate::kernels::{self, Division, Narrow, Operand, Single};
use crate::prepared::Prepared;
use crate::rule::{Phi, Shared, Terms};

/// How a benefit is worked out over blocks.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Columns(Figures),
    /// Claim by claim.
    Walk,
}

/// Rows of figures with a single rate.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    /// Row 0 is empty.
    rows: Vec<Single>,
    /// The same in 32 bits, where all of them fit.
    narrow: Option<Vec<Narrow>>,
    /// The greatest rate.
    pub(super) rate: u64,
    pub(super) fen: Division,
    /// Units of the accrued amount that a fen has.
    pub(super) units: i64,
    /// Limits by name that every row draws on.
    pub(super) named: Vec<usize>,
    /// Other benefits draw on some of them.
    pub(super) shares: bool,
    /// By row: those limits, and what they come to.
    shared: Vec<Vec<(usize, i64)>>,
}

impl Kind {
    pub(super) fn of_benefits(prepared: &Prepared) -> Vec<Self> {
        let kind = |terms| Self::of(prepared, terms);
        prepared.terms.iter().map(kind).collect()
    }

    fn of(prepared: &Prepared, terms: &Terms) -> Self {
        let rounding = terms.rounding;
        if rounding.mode != RoundingMode::HalfUp || rounding.each || rounding.unit != 1 {
            return Self::Walk;
        }
        let slots = |phi: &Phi| phi.shared.iter().map(|shared| shared.slot).collect::<Vec<_>>();
        let named = terms.rows.first().map(slots).unwrap_or_default();
        let mut rows = vec![Single::default()];
        let mut shared = vec![Vec::new()];
        for phi in &terms.rows {
            let [band] = &*phi.bands else { return Self::Walk };
            if phi.by != Period::Year || phi.gate.is_some() || phi.each_claim != i64::MAX || slots(phi) != named {
                return Self::Walk;
            }
            // A limit that no other benefit draws on is one of its own.
            let (others, own): (Vec<&Shared>, Vec<&Shared>) =
                phi.shared.iter().partition(|limit| is_shared(prepared, limit.slot));
            let yearly = own.iter().fold(phi.yearly, |least, limit| least.min(limit.amount));
            shared.push(others.iter().map(|limit| (limit.slot, limit.amount)).collect());
            rows.push(Single {
                deductible: phi.deductible,
                rate: band.rate,
                cap: yearly.saturating_mul(terms.fen),
            });
        }
        let fen = Division::new(terms.fen);
        let narrow = rows.iter().map(|row| narrow(row, fen, terms.fen)).collect();
        let rate = rows.iter().map(|row| row.rate).max().unwrap_or(0).unsigned_abs();
        let shares = named.iter().any(|slot| is_shared(prepared, *slot));
        Self::Columns(Figures {
            rows,
            narrow,
            rate,
            fen,
            units: terms.fen,
            named,
            shares,
            shared,
        })
    }
}

/// Whether several benefits draw on a limit.
fn is_shared(prepared: &Prepared, slot: usize) -> bool {
    let names = |terms: &&Terms| terms.rows.iter().any(|phi| phi.shared.iter().any(|s| s.slot == slot));
    prepared.terms.iter().filter(names).count() > 1
}

/// In 32 bits, if everything that comes of the figures fits.
fn narrow(row: &Single, fen: Division, units: i64) -> Option<Narrow> {
    let enough = row
        .cap
        .checked_div(row.rate)
        .map_or(Some(0), |most| most.checked_add(1))?;
    let most = enough.checked_mul(row.rate)?;
    let reach = row.deductible.checked_add(enough)?;
    if row.deductible < 0 || row.rate < 0 || row.cap < 0 || reach > i64::from(i32::MAX) {
        return None;
    }
    fen.is_narrow(units, u64::try_from(most).ok()?).then_some(Narrow {
        deductible: u32::try_from(row.deductible).ok()?,
        enough: u32::try_from(enough).ok()?,
        rate: u32::try_from(row.rate).ok()?,
        cap: if row.rate == 0 { 0 } else { u32::try_from(row.cap).ok()? },
    })
}

/// The first rows; empty ones after them.
#[inline(always)]
fn first<T: Copy, const N: usize>(of: &[T], none: T) -> [T; N] {
    let mut rows = [none; N];
    for (row, known) in rows.iter_mut().zip(of) {
        *row = *known;
    }
    rows
}

impl Figures {
    #[inline]
    pub(super) fn figure(&self, row: i64) -> Single {
        usize::try_from(row)
            .ok()
            .and_then(|row| self.rows.get(row).copied())
            .unwrap_or_default()
    }

    /// Whether what is due is never more than the base.
    pub(super) const fn within_base(&self) -> bool {
        self.rate <= self.units.unsigned_abs()
    }

    /// The figures of a list of rows, if these are few and fit 32 bits, and no limit by name is drawn on.
    pub(super) fn by_entry<const N: usize>(&self, rows: &[i64]) -> Option<[Narrow; N]> {
        let known = self.narrow.as_ref().filter(|_| self.named.is_empty())?;
        let mut figures = [Narrow::NONE; N];
        if rows.len() > N {
            return None;
        }
        for (figures, row) in figures.iter_mut().zip(rows) {
            *figures = *known.get(usize::try_from(*row).ok()?)?;
        }
        Some(figures)
    }

    /// Limits of a row that other benefits draw on too.
    #[inline]
    pub(super) fn shared(&self, row: i64) -> &[(usize, i64)] {
        let limits = usize::try_from(row).ok().and_then(|row| self.shared.get(row));
        limits.map_or(&[], Vec::as_slice)
    }

    /// What sums are worth in fen, by each row's figures.
    #[inline(always)]
    pub(super) fn due(&self, due: &mut [i64], sums: &[i64], row: Operand<'_>) {
        let fen = self.fen;
        match (&self.narrow, row, self.rows.len()) {
            (Some(rows), row, 0..=4) => kernels::due_narrow(due, sums, row, &first::<_, 4>(rows, Narrow::NONE), fen),
            (Some(rows), Operand::Rows(row), 5..=8) => {
                kernels::due_narrow(due, sums, Operand::Rows(row), &first::<_, 8>(rows, Narrow::NONE), fen);
            }
            (Some(rows), Operand::Rows(row), 9..=64) => {
                kernels::due_looked_up(due, sums, row, &first::<_, 64>(rows, Narrow::NONE), fen);
            }
            (None, row, 0..=4) => kernels::due_few(due, sums, row, &first::<_, 4>(&self.rows, Single::default()), fen),
            (_, Operand::Value(row), _) => {
                kernels::due_few(
                    due,
                    sums,
                    Operand::Value(1),
                    &[Single::default(), self.figure(row)],
                    fen,
                );
            }
            (_, Operand::Rows(row), _) => kernels::due_many(due, sums, row, &self.rows, fen),
        }
    }

    /// Why claims were not paid more ([`crate::Cut`]); `sums` has one entry more in front.
    #[inline(always)]
    pub(super) fn cuts(&self, cuts: &mut [u8], sums: &[i64], same: &[i64], row: Operand<'_>) {
        match (&self.narrow, self.rows.len()) {
            (Some(rows), 0..=4) => kernels::cuts_narrow(cuts, sums, same, row, &first::<_, 4>(rows, Narrow::NONE)),
            (Some(rows), 5..=8) => kernels::cuts_narrow(cuts, sums, same, row, &first::<_, 8>(rows, Narrow::NONE)),
            (None, 0..=4) => kernels::cuts_few(cuts, sums, same, row, &first::<_, 4>(&self.rows, Single::default())),
            _ => kernels::cuts_many(cuts, sums, same, row, &self.rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Division, Single, narrow};

    fn fits(deductible: i64, rate: i64, cap: i64) -> bool {
        let row = Single { deductible, rate, cap };
        narrow(&row, Division::new(10), 10).is_some()
    }

    #[test]
    fn figures_of_a_year_fit_in_32_bits() {
        assert!(fits(0, 7, 1_000_000));
        assert!(fits(500_000, 7, 0));
        assert!(fits(500_000, 0, 1_000_000));
        assert!(!fits(-1, 7, 1_000_000));
        assert!(!fits(0, -7, 1_000_000));
        assert!(!fits(0, 7, -1_000_000));
        assert!(!fits(i64::from(i32::MAX), 7, 1_000_000));
        assert!(fits(i64::from(i32::MAX) - 11, 10, 100));
        assert!(!fits(i64::from(i32::MAX) - 10, 10, 100));
    }
}
