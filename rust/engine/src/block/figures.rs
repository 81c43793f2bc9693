//! Rows of figures with a single rate as column operations.

use jiugao_program::{Period, RoundingMode};

use crate::kernels::{self, Operand, Single};
use crate::prepared::Prepared;
use crate::rule::Terms;

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
    /// The greatest rate and limit.
    pub(super) rate: u64,
    pub(super) cap: u64,
}

impl Kind {
    pub(super) fn of_benefits(prepared: &Prepared) -> Vec<Self> {
        prepared.terms.iter().map(Self::of).collect()
    }

    fn of(terms: &Terms) -> Self {
        let rounding = terms.rounding;
        if rounding.mode != RoundingMode::HalfUp || rounding.each || rounding.unit != 1 {
            return Self::Walk;
        }
        let mut rows = vec![Single::default()];
        for phi in &terms.rows {
            let [band] = &*phi.bands else { return Self::Walk };
            if phi.by != Period::Year || phi.gate.is_some() || phi.each_claim != i64::MAX || !phi.shared.is_empty() {
                return Self::Walk;
            }
            let cap = phi.yearly.saturating_mul(terms.fen);
            rows.push(Single {
                deductible: phi.deductible,
                rate: band.rate,
                cap,
            });
        }
        let most = |of: fn(&Single) -> i64| rows.iter().map(of).max().unwrap_or(0).unsigned_abs();
        let (rate, cap) = (most(|row| row.rate), most(|row| row.cap));
        Self::Columns(Figures { rows, rate, cap })
    }
}

impl Figures {
    pub(super) fn figure(&self, row: i64) -> Single {
        usize::try_from(row)
            .ok()
            .and_then(|row| self.rows.get(row).copied())
            .unwrap_or_default()
    }

    /// The first rows; empty ones after them.
    #[inline(always)]
    fn first<const N: usize>(&self) -> [Single; N] {
        let mut rows = [Single::default(); N];
        for (row, known) in rows.iter_mut().zip(&self.rows) {
            *row = *known;
        }
        rows
    }

    #[inline(always)]
    pub(super) fn accrue(&self, out: &mut [i64], sums: &[i64], row: Operand<'_>) {
        match row {
            Operand::Value(row) => kernels::accrued_same(out, sums, self.figure(row)),
            Operand::Rows(rows) if self.rows.len() <= 4 => {
                kernels::accrued_few(out, sums, rows, &self.first::<4>());
            }
            Operand::Rows(rows) if self.rows.len() <= 8 => {
                kernels::accrued_few(out, sums, rows, &self.first::<8>());
            }
            Operand::Rows(rows) => kernels::accrued_many(out, sums, rows, &self.rows),
        }
    }

    #[inline(always)]
    pub(super) fn detail(&self, numbers: &mut [u16], cuts: &mut [u8], sums: &[i64], added: &[i64], rows: &[i64]) {
        match self.rows.len() {
            0..=4 => kernels::details_few(numbers, cuts, sums, added, rows, &self.first::<4>()),
            5..=8 => kernels::details_few(numbers, cuts, sums, added, rows, &self.first::<8>()),
            _ => kernels::details(numbers, cuts, sums, added, rows, |row| self.figure(row)),
        }
    }
}

/// Accrued amounts to fen, by the scale of the benefit.
#[inline(always)]
pub(super) fn round(amounts: &mut [i64], fen: i64, narrow: bool) {
    match (fen, narrow) {
        (1, _) => {}
        (10, true) => kernels::round_narrow::<10>(amounts),
        (100, true) => kernels::round_narrow::<100>(amounts),
        (1_000, true) => kernels::round_narrow::<1_000>(amounts),
        (10_000, true) => kernels::round_narrow::<10_000>(amounts),
        (100_000, true) => kernels::round_narrow::<100_000>(amounts),
        (_, true) => kernels::round_narrow::<1_000_000>(amounts),
        (10, false) => kernels::round_wide::<10>(amounts),
        (100, false) => kernels::round_wide::<100>(amounts),
        (1_000, false) => kernels::round_wide::<1_000>(amounts),
        (10_000, false) => kernels::round_wide::<10_000>(amounts),
        (100_000, false) => kernels::round_wide::<100_000>(amounts),
        (_, false) => kernels::round_wide::<1_000_000>(amounts),
    }
}
