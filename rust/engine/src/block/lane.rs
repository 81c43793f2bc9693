//! A column of a block in memory, laid so that vectors of rows do not straddle lines of the cache.

use std::ops::{Deref, DerefMut};

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
    /// A column without room; `lead` entries stand before the first row.
    pub(super) const fn new(lead: usize) -> Self {
        Self {
            values: Vec::new(),
            first: 0,
            lead,
        }
    }

    /// See that there is room for so many rows. What stood in the column is lost if there was not.
    pub(super) fn make_room(&mut self, rows: usize) {
        let wanted = rows.saturating_add(STRIDE.saturating_mul(3));
        if self.values.len() >= wanted {
            return;
        }
        self.values = vec![0; wanted];
        let aligned = self.values.as_ptr().align_offset(LINE).min(STRIDE);
        self.first = aligned.saturating_add(STRIDE).saturating_sub(self.lead);
    }
}

impl Clone for Lane {
    fn clone(&self) -> Self {
        let mut lane = Self::new(self.lead);
        lane.make_room(self.values.len().saturating_sub(STRIDE.saturating_mul(3)));
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
