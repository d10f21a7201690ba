//! The lane of about 105 bits: a number as the sum of two.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::elementary;
use crate::lane::{Lane, Polynomial, scale_far};

/// `head + tail`, where the tail is at most half an ulp of the head.
///
/// Arithmetic is right to about `2^-100`. Where the head is infinite or NaN the tail is zero, so that infinities and NaN
/// behave as they do for one number.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    head: f64,
    tail: f64,
}

impl Pair {
    /// The sum of two numbers, `|tail| <= |head|` or either zero.
    #[inline(always)]
    pub const fn new(head: f64, tail: f64) -> Self {
        Self { head, tail }
    }

    /// The nearest single number.
    #[inline(always)]
    pub const fn head(self) -> f64 {
        self.head
    }

    /// What `head` leaves.
    #[inline(always)]
    pub const fn tail(self) -> f64 {
        self.tail
    }

    /// The sum of two numbers, `|large| >= |small|`, exactly.
    #[inline(always)]
    pub(crate) fn sum(large: f64, small: f64) -> Self {
        Self::renormalised(large, small)
    }

    /// `large + small` made into a pair, for `|large| >= |small|`.
    #[inline(always)]
    fn renormalised(large: f64, small: f64) -> Self {
        let head = large + small;
        let tail = small - (head - large);
        // An infinite or NaN head has made the errors NaN, and a sum of zeros has forgotten their sign: `large` still has both.
        let ordinary = head.is_finite() && head != 0.0;
        Self {
            head: if ordinary { head } else { large },
            tail: if ordinary { tail } else { 0.0 },
        }
    }

    /// `a * b` exactly.
    #[inline(always)]
    fn product(a: f64, b: f64) -> Self {
        let head = a * b;
        Self {
            head,
            tail: Lane::mul_add(a, b, -head),
        }
    }
}

impl Add for Pair {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let sum = self.head + other.head;
        let part = sum - self.head;
        let error = (self.head - (sum - part)) + (other.head - part);
        let tails = self.tail + other.tail;
        let tails_part = tails - self.tail;
        let tails_error = (self.tail - (tails - tails_part)) + (other.tail - tails_part);
        let first = Self::renormalised(sum, error + tails);
        Self::renormalised(first.head, first.tail + tails_error)
    }
}

impl Neg for Pair {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self {
            head: -self.head,
            tail: -self.tail,
        }
    }
}

impl Sub for Pair {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Pair {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let product = Self::product(self.head, other.head);
        let cross = self.head * other.tail + self.tail * other.head;
        Self::renormalised(product.head, product.tail + cross)
    }
}

impl Div for Pair {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let quotient = self.head / other.head;
        let product = Self::product(quotient, other.head);
        let rest = (self.head - product.head) - product.tail + self.tail - quotient * other.tail;
        Self::renormalised(quotient, rest / other.head)
    }
}

impl Lane for Pair {
    type Mask = bool;

    // The lane of f64, whose results are between e^-746 and e^710; a factor may move them by as much again.
    const REACH: f64 = 1400.0;

    #[inline(always)]
    fn of(constant: f64) -> Self {
        Self::new(constant, 0.0)
    }
    #[inline(always)]
    fn of_pair(head: f64, tail: f64) -> Self {
        Self::new(head, tail)
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        self * factor + addend
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.copysign(Self::of(1.0))
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        let same = self.head.is_sign_negative() == sign.head.is_sign_negative();
        Self::select(same, self, -self)
    }
    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self.head < other.head || (self.head == other.head && self.tail < other.tail)
    }
    #[inline(always)]
    fn le(self, other: Self) -> bool {
        self.head < other.head || (self.head == other.head && self.tail <= other.tail)
    }
    #[inline(always)]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        Self {
            head: if mask { yes.head } else { no.head },
            tail: if mask { yes.tail } else { no.tail },
        }
    }
    #[inline(always)]
    fn round(self) -> Self {
        // Only the exponential's range reduction asks, and any neighbour of a tie serves it.
        Self::of(Lane::round(self.head))
    }
    #[inline(always)]
    fn scale(self, exponent: Self) -> Self {
        // Where the result is subnormal, the multiples of `unit` are what it can be. Adding and subtracting `grid` rounds to
        // them: first the head, then what is left with the tail, so that the two together are rounded once.
        let unit_exponent = (-1022.0 - exponent.head).at_least(-1022.0).at_most(1000.0);
        let grid = scale_far(1.5, unit_exponent);
        // With the head's sign, so that the sum is never below the grid, where its last bit would be finer.
        let beyond = f64::copysign(grid, self.head);
        let first = (self.head + beyond) - beyond;
        let second = (((self.head - first) + self.tail) + grid) - grid;
        let rounded = Self::new(first + second, 0.0);
        let whole = Self::select(Lane::abs(self.head) < grid, rounded.copysign(self), self);
        Self {
            head: scale_far(whole.head, exponent.head),
            tail: scale_far(whole.tail, exponent.head),
        }
    }
    #[inline(always)]
    fn exponent(self) -> Self {
        Self::of(self.head.exponent())
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        // One step of Newton's iteration from the root of the head, whose square is subtracted exactly.
        let root = elementary::sqrt(self.head);
        let rest = Lane::mul_add(-root, root, self.head) + self.tail;
        Self::renormalised(root, rest / (root + root))
    }
    #[inline(always)]
    fn polynomial<const S: usize, const H: usize, const T: usize>(
        self,
        polynomial: &Polynomial<S, H, T>,
    ) -> Self {
        let mut sum = polynomial.tail[T - 1];
        for &coefficient in polynomial.tail[..T - 1].iter().rev() {
            sum = sum * self.head + coefficient;
        }
        let mut sum = Self::of(sum);
        for &(head, tail) in polynomial.head.iter().rev() {
            sum = sum * self + Self::new(head, tail);
        }
        sum
    }
    #[inline(always)]
    fn turn(self, omega: f64) -> (Self, bool, bool) {
        let turn = elementary::reduce(self.head, self.tail, omega);
        (turn.rest, turn.odd, turn.half)
    }
}
