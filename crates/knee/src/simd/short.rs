//! Numbers of 16 bits in the registers of `f32`, which hold them exactly.
//!
//! In integers, so that a processor that flushes subnormal numbers gives the same results; the processor's own instructions for
//! `f16` do not flush. The instruction for `bf16` does, and is not used.

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the instructions have names of their own"
    )
)]
use core::arch::x86_64::*;

use half::{bf16, f16};

#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::avx2::{self, F32x8, F64x4};
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::avx512::{self, F32x16, F64x8};
use super::level::Level;
use super::port::Port;
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::register::Two;
use super::set::{Set, Task};
use super::slices::{Input, Output};
#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::vector::instructions;
use crate::element::Element;

/// A little more than the fast tier's errors, in its units in the last place, and the rounding of a product.
const MARGIN: u16 = 6;

/// A type of 16 bits.
pub(crate) trait Short: Element<Wide = f64> {
    /// The lane of `f32` that its numbers go through.
    type Lane<S: Set>: Port<Self> + Port<f32>;

    /// The same number in 32 bits.
    fn wide(self) -> f32;
    /// The nearest number, ties to even.
    fn nearest(x: f32) -> Self;
    /// Whether every number within [`MARGIN`] units in the last place of `x` is rounded as `x` is.
    fn certain(x: f32) -> bool;
}

/// The same operations on the registers of each level.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pub(super) trait Registers: Short {
    fn wide_avx2(bits: __m128i) -> __m256;
    fn nearest_avx2(x: __m256) -> __m128i;
    fn certain_avx2(x: __m256) -> bool;
    fn wide_avx512(bits: __m256i) -> __m512;
    fn nearest_avx512(x: __m512) -> __m256i;
    fn certain_avx512(x: __m512) -> bool;
}

impl Short for bf16 {
    type Lane<S: Set> = S::Fast;

    #[inline(always)]
    fn wide(self) -> f32 {
        f32::from_bits(u32::from(self.to_bits()) << 16)
    }
    #[inline(always)]
    fn nearest(x: f32) -> Self {
        let bits = x.to_bits();
        // Half a unit, less one where the last bit kept is even: the carry rounds, also into the exponent.
        let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1));
        let quiet = bits | 0x0040_0000;
        Self::from_bits((if x.is_nan() { quiet } else { rounded } >> 16) as u16)
    }
    #[inline(always)]
    fn certain(x: f32) -> bool {
        // The bits that are dropped, seen from the middle.
        let dropped = x.to_bits() as u16;
        dropped.wrapping_sub(0x8000 - MARGIN) > 2 * MARGIN
    }
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Registers for bf16 {
    #[inline(always)]
    fn wide_avx2(bits: __m128i) -> __m256 {
        instructions!(_mm256_castsi256_ps(_mm256_slli_epi32::<16>(
            _mm256_cvtepu16_epi32(bits)
        )))
    }
    #[inline(always)]
    fn nearest_avx2(x: __m256) -> __m128i {
        instructions!({
            let bits = _mm256_castps_si256(x);
            let even = _mm256_and_si256(_mm256_srli_epi32::<16>(bits), _mm256_set1_epi32(1));
            let half = _mm256_add_epi32(even, _mm256_set1_epi32(0x7fff));
            let rounded = _mm256_castsi256_ps(_mm256_add_epi32(bits, half));
            let quiet = _mm256_or_ps(x, _mm256_castsi256_ps(_mm256_set1_epi32(0x0040_0000)));
            let nan = _mm256_cmp_ps::<_CMP_UNORD_Q>(x, x);
            let result = _mm256_castps_si256(_mm256_blendv_ps(rounded, quiet, nan));
            let result = _mm256_srli_epi32::<16>(result);
            let packed = _mm256_packus_epi32(result, result);
            _mm256_castsi256_si128(_mm256_permute4x64_epi64::<0b10_00>(packed))
        })
    }
    #[inline(always)]
    fn certain_avx2(x: __m256) -> bool {
        instructions!({
            let from_middle = _mm256_add_epi32(
                _mm256_castps_si256(x),
                _mm256_set1_epi32(0x8000 + i32::from(MARGIN)),
            );
            let dropped = _mm256_and_si256(from_middle, _mm256_set1_epi32(0xffff));
            let near = _mm256_cmpgt_epi32(_mm256_set1_epi32(2 * i32::from(MARGIN) + 1), dropped);
            _mm256_movemask_epi8(near) == 0
        })
    }
    #[inline(always)]
    fn wide_avx512(bits: __m256i) -> __m512 {
        instructions!(_mm512_castsi512_ps(_mm512_slli_epi32::<16>(
            _mm512_cvtepu16_epi32(bits)
        )))
    }
    #[inline(always)]
    fn nearest_avx512(x: __m512) -> __m256i {
        instructions!({
            let bits = _mm512_castps_si512(x);
            let even = _mm512_and_si512(_mm512_srli_epi32::<16>(bits), _mm512_set1_epi32(1));
            let half = _mm512_add_epi32(even, _mm512_set1_epi32(0x7fff));
            let nan = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(x, x);
            let rounded = _mm512_add_epi32(bits, half);
            let result = _mm512_mask_or_epi32(rounded, nan, bits, _mm512_set1_epi32(0x0040_0000));
            _mm512_cvtepi32_epi16(_mm512_srli_epi32::<16>(result))
        })
    }
    #[inline(always)]
    fn certain_avx512(x: __m512) -> bool {
        instructions!({
            let from_middle = _mm512_add_epi32(
                _mm512_castps_si512(x),
                _mm512_set1_epi32(0x8000 + i32::from(MARGIN)),
            );
            let dropped = _mm512_and_si512(from_middle, _mm512_set1_epi32(0xffff));
            _mm512_cmple_epu32_mask(dropped, _mm512_set1_epi32(2 * i32::from(MARGIN))) == 0
        })
    }
}

