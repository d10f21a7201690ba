//! Own thin types over the intrinsics of `core::arch`: one type for each level and element.
//!
//! A vector is made by `load` only, which the program reaches after asking the processor.

#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the intrinsics' names say where they are from"
    )
)]
use core::arch::x86_64::*;

use crate::explicit::{Vectors, each};
use crate::formula::{Formula, Gelu, InDouble, LN_2_IN_TWO, Lanes, Relu, Sigmoid, Single};
use crate::way::{Compiled, Level};

/// One of the level's instructions.
macro_rules! instruction {
    ($result:expr) => {
        // SAFETY: where there is a vector there are the level's instructions.
        unsafe { $result }
    };
}

macro_rules! lanes {
    (
        $name:ident($register:ident), $float:ident, $mantissa:literal, $bias:literal, $ln_2:expr,
        $set:ident, $add:ident, $sub:ident, $mul:ident, $div:ident, $fma:ident, $max:ident, $min:ident,
        $abs:expr, $select:expr, $shift:expr
    ) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name($register);

        impl Lanes for $name {
            const ROUND: f64 = 1.5 * (1_u64 << $mantissa) as f64;
            const BIAS: f64 = $bias;
            const LN_2: &'static [f64] = $ln_2;

            #[inline(always)]
            fn splat(self, value: f64) -> Self {
                Self(instruction!($set(value as $float)))
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(instruction!($add(self.0, other.0)))
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Self(instruction!($sub(self.0, other.0)))
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                Self(instruction!($mul(self.0, other.0)))
            }
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                Self(instruction!($div(self.0, other.0)))
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                Self(instruction!($fma(self.0, factor.0, term.0)))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Self(instruction!($abs(self.0)))
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                Self(instruction!($max(self.0, other.0)))
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                Self(instruction!($min(self.0, other.0)))
            }
            #[inline(always)]
            fn if_negative(self, then: Self, otherwise: Self) -> Self {
                Self(instruction!($select(self.0, then.0, otherwise.0)))
            }
            #[inline(always)]
            fn to_exponent(self) -> Self {
                Self(instruction!($shift(self.0)))
            }
        }
    };
}

lanes!(
    F32x16(__m512),
    f32,
    23,
    127.0,
    &LN_2_IN_TWO,
    _mm512_set1_ps,
    _mm512_add_ps,
    _mm512_sub_ps,
    _mm512_mul_ps,
    _mm512_div_ps,
    _mm512_fmadd_ps,
    _mm512_max_ps,
    _mm512_min_ps,
    |x| _mm512_abs_ps(x),
    |x, then, otherwise| _mm512_mask_blend_ps(
        _mm512_cmp_ps_mask::<_CMP_LT_OQ>(x, _mm512_setzero_ps()),
        otherwise,
        then,
    ),
    |x| _mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_castps_si512(x)))
);
lanes!(
    F64x8(__m512d),
    f64,
    52,
    1023.0,
    &[std::f64::consts::LN_2],
    _mm512_set1_pd,
    _mm512_add_pd,
    _mm512_sub_pd,
    _mm512_mul_pd,
    _mm512_div_pd,
    _mm512_fmadd_pd,
    _mm512_max_pd,
    _mm512_min_pd,
    |x| _mm512_abs_pd(x),
    |x, then, otherwise| _mm512_mask_blend_pd(
        _mm512_cmp_pd_mask::<_CMP_LT_OQ>(x, _mm512_setzero_pd()),
        otherwise,
        then,
    ),
    |x| _mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_castpd_si512(x)))
);
lanes!(
    F32x8(__m256),
    f32,
    23,
    127.0,
    &LN_2_IN_TWO,
    _mm256_set1_ps,
    _mm256_add_ps,
    _mm256_sub_ps,
    _mm256_mul_ps,
    _mm256_div_ps,
    _mm256_fmadd_ps,
    _mm256_max_ps,
    _mm256_min_ps,
    |x| _mm256_andnot_ps(_mm256_set1_ps(-0.0), x),
    |x, then, otherwise| _mm256_blendv_ps(
        otherwise,
        then,
        _mm256_cmp_ps::<_CMP_LT_OQ>(x, _mm256_setzero_ps()),
    ),
    |x| _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(x)))
);
lanes!(
    F64x4(__m256d),
    f64,
    52,
    1023.0,
    &[std::f64::consts::LN_2],
    _mm256_set1_pd,
    _mm256_add_pd,
    _mm256_sub_pd,
    _mm256_mul_pd,
    _mm256_div_pd,
    _mm256_fmadd_pd,
    _mm256_max_pd,
    _mm256_min_pd,
    |x| _mm256_andnot_pd(_mm256_set1_pd(-0.0), x),
    |x, then, otherwise| _mm256_blendv_pd(
        otherwise,
        then,
        _mm256_cmp_pd::<_CMP_LT_OQ>(x, _mm256_setzero_pd()),
    ),
    |x| _mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_castpd_si256(x)))
);

