//! The lanes that a level has, and work that is compiled for each level.

#[cfg(feature = "half")]
use half::{bf16, f16};

use super::body::{Call, Compiled, Storage};
#[cfg(feature = "half")]
use super::in_blocks::in_blocks;
use super::level::{Kind, Level};
use super::many::Many;
use super::port::Port;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::register::Two;
use super::row_port::RowPort;
use crate::element::Element;
use crate::lane::Lane;
use crate::pair::Pair;

/// A lane for every type that is evaluated in 64 bits or fewer.
#[cfg(not(feature = "half"))]
pub(crate) trait Single: Port<f32> {}
#[cfg(not(feature = "half"))]
impl<L: Port<f32>> Single for L {}

/// A lane for every type that is evaluated in 64 bits or fewer.
#[cfg(feature = "half")]
pub(crate) trait Single: Port<f32> + Port<f16> + Port<bf16> {}
#[cfg(feature = "half")]
impl<L: Port<f32> + Port<f16> + Port<bf16>> Single for L {}

/// A lane for the rows of all these types, `Wide` for their sums.
#[cfg(not(feature = "half"))]
pub(crate) trait RowSingle<Wide>: RowPort<f32, Number = f64, Wide = Wide> {}
#[cfg(not(feature = "half"))]
impl<Wide, L: RowPort<f32, Number = f64, Wide = Wide>> RowSingle<Wide> for L {}

/// A lane for the rows of all these types, `Wide` for their sums.
#[cfg(feature = "half")]
pub(crate) trait RowSingle<Wide>:
    RowPort<f32, Number = f64, Wide = Wide>
    + RowPort<f16, Number = f64, Wide = Wide>
    + RowPort<bf16, Number = f64, Wide = Wide>
{
}
#[cfg(feature = "half")]
impl<Wide, L> RowSingle<Wide> for L where
    L: RowPort<f32, Number = f64, Wide = Wide>
        + RowPort<f16, Number = f64, Wide = Wide>
        + RowPort<bf16, Number = f64, Wide = Wide>
{
}

/// The lanes of an instruction set.
pub(crate) trait Set: Compiled + 'static {
    /// The level that has it.
    #[cfg(feature = "half")]
    const KIND: Kind;
    /// For the exact tier of `f32` and shorter types: as many numbers of 64 bits as a register of `f32` has.
    type Exact: Single;
    /// For the fast tier of these types.
    type Fast: Single;
    /// For `f64`.
    type Wide: Port<f64>;
    /// For rows of these types in the exact tier, and for their sums.
    type RowExact: RowSingle<Self::RowExact>;
    /// For rows of these types in the fast tier.
    type RowFast: RowSingle<Self::RowExact>;
    /// For rows of `f64`.
    type RowWide: RowPort<f64, Number = Pair, Wide = Self::RowWide>;
}

/// A type whose slices are evaluated in lanes.
pub(crate) trait Lanes: Element<Wide: Port<Self> + Lane<Mask = bool>> {
    /// Whether the fast tier's results are rounded to a type so short that they are the exact tier's, but for a few.
    const SHORT: bool;
    /// The lane of rows in the exact tier.
    type RowExact<S: Set>: RowPort<Self, Number = Self::Wide, Wide = Self::RowExact<S>>;
    /// The lane of rows in the fast tier.
    type RowFast<S: Set>: RowPort<Self, Number = Self::Wide, Wide = Self::RowExact<S>>;
    /// The lane of the exact tier.
    type Exact<S: Set>: Port<Self>;
    /// The lane of the fast tier, for formulas that allow it.
    type Fast<S: Set>: Port<Self>;

    /// Goes through registers of a short type with the loop for `f32` of a set.
    ///
    /// # Safety
    /// As the loop.
    unsafe fn in_blocks<S: Set, const IN: usize, const OUT: usize>(
        _: Call<f32, IN, OUT>,
        _: *const (),
        _: [*const Self; IN],
        _: [*mut Self; OUT],
        _: usize,
        _: Storage,
    ) {
        unreachable!("this type has loops of its own")
    }
}

macro_rules! single {
    ($type:ty, short $short:literal $(, $in_blocks:path)?) => {
        impl Lanes for $type {
            const SHORT: bool = $short;
            type RowExact<S: Set> = S::RowExact;
            type RowFast<S: Set> = S::RowFast;
            type Exact<S: Set> = S::Exact;
            type Fast<S: Set> = S::Fast;

            $(unsafe fn in_blocks<S: Set, const IN: usize, const OUT: usize>(
                call: Call<f32, IN, OUT>,
                context: *const (),
                inputs: [*const Self; IN],
                outputs: [*mut Self; OUT],
                count: usize,
                storage: Storage,
            ) {
                // SAFETY: the caller's.
                unsafe { $in_blocks(Level(S::KIND), call, context, inputs, outputs, count, storage) }
            })?
        }
    };
}
single!(f32, short false);
#[cfg(feature = "half")]
single!(f16, short true, in_blocks);
#[cfg(feature = "half")]
single!(bf16, short true, in_blocks);

impl Lanes for f64 {
    const SHORT: bool = false;
    type RowExact<S: Set> = S::RowWide;
    type RowFast<S: Set> = S::RowWide;
    type Exact<S: Set> = S::Wide;
    type Fast<S: Set> = S::Wide;
}

/// Loops over single numbers.
pub(crate) struct Baseline;

impl Set for Baseline {
    #[cfg(feature = "half")]
    const KIND: Kind = Kind::Baseline;
    type Exact = Many<f64, 16>;
    type Fast = Many<f32, 16>;
    type Wide = Many<Pair, 8>;
    type RowExact = Many<f64, 16>;
    type RowFast = Many<f32, 16>;
    type RowWide = Many<Pair, 8>;
}

/// AVX2 with FMA.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pub(crate) struct Avx2;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Set for Avx2 {
    #[cfg(feature = "half")]
    const KIND: Kind = Kind::Avx2;
    type Exact = Two<super::avx2::F64x4>;
    type Fast = super::avx2::F32x8;
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
    #[cfg(feature = "half")]
    const KIND: Kind = Kind::Avx512;
    type Exact = Two<super::avx512::F64x8>;
    type Fast = super::avx512::F32x16;
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
