//! TALLY over a block: plain running totals.

use crate::kernels::{self, Operand};
use crate::vector::Vector;

use super::lane::Lane;
use super::{SAFE, Unbounded};

/// Running totals of a tally.
#[derive(Clone, Debug, Default)]
pub(super) struct TallyScan {
    /// Of the account that goes on.
    pub(super) before: i64,
    /// After each row.
    pub(super) sums: Lane,
}

impl TallyScan {
    pub(super) fn add(
        &mut self,
        vector: Vector,
        values: Operand<'_>,
        largest: u64,
        same: &[i64],
    ) -> Result<(), Unbounded> {
        let most = u64::try_from(same.len()).unwrap_or(u64::MAX).saturating_mul(largest);
        if most.saturating_add(self.before.unsigned_abs()) >= SAFE {
            return Err(Unbounded);
        }
        let (sums, before) = (self.sums.get_mut(..same.len()).unwrap_or_default(), self.before);
        vector.run(
            #[inline(always)]
            || kernels::totals(sums, values, same, before),
        );
        Ok(())
    }
}
