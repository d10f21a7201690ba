//! The lanes of numbers as a processor has them, one or a register full: 53 bits for the exact tier, 24 for the fast one.

use crate::lane::{Exponential, Lane, Polynomial};
use crate::simd::Register;

/// `1 / ln 2`.
pub(crate) const LOG2_E: f64 = 1.4426950408889634;

/// What the lanes of one number, `f64` and `f32`, and of registers full of them have in common.
macro_rules! plain {
    () => {
        type Mask = <Self as Register>::Mask;

        #[inline(always)]
        fn of(constant: f64) -> Self {
            Self::splat(constant)
        }
        #[inline(always)]
        fn mul_add(self, factor: Self, addend: Self) -> Self {
            self.fused(factor, addend)
        }
        #[inline(always)]
        fn abs(self) -> Self {
            self.size()
        }
        #[inline(always)]
        fn copysign(self, sign: Self) -> Self {
            self.with_sign_of(sign)
        }
        #[inline(always)]
        fn lt(self, other: Self) -> Self::Mask {
            self.below(other)
        }
        #[inline(always)]
        fn le(self, other: Self) -> Self::Mask {
            self.not_above(other)
        }
        #[inline(always)]
        fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
            Self::pick(mask, yes, no)
        }
        #[inline(always)]
        fn at_least(self, bound: f64) -> Self {
            self.raised(Self::splat(bound))
        }
        #[inline(always)]
        fn at_most(self, bound: f64) -> Self {
            self.lowered(Self::splat(bound))
        }
        #[inline(always)]
        fn larger(self, other: Self) -> Self {
            self.raised(other)
        }
        #[inline(always)]
        fn round(self) -> Self {
            let integer = Self::splat(Self::INTEGER);
            (self + integer) - integer
        }
        #[inline(always)]
        fn scale(self, exponent: Self) -> Self {
            self.scaled(exponent)
        }
        #[inline(always)]
        fn exponent(self) -> Self {
            self.exponent_of()
        }
        #[inline(always)]
        fn sqrt(self) -> Self {
            self.root()
        }
    };
}

/// The lane of 53 bits, in which numbers of 32 and 16 bits are evaluated.
macro_rules! double {
    ($type:ty) => {
        impl Lane for $type {
            plain!();

            // Results of `f32` are between e^-104 and e^89.
            const REACH: f64 = 700.0;
            const DIGITS: u32 = 53;

            #[inline(always)]
            fn of_pair(head: f64, _: f64) -> Self {
                Self::splat(head)
            }
            #[inline(always)]
            fn subtracted_from(self, constant: [f64; 3]) -> Self {
                // Beside the constant the difference is exact, and the second part is the last that 53 bits can hold.
                (Self::splat(constant[0]) - self) + Self::splat(constant[1])
            }
            #[inline(always)]
            fn product(exponential: Exponential<Self>, factor: Self) -> Self {
                // The exponential itself is far from the end of the range, and often wanted anyway.
                exponential.mantissa.scaled(exponential.exponent) * factor
            }
            #[inline(always)]
            fn over(self, divisor: Self) -> Self {
                // One step of Newton's iteration: 2^-45, far below the last digit of an `f32`.
                let seed = divisor.reciprocal_seed();
                let error = (-divisor).fused(seed, Self::splat(1.0));
                self * seed.fused(error, seed)
            }
            #[inline(always)]
            fn modulo_ln_2(self) -> (Self, Self) {
                let integer = Self::splat(Self::INTEGER);
                let n = self.fused(Self::splat($crate::lane::LOG2_E), integer) - integer;
                (n, n.fused(Self::splat(-$crate::elementary::LN_2.0), self))
            }
            #[inline(always)]
            fn exp_of_half_square(self) -> Exponential<Self> {
                // With twice the exponent, which needs no product of its own.
                let integer = Self::splat(Self::INTEGER);
                let square = self * self;
                let n = square.fused(Self::splat(-0.5 * $crate::lane::LOG2_E), integer) - integer;
                let twice = n.fused(Self::splat(-2.0 * $crate::elementary::LN_2.0), -square);
                let quotient = $crate::lane::polynomial(twice, &$crate::elementary::HALF_EXP_M1);
                Exponential {
                    mantissa: twice.fused(quotient, Self::splat(1.0)),
                    excess: twice * quotient,
                    exponent: n,
                }
            }
            #[inline(always)]
            fn turn(self, omega: f64) -> (Self, Self::Mask, Self::Mask) {
                match $crate::elementary::turn(self, omega) {
                    Some(turn) => turn,
                    None => $crate::elementary::turn_one_by_one(self, omega),
                }
            }
            #[inline(always)]
            fn polynomial<const S: usize, const H: usize, const T: usize>(
                self,
                polynomial: &Polynomial<S, H, T>,
            ) -> Self {
                $crate::lane::polynomial(self, &polynomial.single)
            }
        }
    };
}

