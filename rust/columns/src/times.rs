//! The days or times of claims come in; where they fall or stay the same goes out.

use arrow_buffer::ScalarBuffer;

use crate::neighbours::{any, mark};

/// By what claims are ordered: days as they are, times in microseconds.
#[derive(Clone, Debug)]
pub(crate) enum Times {
    /// Days since 1970-01-01.
    Days(ScalarBuffer<i32>),
    /// Microseconds since then.
    Micros(ScalarBuffer<i64>),
}

/// How a row's time stands to that of the row before.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// Earlier.
    Falls,
    /// The same.
    Stays,
}

impl Times {
    /// Whether some row's time is earlier than that of the row before, those apart that are marked in `begins`.
    pub(crate) fn fall(&self, begins: &[u64]) -> bool {
        match self {
            Self::Days(days) => fall(days, begins),
            Self::Micros(micros) => fall(micros, begins),
        }
    }

    /// Mark the rows whose time stands so to that of the row before.
    pub(crate) fn mark(&self, marks: &mut Vec<u64>, way: Way) {
        match (self, way) {
            (Self::Days(days), Way::Falls) => falls(days, marks),
            (Self::Days(days), Way::Stays) => stays(days, marks),
            (Self::Micros(micros), Way::Falls) => falls(micros, marks),
            (Self::Micros(micros), Way::Stays) => stays(micros, marks),
        }
    }
}

fn fall<T: Copy + Ord>(values: &[T], begins: &[u64]) -> bool {
    any(
        values,
        begins,
        #[inline(always)]
        |before, now| now < before,
    )
}

fn falls<T: Copy + Ord>(values: &[T], marks: &mut Vec<u64>) {
    mark(
        values,
        marks,
        #[inline(always)]
        |before, now| now < before,
    );
}

fn stays<T: Copy + Ord>(values: &[T], marks: &mut Vec<u64>) {
    mark(
        values,
        marks,
        #[inline(always)]
        |before, now| now == before,
    );
}
