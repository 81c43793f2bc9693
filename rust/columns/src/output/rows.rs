//! The result columns of claims.

use std::sync::Arc;

use arrow_array::types::{Int8Type, Int16Type};
use arrow_array::{
    ArrayRef, Date32Array, DictionaryArray, Int8Array, Int16Array, Int64Array, RecordBatch, RecordBatchOptions,
    UInt8Array, UInt16Array,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_schema::ArrowError;
use jiugao_engine::{Results, Vector};
use jiugao_program::NO_DAY;

use super::amounts::{decimal, together};
use super::months::months;
use super::{Output, REJECTED, Shown, missing};
use crate::chunk::Chunk;
use crate::lending::Lending;

impl Output {
    /// The settled rows of `input`; the memory of the result columns is lent. `plain`: nothing was reversed and nothing
    /// rejected by the machine.
    ///
    /// # Errors
    /// Only if columns do not fit the schema, which would be a mistake here.
    pub(crate) fn rows(
        &self,
        input: &RecordBatch,
        chunk: &Chunk,
        results: &mut Results,
        lending: &mut Lending,
        plain: bool,
    ) -> Result<RecordBatch, ArrowError> {
        let rows = input.num_rows();
        let kept = chunk.kept.as_deref();
        // Nearly all batches: nothing reversed, nothing rejected.
        let unusual = !plain || kept.is_some();
        let unusual = unusual.then(|| self.unusual(results, chunk, rows)).transpose()?;
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.shown.len());
        for &shown in &self.shown {
            columns.push(match shown {
                Shown::HandedOn(at) => input.columns().get(at).cloned().ok_or_else(missing)?,
                Shown::Year => {
                    let years = core::mem::replace(&mut results.years, lending.years.take());
                    let years = lending.years.lend(spread(years, kept, rows, 0));
                    Arc::new(Int16Array::new(years, None))
                }
                Shown::Month => months(chunk, &results.roles, rows),
                Shown::Role => match &unusual {
                    Some([roles, ..]) => roles.clone(),
                    None => self.settled.of_rows(rows),
                },
                Shown::Standing => {
                    let standings = core::mem::replace(&mut results.standings, lending.classes.take());
                    self.standing(spread(standings, kept, rows, -1), lending)?
                }
                Shown::Benefit(at) => {
                    let paid = results.benefits.get_mut(at).ok_or_else(missing)?;
                    amounts(paid, kept, rows, lending)?
                }
                Shown::Whole(from, end) => {
                    let classes = results.benefits.get(from..end).ok_or_else(missing)?;
                    decimal(spread(together(classes)?, kept, rows, 0).into(), None)?
                }
                Shown::Burden => amounts(&mut results.burden, kept, rows, lending)?,
                Shown::Excess => amounts(&mut results.excess, kept, rows, lending)?,
                Shown::Payee(at) => self.payee(spread(paying(results, at)?, kept, rows, 0))?,
                Shown::DueBy(at) => due_by(spread(paying(results, at)?, kept, rows, i64::from(NO_DAY))),
                Shown::PayingAmount(at) => decimal(spread(paying(results, at)?, kept, rows, 0).into(), None)?,
                Shown::Measure(at) => {
                    let measure = results.measures.get_mut(at).ok_or_else(missing)?;
                    let measure = core::mem::replace(measure, lending.amounts.take());
                    Arc::new(Int64Array::new(
                        lending.amounts.lend(spread(measure, kept, rows, 0)),
                        None,
                    ))
                }
                Shown::Reject => match &unusual {
                    Some([_, code, _]) => code.clone(),
                    None => self.why.no_code(rows),
                },
                Shown::RejectColumn => match &unusual {
                    Some([.., column]) => column.clone(),
                    None => self.why.no_column(rows),
                },
                Shown::Figure(at) => {
                    let details = results.details.get_mut(at).ok_or_else(missing)?;
                    let figures = core::mem::take(&mut details.figures);
                    Arc::new(UInt16Array::from(spread(figures, kept, rows, 0)))
                }
                Shown::Cuts(at) => {
                    let details = results.details.get_mut(at).ok_or_else(missing)?;
                    let cuts = core::mem::take(&mut details.cuts);
                    Arc::new(UInt8Array::from(spread(cuts, kept, rows, 0)))
                }
                Shown::Offered(at) => {
                    let offered = results.offered.get_mut(at).ok_or_else(missing)?;
                    decimal(spread(core::mem::take(offered), kept, rows, 0).into(), None)?
                }
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
    }

    /// Roles, codes of rejects and the columns that these are about, where they are not the same in all rows.
    fn unusual(&self, results: &Results, chunk: &Chunk, rows: usize) -> Result<[ArrayRef; 3], ArrowError> {
        let roles = results.roles.iter();
        let roles = roles.map(|&role| i8::try_from(role).unwrap_or(i8::MAX)).collect();
        let roles = spread(roles, chunk.kept.as_deref(), rows, REJECTED);
        let shown = Int8Array::from_iter_values(roles.iter().map(|&role| role.min(REJECTED)));
        let shown = DictionaryArray::<Int8Type>::try_new(shown, self.roles.clone())?;
        let [codes, columns] = self.why.columns(&roles, &chunk.rejected)?;
        Ok([Arc::new(shown), codes, columns])
    }

    /// Whoever is paid instead of the person; 0 for nobody.
    fn payee(&self, payee: Vec<i64>) -> Result<ArrayRef, ArrowError> {
        let payee: Int16Array = payee
            .into_iter()
            .map(|number| i16::try_from(number.checked_sub(1)?).ok().filter(|number| *number >= 0))
            .collect();
        Ok(Arc::new(DictionaryArray::<Int16Type>::try_new(
            payee,
            self.payees.clone(),
        )?))
    }

    fn standing(&self, mut standings: Vec<i8>, lending: &mut Lending) -> Result<ArrayRef, ArrowError> {
        let rows = standings.len();
        let mut words = vec![0_u64; rows.div_ceil(64)];
        let mut none = false;
        Vector::new().run(
            #[inline(always)]
            || {
                for (word, standings) in words.iter_mut().zip(standings.chunks(64)) {
                    *word = held(standings);
                }
                none = standings.iter().fold(0, |none, class| none | class) < 0;
                if none {
                    for class in &mut standings {
                        *class = (*class).max(0);
                    }
                }
            },
        );
        let nulls = none.then(|| NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(words), 0, rows)));
        let keys = Int8Array::new(lending.classes.lend(standings), nulls);
        Ok(Arc::new(DictionaryArray::<Int8Type>::try_new(
            keys,
            self.standings.clone(),
        )?))
    }
}

/// A column of what the program tells of payees.
fn paying(results: &mut Results, at: usize) -> Result<Vec<i64>, ArrowError> {
    results.paying.get_mut(at).map(core::mem::take).ok_or_else(missing)
}

/// The last day for paying, none where there is none.
fn due_by(days: Vec<i64>) -> ArrayRef {
    let due: Date32Array = days
        .into_iter()
        .map(|day| i32::try_from(day).ok().filter(|day| *day != NO_DAY))
        .collect();
    Arc::new(due)
}

/// Which of up to 64 rows have a standing: the signs of eight bytes at a time, gathered into eight bits by a
/// multiplication that brings each to its own place in the highest byte.
#[inline(always)]
fn held(standings: &[i8]) -> u64 {
    const SIGNS: u64 = 0x8080_8080_8080_8080;
    const GATHER: u64 = 0x0002_0408_1020_4081;
    let (eights, rest) = standings.as_chunks::<8>();
    let mut word = 0;
    for (eight, place) in eights.iter().zip(0_u32..) {
        let bytes = u64::from_le_bytes(eight.map(i8::cast_unsigned));
        let bits = (!bytes & SIGNS).wrapping_mul(GATHER).wrapping_shr(56);
        word |= bits.wrapping_shl(place.wrapping_mul(8));
    }
    let start = u32::try_from(eights.len()).unwrap_or(0).wrapping_mul(8);
    for (&class, place) in rest.iter().zip(start..) {
        word |= u64::from(class >= 0).wrapping_shl(place);
    }
    word
}

/// A result column, lent; another takes its place.
fn amounts(
    values: &mut Vec<i64>,
    kept: Option<&[usize]>,
    rows: usize,
    lending: &mut Lending,
) -> Result<ArrayRef, ArrowError> {
    let column = core::mem::replace(values, lending.amounts.take());
    decimal(lending.amounts.lend(spread(column, kept, rows, 0)), None)
}

/// A column of the rows kept, as a column of all rows.
fn spread<T: Copy>(values: Vec<T>, kept: Option<&[usize]>, rows: usize, fill: T) -> Vec<T> {
    let Some(kept) = kept else { return values };
    let mut spread = vec![fill; rows];
    for (&row, value) in kept.iter().zip(values) {
        if let Some(place) = spread.get_mut(row) {
            *place = value;
        }
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_with_a_standing_is_marked() {
        for rows in 0..64_i32 {
            let standings: Vec<i8> = (0..rows)
                .map(|row| [-1, 0, 3, 126, -128][usize::try_from(row * row % 5).unwrap()])
                .collect();
            let expected = standings
                .iter()
                .enumerate()
                .fold(0, |w, (n, c)| w | (u64::from(*c >= 0) << n));
            assert_eq!(held(&standings), expected);
        }
    }
}
