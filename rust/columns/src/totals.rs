//! Settled rows come in; counts and exact sums go out.

use jiugao_engine::{Results, Role, Vector};

/// Counts and sums of what was settled so far. Money in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows read.
    pub rows: u64,
    /// Persons read.
    pub persons: u64,
    /// Rows by role: settled, reversed, reversal, rejected.
    pub roles: [u64; 4],
    /// Paid on rows, by benefit.
    pub benefits: Vec<i128>,
    /// Paid at year end, by benefit.
    pub year_end: Vec<i128>,
    /// Left with the person.
    pub burden: i128,
    /// By what other payments exceed the expense.
    pub excess: i128,
}

impl Totals {
    /// Of one batch: `rows` read, of which the machine saw those in `results`; `plain`: it settled them all.
    pub(crate) fn of(results: &Results, rows: usize, persons: usize, plain: bool) -> Self {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let mut roles = [0; 4];
        if plain {
            roles = [count(results.roles.len()), 0, 0, 0];
        } else {
            for &role in &results.roles {
                if let Some(roles) = roles.get_mut(usize::from(role).min(3)) {
                    *roles = u64::saturating_add(*roles, 1);
                }
            }
        }
        let [.., rejected] = &mut roles;
        *rejected = rejected.saturating_add(count(rows.saturating_sub(results.roles.len())));
        Self {
            rows: count(rows),
            persons: count(persons),
            roles,
            benefits: results.benefits.iter().map(|paid| sum(paid)).collect(),
            year_end: results.records.year_end.iter().map(|paid| sum(paid)).collect(),
            burden: sum(&results.burden),
            excess: sum(&results.excess),
        }
    }

    /// Take in another batch's.
    pub(crate) fn add(&mut self, other: &Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.persons = self.persons.saturating_add(other.persons);
        for (mine, theirs) in self.roles.iter_mut().zip(&other.roles) {
            *mine = mine.saturating_add(*theirs);
        }
        for (mine, theirs) in [
            (&mut self.benefits, &other.benefits),
            (&mut self.year_end, &other.year_end),
        ] {
            if mine.len() < theirs.len() {
                mine.resize(theirs.len(), 0);
            }
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = mine.saturating_add(*theirs);
            }
        }
        self.burden = self.burden.saturating_add(other.burden);
        self.excess = self.excess.saturating_add(other.excess);
    }
}

/// Whether all rows are settled, none reversed or rejected by the machine.
pub(crate) fn plain(roles: &[u8]) -> bool {
    let any = Vector::new().run(
        #[inline(always)]
        || roles.iter().fold(0, |any, role| any | role),
    );
    any == Role::Settled as u8
}

/// An exact sum. Up to 2^16 values of up to 2^46 cannot overflow 64 bits, and then the processor adds several at a time.
fn sum(values: &[i64]) -> i128 {
    values.chunks(1 << 16).fold(0_i128, |total, values| {
        let (sum, magnitude) = Vector::new().run(
            #[inline(always)]
            || {
                values.iter().fold((0_i64, 0_i64), |(sum, magnitude), &value| {
                    (sum.wrapping_add(value), magnitude | value.wrapping_add(1 << 46))
                })
            },
        );
        let exact = if (0..1 << 47).contains(&magnitude) {
            i128::from(sum)
        } else {
            values.iter().map(|&value| i128::from(value)).sum()
        };
        total.saturating_add(exact)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        let large = [i64::MAX, i64::MAX, i64::MIN, -1, 1, -7, 4_294_967_296];
        let edges = [(1 << 46) - 1, -(1 << 46), 1 << 46, -(1 << 46) - 1];
        let many: Vec<i64> = (0..200_000).map(|n| (1 << 46) - 1 - n).collect();
        for values in [&large[..], &edges[..2], &edges[..3], &edges, &many, &[]] {
            assert_eq!(sum(values), values.iter().map(|&v| i128::from(v)).sum::<i128>());
        }
    }
}
