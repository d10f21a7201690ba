//! A number with enough digits for every result of every type.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;

/// A number with 320 bits: the arithmetic is rounded to them, the range of exponents has no end.
#[derive(Clone, Debug)]
pub struct Big(pub(crate) FBig<HalfEven, 2>);

const BITS: usize = 320;

impl Big {
    pub(crate) fn wrap(value: FBig<HalfEven, 2>) -> Self {
        Self(value.with_precision(BITS).value())
    }

    /// The same number.
    ///
    /// # Panics
    /// If it is not finite.
    pub fn of(value: f64) -> Self {
        Self::wrap(FBig::try_from(value).expect("a finite number"))
    }

    /// `2^exponent`.
    pub fn power_of_two(exponent: i64) -> Self {
        Self::wrap(FBig::from_parts(1.into(), exponent as isize))
    }

    /// `self * 2^exponent`.
    #[must_use]
    pub fn scaled(self, exponent: i64) -> Self {
        Self(self.0 << exponent as isize)
    }

    /// `k` with `2^k <= |self| < 2^(k+1)`; `None` for zero.
    pub fn exponent(&self) -> Option<i64> {
        let repr = self.0.repr();
        let bits = repr.digits().cast_signed() as i64;
        (bits > 0 && !repr.significand().is_zero()).then(|| repr.exponent() as i64 + bits - 1)
    }

    /// The nearest `f64`.
    pub fn to_f64(&self) -> f64 {
        self.0.to_f64().value()
    }

    /// The absolute value.
    #[must_use]
    pub fn abs(self) -> Self {
        if self < Self::of(0.0) { -self } else { self }
    }

    /// The exponential function.
    #[must_use]
    pub fn exp(self) -> Self {
        Self::wrap(self.0.exp())
    }

    /// `log(1 + self)`.
    #[must_use]
    pub fn ln_1p(self) -> Self {
        Self::wrap(self.0.ln_1p())
    }
}

impl PartialEq for Big {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

macro_rules! operator {
    ($($trait:ident $method:ident $op:tt),+) => {
        $(impl $trait for Big {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Self::wrap(self.0 $op other.0)
            }
        })+
    };
}
operator!(Add add +, Sub sub -, Mul mul *, Div div /);

impl Neg for Big {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

/// In decimal, as many digits as the precision of the formatter asks for, 40 without one.
impl fmt::Display for Big {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = formatter.precision().unwrap_or(40);
        let decimal = self.0.clone().with_base_and_precision::<10>(digits).value();
        write!(formatter, "{decimal}")
    }
}
