use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{tanh, tanh_slope};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// Linearly scaled hyperbolic tangent: a smooth absolute value.
    ///
    /// # Formula
    /// `x * tanh(x)`
    /// # Derivative
    /// `tanh(x) + x * (1 - tanh(x)^2)`
    /// # Numerics
    /// The slope is a sum of two terms of one sign, the second by `4 e / (1 + e)^2` with `e = exp(-2 |x|)`.
    /// # Origin
    /// Roy, Manna, Dubey and Chaudhuri 2019, <https://arxiv.org/abs/1901.05894>
    pub struct Lisht {}
}

impl Activation for Lisht {
    const NAME: &'static str = "lisht";
    const LATEX: &'static str = r"x \tanh(x)";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(0.0, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Linear { slope: -1.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(1.199678640257734),
            initialisation: Initialisation::None,
            typical_use: "hidden layers; in practice rare, because it cannot tell signs apart",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        x * tanh(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        // Beyond 1500 the second term is below every subnormal number.
        tanh(x) + x.at_least(-1500.0).at_most(1500.0) * tanh_slope(x)
    }
}
