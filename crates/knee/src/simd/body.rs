//! The loops over a formula, compiled for each level.

use core::marker::PhantomData;

use super::ahead::{DISTANCE, ask};
use super::level::{Kind, Level};
use super::port::Port;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::set::{Avx2, Avx512};
use super::set::{Baseline, Lanes, Set};
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
pub(crate) enum Storage {
    /// Rounded to the nearest and written.
    Plain,
    /// The same, around the caches.
    Stream,
    /// Rounded to odd.
    #[cfg(feature = "half")]
    Odd,
}

/// Such a loop: its context, where it reads and writes, how many registers, and how it writes; how many of them it has done.
pub(crate) type Call<T, const IN: usize, const OUT: usize> =
    unsafe fn(*const (), [*const T; IN], [*mut T; OUT], usize, Storage) -> usize;

/// A loop over a formula, compiled for a level.
pub(crate) struct Body<'c, T, const IN: usize, const OUT: usize> {
    call: Call<T, IN, OUT>,
    /// The loop in the exact tier's lane, for results that are not certain.
    exact: Call<T, IN, OUT>,
    context: *const (),
    /// Elements that go through it at once.
    pub(super) width: usize,
    lifetime: PhantomData<&'c ()>,
}

impl<T, const IN: usize, const OUT: usize> Clone for Body<'_, T, IN, OUT> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const IN: usize, const OUT: usize> Copy for Body<'_, T, IN, OUT> {}

impl<'c, T: Lanes, const IN: usize, const OUT: usize> Body<'c, T, IN, OUT> {
    /// The loop over a formula for a level, in a tier. A type of 16 bits has but one: the fast tier's decides how a result is
    /// rounded, unless it is so near to the middle between two numbers that its error could.
    #[inline(always)]
    pub(crate) fn new<F: Formula<IN, OUT>>(
        level: Level,
        tier: Tier,
        context: &'c F::Context,
    ) -> Self {
        match level.0 {
            Kind::Baseline => Self::with::<F, Baseline>(tier, context),
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Kind::Avx2 => Self::with::<F, Avx2>(tier, context),
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Kind::Avx512 => Self::with::<F, Avx512>(tier, context),
        }
    }

    /// In the lane that the formula and the tier ask for; the others are not compiled.
    #[inline(always)]
    fn with<F: Formula<IN, OUT>, S: Set>(tier: Tier, context: &'c F::Context) -> Self {
        let fast = <T::Fast<S> as Port<T>>::COUNT;
        if const { matches!(F::IN_SINGLE, InSingle::Exact) } {
            Self::of(
                S::compiled::<F, T::Fast<S>, T, IN, OUT>(),
                None,
                fast,
                context,
            )
        } else if const { T::SHORT } {
            let exact: Call<T, IN, OUT> = in_blocks::<F, S, T, IN, OUT>;
            if const { matches!(F::IN_SINGLE, InSingle::Fast) } {
                let call = S::compiled::<F, T::Fast<S>, T, IN, OUT>();
                Self::of(call, Some(exact), fast, context)
            } else {
                Self::of(exact, None, fast, context)
            }
        } else if const { matches!(F::IN_SINGLE, InSingle::Fast) } && tier == Tier::Fast {
            Self::of(
                S::compiled::<F, T::Fast<S>, T, IN, OUT>(),
                None,
                fast,
                context,
            )
        } else {
            let width = <T::Exact<S> as Port<T>>::COUNT;
            Self::of(
                S::compiled::<F, T::Exact<S>, T, IN, OUT>(),
                None,
                width,
                context,
            )
        }
    }

