//! Activations joined with what stands before them and with what is counted behind them: memory is gone through once.
//!
//! A block that stays in the first cache is added, activated and counted before the next one is read. The results are those of the
//! separate steps, bit for bit: a sum is rounded to the type before the function is taken of it.

mod biased;
mod observed;
mod residual;

pub(crate) use biased::AddRows;
pub(crate) use observed::Sums;
pub use observed::{Moments, Observed};

use crate::simd::{Level, Set, Task};

/// Sums of slices of the processor's own types.
pub(crate) struct Add<'a, T> {
    pub(crate) a: &'a [T],
    pub(crate) b: &'a [T],
    pub(crate) sums: &'a mut [T],
}

impl<T: Copy + core::ops::Add<Output = T>> Task for Add<'_, T> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        for (sum, (&a, &b)) in self.sums.iter_mut().zip(self.a.iter().zip(self.b)) {
            *sum = a + b;
        }
    }
}

impl<T: Copy + core::ops::Add<Output = T>> Add<'_, T> {
    pub(crate) fn at(self, level: Level) {
        level.run(self);
    }
}
