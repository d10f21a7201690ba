//! The registers of AVX2 with FMA.

#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the instructions have names of their own"
    )
)]
use core::arch::x86_64::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

use super::register::{Register, scaled_in_two_steps};
use super::vector::{instructions, vector};

vector! {
    /// Eight numbers of 32 bits.
    F32x8(__m256) of f32 x 8, mask __m256;
    splat _mm256_set1_ps, add _mm256_add_ps, sub _mm256_sub_ps, mul _mm256_mul_ps, div _mm256_div_ps, fused _mm256_fmadd_ps,
    max _mm256_max_ps, min _mm256_min_ps, root _mm256_sqrt_ps,
    and _mm256_and_ps, andnot _mm256_andnot_ps, or _mm256_or_ps, xor _mm256_xor_ps,
    load _mm256_loadu_ps, store _mm256_storeu_ps;

    #[inline(always)]
    fn below(self, other: Self) -> __m256 {
        instructions!(_mm256_cmp_ps::<_CMP_LT_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn not_above(self, other: Self) -> __m256 {
        instructions!(_mm256_cmp_ps::<_CMP_LE_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> __m256 {
        instructions!(_mm256_cmp_ps::<_CMP_EQ_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn both(a: __m256, b: __m256) -> __m256 {
        instructions!(_mm256_and_ps(a, b))
    }
    #[inline(always)]
    fn either(a: __m256, b: __m256) -> __m256 {
        instructions!(_mm256_or_ps(a, b))
    }
    #[inline(always)]
    fn any(mask: __m256) -> bool {
        instructions!(_mm256_movemask_ps(mask)) != 0
    }
    #[inline(always)]
    fn pick(mask: __m256, yes: Self, no: Self) -> Self {
        Self(instructions!(_mm256_blendv_ps(no.0, yes.0, mask)))
    }
    #[inline(always)]
    fn ordinary(self) -> __m256 {
        let size = self.size();
        Self::both(Self::splat(0.0).below(size), size.below(Self::splat(f64::INFINITY)))
    }
    #[inline(always)]
    fn power(self) -> Self {
        let integer = self + Self::splat(Self::INTEGER);
        Self(instructions!(_mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_add_epi32(
            _mm256_castps_si256(integer.0),
            _mm256_set1_epi32(127)
        )))))
    }
    #[inline(always)]
    fn scaled(self, exponent: Self) -> Self {
        scaled_in_two_steps(self, exponent)
    }
    #[inline(always)]
    fn scaled_far(self, exponent: Self) -> Self {
        scaled_in_two_steps(self, exponent)
    }
    #[inline(always)]
    fn exponent_of(self) -> Self {
        let biased = Self(instructions!(_mm256_cvtepi32_ps(_mm256_srli_epi32::<23>(_mm256_castps_si256(self.size().0)))));
        biased - Self::splat(127.0)
    }
    #[inline(always)]
    fn reciprocal_seed(self) -> Self {
        Self::splat(1.0) / self
    }
}

vector! {
    /// Four numbers of 64 bits.
    F64x4(__m256d) of f64 x 4, mask __m256d;
    splat _mm256_set1_pd, add _mm256_add_pd, sub _mm256_sub_pd, mul _mm256_mul_pd, div _mm256_div_pd, fused _mm256_fmadd_pd,
    max _mm256_max_pd, min _mm256_min_pd, root _mm256_sqrt_pd,
    and _mm256_and_pd, andnot _mm256_andnot_pd, or _mm256_or_pd, xor _mm256_xor_pd,
    load _mm256_loadu_pd, store _mm256_storeu_pd;

    #[inline(always)]
    fn below(self, other: Self) -> __m256d {
        instructions!(_mm256_cmp_pd::<_CMP_LT_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn not_above(self, other: Self) -> __m256d {
        instructions!(_mm256_cmp_pd::<_CMP_LE_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> __m256d {
        instructions!(_mm256_cmp_pd::<_CMP_EQ_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn both(a: __m256d, b: __m256d) -> __m256d {
        instructions!(_mm256_and_pd(a, b))
    }
    #[inline(always)]
    fn either(a: __m256d, b: __m256d) -> __m256d {
        instructions!(_mm256_or_pd(a, b))
    }
    #[inline(always)]
    fn any(mask: __m256d) -> bool {
        instructions!(_mm256_movemask_pd(mask)) != 0
    }
    #[inline(always)]
    fn pick(mask: __m256d, yes: Self, no: Self) -> Self {
        Self(instructions!(_mm256_blendv_pd(no.0, yes.0, mask)))
    }
    #[inline(always)]
    fn ordinary(self) -> __m256d {
        let size = self.size();
        Self::both(Self::splat(0.0).below(size), size.below(Self::splat(f64::INFINITY)))
    }
    #[inline(always)]
    fn power(self) -> Self {
        let integer = self + Self::splat(Self::INTEGER);
        Self(instructions!(_mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_add_epi64(
            _mm256_castpd_si256(integer.0),
            _mm256_set1_epi64x(1023)
        )))))
    }
    #[inline(always)]
    fn scaled(self, exponent: Self) -> Self {
        self * exponent.power()
    }
    #[inline(always)]
    fn scaled_far(self, exponent: Self) -> Self {
        scaled_in_two_steps(self, exponent)
    }
    #[inline(always)]
    fn exponent_of(self) -> Self {
        // There is no instruction for integers of 64 bits: put below 2^52 they are its last bits.
        const BINADE: f64 = 4503599627370496.0;
        let integer = Self(instructions!(_mm256_castsi256_pd(_mm256_srli_epi64::<52>(_mm256_castpd_si256(self.size().0)))));
        let above = Self(instructions!(_mm256_or_pd(integer.0, _mm256_set1_pd(BINADE))));
        above - Self::splat(BINADE + 1023.0)
    }
    #[inline(always)]
    fn reciprocal_seed(self) -> Self {
        Self(instructions!(_mm256_cvtps_pd(_mm_div_ps(_mm_set1_ps(1.0), _mm256_cvtpd_ps(self.0)))))
    }
    #[inline(always)]
    fn reciprocal_seeds([first, second]: [Self; 2]) -> [Self; 2] {
        let single = instructions!(join(first.0, second.0));
        let [first, second] = instructions!(widen(_mm256_div_ps(_mm256_set1_ps(1.0), single)));
        [Self(first), Self(second)]
    }
}

/// Eight numbers rounded to 32 bits.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn join(first: __m256d, second: __m256d) -> __m256 {
    _mm256_set_m128(_mm256_cvtpd_ps(second), _mm256_cvtpd_ps(first))
}

/// Eight numbers widened to 64 bits.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn widen(single: __m256) -> [__m256d; 2] {
    [
        _mm256_cvtps_pd(_mm256_castps256_ps128(single)),
        _mm256_cvtps_pd(_mm256_extractf128_ps::<1>(single)),
    ]
}

/// The nearest `f32` numbers where they are exact, else the neighbours whose last bit is 1: then a second rounding to a shorter type
/// is right.
#[cfg(feature = "half")]
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn joined_to_odd([first_true, second_true]: [__m256d; 2]) -> __m256 {
    let nearest = join(first_true, second_true);
    let [first, second] = widen(nearest);
    // The first half of each number of 64 bits in a mask says what the whole says.
    let join = |low: __m256d, high: __m256d| {
        let halves =
            _mm256_shuffle_ps::<0b10_00_10_00>(_mm256_castpd_ps(low), _mm256_castpd_ps(high));
        _mm256_castpd_si256(_mm256_permute4x64_pd::<0b11_01_10_00>(_mm256_castps_pd(
            halves,
        )))
    };
    let inexact = join(
        _mm256_cmp_pd::<_CMP_NEQ_OQ>(first, first_true),
        _mm256_cmp_pd::<_CMP_NEQ_OQ>(second, second_true),
    );
    let size = |x: __m256d| _mm256_andnot_pd(_mm256_set1_pd(-0.0), x);
    let beyond = join(
        _mm256_cmp_pd::<_CMP_GT_OQ>(size(first), size(first_true)),
        _mm256_cmp_pd::<_CMP_GT_OQ>(size(second), size(second_true)),
    );
    let (bits, one) = (_mm256_castps_si256(nearest), _mm256_set1_epi32(1));
    let even = _mm256_cmpeq_epi32(_mm256_and_si256(bits, one), _mm256_setzero_si256());
    // Minus 1 where the nearest lies beyond, else 1; nothing where it is exact or odd.
    let step = _mm256_or_si256(beyond, one);
    let step = _mm256_and_si256(step, _mm256_and_si256(inexact, even));
    _mm256_castsi256_ps(_mm256_add_epi32(bits, step))
}
