//! Settled rows come in; counts and exact sums go out.

use jiugao_engine::Results;

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
    /// Of one batch: `rows` read, of which the machine saw those in `results`.
    pub(crate) fn of(results: &Results, rows: usize, persons: usize) -> Self {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let mut roles = [0; 4];
        if results.roles.iter().all(|&role| role == 0) {
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

/// An exact sum; in halves of 32 bits, which cannot overflow and which the processor adds several at a time.
fn sum(values: &[i64]) -> i128 {
    values.chunks(1 << 30).fold(0_i128, |total, values| {
        let (high, low) = values.iter().fold((0_i64, 0_i64), |(high, low), &value| {
            (high.wrapping_add(value >> 32), low.wrapping_add(value & 0xffff_ffff))
        });
        let sum = i128::from(high).wrapping_shl(32).wrapping_add(i128::from(low));
        total.saturating_add(sum)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        let values = [i64::MAX, i64::MAX, i64::MIN, -1, 1, -7, 4_294_967_296];
        assert_eq!(sum(&values), values.iter().map(|&v| i128::from(v)).sum());
    }
}
