use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::ln_1p_of_product;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// A logarithm of both signs: the identity near 0, logarithmic far out.
    ///
    /// # Formula
    /// `log(1 + x) if x > 0 else -log(1 - x)`
    /// # Derivative
    /// `1 / (1 + |x|)`
    /// # Numerics
    /// The logarithm is computed as a function of `|x|`, not of `1 + |x|`, and keeps its digits near 0.
    /// # Origin
    /// Hafner, Pasukonis, Ba and Lillicrap 2023, <https://arxiv.org/abs/2301.04104>
    pub struct Symlog {}
}

impl Activation for Symlog {
    const NAME: &'static str = "symlog";
    const LATEX: &'static str = r"\operatorname{sgn}(x) \log(1 + |x|)";
    const FROM_OUTPUT: Option<f64> = Some(0.51);

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::ALL,
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(1),
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Sublinear,
            right: Tail::Sublinear,
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::None,
            typical_use: "rewards and observations of unknown size in reinforcement learning",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        ln_1p_of_product(L::of(1.0), x.abs()).copysign(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        L::of(1.0) / (L::of(1.0) + x.abs())
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        (-y.abs()).exp().value()
    }
}