/// The relative error that [`MARGIN`] is at most.
const RELATIVE: f32 = MARGIN as f32 * f32::EPSILON;

impl Short for f16 {
    type Lane<S: Set> = S::Fast;

    fn wide(self) -> f32 {
        let bits = self.to_bits();
        let (exponent, fraction) = (u32::from(bits >> 10 & 0x1f), u32::from(bits & 0x3ff));
        let sign = u32::from(bits >> 15) << 31;
        let size = match exponent {
            // A subnormal number is an integer times 2^-24.
            0 => (fraction as f32 * f32::from_bits((127 - 24) << 23)).to_bits(),
            0x1f => 0x7f80_0000 | fraction << 13,
            _ => (exponent + 127 - 15) << 23 | fraction << 13,
        };
        f32::from_bits(sign | size)
    }
    fn nearest(x: f32) -> Self {
        let sign = (x.to_bits() >> 16 & 0x8000) as u16;
        let size = x.to_bits() & 0x7fff_ffff;
        let magnitude = if size > 0x7f80_0000 {
            0x7e00
        } else if size < 0x3880_0000 {
            // Below the normal numbers the sum with 1/2 has the unit of the subnormal ones: the processor rounds.
            (f32::from_bits(size) + 0.5).to_bits() - 0.5_f32.to_bits()
        } else {
            let rounded = (size + 0xfff + (size >> 13 & 1)) >> 13;
            (rounded - ((127 - 15) << 10)).min(0x7c00)
        };
        Self::from_bits(sign | magnitude as u16)
    }
    fn certain(x: f32) -> bool {
        let (below, above) = (x * (1.0 - RELATIVE), x * (1.0 + RELATIVE));
        Self::nearest(below).to_bits() == Self::nearest(above).to_bits()
    }
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl Registers for f16 {
    #[inline(always)]
    fn wide_avx2(bits: __m128i) -> __m256 {
        instructions!(_mm256_cvtph_ps(bits))
    }
    #[inline(always)]
    fn nearest_avx2(x: __m256) -> __m128i {
        instructions!(_mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(x))
    }
    #[inline(always)]
    fn certain_avx2(x: __m256) -> bool {
        instructions!({
            let below = _mm256_mul_ps(x, _mm256_set1_ps(1.0 - RELATIVE));
            let above = _mm256_mul_ps(x, _mm256_set1_ps(1.0 + RELATIVE));
            let same = _mm_cmpeq_epi16(Self::nearest_avx2(below), Self::nearest_avx2(above));
            _mm_movemask_epi8(same) == 0xffff
        })
    }
    #[inline(always)]
    fn wide_avx512(bits: __m256i) -> __m512 {
        instructions!(_mm512_cvtph_ps(bits))
    }
    #[inline(always)]
    fn nearest_avx512(x: __m512) -> __m256i {
        instructions!(_mm512_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(x))
    }
    #[inline(always)]
    fn certain_avx512(x: __m512) -> bool {
        instructions!({
            let below = _mm512_mul_ps(x, _mm512_set1_ps(1.0 - RELATIVE));
            let above = _mm512_mul_ps(x, _mm512_set1_ps(1.0 + RELATIVE));
            _mm256_cmpneq_epi16_mask(Self::nearest_avx512(below), Self::nearest_avx512(above)) == 0
        })
    }
}

impl<H: Short> Port<H> for f32 {
    const COUNT: usize = 1;

    #[inline(always)]
    unsafe fn load(from: *const H) -> Self {
        // SAFETY: the caller's.
        unsafe { from.read() }.wide()
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut H) {
        // SAFETY: the caller's.
        unsafe { to.write(H::nearest(self)) }
    }
    #[inline(always)]
    fn is_certain(self) -> bool {
        H::certain(self)
    }
}

impl<H: Short> Port<H> for f64 {
    const COUNT: usize = 1;

