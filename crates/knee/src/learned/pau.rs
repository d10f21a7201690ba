use super::LearnedActivation;
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// Padé activation unit: a quotient of learned polynomials of degrees 5 and 4, without poles.
    ///
    /// # Formula
    /// `(a0 + a1 * x + a2 * x^2 + a3 * x^3 + a4 * x^4 + a5 * x^5)
    /// / (1 + abs(b1 * x + b2 * x^2 + b3 * x^3 + b4 * x^4))`
    /// # Derivative
    /// `P'/Q - P Q'/Q^2` with the numerator `P`, the denominator `Q = 1 + |R|`, `Q' = R' sign(R)` and `sign(0) = 0`. In `ai` it is `x^i / Q`,
    /// in `bj` it is `-P x^j sign(R) / Q^2`. Where `R` changes its sign the function has a kink; 0 is one if `b1` is not 0.
    /// # Numerics
    /// Beyond 1 both polynomials are divided by their highest powers, so that nothing overflows before the result does. A limit at
    /// an infinity exists if `a5` and `b4`, `a5` alone, or neither is 0; in the other degenerate cases the infinities give NaN. Roots
    /// of `P` and of the derivative depend on the parameters; beside one, closer than a share of `2^-40`, an `f64` has fewer digits.
    /// # Origin
    /// Molina, Schramowski and Kersting 2019, <https://arxiv.org/abs/1907.06732>, in the safe form. The initial values are a fit to a leaky ReLU
    /// with a slope of 0.01, equal errors on the interval from -3 to 3, at most 0.013; their denominator has no kink.
    pub struct Pau {
        /// The value at 0.
        a0: Finite = 0.01262,
        /// The coefficient of `x` in the numerator.
        a1: Finite = 0.505,
        /// The coefficient of `x^2` in the numerator.
        a2: Finite = 2.766,
        /// The coefficient of `x^3` in the numerator.
        a3: Finite = 4.594,
        /// The coefficient of `x^4` in the numerator.
        a4: Finite = 2.5656,
        /// The coefficient of `x^5` in the numerator.
        a5: Finite = 0.46874,
        /// The coefficient of `x` in the denominator.
        b1: Finite = 0.0,
        /// The coefficient of `x^2` in the denominator.
        b2: Finite = 9.097,
        /// The coefficient of `x^3` in the denominator.
        b3: Finite = 0.0,
        /// The coefficient of `x^4` in the denominator.
        b4: Finite = 0.9282,
    }
}

/// Numerator and denominator at one point, for `|x| <= 1` as they are; beyond, with `t = 1/x`, the numerator without `x^5`
/// and the denominator without `x^4`.
struct Quotient<L> {
    /// `x` or `t`: at most 1 in absolute value.
    t: L,
    /// `1 / Q`, or `x^4 / Q`.
    inverse: L,
    /// The sign of `R`.
    sign: L,
    /// `P`, or `P / x^5`.
    numerator: L,
}

/// The polynomial whose coefficients are given in ascending order.
#[inline(always)]
fn horner<L: Lane>(t: L, coefficients: impl DoubleEndedIterator<Item = L>) -> L {
    coefficients.rev().fold(L::of(0.0), |sum, c| sum * t + c)
}

impl Pau {
    const fn numerator(&self) -> [f64; 6] {
        [self.a0, self.a1, self.a2, self.a3, self.a4, self.a5]
    }

    const fn denominator(&self) -> [f64; 4] {
        [self.b1, self.b2, self.b3, self.b4]
    }

    /// For `|x| <= 1`.
    #[inline(always)]
    fn near<L: Lane>(&self, x: L) -> Quotient<L> {
        let t = x.at_least(-1.0).at_most(1.0);
        let rest = horner(t, self.denominator().map(L::of).into_iter());
        // Also where their product is too small for a number, R has the sign of both factors.
        let sign = L::select(t.abs().le(L::of(0.0)), t, rest * L::of(1.0).copysign(t));
        Quotient::new(
            t,
            L::of(1.0) + (t * rest).abs(),
            sign,
            horner(t, self.numerator().map(L::of).into_iter()),
        )
    }

