//! The lanes that a level has, and work that is compiled for each level.

use super::level::{Kind, Level};
use super::port::Port;
use super::register::Register;
use crate::pair::Pair;

/// The lanes of an instruction set.
pub(crate) trait Set: 'static {
    /// For the exact tier of `f32`: as many numbers of 64 bits as a register of `f32` has.
    type Exact: Port<f32>;
    /// For the fast tier of `f32`.
    type Fast: Port<f32>;
    /// What a [`Pair`] for `f64` is made of.
    type Long: Register;
    /// For `f64`.
    type Wide: Port<f64>;
}

/// A type whose slices are evaluated in lanes of its own; 16-bit types go through `f32`.
pub(crate) trait Lanes: Copy + 'static {
    /// The lane of the exact tier.
    type Exact<S: Set>: Port<Self>;
    /// The lane of the fast tier, for formulas that allow it.
    type Fast<S: Set>: Port<Self>;
}

impl Lanes for f32 {
    type Exact<S: Set> = S::Exact;
    type Fast<S: Set> = S::Fast;
}

impl Lanes for f64 {
    type Exact<S: Set> = S::Wide;
    type Fast<S: Set> = S::Wide;
}

/// One number at a time.
pub(crate) struct Baseline;

impl Set for Baseline {
    type Exact = f64;
    type Fast = f32;
    type Long = f64;
    type Wide = Pair<f64>;
}

/// AVX2 with FMA.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pub(crate) struct Avx2;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Set for Avx2 {
    type Exact = super::register::Two<super::avx2::F64x4>;
    type Fast = super::avx2::F32x8;
    type Long = super::avx2::F64x4;
    type Wide = Pair<super::avx2::F64x4>;
}

/// AVX-512.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pub(crate) struct Avx512;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Set for Avx512 {
    type Exact = super::register::Two<super::avx512::F64x8>;
    type Fast = super::avx512::F32x16;
    type Long = super::avx512::F64x8;
    type Wide = Pair<super::avx512::F64x8>;
}

/// Work on slices that is compiled for each level. `run`, and what it calls in its loops, is to be `#[inline(always)]`.
pub(crate) trait Task {
    /// What it gives.
    type Result;
    /// Does it with the lanes of a set.
    fn run<S: Set>(self) -> Self::Result;
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[target_feature(enable = "avx2,fma,f16c,bmi1,bmi2,lzcnt")]
fn with_avx2<T: Task>(task: T) -> T::Result {
    task.run::<Avx2>()
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[target_feature(enable = "avx2,fma,f16c,bmi1,bmi2,lzcnt,avx512f,avx512bw,avx512dq,avx512vl")]
fn with_avx512<T: Task>(task: T) -> T::Result {
    task.run::<Avx512>()
}

impl Level {
    /// Does the work with the instructions of this level.
    #[inline]
    pub(crate) fn run<T: Task>(self, task: T) -> T::Result {
        match self.0 {
            Kind::Baseline => task.run::<Baseline>(),
            // SAFETY: `Level::available` makes this value only after the processor said that it has these instructions.
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Kind::Avx2 => unsafe { with_avx2(task) },
            // SAFETY: as above.
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Kind::Avx512 => unsafe { with_avx512(task) },
        }
    }
}
