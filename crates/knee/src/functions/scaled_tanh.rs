use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{tanh, tanh_slope_times};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// A hyperbolic tangent with amplitude and slope, by default those that map -1 and 1 to themselves.
    ///
    /// # Formula
    /// `alpha * tanh(beta * x)`
    /// # Derivative
    /// `alpha * beta * (1 - tanh(beta * x)^2)`
    /// # Numerics
    /// The slope as `4 alpha beta e / (1 + e)^2` with `e = exp(-2 beta |x|)`. Near 0 the value is `(alpha beta) x`,
    /// so that a subnormal one is rounded once.
    /// # Origin
    /// LeCun, Bottou, Orr and Müller, Efficient `BackProp`, 1998.
    pub struct ScaledTanh {
        /// The amplitude.
        alpha: Positive = 1.7159,
        /// The factor of the argument.
        beta: Positive = 2.0 / 3.0,
    }
}

impl Activation for ScaledTanh {
    const NAME: &'static str = "scaled_tanh";
    const ALIASES: &'static [&'static str] = &["lecun_tanh", "stanh"];
    const LATEX: &'static str = r"\alpha \tanh(\beta x)";
    const FROM_OUTPUT: Option<f64> = Some(0.51);

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(-self.alpha, self.alpha),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -self.alpha },
            right: Tail::Saturates { limit: self.alpha },
            centre: Centre::Odd,
            lipschitz: Some(self.alpha * self.beta),
            initialisation: Initialisation::LeCun,
            typical_use: "fully connected networks with targets of -1 and 1",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let z = L::of(self.beta) * x;
        let near = L::of(self.alpha) * L::of(self.beta) * x;
        L::select(z.abs().lt(L::of(1e-100)), near, L::of(self.alpha) * tanh(z))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        tanh_slope_times(L::of(self.alpha) * L::of(self.beta), L::of(self.beta) * x)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        let alpha = L::of(self.alpha);
        (alpha - y) * (alpha + y) * (L::of(self.beta) / alpha)
    }
}
