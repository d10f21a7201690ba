//! The loops over a formula, compiled for each level.

use core::marker::PhantomData;

use super::level::{Kind, Level};
use super::port::Port;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::set::{Avx2, Avx512};
use super::set::{Baseline, Lanes};
use crate::activation::InSingle;
use crate::kernel::Tier;
use crate::lane::Lane;

/// Something that is computed at each position of some slices from the numbers there.
pub(crate) trait Formula<const IN: usize, const OUT: usize>: 'static {
    /// What it needs to know beside the numbers: a function with its parameters.
    type Context: Copy;
    /// What it gives in the arithmetic of `f32`.
    const IN_SINGLE: InSingle;

    /// The results at one position.
    fn at<L: Lane>(context: &Self::Context, inputs: [L; IN]) -> [L; OUT];
}

/// What becomes of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storage {
    /// Rounded to the nearest and written.
    Plain,
    /// The same, around the caches.
    Stream,
    /// Rounded to odd.
    Odd,
}

/// How exact a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    /// A tier's own.
    Tier(Tier),
    /// The exact tier's, rounded to odd, for a type of 16 bits.
    #[cfg_attr(
        not(feature = "half"),
        expect(dead_code, reason = "only types of 16 bits ask")
    )]
    Odd,
}

type Call<T, const IN: usize, const OUT: usize> =
    unsafe fn(*const (), [*const T; IN], [*mut T; OUT], usize, Storage);

/// A loop over a formula, compiled for a level.
pub(crate) struct Body<'c, T, const IN: usize, const OUT: usize> {
    call: Call<T, IN, OUT>,
    context: *const (),
    /// Elements that go through it at once.
    pub(super) width: usize,
    pub(super) precision: Precision,
    /// What the formula gives in the arithmetic of `f32`.
    #[cfg_attr(
        not(feature = "half"),
        expect(dead_code, reason = "only types of 16 bits ask")
    )]
    pub(crate) in_single: InSingle,
    lifetime: PhantomData<&'c ()>,
}

impl<T, const IN: usize, const OUT: usize> Clone for Body<'_, T, IN, OUT> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const IN: usize, const OUT: usize> Copy for Body<'_, T, IN, OUT> {}

/// The loop in the lane that a formula and a tier ask for; the others are not compiled.
macro_rules! choose {
    ($level:ident, $set:ident, $fast:ident) => {
        if const { matches!(F::IN_SINGLE, InSingle::Exact) } {
            (
                $level::<F, T::Fast<$set>, T, IN, OUT>,
                <T::Fast<$set> as Port<T>>::COUNT,
            )
        } else if const { matches!(F::IN_SINGLE, InSingle::Coarse) } {
            (
                $level::<F, T::Exact<$set>, T, IN, OUT>,
                <T::Exact<$set> as Port<T>>::COUNT,
            )
        } else if $fast {
            (
                $level::<F, T::Fast<$set>, T, IN, OUT>,
                <T::Fast<$set> as Port<T>>::COUNT,
            )
        } else {
            (
                $level::<F, T::Exact<$set>, T, IN, OUT>,
                <T::Exact<$set> as Port<T>>::COUNT,
            )
        }
    };
}

impl<'c, T: Lanes, const IN: usize, const OUT: usize> Body<'c, T, IN, OUT> {
    /// The loop over a formula for a level, in the lane that the precision asks for.
    #[inline(always)]
    pub(crate) fn new<F: Formula<IN, OUT>>(
        level: Level,
        precision: Precision,
        context: &'c F::Context,
    ) -> Self {
        let fast = precision == Precision::Tier(Tier::Fast);
        let (call, width): (Call<T, IN, OUT>, usize) = match level.0 {
            Kind::Baseline => choose!(baseline, Baseline, fast),
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Kind::Avx2 => choose!(avx2, Avx2, fast),
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Kind::Avx512 => choose!(avx512, Avx512, fast),
        };
        Self {
            call,
            context: core::ptr::from_ref(context).cast(),
            width,
            precision,
            in_single: F::IN_SINGLE,
            lifetime: PhantomData,
        }
    }

    /// Where the loop begins in memory, and how many elements a turn takes.
    pub(crate) fn place(&self) -> (usize, usize) {
        (self.call as *const () as usize, self.width)
    }

    /// Goes through whole registers.
    ///
    /// # Safety
    /// From each pointer on, `count * width` elements can be read or written. An output is either an input, or shares no element with
    /// one. To be streamed to, it is a multiple of the size of `width` elements.
    #[inline]
    pub(super) unsafe fn call(
        &self,
        inputs: [*const T; IN],
        outputs: [*mut T; OUT],
        count: usize,
        storage: Storage,
    ) {
        // SAFETY: the context is borrowed for as long as the body lives; the level says that the processor has the instructions; the
        // rest is the caller's.
        unsafe { (self.call)(self.context, inputs, outputs, count, storage) }
    }
}

/// The loop itself.
///
/// # Safety
/// As [`Body::call`]; the context is an `F::Context`, and the processor has the lane's instructions.
#[inline(always)]
unsafe fn run<F: Formula<IN, OUT>, L: Port<T>, T, const IN: usize, const OUT: usize>(
    context: *const (),
    inputs: [*const T; IN],
    outputs: [*mut T; OUT],
    count: usize,
    storage: Storage,
) {
    // A copy, so that no store can be thought to change it.
    // SAFETY: the caller's.
    let context = unsafe { *context.cast::<F::Context>() };
    let mut offset = 0;
    for _ in 0..count {
        let mut numbers = [L::of(0.0); IN];
        for (number, input) in numbers.iter_mut().zip(inputs) {
            // SAFETY: the caller's.
            *number = unsafe { L::load(input.add(offset)) };
        }
        let results = F::at(&context, numbers);
        for (result, output) in results.into_iter().zip(outputs) {
            // SAFETY: the caller's.
            unsafe {
                let to = output.add(offset);
                if storage == Storage::Plain {
                    result.store(to);
                } else if storage == Storage::Stream {
                    result.stream(to);
                } else {
                    result.store_odd(to);
                }
            }
        }
        offset = offset.wrapping_add(L::COUNT);
    }
}

macro_rules! compiled {
    ($name:ident $(, $features:literal)?) => {
        $(#[target_feature(enable = $features)])?
        unsafe fn $name<F: Formula<IN, OUT>, L: Port<T>, T, const IN: usize, const OUT: usize>(
            context: *const (),
            inputs: [*const T; IN],
            outputs: [*mut T; OUT],
            count: usize,
            storage: Storage,
        ) {
            // SAFETY: the caller's.
            unsafe { run::<F, L, T, IN, OUT>(context, inputs, outputs, count, storage) }
        }
    };
}

compiled!(baseline);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
compiled!(avx2, "avx2,fma,f16c,bmi1,bmi2,lzcnt");
#[cfg(all(target_arch = "x86_64", feature = "std"))]
compiled!(
    avx512,
    "avx2,fma,f16c,bmi1,bmi2,lzcnt,avx512f,avx512bw,avx512dq,avx512vl"
);
