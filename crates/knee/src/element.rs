//! The types that slices hold.

use crate::fused::AddUp;
use crate::gated::EvaluateGated;
use crate::kernel::Evaluate;
use crate::lane::Lane;
use crate::pair::Pair;
use crate::rowwise::{How, Work};
use crate::simd::{Input, Output};

pub(crate) mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A type that the functions of this crate accept: [`f32`], [`f64`], and with the feature `half` `half::f16` and `half::bf16`.
///
/// A number is widened, the formula is evaluated in the wider lane, and the result is rounded once: `f64` in a [`Pair`], the
/// others in `f64`. That is what keeps an error below 0.51 ulp.
pub trait Element:
    sealed::Sealed
    + Evaluate
    + EvaluateGated
    + AddUp
    + Copy
    + PartialEq
    + PartialOrd
    + core::fmt::Debug
    + Default
    + Send
    + Sync
    + 'static
{
    /// The lane in which formulas are evaluated.
    type Wide: Lane + Send + Sync + 'static;
    /// The type's name, such as `"f32"`.
    const NAME: &'static str;

    /// The same number in the wider lane.
    fn widen(self) -> Self::Wide;
    /// The nearest number of this type.
    fn narrow(wide: Self::Wide) -> Self;
    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// The same number as an `f64`.
    fn to_f64(self) -> f64;
    /// Computes rows that lie one after the other.
    #[doc(hidden)]
    fn rows(
        work: Work<'_>,
        how: How,
        inputs: &[Input<'_, Self>],
        length: usize,
        output: Output<'_, Self>,
        numbers: &mut dyn FnMut(usize, Self::Wide),
    );
}

impl Element for f32 {
    type Wide = f64;
    const NAME: &'static str = "f32";

    #[inline(always)]
    fn widen(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn narrow(wide: f64) -> Self {
        wide as f32
    }
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    fn rows(
        work: Work<'_>,
        how: How,
        inputs: &[Input<'_, Self>],
        length: usize,
        output: Output<'_, Self>,
        numbers: &mut dyn FnMut(usize, f64),
    ) {
        work.run(how, inputs, length, output, numbers);
    }
}

impl Element for f64 {
    type Wide = Pair;
    const NAME: &'static str = "f64";

    #[inline(always)]
    fn widen(self) -> Pair {
        Pair::new(self, 0.0)
    }
    #[inline(always)]
    fn narrow(wide: Pair) -> Self {
        wide.head()
    }
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
    fn rows(
        work: Work<'_>,
        how: How,
        inputs: &[Input<'_, Self>],
        length: usize,
        output: Output<'_, Self>,
        numbers: &mut dyn FnMut(usize, Pair),
    ) {
        work.run(how, inputs, length, output, numbers);
    }
}
