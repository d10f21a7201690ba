use super::LearnedActivation;
use crate::declare::declare;
use crate::elementary::ln_1p;
use crate::lane::Lane;

declare! {
    /// From a logarithm (`alpha = -1`) over the identity (`alpha = 0`) to an exponential (`alpha = 1`).
    ///
    /// # Formula
    /// `-log(1 - alpha * (x + alpha)) / alpha if alpha < 0 else (exp(alpha * x) - 1) / alpha + alpha if alpha > 0 else x`
    /// # Derivative
    /// `1 / (1 - alpha * (x + alpha)) if alpha < 0 else exp(alpha * x)`. In `alpha`:
    /// `log(1 - alpha * (x + alpha)) / alpha^2 + (x + 2 * alpha) / (alpha * (1 - alpha * (x + alpha)))` if `alpha < 0`,
    /// `x * exp(alpha * x) / alpha - (exp(alpha * x) - 1) / alpha^2 + 1` if `alpha > 0`, and `1 + x^2 / 2`, the limit of both, for
    /// `alpha = 0`.
    /// # Numerics
    /// For a negative `alpha` the logarithm has no value for `x` below `1/alpha - alpha`: there everything is NaN; at that
    /// point the value is `-inf`, the derivative and the gradient are `inf`. The gradient of `alpha` is `1 + x^2 psi(alpha x)` with
    /// `psi(y) = (y exp(y) - exp(y) + 1) / y^2`, or `1/w + (x + alpha)^2 phi(w - 1)` with `w = 1 - alpha (x + alpha)` and
    /// `phi(u) = (log(1 + u) - u / (1 + u)) / u^2`; for arguments below `2^-10` by their power series. A positive
    /// `alpha` below 1 has a root whose place depends on it; beside it, and beside the pole of a negative one, closer than a
    /// share of `2^-40`, an `f64` has fewer digits.
    /// # Origin
    /// Godfrey and Gashler 2015, <https://arxiv.org/abs/1602.01321>
    pub struct SoftExponential {
        /// Between the logarithm and the exponential.
        alpha: Finite = 0.0,
    }
}

/// `(y exp(y) - exp(y) + 1) / y^2` has the coefficients `(n + 1) / (n + 2)!`, which are these numbers' inverses.
const PSI: [f64; 7] = [2.0, 3.0, 8.0, 30.0, 144.0, 840.0, 5760.0];

/// A power series with at least 60 right bits for `|y| <= SMALL`.
#[inline(always)]
fn series<L: Lane>(y: L, coefficient: impl Fn(usize) -> L) -> L {
    let mut sum = L::of(0.0);
    for power in (0..PSI.len()).rev() {
        sum = sum * y + coefficient(power);
    }
    sum
}

/// Below it the closed forms cancel, and the series take over.
const SMALL: f64 = 1.0 / 1024.0;

impl SoftExponential {
    /// `u` and `1 + u` of the logarithm `log(1 + u)` for a negative `alpha`, with `x` replaced by `x`.
    #[inline(always)]
    fn argument<L: Lane>(self, x: L) -> (L, L) {
        let u = L::of(-self.alpha) * (x + L::of(self.alpha));
        (u, L::of(1.0) + u)
    }

    /// `log(1 + u)` for a negative `alpha`; below the pole NaN.
    #[inline(always)]
    fn logarithm<L: Lane>(self, x: L) -> L {
        // Far out, 64 factors of 2 are taken out of the product, so that it does not overflow.
        let far = L::of(1e200).lt(x);
        let (u, whole) = self.argument(L::select(far, x.scale(L::of(-64.0)), x));
        let above =
            ln_1p(u.at_least(0.0)) + L::select(far, L::of_pair(LN_2_64.0, LN_2_64.1), L::of(0.0));
        // log(1 + u) = -log(1 + v) with v = -u / (1 + u).
        let below = -ln_1p((-u / whole).at_least(0.0));
        let inside = L::select(u.lt(L::of(0.0)), below, above);
        let inside = L::select(L::of(f64::INFINITY).le(x), x, inside);
        beyond_pole(whole, inside, L::of(f64::NEG_INFINITY))
    }
}

/// `64 log(2)`.
const LN_2_64: (f64, f64) = (44.3614195558365, 1.4841899768071677e-15);

/// `inside` for a positive `whole`, `pole` where it is 0, NaN where it is negative.
#[inline(always)]
fn beyond_pole<L: Lane>(whole: L, inside: L, pole: L) -> L {
    let outside = L::select(whole.lt(L::of(0.0)), L::of(f64::NAN), pole);
    L::select(whole.le(L::of(0.0)), outside, inside)
}

impl LearnedActivation for SoftExponential {
    const NAME: &'static str = "soft_exponential";
    const LATEX: &'static str = r"\begin{cases} -\frac{\log(1 - \alpha (x + \alpha))}{\alpha} & \alpha < 0 \\ x & \alpha = 0 \\ \frac{e^{\alpha x} - 1}{\alpha} + \alpha & \alpha > 0 \end{cases}";

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        let alpha = L::of(self.alpha);
        if self.alpha < 0.0 {
            return self.logarithm(x) / -alpha;
        }
        if self.alpha == 0.0 {
            return x;
        }
        let y = alpha * x;
        let one = L::of(1.0);
        let exponential = y.exp().times(one / alpha);
        // On the left the constants are put together first: for `alpha = 1` their sum is 0.
        let left = exponential + (alpha - one) * (alpha + one) / alpha;
        let middle = y.exp_m1() / alpha + alpha;
        let right = L::select(L::of(700.0).lt(y), exponential, middle);
        L::select(y.lt(-one), left, right)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let one = L::of(1.0);
        if self.alpha < 0.0 {
            let (_, whole) = self.argument(x);
            return beyond_pole(whole, one / whole, L::of(f64::INFINITY));
        }
        if self.alpha == 0.0 {
            one
        } else {
            (L::of(self.alpha) * x).exp().value()
        }
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let (one, alpha) = (L::of(1.0), L::of(self.alpha));
        if self.alpha < 0.0 {
            let (u, whole) = self.argument(x);
            let small = u.at_least(-SMALL).at_most(SMALL);
            // The coefficients of phi are 1/2, -2/3, 3/4, ...
            let near = series(-small, |n| L::of((n + 1) as f64) / L::of((n + 2) as f64));
            let shift = x + alpha;
            let near = shift * shift * near;
            let far = (self.logarithm(x) - u / whole) / (alpha * alpha);
            let rest = L::select(u.abs().le(L::of(SMALL)), near, far);
            let inside = L::select(L::of(f64::INFINITY).le(x), x, rest + one / whole);
            gradient[0] = beyond_pole(whole, inside, L::of(f64::INFINITY));
            return;
        }
        let y = (alpha * x).at_least(-1400.0);
        let small = y.at_least(-SMALL).at_most(SMALL);
        let near = x * x * series(small, |n| one / L::of(PSI[n]));
        let far = if self.alpha == 0.0 {
            near
        } else {
            (y.exp().times((y - one) / alpha) + one / alpha) / alpha
        };
        gradient[0] = one + L::select(y.abs().le(L::of(SMALL)), near, far);
    }
}
