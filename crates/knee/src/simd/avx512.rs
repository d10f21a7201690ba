//! The registers of AVX-512.

#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the instructions have names of their own"
    )
)]
use core::arch::x86_64::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

use super::register::Register;
use super::vector::{instructions, vector};

/// Zeros, infinities and NaN.
const EXTRAORDINARY: i32 = 0x9f;

vector! {
    /// Sixteen numbers of 32 bits.
    F32x16(__m512) of f32 x 16, mask __mmask16;
    splat _mm512_set1_ps, add _mm512_add_ps, sub _mm512_sub_ps, mul _mm512_mul_ps, div _mm512_div_ps, fused _mm512_fmadd_ps,
    max _mm512_max_ps, min _mm512_min_ps, root _mm512_sqrt_ps,
    and _mm512_and_ps, andnot _mm512_andnot_ps, or _mm512_or_ps, xor _mm512_xor_ps,
    load _mm512_loadu_ps, store _mm512_storeu_ps;

    #[inline(always)]
    fn below(self, other: Self) -> __mmask16 {
        instructions!(_mm512_cmp_ps_mask::<_CMP_LT_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn not_above(self, other: Self) -> __mmask16 {
        instructions!(_mm512_cmp_ps_mask::<_CMP_LE_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> __mmask16 {
        instructions!(_mm512_cmp_ps_mask::<_CMP_EQ_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn both(a: __mmask16, b: __mmask16) -> __mmask16 {
        a & b
    }
    #[inline(always)]
    fn either(a: __mmask16, b: __mmask16) -> __mmask16 {
        a | b
    }
    #[inline(always)]
    fn any(mask: __mmask16) -> bool {
        mask != 0
    }
    #[inline(always)]
    fn pick(mask: __mmask16, yes: Self, no: Self) -> Self {
        Self(instructions!(_mm512_mask_blend_ps(mask, no.0, yes.0)))
    }
    #[inline(always)]
    fn ordinary(self) -> __mmask16 {
        !instructions!(_mm512_fpclass_ps_mask::<EXTRAORDINARY>(self.0))
    }
    #[inline(always)]
    fn power(self) -> Self {
        let integer = self + Self::splat(Self::INTEGER);
        Self(instructions!(_mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_add_epi32(
            _mm512_castps_si512(integer.0),
            _mm512_set1_epi32(127)
        )))))
    }
    #[inline(always)]
    fn scaled(self, exponent: Self) -> Self {
        Self(instructions!(_mm512_scalef_ps(self.0, exponent.0)))
    }
    #[inline(always)]
    fn scaled_far(self, exponent: Self) -> Self {
        self.scaled(exponent)
    }
    #[inline(always)]
    fn exponent_of(self) -> Self {
        let biased = Self(instructions!(_mm512_cvtepi32_ps(_mm512_srli_epi32::<23>(_mm512_castps_si512(self.size().0)))));
        biased - Self::splat(127.0)
    }
    #[inline(always)]
    fn reciprocal_seed(self) -> Self {
        Self::splat(1.0) / self
    }
}

vector! {
    /// Eight numbers of 64 bits.
    F64x8(__m512d) of f64 x 8, mask __mmask8;
    splat _mm512_set1_pd, add _mm512_add_pd, sub _mm512_sub_pd, mul _mm512_mul_pd, div _mm512_div_pd, fused _mm512_fmadd_pd,
    max _mm512_max_pd, min _mm512_min_pd, root _mm512_sqrt_pd,
    and _mm512_and_pd, andnot _mm512_andnot_pd, or _mm512_or_pd, xor _mm512_xor_pd,
    load _mm512_loadu_pd, store _mm512_storeu_pd;

    #[inline(always)]
    fn below(self, other: Self) -> __mmask8 {
        instructions!(_mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn not_above(self, other: Self) -> __mmask8 {
        instructions!(_mm512_cmp_pd_mask::<_CMP_LE_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> __mmask8 {
        instructions!(_mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self.0, other.0))
    }
    #[inline(always)]
    fn both(a: __mmask8, b: __mmask8) -> __mmask8 {
        a & b
    }
    #[inline(always)]
    fn either(a: __mmask8, b: __mmask8) -> __mmask8 {
        a | b
    }
    #[inline(always)]
    fn any(mask: __mmask8) -> bool {
        mask != 0
    }
    #[inline(always)]
    fn pick(mask: __mmask8, yes: Self, no: Self) -> Self {
        Self(instructions!(_mm512_mask_blend_pd(mask, no.0, yes.0)))
    }
    #[inline(always)]
    fn ordinary(self) -> __mmask8 {
        !instructions!(_mm512_fpclass_pd_mask::<EXTRAORDINARY>(self.0))
    }
    #[inline(always)]
    fn power(self) -> Self {
        let integer = self + Self::splat(Self::INTEGER);
        Self(instructions!(_mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_add_epi64(
            _mm512_castpd_si512(integer.0),
            _mm512_set1_epi64(1023)
        )))))
    }
    #[inline(always)]
    fn scaled(self, exponent: Self) -> Self {
        Self(instructions!(_mm512_scalef_pd(self.0, exponent.0)))
    }
    #[inline(always)]
    fn scaled_far(self, exponent: Self) -> Self {
        self.scaled(exponent)
    }
    #[inline(always)]
    fn exponent_of(self) -> Self {
        let biased = Self(instructions!(_mm512_cvtepi64_pd(_mm512_srli_epi64::<52>(_mm512_castpd_si512(self.size().0)))));
        biased - Self::splat(1023.0)
    }
    #[inline(always)]
    fn reciprocal_seed(self) -> Self {
        Self(instructions!(_mm512_cvtps_pd(_mm256_div_ps(_mm256_set1_ps(1.0), _mm512_cvtpd_ps(self.0)))))
    }
    #[inline(always)]
    fn reciprocal_seeds([first, second]: [Self; 2]) -> [Self; 2] {
        let single = instructions!(join(first.0, second.0));
        let [first, second] = instructions!(widen(_mm512_div_ps(_mm512_set1_ps(1.0), single)));
        [Self(first), Self(second)]
    }
}

/// Sixteen numbers rounded to 32 bits.
#[inline]
#[target_feature(enable = "avx512f,avx512dq")]
pub(super) fn join(first: __m512d, second: __m512d) -> __m512 {
    let low = _mm512_castps256_ps512(_mm512_cvtpd_ps(first));
    _mm512_insertf32x8::<1>(low, _mm512_cvtpd_ps(second))
}

/// Sixteen numbers widened to 64 bits.
#[inline]
#[target_feature(enable = "avx512f,avx512dq")]
pub(super) fn widen(single: __m512) -> [__m512d; 2] {
    [
        _mm512_cvtps_pd(_mm512_castps512_ps256(single)),
        _mm512_cvtps_pd(_mm512_extractf32x8_ps::<1>(single)),
    ]
}

/// The nearest `f32` numbers where they are exact, else the neighbours whose last bit is 1: then a second rounding to a shorter type
/// is right.
#[cfg(feature = "half")]
#[inline]
#[target_feature(enable = "avx512f,avx512dq")]
pub(super) fn joined_to_odd([first_true, second_true]: [__m512d; 2]) -> __m512 {
    let nearest = join(first_true, second_true);
    let [first, second] = widen(nearest);
    let join = |low: __mmask8, high: __mmask8| u16::from(low) | u16::from(high) << 8;
    let inexact = join(
        _mm512_cmp_pd_mask::<_CMP_NEQ_OQ>(first, first_true),
        _mm512_cmp_pd_mask::<_CMP_NEQ_OQ>(second, second_true),
    );
    let beyond = join(
        _mm512_cmp_pd_mask::<_CMP_GT_OQ>(_mm512_abs_pd(first), _mm512_abs_pd(first_true)),
        _mm512_cmp_pd_mask::<_CMP_GT_OQ>(_mm512_abs_pd(second), _mm512_abs_pd(second_true)),
    );
    let (bits, one) = (_mm512_castps_si512(nearest), _mm512_set1_epi32(1));
    let even = _mm512_testn_epi32_mask(bits, one);
    let below = _mm512_mask_sub_epi32(bits, inexact & even & beyond, bits, one);
    _mm512_castsi512_ps(_mm512_mask_add_epi32(
        below,
        inexact & even & !beyond,
        bits,
        one,
    ))
}