    /// For `|x| > 1`.
    #[inline(always)]
    fn far<L: Lane>(&self, x: L) -> Quotient<L> {
        let t = L::of(1.0) / L::select(L::of(1.0).lt(x.abs()), x, L::of(1.0));
        let rest = horner(t, self.denominator().map(L::of).into_iter().rev());
        let square = t * t;
        Quotient::new(
            t,
            square * square + rest.abs(),
            rest,
            horner(t, self.numerator().map(L::of).into_iter().rev()),
        )
    }

    /// The derivative times `Q^2`, or far out times `Q^2 / x^8`: `P' + (P' R - P R') sign(R)`, where the bracket has the
    /// coefficients `(i - j) a_i b_j` of `x^(i + j - 1)`, so that terms of the same power do not cancel.
    #[inline(always)]
    fn slope<L: Lane>(&self, quotient: &Quotient<L>, far: bool) -> L {
        let (a, b, t) = (self.numerator(), self.denominator(), quotient.t);
        let upper: [L; 5] = core::array::from_fn(|i| L::of(a[i + 1]) * L::of((i + 1) as f64));
        let mut bracket = [L::of(0.0); 9];
        for (i, &a) in a.iter().enumerate() {
            for (j, &b) in b.iter().enumerate() {
                let term = L::of(a) * L::of(b) * L::of(i as f64 - (j + 1) as f64);
                bracket[i + j] = bracket[i + j] + term;
            }
        }
        if far {
            let square = t * t;
            let upper = square * square * horner(t, upper.into_iter().rev());
            upper + quotient.sign * horner(t, bracket.into_iter().rev())
        } else {
            horner(t, upper.into_iter()) + quotient.sign * horner(t, bracket.into_iter())
        }
    }
}

impl<L: Lane> Quotient<L> {
    #[inline(always)]
    fn new(t: L, denominator: L, rest: L, numerator: L) -> Self {
        let zero = L::of(0.0);
        let sign = L::select(
            rest.lt(zero),
            L::of(-1.0),
            L::select(zero.lt(rest), L::of(1.0), zero),
        );
        Self {
            t,
            inverse: L::of(1.0) / denominator,
            sign,
            numerator,
        }
    }
}

impl LearnedActivation for Pau {
    const NAME: &'static str = "pau";
    const ALIASES: &'static [&'static str] = &["pade"];
    const LATEX: &'static str =
        r"\frac{\sum_{i=0}^{5} a_i x^i}{1 + \left|\sum_{j=1}^{4} b_j x^j\right|}";

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        let (near, far) = (self.near(x), self.far(x));
        // Without a5 the limit is finite, and infinity times 0 is not.
        let far = if self.a5 == 0.0 {
            horner(far.t, self.numerator()[..5].iter().rev().map(|&a| L::of(a))) * far.inverse
        } else {
            x * (far.numerator * far.inverse)
        };
        L::select(x.abs().le(L::of(1.0)), near.numerator * near.inverse, far)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (near, far) = (self.near(x), self.far(x));
        let inside = x.abs().le(L::of(1.0));
        let slope = L::select(inside, self.slope(&near, false), self.slope(&far, true));
        let inverse = L::select(inside, near.inverse, far.inverse);
        slope * inverse * inverse
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let (near, far) = (self.near(x), self.far(x));
        let inside = x.abs().le(L::of(1.0));
        // x^i / Q for i up to 4: from the lowest power up; outside it is t^(4 - i) (x^4 / Q), from the highest down.
        let mut rising = near.inverse;
        for slot in &mut gradient[..5] {
            *slot = rising;
            rising = rising * near.t;
        }
        let mut outside = [far.inverse; 5];
        for i in (0..4).rev() {
            outside[i] = outside[i + 1] * far.t;
        }
        // x^j P / Q^2 is t^(3 - j) (P / x^5) (x^4 / Q)^2 outside; x itself stays for j = 4.
        let inner = near.sign * near.numerator * near.inverse;
        let outer = far.sign * far.numerator * far.inverse;
        for j in 1..5 {
            let beyond = if j == 4 {
                x * far.inverse
            } else {
                outside[j + 1]
            };
            gradient[j + 5] = L::select(inside, -(inner * gradient[j]), -(outer * beyond));
        }
        gradient[5] = L::select(inside, rising, x * far.inverse);
        for (slot, outside) in gradient.iter_mut().zip(outside) {
            *slot = L::select(inside, *slot, outside);
        }
    }
}
