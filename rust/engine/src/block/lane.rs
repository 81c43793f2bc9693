//! A column of a block in memory, laid so that vectors of rows do not straddle lines of the cache.

use std::ops::{Deref, DerefMut};

use super::ROWS;

/// Bytes of a line of the cache, and of the widest vector.
pub(super) const LINE: usize = 64;
/// Entries of a line.
pub(super) const STRIDE: usize = 8;

/// A column of a block with room for one entry before the first row and [`STRIDE`] after the last.
#[derive(Debug, Default)]
pub(super) struct Lane {
    values: Vec<i64>,
    first: usize,
    lead: usize,
}

impl Lane {
    /// A column of zeros; `lead` entries stand before the first row.
    pub(super) fn new(lead: usize) -> Self {
        let values = vec![0; ROWS.saturating_add(STRIDE.saturating_mul(3))];
        let aligned = values.as_ptr().align_offset(LINE).min(STRIDE);
        let first = aligned.saturating_add(STRIDE).saturating_sub(lead);
        Self { values, first, lead }
    }
}

impl Clone for Lane {
    fn clone(&self) -> Self {
        if self.values.is_empty() {
            return Self::default();
        }
        let mut lane = Self::new(self.lead);
        for (to, from) in lane.iter_mut().zip(self.iter()) {
            *to = *from;
        }
        lane
    }
}

impl Deref for Lane {
    type Target = [i64];

    #[inline]
    fn deref(&self) -> &[i64] {
        self.values.get(self.first..).unwrap_or(&[])
    }
}

impl DerefMut for Lane {
    #[inline]
    fn deref_mut(&mut self) -> &mut [i64] {
        self.values.get_mut(self.first..).unwrap_or_default()
    }
}
