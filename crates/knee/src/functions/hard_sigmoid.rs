use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::Facts;
use crate::foreign::{Foreign, maps, onnx, torch};
use crate::functions::ramp;
use crate::lane::Lane;

declare! {
    /// Piecewise linear sigmoid with slope 1/6, as in `MobileNetV3`.
    ///
    /// # Formula
    /// `min(max(alpha * x + beta, 0), 1)`
    /// # Derivative
    /// `alpha` between the knots, else `0`. At the knots, `-3` and `3` by default, it is `0`.
    /// # Numerics
    /// An `alpha` that is the nearest number to `1/n` is taken as `1/n`, so that the knots lie where the formula has them.
    /// # Origin
    /// Howard et al. 2019, <https://arxiv.org/abs/1905.02244>
    pub struct HardSigmoid {
        /// The slope between the knots.
        alpha: Positive = 1.0 / 6.0,
        /// The value at 0, before it is limited.
        beta: Finite = 0.5,
    }
}

impl Activation for HardSigmoid {
    const NAME: &'static str = "hard_sigmoid";
    const ALIASES: &'static [&'static str] = &["hardsigmoid"];
    const LATEX: &'static str = r"\min(\max(\alpha x + \beta, 0), 1)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("HardSigmoid", &[maps("alpha", 0.2, "alpha"), maps("beta", 0.5, "beta")]),
        torch("nn.Hardsigmoid", &[]),
    ];
    const BUDGET: Budget = Budget { forward: 0.51, derivative: 0.5 };

    fn facts(&self) -> Facts {
        ramp::facts(self.alpha, self.beta, "gates and attention in mobile networks")
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        ramp::forward(self.alpha, self.beta, x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        ramp::derivative(self.alpha, self.beta, x)
    }
}
