use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::Facts;
use crate::foreign::{Foreign, onnx, requires};
use crate::functions::HardSigmoid;
use crate::lane::Lane;

declare! {
    /// Piecewise linear sigmoid with slope 0.2: the default of ONNX, and of Keras up to version 2.
    ///
    /// # Formula
    /// `min(max(exact(alpha) * x + beta, 0), 1)`, where `exact` takes the number nearest to `1/n` as `1/n`
    /// # Derivative
    /// `exact(alpha) if |exact(alpha) * x + beta - 0.5| < 0.5 else 0`. At the knots, `-2.5` and `2.5` by default, it is `0`.
    /// # Traps
    /// `PyTorch`, JAX, Keras 3 and candle mean slope 1/6 by the same name, which is `hard_sigmoid`.
    /// # Numerics
    /// An `alpha` that is the nearest number to `1/n` is taken as `1/n`, so that the knots lie where the formula has them.
    /// # Origin
    /// Theano; Courbariaux, Bengio and David 2015, <https://arxiv.org/abs/1511.00363>
    pub struct HardSigmoid02 {
        /// The slope between the knots.
        alpha: Positive = 0.2,
        /// The value at 0, before it is limited.
        beta: Finite = 0.5,
    }
}

impl Activation for HardSigmoid02 {
    const NAME: &'static str = "hard_sigmoid_02";
    const LATEX: &'static str = r"\min(\max(\alpha x + \beta, 0), 1)";
    const FOREIGN: &'static [Foreign] = &[onnx("HardSigmoid", &[requires("alpha", 0.2, 0.2), requires("beta", 0.5, 0.5)])];
    const BUDGET: Budget = Budget { forward: 0.51, derivative: 0.5 };

    fn facts(&self) -> Facts {
        Facts {
            typical_use: "gates of recurrent networks from Theano and early Keras",
            ..HardSigmoid::new(self.alpha, self.beta).facts()
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        HardSigmoid::new(self.alpha, self.beta).forward(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        HardSigmoid::new(self.alpha, self.beta).derivative(x)
    }
}
