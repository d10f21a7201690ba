use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;
use crate::pair::Pair;

declare! {
    /// Inverse square root unit: a smooth step whose slope needs no exponential.
    ///
    /// # Formula
    /// `x / sqrt(1 + alpha * x^2)`
    /// # Derivative
    /// `1 / (sqrt(1 + alpha * x^2) * (1 + alpha * x^2))`
    /// # Numerics
    /// Beyond 1 it is evaluated in `r = 1 / |x|`, as `1 / sqrt(r^2 + alpha)` and `r^3 / (r^2 + alpha)^(3/2)`, so
    /// that no square overflows; the slope is scaled last.
    /// # Origin
    /// Carlile, Delamarter, Kinney, Marti and Whitney 2017, <https://arxiv.org/abs/1710.09967>
    pub struct Isru {
        /// The smaller it is, the later the function saturates, at `1 / sqrt(alpha)`.
        alpha: Positive = 1.0,
    }
}

impl Activation for Isru {
    const NAME: &'static str = "isru";
    const LATEX: &'static str = r"\frac{x}{\sqrt{1 + \alpha x^2}}";

    fn facts(&self) -> Facts {
        let limit = (Pair::<f64>::of(1.0) / Pair::of(self.alpha).sqrt()).head();
        Facts {
            range: Interval::open(-limit, limit),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -limit },
            right: Tail::Saturates { limit },
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::None,
            typical_use: "recurrent networks, in place of tanh",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let (a, one, alpha) = (x.abs(), L::of(1.0), L::of(self.alpha));
        let r = one / a;
        let near = a / (one + alpha * a * a).sqrt();
        let far = one / (r * r + alpha).sqrt();
        L::select(a.lt(one), near, far).copysign(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (a, one, alpha) = (x.abs(), L::of(1.0), L::of(self.alpha));
        let r = one / a;
        let sum = L::select(a.lt(one), one + alpha * a * a, r * r + alpha);
        let near = one / (sum * sum.sqrt());
        let up = r.scale(L::of(350.0));
        let far = (up * up * r * near).scale(L::of(-700.0));
        L::select(a.lt(one), near, far)
    }
}

impl Isru {
    /// With a parameter that is known to be in its domain.
    pub(super) const fn new(alpha: f64) -> Self {
        Self { alpha }
    }
}
