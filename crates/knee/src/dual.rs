//! The lane of dual numbers: a value and its slope.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::lane::{Lane, Polynomial};

/// `value + slope * epsilon` with `epsilon^2 = 0`: evaluating a formula gives its value and its derivative at once.
///
/// It knows nothing of the derivatives that the functions declare, and so checks them. At a kink, and at 0 where formulas meet that
/// are written in `|x|`, it may give the slope of either side or of none.
///
/// ```
/// use knee::{Dual, Function};
/// let (value, _) = Function::parse("tanh").unwrap().evaluate(Dual::variable(0.5));
/// assert!((value.slope - (1.0 - value.value * value.value)).abs() < 1e-9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual {
    /// The value.
    pub value: f64,
    /// The slope.
    pub slope: f64,
}

impl Dual {
    /// The variable itself: slope 1.
    pub const fn variable(value: f64) -> Self {
        Self { value, slope: 1.0 }
    }

    const fn constant(value: f64) -> Self {
        Self { value, slope: 0.0 }
    }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            slope: self.slope + other.slope,
        }
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self {
            value: self.value - other.value,
            slope: self.slope - other.slope,
        }
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self {
            value: self.value * other.value,
            slope: self.slope * other.value + self.value * other.slope,
        }
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self {
            value,
            slope: (self.slope - value * other.slope) / other.value,
        }
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            value: -self.value,
            slope: -self.slope,
        }
    }
}

impl Lane for Dual {
    type Mask = bool;
    const REACH: f64 = f64::REACH;

    fn of(constant: f64) -> Self {
        Self::constant(constant)
    }
    fn of_pair(head: f64, _: f64) -> Self {
        Self::constant(head)
    }
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        self * factor + addend
    }
    fn abs(self) -> Self {
        self.copysign(Self::constant(1.0))
    }
    fn copysign(self, sign: Self) -> Self {
        let same = self.value.is_sign_negative() == sign.value.is_sign_negative();
        if same { self } else { -self }
    }
    fn lt(self, other: Self) -> bool {
        self.value < other.value
    }
    fn le(self, other: Self) -> bool {
        self.value <= other.value
    }
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }
    fn round(self) -> Self {
        Self::constant(Lane::round(self.value))
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
    fn polynomial<const S: usize, const H: usize, const T: usize>(
        self,
        polynomial: &Polynomial<S, H, T>,
    ) -> Self {
        let mut sum = Self::constant(0.0);
        for &coefficient in polynomial.single.iter().rev() {
            sum = sum * self + Self::constant(coefficient);
        }
        sum
    }
    fn sin_cos(self, omega: f64) -> (Self, Self) {
        let (sine, cosine) = Lane::sin_cos(self.value, omega);
        let turn = omega * self.slope;
        (
            Self {
                value: sine,
                slope: cosine * turn,
            },
            Self {
                value: cosine,
                slope: -sine * turn,
            },
        )
    }
}
