use alloc::vec::Vec;

use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, maps, torch};
use crate::lane::Lane;

declare! {
    /// The unit step of the first artificial neurons.
    ///
    /// # Formula
    /// `1 if x > 0 else value_at_zero if x >= 0 else 0`
    /// # Derivative
    /// `0`, at the step as well.
    /// # Numerics
    /// Exact.
    /// # Origin
    /// `McCulloch` and Pitts 1943; Rosenblatt 1958.
    pub struct BinaryStep {
        /// The value at 0.
        value_at_zero: Finite = 1.0,
    }
}

impl Activation for BinaryStep {
    const NAME: &'static str = "binary_step";
    const ALIASES: &'static [&'static str] = &["heaviside", "hardlim"];
    const LATEX: &'static str = r"\begin{cases} 1 & x > 0 \\ v & x = 0 \\ 0 & x < 0 \end{cases}";
    const FOREIGN: &'static [Foreign] = &[
        torch("torch.heaviside", &[maps("values", 1.0, "value_at_zero")]),
        jax("jnp.heaviside", &[maps("x2", 1.0, "value_at_zero")]),
    ];
    const BUDGET: Budget = Budget { forward: 0.5, derivative: 0.0 };

    fn facts(&self) -> Facts {
        let v = self.value_at_zero;
        Facts {
            range: Interval::closed(v.min(0.0), v.max(1.0)),
            monotone: if (0.0..=1.0).contains(&v) { Monotone::NonDecreasing } else { Monotone::No },
            smoothness: Smoothness::Discontinuous,
            kinks: Vec::new(),
            flat: alloc::vec![Interval::ALL],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: if v < 0.0 { Centre::BothSigns } else { Centre::OneSided },
            lipschitz: None,
            initialisation: Initialisation::None,
            typical_use: "perceptrons; spiking networks, with a surrogate for the slope",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let step = L::select(L::of(0.0).lt(x), L::of(1.0), L::of(self.value_at_zero));
        L::select(x.lt(L::of(0.0)), L::of(0.0), L::select(x.le(x), step, x))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        // Zero, and NaN for NaN.
        x.abs().at_most(0.0)
    }
}
