//! The lane of dual numbers: a value and its slope.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::lane::{Lane, Polynomial};

/// `value + slope * epsilon` with `epsilon^2 = 0`: evaluating a formula gives its value and its derivative at once.
///
/// It knows nothing of the derivatives that the functions declare, and so checks them. At a kink, and at 0 where formulas meet that
/// are written in `|x|`, it may give the slope of either side or of none. The numbers are those of another lane, [`f64`] or a
/// [`Pair`](crate::Pair).
///
/// ```
/// use knee::{Dual, Function};
/// let (value, _) = Function::parse("tanh").unwrap().evaluate(Dual::variable(0.5_f64));
/// assert!((value.slope - (1.0 - value.value * value.value)).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual<L = f64> {
    /// The value.
    pub value: L,
    /// The slope.
    pub slope: L,
}

impl<L: Lane> Dual<L> {
    /// The variable itself: slope 1.
    pub fn variable(value: L) -> Self {
        Self {
            value,
            slope: L::of(1.0),
        }
    }

    fn constant(value: L) -> Self {
        Self {
            value,
            slope: L::of(0.0),
        }
    }
}

impl<L: Lane> Add for Dual<L> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            slope: self.slope + other.slope,
        }
    }
}

impl<L: Lane> Sub for Dual<L> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            value: self.value - other.value,
            slope: self.slope - other.slope,
        }
    }
}

impl<L: Lane> Mul for Dual<L> {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self {
            value: self.value * other.value,
            slope: self.slope * other.value + self.value * other.slope,
        }
    }
}

impl<L: Lane> Div for Dual<L> {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self {
            value,
            slope: (self.slope - value * other.slope) / other.value,
        }
    }
}

impl<L: Lane> Neg for Dual<L> {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            value: -self.value,
            slope: -self.slope,
        }
    }
}

impl<L: Lane> Lane for Dual<L> {
    type Mask = L::Mask;
    const REACH: f64 = L::REACH;
    const DIGITS: u32 = L::DIGITS;

    fn of(constant: f64) -> Self {
        Self::constant(L::of(constant))
    }
    fn of_pair(head: f64, tail: f64) -> Self {
        Self::constant(L::of_pair(head, tail))
    }
    fn subtracted_from(self, constant: [f64; 3]) -> Self {
        Self {
            value: self.value.subtracted_from(constant),
            slope: -self.slope,
        }
    }
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        self * factor + addend
    }
    fn abs(self) -> Self {
        self.copysign(Self::of(1.0))
    }
    fn copysign(self, sign: Self) -> Self {
        let one = L::of(1.0);
        let signs = one.copysign(self.value) * one.copysign(sign.value);
        Self {
            value: self.value.copysign(sign.value),
            slope: self.slope * signs,
        }
    }
    fn lt(self, other: Self) -> Self::Mask {
        self.value.lt(other.value)
    }
    fn le(self, other: Self) -> Self::Mask {
        self.value.le(other.value)
    }
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self {
            value: L::select(mask, yes.value, no.value),
            slope: L::select(mask, yes.slope, no.slope),
        }
    }
    fn round(self) -> Self {
        Self::constant(self.value.round())
    }
    fn scale(self, exponent: Self) -> Self {
        Self {
            value: self.value.scale(exponent.value),
            slope: self.slope.scale(exponent.value),
        }
    }
    fn exponent(self) -> Self {
        Self::constant(self.value.exponent())
    }
    fn over(self, divisor: Self) -> Self {
        let value = self.value.over(divisor.value);
        let slope = (self.slope - value * divisor.slope).over(divisor.value);
        Self { value, slope }
    }
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        Self {
            value: root,
            slope: self.slope / (root + root),
        }
    }
    fn polynomial<const S: usize, const H: usize, const T: usize>(
        self,
        polynomial: &Polynomial<S, H, T>,
    ) -> Self {
        // The long form, whose slope is the function's as well; a fit for lanes of one number has none.
        let mut sum = Self::of(0.0);
        if H + T == 0 {
            for &coefficient in polynomial.single.iter().rev() {
                sum = sum * self + Self::of(coefficient);
            }
        }
        for &coefficient in polynomial.tail.iter().rev() {
            sum = sum * self + Self::of(coefficient);
        }
        for &(head, tail) in polynomial.head.iter().rev() {
            sum = sum * self + Self::of_pair(head, tail);
        }
        sum
    }
    fn modulo_ln_2(self) -> (Self, Self) {
        let (n, rest) = self.value.modulo_ln_2();
        let slope = self.slope;
        (Self::constant(n), Self { value: rest, slope })
    }
    fn turn(self, omega: f64) -> (Self, Self::Mask, Self::Mask) {
        let (value, odd, half) = self.value.turn(omega);
        let slope = L::of(omega) * self.slope;
        (Self { value, slope }, odd, half)
    }
    fn sin_cos(self, omega: f64) -> (Self, Self) {
        let (sine, cosine) = self.value.sin_cos(omega);
        let turn = L::of(omega) * self.slope;
        (
            Self {
                value: sine,
                slope: cosine * turn,
            },
            Self {
                value: cosine,
                slope: -(sine * turn),
            },
        )
    }
}
