//! What a formula may use: the operations of a [`Lane`].
//!
//! A formula of this crate is written once, generic over a lane, without branches and without any call to the platform's
//! mathematics library. A lane is something that behaves like a real number: an [`f64`], a [`Pair`](crate::Pair) of them,
//! a [`Dual`](crate::Dual) number; a vector register would be one as well.
//!
//! Every operation has the same bits on every machine. `a * b + c` is always two roundings; [`Lane::mul_add`] is always one.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::elementary;

/// A polynomial with coefficients in ascending order, in the two forms that the lanes need.
#[derive(Clone, Copy, Debug)]
pub struct Polynomial<const SINGLE: usize, const HEAD: usize, const TAIL: usize> {
    /// The coefficients for a lane of 53 bits: a fit of its own, with fewer terms.
    pub single: [f64; SINGLE],
    /// The coefficients of the fast tier: fewer still, for results of 24 bits; none if it takes `single`.
    pub quick: &'static [f64],
    /// The first coefficients for a lane of more than 53 bits, each as a sum of two numbers.
    pub head: [(f64, f64); HEAD],
    /// The coefficients that follow `head`; their terms are so small that 53 bits are enough.
    pub tail: [f64; TAIL],
}

/// `exp(y)` as `mantissa * 2^exponent`, the mantissa between 0.7 and 1.42.
///
/// A tail such as `x * exp(x)` is the mantissa times something of moderate size, scaled at the very end: so it keeps all
/// its digits where `exp(x)` alone is subnormal or zero.
#[derive(Clone, Copy, Debug)]
pub struct Exponential<L> {
    /// Between 0.7 and 1.42.
    pub mantissa: L,
    /// An integer.
    pub exponent: L,
}

impl<L: Lane> Exponential<L> {
    /// The number itself.
    #[inline(always)]
    pub fn value(self) -> L {
        self.mantissa.scale(self.exponent)
    }

    /// The number times `factor`, scaled last.
    #[inline(always)]
    pub fn times(self, factor: L) -> L {
        (self.mantissa * factor).scale(self.exponent)
    }
}

/// A real number as formulas see it: an [`f64`], a [`Pair`](crate::Pair), a [`Dual`](crate::Dual).
///
/// Every operation has the same bits on every machine. `a * b + c` is two roundings; [`Lane::mul_add`] is one.
///
/// NaN: arithmetic propagates it; a comparison with it is false; `at_least` and `at_most` keep it.
pub trait Lane:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The answer of a comparison.
    type Mask: Copy;

    /// `exp` does not tell arguments apart whose absolute value is larger: there the results of the type that is evaluated in
    /// this lane are zero or infinite. `exp(2 REACH)` need not be in the range of [`Lane::scale`].
    const REACH: f64;

    /// A constant.
    fn of(constant: f64) -> Self;
    /// The constant `head + tail`; a lane of 53 bits keeps the head.
    fn of_pair(head: f64, tail: f64) -> Self;
    /// `constant - self` for a constant in three parts, so that all digits are right even where only the third is left.
    #[inline(always)]
    #[must_use]
    fn subtracted_from(self, constant: [f64; 3]) -> Self {
        (Self::of_pair(constant[0], constant[1]) - self) + Self::of(constant[2])
    }
    /// `self * factor + addend` with one rounding.
    #[must_use]
    fn mul_add(self, factor: Self, addend: Self) -> Self;
    /// The absolute value.
    #[must_use]
    fn abs(self) -> Self;
    /// The absolute value of `self` with the sign of `sign`, which may be a zero or NaN.
    #[must_use]
    fn copysign(self, sign: Self) -> Self;
    /// `self < other`, false if either is NaN.
    fn lt(self, other: Self) -> Self::Mask;
    /// `self <= other`, false if either is NaN.
    fn le(self, other: Self) -> Self::Mask;
    /// `yes` where the mask is true, else `no`. Both sides have been computed.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// The nearest integer, ties to even, for `|self| < 2^51`.
    #[must_use]
    fn round(self) -> Self;
    /// `self * 2^exponent` for an integer as large as `exp` gives it; one rounding where the result is subnormal.
    #[must_use]
    fn scale(self, exponent: Self) -> Self;
    /// The integer `k` with `2^k <= |self| < 2^(k+1)`, for a normal number.
    #[must_use]
    fn exponent(self) -> Self;
    /// The square root, for a number that is zero, infinite or between `2^-900` and `2^1000`; NaN below zero.
    #[must_use]
    fn sqrt(self) -> Self;
    /// The polynomial at `self`.
    #[must_use]
    fn polynomial<const S: usize, const H: usize, const T: usize>(
        self,
        polynomial: &Polynomial<S, H, T>,
    ) -> Self;
    /// `omega * self` without its quarter turns, for every finite product, however large: the rest, at most `pi/4` and a little
    /// more in absolute value; whether the number of quarter turns is odd; and whether it is 2 or 3 modulo 4.
    fn turn(self, omega: f64) -> (Self, Self::Mask, Self::Mask);

    /// `sin(omega * self)` and `cos(omega * self)` for every finite product, however large.
    #[inline(always)]
    fn sin_cos(self, omega: f64) -> (Self, Self) {
        let (rest, odd, half) = self.turn(omega);
        elementary::sin_cos(rest, odd, half)
    }

    /// The larger of `self` and `bound`; NaN stays NaN, and a zero keeps its sign beside a zero bound.
    #[inline(always)]
    #[must_use]
    fn at_least(self, bound: f64) -> Self {
        Self::select(self.lt(Self::of(bound)), Self::of(bound), self)
    }

    /// The smaller of `self` and `bound`; NaN stays NaN, and a zero keeps its sign beside a zero bound.
    #[inline(always)]
    #[must_use]
    fn at_most(self, bound: f64) -> Self {
        Self::select(Self::of(bound).lt(self), Self::of(bound), self)
    }

    /// `exp(self)`, not yet scaled.
    #[inline(always)]
    fn exp(self) -> Exponential<Self> {
        elementary::exp(self)
    }

    /// `exp(self) - 1` for `self <= 700`, without cancellation near 0.
    #[inline(always)]
    #[must_use]
    fn exp_m1(self) -> Self {
        elementary::exp_m1(self)
    }
}

