//! Several numbers of one type, with the operations of IEEE arithmetic: what lanes are made of.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::elementary;

/// One number or several, as a processor holds them. Every operation has the same bits at every width.
pub trait Register:
    Copy
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// The answer of a comparison.
    type Mask: Copy;
    /// How many numbers there are.
    const COUNT: usize;
    /// Added and subtracted, it rounds to an integer, which is then in the low bits.
    const INTEGER: f64;

    /// The same number everywhere, rounded to the type.
    fn splat(number: f64) -> Self;
    /// `self * factor + addend`, rounded once.
    #[must_use]
    fn fused(self, factor: Self, addend: Self) -> Self;
    /// The absolute value.
    #[must_use]
    fn size(self) -> Self;
    /// The absolute value of `self` with the sign of `sign`.
    #[must_use]
    fn with_sign_of(self, sign: Self) -> Self;
    /// `self` with its sign changed where `other` has one.
    #[must_use]
    fn with_sign_times(self, other: Self) -> Self;
    /// `self < other`.
    fn below(self, other: Self) -> Self::Mask;
    /// `self <= other`.
    fn not_above(self, other: Self) -> Self::Mask;
    /// `self == other`.
    fn equal(self, other: Self) -> Self::Mask;
    /// Both of two answers.
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Either of two answers.
    fn either(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Whether any answer is true.
    fn any(mask: Self::Mask) -> bool;
    /// Writes the numbers to the first places of `to`.
    fn write(self, to: &mut [f64]);
    /// `yes` where the mask is true, else `no`.
    fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// `bound` where it is larger, else `self`, which may be NaN.
    #[must_use]
    fn raised(self, bound: Self) -> Self;
    /// `bound` where it is smaller, else `self`, which may be NaN.
    #[must_use]
    fn lowered(self, bound: Self) -> Self;
    /// Neither zero nor infinite nor NaN.
    fn ordinary(self) -> Self::Mask;
    /// `2^self` for an integer that is a normal number's exponent.
    #[must_use]
    fn power(self) -> Self;
    /// `self * 2^exponent` for an integer not beyond the range of normal exponents, rounded once.
    #[must_use]
    fn scaled(self, exponent: Self) -> Self;
    /// `self * 2^exponent` for an integer not beyond twice that range, rounded once where `self` is between 1/4 and 4.
    #[must_use]
    fn scaled_far(self, exponent: Self) -> Self;
    /// The integer `k` with `2^k <= |self| < 2^(k+1)`, for a normal number.
    #[must_use]
    fn exponent_of(self) -> Self;
    /// The square root.
    #[must_use]
    fn root(self) -> Self;
    /// `1 / self` with the 23 bits of a quotient of `f32` numbers, for `2^-100 <= |self| <= 2^100`.
    #[must_use]
    fn reciprocal_seed(self) -> Self;
    /// The seeds of two registers at once.
    #[inline(always)]
    fn reciprocal_seeds([one, other]: [Self; 2]) -> [Self; 2] {
        [one.reciprocal_seed(), other.reciprocal_seed()]
    }
    /// The numbers that a function gives for each number.
    fn each<const N: usize>(self, function: impl Fn(f64) -> [f64; N]) -> [Self; N];
    /// The numbers that a function gives for each pair of numbers.
    fn each_pair<const N: usize>(
        self,
        other: Self,
        function: impl Fn(f64, f64) -> [f64; N],
    ) -> [Self; N];
}

/// `x * 2^exponent` in two steps of which only the second may round.
#[inline(always)]
pub(crate) fn scaled_in_two_steps<R: Register>(x: R, exponent: R) -> R {
    let integer = R::splat(R::INTEGER);
    let half = exponent.fused(R::splat(0.5), integer) - integer;
    x * half.power() * (exponent - half).power()
}

