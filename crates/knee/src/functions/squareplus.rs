use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::root_of_sum;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, maps};
use crate::lane::Lane;

declare! {
    /// A smooth ReLU without an exponential: one branch of a hyperbola.
    ///
    /// # Formula
    /// `(x + sqrt(x^2 + b)) / 2`
    /// # Derivative
    /// `(1 + x / sqrt(x^2 + b)) / 2`
    /// # Numerics
    /// With `r = sqrt(x^2 + b)` the left tail is `(b / 2) / (r + |x|)` and its slope `(b / 2) / (r (r + |x|))`,
    /// without cancellation; no square overflows, and the slope is scaled last.
    /// # Origin
    /// Barron 2021, <https://arxiv.org/abs/2112.11687>
    pub struct Squareplus {
        /// The size of the bend: the value at 0 is `sqrt(b) / 2`.
        b: Positive = 4.0,
    }
}

impl Activation for Squareplus {
    const NAME: &'static str = "squareplus";
    const LATEX: &'static str = r"\frac{x + \sqrt{x^2 + b}}{2}";
    const FOREIGN: &'static [Foreign] = &[
        jax("jax.nn.squareplus", &[maps("b", 4.0, "b")]),
        keras("squareplus", &[maps("b", 4.0, "b")]),
    ];
    const FROM_OUTPUT: Option<f64> = Some(0.51);

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(0.0, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(1.0),
            initialisation: Initialisation::He,
            typical_use: "hidden layers, in place of softplus, where an exponential is expensive",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let (a, half) = (x.abs(), L::of(0.5));
        let r = root_of_sum(a, L::of(self.b));
        let mean = r * half + a * half;
        L::select(x.lt(L::of(0.0)), L::of(0.25 * self.b) / mean, mean)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (a, half) = (x.abs(), L::of(0.5));
        let r = root_of_sum(a, L::of(self.b));
        let up = (L::of(0.25 * self.b) / r).scale(L::of(600.0));
        let left = (up / (r * half + a * half)).scale(L::of(-600.0));
        L::select(x.lt(L::of(0.0)), left, L::of(1.0) - left)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        let y = y.at_most(f64::MAX);
        y / (y + L::of(0.25 * self.b) / y)
    }
}
