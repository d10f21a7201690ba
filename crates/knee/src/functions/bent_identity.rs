use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::root_of_sum;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// The identity with a bend at 0: slope 1/2 on the left, 3/2 on the right.
    ///
    /// # Formula
    /// `(sqrt(x^2 + 1) - 1) / 2 + x`
    /// # Derivative
    /// `x / (2 * sqrt(x^2 + 1)) + 1`
    /// # Numerics
    /// `x (1 + q / 2)` with `q = x / (sqrt(x^2 + 1) + 1)`, which is `(sqrt(x^2 + 1) - 1) / x` without its
    /// cancellation. No square overflows.
    /// # Origin
    /// Of unknown origin.
    pub struct BentIdentity {}
}

impl Activation for BentIdentity {
    const NAME: &'static str = "bent_identity";
    const LATEX: &'static str = r"\frac{\sqrt{x^2 + 1} - 1}{2} + x";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::ALL,
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Linear { slope: 0.5 },
            right: Tail::Linear { slope: 1.5 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.5),
            initialisation: Initialisation::None,
            typical_use: "regression, where no side may saturate",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let (bounded, one) = (x.at_least(-f64::MAX).at_most(f64::MAX), L::of(1.0));
        let q = bounded / (root_of_sum(bounded.abs(), one) + one);
        x * (one + q * L::of(0.5))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (bounded, one) = (x.at_least(-f64::MAX).at_most(f64::MAX), L::of(1.0));
        bounded * L::of(0.5) / root_of_sum(bounded.abs(), one) + one
    }
}
