use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, maps, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Continuously differentiable exponential linear unit: ELU stretched so that its slope at 0 is 1 for every `alpha`.
    ///
    /// # Formula
    /// `x if x > 0 else alpha * (exp(x / alpha) - 1)`
    /// # Derivative
    /// `1 if x > 0 else exp(x / alpha)`. At 0 it is `1` from both sides.
    /// # Numerics
    /// As for ELU.
    /// # Origin
    /// Barron 2017, <https://arxiv.org/abs/1704.07483>
    pub struct Celu {
        /// The values on the left approach `-alpha`.
        alpha: Positive = 1.0,
    }
}

impl Activation for Celu {
    const NAME: &'static str = "celu";
    const LATEX: &'static str = r"\max(x, 0) + \alpha (e^{\min(x, 0) / \alpha} - 1)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Celu", &[maps("alpha", 1.0, "alpha")]), torch("nn.CELU", &[maps("alpha", 1.0, "alpha")]),
        jax("jax.nn.celu", &[maps("alpha", 1.0, "alpha")]),
        keras("celu", &[maps("alpha", 1.0, "alpha")]),
    ];
    const FROM_OUTPUT: Option<f64> = Some(0.51);

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(-self.alpha, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(1),
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -self.alpha },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.0),
            initialisation: Initialisation::He,
            typical_use: "hidden layers, in place of ELU with `alpha` other than 1",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let scaled = x.at_most(0.0) / L::of(self.alpha);
        // So near 0 the function is the identity; a subnormal quotient would lose digits.
        let right = L::of(-1e-100).lt(scaled);
        L::select(right, x, L::of(self.alpha) * scaled.exp_m1())
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let left = (x.at_most(0.0) / L::of(self.alpha)).exp().value();
        L::select(L::of(0.0).lt(x), L::of(1.0), left)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        L::select(L::of(0.0).lt(y), L::of(1.0), y / L::of(self.alpha) + L::of(1.0))
    }
}