macro_rules! number {
    ($type:ident, $bits:ident, integer $integer:literal, fraction $fraction:literal, bias $bias:literal,
     fused $fused:path, root $root:path, scaled $scaled:item, seed $seed:item) => {
        impl Register for $type {
            type Mask = bool;
            const COUNT: usize = 1;
            const INTEGER: f64 = $integer;

            #[inline(always)]
            fn splat(number: f64) -> Self {
                number as Self
            }
            #[inline(always)]
            fn fused(self, factor: Self, addend: Self) -> Self {
                $fused(self, factor, addend)
            }
            #[inline(always)]
            fn size(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn with_sign_of(self, sign: Self) -> Self {
                self.copysign(sign)
            }
            #[inline(always)]
            fn with_sign_times(self, other: Self) -> Self {
                let sign = Self::to_bits(-0.0);
                Self::from_bits(self.to_bits() ^ (other.to_bits() & sign))
            }
            #[inline(always)]
            fn below(self, other: Self) -> bool {
                self < other
            }
            #[inline(always)]
            fn not_above(self, other: Self) -> bool {
                self <= other
            }
            #[inline(always)]
            fn equal(self, other: Self) -> bool {
                self == other
            }
            #[inline(always)]
            fn both(a: bool, b: bool) -> bool {
                a & b
            }
            #[inline(always)]
            fn either(a: bool, b: bool) -> bool {
                a | b
            }
            #[inline(always)]
            fn any(mask: bool) -> bool {
                mask
            }
            #[inline(always)]
            fn write(self, to: &mut [f64]) {
                to[0] = f64::from(self);
            }
            #[inline(always)]
            fn pick(mask: bool, yes: Self, no: Self) -> Self {
                if mask { yes } else { no }
            }
            #[inline(always)]
            fn raised(self, bound: Self) -> Self {
                if bound > self { bound } else { self }
            }
            #[inline(always)]
            fn lowered(self, bound: Self) -> Self {
                if bound < self { bound } else { self }
            }
            #[inline(always)]
            fn ordinary(self) -> bool {
                self.is_finite() && self != 0.0
            }
            #[inline(always)]
            fn power(self) -> Self {
                Self::from_bits((self + Self::INTEGER as Self).to_bits().wrapping_add($bias) << $fraction)
            }
            $scaled
            #[inline(always)]
            fn scaled_far(self, exponent: Self) -> Self {
                scaled_in_two_steps(self, exponent)
            }
            #[inline(always)]
            fn exponent_of(self) -> Self {
                const BIAS: u16 = $bias;
                let biased = (self.to_bits() << 1) >> ($fraction + 1);
                biased as Self - Self::from(BIAS)
            }
            #[inline(always)]
            fn root(self) -> Self {
                $root(self)
            }
            $seed
            #[inline(always)]
            fn each<const N: usize>(self, function: impl Fn(f64) -> [f64; N]) -> [Self; N] {
                function(f64::from(self)).map(|number| number as Self)
            }
            #[inline(always)]
            fn each_pair<const N: usize>(self, other: Self, function: impl Fn(f64, f64) -> [f64; N]) -> [Self; N] {
                function(f64::from(self), f64::from(other)).map(|number| number as Self)
            }
        }
    };
}

number! {
    f64, u64, integer 6755399441055744.0, fraction 52, bias 1023,
    fused elementary::fused, root elementary::sqrt,
    scaled
    #[inline(always)]
    fn scaled(self, exponent: Self) -> Self {
        self * exponent.power()
    },
    seed
    #[inline(always)]
    fn reciprocal_seed(self) -> Self {
        f64::from(1.0 / self as f32)
    }
}

// Results of the lane of `f32` may be subnormal numbers: every scaling is done in two steps.
number! {
    f32, u32, integer 12582912.0, fraction 23, bias 127,
    fused elementary::fused_single, root elementary::sqrt_single,
    scaled
    #[inline(always)]
    fn scaled(self, exponent: Self) -> Self {
        scaled_in_two_steps(self, exponent)
    },
    seed
    #[inline(always)]
    fn reciprocal_seed(self) -> Self {
        1.0 / self
    }
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
/// Two registers that go through every operation together.
#[derive(Clone, Copy)]
pub(crate) struct Two<R>(pub(crate) R, pub(crate) R);

#[cfg(all(target_arch = "x86_64", feature = "std"))]
macro_rules! operator {
    ($($trait:ident $method:ident),+) => {
        $(impl<R: Register> $trait for Two<R> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0), self.1.$method(other.1))
            }
        })+
    };
}
#[cfg(all(target_arch = "x86_64", feature = "std"))]
operator!(Add add, Sub sub, Mul mul, Div div);

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl<R: Register> Neg for Two<R> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
impl<R: Register> Register for Two<R> {
    type Mask = (R::Mask, R::Mask);
    const COUNT: usize = 2 * R::COUNT;
    const INTEGER: f64 = R::INTEGER;

