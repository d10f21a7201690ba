use alloc::vec::Vec;

use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf};
use crate::lane::Lane;

declare! {
    /// The square of ReLU.
    ///
    /// # Formula
    /// `max(x, 0)^2`
    /// # Derivative
    /// `2 * max(x, 0)`
    /// # Numerics
    /// A product, rounded once.
    /// # Origin
    /// So, Mańke, Liu, Dai, Shazeer and Le 2021, <https://arxiv.org/abs/2109.08668>
    pub struct ReluSquared {}
}

impl Activation for ReluSquared {
    const NAME: &'static str = "relu_squared";
    const ALIASES: &'static [&'static str] = &["relu2", "squared_relu"];
    const LATEX: &'static str = r"\max(x, 0)^2";
    const FOREIGN: &'static [Foreign] = &[hf("relu2")];
    const BUDGET: Budget = Budget { forward: 0.5, derivative: 0.0 };

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(0.0, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(1),
            kinks: Vec::new(),
            flat: alloc::vec![Interval::open(f64::NEG_INFINITY, 0.0)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Grows,
            centre: Centre::OneSided,
            lipschitz: None,
            initialisation: Initialisation::He,
            typical_use: "feed-forward layers of language models",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        // With the absolute value a negative zero stays one, as in ReLU.
        let positive = x.at_least(0.0);
        positive * positive.abs()
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        x.at_least(0.0) * L::of(2.0)
    }
}
