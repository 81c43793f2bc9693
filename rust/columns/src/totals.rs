//! Settled rows come in; counts and exact sums go out.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Schema};
use jiugao_engine::{Results, Role, Vector};

use crate::chunk::{Chunk, column};
use crate::refusal::Refusal;

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
    /// Rows that count, of persons in no class of the standing table.
    pub without_standing: u64,
    /// By column to be summed up: of all rows that count, and of those of them that are reversed or reversals.
    pub summed: Vec<[i128; 2]>,
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
            without_standing: without_standing(results),
            summed: Vec::new(),
        }
    }

    /// Sum up columns of the batch, while they are at hand.
    ///
    /// # Errors
    /// D919 where a batch has another type than its stream.
    pub(crate) fn sum_up(
        &mut self,
        batch: &RecordBatch,
        places: &[usize],
        chunk: &Chunk,
        roles: &[u8],
        plain: bool,
    ) -> Result<(), Refusal> {
        let (mut out, mut undone) = (Vec::new(), Vec::new());
        if !plain {
            for (row, &role) in roles
                .iter()
                .enumerate()
                .filter(|(_, role)| **role != Role::Settled as u8)
            {
                if counts(role) { &mut undone } else { &mut out }.push(chunk.row(row));
            }
        }
        out.extend(chunk.rejected.iter().map(|rejected| rejected.row));
        for &at in places {
            let amounts = Amounts::read(column(batch, at)?)?;
            let of_rows = amounts.total().saturating_sub(amounts.of(&out));
            self.summed.push([of_rows, amounts.of(&undone)]);
        }
        Ok(())
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
        self.without_standing = self.without_standing.saturating_add(other.without_standing);
        if self.summed.len() < other.summed.len() {
            self.summed.resize(other.summed.len(), [0; 2]);
        }
        for (mine, theirs) in self.summed.iter_mut().flatten().zip(other.summed.iter().flatten()) {
            *mine = mine.saturating_add(*theirs);
        }
    }
}

/// A column that can be summed up exactly.
struct Amounts {
    values: ScalarBuffer<i64>,
    nulls: Option<NullBuffer>,
}

impl Amounts {
    fn read(array: &dyn Array) -> Result<Self, Refusal> {
        let values = match array.data_type() {
            DataType::Decimal64(_, 2) => array.as_primitive_opt::<Decimal64Type>().map(|a| a.values().clone()),
            _ => array.as_primitive_opt::<Int64Type>().map(|a| a.values().clone()),
        };
        Ok(Self {
            values: values.ok_or_else(|| Refusal::stream("@claims", "a batch has another type than its stream"))?,
            nulls: array.logical_nulls().filter(|nulls| nulls.null_count() > 0),
        })
    }

    fn total(&self) -> i128 {
        match &self.nulls {
            None => Vector::new().total(&self.values),
            Some(nulls) => nulls
                .valid_indices()
                .map(|row| self.at(row))
                .fold(0, i128::saturating_add),
        }
    }

    /// Of some rows.
    fn of(&self, rows: &[usize]) -> i128 {
        let valid = |row: &&usize| self.nulls.as_ref().is_none_or(|nulls| nulls.is_valid(**row));
        rows.iter()
            .filter(valid)
            .map(|&row| self.at(row))
            .fold(0, i128::saturating_add)
    }

    fn at(&self, row: usize) -> i128 {
        self.values.get(row).copied().map_or(0, i128::from)
    }
}

/// Whether the column is one that can be summed up.
///
/// # Errors
/// D908 where it is not.
pub(crate) fn summable(schema: &Schema, at: usize) -> Result<(), Refusal> {
    let Some(field) = schema.fields().get(at) else {
        return Ok(());
    };
    match field.data_type() {
        DataType::Int64 | DataType::Decimal64(_, 2) => Ok(()),
        kind => {
            let kind = kind.to_string().to_lowercase();
            let arguments = [
                ("file", "@claims".to_owned()),
                ("column", field.name().clone()),
                ("kind", kind),
            ];
            Err(Refusal::data("D908", arguments))
        }
    }
}

/// Whether a row of this role counts.
fn counts(role: u8) -> bool {
    role <= Role::Reversal as u8
}

fn without_standing(results: &Results) -> u64 {
    let rows = results.standings.iter().zip(&results.roles);
    let found = rows.filter(|&(&class, &role)| (class < 0) & counts(role)).count();
    u64::try_from(found).unwrap_or(u64::MAX)
}

/// Whether all rows are settled, none reversed or rejected by the machine.
pub(crate) fn plain(roles: &[u8]) -> bool {
    let any = Vector::new().run(
        #[inline(always)]
        || roles.iter().fold(0, |any, role| any | role),
    );
    any == Role::Settled as u8
}
