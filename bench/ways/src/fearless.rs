//! The crate `fearless_simd`: vectors of the level's native width.

use fearless_simd::prelude::*;
use fearless_simd::x86::{Avx2, Avx512};
use fearless_simd::{Level as Detected, f32x8, f32x16, f64x4, f64x8};

use crate::explicit::{Vectors, each};
use crate::formula::{Formula, Gelu, InDouble, LN_2_IN_TWO, Lanes, Relu, Sigmoid, Single};
use crate::way::{Compiled, Level};

macro_rules! lanes {
    ($name:ident($vector:ident<$token:ident>), $float:ident, $mantissa:literal, $bias:literal, $ln_2:expr) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name($vector<$token>);

        impl Lanes for $name {
            const ROUND: f64 = 1.5 * (1_u64 << $mantissa) as f64;
            const BIAS: f64 = $bias;
            const LN_2: &'static [f64] = $ln_2;

            #[inline(always)]
            fn splat(self, value: f64) -> Self {
                Self($vector::splat(self.0.token(), value as $float))
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                Self(self.0 * other.0)
            }
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                Self(self.0 / other.0)
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                Self(self.0.mul_add_precise(factor.0, term.0))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Self(self.0.abs())
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }
            #[inline(always)]
            fn if_negative(self, then: Self, otherwise: Self) -> Self {
                Self(self.0.simd_lt(0.0).select(then.0, otherwise.0))
            }
            #[inline(always)]
            fn to_exponent(self) -> Self {
                Self($vector::from_bits(self.0.to_bits() << $mantissa))
            }
        }
    };
}

lanes!(F32x16(f32x16<Avx512>), f32, 23, 127.0, &LN_2_IN_TWO);
lanes!(
    F64x8(f64x8<Avx512>),
    f64,
    52,
    1023.0,
    &[std::f64::consts::LN_2]
);
lanes!(F32x8(f32x8<Avx2>), f32, 23, 127.0, &LN_2_IN_TWO);
lanes!(
    F64x4(f64x4<Avx2>),
    f64,
    52,
    1023.0,
    &[std::f64::consts::LN_2]
);

macro_rules! level {
    ($name:ident, $token:ident, $as_token:ident, $vector:ident($inner:ident), $double:ident) => {
        impl Single for $vector {
            #[inline(always)]
            fn in_double<F: InDouble>(self) -> Self {
                let (low, high) = self.0.widen();
                Self(F::of($double(low)).0.narrow(F::of($double(high)).0))
            }
        }

        impl Vectors for $token {
            type Vector = $vector;
            const WIDTH: usize = $inner::<$token>::LEN;

            #[inline(always)]
            fn load(self, x: &[f32]) -> $vector {
                $vector($inner::from_slice(self, x))
            }
            #[inline(always)]
            fn store(self, vector: $vector, y: &mut [f32]) {
                vector.0.store_slice(y);
            }
        }

        fn $name<F: Formula>(x: &[f32], y: &mut [f32]) {
            let token = Detected::new().$as_token().expect("the level is there");
            token.vectorize(
                #[inline(always)]
                || each::<$token, F>(token, x, y),
            );
        }
    };
}

level!(avx2, Avx2, as_avx2, F32x8(f32x8), F64x4);
level!(avx512, Avx512, as_avx512, F32x16(f32x16), F64x8);

pub(crate) const WAY: [Compiled; 2] = [
    Compiled {
        way: "fearless_simd",
        level: Level::Avx2,
        functions: [avx2::<Relu>, avx2::<Sigmoid>, avx2::<Gelu>],
    },
    Compiled {
        way: "fearless_simd",
        level: Level::Avx512,
        functions: [avx512::<Relu>, avx512::<Sigmoid>, avx512::<Gelu>],
    },
];