    #[inline(always)]
    unsafe fn load(from: *const H) -> Self {
        // SAFETY: the caller's.
        unsafe { from.read() }.widen()
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut H) {
        // SAFETY: the caller's.
        unsafe { to.write(H::narrow(self)) }
    }
}

/// The ports of a level's lanes. A number of 64 bits is rounded to odd in 32, so that the second rounding is right.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
macro_rules! ports {
    (
        $double:ident, $single:ident x $count:literal, $room:ident; wide $wide:ident, nearest $nearest:ident, certain $certain:ident;
        load $load:ident, store $store:ident, stream $stream:ident
    ) => {
        impl<H: Registers> Port<H> for $single {
            const COUNT: usize = $count;

            #[inline(always)]
            unsafe fn load(from: *const H) -> Self {
                // SAFETY: the caller's.
                Self(H::$wide(unsafe { $load(from.cast()) }))
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut H) {
                // SAFETY: the caller's.
                unsafe { $store(to.cast(), H::$nearest(self.0)) }
            }
            #[inline(always)]
            unsafe fn stream(self, to: *mut H) {
                // SAFETY: the caller's.
                unsafe { $stream(to.cast(), H::$nearest(self.0)) }
            }
            #[inline(always)]
            fn is_certain(self) -> bool {
                H::$certain(self.0)
            }
        }

        impl<H: Registers> Port<H> for Two<$double> {
            const COUNT: usize = $count;

            #[inline(always)]
            unsafe fn load(from: *const H) -> Self {
                // SAFETY: the caller's.
                let [first, second] = unsafe { $room::widen(H::$wide($load(from.cast()))) };
                Self($double(first), $double(second))
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut H) {
                // SAFETY: the caller's.
                unsafe {
                    $store(
                        to.cast(),
                        H::$nearest($room::joined_to_odd([self.0.0, self.1.0])),
                    )
                }
            }
            #[inline(always)]
            unsafe fn stream(self, to: *mut H) {
                // SAFETY: the caller's.
                unsafe {
                    $stream(
                        to.cast(),
                        H::$nearest($room::joined_to_odd([self.0.0, self.1.0])),
                    )
                }
            }
        }
    };
}
#[cfg(all(target_arch = "x86_64", feature = "std"))]
ports! {
    F64x4, F32x8 x 8, avx2; wide wide_avx2, nearest nearest_avx2, certain certain_avx2;
    load _mm_loadu_si128, store _mm_storeu_si128, stream _mm_stream_si128
}
#[cfg(all(target_arch = "x86_64", feature = "std"))]
ports! {
    F64x8, F32x16 x 16, avx512; wide wide_avx512, nearest nearest_avx512, certain certain_avx512;
    load _mm256_loadu_si256, store _mm256_storeu_si256, stream _mm256_stream_si256
}

/// Numbers in 32 bits, which hold them exactly. The lengths are the same.
pub(crate) fn widen<H: Short>(level: Level, from: &[H], to: &mut [f32]) {
    assert_eq!(from.len(), to.len(), "one result for each number");
    level.run(Widen {
        from: Input::new(from),
        to: Output::new(to),
    });
}

/// Sums of numbers, rounded once: a second rounding is right after a first one to more than twice as many digits.
pub(crate) fn add<H: Short>(level: Level, a: &[H], b: &[H], sums: &mut [H]) {
    assert!(
        a.len() == sums.len() && b.len() == sums.len(),
        "one result for each pair of numbers"
    );
    let (a, b, sums) = (Input::new(a), Input::new(b), Output::new(sums));
    level.run(Add { a, b, sums });
}

struct Widen<'a, H> {
    from: Input<'a, H>,
    to: Output<'a, f32>,
}

impl<H: Short> Task for Widen<'_, H> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(mut self) {
        for index in 0..self.from.whole::<H::Lane<S>>() {
            let lane = self.from.load::<H::Lane<S>>(index);
            self.to.store(index, lane);
        }
        if let Some(rest) = self.from.load_rest::<H::Lane<S>>(H::default()) {
            self.to.store_rest(rest);
        }
    }
}

struct Add<'a, H> {
    a: Input<'a, H>,
    b: Input<'a, H>,
    sums: Output<'a, H>,
}

impl<H: Short> Task for Add<'_, H> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(mut self) {
        for index in 0..self.a.whole::<H::Lane<S>>() {
            let (a, b) = (self.a.load::<H::Lane<S>>(index), self.b.load(index));
            self.sums.store(index, a + b);
        }
        let zero = H::default();
        if let (Some(a), Some(b)) = (self.a.load_rest::<H::Lane<S>>(zero), self.b.load_rest(zero)) {
            self.sums.store_rest(a + b);
        }
    }
}
