//! What a formula may use: the operations of a [`Lane`].
//!
//! A formula of this crate is written once, generic over a lane, without branches and without any call to the platform's
//! mathematics library. A lane is something that behaves like a real number: an [`f64`], a [`Pair`](crate::Pair) of them, an
//! [`f32`] in the fast tier, a [`Dual`](crate::Dual) number, or a processor's register full of any of these.
//!
//! Every operation has the same bits on every machine. `a * b + c` is always two roundings; [`Lane::mul_add`] is always one.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::elementary;
pub(crate) use crate::numbers::{LOG2_E, parts, polynomial, short};
#[cfg(all(target_arch = "x86_64", feature = "std"))]
pub(crate) use crate::numbers::{double, plain, single};

/// A polynomial with coefficients in ascending order, in the forms that the lanes need.
#[derive(Clone, Copy, Debug)]
pub struct Polynomial<const SINGLE: usize, const HEAD: usize, const TAIL: usize> {
    /// The coefficients for a lane of 53 bits: a fit of its own, with fewer terms.
    pub single: [f64; SINGLE],
    /// The coefficients for a lane of 24 bits: fewer still; none if it takes `single`.
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
    /// The mantissa minus 1, before their sum was rounded.
    pub excess: L,
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
        L::product(self, factor)
    }
}

/// A real number as formulas see it: an [`f64`], a [`Pair`](crate::Pair), an [`f32`], a [`Dual`](crate::Dual), or several at once.
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

    /// Binary digits that a number has.
    const DIGITS: u32;

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
    /// The quotient for a divisor between `2^-100` and `2^100` in absolute value, to every digit that the results of the lane's type
    /// have, and a few more; cheaper than a division.
    #[inline(always)]
    #[must_use]
    fn over(self, divisor: Self) -> Self {
        self / divisor
    }
    /// `1 / (self + lost)` and its error, where `self` is a rounded sum between `2^-100` and `2^100`, and `lost` what the rounding took;
    /// a lane that has digits to spare leaves the error zero.
    #[inline(always)]
    fn inverse_of_sum(self, lost: Self) -> (Self, Self) {
        let _ = lost;
        (Self::of(1.0).over(self), Self::of(0.0))
    }
    /// `1 / (self + lost)^2`, likewise.
    #[inline(always)]
    #[must_use]
    fn inverse_square_of_sum(self, lost: Self) -> Self {
        let (inverse, error) = self.inverse_of_sum(lost);
        (inverse * Self::of(2.0)).mul_add(error, inverse * inverse)
    }
    /// A result whose range ends at `bound` and whose sign is that of `sign`, in a lane of so few digits that its errors could
    /// take it beyond; the others leave it as it is.
    #[inline(always)]
    #[must_use]
    fn within(self, bound: f64, sign: Self) -> Self {
        let _ = (bound, sign);
        self
    }
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
    /// The nearest integer, ties to even, for `|self| < 2^51`; `2^22` in a lane of 24 bits.
    #[must_use]
    fn round(self) -> Self;
    /// `self * 2^exponent` for an integer as large as `exp` gives it; one rounding where the result is subnormal.
    #[must_use]
    fn scale(self, exponent: Self) -> Self;
    /// The exponential times a factor: [`Exponential::times`].
    #[inline(always)]
    #[must_use]
    fn product(exponential: Exponential<Self>, factor: Self) -> Self {
        (exponential.mantissa * factor).scale(exponential.exponent)
    }
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
    /// An integer `n` nearest to `self / ln 2`, and `self - n ln 2`, for `|self| <= REACH`.
    fn modulo_ln_2(self) -> (Self, Self);
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

    /// `other` where it is larger, else `self`, which may be NaN.
    #[inline(always)]
    #[must_use]
    fn larger(self, other: Self) -> Self {
        Self::select(self.lt(other), other, self)
    }

    /// `exp(self)`, not yet scaled.
    #[inline(always)]
    fn exp(self) -> Exponential<Self> {
        elementary::exp(self)
    }

    /// `exp(-self^2 / 2)`, not yet scaled, as if the square were not rounded; it is at least `-REACH`.
    #[inline(always)]
    fn exp_of_half_square(self) -> Exponential<Self> {
        elementary::exp_falling(self * Self::of(-0.5) * self)
    }

    /// `exp(-self^2)`, not yet scaled, as if the square were not rounded.
    #[inline(always)]
    fn exp_of_falling_square(self) -> Exponential<Self> {
        elementary::exp(-(self * self))
    }

    /// `exp(factor * self)`, not yet scaled, as if the product were not rounded; it is at most [`Lane::REACH`].
    #[inline(always)]
    fn exp_of_multiple(self, factor: f64) -> Exponential<Self> {
        elementary::exp_falling(self * Self::of(factor))
    }

    /// `exp(linear * self + cubic * self^3)` for coefficients in two parts, not yet scaled, as if the sum were not rounded; it is at
    /// most [`Lane::REACH`].
    #[inline(always)]
    fn exp_of_cubic(self, linear: (f64, f64), cubic: (f64, f64)) -> Exponential<Self> {
        let (linear, cubic) = (
            Self::of_pair(linear.0, linear.1),
            Self::of_pair(cubic.0, cubic.1),
        );
        elementary::exp_falling(self * (self * self).mul_add(cubic, linear))
    }

    /// `exp(self) - 1` for `self <= 700`, without cancellation near 0.
    #[inline(always)]
    #[must_use]
    fn exp_m1(self) -> Self {
        elementary::exp_m1(self)
    }
}