impl Single for F32x16 {
    #[inline(always)]
    fn in_double<F: InDouble>(self) -> Self {
        // SAFETY: where there is a vector there are the level's instructions.
        unsafe {
            let low = _mm512_cvtps_pd(_mm512_castps512_ps256(self.0));
            let high = _mm512_cvtps_pd(_mm512_extractf32x8_ps::<1>(self.0));
            let low = _mm512_cvtpd_ps(F::of(F64x8(low)).0);
            let high = _mm512_cvtpd_ps(F::of(F64x8(high)).0);
            Self(_mm512_insertf32x8::<1>(_mm512_castps256_ps512(low), high))
        }
    }
}

impl Single for F32x8 {
    #[inline(always)]
    fn in_double<F: InDouble>(self) -> Self {
        // SAFETY: where there is a vector there are the level's instructions.
        unsafe {
            let low = _mm256_cvtps_pd(_mm256_castps256_ps128(self.0));
            let high = _mm256_cvtps_pd(_mm256_extractf128_ps::<1>(self.0));
            let low = _mm256_cvtpd_ps(F::of(F64x4(low)).0);
            let high = _mm256_cvtpd_ps(F::of(F64x4(high)).0);
            Self(_mm256_insertf128_ps::<1>(_mm256_castps128_ps256(low), high))
        }
    }
}

macro_rules! level {
    ($name:ident, $token:ident, $features:literal, $vector:ident, $width:literal, $load:ident, $store:ident) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $token(());

        impl Vectors for $token {
            type Vector = $vector;
            const WIDTH: usize = $width;

            #[inline(always)]
            fn load(self, x: &[f32]) -> $vector {
                assert_eq!(x.len(), $width);
                // SAFETY: the length was looked at; a token is made where the instructions are there.
                $vector(unsafe { $load(x.as_ptr()) })
            }
            #[inline(always)]
            fn store(self, vector: $vector, y: &mut [f32]) {
                assert_eq!(y.len(), $width);
                // SAFETY: as above.
                unsafe { $store(y.as_mut_ptr(), vector.0) }
            }
        }

        fn $name<F: Formula>(x: &[f32], y: &mut [f32]) {
            #[target_feature(enable = $features)]
            fn inner<F: Formula>(x: &[f32], y: &mut [f32]) {
                each::<$token, F>($token(()), x, y);
            }
            // SAFETY: the program asks the processor before it calls a level's functions.
            unsafe { inner::<F>(x, y) }
        }
    };
}

level!(
    avx2,
    Avx2,
    "avx2,fma",
    F32x8,
    8,
    _mm256_loadu_ps,
    _mm256_storeu_ps
);
level!(
    avx512,
    Avx512,
    "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma",
    F32x16,
    16,
    _mm512_loadu_ps,
    _mm512_storeu_ps
);

pub(crate) const WAY: [Compiled; 2] = [
    Compiled {
        way: "own types",
        level: Level::Avx2,
        functions: [avx2::<Relu>, avx2::<Sigmoid>, avx2::<Gelu>],
    },
    Compiled {
        way: "own types",
        level: Level::Avx512,
        functions: [avx512::<Relu>, avx512::<Sigmoid>, avx512::<Gelu>],
    },
];
