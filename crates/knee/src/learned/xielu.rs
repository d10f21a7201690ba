use super::LearnedActivation;
use crate::declare::declare;
use crate::elementary::{exp_m1_m, ln_1p, logistic};
use crate::foreign::{Foreign, hf};
use crate::lane::Lane;

declare! {
    /// A quadratic on the right, an integrated ELU on the left, both with a learned curvature.
    ///
    /// # Formula
    /// `softplus(alpha_p) * x^2 + beta * x if x > 0
    /// else (beta + softplus(alpha_n)) * (exp(x) - 1 - x) + beta * x if x <= eps
    /// else (beta + softplus(alpha_n)) * (exp(eps) - 1 - x) + beta * x`
    /// # Derivative
    /// `2 a_p x + beta` on the right, `a_n (exp(x) - 1) + beta` on the left, `beta - a_n` above `eps` up to 0,
    /// with `a_p = softplus(alpha_p)` and `a_n = beta + softplus(alpha_n)`. In `alpha_p`: `sigmoid(alpha_p) x^2` on the right, else 0.
    /// In `alpha_n`: `sigmoid(alpha_n) (exp(min(x, eps)) - 1 - x)` on the left, else 0. In `beta`: `x` on the right, else
    /// `exp(min(x, eps)) - 1`. In `eps`: `a_n exp(eps)` between `eps` and 0, else 0.
    /// # Numerics
    /// As in transformers, the exponential on the left takes no argument above `eps`, so that the value at 0 is
    /// `a_n (exp(eps) - 1)`, which is -8e-7 and not 0, and the derivative between `eps` and 0 is negative. An `eps` of 0 gives the
    /// smooth function of the paper. `beta` and `eps` are fixed there; their gradients may be left unused. The left side has a root of
    /// the value and one of the derivative whose places depend on the parameters; beside them, closer than a share of `2^-40`, an
    /// `f64` has fewer digits. `exp(x) - 1 - x` does not cancel near 0.
    /// # Origin
    /// Huang and Schlag 2024, <https://arxiv.org/abs/2411.13010>. The initial `alpha_p` makes `a_p = 0.8`, the initial `alpha_n`
    /// makes `a_n = 0.8`.
    pub struct Xielu {
        /// The curvature on the right before softplus: `log(exp(0.8) - 1)`.
        alpha_p: Finite = 0.20338232081102456,
        /// The curvature on the left before softplus and `beta`: `log(exp(0.3) - 1)`.
        alpha_n: Finite = -1.0502256128148466,
        /// The slope at 0.
        beta: Finite = 0.5,
        /// The largest argument of the exponential; one above 0 acts as 0.
        eps: Finite = -1e-6,
    }
}

/// `log(1 + exp(p))`.
#[inline(always)]
fn softplus<L: Lane>(p: f64) -> L {
    L::of(p.max(0.0)) + ln_1p(L::of(-p.abs()).exp().value())
}

impl Xielu {
    /// The curvature on the left.
    #[inline(always)]
    fn left<L: Lane>(self) -> L {
        L::of(self.beta) + softplus::<L>(self.alpha_n)
    }

    /// Whether the exponential takes `eps` in the place of an `x <= 0`.
    #[inline(always)]
    fn clamped<L: Lane>(self, x: L) -> L::Mask {
        L::of(self.eps.min(0.0)).lt(x)
    }

    /// `exp(min(x, eps)) - 1` for `x <= 0`.
    #[inline(always)]
    fn shifted<L: Lane>(self, x: L) -> L {
        x.at_most(self.eps.min(0.0)).exp_m1()
    }

    /// `exp(min(x, eps)) - 1 - x` for `x <= 0`.
    #[inline(always)]
    fn excess<L: Lane>(self, x: L) -> L {
        let smooth = exp_m1_m(x.at_most(0.0));
        L::select(self.clamped(x), self.shifted(x) - x, smooth)
    }
}

impl LearnedActivation for Xielu {
    const NAME: &'static str = "xielu";
    const LATEX: &'static str = r"\begin{cases} a_p x^2 + \beta x & x > 0 \\ a_n (e^{\min(x, \varepsilon)} - 1 - x) + \beta x & x \le 0 \end{cases}";
    const FOREIGN: &'static [Foreign] = &[hf("xielu")];
    const KNOTS: &'static [f64] = &[0.0];

    /// Far out `a_n (exp(x) - 1 - x) + beta x` is `a_n (exp(x) - 1) - softplus(alpha_n) x`, two terms of which one is bounded.
    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        let (curvature, slope) = (self.left::<L>(), L::of(self.beta));
        let right = x * (softplus::<L>(self.alpha_p) * x + slope);
        let near = curvature * self.excess(x) + slope * x;
        let far = curvature * self.shifted(x) - softplus::<L>(self.alpha_n) * x;
        let left = L::select(x.lt(L::of(-1.0)), far, near);
        L::select(L::of(0.0).lt(x), right, left)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (curvature, slope) = (self.left::<L>(), L::of(self.beta));
        let right = L::of(2.0) * softplus::<L>(self.alpha_p) * x + slope;
        // As for the value: what is left of 1 - exp(x), far out what is left of exp(x).
        let negative = x.at_most(0.0);
        let limit = -softplus::<L>(self.alpha_n);
        let near = curvature * negative.exp_m1() + slope;
        let far = curvature * negative.exp().value() + limit;
        let left = L::select(x.lt(L::of(-1.0)), far, near);
        let left = L::select(self.clamped(x), limit, left);
        L::select(L::of(0.0).lt(x), right, left)
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let (zero, positive) = (L::of(0.0), L::of(0.0).lt(x));
        let sigmoid = |p: f64| logistic(L::of(p));
        let clamp = L::of(self.eps.min(0.0)).exp().times(self.left());
        let clamp = L::select(self.clamped(x), clamp, zero);
        gradient[0] = L::select(positive, sigmoid(self.alpha_p) * x * x, zero);
        gradient[1] = L::select(positive, zero, sigmoid(self.alpha_n) * self.excess(x));
        gradient[2] = L::select(positive, x, self.shifted(x));
        gradient[3] = L::select(positive, zero, clamp);
    }
}
