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
    /// Of one batch: `rows` read, of which the machine saw those in `results`; `plain`: it settled them all; `sums`: as the
    /// machine tells them.
    pub(crate) fn of(results: &Results, sums: Option<&[i128]>, rows: usize, persons: usize, plain: bool) -> Self {
        let vector = Vector::new();
        let sum = |at: usize, paid: &[i64]| {
            let known = sums.and_then(|sums| sums.get(at)).copied();
            known.unwrap_or_else(|| vector.total(paid))
        };
        let benefits = results.benefits.len();
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
            benefits: results
                .benefits
                .iter()
                .enumerate()
                .map(|(at, paid)| sum(at, paid))
                .collect(),
            year_end: results.records.year_end.iter().map(|paid| vector.total(paid)).collect(),
            burden: sum(benefits, &results.burden),
            excess: sum(benefits.saturating_add(1), &results.excess),
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
