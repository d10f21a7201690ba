//! The lane of about 105 bits: a number as the sum of two.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::elementary;
use crate::lane::{self, Lane, Polynomial};
use crate::simd::Register;

/// `head + tail`, where the tail is at most half an ulp of the head: two [`f64`], or two registers full of them.
///
/// Arithmetic is right to about `2^-100`. Where the head is infinite or NaN the tail is zero, so that infinities and NaN
/// behave as they do for one number.
#[derive(Clone, Copy, Debug)]
pub struct Pair<R = f64> {
    head: R,
    tail: R,
}

impl<R: Copy> Pair<R> {
    /// The sum of two numbers, `|tail| <= |head|` or either zero.
    #[inline(always)]
    pub const fn new(head: R, tail: R) -> Self {
        Self { head, tail }
    }

    /// The nearest single number.
    #[inline(always)]
    pub const fn head(self) -> R {
        self.head
    }

    /// What `head` leaves.
    #[inline(always)]
    pub const fn tail(self) -> R {
        self.tail
    }
}

impl<R: Register> Pair<R> {
    /// The sum of two numbers, `|large| >= |small|`, exactly.
    #[inline(always)]
    pub(crate) fn sum(large: R, small: R) -> Self {
        Self::renormalised(large, small)
    }

    /// `large + small` made into a pair, for `|large| >= |small|`.
    #[inline(always)]
    fn renormalised(large: R, small: R) -> Self {
        let head = large + small;
        let tail = small - (head - large);
        // An infinite or NaN head has made the errors NaN, and a sum of zeros has forgotten their sign: `large` still has both.
        let ordinary = head.ordinary();
        Self {
            head: R::pick(ordinary, head, large),
            tail: R::pick(ordinary, tail, R::splat(0.0)),
        }
    }

    /// The same where `small` may be as large, so that nothing is left of an ordinary number.
    #[inline(always)]
    fn cancelled(large: R, small: R) -> Self {
        let head = large + small;
        let tail = small - (head - large);
        let ordinary = head.ordinary();
        Self {
            head: R::pick(R::either(ordinary, large.ordinary()), head, large),
            tail: R::pick(ordinary, tail, R::splat(0.0)),
        }
    }

    /// `a * b` exactly.
    #[inline(always)]
    fn product(a: R, b: R) -> Self {
        let head = a * b;
        Self {
            head,
            tail: a.fused(b, -head),
        }
    }

    /// Both parts where the mask is true those of `yes`, else of `no`.
    #[inline(always)]
    fn pick(mask: R::Mask, yes: Self, no: Self) -> Self {
        Self {
            head: R::pick(mask, yes.head, no.head),
            tail: R::pick(mask, yes.tail, no.tail),
        }
    }

    /// With the sign changed where `other` has one.
    #[inline(always)]
    fn with_sign_times(self, other: R) -> Self {
        Self {
            head: self.head.with_sign_times(other),
            tail: self.tail.with_sign_times(other),
        }
    }
}

impl<R: Register> Add for Pair<R> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let sum = self.head + other.head;
        let part = sum - self.head;
        let error = (self.head - (sum - part)) + (other.head - part);
        let tails = self.tail + other.tail;
        let tails_part = tails - self.tail;
        let tails_error = (self.tail - (tails - tails_part)) + (other.tail - tails_part);
        let first = Self::cancelled(sum, error + tails);
        Self::renormalised(first.head, first.tail + tails_error)
    }
}

impl<R: Register> Neg for Pair<R> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self {
            head: -self.head,
            tail: -self.tail,
        }
    }
}

impl<R: Register> Sub for Pair<R> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<R: Register> Mul for Pair<R> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let product = Self::product(self.head, other.head);
        let cross = self.head.fused(other.tail, self.tail * other.head);
        Self::renormalised(product.head, product.tail + cross)
    }
}

impl<R: Register> Div for Pair<R> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let quotient = self.head / other.head;
        let product = Self::product(quotient, other.head);
        let rest = (self.head - product.head) - product.tail + self.tail - quotient * other.tail;
        Self::renormalised(quotient, rest / other.head)
    }
}

impl<R: Register> Lane for Pair<R> {
    type Mask = R::Mask;

    // The lane of f64, whose results are between e^-746 and e^710; a factor may move them by as much again.
    const REACH: f64 = 1400.0;
    const DIGITS: u32 = 105;