/// The lane of 24 bits, in which the fast tier of `f32` is evaluated.
macro_rules! single {
    ($type:ty) => {
        impl Lane for $type {
            plain!();

            const REACH: f64 = 120.0;
            const DIGITS: u32 = 24;

            #[inline(always)]
            fn of_pair(head: f64, tail: f64) -> Self {
                Self::splat(head + tail)
            }
            #[inline(always)]
            fn subtracted_from(self, constant: [f64; 3]) -> Self {
                let first = constant[0] as f32;
                let second = (constant[0] - f64::from(first)) as f32;
                (Self::splat(f64::from(first)) - self) + Self::splat(f64::from(second))
            }
            #[inline(always)]
            fn modulo_ln_2(self) -> (Self, Self) {
                // The first part has 12 bits, so that its product with `n` is exact; the second is not negative, so that -0.0 stays.
                const PARTS: [f64; 2] = [0.693115234375, 3.194618494530942e-05];
                let integer = Self::splat(Self::INTEGER);
                let n = self.fused(Self::splat($crate::lane::LOG2_E), integer) - integer;
                let rest = n.fused(Self::splat(-PARTS[0]), self);
                (n, n.fused(Self::splat(-PARTS[1]), rest))
            }
            #[inline(always)]
            fn product(exponential: Exponential<Self>, factor: Self) -> Self {
                // The mantissa has been rounded; the excess has not.
                exponential
                    .excess
                    .fused(factor, factor)
                    .scaled(exponential.exponent)
            }
            #[inline(always)]
            fn within(self, bound: f64, sign: Self) -> Self {
                self.raised(Self::splat(bound)).with_sign_of(sign)
            }
            #[inline(always)]
            fn inverse_of_sum(self, lost: Self) -> (Self, Self) {
                let inverse = Self::splat(1.0) / self;
                let error = inverse.fused(lost, inverse.fused(self, Self::splat(-1.0)));
                (inverse, -(inverse * error))
            }
            #[inline(always)]
            fn exp_of_half_square(self) -> Exponential<Self> {
                let half = self * Self::splat(-0.5);
                let product = half * self;
                $crate::elementary::exp_of_sum(product, self.fused(half, -product))
            }
            #[inline(always)]
            fn exp_of_falling_square(self) -> Exponential<Self> {
                let square = -(self * self);
                $crate::elementary::exp_within_reach(square, -self.fused(self, square))
            }
            #[inline(always)]
            fn exp_of_multiple(self, factor: f64) -> Exponential<Self> {
                let [first, second] = $crate::lane::parts(factor);
                let product = self * first;
                let error = self.fused(second, self.fused(first, -product));
                $crate::elementary::exp_within_reach(product, error)
            }
            #[inline(always)]
            fn exp_of_cubic(self, linear: (f64, f64), cubic: (f64, f64)) -> Exponential<Self> {
                let ([linear, linear_rest], [cubic, cubic_rest]): ([Self; 2], [Self; 2]) =
                    ($crate::lane::parts(linear.0), $crate::lane::parts(cubic.0));
                let square = self * self;
                let square_error = self.fused(self, -square);
                let term = cubic * square;
                let term_error = cubic.fused(square_error, cubic.fused(square, -term));
                let factor = term + linear;
                let part = factor - term;
                let lost = (term - (factor - part)) + (linear - part);
                let factor_error = (lost + linear_rest) + cubic_rest.fused(square, term_error);
                let product = self * factor;
                let error = self.fused(factor, -product) + self * factor_error;
                $crate::elementary::exp_within_reach(product, error)
            }
            #[inline(always)]
            fn turn(self, omega: f64) -> (Self, Self::Mask, Self::Mask) {
                $crate::elementary::turn_one_by_one(self, omega)
            }
            #[inline(always)]
            fn polynomial<const S: usize, const H: usize, const T: usize>(
                self,
                polynomial: &Polynomial<S, H, T>,
            ) -> Self {
                if polynomial.quick.is_empty() {
                    $crate::lane::short(self, &polynomial.single)
                } else {
                    $crate::lane::short(self, polynomial.quick)
                }
            }
        }
    };
}

/// A constant as the sum of two numbers of 24 bits.
#[inline(always)]
pub(crate) fn parts<R: Register>(constant: f64) -> [R; 2] {
    let first = f64::from(constant as f32);
    [R::splat(first), R::splat(constant - first)]
}

/// The polynomial with these coefficients, in ascending order: even and odd powers apart, which are two short chains of operations
/// instead of a long one.
#[inline(always)]
pub(crate) fn polynomial<R: Register>(x: R, coefficients: &[f64]) -> R {
    let square = x * x;
    let (even, odd) = (
        chain(square, coefficients, 0),
        chain(square, coefficients, 1),
    );
    odd.fused(x, even)
}

/// The same where a rounding of either half would be seen: the first two coefficients come last.
#[inline(always)]
pub(crate) fn short<R: Register>(x: R, coefficients: &[f64]) -> R {
    let (first, rest) = coefficients.split_at(2);
    if rest.len() < 2 {
        return polynomial(x, coefficients);
    }
    let rest = polynomial(x, rest).fused(x, R::splat(first[1]));
    rest.fused(x, R::splat(first[0]))
}

/// The polynomial with every other coefficient, from one on; a polynomial has two coefficients at least.
#[inline(always)]
fn chain<R: Register>(square: R, coefficients: &[f64], from: usize) -> R {
    let mut sum = R::splat(0.0);
    let mut first = true;
    // A plain loop over every index, which the compiler unrolls.
    for index in (0..coefficients.len()).rev() {
        if index % 2 == from {
            let coefficient = R::splat(coefficients[index]);
            sum = if first {
                coefficient
            } else {
                sum.fused(square, coefficient)
            };
            first = false;
        }
    }
    sum
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
pub(crate) use {double, plain, single};

double!(f64);
single!(f32);