/// `2^exponent` for an integer between -1022 and 1023, from the bits of a float: branch-free and the same everywhere.
#[inline(always)]
fn power_of_two(exponent: f64) -> f64 {
    f64::from_bits((exponent + INTEGER).to_bits().wrapping_add(1023) << 52)
}

/// `x * 2^exponent` for an integer `|exponent| <= 2044`, in two steps of which only the second may round.
#[inline(always)]
pub(crate) fn scale_far(x: f64, exponent: f64) -> f64 {
    let half = Lane::round(exponent * 0.5);
    x * power_of_two(half) * power_of_two(exponent - half)
}

/// `1.5 * 2^52`: adding it rounds to an integer, which is then in the low bits.
const INTEGER: f64 = 6755399441055744.0;

impl Lane for f64 {
    type Mask = bool;

    // The lane of f32, whose results are between e^-104 and e^89.
    const REACH: f64 = 700.0;

    #[inline(always)]
    fn of(constant: f64) -> Self {
        constant
    }
    #[inline(always)]
    fn of_pair(head: f64, _: f64) -> Self {
        head
    }
    #[inline(always)]
    fn subtracted_from(self, constant: [f64; 3]) -> Self {
        // Beside the constant the difference is exact, and the second part is the last that 53 bits can hold.
        (constant[0] - self) + constant[1]
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        elementary::fused(self, factor, addend)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        f64::copysign(self, sign)
    }
    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self < other
    }
    #[inline(always)]
    fn le(self, other: Self) -> bool {
        self <= other
    }
    #[inline(always)]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }
    #[inline(always)]
    fn round(self) -> Self {
        (self + INTEGER) - INTEGER
    }
    #[inline(always)]
    fn scale(self, exponent: Self) -> Self {
        self * power_of_two(exponent)
    }
    #[inline(always)]
    fn exponent(self) -> Self {
        ((self.to_bits() >> 52) & 0x7ff) as f64 - 1023.0
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        elementary::sqrt(self)
    }
    #[inline(always)]
    fn polynomial<const S: usize, const H: usize, const T: usize>(
        self,
        polynomial: &Polynomial<S, H, T>,
    ) -> Self {
        // Even and odd powers apart: two short chains of operations instead of a long one.
        let square = self * self;
        let (second, first) = (polynomial.single[S - 2], polynomial.single[S - 1]);
        let (mut even, mut odd) = if S.is_multiple_of(2) {
            (second, first)
        } else {
            (first, second)
        };
        for (power, &coefficient) in polynomial.single[..S - 2].iter().enumerate().rev() {
            let sum = if power % 2 == 0 { &mut even } else { &mut odd };
            *sum = *sum * square + coefficient;
        }
        odd * self + even
    }
    #[inline(always)]
    fn turn(self, omega: f64) -> (Self, bool, bool) {
        let turn = elementary::reduce(self, 0.0, omega);
        (turn.rest.head(), turn.odd, turn.half)
    }
}
