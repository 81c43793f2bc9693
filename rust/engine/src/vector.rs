//! A loop comes in and is run by the widest vector instructions that this machine has (chosen at run time).

use pulp::{Arch, Simd, WithSimd};

/// The machine's vector instructions.
#[derive(Clone, Copy, Debug)]
pub struct Vector(Arch);

/// A closure that is compiled once for every set of vector instructions. It is called by `&mut`: only then is its body
/// itself what is inlined, and not a call to it that was compiled for the least of machines.
struct Loop<F>(F);

impl<R, F: FnMut() -> R> WithSimd for Loop<F> {
    type Output = R;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _simd: S) -> R {
        (self.0)()
    }
}

impl Default for Vector {
    fn default() -> Self {
        Self::new()
    }
}

impl Vector {
    /// Chosen now, or as chosen before.
    #[must_use]
    pub fn new() -> Self {
        Self(Arch::new())
    }

    /// Run a closure; it has to be marked `#[inline(always)]`, and so has everything that it calls.
    #[inline]
    pub fn run<R>(self, work: impl FnMut() -> R) -> R {
        self.0.dispatch(Loop(work))
    }
    /// An exact sum. Up to 2^16 values of up to 2^46 cannot overflow 64 bits, and then the processor adds several at a time.
    #[must_use]
    pub fn total(self, values: &[i64]) -> i128 {
        values.chunks(1 << 16).fold(0_i128, |total, values| {
            let (sum, magnitude) = self.run(
                #[inline(always)]
                || {
                    values.iter().fold((0_i64, 0_i64), |(sum, magnitude), &value| {
                        (sum.wrapping_add(value), magnitude | value.wrapping_add(1 << 46))
                    })
                },
            );
            let exact = if (0..1 << 47).contains(&magnitude) {
                i128::from(sum)
            } else {
                values.iter().map(|&value| i128::from(value)).sum()
            };
            total.saturating_add(exact)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        let large = [i64::MAX, i64::MAX, i64::MIN, -1, 1, -7, 4_294_967_296];
        let edges = [(1 << 46) - 1, -(1 << 46), 1 << 46, -(1 << 46) - 1];
        let many: Vec<i64> = (0..200_000).map(|n| (1 << 46) - 1 - n).collect();
        for values in [&large[..], &edges[..2], &edges[..3], &edges, &many, &[]] {
            assert_eq!(
                Vector::new().total(values),
                values.iter().map(|&v| i128::from(v)).sum::<i128>()
            );
        }
    }
}