    #[inline(always)]
    fn of(constant: f64) -> Self {
        Self::of_pair(constant, 0.0)
    }
    #[inline(always)]
    fn of_pair(head: f64, tail: f64) -> Self {
        Self::new(R::splat(head), R::splat(tail))
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        self * factor + addend
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.with_sign_times(self.head)
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        self.abs().with_sign_times(sign.head)
    }
    #[inline(always)]
    fn lt(self, other: Self) -> R::Mask {
        let tails = R::both(self.head.equal(other.head), self.tail.below(other.tail));
        R::either(self.head.below(other.head), tails)
    }
    #[inline(always)]
    fn le(self, other: Self) -> R::Mask {
        let tails = R::both(self.head.equal(other.head), self.tail.not_above(other.tail));
        R::either(self.head.below(other.head), tails)
    }
    #[inline(always)]
    fn select(mask: R::Mask, yes: Self, no: Self) -> Self {
        Self::pick(mask, yes, no)
    }
    #[inline(always)]
    fn round(self) -> Self {
        // Only the exponential's range reduction asks, and any neighbour of a tie serves it.
        let integer = R::splat(R::INTEGER);
        Self::new((self.head + integer) - integer, R::splat(0.0))
    }
    #[inline(always)]
    fn scale(self, exponent: Self) -> Self {
        // Where the result is subnormal, the multiples of `unit` are what it can be. Adding and subtracting `grid` rounds to
        // them: first the head, then what is left with the tail, so that the two together are rounded once.
        let unit_exponent = (R::splat(-1022.0) - exponent.head)
            .raised(R::splat(-1022.0))
            .lowered(R::splat(1000.0));
        let grid = R::splat(1.5).scaled_far(unit_exponent);
        // With the head's sign, so that the sum is never below the grid, where its last bit would be finer.
        let beyond = grid.with_sign_of(self.head);
        let first = (self.head + beyond) - beyond;
        let second = (((self.head - first) + self.tail) + grid) - grid;
        let rounded = Self::new(first + second, R::splat(0.0));
        let whole = Self::pick(self.head.size().below(grid), rounded.copysign(self), self);
        // Where the tail would have but a few bits left, half a unit of the head could be one of them: it is left out.
        let short = self.head.size().below(grid * R::splat(16777216.0));
        let tail = R::pick(short, R::splat(0.0), whole.tail);
        Self {
            head: whole.head.scaled_far(exponent.head),
            tail: tail.scaled_far(exponent.head),
        }
    }
    #[inline(always)]
    fn exponent(self) -> Self {
        Self::new(self.head.exponent_of(), R::splat(0.0))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        // One step of Newton's iteration from the root of the head, whose square is subtracted exactly.
        let root = self.head.root();
        let rest = (-root).fused(root, self.head) + self.tail;
        Self::renormalised(root, rest / (root + root))
    }
    #[inline(always)]
    fn polynomial<const S: usize, const H: usize, const T: usize>(
        self,
        polynomial: &Polynomial<S, H, T>,
    ) -> Self {
        let mut sum = Self::new(lane::polynomial(self.head, &polynomial.tail), R::splat(0.0));
        for &(head, tail) in polynomial.head.iter().rev() {
            sum = sum * self + Self::of_pair(head, tail);
        }
        sum
    }
    #[inline(always)]
    fn modulo_ln_2(self) -> (Self, Self) {
        // The first part is cut to 39 bits, so that its product with an integer below 2^14 is exact.
        const FIRST: f64 = 0.6931471805582987;
        const REST: (f64, f64) = (1.6465949582897082e-12, -1.0077949135905144e-28);
        let n = (self * Self::of(core::f64::consts::LOG2_E)).round();
        let rest = n * Self::of_pair(REST.0, REST.1);
        (
            n,
            (self - Self::new(n.head * R::splat(FIRST), R::splat(0.0))) - rest,
        )
    }
    #[inline(always)]
    fn turn(self, omega: f64) -> (Self, R::Mask, R::Mask) {
        let [head, tail, odd, half] = self.head.each_pair(self.tail, |head, tail| {
            let turn = elementary::reduce(head, tail, omega);
            let bit = |bit: bool| f64::from(u8::from(bit));
            [
                turn.rest.head,
                turn.rest.tail,
                bit(turn.odd),
                bit(turn.half),
            ]
        });
        let zero = R::splat(0.0);
        (Self::new(head, tail), zero.below(odd), zero.below(half))
    }
}