    #[inline(always)]
    fn splat(number: f64) -> Self {
        Self(R::splat(number), R::splat(number))
    }
    #[inline(always)]
    fn fused(self, factor: Self, addend: Self) -> Self {
        Self(
            self.0.fused(factor.0, addend.0),
            self.1.fused(factor.1, addend.1),
        )
    }
    #[inline(always)]
    fn size(self) -> Self {
        Self(self.0.size(), self.1.size())
    }
    #[inline(always)]
    fn with_sign_of(self, sign: Self) -> Self {
        Self(self.0.with_sign_of(sign.0), self.1.with_sign_of(sign.1))
    }
    #[inline(always)]
    fn with_sign_times(self, other: Self) -> Self {
        Self(
            self.0.with_sign_times(other.0),
            self.1.with_sign_times(other.1),
        )
    }
    #[inline(always)]
    fn below(self, other: Self) -> Self::Mask {
        (self.0.below(other.0), self.1.below(other.1))
    }
    #[inline(always)]
    fn not_above(self, other: Self) -> Self::Mask {
        (self.0.not_above(other.0), self.1.not_above(other.1))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        (self.0.equal(other.0), self.1.equal(other.1))
    }
    #[inline(always)]
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (R::both(a.0, b.0), R::both(a.1, b.1))
    }
    #[inline(always)]
    fn either(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (R::either(a.0, b.0), R::either(a.1, b.1))
    }
    #[inline(always)]
    fn any(mask: Self::Mask) -> bool {
        R::any(mask.0) | R::any(mask.1)
    }
    #[inline(always)]
    fn write(self, to: &mut [f64]) {
        let (first, second) = to.split_at_mut(R::COUNT);
        self.0.write(first);
        self.1.write(second);
    }
    #[inline(always)]
    fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(R::pick(mask.0, yes.0, no.0), R::pick(mask.1, yes.1, no.1))
    }
    #[inline(always)]
    fn raised(self, bound: Self) -> Self {
        Self(self.0.raised(bound.0), self.1.raised(bound.1))
    }
    #[inline(always)]
    fn lowered(self, bound: Self) -> Self {
        Self(self.0.lowered(bound.0), self.1.lowered(bound.1))
    }
    #[inline(always)]
    fn ordinary(self) -> Self::Mask {
        (self.0.ordinary(), self.1.ordinary())
    }
    #[inline(always)]
    fn power(self) -> Self {
        Self(self.0.power(), self.1.power())
    }
    #[inline(always)]
    fn scaled(self, exponent: Self) -> Self {
        Self(self.0.scaled(exponent.0), self.1.scaled(exponent.1))
    }
    #[inline(always)]
    fn scaled_far(self, exponent: Self) -> Self {
        Self(self.0.scaled_far(exponent.0), self.1.scaled_far(exponent.1))
    }
    #[inline(always)]
    fn exponent_of(self) -> Self {
        Self(self.0.exponent_of(), self.1.exponent_of())
    }
    #[inline(always)]
    fn root(self) -> Self {
        Self(self.0.root(), self.1.root())
    }
    #[inline(always)]
    fn reciprocal_seed(self) -> Self {
        let [first, second] = R::reciprocal_seeds([self.0, self.1]);
        Self(first, second)
    }
    #[inline(always)]
    fn each<const N: usize>(self, function: impl Fn(f64) -> [f64; N]) -> [Self; N] {
        let (first, second) = (self.0.each(&function), self.1.each(&function));
        core::array::from_fn(|index| Self(first[index], second[index]))
    }
    #[inline(always)]
    fn each_pair<const N: usize>(
        self,
        other: Self,
        function: impl Fn(f64, f64) -> [f64; N],
    ) -> [Self; N] {
        let (first, second) = (
            self.0.each_pair(other.0, &function),
            self.1.each_pair(other.1, &function),
        );
        core::array::from_fn(|index| Self(first[index], second[index]))
    }
}
