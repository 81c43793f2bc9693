//! Amounts of the machine, which are fen, as columns of yuan.

use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal64Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType};

use super::missing;

/// Digits and decimals of amounts.
const DIGITS: u8 = 18;
const DECIMALS: i8 = 2;

/// The type of a column of yuan.
pub(super) fn amount() -> DataType {
    DataType::Decimal64(DIGITS, DECIMALS)
}

/// Yuan of fen: the same numbers.
pub(super) fn decimal(fen: ScalarBuffer<i64>, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    let array = Decimal64Array::try_new(fen, nulls)?.with_precision_and_scale(DIGITS, DECIMALS)?;
    Ok(Arc::new(array))
}

/// Yuan of fen, null where there are none.
pub(crate) fn optional(fen: &[Option<i64>]) -> Result<ArrayRef, ArrowError> {
    let nulls = NullBuffer::from_iter(fen.iter().map(Option::is_some));
    decimal(fen.iter().map(|fen| fen.unwrap_or(0)).collect(), Some(nulls))
}

/// What the classes of a benefit are paid together, row by row.
pub(super) fn together(classes: &[Vec<i64>]) -> Result<Vec<i64>, ArrowError> {
    let (first, others) = classes.split_first().ok_or_else(missing)?;
    let mut sums = first.clone();
    for paid in others {
        for (sum, paid) in sums.iter_mut().zip(paid) {
            *sum = sum
                .checked_add(*paid)
                .ok_or_else(|| ArrowError::ArithmeticOverflow("a benefit's classes together".into()))?;
        }
    }
    Ok(sums)
}
