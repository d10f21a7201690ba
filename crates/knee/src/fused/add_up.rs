//! Sums of slices, of rows and of blocks: what stands before and behind an activation.

use super::{AddRows, Sums};
use crate::simd::{Level, Set, Task};

/// What is added up on slices of a type.
pub trait AddUp: Sized {
    /// Sums of two slices, rounded once.
    fn add(level: Level, a: &[Self], b: &[Self], sums: &mut [Self]);
    /// Adds rows to their totals, one after the other.
    fn add_rows(level: Level, rows: &[Self], totals: &mut [f64]);
    /// Adds the numbers of a block to sums.
    fn sum_up(level: Level, numbers: &[Self], sums: &mut Sums);
}

macro_rules! add_up {
    ($($type:ty),+) => {
        $(impl AddUp for $type {
            fn add(level: Level, a: &[Self], b: &[Self], sums: &mut [Self]) {
                level.run(Add { a, b, sums });
            }
            fn add_rows(level: Level, rows: &[Self], totals: &mut [f64]) {
                level.run(AddRows { rows, totals });
            }
            fn sum_up(level: Level, numbers: &[Self], sums: &mut Sums) {
                sums.add(level, numbers);
            }
        })+
    };
}
add_up!(f32, f64);

/// Sums of slices of the processor's own types.
struct Add<'a, T> {
    a: &'a [T],
    b: &'a [T],
    sums: &'a mut [T],
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
