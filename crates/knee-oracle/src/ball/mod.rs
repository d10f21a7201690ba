//! A number and a bound of its error: the arithmetic of the oracle.
//!
//! Every operation of dashu is rounded correctly to the precision at hand; what an operation makes of the errors of its
//! operands is added. The bound is a power of two, so it is kept as an exponent and may be too large by a few bits.

mod functions;
mod normal;

use std::collections::HashMap;

use dashu_float::round::Rounded;
use dashu_float::round::mode::HalfEven;
use dashu_float::{ConstCache, Context, FBig};

pub(crate) type Float = FBig<HalfEven, 2>;

/// The bound of an exact number: no error at all.
const EXACT: i64 = -(1 << 50);
/// The bound of a number of which nothing is known.
const UNKNOWN: i64 = 1 << 50;

/// A number that differs from the true one by at most `2^error`.
#[derive(Clone, Debug)]
pub(crate) struct Ball {
    pub(crate) mid: Float,
    error: i64,
}

/// An exponent `e` with `|x| < 2^e`.
fn magnitude(x: &Float) -> i64 {
    let repr = x.repr();
    if repr.significand().is_zero() {
        EXACT
    } else {
        repr.exponent() as i64 + repr.digits().cast_signed() as i64
    }
}

impl Ball {
    pub(crate) fn exact(mid: Float) -> Self {
        Self { mid, error: EXACT }
    }

    pub(crate) fn integer(value: i64) -> Self {
        Self::exact(Float::from_parts(value.into(), 0))
    }

    pub(crate) fn float(value: f64) -> Self {
        Float::try_from(value).map_or_else(
            |_| Self::unknown(),
            |value| {
                if value.repr().is_infinite() {
                    Self::unknown()
                } else {
                    Self::exact(value)
                }
            },
        )
    }

    pub(crate) fn unknown() -> Self {
        Self {
            mid: Float::ZERO,
            error: UNKNOWN,
        }
    }

    /// Zero, or a number below `2^error`.
    fn tiny(error: i64) -> Self {
        Self {
            mid: Float::ZERO,
            error,
        }
    }

    fn with_error(mid: Float, error: i64) -> Self {
        let error = if error < EXACT / 2 {
            EXACT
        } else {
            error.min(UNKNOWN)
        };
        Self { mid, error }
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.error == EXACT
    }

    fn magnitude(&self) -> i64 {
        magnitude(&self.mid)
    }

    /// Whether the number is known to that many bits.
    pub(crate) fn has_bits(&self, bits: i64) -> bool {
        self.is_exact() || self.error < self.magnitude() - bits
    }

    /// Whether the true number is below `2^exponent` in absolute value.
    pub(crate) fn is_below(&self, exponent: i64) -> bool {
        self.magnitude().max(self.error) < exponent
    }

    /// `-1`, `0` or `1`; `None` if the error does not let it be known.
    pub(crate) fn sign(&self) -> Option<i8> {
        let zero = self.mid.repr().significand().is_zero();
        if zero && self.is_exact() {
            Some(0)
        } else if self.error < self.magnitude() - 1 {
            Some(if self.is_negative() { -1 } else { 1 })
        } else {
            None
        }
    }

    /// The sign of the number that stands for the true one.
    fn is_negative(&self) -> bool {
        self.mid < Float::ZERO
    }

    pub(crate) fn neg(self) -> Self {
        Self {
            mid: -self.mid,
            error: self.error,
        }
    }

    pub(crate) fn abs(self) -> Self {
        if self.is_negative() { self.neg() } else { self }
    }

    pub(crate) fn min(self, other: Self) -> Self {
        let error = self.error.max(other.error);
        let apart = magnitude(&(&self.mid - &other.mid)) - 2 > error;
        let least = if other.mid < self.mid { other } else { self };
        // Where it is known which one it is, the error of the other is of no account.
        let error = if apart { least.error } else { error };
        Self {
            mid: least.mid,
            error,
        }
    }

    pub(crate) fn max(self, other: Self) -> Self {
        self.neg().min(other.neg()).neg()
    }
}

/// A precision, and the constants computed so far.
pub(crate) struct Precision {
    pub(crate) bits: i64,
    context: Context<HalfEven>,
    constants: ConstCache,
    pi: HashMap<usize, Float>,
}

impl Precision {
    pub(crate) fn new(bits: usize) -> Self {
        Self {
            bits: bits.cast_signed() as i64,
            context: Context::new(bits),
            constants: ConstCache::new(),
            pi: HashMap::new(),
        }
    }

    pub(crate) fn set(&mut self, bits: usize) {
        self.bits = bits.cast_signed() as i64;
        self.context = Context::new(bits);
    }

    /// The result of one operation whose operands contribute an error of `2^error`.
    fn rounded(&self, result: Rounded<Float>, error: i64) -> Ball {
        match result {
            Rounded::Exact(mid) => Ball::with_error(mid, error),
            Rounded::Inexact(mid, _) => {
                let own = magnitude(&mid) - self.bits;
                Ball::with_error(mid, error.max(own) + 1)
            }
        }
    }

    pub(crate) fn pi(&mut self) -> Ball {
        let constants = &mut self.constants;
        let bits = self.context.precision();
        let pi = self
            .pi
            .entry(bits)
            .or_insert_with(|| constants.pi::<2, HalfEven>(bits).value());
        let error = 2 - self.bits;
        Ball::with_error(pi.clone(), error)
    }

    pub(crate) fn add(&self, a: &Ball, b: &Ball) -> Ball {
        let error = if a.is_exact() && b.is_exact() {
            EXACT
        } else {
            a.error.max(b.error) + 1
        };
        match self.context.add(a.mid.repr(), b.mid.repr()) {
            Ok(sum) => self.rounded(sum, error),
            Err(_) => Ball::unknown(),
        }
    }

    pub(crate) fn sub(&self, a: &Ball, b: &Ball) -> Ball {
        self.add(a, &b.clone().neg())
    }

    pub(crate) fn mul(&self, a: &Ball, b: &Ball) -> Ball {
        let error = if a.is_exact() && b.is_exact() {
            EXACT
        } else {
            (a.magnitude() + b.error)
                .max(b.magnitude() + a.error)
                .max(a.error + b.error)
                + 2
        };
        match self.context.mul(a.mid.repr(), b.mid.repr()) {
            Ok(product) => self.rounded(product, error),
            Err(_) => Ball::unknown(),
        }
    }

    pub(crate) fn div(&self, a: &Ball, b: &Ball) -> Ball {
        if b.sign().is_none_or(|sign| sign == 0) || b.error > b.magnitude() - 3 {
            return Ball::unknown();
        }
        let Ok(quotient) = self.context.div(a.mid.repr(), b.mid.repr()) else {
            return Ball::unknown();
        };
        // The true divisor is above 2^(magnitude - 2).
        let error = if a.is_exact() && b.is_exact() {
            EXACT
        } else {
            let q = magnitude(quotient.value_ref());
            a.error.max(q + b.error) + 3 - b.magnitude()
        };
        self.rounded(quotient, error)
    }

    pub(crate) fn power(&self, a: &Ball, exponent: i32) -> Ball {
        let mut result = Ball::integer(1);
        for _ in 0..exponent.unsigned_abs() {
            result = self.mul(&result, a);
        }
        if exponent < 0 {
            self.div(&Ball::integer(1), &result)
        } else {
            result
        }
    }
}
