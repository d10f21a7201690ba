use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras};
use crate::functions::Smelu;
use crate::lane::Lane;

declare! {
    /// ReLU with a parabola between -1 and 1: the integral of the sparse sigmoid.
    ///
    /// # Formula
    /// `0 if x <= -1 else x if x >= 1 else (x + 1)^2 / 4`
    /// # Derivative
    /// `0 if x <= -1 else 1 if x >= 1 else (x + 1) / 2`
    /// # Numerics
    /// As `smelu` with `beta = 1`, which it is: the sum before the square is exact where it cancels.
    /// # Origin
    /// The documentation of `jax.nn`.
    pub struct SparsePlus {}
}

impl Activation for SparsePlus {
    const NAME: &'static str = "sparse_plus";
    const LATEX: &'static str = r"\begin{cases} 0 & x \le -1 \\ (x + 1)^2 / 4 & |x| < 1 \\ x & x \ge 1 \end{cases}";
    const FOREIGN: &'static [Foreign] = &[jax("jax.nn.sparse_plus", &[]), keras("sparse_plus", &[])];

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(0.0, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(1),
            kinks: Vec::new(),
            flat: alloc::vec![Interval::open(f64::NEG_INFINITY, -1.0)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(1.0),
            initialisation: Initialisation::He,
            typical_use: "hidden layers with exact zeros and a continuous slope",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        Smelu::new(1.0).forward(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        Smelu::new(1.0).derivative(x)
    }
}
