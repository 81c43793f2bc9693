//! A seed comes in, the same draws every time go out.

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, not including, n (0 for none).
    pub fn index(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.bits() % n).unwrap_or(0)
    }

    /// From the first up to, not including, the last.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = last.wrapping_sub(first).max(1);
        first.wrapping_add(self.bits().rem_euclid(span.unsigned_abs()).cast_signed())
    }

    /// True once in n times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.index(n) == 0
    }

    /// One of some.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.index(of.len()))
    }
}
