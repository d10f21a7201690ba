use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras};
use crate::functions::HardSigmoid;
use crate::lane::Lane;

declare! {
    /// A straight line limited to 0 and 1: the slope of `sparse_plus`.
    ///
    /// # Formula
    /// `clip((x + 1) / 2, 0, 1)`
    /// # Derivative
    /// `0.5 if |x| < 1 else 0`. At both knots it is `0`; JAX, whose limits share the slope at a tie, has `0.25`.
    /// # Numerics
    /// A sum, rounded once.
    /// # Origin
    /// The documentation of `jax.nn`.
    pub struct SparseSigmoid {}
}

impl Activation for SparseSigmoid {
    const NAME: &'static str = "sparse_sigmoid";
    const LATEX: &'static str = r"\min\left(\max\left(\frac{x + 1}{2}, 0\right), 1\right)";
    const FOREIGN: &'static [Foreign] = &[jax("jax.nn.sparse_sigmoid", &[]), keras("sparse_sigmoid", &[])];
    const BUDGET: Budget = Budget { forward: 0.5, derivative: 0.0 };

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(0.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(0),
            kinks: alloc::vec![Kink::differing(-1.0, 0.0, 0.25), Kink::differing(1.0, 0.0, 0.25)],
            flat: alloc::vec![Interval::open(f64::NEG_INFINITY, -1.0), Interval::open(1.0, f64::INFINITY)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(0.5),
            initialisation: Initialisation::None,
            typical_use: "probabilities that may be exactly 0 or 1",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        HardSigmoid::new(0.5, 0.5).forward(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        HardSigmoid::new(0.5, 0.5).derivative(x)
    }
}
