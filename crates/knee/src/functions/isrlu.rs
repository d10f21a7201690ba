use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::functions::Isru;
use crate::lane::Lane;
use crate::pair::Pair;

declare! {
    /// Inverse square root linear unit: the identity on the right, an inverse square root unit on the left.
    ///
    /// # Formula
    /// `x if x >= 0 else x / sqrt(1 + alpha * x^2)`
    /// # Derivative
    /// `1 if x >= 0 else 1 / (sqrt(1 + alpha * x^2) * (1 + alpha * x^2))`
    /// # Numerics
    /// The identity is exact; the left side is that of ISRU.
    /// # Origin
    /// Carlile, Delamarter, Kinney, Marti and Whitney 2017, <https://arxiv.org/abs/1710.09967>
    pub struct Isrlu {
        /// The smaller it is, the later the left side saturates, at `-1 / sqrt(alpha)`.
        alpha: Positive = 1.0,
    }
}

impl Activation for Isrlu {
    const NAME: &'static str = "isrlu";
    const LATEX: &'static str = r"\begin{cases} x & x \ge 0 \\ x / \sqrt{1 + \alpha x^2} & x < 0 \end{cases}";

    fn facts(&self) -> Facts {
        let limit = (Pair::<f64>::of(1.0) / Pair::of(self.alpha).sqrt()).head();
        Facts {
            range: Interval::open(-limit, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(2),
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -limit },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.0),
            initialisation: Initialisation::He,
            typical_use: "hidden layers, in place of ELU, where an exponential is expensive",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let left = Isru::new(self.alpha).forward(x);
        L::select(x.lt(L::of(0.0)), left, x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        // To the right the slope is that of the inverse square root unit at 0.
        Isru::new(self.alpha).derivative(x.at_most(0.0))
    }
}
