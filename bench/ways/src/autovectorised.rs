//! The compiler makes the vectors: a loop over single numbers in a function with `target_feature`.

use crate::formula::{Formula, Gelu, InDouble, Lanes, Relu, Sigmoid, Single};
use crate::way::{Compiled, Level};

macro_rules! lanes {
    ($float:ident, $mantissa:literal, $bias:literal, $ln_2:expr) => {
        impl Lanes for $float {
            const ROUND: f64 = 1.5 * (1_u64 << $mantissa) as f64;
            const BIAS: f64 = $bias;
            const LN_2: &'static [f64] = $ln_2;

            #[inline(always)]
            fn splat(self, value: f64) -> Self {
                value as $float
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                self - other
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                self * other
            }
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                self / other
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                $float::mul_add(self, factor, term)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $float::abs(self)
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                if self > other { self } else { other }
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                if self < other { self } else { other }
            }
            #[inline(always)]
            fn if_negative(self, then: Self, otherwise: Self) -> Self {
                if self < 0.0 { then } else { otherwise }
            }
            #[inline(always)]
            fn to_exponent(self) -> Self {
                $float::from_bits(self.to_bits() << $mantissa)
            }
        }
    };
}

lanes!(f32, 23, 127.0, &crate::formula::LN_2_IN_TWO);
lanes!(f64, 52, 1023.0, &[std::f64::consts::LN_2]);

impl Single for f32 {
    #[inline(always)]
    fn in_double<F: InDouble>(self) -> Self {
        F::of(f64::from(self)) as f32
    }
}

#[inline(always)]
fn each<F: Formula>(x: &[f32], y: &mut [f32]) {
    assert_eq!(x.len(), y.len());
    for (x, y) in x.iter().zip(y) {
        *y = F::of(*x);
    }
}

macro_rules! level {
    ($name:ident, $features:literal) => {
        fn $name<F: Formula>(x: &[f32], y: &mut [f32]) {
            #[target_feature(enable = $features)]
            fn inner<F: Formula>(x: &[f32], y: &mut [f32]) {
                each::<F>(x, y);
            }
            // SAFETY: the program asks the processor before it calls a level's functions.
            unsafe { inner::<F>(x, y) }
        }
    };
}

level!(avx2, "avx2,fma");
level!(avx512, "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma");

pub(crate) const WAY: [Compiled; 2] = [
    Compiled {
        way: "autovectorised",
        level: Level::Avx2,
        functions: [avx2::<Relu>, avx2::<Sigmoid>, avx2::<Gelu>],
    },
    Compiled {
        way: "autovectorised",
        level: Level::Avx512,
        functions: [avx512::<Relu>, avx512::<Sigmoid>, avx512::<Gelu>],
    },
];
