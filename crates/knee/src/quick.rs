//! The lane of the fast tier.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::lane::{Lane, Polynomial};

/// An [`f64`] whose polynomials have fewer terms: results of 32 and 16 bits come out within the fast tier's budget.
///
/// Everything else is the arithmetic of `f64`, so NaN, limits, ranges and signs are those of the exact tier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quick(f64);

impl From<f64> for Quick {
    #[inline(always)]
    fn from(number: f64) -> Self {
        Self(number)
    }
}

impl From<Quick> for f64 {
    #[inline(always)]
    fn from(quick: Quick) -> Self {
        quick.0
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident),+) => {
        $(impl $trait for Quick {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self($trait::$method(self.0, other.0))
            }
        })+
    };
}
operator!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Quick {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Lane for Quick {
    type Mask = bool;
    const REACH: f64 = f64::REACH;

    #[inline(always)]
    fn of(constant: f64) -> Self {
        Self(constant)
    }
    #[inline(always)]
    fn of_pair(head: f64, _: f64) -> Self {
        Self(head)
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(Lane::mul_add(self.0, factor.0, addend.0))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(Lane::abs(self.0))
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        Self(Lane::copysign(self.0, sign.0))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self.0 < other.0
    }
    #[inline(always)]
    fn le(self, other: Self) -> bool {
        self.0 <= other.0
    }
    #[inline(always)]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        Self(Lane::select(mask, yes.0, no.0))
    }
    #[inline(always)]
    fn round(self) -> Self {
        Self(Lane::round(self.0))
    }
    #[inline(always)]
    fn scale(self, exponent: Self) -> Self {
        Self(self.0.scale(exponent.0))
    }
    #[inline(always)]
    fn exponent(self) -> Self {
        Self(self.0.exponent())
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(Lane::sqrt(self.0))
    }
    #[inline(always)]
    fn polynomial<const S: usize, const H: usize, const T: usize>(
        self,
        polynomial: &Polynomial<S, H, T>,
    ) -> Self {
        if polynomial.quick.is_empty() {
            return Self(self.0.polynomial(polynomial));
        }
        let terms = polynomial.quick.iter().rev();
        terms.fold(Self(0.0), |sum, &term| sum * self + Self(term))
    }
    #[inline(always)]
    fn turn(self, omega: f64) -> (Self, bool, bool) {
        let (rest, odd, half) = self.0.turn(omega);
        (Self(rest), odd, half)
    }
    #[inline(always)]
    fn sin_cos(self, omega: f64) -> (Self, Self) {
        let (sine, cosine) = Lane::sin_cos(self.0, omega);
        (Self(sine), Self(cosine))
    }
}