    #[inline(always)]
    fn of<C>(
        call: Call<T, IN, OUT>,
        exact: Option<Call<T, IN, OUT>>,
        width: usize,
        context: &'c C,
    ) -> Self {
        Self {
            call,
            exact: exact.unwrap_or(call),
            context: core::ptr::from_ref(context).cast(),
            width,
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
        let mut done = 0;
        // SAFETY: the context is borrowed for as long as the body lives; the level says that the processor has the instructions; the
        // rest is the caller's.
        unsafe {
            loop {
                let (from, to) = self.after(done, inputs, outputs);
                done += (self.call)(self.context, from, to, count - done, storage);
                if done == count {
                    return;
                }
                let (from, to) = self.after(done, inputs, outputs);
                done += (self.exact)(self.context, from, to, 1, storage);
            }
        }
    }

    /// The places after some registers.
    ///
    /// # Safety
    /// There are so many registers.
    #[inline]
    unsafe fn after(
        &self,
        count: usize,
        inputs: [*const T; IN],
        outputs: [*mut T; OUT],
    ) -> ([*const T; IN], [*mut T; OUT]) {
        let elements = count * self.width;
        // SAFETY: the caller's.
        unsafe {
            (
                inputs.map(|from| from.add(elements)),
                outputs.map(|to| to.add(elements)),
            )
        }
    }
}

/// The loop itself, up to the first register whose results are not certain; how many there were before that one. The exact tier's are.
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
) -> usize {
    // A copy, so that no store can be thought to change it.
    // SAFETY: the caller's.
    let context = unsafe { *context.cast::<F::Context>() };
    let mut offset = 0;
    for done in 0..count {
        let mut numbers = [L::of(0.0); IN];
        for (number, input) in numbers.iter_mut().zip(inputs) {
            // SAFETY: the caller's.
            let from = unsafe { input.add(offset) };
            if L::COUNT > 1 {
                ask(from, DISTANCE);
            }
            // SAFETY: the caller's.
            *number = unsafe { L::load(from) };
        }
        let results = F::at(&context, numbers);
        if const { matches!(F::IN_SINGLE, InSingle::Fast) } {
            let mut certain = true;
            for result in &results {
                certain &= result.is_certain();
            }
            if !certain {
                return done;
            }
        }
        for (result, output) in results.into_iter().zip(outputs) {
            // SAFETY: the caller's.
            unsafe {
                let to = output.add(offset);
                match storage {
                    Storage::Plain => result.store(to),
                    Storage::Stream => result.stream(to),
                    #[cfg(feature = "half")]
                    Storage::Odd => result.store_odd(to),
                }
            }
        }
        offset = offset.wrapping_add(L::COUNT);
    }
    count
}

/// The loop in the exact tier's lane for `f32`, for a shorter type.
///
/// # Safety
/// As [`run`].
unsafe fn in_blocks<F: Formula<IN, OUT>, S: Set, T: Lanes, const IN: usize, const OUT: usize>(
    context: *const (),
    inputs: [*const T; IN],
    outputs: [*mut T; OUT],
    count: usize,
    storage: Storage,
) -> usize {
    let call = S::compiled::<F, S::Exact, f32, IN, OUT>();
    // SAFETY: the caller's.
    unsafe { T::in_blocks::<S, IN, OUT>(call, context, inputs, outputs, count, storage) }
    count
}

macro_rules! compiled {
    ($set:ident $(, $features:literal)?) => {
        impl Compiled for $set {
            fn compiled<F: Formula<IN, OUT>, L: Port<T>, T, const IN: usize, const OUT: usize>() -> Call<T, IN, OUT> {
                $(#[target_feature(enable = $features)])?
                unsafe fn compiled<F: Formula<IN, OUT>, L: Port<T>, T, const IN: usize, const OUT: usize>(
                    context: *const (),
                    inputs: [*const T; IN],
                    outputs: [*mut T; OUT],
                    count: usize,
                    storage: Storage,
                ) -> usize {
                    // SAFETY: the caller's.
                    unsafe { run::<F, L, T, IN, OUT>(context, inputs, outputs, count, storage) }
                }
                compiled::<F, L, T, IN, OUT>
            }
        }
    };
}

/// An instruction set that a loop over a formula is compiled for.
pub(crate) trait Compiled {
    /// The loop.
    fn compiled<F: Formula<IN, OUT>, L: Port<T>, T, const IN: usize, const OUT: usize>()
    -> Call<T, IN, OUT>;
}

compiled!(Baseline);
#[cfg(all(target_arch = "x86_64", feature = "std"))]
compiled!(Avx2, "avx2,fma,f16c,bmi1,bmi2,lzcnt");
#[cfg(all(target_arch = "x86_64", feature = "std"))]
compiled!(
    Avx512,
    "avx2,fma,f16c,bmi1,bmi2,lzcnt,avx512f,avx512bw,avx512dq,avx512vl"
);
