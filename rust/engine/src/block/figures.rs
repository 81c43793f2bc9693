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
    if row.rate == 0 {
        return Some(Narrow::NONE);
    }
    let within = row.cap.checked_div(row.rate)?;
    let reach = row.deductible.checked_add(within)?.checked_add(1)?;
    let whole = row.cap.checked_rem(units) == Some(0);
    if row.deductible < 0 || !(0..=units).contains(&row.rate) || row.cap < 0 || !whole || reach > i64::from(i32::MAX) {
        return None;
    }
    // The least of which the worth, rounded, is the limit.
    let half = units.checked_div(2)?;
    let enough = row
        .cap
        .saturating_sub(half)
        .max(0)
        .unsigned_abs()
        .div_ceil(row.rate.unsigned_abs());
    let most = enough.checked_mul(row.rate.unsigned_abs())?;
    fen.is_narrow(units, most).then_some(Narrow {
        deductible: u32::try_from(row.deductible).ok()?,
        enough: u32::try_from(enough).ok()?,
        rate: u32::try_from(row.rate).ok()?,
        within: u32::try_from(within).ok()?,
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
#[expect(clippy::arithmetic_side_effects, reason = "a test that goes wrong is to stop")]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
        assert!(!fits(0, 7, 1_000_005));
        assert!(!fits(i64::from(i32::MAX), 7, 1_000_000));
        assert!(fits(i64::from(i32::MAX) - 11, 10, 100));
        assert!(!fits(i64::from(i32::MAX) - 10, 10, 100));
    }

    fn powers() -> impl Strategy<Value = i64> {
        (0..=4_u32).prop_map(|power| 10_i64.pow(power))
    }

    proptest! {
        #[test]
        fn in_32_bits_all_is_worth_the_same(
            units in powers(),
            parts in 0..=10_000_i64,
            limit in prop_oneof![Just(0), 1..100_i64, 1..5_000_000_i64],
            deductible in 0..2_000_000_i64,
            sums in prop::collection::vec(prop_oneof![0..10_000_i64, 0..20_000_000_i64, 0..i64::MAX >> 16], 1..20),
        ) {
            let fen = Division::new(units);
            let row = Single { deductible, rate: parts * units / 10_000, cap: limit * units };
            let Some(narrow) = narrow(&row, fen, units) else {
                return Ok(());
            };
            // Where the deductible ends and the limit is reached, rounding matters.
            let reach = (0..6).map(|n| deductible + i64::from(narrow.within) + n - 3);
            let edges = (0..6).map(|n| deductible + i64::from(narrow.enough) + n - 3);
            let sums: Vec<i64> = sums.into_iter().chain(edges).chain(reach).map(|sum| sum.max(0)).collect();
            let (mut due, mut expected) = (vec![0; sums.len()], vec![0; sums.len()]);
            kernels::due_narrow(&mut due, &sums, Operand::Value(1), &[Narrow::NONE, narrow], fen);
            kernels::due_few(&mut expected, &sums, Operand::Value(1), &[Single::default(), row], fen);
            prop_assert_eq!(&due, &expected);
            let same = vec![-1; sums.len()];
            let before: Vec<i64> = [-1].into_iter().chain(sums).collect();
            let (mut cuts, mut others) = (vec![0; same.len()], vec![0; same.len()]);
            kernels::cuts_narrow(&mut cuts, &before, &same, Operand::Value(1), &[Narrow::NONE, narrow]);
            kernels::cuts_few(&mut others, &before, &same, Operand::Value(1), &[Single::default(), row]);
            prop_assert_eq!(cuts, others);
        }
    }

    #[test]
    fn figures_by_entry_are_those_of_a_list_no_longer_than_there_is_room() {
        let row = |deductible| Single {
            deductible,
            rate: 7,
            cap: 1_000_000,
        };
        let fen = Division::new(10);
        let rows = vec![Single::default(), row(5), row(6)];
        let figures = Figures {
            narrow: rows.iter().map(|row| narrow(row, fen, 10)).collect(),
            rows,
            rate: 7,
            fen,
            units: 10,
            named: Vec::new(),
            shares: false,
            shared: Vec::new(),
        };
        let deductibles = |list: &[i64]| figures.by_entry::<3>(list).map(|found| found.map(|one| one.deductible));
        assert_eq!(deductibles(&[2, 0, 1]), Some([6, 0, 5]));
        assert_eq!(deductibles(&[2]), Some([6, 0, 0]));
        assert_eq!(deductibles(&[2, 0, 1, 1]), None);
        assert_eq!(deductibles(&[3]), None);
        assert_eq!(deductibles(&[-1]), None);
        let named = Figures {
            named: vec![0],
            ..figures
        };
        assert!(named.by_entry::<3>(&[1]).is_none());
    }

    /// However many rows of figures there are, and whichever columns they are looked up in.
    #[test]
    fn many_rows_of_figures_are_those_of_each() {
        let (units, fen) = (10, Division::new(10));
        for (count, wide) in [(3, 0), (7, 0), (20, 0), (63, 0), (90, 0), (3, 1), (20, 1)] {
            let rows: Vec<Single> = [Single::default()]
                .into_iter()
                .chain((1..=count).map(|n| Single {
                    deductible: 100 * n + (wide << 40),
                    rate: n % 11,
                    cap: 1_000 * n * units,
                }))
                .collect();
            let figures = Figures {
                narrow: rows.iter().map(|row| narrow(row, fen, units)).collect(),
                rows: rows.clone(),
                rate: 10,
                fen,
                units,
                named: Vec::new(),
                shares: false,
                shared: Vec::new(),
            };
            assert_eq!(figures.narrow.is_some(), wide == 0);
            let numbers: Vec<i64> = (0..300).map(|n| 1 + n % count).collect();
            let sums: Vec<i64> = (0..300).map(|n| n * 97 + (wide << 40)).collect();
            let (mut due, mut one) = (vec![0; 300], vec![0; 300]);
            figures.due(&mut due, &sums, Operand::Rows(&numbers));
            let mut expected = Vec::new();
            for (n, number) in numbers.iter().enumerate() {
                let of = [Single::default(), figures.figure(*number)];
                kernels::due_few(&mut one, &sums, Operand::Value(1), &of, fen);
                expected.push(one[n]);
            }
            assert_eq!(due, expected, "{count} rows, {wide}");
        }
    }

    #[test]
    fn more_than_all_is_not_for_32_bits() {
        let row = |rate| Single {
            deductible: 0,
            rate,
            cap: 100_000,
        };
        assert!(narrow(&row(100), Division::new(100), 100).is_some());
        assert!(narrow(&row(101), Division::new(100), 100).is_none());
    }
}
