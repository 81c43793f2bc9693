//! Memory of result columns goes out to a reader and comes back once it is done with: fresh memory would cost more
//! than the arithmetic.

use std::collections::VecDeque;
use std::marker::PhantomData;

use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer};

/// Columns of one type that are out.
#[derive(Debug)]
pub(crate) struct Lent<T> {
    out: VecDeque<Buffer>,
    of: PhantomData<T>,
}

impl<T> Default for Lent<T> {
    fn default() -> Self {
        Self {
            out: VecDeque::new(),
            of: PhantomData,
        }
    }
}

/// All columns that are out.
#[derive(Debug, Default)]
pub(crate) struct Lending {
    pub(crate) amounts: Lent<i64>,
    pub(crate) years: Lent<i16>,
    pub(crate) classes: Lent<i8>,
}

/// A reader that keeps its batches never gives memory back: only so many are asked after.
const MOST: usize = 128;
/// Of columns that went out in an earlier settlement, so many of a type are asked after: what some batches have.
const KEPT: usize = 16;

impl Lending {
    /// Ask only after the columns that went out last.
    pub(crate) fn forget_old(&mut self) {
        self.amounts.keep(KEPT);
        self.years.keep(KEPT);
        self.classes.keep(KEPT);
    }
}

impl<T: ArrowNativeType> Lent<T> {
    fn keep(&mut self, most: usize) {
        self.out.drain(..self.out.len().saturating_sub(most));
    }

    /// Hand out a column.
    pub(crate) fn lend(&mut self, values: Vec<T>) -> ScalarBuffer<T> {
        let rows = values.len();
        let buffer = Buffer::from_vec(values);
        if self.out.len() >= MOST {
            self.out.pop_front();
        }
        self.out.push_back(buffer.clone());
        ScalarBuffer::new(buffer, 0, rows)
    }

    /// A column that came back, or an empty one. What stands in it is old.
    pub(crate) fn take(&mut self) -> Vec<T> {
        for _ in 0..self.out.len() {
            match self.out.pop_front().map(Buffer::into_vec::<T>) {
                Some(Ok(values)) => return values,
                Some(Err(buffer)) => self.out.push_back(buffer),
                None => break,
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_only_when_nobody_reads_it() {
        let mut lending = Lent::default();
        let column = lending.lend(vec![1_i64, 2, 3]);
        let place = column.as_ptr();
        assert!(lending.take().is_empty());
        drop(column);
        let again = lending.take();
        assert_eq!(again.as_ptr(), place);
        assert!(lending.take().is_empty());
    }

    #[test]
    fn old_columns_are_not_kept() {
        let mut lending = Lending::default();
        for n in 0..3 {
            drop(lending.amounts.lend(vec![n; 8]));
        }
        lending.forget_old();
        assert_eq!(lending.amounts.out.len(), 3);
        for n in 0..100 {
            drop(lending.amounts.lend(vec![n; 8]));
        }
        lending.forget_old();
        assert_eq!(lending.amounts.out.len(), KEPT);
        assert_eq!(lending.amounts.take(), vec![100 - 16; 8]);
    }
}
