use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::upper_tail;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf};
use crate::lane::Lane;
use crate::pair::Pair;

/// `1 / sqrt(2 pi)`, as a sum of two numbers.
const DENSITY_AT_0: (f64, f64) = (0.3989422804014327, -2.49232720227773e-17);

declare! {
    /// The distribution function of a normal variable: a sigmoid with a mean and a deviation.
    ///
    /// Mean and deviation are chosen so that it is near the squared ReLU around 1.
    ///
    /// # Formula
    /// `(1 + erf((x - mu) / (sigma * sqrt(2)))) / 2`
    /// # Derivative
    /// `exp(-((x - mu) / sigma)^2 / 2) / (sigma * sqrt(2 * pi))`
    /// # Numerics
    /// With `z = (x - mu) / sigma` the left tail is the upper tail `Q(|z|)` of GELU and the right side `1 - Q(z)`:
    /// `1 + erf` would lose every digit on the left.
    /// # Origin
    /// Ma, Zhou, Kong, He, Gui, Neubig, May and Zettlemoyer 2022, <https://arxiv.org/abs/2209.10655>
    pub struct Laplace {
        /// The mean: where the value is one half.
        mu: Finite = 0.707107,
        /// The standard deviation: the width of the step.
        sigma: Positive = 0.282095,
    }
}

impl Activation for Laplace {
    const NAME: &'static str = "laplace";
    const LATEX: &'static str = r"\frac{1}{2} \left(1 + \operatorname{erf}\frac{x - \mu}{\sigma \sqrt 2}\right)";
    const FOREIGN: &'static [Foreign] = &[hf("laplace")];

    fn facts(&self) -> Facts {
        let steepest = Pair::new(DENSITY_AT_0.0, DENSITY_AT_0.1) / Pair::of(self.sigma);
        Facts {
            range: Interval::open(0.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(steepest.head()),
            initialisation: Initialisation::None,
            typical_use: "attention with moving averages (MEGA), in place of softmax",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let z = (x - L::of(self.mu)) / L::of(self.sigma);
        let tail = upper_tail(z.abs(), L::of(1.0));
        L::select(z.lt(L::of(0.0)), tail, L::of(1.0) - tail)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        // Beyond 60 deviations the slope is below every subnormal number.
        let z = ((x - L::of(self.mu)) / L::of(self.sigma)).abs().at_most(60.0);
        let factor = L::of_pair(DENSITY_AT_0.0, DENSITY_AT_0.1) / L::of(self.sigma);
        (z * z * L::of(-0.5)).exp().times(factor)
    }
}
