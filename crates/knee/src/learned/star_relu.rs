use super::LearnedActivation;
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// A scaled and shifted squared ReLU; with the initial values a standard normal gives mean 0 and variance 1.
    ///
    /// # Formula
    /// `s * x^2 + b if x > 0 else b`
    /// # Derivative
    /// `2 * s * x if x > 0 else 0`. In `s`: `x^2 if x > 0 else 0`, in `b`: `1`.
    /// # Numerics
    /// The value has a root at `sqrt(-b / s)`, whose place depends on the parameters; beside it, closer than a share of `2^-40`, an
    /// `f64` has fewer digits.
    /// # Origin
    /// Yu, Si, Zhou, Luo, Zhou, Feng, Yan and Wang 2022, <https://arxiv.org/abs/2210.13452>; `s = 2 / sqrt(5)` and
    /// `b = -1 / sqrt(5)`, rounded as there. Their code begins with `s = 1` and `b = 0`.
    pub struct StarRelu {
        /// The scale.
        s: Finite = 0.8944,
        /// The shift.
        b: Finite = -0.4472,
    }
}

impl LearnedActivation for StarRelu {
    const NAME: &'static str = "star_relu";
    const LATEX: &'static str = r"s \max(x, 0)^2 + b";
    const KNOTS: &'static [f64] = &[0.0];

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        if self.s == 0.0 {
            return L::of(self.b);
        }
        let x = x.at_least(0.0);
        L::of(self.s) * x * x + L::of(self.b)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        if self.s == 0.0 {
            return L::of(0.0);
        }
        L::of(2.0) * L::of(self.s) * x.at_least(0.0)
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let x = x.at_least(0.0);
        gradient[0] = x * x;
        gradient[1] = L::of(1.0);
    }
}
