use super::LearnedActivation;
use crate::declare::declare;
use crate::elementary::{logistic_slope_times, tanh};
use crate::lane::Lane;

declare! {
    /// Dynamic tanh: a hyperbolic tangent with learned width, scale and shift, in the place of a layer normalisation.
    ///
    /// # Formula
    /// `gamma * tanh(alpha * x) + beta`
    /// # Derivative
    /// `gamma * alpha * (1 - tanh(alpha * x)^2)`. In `alpha`: `gamma * x * (1 - tanh(alpha * x)^2)`, in `gamma`:
    /// `tanh(alpha * x)`, in `beta`: `1`.
    /// # Numerics
    /// `1 - tanh(u)^2` is four times the slope of the logistic function at `2 u`, with its factors scaled last. With a `beta` other
    /// than 0 the value has a root whose place depends on the parameters; beside it, closer than a share of `2^-40`, an `f64` has
    /// fewer digits.
    /// # Origin
    /// Zhu, Chen, He, LeCun and Liu 2025, <https://arxiv.org/abs/2503.10622>; `alpha` is one for the layer, `gamma` and `beta` are
    /// one per channel.
    pub struct Dyt {
        /// The width: how soon it saturates.
        alpha: Finite = 0.5,
        /// The scale.
        gamma: Finite = 1.0,
        /// The shift.
        beta: Finite = 0.0,
    }
}

impl Dyt {
    /// `alpha * x`; the limit to finite numbers makes it 0 for `alpha = 0` at the infinities as well.
    #[inline(always)]
    fn product<L: Lane>(self, x: L) -> L {
        L::of(self.alpha) * x.at_least(-f64::MAX).at_most(f64::MAX)
    }
}

impl LearnedActivation for Dyt {
    const NAME: &'static str = "dyt";
    const ALIASES: &'static [&'static str] = &["dynamic_tanh"];
    const LATEX: &'static str = r"\gamma \tanh(\alpha x) + \beta";

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        let scaled = L::of(self.gamma) * tanh(self.product(x));
        if self.beta == 0.0 {
            scaled
        } else {
            scaled + L::of(self.beta)
        }
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let scale = L::of(4.0) * L::of(self.gamma) * L::of(self.alpha);
        logistic_slope_times(scale, L::of(2.0) * self.product(x))
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let u = self.product(x);
        gradient[0] = if self.gamma == 0.0 {
            L::of(0.0)
        } else {
            logistic_slope_times(L::of(4.0) * L::of(self.gamma) * x, L::of(2.0) * u)
        };
        gradient[1] = tanh(u);
        gradient[2] = L::of(1.0);
    }
}
