//! The way between memory and lanes.

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the instructions have names of their own"
    )
)]
use core::arch::x86_64::*;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::avx2::{self, F32x8, F64x4};
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::avx512::{self, F32x16, F64x8};
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::register::{Register, Two};
use crate::lane::Lane;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use crate::lane::{Exponential, Polynomial, double, plain, single};
use crate::pair::Pair;

/// A lane that holds [`Port::COUNT`] consecutive elements of type `T`.
pub(crate) trait Port<T>: Lane {
    /// Elements that are loaded and stored at once.
    const COUNT: usize;

    /// Reads elements.
    ///
    /// # Safety
    /// `COUNT` elements can be read there, and the processor has the lane's instructions.
    unsafe fn load(from: *const T) -> Self;

    /// Rounds and writes elements.
    ///
    /// # Safety
    /// `COUNT` elements can be written there, and the processor has the lane's instructions.
    unsafe fn store(self, to: *mut T);

    /// The same around the caches.
    ///
    /// # Safety
    /// As `store`, and `to` is a multiple of the size of `COUNT` elements.
    #[inline(always)]
    unsafe fn stream(self, to: *mut T) {
        // SAFETY: the caller's.
        unsafe { self.store(to) }
    }

    /// The same as `store`, where a result that is not exact is rounded to the neighbour whose last bit is 1: then a second rounding to
    /// a shorter type is right.
    ///
    /// # Safety
    /// As `store`.
    #[cfg(feature = "half")]
    #[inline(always)]
    unsafe fn store_odd(self, to: *mut T) {
        // SAFETY: the caller's.
        unsafe { self.store(to) }
    }

    /// Whether no error of the fast tier can decide how the elements are rounded: so it is in the other lanes.
    #[inline(always)]
    fn is_certain(self) -> bool {
        true
    }
}

impl Port<f32> for f64 {
    const COUNT: usize = 1;

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's.
        f64::from(unsafe { from.read() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller's.
        unsafe { to.write(self as f32) }
    }
    #[cfg(feature = "half")]
    #[inline(always)]
    unsafe fn store_odd(self, to: *mut f32) {
        let nearest = self as f32;
        let (back, bits) = (f64::from(nearest), nearest.to_bits());
        let inexact = back != self && !back.is_nan();
        let odd = if inexact && bits & 1 == 0 {
            if back.abs() > self.abs() {
                bits - 1
            } else {
                bits + 1
            }
        } else {
            bits
        };
        // SAFETY: the caller's.
        unsafe { to.write(f32::from_bits(odd)) }
    }
}

impl Port<f32> for f32 {
    const COUNT: usize = 1;

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's.
        unsafe { from.read() }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller's.
        unsafe { to.write(self) }
    }
}

impl Port<f64> for Pair<f64> {
    const COUNT: usize = 1;

    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller's.
        Self::new(unsafe { from.read() }, 0.0)
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller's.
        unsafe { to.write(self.head()) }
    }
}

/// Lanes and their ports for the registers of one instruction set.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
macro_rules! ports {
    (
        $double:ident x $doubles:literal, $single:ident x $singles:literal, $room:ident;
        load $load:ident, store $store:ident, stream $stream:ident,
        load_double $load_double:ident, store_double $store_double:ident, stream_double $stream_double:ident
    ) => {
        double!($double);
        double!(Two<$double>);
        single!($single);

        impl Port<f32> for $single {
            const COUNT: usize = $singles;

            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                // SAFETY: the caller's.
                Self(unsafe { $load(from) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                // SAFETY: the caller's.
                unsafe { $store(to, self.0) }
            }
            #[inline(always)]
            unsafe fn stream(self, to: *mut f32) {
                // SAFETY: the caller's.
                unsafe { $stream(to, self.0) }
            }
        }

        impl Port<f32> for Two<$double> {
            const COUNT: usize = $singles;

            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                // SAFETY: the caller's.
                let [first, second] = unsafe { $room::widen($load(from)) };
                Self($double(first), $double(second))
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                // SAFETY: the caller's.
                unsafe { $store(to, $room::join(self.0.0, self.1.0)) }
            }
            #[inline(always)]
            unsafe fn stream(self, to: *mut f32) {
                // SAFETY: the caller's.
                unsafe { $stream(to, $room::join(self.0.0, self.1.0)) }
            }
            #[cfg(feature = "half")]
            #[inline(always)]
            unsafe fn store_odd(self, to: *mut f32) {
                // SAFETY: the caller's.
                unsafe { $store(to, $room::joined_to_odd([self.0.0, self.1.0])) }
            }
        }

        impl Port<f64> for Pair<$double> {
            const COUNT: usize = $doubles;

            #[inline(always)]
            unsafe fn load(from: *const f64) -> Self {
                // SAFETY: the caller's.
                Self::new($double(unsafe { $load_double(from) }), $double::splat(0.0))
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut f64) {
                // SAFETY: the caller's.
                unsafe { $store_double(to, self.head().0) }
            }
            #[inline(always)]
            unsafe fn stream(self, to: *mut f64) {
                // SAFETY: the caller's.
                unsafe { $stream_double(to, self.head().0) }
            }
        }
    };
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
ports! {
    F64x4 x 4, F32x8 x 8, avx2;
    load _mm256_loadu_ps, store _mm256_storeu_ps, stream _mm256_stream_ps,
    load_double _mm256_loadu_pd, store_double _mm256_storeu_pd, stream_double _mm256_stream_pd
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
ports! {
    F64x8 x 8, F32x16 x 16, avx512;
    load _mm512_loadu_ps, store _mm512_storeu_ps, stream _mm512_stream_ps,
    load_double _mm512_loadu_pd, store_double _mm512_storeu_pd, stream_double _mm512_stream_pd
}
