//! The lanes that a level has, and work that is compiled for each level.

use super::level::{Kind, Level};
use super::port::Port;
use super::register::{Register, Two};
use super::row_port::RowPort;
use crate::element::Element;
use crate::lane::Lane;
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
    /// For rows of `f32` in the exact tier, and for their sums.
    type RowExact: RowPort<f32, Number = f64, Wide = Self::RowExact>;
    /// For rows of `f32` in the fast tier.
    type RowFast: RowPort<f32, Number = f64, Wide = Self::RowExact>;
    /// For rows of `f64`.
    type RowWide: RowPort<f64, Number = Pair, Wide = Self::RowWide>;
}

/// A type whose slices are evaluated in lanes of its own; 16-bit types go through `f32`.
pub(crate) trait Lanes: Element<Wide: Port<Self> + Lane<Mask = bool>> {
    /// The lane of rows in the exact tier.
    type RowExact<S: Set>: RowPort<Self, Number = Self::Wide, Wide = Self::RowExact<S>>;
    /// The lane of rows in the fast tier.
    type RowFast<S: Set>: RowPort<Self, Number = Self::Wide, Wide = Self::RowExact<S>>;
    /// The lane of the exact tier.
    type Exact<S: Set>: Port<Self>;
    /// The lane of the fast tier, for formulas that allow it.
    type Fast<S: Set>: Port<Self>;
}

impl Lanes for f32 {
    type RowExact<S: Set> = S::RowExact;
    type RowFast<S: Set> = S::RowFast;
    type Exact<S: Set> = S::Exact;
    type Fast<S: Set> = S::Fast;
}

impl Lanes for f64 {
    type RowExact<S: Set> = S::RowWide;
    type RowFast<S: Set> = S::RowWide;
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
    type RowExact = Two<Two<Two<Two<f64>>>>;
    type RowFast = Two<Two<Two<Two<f32>>>>;
    type RowWide = Pair<Two<Two<Two<f64>>>>;
}

/// AVX2 with FMA.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pub(crate) struct Avx2;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Set for Avx2 {
    type Exact = Two<super::avx2::F64x4>;
    type Fast = super::avx2::F32x8;
    type Long = super::avx2::F64x4;
    type Wide = Pair<super::avx2::F64x4>;
    type RowExact = Two<Two<super::avx2::F64x4>>;
    type RowFast = Two<super::avx2::F32x8>;
    type RowWide = Pair<Two<super::avx2::F64x4>>;
}

/// AVX-512.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pub(crate) struct Avx512;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Set for Avx512 {
    type Exact = Two<super::avx512::F64x8>;
    type Fast = super::avx512::F32x16;
    type Long = super::avx512::F64x8;
    type Wide = Pair<super::avx512::F64x8>;
    type RowExact = Two<super::avx512::F64x8>;
    type RowFast = super::avx512::F32x16;
    type RowWide = Pair<super::avx512::F64x8>;
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

/// Where the code of a kind of work begins in memory, and at which level: for a test that reads its instructions.
#[cfg(all(test, target_arch = "x86_64"))]
pub(super) fn places<T: Task>() -> [(Level, usize); 2] {
    [
        (Level(Kind::Avx2), with_avx2::<T> as *const () as usize),
        (Level(Kind::Avx512), with_avx512::<T> as *const () as usize),
    ]
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
