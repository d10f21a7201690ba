use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{SWISH_MINIMUM, swish, swish_slope_times};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;
use crate::pair::Pair;

declare! {
    /// SiLU times a constant.
    ///
    /// # Formula
    /// `beta * x / (1 + exp(-x))`
    /// # Derivative
    /// `beta * s * (1 + x * (1 - s))` with `s = sigmoid(x)`; zero at `x = -1.2785`.
    /// # Numerics
    /// As for SiLU; the factor goes in before the tails are scaled. Near 0 the value is `(beta / 2) x`, so that a
    /// subnormal one is rounded once.
    /// # Origin
    /// Alcaide 2018, <https://arxiv.org/abs/1801.07145>
    pub struct ESwish {
        /// The factor.
        beta: Positive = 1.25,
    }
}

impl Activation for ESwish {
    const NAME: &'static str = "e_swish";
    const LATEX: &'static str = r"\frac{\beta x}{1 + e^{-x}}";

    fn facts(&self) -> Facts {
        let least = Pair::new(SWISH_MINIMUM.0, SWISH_MINIMUM.1) * Pair::of(self.beta);
        Facts {
            range: Interval::closed(least.head(), f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: self.beta },
            centre: Centre::BothSigns,
            lipschitz: Some(1.099839320128867 * self.beta),
            initialisation: Initialisation::He,
            typical_use: "convolutional networks, with a constant between 1 and 2",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let near = L::of(0.5 * self.beta) * x;
        L::select(x.abs().lt(L::of(1e-100)), near, swish(L::of(self.beta) * x, x))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        swish_slope_times(L::of(self.beta), x)
    }
}
