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
}
