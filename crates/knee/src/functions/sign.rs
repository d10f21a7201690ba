use alloc::vec::Vec;

use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, onnx, torch};
use crate::lane::Lane;

declare! {
    /// The sign: -1, 0 or 1.
    ///
    /// # Formula
    /// `sign(x)`
    /// # Derivative
    /// `0`, at the step as well.
    /// # Numerics
    /// Exact. A zero keeps its sign.
    /// # Origin
    /// The signum function; as a neuron, `McCulloch` and Pitts 1943.
    pub struct Sign {}
}

impl Activation for Sign {
    const NAME: &'static str = "sign";
    const ALIASES: &'static [&'static str] = &["bipolar"];
    const LATEX: &'static str = r"\operatorname{sgn}(x)";
    const FOREIGN: &'static [Foreign] = &[onnx("Sign", &[]), torch("torch.sign", &[]), jax("jnp.sign", &[])];
    const BUDGET: Budget = Budget { forward: 0.0, derivative: 0.0 };

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-1.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Discontinuous,
            kinks: Vec::new(),
            flat: alloc::vec![Interval::ALL],
            left: Tail::Saturates { limit: -1.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::Odd,
            lipschitz: None,
            initialisation: Initialisation::None,
            typical_use: "binary networks, with a surrogate for the slope",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let side = L::of(1.0).copysign(x);
        L::select(L::of(0.0).lt(x.abs()), side, x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        // Zero, and NaN for NaN.
        x.abs().at_most(0.0)
    }
}
