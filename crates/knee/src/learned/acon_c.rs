use super::LearnedActivation;
use crate::declare::declare;
use crate::elementary::{logistic_slope_times, swish, swish_slope_times};
use crate::lane::Lane;

declare! {
    /// Activate or not: a smooth maximum of `p1 * x` and `p2 * x` whose sharpness is learned.
    ///
    /// # Formula
    /// `(p1 - p2) * x * sigmoid(beta * (p1 - p2) * x) + p2 * x`
    /// # Derivative
    /// `(p1 - p2) * (s + z * s * (1 - s)) + p2` with `z = beta * (p1 - p2) * x`, `s = sigmoid(z)`. With `g = s + z s (1 - s)`: in
    /// `p1` it is `x g`, in `p2` it is `x (1 - g)`, in `beta` it is `((p1 - p2) x)^2 s (1 - s)`.
    /// # Numerics
    /// `p1 x s(z) + p2 x s(-z)`, and the derivative `p1 g(z) + p2 g(-z)`: each term keeps its digits in both tails. Terms of
    /// different signs cancel at a root whose place depends on the parameters; beside one, closer than a share of `2^-40`, an
    /// `f64` has fewer digits. The root of `g` is a factor; `z` is a product of three numbers, rounded in the wider type.
    /// # Origin
    /// Ma, Zhang, Liu and Sun 2021, <https://arxiv.org/abs/2009.04759>, who draw `p1` and `p2` from a standard normal for each
    /// channel. The initial values here make it SiLU.
    pub struct AconC {
        /// The slope towards which it tends on the right, for a positive `beta` and `p1 > p2`.
        p1: Finite = 1.0,
        /// The slope towards which it tends on the left, for a positive `beta` and `p1 > p2`.
        p2: Finite = 0.0,
        /// The sharpness; 0 makes it linear.
        beta: Finite = 1.0,
    }
}

impl AconC {
    /// `p1 - p2`.
    #[inline(always)]
    fn difference<L: Lane>(self) -> L {
        L::of(self.p1) - L::of(self.p2)
    }

    /// `beta * (p1 - p2) * x`; the limit to finite numbers makes it 0 at the infinities as well if a factor is 0.
    #[inline(always)]
    fn product<L: Lane>(self, x: L) -> L {
        L::of(self.beta) * self.difference::<L>() * x.at_least(-f64::MAX).at_most(f64::MAX)
    }

    /// `p1 * a + p2 * b`, where a term whose factor is 0 is 0.
    #[inline(always)]
    fn weighted<L: Lane>(self, a: L, b: L) -> L {
        let term = |p: f64, x: L| {
            if p == 0.0 {
                L::of(0.0).copysign(x)
            } else {
                L::of(p) * x
            }
        };
        term(self.p1, a) + term(self.p2, b)
    }
}

impl LearnedActivation for AconC {
    const NAME: &'static str = "acon_c";
    const ALIASES: &'static [&'static str] = &["acon"];
    const LATEX: &'static str = r"(p_1 - p_2)\, x\, \sigma(\beta (p_1 - p_2) x) + p_2 x";

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        let z = self.product(x);
        self.weighted(swish(x, z), swish(x, -z))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (z, one) = (self.product(x), L::of(1.0));
        self.weighted(swish_slope_times(one, z), swish_slope_times(one, -z))
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let z = self.product(x);
        let spread = self.difference::<L>() * x;
        gradient[0] = swish_slope_times(x, z);
        gradient[1] = swish_slope_times(x, -z);
        gradient[2] = if self.p1 == self.p2 {
            L::of(0.0)
        } else {
            logistic_slope_times(spread * spread, z)
        };
    }
}
