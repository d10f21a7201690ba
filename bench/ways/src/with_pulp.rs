//! The crate `pulp`: the trait `Simd` over its levels, and what the trait has not from the levels themselves.

use pulp::x86::{V3, V4};
use pulp::{NullaryFnOnce, Simd, bytemuck, f32x4, f32x8};

use crate::explicit::{Vectors, each};
use crate::formula::{Formula, Gelu, InDouble, LN_2_IN_TWO, Lanes, Relu, Sigmoid, Single};
use crate::way::{Compiled, Level};

/// What `Simd` has not: shifts of both widths by a constant.
pub(crate) trait Shift: Simd {
    fn shift_singles(self, bits: Self::u32s) -> Self::u32s;
    fn shift_doubles(self, bits: Self::u64s) -> Self::u64s;
}

macro_rules! lanes {
    (
        $name:ident($vector:ident), $float:ident, $mantissa:literal, $bias:literal, $ln_2:expr,
        $splat:ident, $add:ident, $sub:ident, $mul:ident, $div:ident, $fma:ident, $abs:ident, $max:ident, $min:ident,
        $less:ident, $select:ident, $to_bits:ident, $from_bits:ident, $shift:ident
    ) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name<S: Shift>(S, S::$vector);

        impl<S: Shift> Lanes for $name<S> {
            const ROUND: f64 = 1.5 * (1_u64 << $mantissa) as f64;
            const BIAS: f64 = $bias;
            const LN_2: &'static [f64] = $ln_2;

            #[inline(always)]
            fn splat(self, value: f64) -> Self {
                Self(self.0, self.0.$splat(value as $float))
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(self.0, self.0.$add(self.1, other.1))
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Self(self.0, self.0.$sub(self.1, other.1))
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                Self(self.0, self.0.$mul(self.1, other.1))
            }
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                Self(self.0, self.0.$div(self.1, other.1))
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                Self(self.0, self.0.$fma(self.1, factor.1, term.1))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Self(self.0, self.0.$abs(self.1))
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                Self(self.0, self.0.$max(self.1, other.1))
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                Self(self.0, self.0.$min(self.1, other.1))
            }
            #[inline(always)]
            fn if_negative(self, then: Self, otherwise: Self) -> Self {
                let negative = self.0.$less(self.1, self.0.$splat(0.0));
                Self(self.0, self.0.$select(negative, then.1, otherwise.1))
            }
            #[inline(always)]
            fn to_exponent(self) -> Self {
                let bits = self.0.$to_bits(self.1);
                Self(self.0, self.0.$from_bits(self.0.$shift(bits)))
            }
        }
    };
}

lanes!(
    Singles(f32s),
    f32,
    23,
    127.0,
    &LN_2_IN_TWO,
    splat_f32s,
    add_f32s,
    sub_f32s,
    mul_f32s,
    div_f32s,
    mul_add_f32s,
    abs_f32s,
    max_f32s,
    min_f32s,
    less_than_f32s,
    select_f32s,
    transmute_u32s_f32s,
    transmute_f32s_u32s,
    shift_singles
);
lanes!(
    Doubles(f64s),
    f64,
    52,
    1023.0,
    &[std::f64::consts::LN_2],
    splat_f64s,
    add_f64s,
    sub_f64s,
    mul_f64s,
    div_f64s,
    mul_add_f64s,
    abs_f64s,
    max_f64s,
    min_f64s,
    less_than_f64s,
    select_f64s,
    transmute_u64s_f64s,
    transmute_f64s_u64s,
    shift_doubles
);

macro_rules! level {
    ($name:ident, $token:ident, $half:ident, $width:literal, $widen:ident, $narrow:ident, $shift_singles:ident, $shift_doubles:ident) => {
        impl Shift for $token {
            #[inline(always)]
            fn shift_singles(self, bits: Self::u32s) -> Self::u32s {
                self.$shift_singles::<23>(bits)
            }
            #[inline(always)]
            fn shift_doubles(self, bits: Self::u64s) -> Self::u64s {
                self.$shift_doubles::<52>(bits)
            }
        }

        impl Single for Singles<$token> {
            #[inline(always)]
            fn in_double<F: InDouble>(self) -> Self {
                // No `map`: its closure would be a function without the level's instructions.
                let [low, high]: [$half; 2] = bytemuck::cast(self.1);
                let low = F::of(Doubles(self.0, self.0.$widen(low))).1;
                let high = F::of(Doubles(self.0, self.0.$widen(high))).1;
                let results = [self.0.$narrow(low), self.0.$narrow(high)];
                Self(self.0, bytemuck::cast(results))
            }
        }

        impl Vectors for $token {
            type Vector = Singles<$token>;
            const WIDTH: usize = $width;

            #[inline(always)]
            fn load(self, x: &[f32]) -> Self::Vector {
                Singles(self, Self::as_simd_f32s(x).0[0])
            }
            #[inline(always)]
            fn store(self, vector: Self::Vector, y: &mut [f32]) {
                Self::as_mut_simd_f32s(y).0[0] = vector.1;
            }
        }

        fn $name<F: Formula>(x: &[f32], y: &mut [f32]) {
            struct Call<'slices, F>(
                $token,
                &'slices [f32],
                &'slices mut [f32],
                std::marker::PhantomData<F>,
            );

            impl<F: Formula> NullaryFnOnce for Call<'_, F> {
                type Output = ();

                #[inline(always)]
                fn call(self) {
                    each::<$token, F>(self.0, self.1, self.2);
                }
            }

            let token = $token::try_new().expect("the level is there");
            token.vectorize(Call::<F>(token, x, y, std::marker::PhantomData));
        }
    };
}

level!(
    avx2,
    V3,
    f32x4,
    8,
    convert_f32x4_to_f64x4,
    convert_f64x4_to_f32x4,
    shl_const_u32x8,
    shl_const_u64x4
);
level!(
    avx512,
    V4,
    f32x8,
    16,
    convert_f32x8_to_f64x8,
    convert_f64x8_to_f32x8,
    shl_const_u32x16,
    shl_const_u64x8
);

pub(crate) const WAY: [Compiled; 2] = [
    Compiled {
        way: "pulp",
        level: Level::Avx2,
        functions: [avx2::<Relu>, avx2::<Sigmoid>, avx2::<Gelu>],
    },
    Compiled {
        way: "pulp",
        level: Level::Avx512,
        functions: [avx512::<Relu>, avx512::<Sigmoid>, avx512::<Gelu>],
    },
];
